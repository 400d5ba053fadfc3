"""What the text gets of an image stays right where thousands of its states are seen alike, and numbers stay numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm import backend
from desktop_vlm.api.errors import EngineError
from desktop_vlm.backend import Model
from desktop_vlm.convert import ModelFiles
from desktop_vlm.families.mllama.cross_attention import CrossAttention, HiddenRows
from desktop_vlm.families.mllama.encoded_image import TileStates
from desktop_vlm.families.mllama.runner import MllamaRunner

IMAGE = Image.linear_gradient("L").resize((112, 56))
MANY = 6_404
"""States of an image of Llama 3.2 Vision."""


@pytest.fixture(scope="module")
def model(model_files: Callable[..., ModelFiles]) -> Iterator[Model]:
    files = model_files("alpha", "F16")
    with backend.load(files.text, files.mmproj, n_threads=1) as loaded:
        yield loaded


def runner(model: Model) -> MllamaRunner:
    assert isinstance(model._session.vision, MllamaRunner)
    return model._session.vision


def attention(model: Model) -> CrossAttention:
    (context,) = runner(model)._cross_contexts()
    assert context.cross_attention is not None
    return context.cross_attention


def attended(model: Model, states: NDArray[np.float32], n_rows: int) -> NDArray[np.float32]:
    """What rows become in the first layer that sees these states, (n, width)."""
    layers = attention(model)
    shape = (1, len(states), states.shape[1])
    layers.attend_to([TileStates(np.ascontiguousarray(states), shape, num_tiles=1, aspect_ratio_id=1)])
    rows = np.random.default_rng(7).standard_normal((n_rows, states.shape[1]), dtype=np.float32)
    with layers.stage(rows) as staged:
        layers.run(layers.layers[0], staged.hidden)
        changed = staged.rows() - rows
    layers.forget()
    return changed


@pytest.mark.parametrize("n_rows", [1, 5, 80])  # ggml has a way of its own for each
@pytest.mark.parametrize("size", [1.0, 300.0])
def test_thousands_of_states_that_are_alike_are_as_one(model: Model, n_rows: int, size: float) -> None:
    state = np.random.default_rng(3).standard_normal((1, model.encode(IMAGE).states.shape[-1]), dtype=np.float32) * size
    one = attended(model, state, n_rows)
    many = attended(model, np.repeat(state, MANY, axis=0), n_rows)
    assert np.abs(many - one).max() <= 1e-4 * np.abs(one).max()


def test_logits_that_are_no_numbers_are_an_error_and_spoil_nothing(
    load_model: Callable[[str], Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load_model("alpha")
    ids = [5, 6, model.n_vocab, *range(20, 60)]
    expected = model.logits(ids, IMAGE)
    layers = attention(model)
    gates = dict.fromkeys(layers._gates, float("nan"))
    with monkeypatch.context() as patched:
        patched.setattr(layers, "_gates", gates)
        layers._drop_graphs()
        with pytest.raises(EngineError, match="NaN"):
            model.logits(ids, IMAGE)
    layers._drop_graphs()
    assert np.array_equal(model.logits(ids, IMAGE), expected)
    assert np.array_equal(model.logits([5, 6, 7]), model.logits([5, 6, 7]))
    assert np.isfinite(model.next_logits(ids, IMAGE)).all()


def test_the_next_layer_is_described_ahead_and_computes_the_same(
    load_model: Callable[[str], Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN prompts of several lengths THEN from the second on only a first layer is described when it is met."""
    model = load_model("alpha")
    layers = attention(model)
    assert len(layers.layers) > 1
    prompts = [[5, model.n_vocab, *range(20, 20 + n)] for n in (12, 3, 7)]
    ahead: list[tuple[int, int]] = []
    describe_next = CrossAttention._describe_next

    def noted(self: CrossAttention, layer: int, hidden: HiddenRows) -> None:
        before = set(self._graphs)
        describe_next(self, layer, hidden)
        ahead.extend((made[0], made[1].n_rows) for made in set(self._graphs) - before)

    with monkeypatch.context() as patch:
        patch.setattr(CrossAttention, "_describe_next", noted)
        found = []
        for ids in prompts:
            model.forget()
            found.append(model.next_logits(ids, IMAGE))
    assert [n for layer, n in ahead if layer == layers.layers[1]][-2:] == [4, 8]  # rows that see the image
    with monkeypatch.context() as patch:
        patch.setattr(CrossAttention, "_describe_next", lambda *_: None)
        for ids, logits in zip(prompts, found, strict=True):
            model.forget()
            assert np.array_equal(model.next_logits(ids, IMAGE), logits)


@pytest.mark.parametrize("where", ["another buffer", "before it", "behind it"])
def test_rows_that_cannot_lie_there_are_not_described(
    where: str, load_model: Callable[[str], Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN a place that is no more, or too small for as many rows, THEN nothing is made for it."""
    model = load_model("alpha")
    layers = attention(model)
    ids = [5, model.n_vocab, *range(20, 30)]
    expected = model.next_logits(ids, IMAGE)
    last = dict(layers._last)
    address = {"another buffer": 0, "before it": -(1 << 40), "behind it": 1 << 40}[where]
    moved = {
        layer: replace(rows, address=rows.address + address, buffer=rows.buffer + (where == "another buffer"))
        for layer, rows in last.items()
    }
    layers._drop_graphs()
    monkeypatch.setattr(layers, "_last", _Frozen(moved))
    model.forget()
    assert np.array_equal(model.next_logits(ids, IMAGE), expected)
    assert {key[1].address for key in layers._graphs} == {rows.address for rows in last.values()}


class _Frozen(dict[int, HiddenRows]):
    def __setitem__(self, layer: int, rows: HiddenRows) -> None:
        pass
