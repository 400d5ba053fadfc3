"""Answers whose tokens are computed ahead are those that come one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from PIL import Image

from desktop_vlm.backend import Model
from desktop_vlm.runtime.generation import Drafts, Generation
from desktop_vlm.runtime.lookup import Lookup
from desktop_vlm.runtime.prompt import Prompt
from desktop_vlm.runtime.sampling import Sampler, SamplingOptions
from desktop_vlm.runtime.text_stream import TextStream

PROMPT = (1, 5, 6, 7, 8, 9, 5, 6, 7, 8, 9, 5, 6)


class Eager:
    """Drafts as much as is found, whatever that takes."""

    def __init__(self, rows: int = 16) -> None:
        self.rows = rows
        self.n_passes = self.n_right = self.n_wrong = 0

    def choose(self, n_chosen: int, n_found: int, _agreed: int) -> int:
        return max(0, min(n_found, self.rows - n_chosen))

    def note(self, _n_chosen: int, n_drafted: int, n_right: int, _agreed: int, _seconds: float) -> None:
        self.n_passes += 1
        self.n_right += n_right
        self.n_wrong += n_drafted - n_right


class WrongLookup(Lookup):
    """Proposes what is never right for long."""

    def propose(self, most: int) -> tuple[list[int], int]:
        return [11, 12, 13, 14, 15][:most], 4


@pytest.fixture
def model(load_model: Callable[[str], Model]) -> Model:
    return load_model("alpha")


def answer(
    model: Model, drafts: Drafts | None, n_tokens: int = 60, prompt: tuple[int, ...] = PROMPT, **sampling: Any
) -> tuple[list[int], Generation]:
    """Token ids of an answer, and what made them."""
    session = model._session
    sampler = Sampler(SamplingOptions(**{"temperature": 0.0, **sampling}), model.n_vocab)
    tokens: list[int] = []
    sample = sampler.sample

    def noted(logits: Any) -> int:
        tokens.append(sample(logits))
        return tokens[-1]

    sampler.sample = noted  # type: ignore[method-assign]
    generation = Generation(session, sampler, TextStream(()), n_tokens, drafts)
    logits, _ = session.evaluate(Prompt.of(prompt, [], model.n_vocab), {})
    for _piece in generation.run(logits[-1]):
        pass
    sampler.close()
    return tokens, generation


def drafts_of(kind: type[Lookup], rows: int = 16, known: Sequence[int] = ()) -> tuple[Drafts, Eager]:
    eager = Eager(rows)
    return Drafts(kind([known, PROMPT]), eager), eager  # type: ignore[arg-type]


@pytest.mark.parametrize("rows", [2, 4, 16])
def test_the_likeliest_tokens_are_the_same_where_drafts_are_wrong(model: Model, rows: int) -> None:
    expected, _ = answer(model, None)
    drafts, eager = drafts_of(WrongLookup, rows)
    found, generation = answer(model, drafts)
    assert found == expected
    assert eager.n_wrong > 50
    assert generation.n_passes + generation.n_drafted == generation.n_tokens - 1 == len(expected) - 1


@pytest.mark.parametrize("rows", [2, 4, 16])
def test_the_likeliest_tokens_are_the_same_where_drafts_are_right(model: Model, rows: int) -> None:
    expected, _ = answer(model, None)
    drafts, eager = drafts_of(Lookup, rows, [*expected[:20], *expected[25:40]])
    found, generation = answer(model, drafts)
    assert found == expected
    assert eager.n_right == generation.n_drafted > 15 * (rows - 1) / rows
    assert generation.n_passes + generation.n_drafted == generation.n_tokens - 1


def test_the_cache_holds_just_the_answer_afterwards(model: Model) -> None:
    drafts, _ = drafts_of(WrongLookup, 8)
    tokens, _ = answer(model, drafts, 20)
    whole = [*PROMPT, *tokens]
    session = model._session
    assert session._evaluated == whole[: session.n_evaluated]
    assert session.n_evaluated >= len(whole) - 1
    reused = model.next_logits([*whole, 3])
    model.forget()
    assert np.allclose(model.next_logits([*whole, 3]), reused, atol=1e-4)


@pytest.mark.parametrize("n_tokens", [1, 2, 3, 7, 16, 17])
def test_the_answer_is_never_longer_than_asked_for(model: Model, n_tokens: int) -> None:
    drafts, _ = drafts_of(Lookup)
    tokens, generation = answer(model, drafts, n_tokens)
    assert len(tokens) == generation.n_tokens == n_tokens
    assert generation.finish == "length"


def test_the_context_is_filled_to_its_last_token(model: Model) -> None:
    prompt = PROMPT * (model.n_ctx // len(PROMPT))
    expected, plain = answer(model, None, 10_000, prompt)
    assert (len(expected), plain.finish) == (model.n_ctx - len(prompt) + 1, "length")
    drafts, _ = drafts_of(Lookup, known=expected)
    found, generation = answer(model, drafts, 10_000, prompt)
    assert (found, generation.finish) == (expected, "length")


def test_chance_is_drawn_as_often(model: Model) -> None:
    for seed in range(4):
        expected, _ = answer(model, None, 24, temperature=1.0, seed=seed, top_k=4)
        drafts, eager = drafts_of(Lookup, 4, expected)
        assert answer(model, drafts, 24, temperature=1.0, seed=seed, top_k=4)[0] == expected
        assert eager.n_right > 10


def test_the_distribution_is_unchanged(model: Model) -> None:
    """Of the third token, by a chi-square test over 240 answers, wrong and right drafts before it."""

    def counted(drafts: Callable[[], Drafts | None], seeds: range) -> Counter[int]:
        options: dict[str, Any] = {"temperature": 1.0, "top_k": 3}
        return Counter(answer(model, drafts(), 3, seed=seed, **options)[0][-1] for seed in seeds)

    plain = counted(lambda: None, range(120))
    ahead = counted(lambda: drafts_of(WrongLookup, 4)[0], range(1000, 1120))
    tokens = [token for token in {*plain, *ahead} if plain[token] + ahead[token] >= 10]
    statistic = sum((plain[token] - ahead[token]) ** 2 / (plain[token] + ahead[token]) for token in tokens)
    degrees = max(1, len(tokens) - 1)
    assert statistic < degrees + 4 * (2 * degrees) ** 0.5  # four standard deviations


def test_repeated_tokens_are_punished_alike(model: Model) -> None:
    expected, _ = answer(model, None, 40, repeat_penalty=1.3)
    drafts, _ = drafts_of(Lookup)
    assert answer(model, drafts, 40, repeat_penalty=1.3)[0] == expected


def test_a_model_that_cannot_go_back_is_left_alone(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model._session.text, "can_go_back", False)
    drafts, eager = drafts_of(WrongLookup)
    _, generation = answer(model, drafts, 10)
    assert (eager.n_passes, generation.n_passes) == (0, 9)


@pytest.fixture
def eager_chat(model: Model, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Chats, drafting as much as is found or nothing; forgets what it knew."""
    eager = Eager()
    monkeypatch.setattr(model, "_draft_length", eager)
    eager.note_prefill = lambda *_: None  # type: ignore[attr-defined]

    def chat(*, lookup: bool, **given: Any) -> str:
        model.forget()
        image = Image.linear_gradient("L").convert("RGB").resize((50, 40))
        content = [{"type": "image", "image": image}, {"type": "text", "text": "abc abc abc abc"}]
        options = {"temperature": 0.0, "max_tokens": 50, **given}
        return "".join(
            chunk.text for chunk in model.chat([{"role": "user", "content": content}], lookup=lookup, **options)
        )

    yield chat
    assert eager.n_passes


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"repeatable": ("some text that was read", "more of it")},
        {"json_schema": '{"type": "array", "items": {"enum": ["left", "right"]}, "minItems": 6, "maxItems": 6}'},
        {"regex": "(ab|ba){20}"},
    ],
)
def test_behind_an_image_and_under_a_constraint(eager_chat: Callable[..., str], given: dict[str, Any]) -> None:
    assert eager_chat(lookup=True, **given) == eager_chat(lookup=False, **given)
