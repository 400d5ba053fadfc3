"""The compiled callback does what Python's does, and lets go of what is no longer good."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from desktop_vlm import backend
from desktop_vlm.convert import ModelFiles
from desktop_vlm.runtime.eval_hook import EvalHook
from desktop_vlm.runtime.native_stops import native_library
from tests.stepwise import IDS, TALL, WIDE, decode

needs_compiler = pytest.mark.skipif(native_library() is None, reason="installed without a C compiler")


@pytest.fixture
def load(model_files: Callable[..., ModelFiles]) -> Iterator[Callable[[], backend.Model]]:
    loaded = []

    def make() -> backend.Model:
        files = model_files("alpha")
        loaded.append(backend.load(files.text, files.mmproj, n_ctx=512, n_threads=2))
        return loaded[-1]

    yield make
    for model in loaded:
        model.close()


def hook_of(model: backend.Model) -> EvalHook:
    hook = model._session.text.hook
    assert hook is not None
    return hook


@needs_compiler
def test_decoding_is_the_same_bit_for_bit(load: Callable[[], backend.Model], monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = decode(load(), WIDE)
    monkeypatch.setattr("desktop_vlm.runtime.eval_hook.native_library", lambda: None)
    assert np.array_equal(decode(load(), WIDE), compiled)


@needs_compiler
def test_from_the_second_token_on_python_is_not_asked(load: Callable[[], backend.Model]) -> None:
    model = load()
    decode(model, WIDE, 3)
    answered = []
    hook = hook_of(model)
    hook._answer = lambda address: bool(answered.append(address))  # type: ignore[func-returns-value, method-assign]
    decode(model, WIDE, 5)
    assert answered == []


def test_another_image_in_between_changes_nothing(load: Callable[[], backend.Model]) -> None:
    """It moves keys, values and scratch memory, and the graphs of the first were placed on the old ones."""
    model = load()
    first, other = decode(model, WIDE), decode(model, TALL)
    model.encode(TALL.resize((112, 112)))
    model.forget()
    assert np.array_equal(decode(model, WIDE), first)
    assert np.array_equal(decode(load(), TALL), other)


def test_text_alone_after_an_image_is_text_alone(load: Callable[[], backend.Model]) -> None:
    expected = load().next_logits(IDS)
    model = load()
    decode(model, WIDE)
    np.testing.assert_allclose(model.next_logits(IDS), expected, atol=1e-4)
    np.testing.assert_allclose(model.next_logits(IDS), expected, atol=1e-4)


@needs_compiler
def test_without_the_scheduler_all_is_the_same(
    load: Callable[[], backend.Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = decode(load(), WIDE)
    monkeypatch.setattr("desktop_vlm.runtime.llama.scheduler_of", lambda _: None)
    model = load()
    assert model._session.text.scheduler is None
    assert np.array_equal(decode(model, WIDE), expected)
    np.testing.assert_allclose(model.next_logits(IDS), load().next_logits(IDS), atol=1e-4)
