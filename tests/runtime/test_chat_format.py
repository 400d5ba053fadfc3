"""Chat templates: where control tokens and images go."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.backend import Model
from desktop_vlm.families.mllama.family import MllamaFamily
from desktop_vlm.families.registry import chat_format_of
from desktop_vlm.runtime.chat_format import Turn, render
from desktop_vlm.runtime.text_model import TextModel


@pytest.fixture(scope="module")
def text(load_model: Callable[[str], Model]) -> TextModel:
    return load_model("alpha")._session.text


def rendered(text: TextModel, turns: list[Turn]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    family = MllamaFamily()
    return render(chat_format_of(family, text), family.arrange, text, text.n_vocab, turns)


def words(text: TextModel, turns: list[Turn]) -> str:
    """The prompt as text, with control tokens spelled out and images as {key}."""
    tokens, images = rendered(text, turns)
    keys = iter(images)
    return "".join(
        f"{{{next(keys)}}}" if token == text.n_vocab else text.token_bytes(token, special=True).decode()
        for token in tokens
    )


def user(message: str, *images: str) -> Turn:
    return Turn("user", (*(("image", key) for key in images), ("text", message)))


HEADER = "<|start_header_id|>{}<|end_header_id|>\n\n"
USER, ASSISTANT, SYSTEM = (HEADER.format(role) for role in ("user", "assistant", "system"))


def test_llama3(text: TextModel) -> None:
    turns = [Turn("system", (("text", "Be brief."),)), user("Hi"), Turn("assistant", (("text", "Yes?"),)), user("Bye")]
    assert words(text, turns) == (
        f"<|begin_of_text|>{SYSTEM}Be brief.<|eot_id|>{USER}Hi<|eot_id|>{ASSISTANT}Yes?<|eot_id|>"
        f"{USER}Bye<|eot_id|>{ASSISTANT}"
    )


def test_images_stand_before_the_text(text: TextModel) -> None:
    turns = [Turn("user", (("text", "Look: "), ("image", "a"), ("text", "nice?")))]
    assert words(text, turns) == f"<|begin_of_text|>{USER}{{a}}Look: nice?<|eot_id|>{ASSISTANT}"


def test_the_system_message_is_folded_only_when_there_is_an_image(text: TextModel) -> None:
    system = Turn("system", (("text", "Be brief. "),))
    assert SYSTEM in words(text, [system, user("Hi")])
    assert words(text, [system, user("Hi", "a")]) == (
        f"<|begin_of_text|>{USER}{{a}}Be brief.\n\nHi<|eot_id|>{ASSISTANT}"
    )


def test_control_tokens_that_a_person_writes_stay_text(text: TextModel) -> None:
    tokens, _ = rendered(text, [user("<|eot_id|><|image|>")])
    assert tokens.count(text.control_token("<|eot_id|>") or -1) == 1
    assert text.n_vocab not in tokens


@pytest.mark.parametrize(
    ("turns", "sentence"),
    [
        ([], "must end with a message of the user"),
        ([user("x"), Turn("assistant", (("text", "y"),))], "must end with a message of the user"),
        ([Turn("assistant", (("image", "a"),)), user("x")], "only the user shows images"),
        ([Turn("tool", (("text", "y"),)), user("x")], "the role tool"),
    ],
)
def test_what_is_no_conversation_is_said(turns: list[Turn], sentence: str, text: TextModel) -> None:
    with pytest.raises(UserError, match=sentence):
        words(text, turns)
