"""JSON that nobody vouches for: what is in it is a value that every part of the program can use, or it is refused.

Python's own reader takes NaN, 1e999, half a character, a name twice in one object and lists of any depth. Each of them
becomes a traceback, or a surprise, somewhere else.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.bounded.files import MAX_TEXT_BYTES, decode_text, read_bytes

MOST_DEPTH = 64
"""Brackets within brackets."""

MOST_DIGITS = 1_000
"""Of a number."""

MOST_VALUES = 4_000_000
"""In one text: each takes up to a hundred times its characters. The largest tokenizer.json has two fifths of it."""

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_SHOWN = 60


class BadJsonError(ValueError):
    """Why a text is refused: a clause to stand behind the file's name, such as `is not valid JSON (...)`."""


class _Wrong:
    """Stands for a value that must not be there, until its place is known."""

    def __init__(self, clause: str) -> None:
        self.clause = clause


def parse_json(text: str | bytes, *, file_names: bool = False) -> Any:
    """The values of a text.

    Args:
        text: of whichever Unicode encoding, where it is bytes.
        file_names: whether it may hold names of files that are no text, which stand there as halves of characters.

    Raises:
        BadJsonError: it is no JSON, nested too deeply, has too many values, numbers that are not finite or too long,
            half a character, or a name twice with different values; the clause says where.
    """
    if isinstance(text, bytes):
        try:
            text = decode_text(text)
        except UnicodeDecodeError:
            raise BadJsonError("is not UTF-8 text") from None
    if text.count(",") + text.count(":") > MOST_VALUES or text.count("[") + text.count("{") > MOST_VALUES:
        raise BadJsonError(f"holds more than {MOST_VALUES:,} values")
    reader = _Reader()
    try:
        content = json.loads(
            text, object_pairs_hook=reader.object, parse_constant=reader.constant, parse_float=reader.number,
            parse_int=reader.whole,
        )  # fmt: skip
    except json.JSONDecodeError as error:
        raise BadJsonError(f"is not valid JSON (line {error.lineno}, column {error.colno}: {error.msg})") from None
    except RecursionError:
        raise BadJsonError("is nested too deeply") from None
    if _depth_exceeds(content, MOST_DEPTH):
        raise BadJsonError("is nested too deeply")
    has_halves = not file_names and _HALF.search(text) is not None
    if reader.is_suspicious or has_halves:
        for place, clause in _problems(content, has_halves):
            raise BadJsonError(f"{clause} at `{place}`" if place else clause)
    return content


class _Reader:
    """The hooks of one reading; `is_suspicious` where something has to be looked for."""

    def __init__(self) -> None:
        self.is_suspicious = False

    def object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            for key, value in pairs:
                if type(made[key]) is not type(value) or made[key] != value:
                    made[key] = self._wrong("has two different values")
                    break
        return made

    def constant(self, name: str) -> Any:
        return self._wrong(f"holds {name}, which is no number in JSON,")

    def number(self, text: str) -> Any:
        value = float(text)
        return value if math.isfinite(value) else self._wrong(f"holds {_short(text)}, which is too large a number,")

    def whole(self, text: str) -> Any:
        return int(text) if len(text) <= MOST_DIGITS else self._wrong("holds a number of too many digits")

    def _wrong(self, clause: str) -> _Wrong:
        self.is_suspicious = True
        return _Wrong(clause)


def _depth_exceeds(content: Any, most: int) -> bool:
    """Whether brackets are open within more than `most` others; level by level, as recursion has limits of its own."""
    level = [content] if isinstance(content, (dict, list)) else []
    for _ in range(most):
        level = [
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, (dict, list))
        ]
        if not level:
            return False
    return True


def _problems(content: Any, has_halves: bool) -> Iterator[tuple[str, str]]:
    """Place and clause of everything that must not be there; halves of characters where they are asked for."""
    waiting: list[tuple[str, Any]] = [("", content)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, _Wrong):
            yield place, value.clause
        elif isinstance(value, str) and has_halves and not _is_text(value):
            yield place, "holds half of a character"
        elif isinstance(value, dict):
            for key, item in value.items():
                if has_halves and not _is_text(key):
                    yield place, "holds a name with half of a character"
                    continue
                waiting.append((f"{place}.{_short(key)}" if place else _short(key), item))
        elif isinstance(value, list):
            waiting += [(f"{place}[{i}]", item) for i, item in enumerate(value)]


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _short(text: str) -> str:
    shown = "".join(char if char.isprintable() else repr(char)[1:-1] for char in text[:_SHOWN])
    return shown if len(text) <= _SHOWN else f"{shown}..."


def read_json(path: Path, way_out: str, *, most_bytes: int = MAX_TEXT_BYTES, file_names: bool = False) -> Any:
    """The values in a file.

    Args:
        path: the file.
        way_out: what to do about a broken one, to end the sentence.
        most_bytes: refuse a larger one.
        file_names: as for `parse_json`.

    Raises:
        UserError: it cannot be read, or as for `parse_json`.
    """
    try:
        return parse_json(read_bytes(path, most_bytes), file_names=file_names)
    except BadJsonError as error:
        raise UserError(f"{path} {error}: {way_out}.") from None


def read_json_object(
    path: Path, way_out: str, *, most_bytes: int = MAX_TEXT_BYTES, file_names: bool = False
) -> dict[str, Any]:
    """The object in a file.

    Raises:
        UserError: as for `read_json`, or it holds something else than an object.
    """
    content = read_json(path, way_out, most_bytes=most_bytes, file_names=file_names)
    if not isinstance(content, dict):
        raise UserError(f"{path} should hold a JSON object: {way_out}.")
    return content


def optional_object(path: Path, most_bytes: int) -> Mapping[str, Any]:
    """The object in a file that is worth no error: empty where there is none that can be read."""
    try:
        return read_json_object(path, "", most_bytes=most_bytes, file_names=True)
    except UserError:
        return {}
