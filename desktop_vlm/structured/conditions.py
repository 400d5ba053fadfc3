"""Conditions written without conditions: `if`, `not` and the dependent keywords as alternatives of plain schemas.

A condition that asks for properties with few values is decided value by value, by the validator; then
`{if, then, else}` is the alternative of "these values and `then`" and "those values and `else`".
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from desktop_vlm.structured.finite import few_values
from desktop_vlm.structured.judge import Schema
from desktop_vlm.structured.keywords import ANNOTATIONS, TYPES
from desktop_vlm.structured.place import Place

_MOST_CASES = 256
_ABSENT = object()
_PRESENT = object()


def dependent_required(value: Mapping[str, list[str]]) -> list[Schema]:
    """Conjuncts that say the same as `dependentRequired`."""
    return [
        {"anyOf": [{"properties": {name: False}}, {"required": [name, *names]}]}
        for name, names in value.items()
        if names
    ]


def dependent_schemas(value: Mapping[str, Schema]) -> list[Schema]:
    """Conjuncts that say the same as `dependentSchemas`."""
    return [
        {"anyOf": [{"properties": {name: False}}, {"required": [name], "allOf": [schema]}]}
        for name, schema in value.items()
    ]


def without_not(schema: Schema, place: Place) -> Schema:
    """A schema that says the same as `not: schema`.

    Raises:
        UserError: there is none.
    """
    schema = place.follow(schema)
    if isinstance(schema, bool):
        return not schema
    keywords = set(schema) - ANNOTATIONS
    if not keywords:
        return False
    if keywords == {"not"}:
        inner: Schema = schema["not"]
        return inner
    if keywords == {"required"} and schema["required"]:
        return {"type": "object", "anyOf": [{"properties": {name: False}} for name in schema["required"]]}
    if keywords == {"type"}:
        return _other_types(schema["type"], place)
    return _cases(schema, False, True, place, "not")


def _other_types(given: str | list[str], place: Place) -> Schema:
    names = {given} if isinstance(given, str) else set(given)
    if "integer" in names and "number" not in names:
        raise place.refuse("not", 'cannot be obeyed for the type "integer"; leave it out.')
    left = [name for name in TYPES if name not in names and name != "integer"]
    return {"type": left} if left else False


def without_if(schema: Mapping[str, Any], place: Place) -> Schema:
    """A schema that says the same as `if`, `then` and `else` of this one.

    Raises:
        UserError: the condition does not ask for properties with few values.
    """
    then, otherwise = schema.get("then", True), schema.get("else", True)
    condition = place.follow(schema["if"])
    if isinstance(condition, bool):
        chosen: Schema = then if condition else otherwise
        return chosen
    return True if then is True and otherwise is True else _cases(condition, then, otherwise, place, "if")


def _cases(condition: dict[str, Any], then: Schema, otherwise: Schema, place: Place, keyword: str) -> Schema:
    names = _asked_for(condition, place, keyword)
    if not names or not place.is_object:
        raise _unclear(place, keyword)
    domains = [_domain(name, condition, place, keyword) for name in names]
    if len(list(itertools.islice(itertools.product(*domains), _MOST_CASES + 1))) > _MOST_CASES:
        raise place.refuse(keyword, f"asks for more than {_MOST_CASES} combinations of values; ask for fewer.")
    alternatives: list[Schema] = []
    for case in itertools.product(*domains[:-1]):
        for outcome, schema in ((True, then), (False, otherwise)):
            last = [value for value in domains[-1] if _decide(condition, names, (*case, value), place) is outcome]
            alternatives += _alternatives(names, case, last, schema)
    return {"anyOf": alternatives} if alternatives else False


def _unclear(place: Place, keyword: str) -> Exception:
    return place.refuse(
        keyword, 'can be obeyed only where it asks for properties of an object that have "enum", "const" or few values.'
    )


def _asked_for(condition: Mapping[str, Any], place: Place, keyword: str) -> list[str]:
    """Names of the properties that decide a condition."""
    names = dict.fromkeys([*condition.get("properties", {}), *condition.get("required", ())])
    for combined in ("allOf", "anyOf", "oneOf"):
        for part in condition.get(combined, ()):
            names |= dict.fromkeys(_asked_for(part, place, keyword) if isinstance(part, dict) else ())
    if isinstance(condition.get("not"), dict):
        names |= dict.fromkeys(_asked_for(condition["not"], place, keyword))
    understood = {"properties", "required", "allOf", "anyOf", "oneOf", "not", *ANNOTATIONS}
    if set(condition) - understood - {"type"} or condition.get("type", "object") != "object":
        raise _unclear(place, keyword)
    return list(names)


def _domain(name: str, condition: Mapping[str, Any], place: Place, keyword: str) -> list[Any]:
    absent = [] if name in place.required else [_ABSENT]
    if set(condition) - ANNOTATIONS == {"required"}:
        return [_PRESENT, *absent]
    schema = place.property(name)
    values = None if schema is None else few_values(schema, place)
    if values is None:
        raise _unclear(place, keyword)
    return [*values, *absent]


def _decide(condition: dict[str, Any], names: list[str], values: tuple[Any, ...], place: Place) -> bool:
    found = {name: value for name, value in zip(names, values, strict=True) if value is not _ABSENT}
    return place.judge.accepts(condition, {name: 0 if value is _PRESENT else value for name, value in found.items()})


def _alternatives(names: list[str], case: tuple[Any, ...], last: list[Any], schema: Schema) -> list[Schema]:
    """`schema` for one case and those values of the last property: with it, and without it."""
    made: list[Schema] = []
    present = [value for value in last if value is not _ABSENT]
    for choices in ([present] if present else []) + ([[_ABSENT]] if len(present) < len(last) else []):
        properties: dict[str, Schema] = {}
        for name, values in zip(names, [*([value] for value in case), choices], strict=True):
            properties[name] = False if values == [_ABSENT] else True if values == [_PRESENT] else {"enum": values}
        required = [name for name, part in properties.items() if part is not False]
        made.append({"properties": properties, "required": required, "allOf": [schema]})
    return made
