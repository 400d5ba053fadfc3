"""The image processor against transformers' MllamaImageProcessor."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from desktop_vlm.convert import ModelFiles
from desktop_vlm.engine.image_processor import (
    ImageProcessorConfig,
    choose_canvas,
    fit_to_canvas,
    process_image,
    supported_aspect_ratios,
)
from desktop_vlm.engine.mmproj import open_mmproj
from tests.checkpoints import CHECKPOINTS, processor_cases
from tests.conftest import NAMES
from tests.goldens import golden


@pytest.mark.parametrize("name", NAMES)
def test_pixels_equal_transformers(name: str, model_files: Callable[..., ModelFiles]) -> None:
    expected = golden(name, "processor")
    config = open_mmproj(model_files(name).mmproj).image_processor
    for index, case in enumerate(processor_cases(CHECKPOINTS[name])):
        tiled = process_image(case.image(), config)
        assert tiled.aspect_ratio_id == expected["aspect_ratio_id"][index], case
        assert tiled.num_tiles == expected["num_tiles"][index], case
        sample = tiled.pixels.reshape(-1)[:: int(expected["stride"])]
        assert np.abs(sample - expected["pixels"][index][: len(sample)]).max() <= 1e-5, case
        assert float(tiled.pixels.astype(np.float64).sum()) == pytest.approx(expected["sum"][index], abs=0.05), case


def test_aspect_ratio_ids_are_metas() -> None:
    assert supported_aspect_ratios(4) == ((1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (3, 1), (4, 1))


@pytest.mark.parametrize(
    ("size", "canvas", "fitted"),
    [
        ((560, 560), (1, 1), (560, 560)),
        ((561, 560), (1, 2), (561, 560)),
        ((1920, 1080), (2, 2), (1120, 630)),
        ((400, 1600), (3, 1), (400, 1600)),
        ((1, 1), (1, 1), (560, 560)),
        ((20000, 50), (1, 4), (2240, 5)),
        ((50, 20000), (4, 1), (5, 2240)),
    ],
)
def test_canvas_and_size(size: tuple[int, int], canvas: tuple[int, int], fitted: tuple[int, int]) -> None:
    assert choose_canvas(*size, tile_size=560, max_tiles=4) == canvas
    assert fit_to_canvas(*size, canvas, 560) == fitted


def test_missing_tiles_are_zero_and_padding_is_black() -> None:
    config = ImageProcessorConfig(14, 4, (0.5, 0.5, 0.5), (0.25, 0.25, 0.25))
    tiled = process_image(Image.new("RGB", (28, 7), "white"), config)
    assert (tiled.num_tiles, tiled.size) == (2, (28, 7))
    assert np.all(tiled.pixels[2:] == 0)
    assert np.allclose(tiled.pixels[0, :, 0], 2.0)  # white, normalised
    assert np.allclose(tiled.pixels[1, :, -1], -2.0)  # black below the picture
