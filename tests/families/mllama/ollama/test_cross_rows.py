"""The order of rows found from weights that have the statistic of trained ones, and not from others."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_vlm.families.mllama.ollama.cross_rows import Evidence, Order, Profile, head_profile, plain_order, weigh

N_LAYERS, N_HEADS, HEAD_DIM, WIDTH = 8, 4, 128, 64


def profiles(coupling: float, stored: Order, *, seed: int = 0, smooth: bool = False) -> list[Profile]:
    """Of q and k of all layers: rows grow with the norm's weight to the power of `coupling`, and by chance."""
    random = np.random.RandomState(seed)
    found = []
    for _ in range(2 * N_LAYERS):
        norm = 1 + 0.2 * random.standard_normal(HEAD_DIM)
        if smooth:  # places beside each other are alike
            norm = 1 + 0.3 * np.sin(np.linspace(0, 6, HEAD_DIM) + random.random_sample())
        size = np.abs(norm) ** coupling * np.exp(0.05 * random.standard_normal(HEAD_DIM))
        heads = random.standard_normal((N_HEADS, HEAD_DIM, WIDTH)) * size[None, :, None]
        if stored == "interleaved":
            heads = heads.reshape(N_HEADS, 2, -1, WIDTH).swapaxes(1, 2)
        rows = heads.reshape(-1, WIDTH).astype(np.float32)
        found.append(Profile(norm.astype(np.float32), head_profile(rows, HEAD_DIM)))
    return found


@pytest.mark.parametrize("stored", ["interleaved", "plain"])
@pytest.mark.parametrize("coupling", [0.1, 0.3, 1.0, -0.3])
def test_weights_that_were_trained_together_show_their_order(stored: Order, coupling: float) -> None:
    assert weigh(profiles(coupling, stored)).order == stored


@pytest.mark.parametrize("stored", ["interleaved", "plain"])
def test_profiles_that_are_smooth_do_not_mislead(stored: Order) -> None:
    assert weigh(profiles(1.0, stored, smooth=True)).order == stored
    assert weigh(profiles(0.0, stored, smooth=True)).order is None


def test_weights_that_know_nothing_of_each_other_show_nothing() -> None:
    evidence = [weigh(profiles(0.0, "plain", seed=seed)) for seed in range(5)]
    assert [one.order for one in evidence] == [None] * 5
    assert max(abs(one.plain) for one in evidence) < 4  # standard deviations


def test_norms_that_were_not_trained_show_nothing() -> None:
    same = [Profile(np.ones(HEAD_DIM, np.float32), one.rows) for one in profiles(1.0, "plain")]
    assert weigh(same) == Evidence(0.0, 0.0)
    assert weigh(same).order is None
    assert weigh([]).order is None


def test_a_slight_lead_decides_nothing() -> None:
    assert Evidence(4.9, 0.0).order is None
    assert Evidence(9.0, 7.0).order is None
    assert Evidence(-9.0, 1.0).order == "interleaved"
    assert str(Evidence(-9.04, 1.0)) == "-9.0 standard deviations from chance interleaved, +1.0 plain"


def test_the_order_undoes_interleaving() -> None:
    rows = np.arange(8)
    interleaved = rows.reshape(2, 4).T.reshape(-1)
    assert interleaved.tolist() == [0, 4, 1, 5, 2, 6, 3, 7]
    assert interleaved[list(plain_order(8))].tolist() == rows.tolist()
