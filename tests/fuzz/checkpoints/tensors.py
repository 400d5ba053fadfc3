"""Lies about the tensors of a safetensors file: places, types, shapes, names and numbers."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fuzz.values import WHOLE, change, to_text

Header = dict[str, Any]

_SIZES = {"F64": 8, "I64": 8, "F32": 4, "I32": 4, "F16": 2, "BF16": 2, "I16": 2, "U8": 1, "I8": 1, "BOOL": 1}
_NO_NUMBERS = {"F32": b"\x00\x00\xc0\x7f", "F16": b"\x00\x7e", "BF16": b"\x80\x7f"}
_OPTIONAL = (
    *("rotary", "inv_freq", "position_ids", "post_layernorm", "weight_format", "quant_map", "lora_"),
    "encoder.layers.3.",  # of LLaVA, which takes what the layer before gives
)
"""Parts of names of tensors that need not be there, or that nothing reads."""


@dataclass
class File:
    """A safetensors file in parts."""

    header: Header
    data: bytes

    def names(self) -> list[str]:
        """Of its tensors."""
        return [name for name in self.header if name != "__metadata__"]

    def to_bytes(self, text: str | None = None, length: int | None = None) -> bytes:
        """The file, with another text or length of its header."""
        raw = (json.dumps(self.header) if text is None else text).encode("utf-8", "surrogatepass")
        return ((len(raw) if length is None else length) & (2**64 - 1)).to_bytes(8, "little") + raw + self.data


def read(path: Path) -> File:
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    return File(json.loads(raw[8:start]), raw[start:])


Lie = Callable[[File, random.Random], tuple[str, bool]]
"""Changes a file; says what, and whether that must be refused."""


def overlap(file: File, rng: random.Random) -> tuple[str, bool]:
    """A tensor lies where another one of its size, or a part of one, is."""
    first, second = rng.sample(file.names(), 2)
    entry, other = file.header[first], file.header[second]
    size = entry["data_offsets"][1] - entry["data_offsets"][0]
    begin = max(0, min(other["data_offsets"][0] + rng.choice((0, 0, 4, -4)), len(file.data) - size))
    is_lie = begin != entry["data_offsets"][0] and size > 0
    entry["data_offsets"] = [begin, begin + size]
    return f"{first} lies at {begin}, on {second}", is_lie and not _is_optional(first)


def other_offsets(file: File, rng: random.Random) -> tuple[str, bool]:
    name = rng.choice(file.names())
    offsets = file.header[name]["data_offsets"]
    at = rng.randrange(2)
    before = offsets[at]
    offsets[at] = rng.choice((*WHOLE, before + 1, before - 1, before + 4, len(file.data), len(file.data) + 1, -before))
    is_lie = offsets[at] != before
    return f"{name}: offset {at} = {offsets[at]}", is_lie


def swapped_offsets(file: File, rng: random.Random) -> tuple[str, bool]:
    name = rng.choice(file.names())
    offsets = file.header[name]["data_offsets"]
    is_lie = offsets[0] != offsets[1]
    offsets.reverse()
    return f"{name}: offsets reversed", is_lie


def other_type(file: File, rng: random.Random) -> tuple[str, bool]:
    name = rng.choice(file.names())
    entry = file.header[name]
    old = entry["dtype"]
    entry["dtype"] = rng.choice((*_SIZES, "F8_E4M3", "", "f32", None, 3, "F128", "U16", "\ud800"))
    same_size = _SIZES.get(str(entry["dtype"])) == _SIZES.get(old)
    return f"{name}: {old} -> {entry['dtype']!r}", not same_size and not _is_optional(name)


def other_shape(file: File, rng: random.Random) -> tuple[str, bool]:
    name = rng.choice(file.names())
    entry = file.header[name]
    old = list(entry["shape"])
    way = rng.randrange(7)
    if way == 0:
        entry["shape"] = old[::-1]
    elif way == 1:
        entry["shape"] = [math.prod(old)]
    elif way == 2:
        entry["shape"] = [*old, 1]
    elif way == 3 and old:
        entry["shape"][rng.randrange(len(old))] = rng.choice((*WHOLE, None, "8", 8.0, True))
    elif way == 4:
        entry["shape"] = [1] * rng.choice((9, 17, 5000))
    elif way == 5 and old:
        entry["shape"] = [*old[:-1], old[-1] * 2]
        entry["data_offsets"] = _room(file, entry)
    else:
        entry["shape"] = rng.choice(([], None, {}, 4, "4"))
    is_lie = entry["shape"] != old and _squeezed(entry["shape"]) != _squeezed(old)
    return f"{name}: {old} -> {str(entry['shape'])[:80]}", is_lie and not _is_optional(name)


def _squeezed(shape: object) -> object:
    """Convolutions of one size have several shapes; a vector may be a matrix of one row."""
    return [math.prod(shape)] if isinstance(shape, list) and all(type(n) is int for n in shape) else shape


def _room(file: File, entry: Header) -> list[int]:
    size = math.prod(entry["shape"]) * _SIZES.get(entry["dtype"], 1)
    begin = len(file.data)
    file.data += bytes(size)
    return [begin, begin + size]


def missing_tensor(file: File, rng: random.Random) -> tuple[str, bool]:
    name = rng.choice(file.names())
    del file.header[name]
    return f"without {name}", not _is_optional(name)


def renamed_tensor(file: File, rng: random.Random) -> tuple[str, bool]:
    name = rng.choice(file.names())
    other_layer = name.replace("layers.0", "layers.99")
    new = rng.choice((name + "x", other_layer, "", "x" * 5000, "\0", name.upper(), "a\nb", "../x"))
    file.header[new] = file.header.pop(name)
    return f"{name} called {new[:60]!r}", new != name and not _is_optional(name)


def added_tensor(file: File, rng: random.Random) -> tuple[str, bool]:
    name = rng.choice(file.names())
    new = rng.choice((name + ".bias", "extra.weight", name.replace(".0.", ".77."), "model." + name, "lm_head.weight"))
    is_new = new not in file.header
    entry = dict(file.header[name])
    file.header[new] = entry
    entry["data_offsets"] = _room(file, entry) if entry["dtype"] in _SIZES else entry["data_offsets"]
    return f"{new} added", is_new and "extra" in new


def no_number(file: File, rng: random.Random) -> tuple[str, bool]:
    name = rng.choice(file.names())
    entry = file.header[name]
    pattern = _NO_NUMBERS.get(entry["dtype"])
    begin, end = entry["data_offsets"]
    if pattern is None or end - begin < len(pattern):
        return "nothing", False
    at = begin + rng.randrange((end - begin) // len(pattern)) * len(pattern)
    file.data = file.data[:at] + pattern + file.data[at + len(pattern) :]
    # Of an embedding only the rows that are used are read; of a quantised matrix's parts, not all are numbers.
    return f"{name}: no number at {at - begin}", not _is_optional(
        name
    ) and "embed" not in name and "bitsandbytes" not in name


def short_data(file: File, rng: random.Random) -> tuple[str, bool]:
    count = rng.choice((1, 4, len(file.data) // 2, len(file.data)))
    file.data = file.data[: len(file.data) - count]
    return f"the last {count} bytes are missing", count > 0


def other_entry(file: File, rng: random.Random) -> tuple[str, bool]:
    return change(rng, file.header), False


LIES: tuple[Lie, ...] = (
    overlap, other_offsets, swapped_offsets, other_type, other_type, other_shape, other_shape, missing_tensor,
    renamed_tensor, added_tensor, no_number, no_number, short_data, other_entry, other_entry,
)  # fmt: skip


def lie(path: Path, rng: random.Random, is_whole: bool) -> tuple[str, bool]:
    """Lie about a file once; whether it must be refused, where `is_whole` says that its tensors are all needed."""
    file = read(path)
    if rng.random() < 0.12:
        return _broken_header(file, path, rng)
    done, must = rng.choice(LIES)(file, rng)
    path.write_bytes(file.to_bytes())
    return f"{path.name}: {done}", must and is_whole


def _broken_header(file: File, path: Path, rng: random.Random) -> tuple[str, bool]:
    if rng.random() < 0.5:
        length = rng.choice((*WHOLE, len(file.data), 99_999_999, 100_000_001)) % 2**64
        true = len(json.dumps(file.header).encode())
        path.write_bytes(file.to_bytes(length=length))
        return f"{path.name}: header of {length} bytes", length != true
    text, done = to_text(rng, file.header)
    path.write_bytes(file.to_bytes(text))
    return f"{path.name}: header with {done or 'nothing'}", False


def _is_optional(name: str) -> bool:
    return any(part in name for part in _OPTIONAL)
