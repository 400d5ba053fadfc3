"""Single changes to a GGUF file, by name: what a test says of a rule."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.fuzz.gguf.document import Document, Entry, Tensor, n_bytes, read, text

Edit = Callable[[Document], None]
Value = float | str | Sequence[float | str]

U32, I32, F32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
_LETTERS = {U32: "I", I32: "i", F32: "f", BOOL: "?"}


def edited(source: Path, target: Path, *edits: Edit) -> Path:
    """A copy with changes."""
    document = read(source.read_bytes())
    for edit in edits:
        edit(document)
    target.write_bytes(document.to_bytes())
    return target


def setting(key: str, kind: int, value: Value) -> Edit:
    """Give a setting another value, or add it; a list has items of this kind."""
    raw = _packed(kind, value)
    stored = kind if isinstance(value, (str, float, int)) else ARRAY

    def edit(document: Document) -> None:
        drop(key)(document)
        document.entries.append(Entry(key.encode(), stored, raw))

    return edit


def _packed(kind: int, value: Value) -> bytes:
    if isinstance(value, str):
        return text(value.encode())
    if isinstance(value, (float, int)):
        return struct.pack("<" + _LETTERS[kind], value)
    return struct.pack("<IQ", kind, len(value)) + b"".join(_packed(kind, item) for item in value)


def drop(key: str) -> Edit:
    """Leave a setting out, if it is there."""

    def edit(document: Document) -> None:
        document.entries = [entry for entry in document.entries if entry.key != key.encode()]

    return edit


def of(document: Document, name: str) -> Tensor:
    """A tensor by its name."""
    return next(tensor for tensor in document.tensors if tensor.name == name.encode())


def tensor(name: str, *, shape: tuple[int, ...] = (), kind: int | None = None, data: bytes | None = None) -> Edit:
    """Give a tensor another shape, type or content; its bytes are repeated or cut until they fit."""

    def edit(document: Document) -> None:
        found = of(document, name)
        found.shape = list(shape) or found.shape
        found.kind = found.kind if kind is None else kind
        size = n_bytes(found.kind, found.shape)
        assert size is not None
        found.data = ((data or found.data) * (size // len(data or found.data) + 1))[:size]

    return edit


def without(name: str) -> Edit:
    """Leave a tensor out."""

    def edit(document: Document) -> None:
        document.tensors.remove(of(document, name))

    return edit


def renamed(name: str, new: str, *, swap: bool = False) -> Edit:
    """Give a tensor another name; with `swap`, the one that had it gets the first's."""

    def edit(document: Document) -> None:
        first = of(document, name)
        if swap:
            of(document, new).name = first.name
        first.name = new.encode()

    return edit


def added(name: str, *shape: int, kind: int = 0) -> Edit:
    """One more tensor, all ones as far as numbers in single precision go."""

    def edit(document: Document) -> None:
        size = n_bytes(kind, list(shape))
        assert size is not None
        document.tensors.append(Tensor(name.encode(), list(shape), kind, (struct.pack("<f", 1) * size)[:size]))

    return edit
