"""Valid messages of any kind, made from the types of their fields."""

from __future__ import annotations

import random
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

WORDS = ("", "a", "load", "encode", "stop", "RGB", "user")
TEXTS = (*WORDS, "Grüße 👋", "\x00", "e\u0301" * 3, "\u202e", "x" * 300, "a" * 64)
NUMBERS = (0, 1, 2, 3, 7, -1, 255, 4096, 2**31, 2**53, 2**63 - 1, -(2**63) + 1)
FRACTIONS = (0.0, 0.25, 1.0, -1.0, 1e300, 5e-324)


def message(kind: type[Any], rng: random.Random, **given: Any) -> Any:
    """A message of this kind; `given` are fields that must be so."""
    hints = get_type_hints(kind)
    values = {field.name: value(hints[field.name], rng) for field in fields(kind)}
    known = {name: one for name, one in given.items() if name in values}
    return kind(**values | known)


def value(hint: Any, rng: random.Random) -> Any:
    """A value of a type that fields have."""
    origin = get_origin(hint)
    if origin is ClassVar:
        raise TypeError("no field")
    if origin in (Union, UnionType):
        inner = [one for one in get_args(hint) if one is not type(None)]
        return None if rng.random() < 0.4 else value(inner[0], rng)
    if origin is tuple:
        return tuple(value(get_args(hint)[0], rng) for _ in range(rng.choice((0, 1, 1, 2, 5))))
    if origin is dict:
        return {rng.choice(TEXTS): rng.choice((*NUMBERS, *FRACTIONS, *TEXTS)) for _ in range(rng.randrange(3))}
    if isinstance(hint, type) and is_dataclass(hint):
        return _dataclass(hint, rng)
    simple: dict[Any, Any] = {
        str: lambda: rng.choice(TEXTS),
        int: lambda: rng.choice(NUMBERS),
        float: lambda: rng.choice(FRACTIONS),
        bool: lambda: rng.random() < 0.5,
        bytes: lambda: rng.randbytes(rng.choice((0, 1, 12, 400))),
        Path: lambda: Path("/") / (rng.choice(TEXTS).replace("\x00", "0") or "a"),
    }
    return simple[hint]() if hint in simple else rng.choice(TEXTS)


def _dataclass(hint: type[Any], rng: random.Random) -> Any:
    """One that may be picky about its values: then another try, and at last its defaults."""
    for _ in range(20):
        try:
            return message(hint, rng)
        except (ValueError, TypeError):
            continue
        except Exception:  # noqa: BLE001 - its own kind of error
            continue
    return hint()
