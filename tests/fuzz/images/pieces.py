"""Image files as pieces, and back. Checksums and sizes are made right again, so that damage reaches the decoders."""

from __future__ import annotations

import itertools
import random
import re
import struct
import zlib
from dataclasses import dataclass


@dataclass
class Piece:
    """A part of a file.

    Attributes:
        name: what the format calls it.
        head: what stands before its content, lengths aside.
        body: its content.
    """

    name: bytes
    head: bytes
    body: bytes


def split(kind: str, data: bytes) -> list[Piece]:
    """The pieces of a whole file of a format."""
    return {"png": _split_png, "jpeg": _split_jpeg, "webp": _split_webp, "gif": _split_gif}.get(kind, _split_anything)(
        data
    )


def join(kind: str, pieces: list[Piece], rng: random.Random) -> bytes:
    """A file of these pieces; now and then, what says how long or whole they are is left wrong."""
    if kind == "png":
        return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(piece, rng) for piece in pieces)
    if kind == "webp":
        body = b"WEBP" + b"".join(
            piece.name + _length(len(piece.body), "<I", rng) + piece.body + b"\0" * (len(piece.body) % 2)
            for piece in pieces
        )
        return b"RIFF" + _length(len(body), "<I", rng) + body
    if kind == "jpeg":
        return b"".join(_jpeg_segment(piece, rng) for piece in pieces)
    return b"".join(piece.head + piece.body for piece in pieces)


def _length(length: int, form: str, rng: random.Random) -> bytes:
    if rng.random() < 0.03:
        length = rng.choice((0, 1, length - 1, length + 1, 0x7FFFFFFF, 0xFFFFFFFF))
    return struct.pack(form, length & ((1 << 8 * struct.calcsize(form)) - 1))


def _split_png(data: bytes) -> list[Piece]:
    at, found = 8, []
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        found.append(Piece(data[at + 4 : at + 8], b"", data[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


def _png_chunk(piece: Piece, rng: random.Random) -> bytes:
    check = zlib.crc32(piece.name + piece.body)
    if rng.random() < 0.02:
        check ^= 1
    return _length(len(piece.body), ">I", rng) + piece.name + piece.body + struct.pack(">I", check)


def _split_jpeg(data: bytes) -> list[Piece]:
    at, found = 0, []
    while at + 2 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1 : at + 2]
        if marker[0] in (0xD8, 0xD9) or 0xD0 <= marker[0] <= 0xD7:
            found.append(Piece(marker, b"bare", b""))
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        found.append(Piece(marker, b"", data[at + 4 : at + 2 + length]))
        at += 2 + length
        if marker == b"\xda":
            end = next((m.start() for m in re.compile(rb"\xff[^\0\xd0-\xd7]").finditer(data, at)), len(data))
            found.append(Piece(b"scan", b"raw", data[at:end]))
            at = end
    return [*found, Piece(b"rest", b"raw", data[at:])]


def _jpeg_segment(piece: Piece, rng: random.Random) -> bytes:
    if piece.head == b"raw":
        return piece.body
    if piece.head == b"bare":
        return b"\xff" + piece.name
    return b"\xff" + piece.name + _length(len(piece.body) + 2, ">H", rng) + piece.body


def _split_webp(data: bytes) -> list[Piece]:
    at, found = 12, []
    while at + 8 <= len(data):
        (length,) = struct.unpack_from("<I", data, at + 4)
        found.append(Piece(data[at : at + 4], b"", data[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    return found


def _split_gif(data: bytes) -> list[Piece]:
    """By the bytes that introduce blocks; a wrong cut does no harm here."""
    cuts = sorted({0, 13, *(m.start() for m in re.finditer(rb"\x21[\xf9\xff\xfe]|\x00\x2c", data)), len(data)})
    return [Piece(data[a : a + 1], data[a : a + 1], data[a + 1 : b]) for a, b in itertools.pairwise(cuts)]


def _split_anything(data: bytes) -> list[Piece]:
    """Headers are short and matter most: pieces grow towards the end."""
    cuts, size = [0], 8
    while cuts[-1] + size < len(data):
        cuts.append(cuts[-1] + size)
        size = size * 3 // 2
    cuts.append(len(data))
    return [Piece(b"", b"", data[a:b]) for a, b in itertools.pairwise(cuts)]
