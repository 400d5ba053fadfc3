"""The checker of schemas: what it takes, and its sentence for what it does not."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from llguidance import LLTokenizer

from desktop_vlm.api.errors import UserError
from desktop_vlm.quick_actions.builtin import RECEIPT_SCHEMA
from desktop_vlm.structured.schema import check_schema, schema_grammar
from tools.schema_suite import lets_through


def object_of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


KIND = object_of(kind={"enum": ["a", "b"]}, size={"type": "integer"}, name={"type": "string"}) | {"required": ["kind"]}

EXAMPLES: list[tuple[dict[str, Any], list[Any], list[Any]]] = [
    ({"type": "object"}, [{}, {"a": [1, "x"]}], [[], 1]),
    ({"type": ["string", "null"]}, ["x", None], [1]),
    (
        {"properties": {"properties": {"type": "string"}, "minimum": {"enum": ["a", 1]}}},
        [{"minimum": 1}],
        [{"minimum": 2}],
    ),
    ({"$defs": {"n": {"type": "number"}}, "type": "array", "items": {"$ref": "#/$defs/n"}}, [[1, 2.5]], [["x"]]),
    ({"anyOf": [{"type": "string", "maxLength": 5}, {"type": "integer"}]}, ["abc", 7], ["abcdef", 1.5]),
    ({"type": "string", "pattern": r"^\d{3}-\d{4}$"}, ["123-4567"], ["1234567", "٣٣٣-٣٣٣٣"]),
    ({"type": "string", "pattern": "b"}, ["abc"], ["xyz"]),
    ({"enum": ['say "hi"', "line one\nline two"]}, ['say "hi"', "line one\nline two"], ["hi"]),
    ({"const": "😀"}, ["😀"], ["😁"]),
    ({"enum": ["a", "bb", 3], "minLength": 2}, ["bb", 3], ["a"]),
    ({"type": "integer", "minimum": 1, "maximum": 5}, [1, 5], [0, 6, 2023]),
    ({"type": "integer", "minimum": -1e30, "maximum": 9}, [-(2**53), 9], [10]),
    ({"type": "integer"}, [12345678901234567890123], [1.5]),
    ({"type": "number", "multipleOf": 0.5}, [1, 2.5], [0.3]),
    ({"type": "string", "maxLength": 4000}, ["é" * 4000], ["é" * 4001]),
    (
        object_of(colours={"type": "array", "items": {"type": "string"}, "maxItems": 0}),
        [{"colours": []}],
        [{"colours": ["x"]}],
    ),
    ({"type": "array", "items": {"enum": ["a", "b"]}, "uniqueItems": True}, [[], ["b", "a"]], [["a", "a"]]),
    ({"type": "array", "prefixItems": [{"const": 1}], "items": {"type": "string"}}, [[1, "x"]], [[2]]),
    ({"oneOf": [object_of(t={"const": "a"}), object_of(t={"const": "b"})]}, [{"t": "a"}, {"t": "b"}], [{"t": "c"}]),
    ({"oneOf": [{"enum": [1, 2]}, {"enum": [2, 3]}]}, [1, 3], [2]),
    ({"type": "object", "not": {"required": ["a"]}}, [{}, {"b": 1}], [{"a": 1}]),
    ({"not": {"type": ["string", "number"]}}, [None, []], ["x", 1]),
    ({"type": "integer", "minimum": 1, "maximum": 3, "not": {"const": 2}}, [1, 3], [2]),
    ({"type": "object", "dependentRequired": {"a": ["b"]}}, [{}, {"b": 1}, {"a": 1, "b": 1}], [{"a": 1}]),
    ({"type": "object", "propertyNames": {"pattern": "^x"}}, [{"x1": 1}], [{"y": 1}]),
    ({"type": "object", "propertyNames": {"enum": ["a"]}}, [{"a": 1}], [{"b": 1}]),
    ({"allOf": [object_of(a={})], "unevaluatedProperties": False}, [{"a": 1}], [{"a": 1, "b": 1}]),
    (
        KIND | {"if": {"properties": {"kind": {"const": "a"}}}, "then": {"required": ["size"]}},
        [{"kind": "a", "size": 1}, {"kind": "b"}],
        [{"kind": "a"}, {"size": 1}],
    ),
    (
        {
            "$defs": {"node": object_of(next={"anyOf": [{"type": "null"}, {"$ref": "#/$defs/node"}]})},
            "$ref": "#/$defs/node",
        },
        [{"next": {"next": None}}],
        [{"next": {}}],
    ),
    ({"type": "object", "not": {"properties": {"a": {"const": 1}}}}, [{"a": 2}, {"a": "x"}], [{}, {"a": 1}, {"b": 2}]),
    ({"type": "integer", "not": {"enum": [2, 4]}}, [1, 3, 5, -9], [2, 4]),
    ({"type": "string", "not": {"enum": ["no", "never", ""]}}, ["n", "now", "nevers", "é"], ["no", "never", ""]),
    ({"type": "array", "not": {"const": [1, 2]}}, [[], [1], [1, 2, 3], [2, 2]], [[1, 2]]),
    ({"type": "string", "not": {"minLength": 3}}, ["ab", ""], ["abc"]),
    ({"$ref": "#/$defs/flag", "not": {"const": True}, "$defs": {"flag": {"type": "boolean"}}}, [False], [True]),
    ({"type": "integer", "if": {"minimum": 10}, "then": {"multipleOf": 5}}, [3, 10, 15], [11]),
    (
        KIND
        | {
            "properties": {"kind": {"enum": list("abcdefghijkl")}, "size": {"type": "integer"}},
            "required": [],
            "allOf": [
                *(
                    {"if": {"properties": {"kind": {"const": one}}}, "then": {"properties": {"size": {"const": at}}}}
                    for at, one in enumerate("abcdefghijkl")
                ),
                {
                    "if": {"properties": {"kind": {"enum": ["a", "b"]}}, "required": ["kind"]},
                    "else": {"required": ["size"]},
                },
            ],
        },
        [{"kind": "a"}, {"kind": "b", "size": 1}, {"kind": "l", "size": 11}],
        [{"kind": "c"}, {"kind": "l", "size": 1}, {}, {"size": 0}, {"kind": "z"}],
    ),
    ({"oneOf": [{"type": "string"}, {"maxLength": 2}]}, ["abc", 1, None], ["ab", ""]),
    ({"oneOf": [{"type": "object", "required": ["a"]}, {"type": "object", "required": ["b"]}]}, [{"a": 1}], [{}]),
    ({"type": "array", "contains": {"const": 1}}, [[1], [0, 1, 2], [0] * 9 + [1]], [[], [0, 2]]),
    ({"type": "array", "contains": {"const": 1}, "maxContains": 1}, [[1], [0, 1, 2]], [[], [1, 1], [0, 1, 2, 1]]),
    ({"type": "array", "contains": {"const": 1}, "minContains": 2}, [[1, 1], [1, 0, 1, 5]], [[1], [0, 1]]),
    ({"type": "array", "contains": {"const": 1}, "minContains": 0, "maxContains": 0}, [[], [0]], [[1], [0, 1]]),
    (
        {"anyOf": [{"required": ["a"], "properties": {"a": True}}, {"required": ["b"], "properties": {"b": True}}]}
        | {"type": "object", "unevaluatedProperties": False},
        [{"a": 1}, {"b": 1}],
        [{}, {"a": 1, "c": 1}, {"b": 1, "c": 1}],
    ),
    (
        {"type": "object", "properties": {"a": True}, "if": {"required": ["b"], "properties": {"b": True}}}
        | {"then": {"properties": {"c": True}}, "else": {"properties": {"d": True}}, "unevaluatedProperties": False},
        [{}, {"a": 1, "d": 2}, {"a": 1, "b": 2, "c": 3}],
        [{"c": 1}, {"b": 1, "d": 2}, {"e": 1}],
    ),
    (
        {"type": "array", "prefixItems": [True], "contains": {"type": "string"}, "unevaluatedItems": False},
        [[1, "x"], ["x"]],
        [[1, "x", 2], [1]],
    ),
    (
        {
            "$dynamicRef": "#node",
            "$defs": {
                "n": {"$dynamicAnchor": "node", "properties": {"next": {"$dynamicRef": "#node"}, "v": {"const": 1}}}
            },
        },
        [{"next": {"v": 1}}, {"v": 1}],
        [{"v": 2}, {"next": {"v": 2}}],
    ),
    (
        {"type": "object", "propertyNames": {"minLength": 2, "maxLength": 3}},
        [{"ab": 1}, {"éßc": 1}],
        [{"a": 1}, {"abcd": 1}],
    ),
    ({"type": "string", "format": "json-pointer"}, ["", "/a/~0b"], ["a", "/~2"]),
    (RECEIPT_SCHEMA, [{"shop": "A", "date": "x", "items": [{"name": "b", "price": 1.5}], "total": 2}], [{"shop": "A"}]),
    ({"type": "integer", "format": "int32", "x-order": 3, "$comment": "y", "readOnly": True}, [4], ["x"]),
    ({"x-guidance": {"lenient": True, "whitespace_pattern": "x*"}, "type": "integer"}, [4], ["x"]),
]


@pytest.mark.parametrize(("schema", "valid", "invalid"), EXAMPLES, ids=lambda value: json.dumps(value)[:40])
def test_what_is_let_through(
    schema: dict[str, Any], valid: list[Any], invalid: list[Any], bytes_only: LLTokenizer
) -> None:
    grammar = schema_grammar(json.dumps(schema))
    validator = Draft202012Validator(schema)
    for value in valid:
        assert validator.is_valid(value)
        assert lets_through(grammar, json.dumps(value, ensure_ascii=False), bytes_only), value
    for value in invalid:
        assert not lets_through(grammar, json.dumps(value, ensure_ascii=False), bytes_only), value


@pytest.mark.parametrize(
    ("schema", "sentence"),
    [
        ('{"type": }', "The schema is not valid JSON: line 1, column 10: Expecting value."),
        ("[]", 'The schema must be a JSON object, such as {"type": "object", "properties": {}}.'),
        ('{"const": NaN}', "The schema contains NaN, which is no number in JSON; remove it."),
        ('{"const": ' + "9" * 5_000 + "}", "The schema contains a number with too many digits; shorten it."),
        ('{"a": "\0"}', "The schema contains a NUL character; remove it."),
        (
            '{"type": "text"}',
            'In the schema, "text" is not a type; the types are object, array, string, number, integer, boolean, null.',
        ),
        ('{"propertys": {}}', 'In the schema, "propertys" cannot be obeyed; did you mean "properties"?'),
        ('{"properties": {"a": {"colour": 5}}}', 'In "a", "colour" cannot be obeyed; leave it out.'),
        ('{"properties": {"a": "string"}}', 'In "a" there must be an object in braces, not "string".'),
        ('{"properties": []}', 'In the schema, "properties" must be an object in braces.'),
        ('{"required": "a"}', 'In the schema, "required" must be a list in brackets.'),
        ('{"enum": []}', 'In the schema, "enum" allows no value.'),
        ('{"items": {"minLength": -1}}', 'In the items of the schema, "minLength" must be a whole number from 0.'),
        ('{"items": [{}]}', 'In the schema, "items" is a list; use "prefixItems" for it.'),
        ('{"id": "x"}', 'In the schema, "id" cannot be obeyed; use "$id".'),
        ('{"anyOf": []}', 'In the schema, "anyOf" is empty.'),
        ('{"minimum": "1"}', 'In the schema, "minimum" must be a number.'),
        (
            '{"properties": {"a": {"const": "x\\u0000"}}}',
            'In "a", "const" contains a NUL character; remove it.',
        ),
        (
            '{"enum": ["\\ud83d"]}',
            'In the schema, "enum" contains half of a surrogate pair; write the whole character.',
        ),
        (
            '{"properties": {"a": {"maxLength": 1e9}}}',
            'In "a", "maxLength" is 1,000,000,000; at most 1,000,000 can be obeyed.',
        ),
        ('{"maxItems": 1000000}', 'In the schema, "maxItems" is 1,000,000; at most 100,000 can be obeyed.'),
        (
            '{"$ref": "https://example.org/x"}',
            'In the schema, the reference "https://example.org/x" leads nowhere within the schema.',
        ),
        (
            '{"properties": {"a": {"$ref": "#/$defs/b"}}}',
            'In "a", the reference "#/$defs/b" leads nowhere within the schema.',
        ),
        ('{"$ref": "#"}', 'In the schema, a "$ref" leads back to itself; leave it out.'),
        ('{"$dynamicRef": "#x"}', 'In the schema, the reference "#x" leads nowhere within the schema.'),
        (
            '{"properties": {"a": {"if": {"pattern": "x"}, "then": {"maxLength": 5}}}}',
            'In "a", "if" uses "pattern", of which the opposite cannot be obeyed; write it without.',
        ),
        (
            '{"oneOf": [{"type": "string"}, {"pattern": "x"}]}',
            (
                'In the schema, "oneOf" has alternatives that may both fit (1 and 2); tell them apart by "type" or by '
                'a required property with "const", or use "anyOf".'
            ),
        ),
        (
            '{"contains": {"const": 1}, "minContains": 40}',
            'In the schema, "contains" asks for so many items that their places are too many; ask for fewer.',
        ),
        (
            '{"$defs": {"n": {"properties": {"next": {"$ref": "#/$defs/n"}}}}, "not": {"$ref": "#/$defs/n"}}',
            (
                'In the schema, "not" has a schema that leads back to itself, of which the opposite cannot be obeyed; '
                "write it without."
            ),
        ),
        (
            '{"type": "number", "not": {"type": "integer"}}',
            "In the schema, the keywords cannot be obeyed together (incompatible types); simplify it.",
        ),
        (
            '{"pattern": "^\\\\p{L}+$"}',
            (
                'In the schema, "pattern" "^\\\\p{L}+$" uses "\\p{L}", which the validator cannot read; write another '
                "one."
            ),
        ),
        (
            '{"uniqueItems": true}',
            'In the schema, "uniqueItems" can be obeyed only where "items" has few values; leave it out.',
        ),
        (
            '{"pattern": "(?=a)b"}',
            'In the schema, "pattern" "(?=a)b" uses a lookahead, which cannot be followed; write another one.',
        ),
        (
            '{"type":"object", "properties": {"a": {"type": "number", "minimum": 5, "maximum": 2}}, "required": ["a"]}',
            'In "a", no answer can satisfy all keywords (minimum (5) is greater than maximum (2)); correct it.',
        ),
        (
            '{"multipleOf": 0.01}',
            (
                'In the schema, "multipleOf" 0.01 has no exact binary fraction, so that the validator refuses some '
                "multiples of it; use whole numbers of a smaller unit."
            ),
        ),
        (
            '{"const": 12345678901234567890}',
            (
                'In the schema, "const" has the number 12345678901234567890; numbers beyond 9,007,199,254,740,992 are '
                "read differently by different programs; use text in quotes."
            ),
        ),
        (
            '{"minProperties": 2}',
            'In the schema, "minProperties" above 1 can be obeyed only with "additionalProperties": false.',
        ),
    ],
)
def test_a_schema_that_cannot_be_obeyed_is_explained(schema: str, sentence: str) -> None:
    with pytest.raises(UserError) as raised:
        check_schema(schema)
    assert str(raised.value) == sentence


def chain(n: int) -> str:
    """Definitions that refer to one another, `n` deep."""
    parts = {f"d{i}": object_of(x={"$ref": f"#/$defs/d{i + 1}"}) for i in range(n)} | {f"d{n}": {"type": "null"}}
    return json.dumps({"$ref": "#/$defs/d0", "$defs": parts})


@pytest.mark.parametrize(
    ("schema", "sentence"),
    [
        ('{"items": ' * 3_000 + "{}" + "}" * 3_000, "nested too deeply; at most 64 brackets"),
        ('{"items": ' * 100_000 + "{}" + "}" * 100_000, "nested too deeply; at most 64 brackets|has .* characters"),
        ("[" * 3_000, "nested too deeply"),
        (chain(3_000), 'nested too deeply in "#/\\$defs/d40"; at most 80 levels'),
        ('{"maxLength": 1e9}', "at most 1,000,000"),
        (json.dumps({"enum": list(range(6_000))}), '"enum" has 6,000 values; at most 5,000'),
        (json.dumps({"description": "x" * 2_000_000}), "has 2,000,019 characters; at most 1,000,000"),
        (json.dumps({"anyOf": [object_of(a={"type": "null"})] * 3_000}), "has more than 5,000 parts"),
    ],
    ids=lambda value: value[:20],
)
def test_what_is_too_large_costs_a_sentence_and_no_memory(schema: str, sentence: str) -> None:
    check_schema('{"type": "null"}')  # what is imported once
    tracemalloc.start()
    with pytest.raises(UserError, match=sentence):
        check_schema(schema)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 30 * 2**20


def test_a_chain_of_references_that_is_not_too_deep_is_followed(bytes_only: LLTokenizer) -> None:
    grammar = schema_grammar(chain(38))
    assert lets_through(grammar, '{"x": ' * 38 + "null" + "}" * 38, bytes_only)


def test_the_name_of_a_keyword_may_be_a_propertys(bytes_only: LLTokenizer) -> None:
    grammar = schema_grammar(json.dumps(object_of(**{"$ref": {"type": "null"}, "if": {"const": 1}, "pattern": {}})))
    assert lets_through(grammar, '{"$ref": null, "if": 1, "pattern": []}', bytes_only)


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"exclusiveMaximum": 3}, "2.9999999999999999999999"),
        ({"exclusiveMinimum": 3}, "3.0000000000000000000001"),
        ({"exclusiveMinimum": 0}, "0." + "0" * 400 + "1"),
        ({"exclusiveMinimum": -0.1}, "-0.09999999999999999999999999"),
        ({"not": {"const": 0.5}}, "0.50000000000000000000000001"),
    ],
)
def test_no_number_that_rounds_to_what_is_excluded_is_let_through(
    schema: dict[str, Any], text: str, bytes_only: LLTokenizer
) -> None:
    assert not Draft202012Validator(schema).is_valid(json.loads(text))
    assert not lets_through(schema_grammar(json.dumps({"type": "number", **schema})), text, bytes_only)


@pytest.mark.parametrize(
    ("schema", "value", "let_through"),
    [
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 1}, 0.001, True),
        ({"type": "number", "exclusiveMinimum": 2.5, "minimum": 1}, 2, False),
        ({"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5}, 4, True),
        ({"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5}, 5, False),
        ({"type": "number", "exclusiveMaximum": 1e15}, 999_999_999_999_990, True),
    ],
)
def test_exclusive_bounds(schema: dict[str, Any], value: float, let_through: bool, bytes_only: LLTokenizer) -> None:
    assert Draft202012Validator(schema).is_valid(value) is let_through
    assert lets_through(schema_grammar(json.dumps(schema)), json.dumps(value), bytes_only) is let_through
