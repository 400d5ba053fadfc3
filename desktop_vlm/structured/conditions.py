"""Conditions written without conditions: `if` and the dependent keywords as alternatives of plain schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_vlm.structured.finite import few_values
from desktop_vlm.structured.judge import Schema
from desktop_vlm.structured.keywords import ANNOTATIONS, check_keywords
from desktop_vlm.structured.negation import all_of, any_of, negated
from desktop_vlm.structured.place import Place


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


def without_if(schema: Mapping[str, Any], place: Place) -> Schema:
    """A schema that says what `if`, `then` and `else` of this one say: `if` and `then`, or neither and `else`.

    Raises:
        UserError: the opposite of the condition cannot be written down.
    """
    condition, then, otherwise = schema["if"], schema.get("then", True), schema.get("else", True)
    if then is True and otherwise is True:
        return True
    return any_of([all_of([condition, then]), all_of([negated(condition, place, "if"), otherwise])])


def by_cases(schema: Mapping[str, Any], place: Place) -> tuple[Schema, list[Schema]]:
    """Several `if` of one `allOf` that ask for the value of one property, decided value by value.

    Each as an alternative of its own would be multiplied with all others.

    Returns:
        What they say together (True where there are fewer than two), and the rest of `allOf`.
    """
    parts: list[Schema] = schema["allOf"]
    asked = [_asked_property(part) for part in parts]
    name = max(filter(None, asked), key=asked.count, default=None)
    if name is None or asked.count(name) < 2 or schema.get("type") != "object":
        return True, parts
    declared = schema.get("properties", {}).get(name)
    values = few_values(declared, place) if isinstance(declared, dict) else None
    if values is None:
        return True, parts
    for part in parts:
        if isinstance(part, dict):
            check_keywords(part, f'"allOf" of {place.where}')
    conditions = [part for part, one in zip(parts, asked, strict=True) if one == name and isinstance(part, dict)]
    alternatives: list[Schema] = []
    for outcome, group in _alike(conditions, [{name: value} for value in values], place).items():
        chosen: Schema = {"properties": {name: {"enum": [one[name] for one in group]}}, "required": [name]}
        alternatives.append(all_of([chosen, *_said(conditions, outcome)]))
    if name not in schema.get("required", ()):
        (outcome,) = _alike(conditions, [{}], place)
        alternatives.append(all_of([{"properties": {name: False}}, *_said(conditions, outcome)]))
    return any_of(alternatives), [part for part, one in zip(parts, asked, strict=True) if one != name]


def _asked_property(schema: Schema) -> str | None:
    """The only property whose value decides the condition of a schema that is nothing but `if`."""
    if not isinstance(schema, dict) or set(schema) - ANNOTATIONS - {"then", "else"} != {"if"}:
        return None
    condition = schema["if"]
    if not isinstance(condition, dict) or set(condition) - ANNOTATIONS - {"properties", "required", "type"}:
        return None
    names = {*condition.get("properties", {}), *condition.get("required", ())}
    return names.pop() if len(names) == 1 and condition.get("type", "object") == "object" else None


def _alike(
    conditions: list[dict[str, Any]], values: list[dict[str, Any]], place: Place
) -> dict[tuple[bool, ...], list[dict[str, Any]]]:
    """Objects by what the conditions say of them."""
    groups: dict[tuple[bool, ...], list[dict[str, Any]]] = {}
    for value in values:
        outcome = tuple(place.accepts(one["if"], value) for one in conditions)
        groups.setdefault(outcome, []).append(value)
    return groups


def _said(conditions: list[dict[str, Any]], outcome: tuple[bool, ...]) -> list[Schema]:
    return [one.get("then" if fits else "else", True) for one, fits in zip(conditions, outcome, strict=True)]
