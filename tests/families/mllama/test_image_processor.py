"""The image processor against transformers' MllamaImageProcessor."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from desktop_vlm.convert import ModelFiles
from desktop_vlm.families.mllama.image_processor import ImageProcessorConfig, process_image
from desktop_vlm.families.mllama.mmproj import open_mmproj
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


def test_missing_tiles_are_zero_and_padding_is_black() -> None:
    config = ImageProcessorConfig(14, 4, (0.5, 0.5, 0.5), (0.25, 0.25, 0.25))
    tiled = process_image(Image.new("RGB", (28, 7), "white"), config)
    assert (tiled.num_tiles, tiled.size) == (2, (28, 7))
    assert np.all(tiled.pixels[2:] == 0)
    assert np.allclose(tiled.pixels[0, :, 0], 2.0)  # white, normalised
    assert np.allclose(tiled.pixels[1, :, -1], -2.0)  # black below the image


@pytest.mark.parametrize("size", [(90, 50), (13, 40), (57, 200), (200, 11), (28, 28), (1, 1)])
def test_scaled_in_c_or_by_pillow_the_pixels_are_the_same(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Into memory that an earlier image was in."""
    config = ImageProcessorConfig(28, 4, (0.48, 0.46, 0.41), (0.27, 0.26, 0.28))
    noise = np.random.default_rng(8).integers(0, 256, (*size[::-1], 3), dtype=np.uint8)
    out = np.full((4, 3, 28, 28), 9, dtype=np.float32)
    in_c = process_image(Image.fromarray(noise), config, out)
    monkeypatch.setattr("desktop_vlm.families.mllama.image_processor.can_scale", lambda *_: False)
    by_pillow = process_image(Image.fromarray(noise), config)
    assert in_c.pixels is out
    np.testing.assert_array_equal(in_c.pixels, by_pillow.pixels)
    assert (in_c.num_tiles, in_c.size, in_c.aspect_ratio_id) == (
        by_pillow.num_tiles,
        by_pillow.size,
        by_pillow.aspect_ratio_id,
    )
