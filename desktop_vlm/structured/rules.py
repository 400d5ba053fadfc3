"""What becomes of each keyword: one function a keyword, and the table of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.structured import conditions, evaluated
from desktop_vlm.structured.containing import containing
from desktop_vlm.structured.disjoint import are_disjoint
from desktop_vlm.structured.finite import arrangements, few_values
from desktop_vlm.structured.formats import FORMAT_PATTERNS, FORMATS, WIDER_FORMATS
from desktop_vlm.structured.judge import Schema
from desktop_vlm.structured.keywords import ANNOTATIONS, check_keywords, shown
from desktop_vlm.structured.negation import all_of, negated
from desktop_vlm.structured.part import Part
from desktop_vlm.structured.patterns import portable

_Rule = Callable[[Part], None]

# For all types


def _copied(name: str) -> _Rule:
    def rule(part: Part) -> None:
        value = part.schema[name]
        part.lowered[name] = int(value) if isinstance(value, float) else value

    return rule


def _each_of(name: str) -> _Rule:
    def rule(part: Part) -> None:
        part.lowered[name] = part.each_of(name)

    return rule


def _reference(name: str) -> _Rule:
    def rule(part: Part) -> None:
        reference = part.schema[name]
        target, resolver = part.place.judge.resolve(reference, part.place.resolver, part.place.where)
        referred = part.refer(target, part.place.at_target(reference, resolver))
        if "$ref" in part.lowered:  # beside "$dynamicRef"
            part.more.append(referred)
        else:
            part.lowered |= referred

    return rule


def _all_of(part: Part) -> None:
    cases, rest = conditions.by_cases(part.schema, part.place)
    inner = part.place.of_same_value("allOf")
    part.lowered["allOf"] = [part.lower(one, inner) for one in rest]
    if cases is not True:
        part.more.append(part.lower(cases, inner))


_MOST_ALTERNATIVES = 64


def _one_of(part: Part) -> None:
    alternatives = part.schema["oneOf"]
    values = [few_values(one, part.place) for one in alternatives]
    if all(found is not None for found in values):
        union = [value for found in values if found for value in found]
        part.more.append({"enum": [one for one in union if part.place.accepts({"oneOf": alternatives}, one)]})
        return
    if len(alternatives) > _MOST_ALTERNATIVES:  # each is compared with each
        raise part.place.refuse(
            "oneOf",
            f'has {len(alternatives):,} alternatives; at most {_MOST_ALTERNATIVES} can be kept apart, or use "anyOf".',
        )
    alone = [_alone(at, alternatives, part) for at in range(len(alternatives))]
    inner = part.place.of_same_value("oneOf")
    part.more.append({"anyOf": [part.lower(one, inner) for one in alone]})


def _alone(at: int, alternatives: list[Schema], part: Part) -> Schema:
    """One alternative and none of those that could fit, too."""
    one = alternatives[at]
    others: list[Schema] = []
    for number, other in enumerate(alternatives):
        if number != at and not are_disjoint(one, other, part.place):
            try:
                others.append(negated(other, part.place, "oneOf"))
            except UserError:
                first, second = sorted((at + 1, number + 1))
                raise part.place.refuse(
                    "oneOf",
                    f"has alternatives that may both fit ({first} and {second}); tell them apart by "
                    '"type" or by a required property with "const", or use "anyOf".',
                ) from None
    return all_of([one, *others])


def _not(part: Part) -> None:
    part.also("not", negated(part.schema["not"], part.place, "not"))


def _if(part: Part) -> None:
    part.also("if", conditions.without_if(part.schema, part.place))


# Strings


def _pattern(part: Part) -> None:
    part.lowered["pattern"] = part.pattern(part.schema["pattern"], "pattern")


def _format(part: Part) -> None:
    if "string" not in part.schema.get("type", "string"):
        return  # such as int32: it says nothing about other types
    name = part.schema["format"]
    if name in FORMATS:
        part.lowered["format"] = name
    elif name in WIDER_FORMATS:
        part.lowered["format"] = WIDER_FORMATS[name]
    elif name in FORMAT_PATTERNS:
        part.more.append({"pattern": portable(FORMAT_PATTERNS[name])})
    else:
        known = ", ".join([*FORMATS, *WIDER_FORMATS, *FORMAT_PATTERNS])
        raise part.place.refuse("format", f"{shown(name)} cannot be obeyed; the formats are {known}.")


# Arrays


def _prefix_items(part: Part) -> None:
    part.lowered["prefixItems"] = [
        part.lower(item, part.place.of_part(f"item {number} of {part.place.where}"))
        for number, item in enumerate(part.schema["prefixItems"], 1)
    ]


def _items(part: Part) -> None:
    part.lowered["items"] = part.lower(part.schema["items"], part.place.of_part(f"the items of {part.place.where}"))


def _contains(part: Part) -> None:
    least, most = int(part.schema.get("minContains", 1)), part.schema.get("maxContains")
    if least == 0 and most is None:
        return
    if part.schema["contains"] in (True, {}):
        part.more.append({"minItems": least} | ({} if most is None else {"maxItems": int(most)}))
        return
    part.more.append({"anyOf": containing(part, least, None if most is None else int(most))})


def _unique_items(part: Part) -> None:
    if not part.schema["uniqueItems"] or part.schema.get("maxItems", 2) <= 1:
        return
    values = arrangements(part.schema, part.place)
    if values is None:
        raise part.place.refuse("uniqueItems", 'can be obeyed only where "items" has few values; leave it out.')
    others = [name for name in _types(part.schema) if name != "array"]
    part.more.append({"anyOf": [{"enum": values}, {"type": others}]} if others else {"enum": values})


def _types(schema: Mapping[str, Any]) -> list[str]:
    given = schema.get("type", ["object", "array", "string", "number", "boolean", "null"])
    return [given] if isinstance(given, str) else list(given)


def _unevaluated_items(part: Part) -> None:
    part.also("unevaluatedItems", evaluated.unevaluated_items(part.schema, part.place))


# Objects


def _properties(part: Part) -> None:
    part.lowered["properties"] = part.each_named("properties")


def _pattern_properties(part: Part) -> None:
    made: dict[str, Schema] = {}
    for pattern, schema in part.each_named("patternProperties").items():
        text = part.pattern(pattern, "patternProperties")
        if text in made:
            part.more.append({"patternProperties": {text: schema}})
        else:
            made[text] = schema
    part.lowered["patternProperties"] = made


def _additional_properties(part: Part) -> None:
    inner = part.place.of_part(f'"additionalProperties" of {part.place.where}')
    part.lowered["additionalProperties"] = part.lower(part.schema["additionalProperties"], inner)


def _min_properties(part: Part) -> None:
    least = int(part.schema["minProperties"])
    if least <= len(set(part.schema.get("required", ()))):
        return
    is_closed = part.schema.get("additionalProperties") is False and "patternProperties" not in part.schema
    if least > 1 and not is_closed:  # two properties of one name would count as two
        raise part.place.refuse("minProperties", 'above 1 can be obeyed only with "additionalProperties": false.')
    part.lowered["minProperties"] = least


def _property_names(part: Part) -> None:
    names = part.place.follow(part.schema["propertyNames"])
    if isinstance(names, bool) or not names:
        part.more += [] if names or names == {} else [{"maxProperties": 0}]
        return
    check_keywords(names, f'"propertyNames" of {part.place.where}')
    known: dict[str, Schema] = {name: part.place.accepts(names, name) for name in part.schema.get("properties", {})}
    values = few_values(names, part.place)
    if values is not None:
        allowed: dict[str, Schema] = {value: True for value in values if isinstance(value, str)}
        part.more.append({"properties": {**known, **allowed}, "additionalProperties": False})
        return
    if "string" not in names.get("type", "string"):
        part.more.append({"maxProperties": 0})
        return
    if set(names) - ANNOTATIONS - {"type", "pattern", "minLength", "maxLength"}:
        raise part.place.refuse("propertyNames", 'can be obeyed only with "enum", "pattern" and lengths.')
    for pattern in _name_patterns(names, part):
        part.more.append({"properties": known, "patternProperties": {pattern: True}, "additionalProperties": False})


def _name_patterns(names: Mapping[str, Any], part: Part) -> list[str]:
    """Regular expressions that a name has to match."""
    patterns = [names["pattern"]] if "pattern" in names else []
    if "minLength" in names or "maxLength" in names:
        least, most = int(names.get("minLength", 0)), names.get("maxLength", "")
        patterns.append(rf"^(?:[^\n]|\n){{{least},{most if most == '' else int(most)}}}$")
    return [part.pattern(pattern, "propertyNames") for pattern in patterns]


def _dependent_required(part: Part) -> None:
    for plain in conditions.dependent_required(part.schema["dependentRequired"]):
        part.also("dependentRequired", plain)


def _dependent_schemas(part: Part) -> None:
    for plain in conditions.dependent_schemas(part.schema["dependentSchemas"]):
        part.also("dependentSchemas", plain)


def _unevaluated_properties(part: Part) -> None:
    part.also("unevaluatedProperties", evaluated.unevaluated_properties(part.schema, part.place))


RULES: dict[str, _Rule] = {
    **{
        name: _copied(name)
        for name in ("type", "required", "maxProperties", "minLength", "maxLength", "minItems", "maxItems")
    },
    "$ref": _reference("$ref"),
    "$dynamicRef": _reference("$dynamicRef"),
    "allOf": _all_of,
    "anyOf": _each_of("anyOf"),
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
    "pattern": _pattern,
    "format": _format,
    "prefixItems": _prefix_items,
    "items": _items,
    "contains": _contains,
    "uniqueItems": _unique_items,
    "unevaluatedItems": _unevaluated_items,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "minProperties": _min_properties,
    "propertyNames": _property_names,
    "dependentRequired": _dependent_required,
    "dependentSchemas": _dependent_schemas,
    "unevaluatedProperties": _unevaluated_properties,
}
"""Numbers have a module of their own, `const` and `enum` are decided before, annotations say nothing."""
