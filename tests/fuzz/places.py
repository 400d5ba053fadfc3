"""What stands in a file's place: pipes, devices, folders, sockets, links out of the folder, holes, and odd bytes."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

Change = Callable[[Path, random.Random], str]
"""Changes what is at a path; says what it did."""


def pipe(path: Path, _rng: random.Random) -> str:
    """A pipe that nobody writes into."""
    remove(path)
    os.mkfifo(path)
    return "a pipe"


def device(path: Path, rng: random.Random) -> str:
    """A device that never ends, or is nothing."""
    remove(path)
    target = rng.choice(("/dev/zero", "/dev/urandom", "/dev/null", "/dev/tty", "/dev/full", "/proc/self/mem"))
    path.symlink_to(target)
    return target


def folder(path: Path, _rng: random.Random) -> str:
    """A folder."""
    remove(path)
    path.mkdir()
    return "a folder"


def bound_socket(path: Path, _rng: random.Random) -> str:
    """A socket."""
    remove(path)
    here = Path.cwd()
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as made:
        try:
            os.chdir(path.parent)  # addresses of sockets are short
            made.bind(path.name)
        finally:
            os.chdir(here)
    return "a socket"


def link_out(path: Path, rng: random.Random) -> str:
    """A link to something that is not the folder's, or to nothing, or to itself."""
    remove(path)
    target = rng.choice(
        ("/etc/passwd", "../../../../../../etc/hostname", path.name, "no such file", "/proc/self/environ")
    )
    path.symlink_to(target)
    return f"a link to {target}"


def gone(path: Path, _rng: random.Random) -> str:
    """Nothing."""
    remove(path)
    return "gone"


def empty(path: Path, _rng: random.Random) -> str:
    """No bytes."""
    remove(path)
    path.write_bytes(b"")
    return "empty"


def hole(path: Path, rng: random.Random) -> str:
    """Gigabytes of zeros that take no room."""
    remove(path)
    with path.open("wb") as file:
        file.write(rng.choice((b"", b"{", b'{"a": "')))
        file.truncate(rng.choice((70 << 20, 5 << 30, 1 << 42)))
    return "a hole"


def noise(path: Path, rng: random.Random) -> str:
    """Random bytes."""
    remove(path)
    path.write_bytes(rng.randbytes(rng.choice((1, 7, 8, 9, 100, 5000))))
    return "noise"


def cut(path: Path, rng: random.Random) -> str:
    """The beginning only."""
    raw = path.read_bytes()
    path.write_bytes(raw[: rng.choice((rng.randrange(len(raw) + 1), len(raw) - 1, 8, 1))])
    return "cut"


def longer(path: Path, rng: random.Random) -> str:
    """Bytes at the end."""
    with path.open("ab") as file:
        file.write(rng.choice((b"\0", b"\n", b"}", rng.randbytes(9), b"x" * 5000)))
    return "longer"


def flipped(path: Path, rng: random.Random) -> str:
    """Some bytes changed, mostly at the beginning."""
    raw = bytearray(path.read_bytes())
    end = min(len(raw), rng.choice((8, 64, 4096, len(raw) or 1)))
    for _ in range(rng.choice((1, 1, 3, 20)) if end else 0):
        raw[rng.randrange(end)] = rng.choice((0, 255, rng.randrange(256), 0x22, 0x5B, 0x2D))
    path.write_bytes(raw)
    return "bytes flipped"


def other_encoding(path: Path, rng: random.Random) -> str:
    """The same text otherwise: some of it is right, some is no Unicode."""
    text = path.read_bytes().decode("utf-8", "replace")
    name = rng.choice(("utf-16", "utf-32", "utf-8-sig", "latin-1", "utf-16-le", "cp1252", "half"))
    raw = text.encode("utf-8") + b"\xed\xa0\x80" if name == "half" else text.encode(name, "replace")
    path.write_bytes(raw)
    return f"in {name}"


def no_permission(path: Path, _rng: random.Random) -> str:
    """A file that nobody may read (but an administrator)."""
    path.chmod(0)
    return "without permission"


PLACES: tuple[Change, ...] = (
    pipe, device, device, folder, bound_socket, link_out, link_out, gone, empty, hole, noise, no_permission,
)  # fmt: skip
CONTENTS: tuple[Change, ...] = (cut, longer, flipped, flipped, other_encoding)


def remove(path: Path) -> None:
    """Whatever is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def disturb(path: Path, rng: random.Random) -> str:
    """Put something else in a file's place, or change its bytes."""
    changes = CONTENTS if rng.random() < 0.6 else PLACES
    if not path.is_file():
        changes = PLACES
    return f"{path.name} {rng.choice(changes)(path, rng)}"
