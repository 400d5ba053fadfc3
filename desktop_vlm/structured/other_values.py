"""All values but some: the opposite of `enum`, in plain keywords."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desktop_vlm.structured.judge import Schema

_MOST_STRUCTURES = 3
"""Arrays and objects in one list: each multiplies the alternatives."""

_LONGEST_PATTERN = 1_900
_ANY = r"(?:[^\n]|\n)"


def other_values(values: Sequence[Any]) -> Schema | None:
    """A schema that none of the values satisfies; None where that would be too large.

    All values of other types fit, all other texts and numbers, and objects that lack a property of each object here.
    """
    groups: dict[str, list[Any]] = {}
    for value in values:
        groups.setdefault(_type_of(value), []).append(value)
    structures = groups.get("array", []) + groups.get("object", [])
    others: list[Schema] = [{"type": [name for name in _TYPES if name not in groups]}]
    if groups.get("boolean", []) in ([True], [False]):
        others.append({"const": not groups["boolean"][0]})
    if "number" in groups:
        others += _between(sorted(set(groups["number"])))
    if "string" in groups:
        pattern = _no_text_of(set(groups["string"]))
        if len(pattern) > _LONGEST_PATTERN:
            return None
        others.append({"type": "string", "pattern": f"^{pattern}$"})
    if len(structures) > _MOST_STRUCTURES:
        return None
    for name, other in (("array", _other_array), ("object", _other_object)):
        if name in groups:
            made = [other(value) for value in groups[name]]
            if None in made:
                return None
            others.append({"type": name, "allOf": made})
    return {"anyOf": [one for one in others if one != {"type": []}]}


_TYPES = ("object", "array", "string", "number", "boolean", "null")


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    kinds = {dict: "object", list: "array", str: "string", int: "number", float: "number"}
    return kinds.get(type(value), "null")


def _between(numbers: list[float]) -> list[Schema]:
    """Below the first, between each two, above the last."""
    parts: list[dict[str, Any]] = [{"type": "number"} for _ in range(len(numbers) + 1)]
    for at, number in enumerate(numbers):
        parts[at]["exclusiveMaximum"] = number
        parts[at + 1]["exclusiveMinimum"] = number
    return list(parts)


def _no_text_of(words: set[str]) -> str:
    """A regular expression for every text but these: letter by letter, where it may end and where it may go on."""
    by_first: dict[str, set[str]] = {}
    for word in words - {""}:
        by_first.setdefault(word[0], set()).add(word[1:])
    ways = [] if "" in words else [""]
    ways.append(f"[^{''.join(map(_escaped, sorted(by_first)))}]{_ANY}*" if by_first else f"{_ANY}+")
    ways += [_escaped(first) + _no_text_of(rest) for first, rest in by_first.items()]
    return f"(?:{'|'.join(ways)})"


def _escaped(char: str) -> str:
    return char if char.isalnum() or ord(char) > 0xFFFF else f"\\u{ord(char):04x}"


def _other_array(value: list[Any]) -> Schema | None:
    parts: list[Schema] = [{"minItems": len(value) + 1}]
    if value:
        parts.append({"maxItems": len(value) - 1})
    for at, item in enumerate(value):
        other = other_values([item])
        if other is None:
            return None
        parts.append({"prefixItems": [*([True] * at), other], "minItems": at + 1})
    return {"anyOf": parts}


def _other_object(value: dict[str, Any]) -> Schema | None:
    parts: list[Schema] = [{"minProperties": 1}] if not value else []
    for name, one in value.items():
        other = other_values([one])
        if other is None:
            return None
        parts += [{"properties": {name: False}}, {"properties": {name: other}, "required": [name]}]
    return {"anyOf": parts}
