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
