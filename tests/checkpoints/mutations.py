"""Changes to a checkpoint's files that nobody would make on purpose, from a seed."""

from __future__ import annotations

import copy
import json
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.checkpoints.seeded import write_json

ODD: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 2, 3, 7, 1 << 31, 1 << 63, 10**4000, 0.0, -0.5, 1.5, 1e-40, 1e39, math.nan, math.inf,
    "", "x", "1", "\ud800", "a\nb", "\0", "../x", "default", [], [0], [[]], {}, {"a": 1}, [None], ["x"], [1, 2, 3],
    {"type": "Sequence"}, {"type": 3}, "yarn", 10**6, 10**9,
)  # fmt: skip
"""What takes the place of a value."""

DEEP = "[" * 100_000


def places(content: Any, most: int = 12) -> list[tuple[Any, Any]]:
    """(container, key) of every value in `content`; of long lists and objects only some."""
    found: list[tuple[Any, Any]] = []
    keys: list[Any] = []
    if isinstance(content, dict):
        keys = list(content)
    elif isinstance(content, list):
        keys = list(range(len(content)))
    if len(keys) > most:
        keys = keys[: most // 2] + keys[-(most // 2) :]
    for key in keys:
        found.append((content, key))
        found += places(content[key], most)
    return found


def change_value(rng: random.Random, content: Any) -> str:
    """Change something in parsed JSON; says what."""
    if not (found := places(content)):
        return "nothing"
    container, key = rng.choice(found)
    way = rng.randrange(6)
    if way == 0 and isinstance(container, dict):
        del container[key]
        return f"without {key!r}"
    if way == 1 and isinstance(container, list):
        container.append(copy.deepcopy(container[key]))
        return f"{key} twice"
    if way == 2 and isinstance(container[key], int) and not isinstance(container[key], bool):
        container[key] = rng.choice([container[key] + 1, container[key] - 1, container[key] * 2, container[key] // 2])
    else:
        container[key] = copy.deepcopy(rng.choice(ODD))
    return f"{key!r} = {str(container[key])[:40]!r}"


def mutate_json(rng: random.Random, path: Path) -> str:
    content = json.loads(path.read_text(encoding="utf-8"))
    said = [change_value(rng, content) for _ in range(rng.choice([1, 1, 1, 2]))]
    path.write_text(json.dumps(content), encoding="utf-8", errors="surrogatepass")
    return f"{path.name}: {', '.join(said)}"


def mutate_header(rng: random.Random, path: Path) -> str:
    """Change the header of a safetensors file."""
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    said = change_value(rng, header)
    encoded = json.dumps(header).encode()
    path.write_bytes(len(encoded).to_bytes(8, "little") + encoded + raw[start:])
    return f"{path.name}: {said}"


def mutate_bytes(rng: random.Random, path: Path) -> str:
    """Change, cut or lengthen a file's bytes."""
    raw = bytearray(path.read_bytes())
    way = rng.randrange(6)
    if way == 0:
        raw = raw[: rng.randrange(len(raw) + 1)]
    elif way == 1:
        raw = bytearray(rng.randbytes(64))
    elif way == 2:
        raw += rng.randbytes(100)
    elif way == 3:
        raw = bytearray(DEEP.encode())
    else:
        end = min(len(raw), rng.choice([8, 64, 4096]))
        for _ in range(rng.choice([1, 3, 20])):
            raw[rng.randrange(end)] = rng.randrange(256)
    path.write_bytes(raw)
    return f"{path.name}: bytes, way {way}"


def mutate_kind(rng: random.Random, path: Path) -> str:
    """Put something else than a file of settings or weights in a file's place."""
    path.unlink()
    way = rng.randrange(3)
    if way == 0:
        path.mkdir()
    elif way == 1:
        path.symlink_to("/dev/zero")
    return f"{path.name}: {('a folder', 'a device', 'gone')[way]}"


def mutate(rng: random.Random, folder: Path) -> str:
    """Change one file of the checkpoint in `folder`; says what was done."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    path = rng.choice([*files, *(file for file in files if file.suffix == ".json")])
    ways: list[Callable[[random.Random, Path], str]] = [mutate_bytes, mutate_kind]
    if path.suffix == ".json":
        ways += [mutate_json] * 12
    if path.suffix == ".safetensors":
        ways += [mutate_header] * 6
    return rng.choice(ways)(rng, path)


def write_index(folder: Path) -> None:
    """Give a checkpoint of one file an index, so that there is one to change."""
    path = folder / "model.safetensors"
    header = json.loads(path.read_bytes()[8 : 8 + int.from_bytes(path.read_bytes()[:8], "little")])
    file = "model-00001-of-00001.safetensors"
    path.rename(folder / file)
    write_json(folder / "model.safetensors.index.json", {"weight_map": dict.fromkeys(header, file)})
