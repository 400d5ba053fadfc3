"""A family from one folder, registered by a test: loaded, measured, evaluated and chatted with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from desktop_vlm import backend
from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.api.messages import ChatMessage, Part
from desktop_vlm.backend import Chunk, Model, OpenedImage
from desktop_vlm.convert import ModelFiles
from desktop_vlm.families.registry import families, registered
from tests.families.toy.family import ToyFamily
from tests.families.toy.palette import SIDE, write_palette
from tests.families.toy.runner import ToyRunner
from tests.goldens import deviation

SENTENCE = "An image that is all {}.\n"
"""Ends where a tokenizer always cuts, so that its tokens are the same inside a longer text."""
RED, GREEN, BLUE = (Image.new("RGB", (30, 20), colour) for colour in ("#e02020", "#10c010", "#2020d0"))


@pytest.fixture(scope="module")
def palette(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_palette(tmp_path_factory.mktemp("toy") / "toy-mmproj.gguf")


@pytest.fixture(scope="module")
def loaded(palette: Path, model_files: Callable[..., ModelFiles]) -> Iterator[Model]:
    with registered(ToyFamily()):
        model = backend.load(model_files("alpha").text, palette, n_ctx=512, n_threads=1)
    yield model
    model.close()


@pytest.fixture
def model(loaded: Model) -> Model:
    loaded.forget()
    runner(loaded).encoded.clear()
    return loaded


def runner(model: Model) -> ToyRunner:
    found = model._session.vision
    assert isinstance(found, ToyRunner)
    return found


def words(model: Model, colour: str) -> list[int]:
    return model.tokenize(SENTENCE.format(colour))


def user(*parts: str | Image.Image) -> dict[str, Any]:
    """A message of texts and images in their order."""
    return {
        "role": "user",
        "content": [
            {"type": "text", "text": part} if isinstance(part, str) else {"type": "image", "image": part}
            for part in parts
        ],
    }


def answer(model: Model, *messages: Any, **options: Any) -> tuple[str, Chunk]:
    chunks = list(model.chat(messages, **{"temperature": 0, "max_tokens": 8, **options}))
    return "".join(chunk.text for chunk in chunks), chunks[-1]


def test_it_is_found_by_its_header_and_only_while_it_is_registered(
    palette: Path, model_files: Callable[..., ModelFiles]
) -> None:
    before = families()
    with pytest.raises(UserError, match=r"toy-mmproj\.gguf is a projector of type toy; this program runs "):
        backend.load(model_files("alpha").text, palette, n_ctx=64)
    with registered(ToyFamily()):
        assert [family.name for family in families()] == ["toy", *(family.name for family in before)]
    assert families() == before


def test_its_capabilities_are_those_of_the_header(model: Model) -> None:
    assert model.capabilities.family == "toy"
    assert model.capabilities.max_images == 8
    assert model.capabilities.sizing == ImageSizing("square", side=SIDE)
    assert not model.capabilities.composes_images
    assert model._loaded.plan.needs["CPU"].vision == 4 * 3 * 4


def test_an_image_is_evaluated_where_it_stands(model: Model) -> None:
    image = model.n_vocab
    ids = [5, 6, image, 7, 8, image, 9]
    text = [5, 6, *words(model, "red"), 7, 8, *words(model, "blue"), 9]
    expected = model.next_logits(text)
    model.forget()
    assert deviation(model.next_logits(ids, [RED, BLUE]), expected) <= 1e-5
    assert model._session.n_evaluated == len(text)


def test_logits_after_an_image_are_those_after_its_last_row(model: Model) -> None:
    image = model.n_vocab
    red = words(model, "red")
    rows = model.logits([5, image, 7], RED)
    text = model.logits([5, *red, 7])
    assert rows.shape == (3, model.n_vocab)
    assert deviation(rows, text[[0, len(red), len(red) + 1]]) <= 1e-5
    last = model.next_logits([5, image], RED)
    assert deviation(last, text[len(red)]) <= 1e-5


def test_a_prefix_is_reused_up_to_the_first_image_that_changed(model: Model) -> None:
    image = model.n_vocab
    model.next_logits([5, image, 7, image, 9], [RED, BLUE])
    assert len(runner(model).encoded) == 2
    model.next_logits([5, image, 7, image, 9, 10], [RED, BLUE])
    assert len(runner(model).encoded) == 2
    changed = model.next_logits([5, image, 7, image, 9, 10], [RED, GREEN])
    assert runner(model).encoded[2:] == [OpenedImage.of(GREEN).key]
    model.forget()
    assert deviation(model.next_logits([5, image, 7, image, 9, 10], [RED, GREEN]), changed) <= 1e-5


def test_a_failed_image_leaves_what_was_before_it(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    image = model.n_vocab
    expected = model.next_logits([5, 6, image, 7], RED)
    model.forget()
    evaluate = runner(model).evaluate

    def stopped(*arguments: Any) -> bool:
        evaluate(*arguments)
        raise Cancelled("stopped")

    monkeypatch.setattr(runner(model), "evaluate", stopped)
    with pytest.raises(Cancelled):
        model.next_logits([5, 6, image, 7], RED)
    assert model._session.n_evaluated == 2
    monkeypatch.undo()
    assert np.array_equal(model.next_logits([5, 6, image, 7], RED), expected)


def test_images_of_a_message_stay_in_their_places(model: Model) -> None:
    images, shown = answer(model, user("First\n", RED, "then\n", BLUE, "Which?"))
    assert shown.usage is not None
    text, of_text = answer(model, user(f"First\n{SENTENCE.format('red')}then\n{SENTENCE.format('blue')}Which?"))
    assert of_text.usage is not None
    assert (images, shown.usage.prompt_tokens) == (text, of_text.usage.prompt_tokens)


def test_messages_of_the_window_are_read_alike(model: Model) -> None:
    opened = {"a": OpenedImage.of(RED), "b": OpenedImage.of(BLUE)}
    message = ChatMessage("user", (Part("First "), Part(image="a"), Part("then "), Part(image="b"), Part("Which?")))
    by_name = answer(model, message, images=opened)[0]
    model.forget()
    assert answer(model, user("First ", RED, "then ", BLUE, "Which?"))[0] == by_name


def test_every_question_keeps_the_images_before_it(model: Model) -> None:
    first, seen = answer(model, user(RED, "What?"))
    assert seen.usage is not None
    _, second = answer(model, user(RED, "What?"), {"role": "assistant", "content": first}, user(BLUE, "And this?"))
    assert second.usage is not None
    assert second.usage.cached_tokens >= seen.usage.prompt_tokens
    assert len(runner(model).encoded) == 2


def test_cells_are_counted_when_the_context_is_full(model: Model) -> None:
    image = model.n_vocab
    n_words = len(words(model, "red"))
    with pytest.raises(UserError, match="needs 513 tokens but the context holds 512"):
        model.next_logits([*[5] * (513 - n_words), image], RED)
    line = " x\n"
    text = line * ((510 - 8 * n_words) // len(model.tokenize(line)))  # with eight images it is too much
    model.chat([user(text)])
    with pytest.raises(UserError, match="tokens but the context holds 512"):
        model.chat([user(*[RED] * 8, text)])


def test_more_images_than_it_takes_are_said(model: Model) -> None:
    with pytest.raises(UserError, match="holds 9 images, and this model takes 8"):
        model.chat([user(*[RED] * 9, "Why?")])


def test_stopping_before_an_image(model: Model) -> None:
    def stop(stage: str, _fraction: float) -> None:
        if stage == "encode":
            raise Cancelled("stopped")

    _, last = answer(model, user(RED, "What?"), progress=stop)
    assert last.finish_reason == "cancelled"
    assert runner(model).encoded == []


def test_encoding_alone(model: Model) -> None:
    assert np.allclose(model.encode(RED).states, [[0xE0, 0x20, 0x20]])
