"""One message that goes out alone."""

from __future__ import annotations

from pathlib import Path

from desktop_vlm.export import export
from desktop_vlm.history import History
from tests.export.contents import PNG, read_page


def test_one_message_goes_out_alone(history: History, conversation: int, out: Path) -> None:
    question, answer, _ = history.thread(conversation)
    page = read_page(export(history, conversation, "html", out / "page.html", only=answer.id))
    assert "The chart" in page.text
    assert "verbatim" not in page.text
    assert "And now?" not in page.text
    assert [found["alt"] for tag, found in page.tags if tag == "img"] == ["a [chart].jpeg", "../../photo"]
    page = read_page(export(history, conversation, "html", out / "page.html", only=question.id))
    assert "verbatim" in page.text
    assert "The chart" not in page.text
    assert [tag for tag, _ in page.tags].count("section") == 1


def test_one_answer_goes_out_with_the_picture_that_was_asked_about_before(
    history: History, conversation: int, out: Path
) -> None:
    again = history.thread(conversation)[2]
    answer = history.add_message(conversation, again.id, "assistant", "Three bars.")
    further = history.add_message(conversation, answer.id, "user", "And the highest?")
    last = history.add_message(conversation, further.id, "assistant", "The **second**.")
    text = export(history, conversation, "markdown", out / "answer.md", only=last.id).read_text("utf-8")
    link = f"answer-pictures/again-{again.pictures[0].sha256[:8]}.png"
    assert [line for line in text.splitlines() if line.startswith("![")] == [f"![again.png]({link})"]
    assert (out / link).read_bytes() == PNG
    assert "The **second**." in text
    assert not [words for words in ("And now?", "Three bars", "highest") if words in text]


def test_an_answer_about_no_picture_goes_out_alone(history: History, out: Path) -> None:
    made = history.create_conversation("Hello")
    question = history.add_message(made, None, "user", "Hello?")
    answer = history.add_message(made, question.id, "assistant", "Hi.")
    text = export(history, made, "markdown", out / "answer.md", only=answer.id).read_text("utf-8")
    assert "Hello?" not in text
    assert text.endswith("\n\nHi.\n")
    assert [one.name for one in out.iterdir()] == ["answer.md"]
