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

    def bad(self, key: str) -> UserError:
        """The sentence for a value that makes no sense."""
        return UserError(f"{self.file.path.name} has an unusable value for {key}; {self.way_out}.")

    def text(self, key: str, default: str | None = None) -> str:
        """A text."""
        value = default if default is not None and not self.has(key) else self.value(key)
        if not isinstance(value, str):
            raise self.bad(key)
        return value

    def texts(self, key: str) -> list[str]:
        """A list of texts."""
        value = self.value(key)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value[:1]):
            raise self.bad(key)
        return value

    def boolean(self, key: str, default: bool) -> bool:
        """Yes or no."""
        value = self.value(key) if self.has(key) else default
        if not isinstance(value, bool):
            raise self.bad(key)
        return value

    def integer(self, key: str, default: int | None = None, *, least: int = 1, most: int = MANY) -> int:
        """A whole number from `least` to `most`."""
        value = default if default is not None and not self.has(key) else self.value(key)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.bad(key)
        return value

    def integers(self, key: str, *, least: int, most: int) -> tuple[int, ...]:
        """A list of whole numbers from `least` to `most`."""
        value = self.value(key)
        if not isinstance(value, list) or not all(isinstance(item, int) and least <= item <= most for item in value):
            raise self.bad(key)
        return tuple(value)

    def number(self, key: str, *, above: float = 0.0, below: float = 1.0) -> float:
        """A floating-point number between two others."""
        value = self.value(key)
        if not isinstance(value, float) or not above < value < below:
            raise self.bad(key)
        return value

    def numbers(self, key: str, *, length: int) -> tuple[float, ...]:
        """A list of so many finite numbers."""
        value: Sequence[Any] = self.value(key)
        if not isinstance(value, list) or len(value) != length or not all(map(math.isfinite, value)):
            raise self.bad(key)
        return tuple(float(item) for item in value)
