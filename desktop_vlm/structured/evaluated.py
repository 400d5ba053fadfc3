"""`unevaluatedProperties` and `unevaluatedItems` as `additionalProperties` and `items`.

Which parts of a value other keywords speak about depends on which alternatives fit. Each way in which they may fit is
written out: what has to fit for it, and what is evaluated then. A value whose parts are evaluated by several
alternatives of one `anyOf` together is not let through.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from desktop_vlm.structured.judge import Schema
from desktop_vlm.structured.negation import all_of, any_of, negated
from desktop_vlm.structured.place import Place

_MOST_WAYS = 64
_DEEPEST = 24


@dataclass(frozen=True)
class _Way:
    """What has to fit, and what is evaluated then."""

    fitting: tuple[Schema, ...] = ()
    properties: dict[str, Schema] = field(default_factory=dict)
    patterns: dict[str, Schema] = field(default_factory=dict)
    has_all_properties: bool = False
    n_items: int = 0
    has_all_items: bool = False
    contained: tuple[Schema, ...] = ()

    def __and__(self, other: _Way) -> _Way:
        return _Way(
            self.fitting + other.fitting,
            self.properties | other.properties,
            self.patterns | other.patterns,
            self.has_all_properties or other.has_all_properties,
            max(self.n_items, other.n_items),
            self.has_all_items or other.has_all_items,
            self.contained + other.contained,
        )

    def where(self, *schemas: Schema) -> _Way:
        return replace(self, fitting=schemas + self.fitting)


def unevaluated_properties(schema: Mapping[str, Any], place: Place) -> Schema:
    """A schema that says `unevaluatedProperties` of this one with `additionalProperties`, or less.

    Raises:
        UserError: there are too many ways in which alternatives may fit.
    """
    rest = schema["unevaluatedProperties"]

    def closed(way: _Way) -> Schema:
        if way.has_all_properties:
            return True
        return {"properties": way.properties, "patternProperties": way.patterns, "additionalProperties": rest}

    ways = _Walk(place, "unevaluatedProperties").of(dict(schema), place.resolver)
    return any_of(all_of([*way.fitting, closed(way)]) for way in ways)


def unevaluated_items(schema: Mapping[str, Any], place: Place) -> Schema:
    """A schema that says `unevaluatedItems` of this one with `items`, or less.

    Raises:
        UserError: there are too many ways in which alternatives may fit.
    """

    def closed(way: _Way) -> Schema:
        if way.has_all_items:
            return True
        beginning: dict[str, Any] = {"prefixItems": [True] * way.n_items} if way.n_items else {}
        return {**beginning, "items": any_of([schema["unevaluatedItems"], *way.contained])}

    ways = _Walk(place, "unevaluatedItems").of(dict(schema), place.resolver)
    return any_of(all_of([*way.fitting, closed(way)]) for way in ways)


class _Walk:
    """Through a schema and all that it applies to the same value."""

    def __init__(self, place: Place, keyword: str) -> None:
        self._place = place
        self._keyword = keyword
        self._level = 0

    def of(self, schema: Schema, resolver: Any) -> list[_Way]:
        """All ways in which a schema may fit; the outermost one's own `unevaluated...` is not looked at."""
        if not isinstance(schema, Mapping):
            return [_Way()]
        if self._level > _DEEPEST:
            raise self._place.refuse(self._keyword, "follows too many references.")
        self._level += 1
        ways = [_own(schema, is_outermost=self._level == 1)]
        for more in self._applied(schema, resolver):
            ways = [one & other for one, other in itertools.product(ways, more)]
            if len(ways) > _MOST_WAYS:
                raise self._place.refuse(
                    self._keyword, f"stands beside more than {_MOST_WAYS} combinations of alternatives; use fewer."
                )
        self._level -= 1
        return ways

    def _applied(self, schema: Mapping[str, Any], resolver: Any) -> list[list[_Way]]:
        found = [self.of(part, resolver) for part in schema.get("allOf", ())]
        references = [schema[name] for name in ("$ref", "$dynamicRef") if name in schema]
        found += [self.of(*self._place.judge.resolve(one, resolver, self._place.where)) for one in references]
        lists = [schema[name] for name in ("anyOf", "oneOf") if name in schema]
        found += [[way for part in parts for way in self._where(part, resolver)] for parts in lists]
        if "if" in schema:
            found.append(self._of_if(schema, resolver))
        for name, part in schema.get("dependentSchemas", {}).items():
            found.append([_Way(), *self._where(part, resolver, {"type": "object", "required": [name]})])
        return found

    def _where(self, part: Schema, resolver: Any, *fitting: Schema) -> list[_Way]:
        self._check_here(resolver)
        return [way.where(part, *fitting) for way in self.of(part, resolver)]

    def _of_if(self, schema: Mapping[str, Any], resolver: Any) -> list[_Way]:
        then = self.of(schema.get("then", True), resolver)
        fits = [one & other for one, other in itertools.product(self._where(schema["if"], resolver), then)]
        if "else" not in schema:
            return [*fits, _Way()]
        opposite = negated(schema["if"], self._place, self._keyword)
        return [*fits, *(way.where(opposite) for way in self.of(schema["else"], resolver))]

    def _check_here(self, resolver: Any) -> None:
        """What is written out stands at our place, so its references have to be relative to the same schema."""
        judge = self._place.judge
        if judge.resource(resolver) is not judge.resource(self._place.resolver):
            raise self._place.refuse(self._keyword, 'cannot be obeyed beside alternatives behind another "$id".')


def _own(schema: Mapping[str, Any], *, is_outermost: bool) -> _Way:
    """What the keywords of one schema speak about themselves."""
    return _Way(
        properties=dict.fromkeys(schema.get("properties", {}), True),
        patterns=dict.fromkeys(schema.get("patternProperties", {}), True),
        has_all_properties="additionalProperties" in schema or (not is_outermost and "unevaluatedProperties" in schema),
        n_items=len(schema.get("prefixItems", ())),
        has_all_items="items" in schema or (not is_outermost and "unevaluatedItems" in schema),
        contained=(schema["contains"],) if "contains" in schema else (),
    )
