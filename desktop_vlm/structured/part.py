"""One schema while its keywords are lowered one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop_vlm.structured.judge import Schema
from desktop_vlm.structured.keywords import shown
from desktop_vlm.structured.patterns import PatternError, portable
from desktop_vlm.structured.place import Place


@dataclass
class Part:
    """A schema, where it is, and what has become of it.

    Attributes:
        lower: lowers a schema within this one.
        refer: lowers a schema somewhere else, once, and gives the reference to it.
        lowered: the keywords so far, in the order of the schema: it is the order of the answer's properties.
        more: schemas that the value has to satisfy too.
    """

    schema: Mapping[str, Any]
    place: Place
    lower: Callable[[Schema, Place], Schema]
    refer: Callable[[Schema, Place], dict[str, Any]]
    lowered: dict[str, Any] = field(default_factory=dict)
    more: list[Schema] = field(default_factory=list)

    def each_of(self, keyword: str) -> list[Schema]:
        """The schemas of a list that apply to the same value, lowered."""
        inner = self.place.of_same_value(keyword)
        return [self.lower(part, inner) for part in self.schema[keyword]]

    def each_named(self, keyword: str) -> dict[str, Schema]:
        """The schemas of a map from names, lowered."""
        return {name: self.lower(part, self.place.of_part(shown(name))) for name, part in self.schema[keyword].items()}

    def also(self, keyword: str, plain: Schema) -> None:
        """Have the value satisfy `plain`, which says what `keyword` says."""
        self.more.append(self.lower(plain, self.place.of_same_value(keyword)))

    def pattern(self, pattern: str, keyword: str) -> str:
        """A pattern for llguidance.

        Raises:
            UserError: it cannot be followed.
        """
        try:
            return portable(pattern)
        except PatternError as error:
            raise self.place.refuse(keyword, f"{shown(pattern)} {error}; write another one.") from None
