"""Types of the mmproj file: what is exact, what is packed, and what follows the language model's type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_vlm.conversion.quant_types import FILE_TYPES, file_type
from desktop_vlm.conversion.tensor_map import Role
from desktop_vlm.families.mllama.convert.config import ModelConfig, read_config
from desktop_vlm.families.mllama.convert.tensor_map import mmproj_tensors
from desktop_vlm.families.mllama.convert.types import mmproj_type
from tests.checkpoints import ALPHA, CHECKPOINTS


@pytest.fixture(scope="module")
def folders(checkpoint_folder: Callable[[str], Path]) -> dict[str, Path]:
    return {name: checkpoint_folder(name) for name in CHECKPOINTS}


def mmproj_types(config: ModelConfig, type_name: str) -> dict[str, str]:
    kind = file_type(type_name)
    return {t.name: mmproj_type(t, kind, kind, config.text).name for t in mmproj_tensors(config)}


@pytest.mark.parametrize("type_name", FILE_TYPES)
def test_mmproj_keeps_what_is_added_or_multiplied_exact(folders: dict[str, Path], type_name: str) -> None:
    types = mmproj_types(read_config(folders[ALPHA.name]), type_name)
    exact = [name for name in types if "norm" in name or "bias" in name or "gate" in name.split(".")[-1]]
    exact += ["v.class_embd", "v.position_embd.weight", "token_embd.extra.weight", "v.pre_ln.weight"]
    exact += ["v.pre_tile_position_embd.weight", "v.post_tile_position_embd.weight"]
    assert {types[name] for name in exact} == {"F32"}


def test_mmproj_types_of_a_quantised_file(folders: dict[str, Path]) -> None:
    types = mmproj_types(read_config(folders[ALPHA.name]), "Q4_K_M")
    assert types["v.patch_embd.weight"] == "F16"
    assert types["v.tile_position_embd.weight"] == "Q8_0"
    assert types["blk.2.cross_attn_q_proj.weight"] == "Q4_K"
    assert types["blk.2.cross_attn_v_proj.weight"] == "Q4_K"  # of two layers only the last is an outer one
    assert types["blk.5.cross_attn_v_proj.weight"] == "Q6_K"
    assert types["blk.5.ffn_down.weight"] == "Q6_K"
    assert types["blk.5.ffn_up.weight"] == "Q4_K"
    assert types["mm.0.weight"] == "Q4_K"  # 4 * 64 = 256 values a row
    assert types["v.blk.0.attn_q.weight"] == "Q5_0"  # 64 values a row do not fill a block of 256
    assert types["v.global.blk.1.ffn_down.weight"] == "Q5_0"


def test_half_of_the_11b_cross_attention_layers_get_more_bits(folders: dict[str, Path]) -> None:
    config = read_config(folders[ALPHA.name])
    eight = (3, 8, 13, 18, 23, 28, 33, 38)
    config = replace(config, text=replace(config.text, n_layers=40, cross_layers=eight))
    types = mmproj_types(config, "Q4_K_M")
    assert [types[f"blk.{i}.cross_attn_v_proj.weight"] for i in eight] == [
        "Q6_K", "Q4_K", "Q4_K", "Q6_K", "Q4_K", "Q4_K", "Q6_K", "Q6_K",
    ]  # fmt: skip


@pytest.mark.parametrize("type_name", ["F32", "F16", "BF16"])
def test_mmproj_types_of_a_plain_file(folders: dict[str, Path], type_name: str) -> None:
    config = read_config(folders[ALPHA.name])
    roles = {t.name: t.role for t in mmproj_tensors(config)}
    for name, found in mmproj_types(config, type_name).items():
        assert found == ("F32" if roles[name] is Role.EXACT else type_name), name


def test_the_tile_table_falls_back_to_f16(folders: dict[str, Path]) -> None:
    config = read_config(folders[ALPHA.name])
    odd = replace(config, vision=replace(config.vision, width=20, patch_px=8, max_tiles=1))
    assert odd.vision.max_tiles * odd.vision.tokens_per_tile * odd.vision.width % 32 != 0
    assert mmproj_types(odd, "Q8_0")["v.tile_position_embd.weight"] == "F16"


def test_cross_attention_layers_follow_the_text_type(folders: dict[str, Path]) -> None:
    config = read_config(folders[ALPHA.name])
    vision, cross = file_type("Q8_0"), file_type("Q4_K_M")
    types = {t.name: mmproj_type(t, vision, cross, config.text).name for t in mmproj_tensors(config)}
    assert types["blk.2.cross_attn_q_proj.weight"] == types["blk.5.ffn_up.weight"] == "Q4_K"
    assert types["v.blk.0.attn_q.weight"] == types["mm.0.weight"] == "Q8_0"
