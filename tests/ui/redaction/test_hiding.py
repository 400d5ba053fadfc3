"""Hiding private text: what is left of it in the draft, the history, the engine's hands and the files on the disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from desktop_vlm.api.text_layer import Box
from desktop_vlm.ui.conversation.question import QuestionWidget
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.text_layer.layers import LayerState
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.fake_engine import MANY
from tests.ui.redaction.conftest import apply, noisy_picture, opened, pixels

MAIL, PHONE = Box(90, 0, 240, 20), Box(80, 20, 190, 40)
"""Where the two private texts stand."""


def is_black(file: bytes, box: Box) -> bool:
    return not pixels(file)[int(box.top) : int(box.bottom), int(box.left) : int(box.right)].any()


def pieces(picture: NewPicture, box: Box) -> list[bytes]:
    """Rows of pixels under a box, as they are in a decoded image."""
    area = pixels(picture.data)[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
    return [row.tobytes() for row in area]


def traces(folder: Path, *hidden: bytes) -> list[str]:
    """Files that hold a run of 48 bytes of the first kilobytes of what should be gone: rows that boxes cover."""
    runs = [data[at : at + 48] for data in hidden for at in range(60, 4000, 97)]
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file.name for file in files for content in [file.read_bytes()] if any(run in content for run in runs)]


def test_the_picture_of_the_draft_is_replaced_and_nothing_else_is_sent_or_kept(
    window: MainWindow, parts: Parts, private: NewPicture, qtbot: QtBot, tmp_path: Path
) -> None:
    window.draft.add(private)
    qtbot.waitUntil(lambda: window.composer._strip.pictures[0].private == 2)
    dialog = opened(window, qtbot, private.sha256)
    assert [(mark.kind, mark.text, mark.on) for mark in dialog.proposal.marks] == [
        ("email", "bob@example.com", True),
        ("phone", "030 1234567", True),
    ]
    assert "only the new one is sent" in dialog.subject.consequence
    dialog.proposal.switch(1, False)
    dialog.proposal.draw(Box(0, 60, 50, 80))
    assert dialog.apply.text() == "Hide 2 places"
    apply(window, qtbot, dialog)

    (new,) = window.composer.pictures
    assert (new.name, new.width, new.height) == ("customer.png", 320, 80)
    assert is_black(new.data, MAIL)
    assert is_black(new.data, Box(0, 60, 50, 80))
    assert np.array_equal(pixels(new.data)[24:58, 60:200], pixels(private.data)[24:58, 60:200])
    assert parts.text_layers.state(private.sha256) is LayerState.NONE
    qtbot.waitUntil(lambda: new.sha256 in parts.reader.requested)

    window.composer.text.setPlainText("Who is it?")
    window.draft.send()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    sent = b"".join(parts.engine.asked[0].images.values())
    assert private.data not in sent
    for file in parts.engine.asked[0].images.values():
        values = pixels(file).tobytes()
        assert not any(piece in values for piece in pieces(private, MAIL))
    parts.history.close()
    assert traces(tmp_path, new.data) != []
    assert traces(tmp_path, private.data) == []


def test_a_picture_of_the_history_is_replaced_everywhere(
    window: MainWindow, parts: Parts, private: NewPicture, qtbot: QtBot, tmp_path: Path
) -> None:
    window.draft.add(private)
    # Before it is sent: while the model answers, no image is read that nobody waits for.
    qtbot.waitUntil(lambda: parts.text_layers.state(private.sha256) is LayerState.READ)
    window.composer.text.setPlainText("Who is it?")
    window.draft.send()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    dialog = opened(window, qtbot, private.sha256)
    dialog.apply.click()  # the model is still answering
    assert "still answering" in dialog.status.text()
    parts.engine.end("stop")
    qtbot.waitUntil(lambda: not parts.assistant.busy)
    assert "cannot be undone" in dialog.subject.consequence
    apply(window, qtbot, dialog)

    (question,) = [message for message in parts.assistant.messages if message.pictures]
    (held,) = question.pictures
    assert held.sha256 != private.sha256
    assert [one.sha256 for one in parts.assistant.pictures.view.pictures] == [held.sha256]
    kept = parts.history.fetch(lambda history: history.picture(held.sha256))
    assert is_black(kept, MAIL)
    assert is_black(kept, PHONE)
    shown = window.pane.findChildren(QuestionWidget)[0]
    qtbot.waitUntil(lambda: shown._strip.pictures[0].image is not None)
    assert shown.message.pictures == (held,)
    assert parts.engine.forgot == 1
    assert parts.text_layers.layer(private.sha256) is None

    window.composer.text.setPlainText("And now?")
    window.draft.send()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2)
    for file in parts.engine.asked[1].images.values():
        values = pixels(file).tobytes()
        assert not any(piece in values for piece in pieces(private, MAIL))
    parts.history.close()
    assert traces(tmp_path, private.data) == []
    assert all(b"bob@example.com" not in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_what_the_panel_prepared_of_it_is_forgotten(private: NewPicture, qtbot: QtBot, parts: Parts) -> None:
    assert parts.engine.model is not None
    parts.assistant.pictures.set_model(replace(parts.engine.model, capabilities=MANY))
    parts.assistant.set_new_pictures([private])
    qtbot.waitUntil(lambda: parts.assistant.pictures.view.prepared is not None)
    preparer = parts.assistant.pictures._preparer
    assert len(preparer._made) == 1
    parts.assistant.pictures.forget(private.sha256)
    assert len(preparer._made) == 0


def test_a_word_is_named_and_what_is_not_there_is_said(window: MainWindow, private: NewPicture, qtbot: QtBot) -> None:
    window.draft.add(private)
    dialog = opened(window, qtbot, private.sha256)
    dialog.word.setText("falcon")
    qtbot.keyClick(dialog.word, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(dialog.proposal.marks) == 3)
    assert dialog.proposal.marks[2].text == "Falcon"
    assert dialog.word.text() == ""
    assert dialog.isVisible()  # Enter named a word, and did not apply
    dialog.word.setText("zebra")
    dialog._name_word()
    qtbot.waitUntil(lambda: "zebra" in dialog._word_result.text())
    dialog.word.setText("FALCON")
    dialog._name_word()
    qtbot.waitUntil(lambda: "already" in dialog._word_result.text())
    assert len(dialog.proposal.marks) == 3


def test_words_of_the_settings_are_private_too_and_pointing_out_can_be_switched_off(
    window: MainWindow, parts: Parts, private: NewPicture, qtbot: QtBot
) -> None:
    window.draft.add(private)
    qtbot.waitUntil(lambda: window.composer._strip.pictures[0].private == 2)
    assert window.composer._strip.pictures[0].private_hint == "1 e-mail address, 1 phone number"
    parts.settings.update("text", private_words=" falcon \n\nfriday")
    window._take_settings()
    qtbot.waitUntil(lambda: window.composer._strip.pictures[0].private == 4)
    parts.settings.update("text", point_out_private=False)
    window._take_settings()
    assert window.composer._strip.pictures[0].private == 0


def test_boxes_are_switched_and_drawn_with_the_mouse(window: MainWindow, private: NewPicture, qtbot: QtBot) -> None:
    window.draft.add(private)
    dialog = opened(window, qtbot, private.sha256)
    canvas = dialog.canvas
    canvas.actual_size()

    def point(x: float, y: float) -> QPoint:
        return canvas._on_screen(Box(x, y, x, y)).topLeft().toPoint()

    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=point(150, 10))
    assert [mark.on for mark in dialog.proposal.marks] == [False, True]
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=point(20, 60))
    qtbot.mouseMove(canvas, point(60, 70))
    assert canvas.drawn is not None
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=point(60, 70))
    drawn = dialog.proposal.marks[2]
    assert (drawn.kind, drawn.text) == ("drawn", "")
    (box,) = drawn.boxes
    assert abs(box.left - 20) <= 1
    assert abs(box.right - 60) <= 1
    assert abs(box.bottom - 70) <= 1
    dialog.list.setCurrentRow(0)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Space)
    assert dialog.proposal.marks[0].on
    dialog.list.setCurrentRow(2)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Delete)
    assert len(dialog.proposal.marks) == 2
    dialog.proposal.draw(Box(0, 0, 5, 5))
    dialog._undo()
    assert len(dialog.proposal.marks) == 2
    dialog.grab()  # paints


def test_without_text_boxes_can_be_drawn(window: MainWindow, parts: Parts, qtbot: QtBot) -> None:
    unread = noisy_picture(2)
    parts.reader.failures[unread.sha256] = "It could not be read."
    window.draft.add(unread)
    window._picture_actions.run(unread.sha256, "hide")
    qtbot.waitUntil(lambda: window._redaction_actions.dialog is not None)
    dialog = window._redaction_actions.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.status.text().startswith("It could not be read."))
    assert not dialog.apply.isEnabled()
    assert not dialog.word.isEnabled()
    dialog.proposal.draw(Box(0, 0, 10, 10))
    assert dialog.apply.text() == "Hide 1 place"
    apply(window, qtbot, dialog)
    assert is_black(window.composer.pictures[0].data, Box(0, 0, 10, 10))


def test_the_mark_at_a_thumbnail_opens_it(window: MainWindow, private: NewPicture, qtbot: QtBot) -> None:
    window.draft.add(private)
    qtbot.waitUntil(lambda: window.composer._strip.pictures[0].private == 2)
    thumbnail = window.composer._strip.thumbnail(0)
    mark = thumbnail._private
    assert mark is not None
    assert mark.isVisibleTo(thumbnail)
    assert "1 e-mail address" in thumbnail.accessibleName()
    qtbot.mouseClick(mark, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window._redaction_actions.dialog is not None)


def test_a_cancelled_dialog_changes_nothing(window: MainWindow, private: NewPicture, qtbot: QtBot) -> None:
    window.draft.add(private)
    opened(window, qtbot, private.sha256).reject()
    assert window.composer.pictures == [private]
    assert window._redaction_actions.dialog is None


def test_the_context_menu_offers_it(window: MainWindow, private: NewPicture, qtbot: QtBot) -> None:
    window.draft.add(private)
    (entry,) = [one for one in window.composer._strip.make_menu(0).actions() if one.text().startswith("Hide private")]
    entry.trigger()
    qtbot.waitUntil(lambda: window._redaction_actions.dialog is not None)


def test_a_recent_capture_is_hidden_too_in_memory_and_on_the_disk(
    window: MainWindow, parts: Parts, private: NewPicture, qtbot: QtBot, tmp_path: Path
) -> None:
    """From its own strip: it is in no question and no conversation."""
    parts.settings.update("desktop", keep_captures="day")
    captures = window._services.captures
    captures.add(private, None)
    popup = window.capture_actions.open_captures()
    qtbot.waitUntil(lambda: popup.strip.pictures[0].private == 2)
    popup.close()
    dialog = opened(window, qtbot, private.sha256)
    apply(window, qtbot, dialog)
    (new,) = captures.captures
    assert is_black(new.picture.data, MAIL)
    assert is_black(new.picture.data, PHONE)
    assert new.picture.name == "customer.png"
    captures.close()
    assert [file.stem for file in (tmp_path / "data" / "captures").glob("*.png")] == [new.picture.sha256]
    parts.history.close()
    assert traces(tmp_path, private.data) == []
