"""Checkpoints as bitsandbytes leaves them: any codes and magnitudes are valid, so none is computed from weights."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.checkpoints.seeded import Stored, encode, read_stored, write_json, write_stored

BLOCK, NESTED_BLOCK = 64, 256
Values = dict[str, NDArray[np.float32]]


def four_bits(
    name: str, shape: tuple[int, ...], *, twice: bool, dtype: str = "bfloat16"
) -> tuple[dict[str, Stored], Values]:
    """The parts of a random matrix of 4 bits, and the values that they mean."""
    rng = np.random.RandomState(zlib.crc32(name.encode()))
    n = int(np.prod(shape))
    blocks = -(-n // BLOCK)
    codes = rng.randint(0, 16, n + n % 2).astype(np.uint8)
    book = np.sort(rng.random_sample(16) * 2 - 1).astype(np.float32)
    parts: dict[str, Stored] = {
        name: ("U8", (len(codes) // 2, 1), (codes[0::2] << 4 | codes[1::2]).tobytes()),
        f"{name}.quant_map": ("F32", (16,), book.tobytes()),
    }
    state = {"quant_type": "nf4", "blocksize": BLOCK, "dtype": dtype, "shape": list(shape)}
    if twice:
        of_blocks = rng.randint(0, 256, blocks).astype(np.uint8)
        outer = (rng.random_sample(-(-blocks // NESTED_BLOCK)) * 0.1 + 0.05).astype(np.float32)
        nested_book = np.sort(rng.random_sample(256) * 2 - 1).astype(np.float32)
        state |= {"nested_blocksize": NESTED_BLOCK, "nested_dtype": "float32", "nested_offset": 0.1295}
        parts[f"{name}.absmax"] = ("U8", (blocks,), of_blocks.tobytes())
        parts[f"{name}.nested_absmax"] = ("F32", outer.shape, outer.tobytes())
        parts[f"{name}.nested_quant_map"] = ("F32", (256,), nested_book.tobytes())
        scale = nested_book[of_blocks] * np.repeat(outer, NESTED_BLOCK)[:blocks] + np.float32(0.1295)
    else:
        scale = (rng.random_sample(blocks) * 0.1 + 0.05).astype(np.float32)
        parts[f"{name}.absmax"] = ("F32", (blocks,), scale.tobytes())
    text = json.dumps(state).encode()
    parts[f"{name}.quant_state.bitsandbytes__nf4"] = ("U8", (len(text),), text)
    values = (book[codes] * np.repeat(scale, BLOCK)[: len(codes)])[:n].reshape(shape)
    return parts, {name: _as(dtype, values)}


def _as(dtype: str, values: NDArray[np.float32]) -> NDArray[np.float32]:
    if dtype != "bfloat16":
        return values.astype(dtype).astype(np.float32)
    halves = np.zeros((values.size, 2), np.uint16)
    halves[:, 1] = np.frombuffer(encode(values, "bf16"), np.uint16)
    return halves.view(np.float32).reshape(values.shape)


def eight_bits(name: str, shape: tuple[int, ...]) -> tuple[dict[str, Stored], Values]:
    """The parts of a random matrix of 8 bits, and the values that they mean."""
    rng = np.random.RandomState(zlib.crc32(name.encode()))
    codes = rng.randint(-127, 128, shape).astype(np.int8)
    row_max = (rng.random_sample(shape[0]) * 0.2 + 0.05).astype(np.float32)
    module = name.removesuffix(".weight")
    parts: dict[str, Stored] = {
        name: ("I8", shape, codes.tobytes()),
        f"{module}.SCB": ("F32", row_max.shape, row_max.tobytes()),
        f"{module}.weight_format": ("U8", (), b"\0"),
    }
    values = codes.astype(np.float32) * row_max[:, None] * np.float32(7.874015718698502e-3)
    return parts, {name: values}


def quantise_folder(folder: Path, *, eight: bool = False, twice: bool = True) -> Values:
    """Quantise the matrices of a checkpoint's layers; returns what they mean by the names that it has."""
    expected: Values = {}
    for path in folder.glob("*.safetensors"):
        stored = read_stored(path)
        for name, (_, shape, _) in list(stored.items()):
            if len(shape) == 2 and ".weight" in name and ("proj" in name or "mlp" in name or "attn" in name):
                parts, values = eight_bits(name, shape) if eight else four_bits(name, shape, twice=twice)
                stored = {**stored, **parts}
                expected |= values
        write_stored(path, stored)
    _fix_index(folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["quantization_config"] = {"quant_method": "bitsandbytes", f"load_in_{8 if eight else 4}bit": True}
    write_json(folder / "config.json", config)
    return expected


def _fix_index(folder: Path) -> None:
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        weight_map = {name: path.name for path in sorted(folder.glob("*.safetensors")) for name in read_stored(path)}
        write_json(index, {"weight_map": weight_map})
