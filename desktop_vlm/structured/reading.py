"""The text of a JSON schema -> the schema, without trusting it: size, depth and characters are bounded first."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from desktop_vlm.api.errors import UserError

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 64
"""Brackets within brackets; every property takes two."""


def read_schema(text: str) -> dict[str, Any]:
    """The schema as Python values.

    Raises:
        UserError: it is not JSON, not an object, too large, too deep, or holds what no answer can hold.
    """
    if len(text) > MAX_CHARACTERS:
        raise UserError(f"The schema has {len(text):,} characters; at most {MAX_CHARACTERS:,} can be used.")
    if "\0" in text:
        raise UserError("The schema contains a NUL character; remove it.")
    if bracket_depth(text) > MAX_DEPTH:
        raise UserError(f"The schema is nested too deeply; at most {MAX_DEPTH} brackets can be open at once.")
    try:
        schema = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise UserError(
            f"The schema is not valid JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        ) from None
    except ValueError:  # more digits than Python turns into a number
        raise UserError("The schema contains a number with too many digits; shorten it.") from None
    if not isinstance(schema, dict):
        raise UserError('The schema must be a JSON object, such as {"type": "object", "properties": {}}.')
    return schema


def bracket_depth(text: str) -> int:
    """The most brackets open at once, those in strings left out."""
    deepest = depth = 0
    in_string = escaped = False
    for char in text:
        if in_string:
            in_string = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            in_string = True
        elif char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest


def _refuse_constant(name: str) -> NoReturn:
    raise UserError(f"The schema contains {name}, which is no number in JSON; remove it.")
