"""JSON files of a checkpoint, read with errors that name the file and the key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.remedy import get_again, shown
from desktop_vlm.system.border.files import read_text

MOST = (1 << 31) - 1
"""The largest whole number that GGUF's entries of 32 bits hold, with a sign or without."""

MOST_LAYERS, MOST_TOKENS, MOST_PX, MOST_WIDTH = 1000, 1 << 20, 1 << 14, 1 << 20
"""More than any model has: what is far beyond is a mistake, and would take long to find out."""

_LEAST_NUMBER, _MOST_NUMBER = 1e-30, 1e30  # as float32, neither zero nor infinite


def read_object(path: Path) -> dict[str, Any]:
    """The object that the JSON file `path` holds.

    Raises:
        UserError: the file is missing, unreadable, broken, or holds something else than an object.
    """
    if not path.exists():
        raise UserError(f"{path} is missing: {get_again(path, 'the whole checkpoint')}.")
    try:
        content = json.loads(read_text(path))
    except ValueError as error:  # no JSON, or a number of too many digits
        raise UserError(f"{path} is not valid JSON ({error}): {get_again(path)}.") from error
    except RecursionError:
        raise UserError(f"{path} is nested too deeply to be a checkpoint's file: {get_again(path, 'it')}.") from None
    if not isinstance(content, dict):
        raise UserError(f"{path} should hold a JSON object: {get_again(path)}.")
    return content


def read_optional_object(path: Path) -> dict[str, Any]:
    """Like `read_object`, but a missing file reads as an empty object."""
    return read_object(path) if path.exists() else {}


@dataclass(frozen=True)
class Section:
    """One object of a settings file, read key by key.

    Attributes:
        values: the object.
        where: how errors name it, such as `config.json: text_config`.
    """

    values: Mapping[str, Any]
    where: str

    def integer(self, key: str, default: int | None = None, *, least: int = 1, most: int = MOST) -> int:
        """The whole number at `key`, from `least` to `most`."""
        value = self._value(key, default)
        if type(value) is not int or value < least:
            raise self.wrong(key, f"a whole number of at least {least}")
        if value > most:
            raise self.wrong(key, f"a whole number of at most {most:,}")
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """The positive number at `key`."""
        value = self._value(key, default)
        if type(value) not in (int, float) or not _LEAST_NUMBER <= value <= _MOST_NUMBER:
            raise self.wrong(key, "a positive number")
        return float(value)

    def string(self, key: str, default: str | None = None) -> str:
        """The string at `key`, of one line."""
        value = self._value(key, default)
        if not isinstance(value, str) or not value.isprintable():
            raise self.wrong(key, "a string of printable characters")
        return value

    def integers(self, key: str, default: list[int]) -> tuple[int, ...]:
        """The list of whole numbers at `key`, none negative."""
        value = self._value(key, default)
        if not isinstance(value, list) or not all(type(item) is int and 0 <= item <= MOST for item in value):
            raise self.wrong(key, "a list of whole numbers")
        return tuple(value)

    def section(self, key: str) -> Section:
        """The object at `key`; absent reads as empty."""
        value = self.values.get(key)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise self.wrong(key, "an object")
        return Section(value, f"{self.where}: {key}")

    def wrong(self, key: str, expected: str) -> UserError:
        """The error for a value at `key` that is not `expected`."""
        return UserError(f"{self.where}: `{key}` should be {expected}, found {shown(repr(self.values.get(key)))}.")

    def _value(self, key: str, default: Any) -> Any:
        value = self.values.get(key)
        if value is None:
            value = default
        if value is None:
            raise UserError(f"{self.where}: `{key}` is missing: {get_again(Path(self.where.split(': ')[0]))}.")
        return value
