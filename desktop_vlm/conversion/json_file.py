"""JSON files of a checkpoint, read with errors that name the file and the key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.remedy import get_again
from desktop_vlm.system.border.files import read_text


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

    def integer(self, key: str, default: int | None = None, *, least: int = 1) -> int:
        """The whole number at `key`, at least `least`."""
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self.wrong(key, f"a whole number of at least {least}")
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """The positive number at `key`."""
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < float("inf"):
            raise self.wrong(key, "a positive number")
        return float(value)

    def string(self, key: str, default: str | None = None) -> str:
        """The string at `key`."""
        value = self._value(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, "a string")
        return value

    def integers(self, key: str, default: list[int]) -> tuple[int, ...]:
        """The list of whole numbers at `key`, none negative."""
        value = self._value(key, default)
        if not isinstance(value, list) or not all(type(item) is int and item >= 0 for item in value):
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
        return UserError(f"{self.where}: `{key}` should be {expected}, found {self.values.get(key)!r}.")

    def _value(self, key: str, default: Any) -> Any:
        value = self.values.get(key)
        if value is None:
            value = default
        if value is None:
            raise UserError(f"{self.where}: `{key}` is missing: {get_again(Path(self.where.split(': ')[0]))}.")
        return value
