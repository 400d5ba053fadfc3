"""Patterns of strangers, searched for with a limit: `(a+)+$` takes Python's own `re` years on forty characters.

The validator searches with `re`; here it gets other functions for the keywords with patterns, which do the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.structured.keywords import shown

_LIMIT_S = 0.5
_LONGEST_NAME = 16
"""Of a name that the validator itself may search in, in the one place that cannot be given another function."""

Errors = Iterator[Any]


def found(pattern: str, text: str) -> bool:
    """Whether `re.search` finds a pattern.

    Raises:
        re.error: it is none.
        UserError: finding out takes too long.
    """
    import regex  # which only those load who use a schema

    re.compile(pattern)  # its errors, and what it takes for a pattern, are the ones that count
    try:
        return regex.search(pattern, text, timeout=_LIMIT_S) is not None
    except TimeoutError:
        pass
    except regex.error as error:
        raise re.error(str(error), pattern) from None
    raise UserError(f"The pattern {shown(pattern)} takes too long to look for in {shown(text)}; write a simpler one.")


def keywords(original: Mapping[str, Callable[..., Errors]]) -> dict[str, Callable[..., Errors]]:
    """The validator's functions for keywords that search; `original` are its own."""
    return {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "unevaluatedProperties": _guarded(original["unevaluatedProperties"]),
    }


def _pattern(_validator: Any, pattern: Any, instance: Any, _schema: Any) -> Errors:
    if isinstance(instance, str) and not found(pattern, instance):
        yield _error(f"{instance!r} does not match")


def _pattern_properties(validator: Any, patterns: Any, instance: Any, _schema: Any) -> Errors:
    if isinstance(instance, dict):
        for pattern, part in patterns.items():
            for name, value in instance.items():
                if found(pattern, name):
                    yield from validator.descend(value, part, path=name, schema_path=pattern)


def _additional_properties(validator: Any, part: Any, instance: Any, schema: Any) -> Errors:
    if not isinstance(instance, dict):
        return
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    others = [name for name in instance if name not in known and not any(found(one, name) for one in patterns)]
    if isinstance(part, dict):
        for name in others:
            yield from validator.descend(instance[name], part, path=name)
    elif not part and others:
        yield _error(f"{others[0]!r} is unexpected")


def _guarded(original: Callable[..., Errors]) -> Callable[..., Errors]:
    def check(validator: Any, part: Any, instance: Any, schema: Any) -> Errors:
        long = [name for name in instance if len(name) > _LONGEST_NAME] if isinstance(instance, dict) else []
        if long and "patternProperties" in str(schema):
            raise UserError(
                f'"unevaluatedProperties" and "patternProperties" cannot be judged for the long name {shown(long[0])}; '
                "leave one out."
            )
        yield from original(validator, part, instance, schema) or ()

    return check


def _error(message: str) -> Any:
    from jsonschema import ValidationError

    return ValidationError(message)
