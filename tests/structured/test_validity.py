"""Whatever the schema and whatever the model likes: a finished answer is JSON that the schema's validator accepts."""

from __future__ import annotations

import json
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from llguidance import LLTokenizer

from desktop_vlm.api.errors import UserError
from desktop_vlm.backend import Model, close_json
from desktop_vlm.markdown.formula import lay_out
from desktop_vlm.structured.constraint import Constraint, make_constraint
from tests.structured.answers import RandomAnswers
from tests.structured.test_latex import LATEX, formulas

_PAIRS = 500
_FUZZ_PAIRS = 2_000
_SECONDS = 10.0
_LEAST_FINISHED = 300
_SEEDS = 5
"""Answers to every schema."""
_MOST_ROUNDS = 200

_NAMES = st.sampled_from(["a", "b", "kind", 'say "x"', "é\n", "$ref"])
_WORDS = st.sampled_from(["", "x", "yes", "no", 'a "b"', "line\nline", "😀", "\\", "null"])
_PLAIN = st.none() | st.booleans() | st.integers(-20, 20) | st.sampled_from([0.5, -1.25, 1e-7, 3e5]) | _WORDS
_PATTERNS = st.sampled_from([r"^\d{2,4}$", r"^[\w.-]+$", "b", r"^(x|yy)*$", r"^\S+ \S+$", r"^[^a\d]{1,3}$", "^é+$", ""])
_FORMATS = st.sampled_from(["date-time", "date", "time", "email", "uuid", "ipv4", "uri", "hostname", "duration"])


def some(**optional: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=optional)


_COUNTS = st.integers(0, 4)
_STRINGS = st.one_of(
    some(minLength=_COUNTS, maxLength=st.integers(2, 9)), some(pattern=_PATTERNS), some(format=_FORMATS)
).map(lambda more: {"type": "string", **more})
_BOUND = st.one_of(st.integers(-1000, 1000), st.sampled_from([0.5, -2.25, 1e20, -1e20, 2**53]))
_NUMBERS = st.builds(
    lambda kind, more: {"type": kind, **more},
    st.sampled_from(["integer", "number"]),
    some(
        minimum=_BOUND,
        exclusiveMaximum=_BOUND,
        maximum=_BOUND,
        multipleOf=st.sampled_from([1, 2, 3, 7, 10, 0.5, 0.25, 2.5]),
    ),
)
_LEAVES = st.one_of(
    _STRINGS,
    _NUMBERS,
    st.lists(_PLAIN, min_size=1, max_size=4).map(lambda values: {"enum": values}),
    _PLAIN.map(lambda value: {"const": value}),
    st.lists(st.sampled_from(["string", "integer", "null", "boolean", "array"]), min_size=1, unique=True).map(
        lambda types: {"type": types}
    ),
    st.sampled_from(
        [
            *({}, True, {"$ref": "#/$defs/node"}, {"$ref": "#/$defs/word"}, {"not": {"type": "string"}}),
            *({"$dynamicRef": "#flag"}, {"$ref": "#/$defs/flag", "not": {"const": True}}, {"type": "number"}),
            {"$ref": "#/$defs/word", "maxLength": 3},
        ]
    ),
)


