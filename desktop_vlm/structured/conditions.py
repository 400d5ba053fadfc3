"""Conditions written without conditions: `if` and the dependent keywords as alternatives of plain schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_vlm.structured.judge import Schema
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
