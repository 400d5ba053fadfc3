"""Sampling: what each option does to the choice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.backend import Model
from desktop_vlm.runtime.sampling import Sampler, SamplingOptions, schema_grammar


def draws(model: Model, n: int, **options: Any) -> Counter[int]:
    """Choices among four tokens with probabilities 0.5, 0.3, 0.15 and 0.05."""
    logits = np.full(model.n_vocab, -1e9, dtype=np.float32)
    logits[[10, 11, 12, 13]] = np.log([0.5, 0.3, 0.15, 0.05])
    settings = {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "seed": 7, **options}
    sampler = Sampler(SamplingOptions(**settings), model._session.text.vocab_handle, model.n_vocab)
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
    sampler = Sampler(
        SamplingOptions(temperature=0, repeat_penalty=1.5), model._session.text.vocab_handle, model.n_vocab
    )
    assert [sampler.sample(logits) for _ in range(3)] == [10, 11, 10]
    sampler.close()


def test_a_grammar_overrides_the_likeliest_token(model: Model) -> None:
    text = model._session.text
    (yes,) = model.tokenize("y")
    logits = np.zeros(model.n_vocab, dtype=np.float32)
    logits[10] = 50.0
    sampler = Sampler(SamplingOptions(temperature=0, grammar='root ::= "y"'), text.vocab_handle, model.n_vocab)
    assert sampler.sample(logits) == yes
    assert text.is_end(sampler.sample(logits))
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


def test_schemas_become_grammars() -> None:
    assert "root ::=" in schema_grammar('{"type": "integer"}')
    with pytest.raises(UserError, match="cannot be used"):
        schema_grammar(json.dumps({"$ref": "#/nowhere"}))
