"""Typed look-ups of a GGUF's settings, which name the file and the key where a value is missing or makes no sense."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

MANY = 1 << 24
"""No count of anything in a model is larger."""

_SHOWN_ITEMS, _SHOWN_CHARACTERS = 8, 60


@dataclass(frozen=True)
class Fields:
    """The settings of one file.

    Attributes:
        file: whose header was read.
        way_out: what the person may do about a bad value; the end of every sentence.
    """

    file: GgufFile
    way_out: str

    def value(self, key: str) -> Any:
        """A setting of any type.

        Raises:
            UserError: there is none.
        """
        setting = self.file.settings.get(key)
        if setting is None:
            raise UserError(f"{self.file.path.name} lacks the setting {key}; {self.way_out}.")
        if setting.count > MANY:
            raise self.bad(key)
        return self.file.value(key)

    def has(self, key: str) -> bool:
        """Whether there is such a setting."""
        return key in self.file.settings

    def bad(self, key: str, needed: str = "") -> UserError:
        """The sentence for a value that makes no sense; `needed` says what it must be."""
        must_be = f", and must be {needed}" if needed else ""
        return UserError(
            f"{self.file.path.name} has an unusable value for {key} (it is {self._shown(key)}{must_be}); "
            f"{self.way_out}."
        )

    def _shown(self, key: str) -> str:
        setting = self.file.settings.get(key)
        if setting is None:
            return "not there"
        if setting.count > _SHOWN_ITEMS:
            return f"a list of {setting.count}"
        value = self.file.value(key)
        return repr(value if not isinstance(value, str) else value[:_SHOWN_CHARACTERS])

    def text(self, key: str, default: str | None = None) -> str:
        """A text."""
        value = default if default is not None and not self.has(key) else self.value(key)
        if not isinstance(value, str):
            raise self.bad(key, "a text")
        return value

    def texts(self, key: str) -> list[str]:
        """A list of texts."""
        value = self.value(key)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value[:1]):
            raise self.bad(key, "a list of texts")
        return value

    def boolean(self, key: str, default: bool) -> bool:
        """Yes or no."""
        value = self.value(key) if self.has(key) else default
        if not isinstance(value, bool):
            raise self.bad(key, "true or false")
        return value

    def integer(self, key: str, default: int | None = None, *, least: int = 1, most: int = MANY) -> int:
        """A whole number from `least` to `most`."""
        value = default if default is not None and not self.has(key) else self.value(key)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.bad(key, f"a whole number from {least} to {most}")
        return value

    def integers(self, key: str, *, least: int, most: int) -> tuple[int, ...]:
        """A list of whole numbers from `least` to `most`."""
        value = self.value(key)
        if not isinstance(value, list) or not all(_is_whole(item) and least <= item <= most for item in value):
            raise self.bad(key, f"a list of whole numbers from {least} to {most}")
        return tuple(value)

    def number(self, key: str, *, above: float = 0.0, below: float = 1.0) -> float:
        """A floating-point number between two others."""
        value = self.value(key)
        if not isinstance(value, float) or not above < value < below:
            raise self.bad(key, f"between {above:g} and {below:g}")
        return value

    def numbers(self, key: str, *, length: int) -> tuple[float, ...]:
        """A list of so many finite numbers."""
        value: Sequence[Any] = self.value(key)
        if not isinstance(value, list) or len(value) != length or not all(map(_is_finite, value)):
            raise self.bad(key, f"a list of {length} finite numbers")
        return tuple(float(item) for item in value)


def _is_whole(item: Any) -> bool:
    return isinstance(item, int) and not isinstance(item, bool)


def _is_finite(item: Any) -> bool:
    return isinstance(item, (int, float)) and math.isfinite(item)
