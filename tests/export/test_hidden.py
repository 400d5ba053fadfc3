"""What was covered in a picture leaves in no format, nor the text beside it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from desktop_vlm.export import EXPORTERS, export
from desktop_vlm.history import History
from desktop_vlm.history.details import IMAGE_TEXT, IMAGE_TEXT_OFF
from desktop_vlm.history.views import Instead
from desktop_vlm.images.text_layer.quoting import Excerpt
from tests.export.contents import BLOT, JPEG, PNG, WITHOUT_QT, contents


@pytest.mark.parametrize("key", WITHOUT_QT)
def test_other_files_go_out_in_the_place_of_pictures(history: History, conversation: int, out: Path, key: str) -> None:
    other = b"\x89PNG\r\n\x1a\n black boxes"
    (chart,) = {one.sha256 for message in history.thread(conversation) for one in message.pictures[:1]}
    export(history, conversation, key, out / f"hidden{EXPORTERS[key].suffix}", instead={chart: Instead(other)})
    written = b"".join(contents(out).values())
    assert PNG not in written
    assert base64.b64encode(PNG) not in written
    assert chart.encode() not in written
    assert chart[:8] not in "".join(contents(out))
    assert other in written or base64.b64encode(other) in written
    assert JPEG in written or base64.b64encode(JPEG) in written
    assert history.picture(chart) == PNG


@pytest.mark.parametrize("key", WITHOUT_QT)
def test_what_is_hidden_in_a_picture_is_not_written_beside_it(history: History, out: Path, key: str) -> None:
    made = history.create_conversation("Call 030 1234567")
    bill = history.add_picture(PNG, name="bill.png", width=30, height=20)
    other = history.add_picture(JPEG, name="other.jpg", width=3, height=2)
    details = {
        IMAGE_TEXT: {
            bill: Excerpt(("bob@example.com", "and more")).as_json(),
            other: Excerpt(("A harmless line",)).as_json(),
        },
        IMAGE_TEXT_OFF: [bill],
    }
    question = history.add_message(made, None, "user", "Who?", pictures=[bill, other], details=details)
    history.add_message(made, question.id, "assistant", "It is bob@example.com, 030 1234567.")
    instead = {bill: Instead(b"boxes", ("bob@example.com", "bob", "030 1234567\n1"))}
    path = export(history, made, key, out / f"hidden{EXPORTERS[key].suffix}", instead)
    text = path.read_text("utf-8")
    assert "bob" not in text
    assert "1234567" not in text
    assert "and more" not in text
    assert bill not in text
    assert "A harmless line" in text
    assert f"It is {BLOT * 12}, {BLOT * 11}." in text
