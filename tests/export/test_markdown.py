"""Markdown: the active branch, its links and pictures, the text that went along."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from urllib.parse import unquote

import pytest

from desktop_vlm.export import export
from desktop_vlm.history import History, MessageState
from tests.export.contents import JPEG, PNG, contents


def test_markdown_has_the_active_branch_and_links_to_its_pictures(
    history: History, conversation: int, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if hasattr(time, "tzset"):
        monkeypatch.setenv("TZ", "UTC")
        time.tzset()
    target = out / "my prices.md"

    assert export(history, conversation, "markdown", target) == target

    at = time.strftime("%Y-%m-%d %H:%M", time.localtime(1_790_000_000))
    chart, photo = f"a [chart]-{sha(history, 0)}.png", f"photo-{sha(history, 1)}.jpg"
    assert target.read_text(encoding="utf-8") == (
        "# Prices: 2026/11 #1\n\n"
        f"## You · Describe · {at}\n\n"
        f"![a \\[chart\\].jpeg](my%20prices-pictures/a%20%5Bchart%5D-{sha(history, 0)}.png)\n\n"
        f"![../../photo](my%20prices-pictures/photo-{sha(history, 1)}.jpg)\n\n"
        "# Which **is** it?\n\n```\n  verbatim *\n```\n\n"
        f"## Assistant · demo · {at}\n\n"
        "The chart \n\n"
        "*Cut off at the limit of length.*\n\n"
        f"## You · {at}\n\n"
        f"![again.png](my%20prices-pictures/a%20%5Bchart%5D-{sha(history, 0)}.png)\n\n"
        "And now?\n"
    )
    files = contents(out)
    assert files.pop("my prices.md")
    assert files == {f"my prices-pictures/{chart}": PNG, f"my prices-pictures/{photo}": JPEG}


def sha(history: History, position: int) -> str:
    (conversation,) = history.conversations()
    return history.thread(conversation.id)[0].pictures[position].sha256[:8]


def test_every_link_leads_to_a_file(history: History, conversation: int, out: Path) -> None:
    target = export(history, conversation, "markdown", out / "ü & 100% (1).md")
    links = re.findall(r"!\[.*\]\((.+)\)", target.read_text(encoding="utf-8"))
    assert [(out / unquote(link)).read_bytes() for link in links] == [PNG, JPEG, PNG]


def test_a_failed_answer_says_so(history: History, out: Path) -> None:
    conversation = history.create_conversation()
    message = history.add_message(conversation, None, "assistant", "", state=MessageState.STREAMING)
    history.finish_message(message.id, MessageState.FAILED, error="The engine stopped.")
    text = export(history, conversation, "markdown", out / "x.md").read_text(encoding="utf-8")
    assert text.startswith("# Conversation\n\n## Assistant · 20")
    assert text.endswith("\n\n*Failed: The engine stopped.*\n")
    assert list(contents(out)) == ["x.md"]


def test_an_answer_that_repeated_itself_says_so(history: History, out: Path) -> None:
    conversation = history.create_conversation()
    history.add_message(conversation, None, "assistant", "no no no", state=MessageState.CUT, details={"repeats": True})
    text = export(history, conversation, "markdown", out / "x.md").read_text(encoding="utf-8")
    assert text.endswith("no no no\n\n*Ended, as it only repeated itself.*\n")


def test_text_of_pictures_is_there_letter_by_letter(history: History, out: Path) -> None:
    """What went along with a question, and an answer that no model made."""
    conversation = history.create_conversation("Text")
    sha256 = history.add_picture(PNG, name="screen.png", width=4, height=4)
    along = {"lines": ["*Total*", "", "12,50"], "left_out": 3, "source": "ocr", "font_px": 9.0}
    question = history.add_message(
        conversation, None, "user", "Extract", pictures=[sha256], details={"image_text": {sha256: along}}
    )
    details = {"read_by": "ocr", "read_images": [sha256]}
    history.add_message(conversation, question.id, "assistant", "# no heading\n```", details=details)
    text = export(history, conversation, "markdown", out / "text.md").read_text(encoding="utf-8")
    asked, answered = text.split("## Assistant")
    assert asked.endswith(
        "Extract\n\n*Text of the pictures that went along with it:*\n\n"
        "```\nscreen.png:\n*Total*\n...\n12,50\n(3 more lines had no room)\n```\n\n"
    )
    assert answered.splitlines()[0].startswith(" · Read by OCR on this computer · ")
    assert answered.endswith("````\n# no heading\n```\n````\n")
    exported = json.loads(export(history, conversation, "json", out / "text.json").read_bytes())
    assert exported["messages"][0]["details"]["image_text"] == {sha256: along}
    assert exported["messages"][1]["details"] == details


def test_exporting_again_changes_nothing_but_the_file(history: History, conversation: int, out: Path) -> None:
    export(history, conversation, "markdown", out / "x.md")
    before = contents(out)
    own = out / "x-pictures" / "holiday.txt"
    own.write_text("mine")
    changed = next((out / "x-pictures").glob("photo*"))
    changed.write_bytes(b"retouched")
    (out / "x.md").write_text("old")

    export(history, conversation, "markdown", out / "x.md")

    after = contents(out)
    assert (after.pop("x-pictures/holiday.txt"), after.pop(f"x-pictures/{changed.name}")) == (b"mine", b"retouched")
    assert after[f"x-pictures/{changed.stem}-2.jpg"] == JPEG
    assert f"x-pictures/{changed.stem}-2.jpg".encode() in after["x.md"]
    assert set(before) - set(after) == {f"x-pictures/{changed.name}"}
