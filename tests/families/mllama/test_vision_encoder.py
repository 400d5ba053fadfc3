"""The vision encoder against transformers 4.54.1."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop_vlm.api.errors import Cancelled
from desktop_vlm.backend import Model
from tests.checkpoints import CHECKPOINTS, model_images
from tests.conftest import NAMES
from tests.goldens import deviation, golden
from tests.stepwise import tile_states


@pytest.mark.parametrize("name", NAMES)
def test_states_equal_transformers(name: str, load_model: Callable[[str], Model]) -> None:
    expected = golden(name, "vision")
    model = load_model(name)
    for image, case in model_images(CHECKPOINTS[name]).items():
        encoded = tile_states(model, case.image())
        assert encoded.num_tiles == expected[f"{image}.num_tiles"]
        assert encoded.aspect_ratio_id == expected[f"{image}.aspect_ratio_id"]
        assert deviation(encoded.states, expected[f"{image}.projected"]) <= 1e-5


def test_progress_counts_every_layer(load_model: Callable[[str], Model]) -> None:
    seen: list[tuple[int, int]] = []
    image = model_images(CHECKPOINTS["alpha"])["wide"].image()
    load_model("alpha").encode(image, lambda done, total: seen.append((done, total)))
    assert seen == [(done, 8) for done in (*range(7), 8)]  # 5 local layers, 2 global ones, the projector


def test_stopping_between_layers_leaves_the_encoder_usable(load_model: Callable[[str], Model]) -> None:
    model = load_model("alpha")
    image = model_images(CHECKPOINTS["alpha"])["wide"].image()

    def stop_at_third(done: int, _total: int) -> None:
        if done == 3:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        model.encode(image, stop_at_third)
    assert deviation(model.encode(image).states, golden("alpha", "vision")["wide.projected"]) <= 1e-5
