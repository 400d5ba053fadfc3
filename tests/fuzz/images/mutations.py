"""Changes to the pieces of an image file, each of one kind; which one, and where, is drawn."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable

from tests.fuzz.images.pieces import Piece, join, split
from tests.fuzz.images.subjects import images

Mutation = Callable[[list[Piece], list[Piece], random.Random], str]
"""Changes the first; the second is another file's. Returns what was done, for the report."""

WHOLE = (
    *(0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 24, 31, 32, 33, 63, 64, 127, 128, 255, 256, 257, 1000, 4095, 8191, 16384, 32767),
    *(32768, 65500, 65535, 65536, 1 << 20, (1 << 24) - 1, 1 << 27, (1 << 31) - 1, 1 << 31, (1 << 32) - 1),
)
NAMES = (
    *(b"IHDR", b"IDAT", b"PLTE", b"tRNS", b"gAMA", b"iCCP", b"zTXt", b"iTXt", b"eXIf", b"acTL", b"fcTL", b"fdAT"),
    *(b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"EXIF", b"ICCP", b"XMP "),
    *(b"\xc0", b"\xc1", b"\xc2", b"\xc9", b"\xc4", b"\xcc", b"\xda", b"\xdb", b"\xdd", b"\xe0", b"\xe1", b"\xe2"),
    *(b"\xee", b"\xfe", b"\xd8", b"\xd9"),
)


def change_number(pieces: list[Piece], _other: list[Piece], rng: random.Random) -> str:
    piece = _some(pieces, rng)
    form = rng.choice(("B", "<H", ">H", "<I", ">I", "<i"))
    size = struct.calcsize(form)
    if len(piece.body) < size:
        return ""
    at = rng.randrange(min(len(piece.body) - size + 1, rng.choice((16, 64, 1 << 20))))
    old = int.from_bytes(piece.body[at : at + size], "big" if form[0] == ">" else "little")
    value = rng.choice((old - 1, old + 1, old * 2, old // 2)) if rng.random() < 0.4 else rng.choice(WHOLE)
    made = (value & ((1 << 8 * size) - 1)).to_bytes(size, "big" if form[0] == ">" else "little")
    piece.body = piece.body[:at] + made + piece.body[at + size :]
    return f"{piece.name!r}+{at} {form} = {value}"


def change_bytes(pieces: list[Piece], _other: list[Piece], rng: random.Random) -> str:
    piece = _some(pieces, rng)
    if not piece.body:
        return ""
    at, length = rng.randrange(len(piece.body)), rng.choice((1, 1, 2, 8, 64))
    piece.body = piece.body[:at] + rng.randbytes(length) + piece.body[at + length :]
    return f"{piece.name!r}+{at} scribbled over, {length}"


def flip_bit(pieces: list[Piece], _other: list[Piece], rng: random.Random) -> str:
    piece = _some(pieces, rng)
    if not piece.body:
        return ""
    at, bit = rng.randrange(len(piece.body)), 1 << rng.randrange(8)
    piece.body = piece.body[:at] + bytes([piece.body[at] ^ bit]) + piece.body[at + 1 :]
    return f"{piece.name!r}+{at} ^ {bit}"


def drop(pieces: list[Piece], _other: list[Piece], rng: random.Random) -> str:
    return f"without {pieces.pop(rng.randrange(len(pieces))).name!r}"


def repeat(pieces: list[Piece], _other: list[Piece], rng: random.Random) -> str:
    at, times = rng.randrange(len(pieces)), rng.choice((1, 1, 2, 50, 2000))
    pieces[at:at] = [pieces[at]] * times
    return f"{pieces[at].name!r} {times} times more"


def swap(pieces: list[Piece], _other: list[Piece], rng: random.Random) -> str:
    one, two = rng.randrange(len(pieces)), rng.randrange(len(pieces))
    pieces[one], pieces[two] = pieces[two], pieces[one]
    return f"{one} and {two} swapped"


def rename(pieces: list[Piece], _other: list[Piece], rng: random.Random) -> str:
    piece = _some(pieces, rng)
    name = rng.choice([one for one in NAMES if len(one) == len(piece.name)] or [piece.name])
    old, piece.name = piece.name, name
    return f"{old!r} is called {name!r}"


def cut(pieces: list[Piece], _other: list[Piece], rng: random.Random) -> str:
    piece = _some(pieces, rng)
    length = rng.randrange(len(piece.body) + 1)
    piece.body = piece.body[:length]
    return f"{piece.name!r} cut to {length}"


def stretch(pieces: list[Piece], _other: list[Piece], rng: random.Random) -> str:
    piece = _some(pieces, rng)
    times = rng.choice((2, 3, 100, 60000 // (len(piece.body) + 1)))
    piece.body = (piece.body * times)[:200_000]
    return f"{piece.name!r} {times} times as long"


def take_over(pieces: list[Piece], other: list[Piece], rng: random.Random) -> str:
    piece = _some(other, rng)
    pieces.insert(rng.randrange(len(pieces) + 1), piece)
    return f"with {piece.name!r} of another file"


def end_early(pieces: list[Piece], _other: list[Piece], rng: random.Random) -> str:
    left = rng.randrange(1, len(pieces) + 1)
    del pieces[left:]
    return f"ends after {left} pieces"


def change_unpacked(pieces: list[Piece], other: list[Piece], rng: random.Random) -> str:
    """Damage below a compression that would else refuse it."""
    packed = [piece for piece in pieces if piece.name in (b"IDAT", b"fdAT", b"zTXt", b"iCCP")]
    if not packed:
        return change_bytes(pieces, other, rng)
    piece = rng.choice(packed)
    start = max(0, piece.body.find(b"\x78")) if piece.name != b"IDAT" else 0
    try:
        raw = bytearray(zlib.decompressobj().decompress(piece.body[start:], 1 << 20))
    except zlib.error:
        return ""
    for _ in range(rng.randint(1, 20)):
        if raw:
            raw[rng.randrange(len(raw))] = rng.choice((0, 1, 4, 5, 255, rng.randrange(256)))
    if rng.random() < 0.2:
        raw += bytes(rng.choice((1, 1000, 30_000_000)))
    piece.body = piece.body[:start] + zlib.compress(bytes(raw), 1)
    return f"{piece.name!r} changed under its compression"


MUTATIONS: tuple[Mutation, ...] = (
    *(change_number, change_number, change_number, change_bytes, flip_bit, drop, repeat, swap, rename, cut, stretch),
    *(take_over, end_early, change_unpacked),
)


def damaged_image(seed: int) -> tuple[str, bytes]:
    """What was done to which file, and the damaged file."""
    rng = random.Random(seed)
    subjects = images()
    name, another = rng.choice(sorted(subjects)), rng.choice(sorted(subjects))
    kind = name.partition("-")[0]
    pieces = split(kind, subjects[name])
    other = split(another.partition("-")[0], subjects[another])
    done = [name]
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        if pieces:
            mutation = rng.choice(MUTATIONS)
            done.append(mutation(pieces, other, rng))
    return "; ".join(done), join(kind, pieces, rng)


def _some(pieces: list[Piece], rng: random.Random) -> Piece:
    """A piece that may be changed without changing others that were the same."""
    at = rng.randrange(len(pieces))
    pieces[at] = Piece(pieces[at].name, pieces[at].head, pieces[at].body)
    return pieces[at]
