"""Schemas that few values satisfy: what they are, with the validator as the judge."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from desktop_vlm.structured.judge import Schema
from desktop_vlm.structured.keywords import is_number
from desktop_vlm.structured.place import Place

_MOST_INTEGERS = 256
_MOST_ARRANGEMENTS = 2_000
_SMALL_TYPES: dict[str, tuple[Any, ...]] = {"boolean": (False, True), "null": (None,)}


def listed_values(schema: Mapping[str, Any], place: Place) -> list[Any] | None:
    """The values of `const` and `enum` that satisfy the rest of the schema; None if it has neither."""
    if "const" in schema:
        return _judged([schema["const"]], schema, place)
    if "enum" not in schema:
        return None
    rest = {keyword: value for keyword, value in schema.items() if keyword != "enum"}  # or each is compared with each
    return _judged(schema["enum"], rest, place)


def few_values(schema: Schema, place: Place) -> list[Any] | None:
    """All values that satisfy a schema, where they are few; None where they are many or not known."""
    followed = place.follow(schema)
    if not isinstance(followed, dict):
        return None if followed else []
    listed = listed_values(followed, place)
    if listed is not None:
        return listed
    candidates = _candidates(followed, place)
    return None if candidates is None else _judged(candidates, followed, place)


def _candidates(schema: Mapping[str, Any], place: Place) -> list[Any] | None:
    types = schema.get("type")
    names = [types] if isinstance(types, str) else types or ["any"]
    found: list[Any] = []
    for name in names:
        values = _SMALL_TYPES.get(name) if name in _SMALL_TYPES else _of_type(name, schema, place)
        if values is None:
            return None
        found += values
    return found


def _of_type(name: str, schema: Mapping[str, Any], place: Place) -> Iterable[Any] | None:
    if name == "integer":
        return _integers(schema)
    return arrangements(schema, place) if name == "array" and schema.get("uniqueItems") else None


def _integers(schema: Mapping[str, Any]) -> Iterable[int] | None:
    lows = [schema[name] for name in ("minimum", "exclusiveMinimum") if is_number(schema.get(name))]
    highs = [schema[name] for name in ("maximum", "exclusiveMaximum") if is_number(schema.get(name))]
    if not lows or not highs:
        return None
    low, high = math.ceil(max(lows)), math.floor(min(highs))
    return range(low, high + 1) if high - low < _MOST_INTEGERS else None


def arrangements(schema: Mapping[str, Any], place: Place) -> list[Any] | None:
    """Lists of different items, in every order; None where they are many."""
    items = few_values(schema["items"], place) if isinstance(schema.get("items"), dict) else None
    if items is None or "prefixItems" in schema:
        return None
    shortest = int(schema.get("minItems", 0))
    longest = min(int(schema.get("maxItems", len(items))), len(items))
    sizes = range(shortest, longest + 1)
    if sum(math.perm(len(items), size) for size in sizes) > _MOST_ARRANGEMENTS:
        return None
    return [list(chosen) for size in sizes for chosen in itertools.permutations(items, size)]


def _judged(values: Iterable[Any], schema: Mapping[str, Any], place: Place) -> list[Any]:
    found = {json.dumps(value, sort_keys=True): value for value in values}
    return [value for value in found.values() if place.accepts(dict(schema), value)]
