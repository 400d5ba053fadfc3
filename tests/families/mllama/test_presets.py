"""Models without files: what is known of them is what their files would say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import random_model
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.options import ModelRef
from desktop_vlm.convert import convert
from desktop_vlm.families.loading import open_files
from desktop_vlm.families.mllama.convert.config import read_config
from desktop_vlm.families.mllama.memory import VisionShape
from desktop_vlm.families.mllama.presets import SHAPES, config_of, known_models, shape_of
from tests.conftest import NAMES

TYPES = [("F32", "F32"), ("F16", "BF16"), ("Q4_K_M", "Q8_0"), ("Q3_K_M", "Q5_1")]
MIB = 1 << 20


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("text_type", "vision_type"), TYPES)
def test_a_shape_is_that_of_the_converted_files(
    name: str, text_type: str, vision_type: str, checkpoint_folder: Callable[[str], Path], tmp_path: Path
) -> None:
    files = convert(checkpoint_folder(name), tmp_path, text_type=text_type, vision_type=vision_type)
    read = open_files(ModelRef(files.text, files.mmproj)).shape
    assert shape_of(read_config(checkpoint_folder(name)), text_type, vision_type) == read


def test_every_known_models_weights_are_as_large_as_its_files() -> None:
    """GIVEN the sizes of the files of full-size random models THEN the known shapes add up to them, headers aside."""
    first, *_, guard, last = known_models()
    assert (guard.name, guard.shape) == ("Llama Guard 3 11B Vision Q4_K_M, vision Q8_0", first.shape)
    shape = first.shape
    assert first.name == "Llama 3.2 Vision 11B Q4_K_M, vision Q8_0"
    text = sum(shape.text.layer_bytes) + shape.text.output_bytes + shape.text.embedding_bytes
    assert isinstance(shape.vision, VisionShape)
    vision = sum(shape.vision.block_bytes) + shape.vision.outside_bytes + sum(shape.vision.cross_bytes.values())
    text_file_bytes, mmproj_file_bytes = 4_915_242_080, 2_006_137_600
    assert 0 < text_file_bytes - text < 7 * MIB
    assert 0 < mmproj_file_bytes - vision < 90 * MIB  # embeddings and gates, which stay on the host
    assert [len(shape.text.layer_bytes), len(last.shape.text.layer_bytes)] == [32, 80]
    assert list(shape.vision.cross_bytes) == [2, 6, 10, 14, 18, 22, 26, 30]
    assert (shape.vision.n_tokens, shape.vision.n_all) == (6404, 6432)


def test_the_benchmarks_random_models_have_these_shapes(tmp_path: Path) -> None:
    text, mmproj = random_model.write("tiny", tmp_path, "Q4_K_M", "Q8_0")
    assert shape_of(random_model.config_of("tiny"), "Q4_K_M", "Q8_0") == open_files(ModelRef(text, mmproj)).shape


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(UserError, match="Q9 is no type that a model can be converted to"):
        shape_of(config_of(SHAPES["11B"]), "Q9", "Q8_0")
