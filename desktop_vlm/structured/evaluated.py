"""`unevaluatedProperties` and `unevaluatedItems` where it is plain which parts the other keywords speak about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from desktop_vlm.structured.judge import Schema
from desktop_vlm.structured.place import Place

_DEPENDING = ("anyOf", "oneOf", "if", "dependentSchemas", "contains")
_MOST_REFERENCES = 64


def unevaluated_properties(schema: Mapping[str, Any], place: Place) -> Schema:
    """A schema that says the same with `additionalProperties`.

    Raises:
        UserError: which properties are evaluated depends on the value.
    """
    properties: dict[str, Schema] = {}
    patterns: dict[str, Schema] = {}
    for part in _applied(schema, place, "unevaluatedProperties"):
        if "additionalProperties" in part or ("unevaluatedProperties" in part and part is not schema):
            return True
        properties |= dict.fromkeys(part.get("properties", {}), True)
        patterns |= dict.fromkeys(part.get("patternProperties", {}), True)
    return {
        "properties": properties,
        "patternProperties": patterns,
        "additionalProperties": schema["unevaluatedProperties"],
    }


def unevaluated_items(schema: Mapping[str, Any], place: Place) -> Schema:
    """A schema that says the same with `items`.

    Raises:
        UserError: which items are evaluated depends on the value.
    """
    evaluated = 0
    for part in _applied(schema, place, "unevaluatedItems"):
        if "items" in part or ("unevaluatedItems" in part and part is not schema):
            return True
        evaluated = max(evaluated, len(part.get("prefixItems", ())))
    rest: dict[str, Schema] = {"items": schema["unevaluatedItems"]}
    return {"prefixItems": [True] * evaluated, **rest} if evaluated else rest


def _applied(schema: Mapping[str, Any], place: Place, keyword: str) -> Iterator[Mapping[str, Any]]:
    """The schema and all that it applies to the same value by `allOf` and `$ref`."""
    waiting: list[tuple[Schema, Any]] = [(dict(schema), place.resolver)]
    yield schema
    for _ in range(_MOST_REFERENCES):
        if not waiting:
            return
        part, resolver = waiting.pop()
        if not isinstance(part, dict):
            continue
        if any(name in part for name in _DEPENDING):
            raise place.refuse(keyword, 'can be obeyed only beside "allOf" and "$ref"; use "additionalProperties".')
        if "$ref" in part:
            waiting.append(place.judge.resolve(part["$ref"], resolver, place.where))
        waiting += [(each, resolver) for each in part.get("allOf", ())]
        if part != schema:
            yield part
    raise place.refuse(keyword, "follows too many references.")
