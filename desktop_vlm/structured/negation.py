"""A schema that says the opposite of another, in keywords that need no `not`.

What comes out may say more than the opposite, never less: whatever satisfies it does not satisfy the other schema.
Where a keyword has no opposite that can be written down, the schema is refused.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.structured.judge import Schema
from desktop_vlm.structured.keywords import ANNOTATIONS, TYPES, check_keywords
from desktop_vlm.structured.other_values import other_values
from desktop_vlm.structured.place import Place

_MOST_ITEMS = 16
"""Items among which one that does not fit is looked for."""

_DEEPEST = 40

_Opposite = Callable[[Any, Mapping[str, Any], "Negation"], Schema]


def negated(schema: Schema, place: Place, keyword: str) -> Schema:
    """A schema that nothing satisfies which satisfies `schema`.

    Args:
        schema: what must not fit.
        place: where it stands.
        keyword: the one of `place` that asks for it, for sentences.

    Raises:
        UserError: there is none, or it cannot be written down.
    """
    return Negation(place, keyword).of(schema)


class Negation:
    """One walk through a schema, for the keyword of a place that needs its opposite."""

    def __init__(self, place: Place, keyword: str, level: int = 0) -> None:
        self._place = place
        self._keyword = keyword
        self._level = level

    def of(self, schema: Schema) -> Schema:
        """The opposite of a schema of this place.

        Raises:
            UserError: it cannot be written down.
        """
        schema = self._place.follow(schema)
        if isinstance(schema, bool):
            return not schema
        if self._level > _DEEPEST:
            raise self.refuse("has a schema that leads back to itself")
        check_keywords(schema, f'"{self._keyword}" of {self._place.where}')
        if "$id" in schema and schema is not self._place.judge.resource(self._place.resolver):
            raise self.refuse('has a schema with an "$id"')
        deeper = Negation(self._place, self._keyword, self._level + 1)
        return any_of(_opposite_of(name, schema, deeper) for name in schema if name not in ANNOTATIONS)

    def narrow(self) -> None:
        """Note that something which is no part of the schema is left out."""
        self._place.judge.is_narrowed = True

    def refuse(self, what: str) -> UserError:
        """The sentence for what has no opposite."""
        return self._place.refuse(self._keyword, f"{what}, of which the opposite cannot be obeyed; write it without.")


def any_of(schemas: Iterable[Schema]) -> Schema:
    """A schema that fits where one of these does."""
    left = [schema for schema in schemas if schema is not False]
    if any(schema is True or schema == {} for schema in left):
        return True
    return False if not left else left[0] if len(left) == 1 else {"anyOf": left}


def all_of(schemas: Iterable[Schema]) -> Schema:
    """A schema that fits where all of these do."""
    left = [schema for schema in schemas if schema is not True and schema != {}]
    if any(schema is False for schema in left):
        return False
    return True if not left else left[0] if len(left) == 1 else {"allOf": left}


def _opposite_of(name: str, schema: Mapping[str, Any], negation: Negation) -> Schema:
    if name in _OPPOSITES:
        return _OPPOSITES[name](schema[name], schema, negation)
    if name.startswith("x-") or name in _SAID_ELSEWHERE:
        return False
    raise negation.refuse(f'uses "{name}"')


# For all types


def _of_type(value: Any, _schema: Mapping[str, Any], negation: Negation) -> Schema:
    names = {value} if isinstance(value, str) else set(value)
    if "integer" in names and "number" not in names:  # numbers with a fraction alone cannot be written down
        negation.narrow()
    known = names | {"number"} if "integer" in names else names
    left = [name for name in TYPES if name not in known and name != "integer"]
    return {"type": left} if left else False


def _of_values(value: Any, _schema: Mapping[str, Any], negation: Negation) -> Schema:
    other = other_values(value)
    if other is None:
        raise negation.refuse("has too many values")
    if any(isinstance(one, dict) for one in value):
        negation.narrow()
    return other


def _of_one_of(value: list[Schema], _schema: Mapping[str, Any], negation: Negation) -> Schema:
    none = all_of(negation.of(one) for one in value)
    return any_of([none, *(all_of(pair) for pair in itertools.combinations(value, 2))])


def _of_if(value: Schema, schema: Mapping[str, Any], negation: Negation) -> Schema:
    cases = []
    if "then" in schema:
        cases.append(all_of([value, negation.of(schema["then"])]))
    if "else" in schema:
        cases.append(all_of([negation.of(value), negation.of(schema["else"])]))
    return any_of(cases)


# Strings and numbers


def _bound(keyword: str, kind: str, by: int = 0) -> _Opposite:
    """The opposite of one bound is the other: `minLength` 3 is `maxLength` 2."""

    def opposite(value: float, _schema: Mapping[str, Any], _negation: Negation) -> Schema:
        return {"type": kind, keyword: value + by} if value + by >= 0 or kind == "number" else False

    return opposite


# Arrays


def _of_prefix_items(value: list[Schema], _schema: Mapping[str, Any], negation: Negation) -> Schema:
    return any_of(_item_at(at, negation.of(one)) for at, one in enumerate(value))


def _of_items(value: Schema, schema: Mapping[str, Any], negation: Negation) -> Schema:
    first = len(schema.get("prefixItems", ()))
    if value is False:
        return {"type": "array", "minItems": first + 1}
    other = negation.of(value)
    negation.narrow()
    return any_of(_item_at(at, other) for at in range(first, first + _MOST_ITEMS))


def _item_at(at: int, schema: Schema) -> Schema:
    if schema is False:
        return False
    return {"type": "array", "prefixItems": [*([True] * at), schema], "minItems": at + 1}


def _of_contains(value: Schema, schema: Mapping[str, Any], negation: Negation) -> Schema:
    least, most = int(schema.get("minContains", 1)), schema.get("maxContains")
    fewer: Schema = False
    if least == 1:
        fewer = {"type": "array", "items": negation.of(value)}
    elif least > 1:
        fewer = {"type": "array", "contains": value, "minContains": 0, "maxContains": least - 1}
    if most is None:
        return fewer
    return any_of([fewer, {"type": "array", "contains": value, "minContains": int(most) + 1}])


def _of_unique_items(value: bool, _schema: Mapping[str, Any], negation: Negation) -> Schema:
    if value:
        raise negation.refuse('uses "uniqueItems"')
    return False


# Objects


def _of_required(value: list[str], _schema: Mapping[str, Any], _negation: Negation) -> Schema:
    return any_of({"type": "object", "properties": {name: False}} for name in value)


def _of_properties(value: Mapping[str, Schema], _schema: Mapping[str, Any], negation: Negation) -> Schema:
    return any_of(_property(name, negation.of(one)) for name, one in value.items())


def _property(name: str, schema: Schema) -> Schema:
    if schema is False:
        return False
    return {"type": "object", "properties": {name: schema}, "required": [name]}


def _of_additional(value: Schema, schema: Mapping[str, Any], negation: Negation) -> Schema:
    if value is True or value == {}:
        return False
    if value is not False or schema.get("properties") or schema.get("patternProperties"):
        raise negation.refuse('uses "additionalProperties"')
    return {"type": "object", "minProperties": 1}


def _of_dependent_required(value: Mapping[str, list[str]], _schema: Mapping[str, Any], negation: Negation) -> Schema:
    return any_of(
        all_of([_property(name, True), _of_required(names, {}, negation)]) for name, names in value.items() if names
    )


def _of_dependent_schemas(value: Mapping[str, Schema], _schema: Mapping[str, Any], negation: Negation) -> Schema:
    return any_of(all_of([_property(name, True), negation.of(one)]) for name, one in value.items())


_SAID_ELSEWHERE = frozenset({"then", "else", "minContains", "maxContains", "format"})
"""Beside `if` and `contains`; a `format` never fails for the validator."""

_OPPOSITES: dict[str, _Opposite] = {
    "type": _of_type,
    "const": lambda value, schema, negation: _of_values([value], schema, negation),
    "enum": _of_values,
    "allOf": lambda value, _schema, negation: any_of(negation.of(one) for one in value),
    "anyOf": lambda value, _schema, negation: all_of(negation.of(one) for one in value),
    "oneOf": _of_one_of,
    "not": lambda value, _schema, _negation: value,
    "if": _of_if,
    "$ref": lambda value, _schema, negation: negation.of({"$ref": value}),
    "minLength": _bound("maxLength", "string", -1),
    "maxLength": _bound("minLength", "string", 1),
    "minimum": _bound("exclusiveMaximum", "number"),
    "maximum": _bound("exclusiveMinimum", "number"),
    "exclusiveMinimum": _bound("maximum", "number"),
    "exclusiveMaximum": _bound("minimum", "number"),
    "minItems": _bound("maxItems", "array", -1),
    "maxItems": _bound("minItems", "array", 1),
    "prefixItems": _of_prefix_items,
    "items": _of_items,
    "contains": _of_contains,
    "uniqueItems": _of_unique_items,
    "required": _of_required,
    "properties": _of_properties,
    "additionalProperties": _of_additional,
    "minProperties": _bound("maxProperties", "object", -1),
    "maxProperties": _bound("minProperties", "object", 1),
    "dependentRequired": _of_dependent_required,
    "dependentSchemas": _of_dependent_schemas,
}
