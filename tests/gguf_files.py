"""A small reader of GGUF files, for tests that read hundreds of them: gguf's own takes longer than what they test.

Written from the format's description, apart from the program's writer: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gguf import GGML_QUANT_SIZES, GGMLQuantizationType

from desktop_vlm.conversion.plan import ConversionPlan
from desktop_vlm.convert import ModelFiles

_MAGIC, _VERSION, _ALIGNMENT = b"GGUF", 3, 32
_NUMBERS = ("B", "b", "H", "h", "I", "i", "f", "?", "", "", "Q", "q", "d")
_STRING, _ARRAY = 8, 9


@dataclass(frozen=True)
class StoredTensor:
    """One tensor: its type's name, its shape as NumPy has it (rows last) and its bytes."""

    type_name: str
    shape: tuple[int, ...]
    data: bytes


@dataclass(frozen=True)
class GgufFile:
    """All settings and tensors of a file."""

    fields: dict[str, Any]
    tensors: dict[str, StoredTensor]

    @property
    def types(self) -> dict[str, str]:
        """Name of a tensor -> name of its type."""
        return {name: tensor.type_name for name, tensor in self.tensors.items()}


class _Cursor:
    def __init__(self, raw: bytes) -> None:
        self.raw, self.at = raw, 0

    def numbers(self, letters: str) -> tuple[Any, ...]:
        layout = struct.Struct("<" + letters)
        found = layout.unpack_from(self.raw, self.at)
        self.at += layout.size
        return found

    def string(self) -> str:
        (n_bytes,) = self.numbers("Q")
        self.at += n_bytes
        return self.raw[self.at - n_bytes : self.at].decode()

    def value(self, kind: int) -> Any:
        if kind == _STRING:
            return self.string()
        if kind != _ARRAY:
            return self.numbers(_NUMBERS[kind])[0]
        of, count = self.numbers("IQ")
        return list(self.numbers(f"{count}{_NUMBERS[of]}")) if _NUMBERS[of] else [self.value(of) for _ in range(count)]


def read_gguf(path: Path) -> GgufFile:
    """Everything that the file holds.

    Raises:
        AssertionError: it is no GGUF of version 3.
    """
    cursor = _Cursor(path.read_bytes())
    magic, version, n_tensors, n_fields = cursor.numbers("4sIQQ")
    assert (magic, version) == (_MAGIC, _VERSION), path
    fields = {cursor.string(): cursor.value(*cursor.numbers("I")) for _ in range(n_fields)}
    placed = []
    for _ in range(n_tensors):
        name = cursor.string()
        (n_dims,) = cursor.numbers("I")
        shape = tuple(reversed(cursor.numbers(f"{n_dims}Q")))
        kind, offset = cursor.numbers("IQ")
        placed.append((name, shape, GGMLQuantizationType(kind), offset))
    alignment = fields.get("general.alignment", _ALIGNMENT)
    start = -(-cursor.at // alignment) * alignment
    tensors = {}
    for name, shape, kind, offset in placed:
        block, block_bytes = GGML_QUANT_SIZES[kind]
        n_values = 1
        for side in shape:
            n_values *= side
        end = start + offset + n_values // block * block_bytes
        assert end <= len(cursor.raw), f"{path} ends within {name}"
        tensors[name] = StoredTensor(kind.name, shape, cursor.raw[start + offset : end])
    return GgufFile(fields, tensors)


def assert_as_large_as_planned(planned: ConversionPlan, files: ModelFiles) -> None:
    """Both files, and the tensors in them, have exactly the bytes that were announced before."""
    paths = (files.text, files.mmproj)
    assert [file.n_bytes for file in planned.files] == [path.stat().st_size for path in paths]
    tensors = sum(n_bytes for file in planned.files for _, _, n_bytes in file.totals())
    assert tensors == sum(len(tensor.data) for path in paths for tensor in read_gguf(path).tensors.values())
