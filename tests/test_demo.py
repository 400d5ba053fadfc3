"""The bundled demo model behaves: it reads real programs' buttons, tells pictures apart, follows a schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from desktop_vlm import backend
from desktop_vlm.backend import Model
from desktop_vlm.cli import main
from desktop_vlm.demo import demo_model
from desktop_vlm.pictures import open_picture
from tools.first_run import SCREENSHOT

REAL_PROGRAMS = Path(__file__).parent.parent / "training" / "real_programs"


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    with backend.load(*demo_model(), n_ctx=1024, n_threads=2) as loaded:
        yield loaded


def ask(model: Model, question: str, *pictures: str, **options: Any) -> str:
    parts: list[dict[str, Any]] = [
        {"type": "image", "image": open_picture(REAL_PROGRAMS / f"{name}.png")} for name in pictures
    ]
    messages = [{"role": "user", "content": [*parts, {"type": "text", "text": question}]}]
    return "".join(chunk.text for chunk in model.chat(messages, temperature=0, max_tokens=60, **options))


@pytest.mark.parametrize(
    ("picture", "buttons"),
    [
        ("xmessage-save", "Save, Discard, Cancel"),
        ("xmessage-printer", "Retry, Abort"),
        ("zenity-question", "No, Yes"),
        ("zenity-entry", "Cancel, OK"),
    ],
)
def test_it_reads_the_buttons_of_real_programs(picture: str, buttons: str, model: Model) -> None:
    assert ask(model, "Which buttons are there?", picture) == buttons


def test_it_reads_most_of_an_error(model: Model) -> None:
    assert ask(model, "Read the message.", "zenity-error").startswith("The file could not be")


def test_it_tells_composed_pictures_apart(model: Model) -> None:
    pictures = ("xmessage-save", "xmessage-printer")
    assert ask(model, "In picture 1, which buttons are there?", *pictures) == "Save, Discard, Cancel"
    assert ask(model, "In picture 2, which buttons are there?", *pictures) == "Retry, Abort"
    assert ask(model, "Which picture shows the button Abort?", *pictures) == "Picture 2"


def test_an_answer_under_a_schema_parses(model: Model) -> None:
    schema = {
        "type": "object",
        "properties": {"buttons": {"type": "array", "items": {"type": "string"}, "maxItems": 4}},
        "required": ["buttons"],
        "additionalProperties": False,
    }
    answer = json.loads(ask(model, "Give the buttons as JSON.", "xmessage-save", json_schema=json.dumps(schema)))
    assert list(answer) == ["buttons"]
    assert all(isinstance(button, str) for button in answer["buttons"])


def test_text_is_smollm2s_own(model: Model) -> None:
    tokens = model.tokenize("The quick brown fox jumps over the lazy dog, and then it rests.")
    with backend.load(demo_model()[0], n_ctx=1024, n_threads=2) as text_only:
        assert np.array_equal(text_only.logits(tokens), model.logits(tokens))
    assert "Paris" in ask(model, "What is the capital of France? Answer with one word.")


def test_ask_uses_it_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", str(SCREENSHOT), "Which buttons are there?", "--temperature", "0", "--threads", "2"]) == 0
    assert capsys.readouterr().out == "Save, Discard, Cancel\n"
