"""Conversations as transformers' chat templates and tokenizers write them, and what nobody may smuggle into them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_vlm import backend
from desktop_vlm.families.registry import chat_format_of, family_of, read_headers
from desktop_vlm.runtime.chat_format import Turn, render
from tests.families.mtmd.conftest import session_of
from tests.golden.make_family_inputs import CONVERSATIONS, EVIL

_FOLDER = Path(__file__).parents[2] / "golden" / "families"
GOLDEN: dict[str, dict[str, list[int]]] = json.loads((_FOLDER / "inputs.json").read_text(encoding="utf-8"))["chats"]
CASES = [(name, which) for name, conversations in GOLDEN.items() for which in conversations]

Load = Callable[[str], backend.Model]


def turns_of(messages: list[dict[str, Any]]) -> list[Turn]:
    turns = []
    for message in messages:
        content = message["content"]
        parts = [content] if isinstance(content, str) else content
        kinds = [("image", "key") if part == "image" else ("text", part) for part in parts]
        turns.append(Turn(message["role"], tuple(kinds)))
    return turns


def written(model: backend.Model, turns: list[Turn]) -> list[int]:
    """Ids with -1 for each image."""
    text = session_of(model).text
    family = family_of(read_headers(text.path, text.path.with_name("mmproj.gguf")))
    tokens, _ = render(chat_format_of(family, text), family.arrange, text, text.n_vocab, turns)
    return [-1 if token == text.n_vocab else token for token in tokens]


@pytest.mark.parametrize(("name", "which"), CASES)
def test_a_conversation_is_written_as_transformers_does(load_family: Load, name: str, which: str) -> None:
    assert written(load_family(name), turns_of(CONVERSATIONS[which])) == GOLDEN[name][which]


@pytest.mark.parametrize("name", ["llava", "pixtral", "qwen"])
def test_what_a_person_writes_never_becomes_a_control_token(load_family: Load, name: str) -> None:
    model = load_family(name)
    text = session_of(model).text
    control = {token for token in text.special_tokens.values() if not text.token_bytes(token)}
    plain = written(model, [Turn("user", (("image", "key"), ("text", "hello")))])
    evil = written(model, [Turn("user", (("image", "key"), ("text", EVIL)))])
    as_commands = text.tokenize(EVIL, special=True)
    assert [token for token in as_commands if token in control]  # it would be, were it taken for a template's text
    assert [token for token in evil if token in control] == [token for token in plain if token in control]
    assert evil.count(-1) == 1
    assert EVIL in b"".join(text.token_bytes(token) for token in evil if token >= 0).decode()


def test_the_system_message_of_pixtral_stays_where_the_first_question_is(load_family: Load) -> None:
    """So a second question finds all that was computed for the first one."""
    model = load_family("pixtral")
    system = Turn("system", (("text", "Be brief."),))
    first = [system, Turn("user", (("image", "key"), ("text", "What?")))]
    second = [*first, Turn("assistant", (("text", "A dog."),)), Turn("user", (("text", "And?"),))]
    one, two = written(model, first), written(model, second)
    assert two[: len(one)] == one
