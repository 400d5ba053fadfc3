"""Sampling: what each option does to the choice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from llguidance import LLTokenizer

from desktop_vlm.api.errors import UserError
from desktop_vlm.backend import Model
from desktop_vlm.runtime.sampling import Sampler, SamplingOptions
from desktop_vlm.runtime.token_constraint import TokenConstraint, read_vocabulary


def draws(model: Model, n: int, **options: Any) -> Counter[int]:
    """Choices among four tokens with probabilities 0.5, 0.3, 0.15 and 0.05."""
    logits = np.full(model.n_vocab, -1e9, dtype=np.float32)
    logits[[10, 11, 12, 13]] = np.log([0.5, 0.3, 0.15, 0.05])
    settings = {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "seed": 7, **options}
    sampler = Sampler(SamplingOptions(**settings), model.n_vocab)
    found = Counter(sampler.sample(logits) for _ in range(n))
    sampler.close()
    return found


@pytest.fixture(scope="module")
def model(load_model: Callable[[str], Model]) -> Model:
    return load_model("alpha")


def test_probabilities_are_followed(model: Model) -> None:
    found = draws(model, 4000)
    for token, share in ((10, 0.5), (11, 0.3), (12, 0.15), (13, 0.05)):
        assert found[token] / 4000 == pytest.approx(share, abs=0.03)


@pytest.mark.parametrize(
    ("options", "tokens"),
    [
        ({"temperature": 0}, {10}),
        ({"top_k": 2}, {10, 11}),
        ({"top_p": 0.6}, {10, 11}),
        ({"min_p": 0.2}, {10, 11, 12}),
        ({"temperature": 0.01}, {10}),
    ],
)
def test_what_cuts_the_choice(options: dict[str, Any], tokens: set[int], model: Model) -> None:
    assert set(draws(model, 500, **options)) == tokens


def test_high_temperature_flattens(model: Model) -> None:
    found = draws(model, 4000, temperature=10.0)
    assert found[13] / 4000 == pytest.approx(0.222, abs=0.03)


def test_the_penalty_avoids_repetition(model: Model) -> None:
    logits = np.zeros(model.n_vocab, dtype=np.float32)
    logits[[10, 11]] = 5.0, 4.9
    sampler = Sampler(SamplingOptions(temperature=0, repeat_penalty=1.5), model.n_vocab)
    assert [sampler.sample(logits) for _ in range(3)] == [10, 11, 10]
    sampler.close()


def constrained(model: Model, **options: Any) -> Sampler:
    made = SamplingOptions(**options)
    constraint = made.constraint()
    assert constraint is not None
    return Sampler(made, model.n_vocab, TokenConstraint(constraint, vocabulary(model)))


@cache
def vocabulary(model: Model) -> LLTokenizer:
    return read_vocabulary(model._session.text)


@pytest.mark.parametrize("grammar", ['root ::= "y" | "z"', 'start: "y" | "z"', "start: /[yz]/"])
def test_a_grammar_overrides_the_likeliest_token(grammar: str, model: Model) -> None:
    (yes,) = model.tokenize("y")
    logits = np.zeros(model.n_vocab, dtype=np.float32)
    logits[10], logits[yes] = 50.0, 1.0
    sampler = constrained(model, temperature=0, grammar=grammar)
    assert sampler.forced() == []
    assert sampler.sample(logits) == yes
    assert sampler.constraint is not None
    assert sampler.constraint.is_complete
    sampler.close()


def test_the_options_choose_among_what_is_allowed(model: Model) -> None:
    """Cutting first would leave nothing: the four likeliest tokens are all forbidden."""
    (y,), (z,) = model.tokenize("y"), model.tokenize("z")
    logits = np.zeros(model.n_vocab, dtype=np.float32)
    logits[[10, 11, 12, 13]] = 50.0
    logits[[y, z]] = np.log([0.75, 0.25])
    found: Counter[int] = Counter()
    for seed in range(400):
        sampler = constrained(model, temperature=1.0, top_k=4, top_p=1.0, seed=seed, choice=["y", "z"])
        found[sampler.sample(logits)] += 1
        sampler.close()
    assert set(found) == {y, z}
    assert found[y] / 400 == pytest.approx(0.75, abs=0.08)
    sampler = constrained(model, temperature=1.0, top_k=1, top_p=1.0, seed=1, choice=["y", "z"])
    assert sampler.sample(logits) == y
    sampler.close()


def test_a_penalty_counts_forced_tokens_too(model: Model) -> None:
    tokens = model.tokenize("y")
    sampler = constrained(model, temperature=0, repeat_penalty=100.0, regex="yyyy[yz]")
    forced = sampler.forced()
    assert model.detokenize(forced) == "yyyy"
    logits = np.full(model.n_vocab, 1.0, dtype=np.float32)
    logits[tokens] = 5.0
    assert model.detokenize([sampler.sample(logits)]) == "z"
    sampler.close()


def test_what_is_forced_is_not_sampled(model: Model) -> None:
    schema = {"type": "object", "properties": {"a": {"const": True}}, "required": ["a"], "additionalProperties": False}
    sampler = constrained(model, json_schema=json.dumps(schema))
    before = model.detokenize(sampler.forced())
    assert before == '{"a":'
    assert sampler.constraint is not None
    texts = {model.detokenize([token]) for token in sampler.constraint.allowed()}
    assert texts <= {" ", " t", " tr", "t", "tr", "tru", "true", " true"}
    sampler.close()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"temperature": -0.1}, "temperature is -0.1; it must be between 0.0 and 100.0"),
        ({"top_p": 1.1}, "top_p is 1.1"),
        ({"min_p": -1}, "min_p is -1"),
        ({"top_k": -1}, "top_k is -1"),
        ({"seed": 1 << 40}, "seed is"),
        ({"repeat_penalty": 0}, "repeat_penalty is 0"),
        ({"temperature": float("nan")}, "temperature is nan"),
    ],
)
def test_options_out_of_range_are_named(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        SamplingOptions(**options)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"json_schema": "{}", "grammar": "x"}, "held to one thing only; give json_schema or grammar, not both"),
        ({"regex": "(a"}, "The regular expression is not a regular expression"),
        ({"regex": "a\0"}, "contains a NUL character"),
        ({"choice": []}, "must be a list of texts that are not empty"),
        ({"choice": "yes"}, "must be a list of texts that are not empty"),
        ({"choice": ["a", ""]}, "must be a list of texts that are not empty"),
        ({"choice": ["a\ud800"]}, "a character that no answer can hold"),
        ({"grammar": "start: nowhere"}, "The grammar cannot be followed"),
        ({"grammar": "nonsense ::="}, "The grammar is not valid GBNF"),
    ],
)
def test_what_cannot_be_followed_gets_a_sentence(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        SamplingOptions(**options).constraint()
