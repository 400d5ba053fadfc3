"""Whole constraints, from which the damaged ones are made."""

from __future__ import annotations

from typing import Any

SCHEMAS: tuple[dict[str, Any], ...] = (
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "title": {"type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[A-Z][a-z ]+$"},
            "total": {"type": "number", "minimum": 0, "maximum": 1000, "multipleOf": 0.5},
            "count": {"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 100},
            "when": {"type": "string", "format": "date"},
            "items": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 5},
            "kind": {"enum": ["a", "b", 3, None, {"x": 1}]},
            "fixed": {"const": {"a": [1, 2]}},
        },
        "required": ["title", "total"],
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 9,
    },
    {
        "$defs": {
            "node": {
                "type": "object",
                "properties": {"value": {"type": "integer"}, "next": {"$ref": "#/$defs/node"}},
                "required": ["value"],
            },
            "name": {"type": "string"},
        },
        "anyOf": [
            {"$ref": "#/$defs/node"},
            {"type": "array", "prefixItems": [{"$ref": "#/$defs/name"}], "items": False},
        ],
    },
    {
        "oneOf": [{"type": "string"}, {"type": "integer", "not": {"const": 3}}],
        "allOf": [{"type": ["string", "integer", "null"]}],
    },
    {
        "type": "object",
        "patternProperties": {"^x-": {"type": "string"}},
        "propertyNames": {"maxLength": 8},
        "dependentRequired": {"a": ["b"]},
        "dependentSchemas": {"c": {"required": ["d"]}},
        "if": {"properties": {"a": {"const": 1}}},
        "then": {"required": ["b"]},
        "else": {"required": ["c"]},
    },
    {"type": "array", "contains": {"type": "number"}, "minContains": 1, "maxContains": 3, "unevaluatedItems": False},
)

KEYWORDS = (
    "type", "properties", "items", "prefixItems", "required", "enum", "const", "anyOf", "oneOf", "allOf", "not", "$ref",
    "$defs", "definitions", "additionalProperties", "patternProperties", "propertyNames", "minLength", "maxLength",
    "pattern", "format", "minimum", "maximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "contains", "if",
    "then", "else", "$id", "$anchor", "$dynamicRef", "nullable", "unevaluatedProperties", "minContains", "default",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    "string", "integer", "#", "#/$defs/node", "#/$defs/none", "#/properties/title", "https://example.org/x",
    "date-time",
    "email", "uuid", "ipv4", "regex", "^(a|b)*$", "(a{1,1000}){1,1000}", "[", "\\d{1000000}", "(?=a)", "\\1", "\\p{L}+",
    True, False, {}, {"type": "string"}, {"$ref": "#"}, {"not": {}}, [{"type": "null"}], 10**9, 1e-9, 10**18, 0.1,
    ["a"] * 2000, {"allOf": [{"$ref": "#"}]}, {"enum": list(range(3000))}, {"minItems": 10**6}, {"maxLength": 10**8},
)  # fmt: skip

FITTING: dict[str, tuple[Any, ...]] = {
    "type": ("string", "integer", "array", "object", ["string", "null"], "null", "boolean", "number"),
    "enum": (["a"], [1, 2], [None], [{"a": 1}, []], [True, "x"]),
    "const": ("a", 1, None, {"a": [1]}, []),
    "required": (["a"], ["title", "a"], []),
    "pattern": ("^a+$", "[0-9]{2,3}", "x|y", "^\\d+$"),
    "format": ("date", "time", "date-time", "uuid", "email", "ipv4"),
    "uniqueItems": (True, False),
    "items": ({"enum": [1, 2, 3]}, {"type": "integer"}, False, {}),
    "prefixItems": ([{"type": "string"}], [{}, {"const": 3}]),
    "anyOf": ([{"type": "string"}, {"type": "null"}], [{"required": ["a"]}]),
    "oneOf": ([{"const": 1}, {"const": "b"}],),
    "allOf": ([{"type": "object"}], [{"minLength": 2}, {"maxLength": 5}]),
    "not": ({"const": 1}, {"type": "null"}, {"enum": ["a", "b"]}),
    "properties": ({"a": {"type": "integer"}, "b": {"type": "string"}}, {}),
    "patternProperties": ({"^y": {"type": "integer"}},),
    "additionalProperties": (True, False, {"type": "integer"}),
    "contains": ({"type": "integer"}, {"const": "x"}),
    "dependentRequired": ({"a": ["b"]},),
    "$ref": ("#", "#/$defs/node", "#/properties/title"),
    "multipleOf": (1, 0.5, 3, 1e-5),
}
"""Values that keywords have; the others' are small numbers."""

REGEXES = (
    r"[A-Z][a-z]{1,20}( [A-Z][a-z]+)*", r"\d{4}-\d{2}-\d{2}", r"(yes|no|maybe)", r"^(\+\d{1,3} )?\d{3,12}$",
    r"[^\n\"]{0,200}", r"\p{Lu}\p{Ll}*", r"total: \d+\.\d\d", r"a*b+c?", r"\x41\u0042", r"(a|b|c|d|e){3,7}",
)  # fmt: skip
PIECES = (
    "(", ")", "[", "]", "{", "}", "*", "+", "?", "|", ".", "^", "$", "\\", "(?:", "(?=", "(?!", "(?<=", "(?P<a>",
    "(?i)",
    "\\1", "\\b", "\\d", "\\p{L}", "\\p{Nothing}", "\\x", "\\u12", "\\U0010FFFF", "[a-", "[z-a]", "[^]",
    "[[:alpha:]]", "{,}",
    "{2,1}", "{1000}", "{1,100000}", "{99999999999}", "\0", "\ud800", "é", "😀", "\n", "(a*)*", "(a|a)*", "((((((((",
    "))))",
    "(a{50}){50}", "(?#x)", "\\Z", "\\A", "\\Q", "&", "~", "(?R)", "\\g<1>", "(" * 300, "[" * 300, "a" * 5000,
)  # fmt: skip

GRAMMARS = (
    'start: greeting ", " NAME\ngreeting: "Hello" | "Good day"\nNAME: /[A-Z][a-z]+/\n',
    'start: item ("," item)*\nitem: /[0-9]{1,3}/ | "(" start ")"\n%ignore " "\n',
    'start: obj\nobj: %json {"type": "object", "properties": {"a": {"type": "integer"}}}\n',
    'root ::= "yes" | "no" ws number\nnumber ::= [0-9]+ ("." [0-9]+)?\nws ::= [ \\t]*\n',
    'root ::= expr\nexpr ::= term (("+" | "-") term)*\nterm ::= [0-9]{1,5} | "(" expr ")"\n',
)
GRAMMAR_PIECES = (
    "start", "root", "::=", ":", "|", '"', "'", "/", "(", ")", "[", "]", "{", "}", "*", "+", "?", "~", "%", "%json",
    "%regex",
    "%ignore", "%import common.NUMBER", "%llguidance {}", "<|eot_id|>", "<[65]>", "<[*]>", "{1,1000000}",
    "{0,99999999999}",
    "start: start", "start: start start\n", 'a: b\nb: a\n', "root ::= root", "\\x", "\0", "\ud800", "é", "#", "//",
    "[^", "@",
    "start: " + "(" * 500, '"' + "a" * 20_000 + '"', "| " * 3000, "x: y\n" * 3000,
    '%json {"type": "string", "maxLength": 1e9}',
    "stop=", "[stop=\"x\"]", "[capture]", "[max_tokens=0]", "[temperature=2]", "[lazy]", "start[x]: /a/", "&",
    "~ /a/", "-> x",
)  # fmt: skip
