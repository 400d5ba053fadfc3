"""The gate for mmproj files: libmtmd trusts shapes and numbers, and ends the process where they do not fit."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from gguf import GGMLQuantizationType as Type

from desktop_vlm.api.errors import UserError
from desktop_vlm.families.mtmd.gate.projector import check_projector
from desktop_vlm.runtime.ggml.gguf_reader import read_gguf
from tests.families.mtmd.gguf_pairs import write_siglip
from tests.fuzz.gguf.edits import (
    BOOL,
    F32,
    I32,
    STRING,
    U32,
    Edit,
    added,
    drop,
    edited,
    renamed,
    setting,
    tensor,
    without,
)

V = "clip.vision"
FAMILIES = ("llava", "pixtral", "qwen", "gemma")


@pytest.fixture(scope="module")
def projectors(
    family_files: Callable[[str], tuple[Path, Path]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """A tiny projector of each kind."""
    gemma = write_siglip(tmp_path_factory.mktemp("gemma") / "siglip.gguf", text_width=64)
    return {name: family_files(name)[1] for name in FAMILIES if name != "gemma"} | {"gemma": gemma}


def refused(path: Path) -> str:
    with pytest.raises(UserError) as error:
        check_projector(read_gguf(path))
    assert path.name in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("family", FAMILIES)
def test_good_projectors_pass(family: str, projectors: dict[str, Path], tmp_path: Path) -> None:
    check_projector(read_gguf(projectors[family]))
    more = [
        setting("general.tags", STRING, ["x"]),
        setting("clip.vision.of_tomorrow", F32, math.inf),
        added("v.other", 7),
    ]
    check_projector(read_gguf(edited(projectors[family], tmp_path / "more.gguf", *more)))


ALL: dict[str, tuple[Edit, str]] = {
    "patch 0": (setting(f"{V}.patch_size", U32, 0), f"{V}.patch_size (it is 0, and must be a whole number from 1"),
    "patch > image": (setting(f"{V}.patch_size", U32, 9000), f"{V}.patch_size (it is 9000"),
    "image": (setting(f"{V}.image_size", U32, 1 << 20), f"{V}.image_size (it is 1048576"),
    "blocks": (setting(f"{V}.block_count", U32, 10_000), f"{V}.block_count (it is 10000"),
    "blocks missing": (setting(f"{V}.block_count", U32, 7), " is missing"),
    "heads 0": (setting(f"{V}.attention.head_count", U32, 0), f"{V}.attention.head_count (it is 0"),
    "heads 5": (
        setting(f"{V}.attention.head_count", U32, 5),
        f"{V}.attention.head_count (it is 5, and must be a divisor",
    ),
    "heads' type": (
        setting(f"{V}.attention.head_count", I32, 2),
        "attention.head_count (it is 2, and must be of the type",
    ),
    "width": (setting(f"{V}.embedding_length", U32, 1 << 20), f"{V}.embedding_length (it is 1048576"),
    "epsilon 0": (setting(f"{V}.attention.layer_norm_epsilon", F32, 0.0), "layer_norm_epsilon (it is 0.0, and must be"),
    "epsilon's type": (
        setting(f"{V}.attention.layer_norm_epsilon", U32, 1),
        "layer_norm_epsilon (it is 1, and must be of",
    ),
    "colors": (
        setting(f"{V}.image_std", F32, [0.5, 0.0, 0.5]),
        f"{V}.image_std (it is [0.5, 0.0, 0.5], and must be between",
    ),
    "two colors": (setting(f"{V}.image_mean", F32, [0.5, 0.5]), f"{V}.image_mean"),
    "whole colors": (setting(f"{V}.image_mean", U32, [0, 1, 0]), f"{V}.image_mean"),
    "name": (setting("general.name", U32, 5), "general.name (it is 5, and must be of the type string)"),
    "gelu": (setting("clip.use_gelu", U32, 1), "clip.use_gelu (it is 1, and must be of the type bool)"),
    "slices": (setting(f"{V}.image_grid_pinpoints", I32, [0, 5]), f"{V}.image_grid_pinpoints (it is [0, 5]"),
    "pixels": (setting(f"{V}.image_max_pixels", U32, 2**31), f"{V}.image_max_pixels (it is 2147483648"),
    "a name alone": (renamed("v.blk.0.ln1.weight", "v."), "the tensor 'v.' has no name that a tensor of a model has"),
    "norm": (
        tensor("v.blk.0.ln2.weight", shape=(4,)),
        "the tensor v.blk.0.ln2.weight has the shape [4] and must have [",
    ),
    "half norm": (tensor("v.blk.0.ln2.weight", kind=Type.F16), "v.blk.0.ln2.weight has the type F16 and must be F32"),
    "one dimension": (tensor("v.blk.0.ffn_up.weight", shape=(32,)), "v.blk.0.ffn_up.weight has the shape [32]"),
    "no inner layer": (without("v.blk.1.ffn_down.weight"), "the tensor v.blk.1.ffn_down.weight is missing"),
    "integers": (
        tensor("v.blk.0.attn_q.weight", kind=Type.I8),
        "v.blk.0.attn_q.weight has the type I8, which no weights",
    ),
    "keys": (tensor("v.blk.0.attn_k.weight", shape=(32, 8)), "v.blk.0.attn_k.weight has the shape [32, 8] and must"),
    "packed patches": (
        tensor("v.patch_embd.weight", kind=Type.BF16),
        "v.patch_embd.weight has the type BF16 and must be",
    ),
    "patches": (tensor("v.patch_embd.weight", shape=(14, 7, 3, 64)), "v.patch_embd.weight has the shape"),
}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("case", ALL)
def test_what_no_encoder_has_is_named(case: str, family: str, projectors: dict[str, Path], tmp_path: Path) -> None:
    edit, sentence = ALL[case]
    assert sentence in refused(edited(projectors[family], tmp_path / "bad.gguf", edit))


OWN: dict[tuple[str, str], tuple[Edit, str]] = {
    ("llava", "feature layer"): (
        setting(f"{V}.feature_layer", I32, [99]),
        f"{V}.feature_layer (it is [99], and must be",
    ),
    ("llava", "positions"): (
        tensor("v.position_embd.weight", shape=(64, 3)),
        "v.position_embd.weight has 3 rows and must",
    ),
    ("llava", "class"): (tensor("v.class_embd", shape=(63,)), "the tensor v.class_embd has the shape [63]"),
    ("llava", "first layer"): (without("mm.0.bias"), "the tensor mm.0.bias is missing"),
    ("llava", "second layer"): (without("mm.2.weight"), "the tensor mm.2.weight is missing"),
    ("llava", "wide"): (tensor("mm.2.weight", shape=(32, 64)), "the tensor mm.2.weight has the shape [32, 64]"),
    ("pixtral", "merge"): (
        setting(f"{V}.spatial_merge_size", U32, 2),
        f"{V}.spatial_merge_size (it is 2, and must be 1",
    ),
    ("pixtral", "image"): (setting(f"{V}.image_size", U32, 0), f"{V}.image_size (it is 0, and must be at least"),
    ("qwen", "vision"): (
        setting("clip.has_vision_encoder", STRING, "x"),
        "clip.has_vision_encoder (it is 'x', and must",
    ),
    ("pixtral", "class"): (
        added("v.class_embd", 64),
        "the tensor v.class_embd is there, and this kind of encoder has none",
    ),
    ("pixtral", "swapped"): (
        renamed("v.blk.0.ffn_up.weight", "v.blk.0.ffn_down.weight", swap=True),
        "the tensor v.blk.0.ffn_up.weight has the shape [112, 48] and must",
    ),
    ("pixtral", "break"): (
        tensor("v.token_embd.img_break", shape=(5,)),
        "the tensor v.token_embd.img_break has the shape",
    ),
    ("pixtral", "layer"): (
        tensor("mm.1.weight", shape=(9, 64)),
        "the tensor mm.1.weight has the shape [9, 64] and must",
    ),
    ("qwen", "merge"): (setting(f"{V}.spatial_merge_size", U32, 4), f"{V}.spatial_merge_size (it is 4"),
    ("qwen", "window"): (setting(f"{V}.window_size", U32, 1), f"{V}.window_size (it is 1"),
    ("qwen", "pattern"): (drop(f"{V}.n_wa_pattern"), f"lacks the setting {V}.n_wa_pattern"),
    ("qwen", "bias"): (without("v.blk.0.attn_q.bias"), "the tensor v.blk.0.attn_q.bias is missing"),
    ("qwen", "second frame"): (without("v.patch_embd.weight.1"), "the tensor v.patch_embd.weight.1 is missing"),
    ("qwen", "class"): (
        added("v.class_embd", 64),
        "the tensor v.class_embd is there, and this kind of encoder has none",
    ),
    ("qwen", "projection"): (setting(f"{V}.projection_dim", U32, 8), "the tensor mm.2.weight has the shape"),
    ("gemma", "scale"): (
        setting(f"{V}.projector.scale_factor", U32, 3),
        f"{V}.projector.scale_factor (it is 3, and must be a",
    ),
    ("gemma", "positions"): (
        tensor("v.position_embd.weight", kind=Type.F16),
        "v.position_embd.weight has the type F16",
    ),
    ("gemma", "projection"): (
        tensor("mm.input_projection.weight", kind=Type.Q8_0),
        "mm.input_projection.weight has the",
    ),
    ("gemma", "norm"): (without("mm.soft_emb_norm.weight"), "the tensor mm.soft_emb_norm.weight is missing"),
}


@pytest.mark.parametrize(("family", "case"), OWN)
def test_what_one_kind_lacks_is_named(family: str, case: str, projectors: dict[str, Path], tmp_path: Path) -> None:
    edit, sentence = OWN[family, case]
    assert sentence in refused(edited(projectors[family], tmp_path / "bad.gguf", edit))


def test_kinds_without_a_table_have_blocks_that_are_alike(projectors: dict[str, Path], tmp_path: Path) -> None:
    other = setting("clip.projector_type", STRING, "kimivl")
    check_projector(read_gguf(edited(projectors["gemma"], tmp_path / "good.gguf", other)))
    bad = edited(projectors["gemma"], tmp_path / "bad.gguf", other, without("v.blk.1.ln1.bias"))
    assert "the tensor v.blk.1.ln1.bias is missing, which other blocks have" in refused(bad)
    bad = edited(projectors["gemma"], tmp_path / "bad.gguf", other, tensor("v.blk.0.ffn_up.bias", shape=(5,)))
    assert "the tensor v.blk.0.ffn_up.bias has the shape [5] beside a weight of" in refused(bad)
    for kind, sentence in (("llama4", "v.class_embd is missing"), ("step3vl", "v.class_embd is there, and this kind")):
        edits = [
            setting("clip.projector_type", STRING, kind),
            *([added("v.class_embd", 32)] if kind == "step3vl" else []),
        ]
        assert sentence in refused(edited(projectors["gemma"], tmp_path / "bad.gguf", *edits))


def test_a_file_that_sees_nothing_is_left_to_its_family(projectors: dict[str, Path], tmp_path: Path) -> None:
    blind = edited(projectors["llava"], tmp_path / "blind.gguf", setting("clip.has_vision_encoder", BOOL, False))
    check_projector(read_gguf(blind))
