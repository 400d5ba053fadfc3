"""Exports: asked about private text first, and covered in what goes out."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_vlm.history import History
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.text_layer.protocol import Availability
from desktop_vlm.ui.window import conversation_actions
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.redaction.conftest import LINES, noisy_picture, pixels
from tests.ui.text_layer.fake_reader import layer_of

ANSWER = "It is bob@example.com."


@pytest.fixture
def conversation(parts: Parts, private: NewPicture) -> int:
    """A question about a picture with private text, and one without, answered with what is private."""

    def work(history: History) -> int:
        made = history.create_conversation("Customer")
        other = noisy_picture(7)
        shas = [history.add_picture(one.data, name=one.name, width=320, height=80) for one in (private, other)]
        question = history.add_message(made, None, "user", "Who?", pictures=shas)
        history.keep_text_layer(other.sha256, layer_of(["Nothing private"], width=320, height=80))
        history.add_message(made, question.id, "assistant", ANSWER)
        return made

    return parts.history.fetch(work)


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the person saves it."""
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.setattr(conversation_actions, "ask_save", lambda *_args: folder / "customer.md")
    return folder / "customer.md"


def written(target: Path) -> list[bytes]:
    """Pictures that went out."""
    return [file.read_bytes() for file in sorted(target.parent.rglob("*.png"))]


def start(window: MainWindow, conversation: int) -> None:
    window._conversation_actions.export(conversation, "markdown", "Customer")


def test_private_text_is_covered_in_what_goes_out(
    window: MainWindow, parts: Parts, private: NewPicture, conversation: int, target: Path, qtbot: QtBot
) -> None:
    start(window, conversation)
    check = window._conversation_actions.export_check
    qtbot.waitUntil(lambda: check.question is not None)
    assert parts.reader.requested == [private.sha256]  # the other was read before
    assert not target.exists()
    question = check.question
    assert question is not None
    question._hide()
    qtbot.waitUntil(target.exists)
    texts = target.read_text("utf-8")
    assert "bob@example.com" not in texts
    assert "It is \u2588" in texts
    files = written(target)
    assert len(files) == 2
    assert private.data not in files
    (covered,) = [file for file in files if file != noisy_picture(7).data]
    assert not pixels(covered)[0:20, 90:240].any()
    assert not pixels(covered)[20:40, 80:190].any()
    assert parts.history.fetch(lambda history: history.picture(private.sha256)) == private.data


def test_it_can_be_exported_as_it_is_or_not_at_all(
    window: MainWindow, private: NewPicture, conversation: int, target: Path, qtbot: QtBot
) -> None:
    check = window._conversation_actions.export_check
    start(window, conversation)
    qtbot.waitUntil(lambda: check.question is not None)
    assert check.question is not None
    check.question.reject()
    assert check.question is None
    start(window, conversation)
    qtbot.waitUntil(lambda: check.question is not None)
    assert not target.exists()
    check.question._as_it_is()
    qtbot.waitUntil(target.exists)
    assert private.data in written(target)
    assert ANSWER in target.read_text("utf-8")


def test_what_is_not_read_yet_is_read_and_that_can_be_skipped(
    window: MainWindow, parts: Parts, private: NewPicture, conversation: int, target: Path, qtbot: QtBot
) -> None:
    del parts.reader.layers[private.sha256]  # it takes long
    check = window._conversation_actions.export_check
    start(window, conversation)
    qtbot.waitUntil(lambda: check.reading is not None)
    assert check.reading is not None
    assert check.reading._text.text() == "1 of 1"
    check.reading.skipped.emit()
    qtbot.waitUntil(target.exists)
    assert check.reading is None
    assert private.sha256 in parts.reader.cancelled
    assert private.data in written(target)


def test_reading_that_is_cancelled_exports_nothing(
    window: MainWindow, parts: Parts, private: NewPicture, conversation: int, target: Path, qtbot: QtBot
) -> None:
    del parts.reader.layers[private.sha256]
    check = window._conversation_actions.export_check
    start(window, conversation)
    qtbot.waitUntil(lambda: check.reading is not None)
    assert check.reading is not None
    check.reading.reject()
    assert check.reading is None
    parts.reader.layers[private.sha256] = layer_of(LINES, width=320, height=80)
    parts.reader.answer(private.sha256)
    qtbot.wait(20)
    assert check.question is None
    assert not target.exists()


@pytest.mark.parametrize("why", ["off", "missing", "failed"])
def test_nobody_is_asked_where_nothing_is_known(
    window: MainWindow, parts: Parts, private: NewPicture, conversation: int, target: Path, qtbot: QtBot, why: str
) -> None:
    if why == "off":
        parts.settings.update("text", point_out_private=False)
    elif why == "missing":
        parts.reader.set_availability(Availability.MISSING)
    else:
        del parts.reader.layers[private.sha256]
        parts.reader.failures[private.sha256] = "It could not be read."
    start(window, conversation)
    qtbot.waitUntil(target.exists)
    assert private.data in written(target)
    assert window._conversation_actions.export_check.question is None
