"""A real text model with an adapter that has no eyes: real sentences, and nothing changed about the text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from desktop_vlm import backend
from desktop_vlm.backend import Model
from desktop_vlm.pictures import open_picture
from tools.blind_adapter import make
from tools.first_run import SCREENSHOT


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make(tmp_path_factory.mktemp("blind"))


@pytest.fixture(scope="module")
def model(files: tuple[Path, Path]) -> Iterator[Model]:
    with backend.load(*files, n_ctx=512, n_threads=2) as loaded:
        yield loaded


def ask(model: Model, question: str, *, with_picture: bool) -> str:
    parts = [{"type": "text", "text": question}]
    if with_picture:
        parts.insert(0, {"type": "image", "image": open_picture(SCREENSHOT)})  # type: ignore[dict-item]
    messages = [{"role": "user", "content": parts}]
    return "".join(chunk.text for chunk in model.chat(messages, temperature=0, max_tokens=24))


def test_it_answers_in_a_sentence(model: Model) -> None:
    assert "Paris" in ask(model, "What is the capital of France? Answer with one word.", with_picture=False)


def test_text_is_computed_as_without_the_adapter(model: Model, files: tuple[Path, Path]) -> None:
    tokens = model.tokenize("The quick brown fox jumps over the lazy dog, and then it rests.")
    with backend.load(files[0], n_ctx=512, n_threads=2) as text_only:
        assert np.array_equal(text_only.logits(tokens), model.logits(tokens))


def test_closed_gates_change_nothing_about_the_text(model: Model) -> None:
    picture = open_picture(SCREENSHOT)
    tokens = model.tokenize("Hello there")
    seeing = model.logits([*tokens, model.n_vocab, *tokens], picture)
    assert np.isfinite(seeing).all()
    assert np.array_equal(seeing[: len(tokens)], model.logits(tokens))
    # With the gates closed the picture adds nothing, so another picture gives the very same numbers.
    assert np.array_equal(seeing, model.logits([*tokens, model.n_vocab, *tokens], picture.rotate(90, expand=True)))


def test_an_answer_about_a_picture_streams(model: Model) -> None:
    answer = ask(model, "Describe the weather in one sentence.", with_picture=True)
    assert len(answer.split()) > 5
