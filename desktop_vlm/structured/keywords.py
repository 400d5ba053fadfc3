"""The keywords of JSON Schema that are known here, and the kind of value that each takes."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping
from typing import Any

from desktop_vlm.api.errors import UserError

TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")
MAX_LENGTH = 1_000_000
"""Largest `minLength` and `maxLength`."""
MAX_COUNT = 100_000
"""Largest number of items or properties."""
MAX_NUMBER = 2**53
"""Largest number whose neighbours every JSON reader tells apart."""
MAX_VALUES = 5_000
"""Most values of one `enum`."""

ANNOTATIONS = frozenset(
    {
        *("title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment", "$schema"),
        *("$id", "$anchor", "$dynamicAnchor", "$defs", "definitions"),
        *("contentEncoding", "contentMediaType", "contentSchema"),
    }
)
"""What says nothing about the answer, or only where something else is found."""

_LENGTHS = frozenset({"minLength", "maxLength"})
_COUNTS = frozenset({"minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains"})
_NUMBERS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
_SCHEMAS = frozenset(
    {
        *("items", "additionalProperties", "propertyNames", "contains", "not", "if", "then", "else"),
        *("unevaluatedProperties", "unevaluatedItems"),
    }
)
_SCHEMA_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_SCHEMA_MAPS = frozenset({"properties", "patternProperties", "dependentSchemas"})
_DEFINITIONS = frozenset({"$defs", "definitions"})
_OTHERS = frozenset(
    {
        *("type", "enum", "const", "required", "pattern", "format", "$ref", "$dynamicRef", "uniqueItems"),
        "dependentRequired",
    }
)
_KNOWN = _LENGTHS | _COUNTS | _NUMBERS | _SCHEMAS | _SCHEMA_LISTS | _SCHEMA_MAPS | _OTHERS | ANNOTATIONS

_HINTS = {
    "$recursiveRef": 'use "$ref"',
    "additionalItems": 'use "items" beside "prefixItems"',
    "dependencies": 'use "dependentRequired" or "dependentSchemas"',
    "id": 'use "$id"',
    "nullable": 'use "type": ["...", "null"]',
}


def check_keywords(schema: Mapping[str, Any], where: str) -> None:
    """Whether every keyword of one schema (not of those within it) is known and has a fitting value.

    Raises:
        UserError: one has not; the sentence names it and its place.
    """
    for keyword, value in schema.items():
        if keyword not in _KNOWN and not keyword.startswith("x-"):
            raise UserError(f'In {where}, "{keyword}" cannot be obeyed{_hint(keyword)}')
        check = _check_of(keyword)
        if check:
            check(keyword, value, where)


def check_kinds(root: Mapping[str, Any]) -> None:
    """Whether every keyword of a schema, and of all within it, has a value of its kind; unknown ones are not looked at.

    Whoever follows a schema, and the validator, too, looks into parts before it is their turn.

    Raises:
        UserError: one has not; the sentence names it and its place.
    """
    waiting: list[tuple[str, Mapping[str, Any]]] = [("the schema", root)]
    while waiting:
        where, schema = waiting.pop()
        for keyword, value in schema.items():
            if check := _check_of(keyword):
                check(keyword, value, where)
            waiting += _within(keyword, value, where)


def _within(keyword: str, value: Any, where: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The schemas in the value of a keyword, with their places."""
    here = f"the items of {where}" if keyword == "items" else f'"{keyword}" of {where}'
    if keyword in _SCHEMAS:
        found = [(here, value)]
    elif keyword in _SCHEMA_LISTS:
        found = [(here, part) for part in value]
    elif keyword in _SCHEMA_MAPS or keyword in _DEFINITIONS:
        found = [(shown(name), part) for name, part in value.items()]
    else:
        found = []
    return [(place, part) for place, part in found if isinstance(part, dict)]


def _hint(keyword: str) -> str:
    if keyword in _HINTS:
        return f"; {_HINTS[keyword]}."
    close = difflib.get_close_matches(keyword, _KNOWN, n=1)
    return f'; did you mean "{close[0]}"?' if close else "; leave it out."


_Check = Callable[[str, Any, str], None]


def _check_of(keyword: str) -> _Check | None:
    if keyword in _CHECKS:
        return _CHECKS[keyword]
    if keyword in _LENGTHS or keyword in _COUNTS:
        return _check_count
    if keyword in _NUMBERS:
        return _check_number
    if keyword in _SCHEMAS:
        return _check_schema
    if keyword in _SCHEMA_LISTS:
        return _check_schema_list
    return _check_map if keyword in _SCHEMA_MAPS else None


def _check_count(keyword: str, value: Any, where: str) -> None:
    if not is_number(value) or value != int(value) or value < 0:
        raise UserError(f'In {where}, "{keyword}" must be a whole number from 0.')
    most = MAX_LENGTH if keyword in _LENGTHS else MAX_COUNT
    if value > most:
        raise UserError(f'In {where}, "{keyword}" is {int(value):,}; at most {most:,} can be obeyed.')


