"""Whether two schemas can be distinguished by any value, so that `oneOf` is no more than `anyOf`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_vlm.structured.finite import few_values
from desktop_vlm.structured.judge import Schema
from desktop_vlm.structured.keywords import is_number
from desktop_vlm.structured.place import Place

_DEEPEST = 6


def are_disjoint(one: Schema, other: Schema, place: Place, level: int = 0) -> bool:
    """Whether no value satisfies both; False also where this is not known."""
    one, other = place.follow(one), place.follow(other)
    if not isinstance(one, dict) or not isinstance(other, dict):
        return one is False or other is False
    if _types(one).isdisjoint(_types(other)) or _values_differ(one, other, place):
        return True
    if _types(one) == _types(other) == {"object"} and level < _DEEPEST:
        return any(_property_differs(name, one, other, place, level) for name in _required(one) | _required(other))
    return _types(one) | _types(other) <= {"integer", "number"} and (_below(one, other) or _below(other, one))


def _types(schema: Mapping[str, Any]) -> set[str]:
    given = schema.get("type", ["object", "array", "string", "number", "boolean", "null"])
    names = {given} if isinstance(given, str) else set(given)
    return names | {"integer"} if "number" in names else names


def _values_differ(one: Schema, other: Schema, place: Place) -> bool:
    for values, schema in ((few_values(one, place), other), (few_values(other, place), one)):
        if values is not None:
            return not any(place.accepts(schema, value) for value in values)
    return False


def _required(schema: Mapping[str, Any]) -> set[str]:
    return set(schema.get("required", ()))


def _property_differs(name: str, one: Mapping[str, Any], other: Mapping[str, Any], place: Place, level: int) -> bool:
    return are_disjoint(_of_property(name, one), _of_property(name, other), place, level + 1)


def _of_property(name: str, schema: Mapping[str, Any]) -> Schema:
    """What a property must at least satisfy."""
    found: Schema = schema.get("properties", {}).get(name, True)
    if found is True and name not in schema.get("properties", {}) and "patternProperties" not in schema:
        found = schema.get("additionalProperties", True)
    return found


def _below(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether all numbers of `one` are less than those of `other`."""
    highs = [(one[name], name != "maximum") for name in ("maximum", "exclusiveMaximum") if is_number(one.get(name))]
    lows = [(other[name], name != "minimum") for name in ("minimum", "exclusiveMinimum") if is_number(other.get(name))]
    return any(
        high < low or (high == low and (high_open or low_open)) for high, high_open in highs for low, low_open in lows
    )
