"""What a model's headers say about its size."""

from __future__ import annotations

from collections.abc import Callable

from desktop_vlm.api.options import ModelRef
from desktop_vlm.convert import ModelFiles
from desktop_vlm.families.loading import open_files
from desktop_vlm.families.mllama.memory import VisionShape
from desktop_vlm.families.mllama.mmproj import open_mmproj


def test_the_shape_of_a_model_on_disk(model_files: Callable[..., ModelFiles]) -> None:
    files = model_files("alpha")
    mmproj = open_mmproj(files.mmproj)
    shape = open_files(ModelRef(files.text, files.mmproj)).shape
    assert shape is not None
    assert isinstance(shape.vision, VisionShape)
    assert (len(shape.text.layer_bytes), shape.text.width) == (5, 256)
    assert shape.text.is_f32
    assert shape.vision.n_cross == dict.fromkeys(shape.vision.n_cross, 1)
    assert sum(shape.vision.n_cross.values()) == len(mmproj.cross_attention.cross_attention_layers)
    assert shape.vision.n_tokens == 4 * mmproj.vision.tokens_per_tile
