"""One object of a file, from which values are taken that have a type and bounds, with errors that name file and key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop_vlm.api.errors import UserError

MOST = (1 << 31) - 1
"""The largest whole number that GGUF's entries of 32 bits hold, with a sign or without."""

_LEAST_NUMBER, _MOST_NUMBER = 1e-30, 1e30  # as float32, neither zero nor infinite
_SHOWN = 120


@dataclass(frozen=True)
class Section:
    """One object of a settings file, read key by key.

    Attributes:
        values: the object.
        where: how errors name it, such as `config.json: text_config`.
        way_out: what to do where something is missing, to end the sentence.
    """

    values: Mapping[str, Any]
    where: str
    way_out: str = ""

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

    def switch(self, key: str, default: bool) -> bool:
        """Yes or no at `key`; null reads as absent."""
        value = self._value(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def section(self, key: str) -> Section:
        """The object at `key`; absent reads as empty."""
        value = self.values.get(key)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise self.wrong(key, "an object")
        return Section(value, f"{self.where}: {key}", self.way_out)

    def wrong(self, key: str, expected: str) -> UserError:
        """The error for a value at `key` that is not `expected`."""
        found = _shown(self.values.get(key))
        return UserError(f"{self.where}: `{_one_line(key)}` should be {expected}, found {found}.")

    def _value(self, key: str, default: Any) -> Any:
        value = self.values.get(key)
        if value is None:
            value = default
        if value is None:
            end = f": {self.way_out}" if self.way_out else ""
            raise UserError(f"{self.where}: `{key}` is missing{end}.")
        return value


def _shown(value: Any) -> str:
    text = "a huge number" if isinstance(value, int) and value.bit_length() > 4_000 else repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text[:_SHOWN])
