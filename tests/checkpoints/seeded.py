"""Seeded values and the files that hold them, for tiny checkpoints of every family."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.checkpoints.configs import Dtype


def noise(rng: np.random.RandomState, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Zero mean, unit variance, nearly normal: the sum of four uniforms, exact on every platform."""
    total = rng.random_sample(shape)
    for _ in range(3):
        total = total + rng.random_sample(shape)
    return (total - 2.0) * math.sqrt(3.0)


def encode(values: NDArray[np.float32], dtype: Dtype) -> bytes:
    """Little-endian bytes of `values` in the stored type (bf16: round to nearest, ties to even)."""
    if dtype == "f32":
        return values.astype("<f4").tobytes()
    if dtype == "f16":
        return values.astype("<f2").tobytes()
    bits = values.view(np.uint32).astype(np.uint64)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2").tobytes()


Stored = tuple[str, tuple[int, ...], bytes]
"""A tensor as a safetensors file holds it: type, shape, bytes."""


def write_safetensors(path: Path, tensors: dict[str, tuple[tuple[int, ...], bytes]], dtype: Dtype) -> None:
    write_stored(path, {name: (dtype.upper(), shape, data) for name, (shape, data) in tensors.items()})


def write_stored(path: Path, tensors: dict[str, Stored]) -> None:
    """Write a safetensors file of tensors of any type."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for name, (dtype, shape, data) in tensors.items():
        offsets = [offset, offset + len(data)]
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": offsets}
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for _, _, data in tensors.values():
            file.write(data)


def read_stored(path: Path) -> dict[str, Stored]:
    """What `write_stored` wrote."""
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    header.pop("__metadata__", None)
    return {
        name: (entry["dtype"], tuple(entry["shape"]), raw[start:][slice(*entry["data_offsets"])])
        for name, entry in header.items()
    }


def decode(dtype: str, shape: tuple[int, ...], data: bytes) -> NDArray[np.float32]:
    """The values of plain numbers."""
    if dtype == "BF16":
        halves = np.zeros((len(data) // 2, 2), np.uint16)
        halves[:, 1] = np.frombuffer(data, np.uint16)
        return halves.view(np.float32).reshape(shape)
    return np.frombuffer(data, {"F16": np.float16, "F32": np.float32}[dtype]).astype(np.float32).reshape(shape)


def write_shards(
    folder: Path, shards: list[dict[str, tuple[tuple[int, ...], bytes]]], dtype: Dtype, stem: str = "model"
) -> None:
    """Write `shards` (name -> shape and stored bytes) as one file, or as several with their index."""
    weight_map: dict[str, str] = {}
    for number, tensors in enumerate(shards, start=1):
        single = len(shards) == 1
        file = f"{stem}.safetensors" if single else f"{stem}-{number:05d}-of-{len(shards):05d}.safetensors"
        write_safetensors(folder / file, tensors, dtype)
        weight_map |= dict.fromkeys(tensors, file)
    if len(shards) > 1:
        total = sum(len(data) for tensors in shards for _, data in tensors.values())
        index = {"metadata": {"total_size": total}, "weight_map": weight_map}
        write_json(folder / f"{stem}.safetensors.index.json", index)


def weight_digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every safetensors file in `folder`, by file name."""
    files = sorted(folder.glob("*.safetensors"))
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write JSON the same way on every platform."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
