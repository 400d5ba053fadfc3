"""The vision projector file: reading it, and refusing what is not one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.convert import ModelFiles
from desktop_vlm.families.mllama.mmproj import open_mmproj
from tests.checkpoints import CHECKPOINTS
from tests.conftest import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_settings_are_the_checkpoints(name: str, model_files: Callable[..., ModelFiles]) -> None:
    mmproj = open_mmproj(model_files(name).mmproj)
    config = CHECKPOINTS[name].config
    vision, text = config["vision_config"], config["text_config"]
    assert mmproj.vision.hidden_size == vision["hidden_size"]
    assert list(mmproj.vision.intermediate_layers_indices) == vision["intermediate_layers_indices"]
    assert mmproj.vision.num_global_layers == vision["num_global_layers"]
    assert mmproj.vision.tokens_per_tile == (vision["image_size"] // vision["patch_size"]) ** 2 + 1
    assert (mmproj.vision.tokens_per_tile + mmproj.vision.padding_per_tile) % 8 == 0
    assert list(mmproj.cross_attention.cross_attention_layers) == text["cross_attention_layers"]
    assert mmproj.cross_attention.rms_norm_eps == pytest.approx(text["rms_norm_eps"], rel=1e-6)
    assert mmproj.image_processor.tile_size == vision["image_size"]


def test_reading_a_row_equals_reading_the_tensor(model_files: Callable[..., ModelFiles]) -> None:
    for kind in ("F32", "F16", "Q8_0"):
        mmproj = open_mmproj(model_files("alpha", kind).mmproj)
        whole = mmproj.read("v.tile_position_embd.weight")
        assert np.array_equal(mmproj.read_row("v.tile_position_embd.weight", 3)[0], whole[3])


def rewrite(source: Path, target: Path, change: dict[str, Any]) -> Path:
    """Copy a GGUF with some of its settings changed, or left out where the new value is None."""
    reader = gguf.GGUFReader(source)
    writer = gguf.GGUFWriter(target, "clip")
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name == "general.architecture":
            continue
        value = change.get(field.name, field.contents())
        if value is not None:
            sub_type = field.types[-1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
            writer.add_key_value(field.name, value, field.types[0], sub_type=sub_type)
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return target


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("clip.projector_type", "mlp", "projector of type mlp"),
        ("clip.vision.patch_size", None, "lacks the setting clip.vision.patch_size"),
        ("clip.vision.patch_size", 0, "unusable value for clip.vision.patch_size"),
        ("clip.vision.patch_size", 13, "unusable value for clip.vision.patch_size"),
        ("clip.vision.attention.head_count", 5, "unusable value for clip.vision.attention.head_count"),
        ("clip.vision.intermediate_layers_indices", [1, 3, 5], "unusable value for clip.vision.intermediate_layers"),
        ("clip.vision.max_num_tiles", 65, "unusable value for clip.vision.max_num_tiles"),
        ("clip.vision.aspect_ratios", [1, 1], "unusable value for clip.vision.aspect_ratios"),
        ("clip.vision.image_std", [0.0, 1.0, 1.0], "unusable value for clip.vision.image_std"),
        ("clip.vision.image_mean", [float("nan"), 1.0, 1.0], "unusable value for clip.vision.image_mean"),
        ("clip.vision.hidden_act", "relu", "unusable value for clip.vision.hidden_act"),
        ("mllama.cross_attention_layers", [5, 2], "unusable value for mllama.cross_attention_layers"),
        ("mllama.cross_attention_layers", [2, 7], "unusable value for mllama.cross_attention_layers"),
        ("mllama.attention.head_count_kv", 3, "unusable value for mllama.attention.head_count_kv"),
        ("mllama.attention.layer_norm_rms_epsilon", 2.0, "unusable value for mllama.attention.layer_norm_rms"),
        ("mllama.embedding_length", 128, "shape"),
        ("clip.vision.block_count", 6, "no tensor v.blk.5"),
        ("clip.vision.image_size", 84, "shape"),
    ],
)
def test_a_wrong_setting_is_named(
    key: str, value: Any, sentence: str, tmp_path: Path, model_files: Callable[..., ModelFiles]
) -> None:
    broken = rewrite(model_files("alpha").mmproj, tmp_path / "broken.gguf", {key: value})
    with pytest.raises(UserError, match=sentence):
        open_mmproj(broken)


def test_rewriting_alone_breaks_nothing(tmp_path: Path, model_files: Callable[..., ModelFiles]) -> None:
    copy = rewrite(model_files("alpha").mmproj, tmp_path / "copy.gguf", {})
    assert open_mmproj(copy).vision == open_mmproj(model_files("alpha").mmproj).vision


@pytest.mark.parametrize("keep", [0, 3, 4, 20, 400, 3000, -100, -1])
def test_a_cut_off_file_is_refused(keep: int, tmp_path: Path, model_files: Callable[..., ModelFiles]) -> None:
    whole = model_files("beta").mmproj.read_bytes()
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(whole[:keep])
    with pytest.raises(UserError, match=r"cut\.gguf (is|ends|has|lacks)"):
        open_mmproj(cut)


def test_other_files_are_refused(tmp_path: Path, model_files: Callable[..., ModelFiles]) -> None:
    other = tmp_path / "notes.gguf"
    other.write_text("no model at all")
    for path, sentence in (
        (other, "is not a GGUF file"),
        (tmp_path, "is a folder"),
        (tmp_path / "missing.gguf", "There is no file"),
        (model_files("alpha").text, "holds a llama model, not a vision projector"),
    ):
        with pytest.raises(UserError, match=sentence):
            open_mmproj(path)


def test_random_damage_never_crashes(tmp_path: Path, model_files: Callable[..., ModelFiles]) -> None:
    source = model_files("beta").mmproj
    random = np.random.RandomState(5)
    header = 6000
    for _ in range(150):
        broken = tmp_path / "broken.gguf"
        shutil.copy(source, broken)
        with broken.open("r+b") as file:
            for at in random.randint(4, header, 3):
                file.seek(int(at))
                file.write(bytes([random.randint(256)]))
        try:
            open_mmproj(broken)
        except UserError as error:
            assert "broken.gguf" in str(error)  # noqa: PT017 - most damage is an error, some is harmless