def _check_number(keyword: str, value: Any, where: str) -> None:
    if not is_number(value):
        raise UserError(f'In {where}, "{keyword}" must be a number.')
    if keyword == "multipleOf" and not value > 0:
        raise UserError(f'In {where}, "multipleOf" must be greater than 0.')


def _check_schema(keyword: str, value: Any, where: str) -> None:
    if isinstance(value, list) and keyword == "items":
        raise UserError(f'In {where}, "items" is a list; use "prefixItems" for it.')
    if not isinstance(value, dict | bool):
        raise UserError(f'In "{keyword}" of {where} there must be an object in braces, not {shown(value)}.')


def _check_schema_list(keyword: str, value: Any, where: str) -> None:
    if not isinstance(value, list):
        raise UserError(f'In {where}, "{keyword}" must be a list in brackets.')
    if not value:
        raise UserError(f'In {where}, "{keyword}" is empty.')
    for part in value:
        if not isinstance(part, dict | bool):
            raise UserError(f'In "{keyword}" of {where} there must be an object in braces, not {shown(part)}.')


def _check_map(keyword: str, value: Any, where: str) -> None:
    if not isinstance(value, dict):
        raise UserError(f'In {where}, "{keyword}" must be an object in braces.')
    for name, part in value.items():
        check_text(name, keyword, where)
        if not isinstance(part, dict | bool):
            raise UserError(f"In {shown(name)} there must be an object in braces, not {shown(part)}.")


def _check_type(_keyword: str, value: Any, where: str) -> None:
    if value == []:
        raise UserError(f'In {where}, "type" is empty.')
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, str) or one not in TYPES:
            raise UserError(f"In {where}, {shown(one)} is not a type; the types are {', '.join(TYPES)}.")


def _check_values(keyword: str, value: Any, where: str) -> None:
    if keyword == "enum" and not isinstance(value, list):
        raise UserError(f'In {where}, "enum" must be a list in brackets.')
    if value == [] and keyword == "enum":
        raise UserError(f'In {where}, "enum" allows no value.')
    if keyword == "enum" and len(value) > MAX_VALUES:
        raise UserError(f'In {where}, "enum" has {len(value):,} values; at most {MAX_VALUES:,} can be used.')
    _check_value(value, keyword, where)


def _check_value(value: Any, keyword: str, where: str) -> None:
    if isinstance(value, str):
        check_text(value, keyword, where)
    elif isinstance(value, list):
        for part in value:
            _check_value(part, keyword, where)
    elif isinstance(value, dict):
        for name, part in value.items():
            check_text(name, keyword, where)
            _check_value(part, keyword, where)
    elif is_number(value) and not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise UserError(f'In {where}, "{keyword}" has the number {shown(value)}; {_BEYOND}')


_BEYOND = f"numbers beyond {MAX_NUMBER:,} are read differently by different programs; use text in quotes."


def check_text(text: str, keyword: str, where: str) -> None:
    """Whether an answer could hold this text.

    Raises:
        UserError: it has a NUL, or half of a surrogate pair.
    """
    if "\0" in text:
        raise UserError(f'In {where}, "{keyword}" contains a NUL character; remove it.')
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise UserError(f'In {where}, "{keyword}" contains half of a surrogate pair; write the whole character.')


def _check_names(keyword: str, value: Any, where: str) -> None:
    if not isinstance(value, list):
        raise UserError(f'In {where}, "{keyword}" must be a list in brackets.')
    for name in value:
        if not isinstance(name, str):
            raise UserError(f'In {where}, "{keyword}" must hold names in quotes, not {shown(name)}.')
        check_text(name, keyword, where)


def _check_dependents(keyword: str, value: Any, where: str) -> None:
    if not isinstance(value, dict):
        raise UserError(f'In {where}, "{keyword}" must be an object in braces.')
    for names in value.values():
        _check_names(keyword, names, where)


def _check_string(keyword: str, value: Any, where: str) -> None:
    if not isinstance(value, str):
        raise UserError(f'In {where}, "{keyword}" must be text in quotes, not {shown(value)}.')


def _check_flag(keyword: str, value: Any, where: str) -> None:
    if not isinstance(value, bool):
        raise UserError(f'In {where}, "{keyword}" must be true or false, not {shown(value)}.')


_CHECKS: dict[str, _Check] = {
    "type": _check_type,
    "enum": _check_values,
    "const": _check_values,
    "required": _check_names,
    "dependentRequired": _check_dependents,
    "pattern": _check_string,
    "format": _check_string,
    "$ref": _check_string,
    "$dynamicRef": _check_string,
    "$dynamicAnchor": _check_string,
    "$id": _check_string,
    "$anchor": _check_string,
    "uniqueItems": _check_flag,
    "$defs": _check_map,
    "definitions": _check_map,
}


def is_number(value: Any) -> bool:
    """Whether it is a finite number; Python counts true and false as numbers too."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) != float("inf")


def shown(value: Any) -> str:
    """A value for a sentence, not too long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
