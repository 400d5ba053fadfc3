"""Quantised checkpoints: every number as bitsandbytes computes it, and files that contradict themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gguf import GGUFReader
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.bitsandbytes import FourBitTensor, assemble, without_parts
from desktop_vlm.conversion.safetensors_file import read_header
from desktop_vlm.convert import convert, plan
from tests.checkpoints import ALPHA, BETA, build
from tests.checkpoints.families import FAMILY_CHECKPOINTS, build_family
from tests.checkpoints.quantised import four_bits, quantise_folder
from tests.checkpoints.seeded import Stored, read_stored, write_json, write_stored

GOLDEN = Path(__file__).parents[1] / "golden" / "adapted" / "bitsandbytes.npz"
CASES = [f"{kind}-{way}-{dtype}" for kind in ("nf4", "fp4") for way in ("once", "twice") for dtype in (
    "bfloat16", "float16", "float32"
)]  # fmt: skip
TYPES = {"uint8": "U8", "float32": "F32"}


def matrix(path: Path) -> FourBitTensor:
    found = assemble({stored.name: stored for stored in read_header(path)})
    (tensor,) = found.values()
    assert isinstance(tensor, FourBitTensor)
    return tensor


@pytest.mark.parametrize("case", CASES)
def test_numbers_are_those_of_bitsandbytes(case: str, tmp_path: Path) -> None:
    """GIVEN what bitsandbytes stored of a matrix THEN it reads as bitsandbytes reads it, in any pieces.

    The file is written by `python -m tests.golden.check_adapted`, where bitsandbytes is installed.
    """
    with np.load(GOLDEN) as golden:
        stored: dict[str, Stored] = {
            key.removeprefix(f"{case}/"): (TYPES[str(golden[key].dtype)], golden[key].shape, golden[key].tobytes())
            for key in golden
            if key.startswith(f"{case}/weight")
        }
        expected = golden[f"{case}/expected"]
    write_stored(tmp_path / "one.safetensors", stored)
    tensor = matrix(tmp_path / "one.safetensors")
    assert tensor.shape == expected.shape
    assert len(tensor.parts) == len(stored)
    flat = expected.reshape(-1)
    for first, count in ((0, flat.size), (0, 1), (1, 1), (63, 2), (191, 385), (777, 1001), (flat.size - 1, 1)):
        np.testing.assert_array_equal(tensor.read(first, count), flat[first : first + count])


def tensors(path: Path) -> dict[str, NDArray[np.float32]]:
    return {t.name: t.data.reshape([int(side) for side in reversed(t.shape)]) for t in GGUFReader(path).tensors}


@pytest.mark.parametrize(("eight", "twice"), [(False, True), (False, False), (True, False)])
def test_a_whole_checkpoint(eight: bool, twice: bool, tmp_path: Path) -> None:
    folder = build(ALPHA, tmp_path / "alpha")
    expected = quantise_folder(folder, eight=eight, twice=twice)
    assert len(expected) > 80
    files = convert(folder, tmp_path / "out", text_type="F32", vision_type="F32")
    text, mmproj = tensors(files.text), tensors(files.mmproj)
    layer = "language_model.model.layers"
    for found, name in (
        (text["blk.0.ffn_up.weight"], f"{layer}.0.mlp.up_proj.weight"),
        (text["blk.2.attn_output.weight"], f"{layer}.3.self_attn.o_proj.weight"),
        (mmproj["blk.5.cross_attn_k_proj.weight"], f"{layer}.5.cross_attn.k_proj.weight"),
        (mmproj["v.global.blk.1.ffn_down.weight"], "vision_model.global_transformer.layers.1.mlp.fc2.weight"),
        (mmproj["mm.0.weight"], "multi_modal_projector.weight"),
    ):
        np.testing.assert_array_equal(found, expected[name], err_msg=name)
    rows = expected[f"{layer}.0.self_attn.q_proj.weight"].reshape(8, 2, 16, 256).swapaxes(1, 2).reshape(256, 256)
    np.testing.assert_array_equal(text["blk.0.attn_q.weight"], rows)


@pytest.mark.parametrize("name", ["llava-new", "pixtral", "qwen-tied"])
def test_every_family(name: str, tmp_path: Path) -> None:
    folder = build_family(FAMILY_CHECKPOINTS[name], tmp_path / name)
    expected = quantise_folder(folder)
    files = convert(folder, tmp_path / "out", text_type="F32", vision_type="F32")
    (down,) = [values for key, values in expected.items() if key.endswith("layers.1.mlp.down_proj.weight")]
    np.testing.assert_array_equal(tensors(files.text)["blk.1.ffn_down.weight"], down)


# --- what a person should know --------------------------------------------------------------------------------


def test_a_second_quantisation_is_advised_against(tmp_path: Path) -> None:
    folder = build(BETA, tmp_path / "beta")
    quantise_folder(folder)
    (note,) = plan(folder, tmp_path).notes
    assert "weights of 4 bits (bitsandbytes), which Q4_K_M quantises a second time: Q6_K or Q8_0 keeps" in note
    assert plan(folder, tmp_path, text_type="Q6_K").notes == ()


@pytest.mark.parametrize("section", [
    {"quant_method": "bitsandbytes", "load_in_4bit": True}, {"_load_in_8bit": True, "load_in_8bit": True},
    {"quant_method": "gptq"},
])  # fmt: skip
def test_settings_of_a_quantisation_that_is_no_more(section: dict[str, Any], tmp_path: Path) -> None:
    """GIVEN merged weights whose settings still speak of a quantisation THEN they are plain, and it says so."""
    folder = build(BETA, tmp_path / "beta")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    write_json(folder / "config.json", {**config, "quantization_config": section})
    (note,) = plan(folder, tmp_path).notes
    assert "says that the weights are quantised (" in note
    assert "but they are plain" in note


def test_other_quantisations_are_refused(tmp_path: Path) -> None:
    folder = build(BETA, tmp_path / "beta")
    path = folder / "model.safetensors"
    stored = read_stored(path)
    name = next(name for name in stored if name.endswith("up_proj.weight"))
    stored[name.replace(".weight", ".qweight")] = stored.pop(name)
    write_stored(path, stored)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    write_json(folder / "config.json", {**config, "quantization_config": {"quant_method": "awq"}})
    with pytest.raises(UserError, match=r"beta is already quantised \(awq\): convert the original checkpoint instead"):
        plan(folder, tmp_path)


# --- files that contradict themselves ---------------------------------------------------------------------


def _state(**changes: Any) -> Callable[[dict[str, Stored]], None]:
    def change(parts: dict[str, Stored]) -> None:
        key = "x.quant_state.bitsandbytes__nf4"
        text = json.dumps({**json.loads(parts[key][2]), **changes}).encode()
        parts[key] = ("U8", (len(text),), text)

    return change


def _drop(part: str) -> Callable[[dict[str, Stored]], None]:
    return lambda parts: parts.pop(f"x.{part}") and None


def _kind(parts: dict[str, Stored]) -> None:
    parts["x.quant_state.bitsandbytes__int3"] = parts.pop("x.quant_state.bitsandbytes__nf4")


def _text(parts: dict[str, Stored]) -> None:
    parts["x.quant_state.bitsandbytes__nf4"] = ("U8", (4,), b"[1,]")


@pytest.mark.parametrize(
    "change",
    [
        _state(shape=[8, 63]), _state(shape=[8]), _state(shape="8x64"), _state(shape=[]), _state(shape=[-8, -64]),
        _state(shape=[1 << 50, 1]), _state(blocksize=0), _state(blocksize=32), _state(blocksize=True),
        _state(dtype="int8"), _state(dtype=["bfloat16"]), _state(nested_blocksize=1), _state(nested_offset="x"),
        _state(nested_offset=float("inf")), _state(nested_offset=None), _drop("absmax"), _drop("quant_map"),
        _drop("nested_absmax"), _drop("nested_quant_map"), _kind, _text,
    ],
)  # fmt: skip
def test_parts_that_do_not_fit(change: Callable[[dict[str, Stored]], None], tmp_path: Path) -> None:
    parts, _ = four_bits("x", (8, 256), twice=True)
    change(parts)
    write_stored(tmp_path / "one.safetensors", parts)
    with pytest.raises(UserError, match=r"one\.safetensors: `x.*` (has|does not describe|is of a kind)"):
        assert matrix(tmp_path / "one.safetensors").shape


def test_names_of_whole_tensors() -> None:
    parts, _ = four_bits("a.weight", (8, 64), twice=True)
    names = [*parts, "b.weight", "b.SCB", "b.weight_format", "c.absmax"]
    assert without_parts(names) == {"a.weight", "b.weight", "c.absmax"}
