"""Reading a tokenizer.model: SentencePiece's ModelProto (sentencepiece_model.proto), as far as llama.cpp needs it."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.remedy import get_again
from desktop_vlm.system.bounded.files import read_bytes
from desktop_vlm.system.bounded.links import check_belongs

_PIECES, _TRAINER, _NORMALIZER = 1, 2, 3
_BPE = 2
_MAX_BYTES = 64 << 20


class PieceKind(IntEnum):
    """What a piece is."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


@dataclass(frozen=True)
class Piece:
    """A token."""

    text: str
    score: float
    kind: PieceKind


@dataclass(frozen=True)
class SentencePieceModel:
    """A whole tokenizer: its pieces by id, and the ids of special ones, None where there is none."""

    pieces: list[Piece]
    bos: int | None
    eos: int | None
    unk: int | None


def read_sentence_piece_model(path: Path) -> SentencePieceModel:
    """Read the file `path`.

    Raises:
        UserError: it cannot be read or is broken, or holds another tokenizer than BPE with a space in front.
    """
    check_belongs(path)
    raw = read_bytes(path, _MAX_BYTES)
    try:
        return _model(raw, path)
    except (AssertionError, IndexError, KeyError, TypeError, ValueError, struct.error):
        raise UserError(f"{path} is no SentencePiece model, or broken: {get_again(path)}.") from None


def _model(raw: bytes, path: Path) -> SentencePieceModel:
    pieces = []
    trainer: dict[int, int | bytes] = {}
    normalizer: dict[int, int | bytes] = {}
    for field, value in _fields(raw):
        if field == _PIECES and isinstance(value, bytes):
            pieces.append(_piece(value))
        elif field == _TRAINER and isinstance(value, bytes):
            trainer = dict(_fields(value))
        elif field == _NORMALIZER and isinstance(value, bytes):
            normalizer = dict(_fields(value))
    if not pieces:
        raise ValueError
    if trainer.get(3, 1) != _BPE:
        raise UserError(f"{path}: the tokenizer is no BPE tokenizer, but only those can be converted.")
    if normalizer.get(2) or normalizer.get(4, 1):
        name = normalizer.get(1, b"")
        said = name.decode(errors="replace") if isinstance(name, bytes) and normalizer.get(2) else "spaces"
        raise UserError(
            f"{path}: the tokenizer rewrites texts ({said}) in a way that llama.cpp has not: use a checkpoint whose "
            "tokenizer was trained without it."
        )
    if normalizer.get(3, 1) != 1:
        raise UserError(f"{path}: the tokenizer puts no space in front of a text, which llama.cpp cannot do without.")
    return SentencePieceModel(
        pieces, bos=_special(trainer, 41, 1), eos=_special(trainer, 42, 2), unk=_special(trainer, 40, 0)
    )


def _special(trainer: dict[int, int | bytes], field: int, default: int) -> int | None:
    value = trainer.get(field, default)
    assert isinstance(value, int)
    return value if value < 1 << 31 else None  # -1 is written as a large number


def _piece(raw: bytes) -> Piece:
    fields = dict(_fields(raw))
    text, score, kind = fields[1], fields.get(2, b"\0\0\0\0"), fields.get(3, 1)
    assert isinstance(text, bytes)
    assert isinstance(score, bytes)
    assert isinstance(kind, int)
    value = struct.unpack("<f", score)[0]
    if not math.isfinite(value):
        raise ValueError
    return Piece(text.decode(), value, PieceKind(kind))


def _fields(raw: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and value of each field of a message; numbers of fixed size as their bytes."""
    place = 0
    while place < len(raw):
        key, place = _varint(raw, place)
        kind = key & 7
        if kind == 0:
            value, place = _varint(raw, place)
            yield key >> 3, value
            continue
        if kind == 2:
            size, place = _varint(raw, place)
        else:
            size = {1: 8, 5: 4}[kind] if kind in (1, 5) else len(raw) + 1
        if place + size > len(raw):
            raise ValueError
        yield key >> 3, raw[place : place + size]
        place += size


def _varint(raw: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[place]
        place += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, place
        if shift > 63:
            raise ValueError
