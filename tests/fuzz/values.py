"""Changes to JSON-like values, and to the text that they become."""

from __future__ import annotations

import copy
import json
import math
import random
from collections.abc import Sequence
from typing import Any

Value = Any

WHOLE = (
    -(2**63), -(2**31) - 1, -1000, -1, 0, 1, 2, 3, 4, 7, 8, 13, 16, 31, 33, 64, 96, 127, 255, 256, 1000, 4096, 65536,
    10**6, 10**9, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**53 + 1, 2**63 - 1, 2**63, 2**64, 10**30, 10**200,
)  # fmt: skip
REAL = (0.0, -0.0, 0.5, -1.5, 1.0, 1e-45, 1e-40, 1e-30, 1e-6, 1e6, 1e30, 1e38, 3.5e38, 1e39, 1e308, math.nan, math.inf)
TEXTS = (
    "", " ", "x", "0", "1", "true", "null", "default", "linear", "yarn", "llama3", "silu", "gelu", "BPE", "Sequence",
    "a\nb", "\0", "a\0b", "\ud800", "\udfff", "\u202e", "\x1b[31m", "é", "😀", "../x", "/etc/passwd", "..",
    ".", "C:\\x",
    "<|image|>", "<image>", "[IMG]", "</s>", "<s>", "%s%n", "{}", "{0}", "${x}", "'", '"', "\\", "a" * 300,
    "(((((", "[",
    "(a+)+$", "sha256:" + "0" * 64,
)  # fmt: skip
KINDS: tuple[Value, ...] = (
    None, True, False, [], {}, [0], [[]], [None], ["x"], [1, 2, 3], {"a": 1}, {"type": "Sequence"}, {"": None}, [{}],
    [1.5, -1], [True], {"type": 3}, {"content": 5}, {"height": 1}, [[1, 1]], [[0, 0]], ["x"] * 100, [0] * 1000,
)  # fmt: skip
DEPTHS = (50, 63, 65, 200, 3000, 100_000)

RAW = (
    "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 5000, "1" + "0" * 400, "0.1" + "0" * 3000, "-0",
    "01", "1.",
    '"\\ud800"', '"\\u0000"', '"\\ud83d\\ude00"', "'x'", "true false", "", "// x", "[1,]", '{"a":1,}', '"\\x"', "\x00",
)  # fmt: skip
"""Texts that take the place of a value, valid JSON or not."""


def places(content: Value, most: int = 14) -> list[tuple[Any, Any]]:
    """(container, key) of every value in `content`; of long lists and objects only some."""
    found: list[tuple[Any, Any]] = []
    waiting = [content]
    while waiting:
        one = waiting.pop()
        keys = list(one) if isinstance(one, dict) else list(range(len(one))) if isinstance(one, list) else []
        if len(keys) > most:
            keys = keys[: most // 2] + keys[-(most // 2) :]
        found += [(one, key) for key in keys]
        waiting += [one[key] for key in keys]
    return found


def odd(rng: random.Random, like: Value = None) -> Value:
    """A value that is hardly expected; often of the same type as `like`."""
    if rng.random() < 0.5 and (near := _near(rng, like)):
        return copy.deepcopy(rng.choice(near))
    return copy.deepcopy(rng.choice((*WHOLE, *REAL, *TEXTS, *KINDS)))


def _near(rng: random.Random, like: Value) -> Sequence[Value]:
    """Values of the type of `like`, or that somebody might have written for it."""
    if isinstance(like, bool):
        return (not like, int(like), str(like))
    if isinstance(like, int):
        near = (like + 1, like - 1, like * 2, like // 2, -like, str(like), like + 0.5 if abs(like) < 1 << 60 else 0)
        return near if rng.random() < 0.6 else WHOLE
    if isinstance(like, float):
        return REAL
    if isinstance(like, str):
        return (*TEXTS, *(like + "x", like[:-1], like.upper(), f" {like}", like * 2, [like]) * 6)
    if isinstance(like, list):
        return ([], like * 2, like[:-1], like[::-1], [like], like[:1] * 500, dict(enumerate(like[:5])))
    return ({}, [like], list(like), {**like, "": like}) if isinstance(like, dict) else ()


def change(rng: random.Random, content: Value, more: Sequence[Any] = ()) -> str:
    """Change something in `content`; says what. `more` are values that the format itself knows."""
    if not (found := places(content)):
        return "nothing"
    container, key = rng.choice(found)
    way = rng.randrange(10)
    if way == 0:
        if isinstance(container, dict):
            del container[key]
        else:
            container.pop(key)
        return f"without {key!r}"
    if way == 1 and isinstance(container, list):
        container.insert(rng.randrange(len(container) + 1), copy.deepcopy(container[key]))
        return f"{key} twice"
    if way == 2:  # the value of another place
        other, at = rng.choice(found)
        if not isinstance(other[at], (dict, list)) or len(str(other[at])) < 2000:
            container[key] = copy.deepcopy(other[at])
            return f"{key!r} = that of {at!r}"
    if way == 3 and isinstance(container, dict):
        new = rng.choice([*TEXTS, f"{key}x", *(at for _, at in found if isinstance(at, str))])
        container[new] = container.pop(key)
        return f"{key!r} renamed {new!r}"
    container[key] = rng.choice(more) if more and rng.random() < 0.3 else odd(rng, container[key])
    return f"{key!r} = {str(container[key])[:60]!r}"


def to_text(rng: random.Random, content: Value) -> tuple[str, str]:
    """JSON text of `content`, now and then with something in it that JSON values cannot say; and what that is."""
    if rng.random() > 0.25:
        return json.dumps(content), ""
    found = places(content)
    if not found:
        return rng.choice(RAW), "raw text"
    container, key = rng.choice(found)
    kept, container[key] = container[key], "\x01PLACE\x01"
    text = json.dumps(content)
    container[key] = kept
    place = json.dumps("\x01PLACE\x01")
    way = rng.randrange(4)
    if way == 0:
        depth = rng.choice(DEPTHS)
        opening, closing = rng.choice((("[", "]"), ('{"a":', "}")))
        return text.replace(place, opening * depth + "1" + closing * depth), f"{depth} levels at {key!r}"
    if way == 1 and isinstance(container, dict):
        twice = f"{json.dumps(kept)}, {json.dumps(key)}: {json.dumps(odd(rng, kept))}"
        return text.replace(place, twice), f"{key!r} twice"
    raw = rng.choice(RAW)
    return text.replace(place, raw), f"{key!r} = {raw[:20]!r}"
