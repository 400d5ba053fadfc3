"""Checking a JSON schema while it is typed; the engine makes the grammar of it when the action runs."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from typing import Any

from desktop_vlm.api.errors import UserError

TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")

SUPPORTED_KEYWORDS = frozenset(
    {
        *("type", "properties", "required", "additionalProperties", "items", "prefixItems", "minItems", "maxItems"),
        *("enum", "const", "anyOf", "oneOf", "minLength", "maxLength", "pattern", "format", "$ref", "$defs"),
        *("definitions", "title", "description", "default", "examples", "$schema"),
    }
)
"""What llama.cpp's conversion to a grammar obeys, and what says nothing about the answer."""

_MAPS = ("properties", "$defs", "definitions")
_LISTS = ("anyOf", "oneOf", "prefixItems")


def check_schema(text: str) -> None:
    """Whether an answer can be held to this schema.

    Raises:
        UserError: it cannot; the sentence says where.
    """
    try:
        schema = json.loads(text)
    except json.JSONDecodeError as error:
        raise UserError(f"This is not JSON yet: line {error.lineno}, column {error.colno}: {error.msg}.") from None
    except RecursionError:
        raise UserError("The schema is nested too deeply.") from None
    if not isinstance(schema, dict):
        raise UserError('The schema must be an object, such as {"type": "object", "properties": {}}.')
    try:
        _check(schema, schema, "the schema")
    except RecursionError:
        raise UserError("The schema is nested too deeply.") from None


def _check(schema: object, root: Mapping[str, Any], where: str) -> None:
    if not isinstance(schema, dict):
        raise UserError(f"In {where} there must be an object in braces, not {json.dumps(schema)}.")
    for keyword in schema:
        if keyword not in SUPPORTED_KEYWORDS:
            close = difflib.get_close_matches(keyword, SUPPORTED_KEYWORDS, n=1)
            hint = f'; did you mean "{close[0]}"?' if close else "; leave it out."
            raise UserError(f'In {where}, "{keyword}" cannot be obeyed{hint}')
    _check_type(schema, where)
    _check_values(schema, where)
    _check_reference(schema, root, where)
    for keyword in _MAPS:
        for name, part in _mapping(schema, keyword, where).items():
            _check(part, root, f'"{name}"')
    for keyword in _LISTS:
        for part in _list(schema, keyword, where):
            _check(part, root, f'"{keyword}" of {where}')
    if "items" in schema:
        _check(schema["items"], root, f"the items of {where}")
    if not isinstance(schema.get("additionalProperties", False), bool):
        _check(schema["additionalProperties"], root, f'"additionalProperties" of {where}')


def _check_type(schema: Mapping[str, Any], where: str) -> None:
    given = schema.get("type", [])
    for one in given if isinstance(given, list) else [given]:
        if one not in TYPES:
            raise UserError(f"In {where}, {json.dumps(one)} is not a type; the types are {', '.join(TYPES)}.")
    if isinstance(given, list) and len(given) > 0 and ("properties" in schema or "items" in schema):
        # llama.cpp looks at the names of the types only, and would allow any object or list.
        raise UserError(f'In {where}, several types cannot go with "properties" or "items"; use "anyOf".')


def _check_values(schema: Mapping[str, Any], where: str) -> None:
    names = _mapping(schema, "properties", where)
    for name in _list(schema, "required", where):
        if name not in names:
            raise UserError(f"In {where}, {json.dumps(name)} is required but not among the properties.")
    if not _list(schema, "enum", where) and "enum" in schema:
        raise UserError(f'In {where}, "enum" allows no value.')
    for keyword in ("minItems", "maxItems", "minLength", "maxLength"):
        value = schema.get(keyword, 0)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise UserError(f'In {where}, "{keyword}" must be a whole number from 0.')
    pattern = schema.get("pattern", "^$")
    if not isinstance(pattern, str) or not (pattern.startswith("^") and pattern.endswith("$")):
        raise UserError(f'In {where}, the pattern must start with "^" and end with "$".')


def _check_reference(schema: Mapping[str, Any], root: Mapping[str, Any], where: str) -> None:
    if "$ref" not in schema:
        return
    reference = schema["$ref"]
    # Nothing is ever fetched, so a reference stays within the schema.
    found: Any = root if isinstance(reference, str) and reference.startswith("#/") else None
    for name in str(reference).split("/")[1:]:
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        raise UserError(f"In {where}, the reference {json.dumps(reference)} leads nowhere within the schema.")


def _mapping(schema: Mapping[str, Any], keyword: str, where: str) -> dict[str, Any]:
    value = schema.get(keyword, {})
    if not isinstance(value, dict):
        raise UserError(f'In {where}, "{keyword}" must be an object in braces.')
    return value


def _list(schema: Mapping[str, Any], keyword: str, where: str) -> list[Any]:
    value = schema.get(keyword, [])
    if not isinstance(value, list):
        raise UserError(f'In {where}, "{keyword}" must be a list in brackets.')
    return value
