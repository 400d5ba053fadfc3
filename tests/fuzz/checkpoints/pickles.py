"""Lies in PyTorch's files: instructions of the pickle, and members of the archive."""

from __future__ import annotations

import random
import re
import struct
import zipfile
from pathlib import Path

_DIRECTORY = b"PK\x01\x02"
_SNIPPETS = (
    b"(", b")", b"]", b"}", b"N", b"t", b"u", b"s", b"R", b"b", b"0", b"2", b"\x85", b"\x86", b"\x87", b"\x88", b"\x94",
    b"cos\nsystem\n(X\x02\x00\x00\x00lstR", b"ccollections\nOrderedDict\n)R", b"q\x00h\x00", b"J\xff\xff\xff\xff",
    b"J\xff\xff\xff\x7f", b"\x8a\xff" + b"\x7f" * 255, b"G\x7f\xf0\0\0\0\0\0\0", b"I" + b"9" * 300 + b"\n", b"Q", b".",
    b"X\xff\xff\xff\xff", b"\x8d" + b"\xff" * 8, b"(" * 3000, b"N" * 3000, b"]" + b"(" * 500 + b"l" * 500,
    b")" + b"\x86".join([b"q\x00h\x00"] * 60) + b"\x86", b"(" + b"2" * 400 + b"t",
)  # fmt: skip
"""Instructions that mean something, in places where they should not."""


def lie(path: Path, rng: random.Random) -> str:
    """Change one thing in an archive."""
    with zipfile.ZipFile(path) as archive:
        members = {one.filename: archive.read(one) for one in archive.infolist()}
    pickle_name = next(name for name in members if name.endswith("data.pkl"))
    way = rng.randrange(9)
    method = zipfile.ZIP_STORED
    if way < 4:
        raw, done = _other_pickle(members[pickle_name], rng)
        members[pickle_name] = raw
    else:
        name = rng.choice([*members, pickle_name])
        done = f"{name} changed in way {way}"
        if way == 4:
            del members[name]
        elif way == 5:
            members[name] = members[name][: len(members[name]) // 2]
        elif way == 6:
            members[name] += b"\0" * 100
        elif way == 7:
            method = zipfile.ZIP_DEFLATED
        else:
            members[rng.choice(("x/data.pkl", "../data.pkl", "archive/data/../../x", "archive/byteorder"))] = members[
                name
            ]
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    if rng.random() < 0.15:
        done += _other_directory(path, rng)
    return f"{path.name}: {done}"


def _other_pickle(raw: bytes, rng: random.Random) -> tuple[bytes, str]:
    changed = bytearray(raw)
    at = rng.randrange(len(changed))
    way = rng.randrange(4)
    if way == 0:
        changed[at] = rng.randrange(256)
    elif way == 1:
        del changed[at : at + rng.choice((1, 1, 5, 100))]
    elif way == 2:
        changed[at:at] = rng.choice(_SNIPPETS)
    else:
        shape = raw.find(b"J", at)
        if shape >= 0:
            changed[shape + 1 : shape + 5] = struct.pack("<i", rng.choice((-1, 0, 1, 2, 2**31 - 1, -(2**31), 4096)))
    return bytes(changed), f"pickle changed in way {way} at {at}"


def _other_directory(path: Path, rng: random.Random) -> str:
    """Numbers in the list at the archive's end."""
    raw = bytearray(path.read_bytes())
    places = [found.start() for found in re.finditer(re.escape(_DIRECTORY), raw)] or [0]
    at = rng.choice(places) + rng.choice((10, 20, 24, 28, 30, 42))
    raw[at : at + 4] = struct.pack("<I", rng.choice((0, 1, 0xFFFFFFFF, 0x7FFFFFFF, len(raw))))
    path.write_bytes(raw)
    return f", directory changed at {at}"
