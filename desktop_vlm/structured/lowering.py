"""A JSON schema -> one that llguidance follows to the letter, or the sentence that names the keyword in the way.

What comes out says the same, or less: never does it let through what the schema's own validator would refuse.
References are followed here and become definitions of the result, so that rewriting cannot lead them astray.
"""

from __future__ import annotations

import json
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.structured.finite import few_values, listed_values
from desktop_vlm.structured.judge import Judge, Schema
from desktop_vlm.structured.keywords import check_keywords
from desktop_vlm.structured.numbers import lowered_numbers
from desktop_vlm.structured.part import Part
from desktop_vlm.structured.place import Place
from desktop_vlm.structured.rules import RULES

_MOST_SCHEMAS = 5_000
_DECIDED_TOGETHER = ("not", "if", "uniqueItems")
"""Keywords that few values make easy."""


class Lowering:
    """One schema on its way.

    Attributes:
        places: every lowered part with its place, the inner before the outer.
    """

    def __init__(self, root: dict[str, Any]) -> None:
        self._judge = Judge(root)
        self._root = root
        self._definitions: dict[str, Schema] = {}
        self._names: dict[tuple[int, tuple[str, ...]], str] = {}
        self._is_dynamic = '"$dynamicRef"' in json.dumps(root)  # what a reference means depends on the way to it
        self._in_place: dict[str, set[str]] = {}  # definition -> those that it applies to the same value
        self._kept: list[Schema] = []
        self._n_schemas = 0
        self.places: list[tuple[str, dict[str, Any]]] = []

    def run(self) -> dict[str, Any]:
        """The schema for llguidance.

        Raises:
            UserError: a keyword cannot be obeyed; the sentence names it and its place.
        """
        place = Place("the schema", self._judge, self._judge.resolver)
        reference = self._definition(self._root, place)
        self._refuse_circles()
        return {**reference, "$defs": self._definitions}

    @property
    def is_narrowed(self) -> bool:
        """Whether something that satisfies the schema was left out."""
        return self._judge.is_narrowed

    @property
    def definitions(self) -> dict[str, Schema]:
        return self._definitions

    # References

    def _definition(self, schema: Schema, place: Place) -> dict[str, Any]:
        scope = self._judge.scope(place.resolver) if self._is_dynamic else ()
        name = self._names.get((id(schema), scope))
        if name is None:
            name = self._names[id(schema), scope] = f"d{len(self._names)}"
            self._kept.append(schema)  # or another one could come to stand at its address
            self._definitions[name] = True  # until it is known: a schema may refer to itself
            self._in_place[name] = set()
            self._definitions[name] = self._lower(schema, place.of_definition(name))
        if place.owner:
            self._in_place[place.owner].add(name)
        return {"$ref": f"#/$defs/{name}"}

    def _refuse_circles(self) -> None:
        """A definition that is nothing but itself has no end."""
        done: set[str] = set()
        for start in self._in_place:
            path: list[str] = []
            waiting = [(start, 0)]
            while waiting:
                name, level = waiting.pop()
                del path[level:]
                if name in path:
                    raise UserError('In the schema, a "$ref" leads back to itself; leave it out.')
                path.append(name)
                if name not in done:
                    waiting += [(following, level + 1) for following in self._in_place[name]]
                    done.add(name)

    # One schema

    def _lower(self, schema: Schema, place: Place) -> Schema:
        if isinstance(schema, bool):
            return schema
        self._n_schemas += 1
        if self._n_schemas > _MOST_SCHEMAS:
            raise UserError(f"The schema has more than {_MOST_SCHEMAS:,} parts; use a smaller one.")
        check_keywords(schema, place.where)
        place = place.entered(schema)
        values = listed_values(schema, place)
        if values is None and any(name in schema for name in _DECIDED_TOGETHER):
            values = few_values(schema, place)
        if values is not None:
            return {"enum": values} if values else False
        lowered = self._lower_keywords(Part(schema, place, self._lower, self._definition))
        self.places.append((place.where, lowered))
        return lowered

    def _lower_keywords(self, part: Part) -> dict[str, Any]:
        for keyword in part.schema:
            if keyword in RULES:
                RULES[keyword](part)
        lowered = part.lowered | lowered_numbers(part.schema, part.place)
        conjuncts = lowered.pop("allOf", []) + part.more
        return {**lowered, "allOf": conjuncts} if conjuncts else lowered