def _compound(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    properties = st.dictionaries(_NAMES, inner, max_size=3)
    objects = st.builds(
        lambda more, required: {
            "type": "object",
            **more,
            "required": [n for n in more.get("properties", {}) if required],
        },
        some(
            properties=properties,
            additionalProperties=st.booleans() | inner,
            patternProperties=st.dictionaries(st.sampled_from(["^x", r"^\d+$"]), inner, max_size=1),
            minProperties=st.integers(0, 2),
            maxProperties=st.integers(1, 4),
            dependentRequired=st.just({"a": ["b"]}),
            dependentSchemas=st.dictionaries(st.sampled_from(["a", "kind"]), inner, max_size=1),
            propertyNames=st.one_of(some(minLength=_COUNTS, maxLength=_COUNTS), st.just({"pattern": "^[a-z]+$"})),
        ),
        st.booleans(),
    )
    arrays = some(
        items=inner,
        prefixItems=st.lists(inner, min_size=1, max_size=2),
        minItems=_COUNTS,
        maxItems=_COUNTS,
        uniqueItems=st.booleans(),
        contains=inner,
        minContains=st.integers(0, 2),
        maxContains=st.integers(0, 3),
    ).map(lambda more: {"type": "array", **more})
    conditions = st.builds(
        lambda values, then, other: {
            "type": "object",
            "properties": {"kind": {"enum": values}, "a": True, "b": True},
            "required": ["kind"],
            "if": {"properties": {"kind": {"const": values[0]}}},
            "then": then,
            "else": other,
        },
        st.lists(_PLAIN, min_size=1, max_size=3),
        inner,
        inner,
    )
    chains = st.builds(
        lambda thens, required: {
            "type": "object",
            "properties": {"kind": {"enum": ["a", "b", 1, None]}, "a": True},
            "required": ["kind"] if required else [],
            "allOf": [
                {"if": {"properties": {"kind": {"enum": ["a", number]}}}, name: then}
                for number, (name, then) in enumerate(thens)
            ],
        },
        st.lists(st.tuples(st.sampled_from(["then", "else"]), inner), min_size=2, max_size=3),
        st.booleans(),
    )
    lists = st.builds(
        lambda keyword, parts: {keyword: parts},
        st.sampled_from(["anyOf", "oneOf", "allOf"]),
        st.lists(inner, min_size=1, max_size=3),
    )
    opposites = st.one_of(
        inner.map(lambda schema: {"not": schema}),
        st.fixed_dictionaries({"if": inner}, optional={"then": inner, "else": inner}),
    )
    rest = st.builds(
        lambda first, second, more: {**first, **second, **more},
        st.one_of(objects, arrays),
        st.one_of(lists, opposites),
        some(unevaluatedProperties=st.booleans() | inner, unevaluatedItems=st.booleans() | inner),
    )
    return st.one_of(objects, objects, arrays, lists, conditions, chains, opposites, rest)


_SCHEMAS = st.recursive(_LEAVES, _compound, max_leaves=8).map(
    lambda schema: {
        **(schema if isinstance(schema, dict) else {}),
        "$defs": {
            "node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}, "additionalProperties": False},
            "word": {"type": "string", "pattern": r"^\w+$"},
            "flag": {"$dynamicAnchor": "flag", "type": "boolean"},
        },
    }
)


def constraint_or_none(schema: dict[str, Any]) -> Constraint | None:
    """The constraint; None where the checker refuses the schema. Anything but its own refusal is a failure."""
    with suppress(UserError):
        return make_constraint(json_schema=json.dumps(schema))
    return None


def check(text: str, finished: bool, schema: dict[str, Any]) -> None:
    if finished:
        Draft202012Validator(schema).validate(json.loads(text))
    else:
        json.loads(close_json(text))


@dataclass
class Tally:
    """What became of the pairs of a schema and a seed."""

    schemas: int = 0
    refused: int = 0
    finished: int = 0
    cut_off: int = 0

    @property
    def pairs(self) -> int:
        return self.finished + self.cut_off


@pytest.mark.hypothesis
def test_a_finished_answer_satisfies_its_schema(smollm2: LLTokenizer) -> None:
    """500 pairs of a schema and a seed (2,000 in `make fuzz`), or what the time box allows, but never too few."""
    assert settings.default
    is_fuzz = not settings.default.derandomize
    most = _FUZZ_PAIRS if is_fuzz else _PAIRS
    answers = RandomAnswers(smollm2, {b'"': 2.0, b"}": 2.0, b"]": 2.0}, hurry=4.0)
    first_round = random.SystemRandom().randrange(1 << 30) if is_fuzz else 0
    tally, started_s = Tally(), time.monotonic()

    def is_enough() -> bool:
        is_late = time.monotonic() - started_s > _SECONDS and not is_fuzz
        return tally.pairs >= most or (is_late and tally.finished >= _LEAST_FINISHED)

    @settings(max_examples=50, suppress_health_check=list(HealthCheck))
    @given(schema=_SCHEMAS, first=st.integers(0, 1 << 30))
    def one(schema: dict[str, Any], first: int) -> None:
        if is_enough():
            return
        constraint = constraint_or_none(schema)
        tally.schemas += 1
        tally.refused += constraint is None
        for at in range(_SEEDS if constraint else 0):
            assert constraint is not None
            text, finished = answers.draw(constraint, first + at, max_tokens=100)
            check(text, finished, schema)
            tally.finished += finished
            tally.cut_off += not finished

    for round_ in range(_MOST_ROUNDS):
        hypothesis.seed(first_round + round_)(one)()
        if is_enough():
            break
    print(tally)
    assert tally.pairs >= (_FUZZ_PAIRS if is_fuzz else _LEAST_FINISHED)
    assert tally.finished >= _LEAST_FINISHED
    assert 0 < tally.refused < tally.schemas


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"poem": {"type": "string", "maxLength": 40}}, "required": ["poem"]},
        {"type": "string", "pattern": r"^\d{3}-\d{4}$"},
        {"enum": ['say "hi"', "line one\nline two", "😀"]},
        {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 5}, "maxItems": 3},
    ],
    ids=["string", "pattern", "enum", "range"],
)
def test_the_answers_of_a_real_model_satisfy_their_schema(
    schema: dict[str, Any], seed: int, smollm2_model: Model
) -> None:
    question = [{"role": "user", "content": "Write about the sea."}]
    chunks = list(
        smollm2_model.chat(question, json_schema=json.dumps(schema), temperature=1.5, seed=seed, max_tokens=48)
    )
    assert chunks[-1].finish_reason in {"stop", "length"}
    check("".join(chunk.text for chunk in chunks), chunks[-1].finish_reason == "stop", schema)


def test_a_model_writes_formulas_only(smollm2: LLTokenizer) -> None:
    answers = RandomAnswers(smollm2, {b"$$": 9.0, b"}": 4.0})
    n_drawn = 0
    for seed in range(12):
        text, finished = answers.draw(LATEX, seed, max_tokens=60)
        for formula in formulas(text) if finished else []:
            assert lay_out(formula, 16.0, display=True) is not None, formula
            n_drawn += 1
    assert n_drawn > 3
