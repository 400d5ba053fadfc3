"""A GGUF file as parts that can be changed one by one, and written again without asking whether they go together."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field, replace

from gguf import GGML_QUANT_SIZES, GGMLQuantizationType

STRING, ARRAY = 8, 9
LETTERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
"""The numbers among GGUF's value types, as `struct` calls them."""


@dataclass
class Entry:
    """A setting: its name, its type's number, and its value as bytes behind the type."""

    key: bytes
    kind: int
    raw: bytes


@dataclass
class Tensor:
    """A tensor in the list, and its bytes.

    Attributes:
        offset: None for right behind the one before it.
    """

    name: bytes
    shape: list[int]
    kind: int
    data: bytes
    offset: int | None = None


@dataclass
class Document:
    """A file.

    Attributes:
        counts: of tensors and settings as the header says; None for what there is.
        tail: bytes behind the last tensor.
    """

    entries: list[Entry]
    tensors: list[Tensor]
    magic: bytes = b"GGUF"
    version: int = 3
    alignment: int = 32
    counts: tuple[int, int] | None = None
    tail: bytes = b""
    cut: int | None = field(default=None)

    def copy(self) -> Document:
        """Another one, whose parts can be changed."""
        entries = [replace(one) for one in self.entries]
        return replace(self, entries=entries, tensors=[replace(one, shape=list(one.shape)) for one in self.tensors])

    def to_bytes(self) -> bytes:
        """The file."""
        n_tensors, n_entries = self.counts or (len(self.tensors), len(self.entries))
        head = [self.magic, struct.pack("<IQQ", self.version & 0xFFFFFFFF, n_tensors, n_entries)]
        for entry in self.entries:
            head += [text(entry.key), struct.pack("<I", entry.kind & 0xFFFFFFFF), entry.raw]
        at, body = 0, []
        for tensor in self.tensors:
            offset = at if tensor.offset is None else tensor.offset
            shape = [side & (2**64 - 1) for side in tensor.shape]
            head += [text(tensor.name), struct.pack(f"<I{len(shape)}Q", len(shape), *shape)]
            head.append(struct.pack("<IQ", tensor.kind & 0xFFFFFFFF, offset & (2**64 - 1)))
            padding = -len(tensor.data) % self.alignment
            body += [tensor.data, bytes(padding)]
            at += len(tensor.data) + padding
        raw = b"".join(head)
        whole = raw + bytes(-len(raw) % self.alignment) + b"".join(body) + self.tail
        return whole if self.cut is None else whole[: self.cut]


def text(value: bytes) -> bytes:
    """A text as GGUF stores it."""
    return struct.pack("<Q", len(value)) + value


def n_bytes(kind: int, shape: list[int]) -> int | None:
    """What a tensor takes; None where there is no such type, or it has no whole blocks."""
    try:
        block, size = GGML_QUANT_SIZES[GGMLQuantizationType(kind)]
    except (ValueError, KeyError):
        return None
    count = math.prod(shape)
    whole = bool(shape) and shape[0] % block == 0 and 0 < count < 1 << 24
    return count // block * size if whole else None


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw, self.at = raw, 0

    def take(self, count: int) -> bytes:
        self.at += count
        return self.raw[self.at - count : self.at]

    def numbers(self, letters: str) -> tuple[int, ...]:
        layout = struct.Struct("<" + letters)
        return layout.unpack(self.take(layout.size))

    def string(self) -> bytes:
        return self.take(self.numbers("Q")[0])

    def value(self, kind: int) -> bytes:
        start = self.at
        if kind == STRING:
            self.string()
        elif kind == ARRAY:
            of, count = self.numbers("IQ")
            for _ in range(count):
                self.value(of)
        else:
            self.take(struct.calcsize(LETTERS[kind]))
        return self.raw[start : self.at]


def read(raw: bytes) -> Document:
    """The parts of a whole file of version 3 with the usual alignment."""
    reader = _Reader(raw)
    assert reader.take(4) == b"GGUF"
    _, n_tensors, n_entries = reader.numbers("IQQ")
    entries = []
    for _ in range(n_entries):
        key, (kind,) = reader.string(), reader.numbers("I")
        entries.append(Entry(key, kind, reader.value(kind)))
    found = []
    for _ in range(n_tensors):
        name, (n_dims,) = reader.string(), reader.numbers("I")
        shape = list(reader.numbers(f"{n_dims}Q"))
        kind, offset = reader.numbers("IQ")
        found.append((name, shape, kind, offset))
    start = -(-reader.at // 32) * 32
    tensors = []
    for name, shape, kind, offset in found:
        size = n_bytes(kind, shape)
        assert size is not None
        tensors.append(Tensor(name, shape, kind, raw[start + offset : start + offset + size]))
    return Document(entries, tensors)
