"""The editor in the window: what is seen is what is sent, the original stays, and what is hidden is gone."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.annotations.document import Document
from desktop_vlm.ui.annotate import editor as editor_module
from desktop_vlm.ui.annotate.editor import PictureEditor
from desktop_vlm.ui.annotate.subject import Subject, edited
from desktop_vlm.ui.pictures.background import StoppedError, pool
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.loading import to_pillow
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.pictures.hands import drag, press
from tests.ui.redaction.conftest import noisy_picture, pixels
from tests.ui.redaction.test_hiding import traces


@pytest.fixture
def window(parts: Parts, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    yield made
    if made._edit_actions.editor is not None:
        made._edit_actions.editor.close_editor()


def opened(window: MainWindow, qtbot: QtBot, sha256: str) -> PictureEditor:
    """The editor, as soon as it shows the picture; a pixel of that is one of the screen."""
    window._picture_actions.run(sha256, "edit")
    qtbot.waitUntil(lambda: window._edit_actions.editor is not None)
    editor = window._edit_actions.editor
    assert editor is not None
    qtbot.waitUntil(lambda: editor.canvas.image is not None)
    assert editor.canvas.viewport.zoom == 1.0
    return editor


def place(editor: PictureEditor, x: float, y: float) -> QPoint:
    """Where a pixel of the picture is."""
    port = editor.canvas.viewport
    return QPointF(port.left + x, port.top + y).toPoint()


def draw(editor: PictureEditor, key: Qt.Key, start: tuple[int, int], end: tuple[int, int]) -> None:
    press(editor.canvas, key)
    drag(editor.canvas, place(editor, *start), place(editor, *end))


def finish(window: MainWindow, qtbot: QtBot) -> None:
    editor = window._edit_actions.editor
    assert editor is not None
    press(editor.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window._edit_actions.editor is None)


def sent(window: MainWindow, qtbot: QtBot, parts: Parts, text: str = "What is it?") -> bytes:
    """The one image that reaches the model with a question."""
    number = len(parts.engine.asked)
    window.composer.text.setPlainText(text)
    window.draft.send()
    qtbot.waitUntil(lambda: len(parts.engine.asked) > number)
    request = parts.engine.asked[-1]
    (image,) = request.images.values()
    parts.engine.say("It.")
    parts.engine.end()
    qtbot.waitUntil(lambda: not parts.assistant.busy)
    return bytes(image)


def test_what_is_seen_is_what_is_sent(window: MainWindow, parts: Parts, qtbot: QtBot) -> None:
    window.draft.add(noisy_picture())
    editor = opened(window, qtbot, window.composer.pictures[0].sha256)
    draw(editor, Qt.Key.Key_A, (20, 20), (120, 60))
    draw(editor, Qt.Key.Key_B, (150, 10), (250, 70))
    draw(editor, Qt.Key.Key_U, (260, 10), (310, 60))
    press(editor.canvas, Qt.Key.Key_T)
    QTest.mouseClick(editor.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place(editor, 30, 60))
    QTest.keyClicks(editor.canvas, "Hi")
    press(editor.canvas, Qt.Key.Key_Return)
    assert [mark.kind for mark in editor.session.document.marks] == ["arrow", "box", "blur", "text"]
    exact = editor.canvas.exact
    qtbot.waitUntil(lambda: exact.view is not None and exact.view.marks == editor.session.document.marks)
    assert exact.image is not None
    seen = np.asarray(to_pillow(exact.image)).astype(int)
    finish(window, qtbot)
    (new,) = window.composer.pictures
    result = pixels(sent(window, qtbot, parts)).astype(int)
    assert (result == pixels(new.data)).all()
    blurred = np.zeros(result.shape[:2], bool)
    blurred[10:61, 260:311] = True
    assert (seen == result)[~blurred].all()
    assert np.abs(seen - result)[blurred].max() < 40  # its cells are the means of a smaller size of the picture
    assert (result != pixels(noisy_picture().data)).any()


def test_the_original_stays_and_the_marks_can_be_changed_later(window: MainWindow, parts: Parts, qtbot: QtBot) -> None:
    before = noisy_picture()
    window.draft.add(before)
    editor = opened(window, qtbot, before.sha256)
    assert "The original is kept" in editor.sentence.text()
    draw(editor, Qt.Key.Key_B, (20, 20), (120, 60))
    draw(editor, Qt.Key.Key_C, (10, 10), (200, 70))
    finish(window, qtbot)
    (first,) = window.composer.pictures
    assert (first.name, first.width, first.height) == ("customer.png", 191, 61)
    sent(window, qtbot, parts)

    # In the conversation it opens with its marks, and a changed one is for the next question.
    editor = opened(window, qtbot, first.sha256)
    assert [mark.kind for mark in editor.session.document.marks] == ["box"]
    assert editor.session.document.crop == (10, 10, 201, 71)
    press(editor.canvas, Qt.Key.Key_PageDown)
    press(editor.canvas, Qt.Key.Key_Delete)
    finish(window, qtbot)
    (second,) = window.composer.pictures
    assert (pixels(second.data) == pixels(before.data)[10:71, 10:201]).all()
    view = parts.assistant.pictures.view
    assert [(one.sha256, one.included) for one in view.pictures] == [(first.sha256, False), (second.sha256, True)]

    # And reset gives the very file back.
    editor = opened(window, qtbot, second.sha256)
    editor.reset.click()
    finish(window, qtbot)
    assert [one.data for one in window.composer.pictures] == [before.data]
    assert window.composer.pictures[0].edit is None


def test_what_is_hidden_in_a_new_picture_is_in_no_file(
    window: MainWindow, parts: Parts, qtbot: QtBot, tmp_path: Path
) -> None:
    before = noisy_picture()
    window.draft.add(before)
    editor = opened(window, qtbot, before.sha256)
    draw(editor, Qt.Key.Key_K, (100, 0), (299, 79))
    assert "for good, from the original, too" in editor.sentence.text()
    draw(editor, Qt.Key.Key_A, (10, 10), (60, 60))
    finish(window, qtbot)
    (new,) = window.composer.pictures
    assert new.edit is not None
    kept = pixels(new.edit.original.data)
    assert not kept[0:79, 100:299].any()
    assert (kept[:, :100] == pixels(before.data)[:, :100]).all()
    image = pixels(sent(window, qtbot, parts))
    assert not image[2:77, 102:297].any()
    assert traces(tmp_path, new.data) != []
    assert traces(tmp_path, before.data) == []


def test_what_is_hidden_in_a_kept_picture_leaves_the_conversation_too(
    window: MainWindow, parts: Parts, qtbot: QtBot, tmp_path: Path
) -> None:
    before = noisy_picture()
    window.draft.add(before)
    sent(window, qtbot, parts)
    editor = opened(window, qtbot, before.sha256)
    draw(editor, Qt.Key.Key_K, (100, 0), (299, 79))
    assert "also where the picture is kept already" in editor.sentence.text()
    draw(editor, Qt.Key.Key_A, (10, 10), (60, 60))
    finish(window, qtbot)
    (held,) = parts.assistant.messages[0].pictures
    assert held.sha256 != before.sha256
    kept = pixels(parts.history.fetch(lambda history: history.picture(held.sha256)))
    assert not kept[0:79, 100:299].any()
    assert (kept[:, :100] == pixels(before.data)[:, :100]).all()  # no arrow: that is for the next question
    (new,) = window.composer.pictures
    assert (pixels(new.data)[:, :100] != pixels(before.data)[:, :100]).any()
    assert traces(tmp_path, before.data) == []


def test_escape_asks_once_before_changes_are_lost(window: MainWindow, qtbot: QtBot) -> None:
    before = noisy_picture()
    window.draft.add(before)
    editor = opened(window, qtbot, before.sha256)
    draw(editor, Qt.Key.Key_B, (20, 20), (120, 60))
    for _ in range(2):  # the mark, the tool
        press(editor.canvas, Qt.Key.Key_Escape)
    assert window._edit_actions.editor is editor
    press(editor.canvas, Qt.Key.Key_Escape)
    assert "discards" in editor._note.text()
    assert window._edit_actions.editor is editor
    press(editor.canvas, Qt.Key.Key_Escape)
    assert window._edit_actions.editor is None
    assert [one.data for one in window.composer.pictures] == [before.data]


def test_the_warning_stays_although_the_turned_picture_comes_later(window: MainWindow, qtbot: QtBot) -> None:
    before = noisy_picture()
    window.draft.add(before)
    editor = opened(window, qtbot, before.sha256)
    press(editor.canvas, Qt.Key.Key_R)
    press(editor.canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: editor.canvas.image is not None)
    assert "discards" in editor._note.text()
    press(editor.canvas, Qt.Key.Key_Escape)
    assert window._edit_actions.editor is None


def test_copying_gives_the_picture_as_it_looks_now(window: MainWindow, qtbot: QtBot) -> None:
    window.draft.add(noisy_picture())
    editor = opened(window, qtbot, window.composer.pictures[0].sha256)
    QApplication.clipboard().clear()
    draw(editor, Qt.Key.Key_C, (10, 10), (200, 70))
    QTest.keyClick(editor.canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not QApplication.clipboard().image().isNull())
    image = QApplication.clipboard().image()
    assert (image.width(), image.height()) == (191, 61)


def test_a_turned_photo_with_metadata(window: MainWindow, qtbot: QtBot) -> None:
    """Upright by EXIF first, then as the person turns it; the file's own bytes are what is kept."""
    image = Image.fromarray(np.random.default_rng(5).integers(0, 256, (60, 100, 3), np.uint8))
    exif = image.getexif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif, quality=95)
    photo = NewPicture(buffer.getvalue(), "photo.jpg", 60, 100)
    window.draft.add(photo)
    editor = opened(window, qtbot, photo.sha256)
    assert editor.session.document == Document((60, 100))
    press(editor.canvas, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: editor.canvas.image is not None and editor.canvas.image.width() == 100)
    draw(editor, Qt.Key.Key_B, (5, 5), (50, 40))
    finish(window, qtbot)
    (new,) = window.composer.pictures
    assert (new.name, new.width, new.height) == ("photo.png", 100, 60)
    assert new.edit is not None
    assert new.edit.original.data == photo.data
    with Image.open(io.BytesIO(new.data)) as made:
        assert not made.getexif()
        assert made.info == {}


def test_cancel_stops_what_is_being_made(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    began, goes_on = threading.Event(), threading.Event()
    ends: list[str] = []

    def slow(subject: Subject, document: Document, check: Callable[[], None]) -> NewPicture:
        began.set()
        assert goes_on.wait(20)
        try:
            made = edited(subject, document, check)
        except StoppedError:
            ends.append("stopped")
            raise
        ends.append("made")
        return made

    monkeypatch.setattr(editor_module, "edited", slow)
    before = noisy_picture()
    window.draft.add(before)
    editor = opened(window, qtbot, before.sha256)
    draw(editor, Qt.Key.Key_B, (20, 20), (120, 60))
    press(editor.canvas, Qt.Key.Key_Return)
    assert began.wait(20)
    QTest.mouseClick(editor.cancel, Qt.MouseButton.LeftButton)
    assert window._edit_actions.editor is None
    goes_on.set()
    assert pool().waitForDone(20_000)
    assert ends == ["stopped"]
    assert [one.data for one in window.composer.pictures] == [before.data]


def test_the_encoder_can_be_stopped_at_each_piece_that_it_writes() -> None:
    """However large an image is, its file is not made to the end for nobody."""
    noise = np.random.default_rng(1).integers(0, 256, (600, 900, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "PNG")
    subject = Subject("", "noise.png", buffer.getvalue())
    document = Document((900, 600)).cropped(Box(10, 10, 890, 590))

    def run(stops_at: int) -> int:
        n_calls = 0

        def check() -> None:
            nonlocal n_calls
            n_calls += 1
            if n_calls == stops_at:
                raise StoppedError("stopped")

        edited(subject, document, check)
        return n_calls

    total = run(-1)
    assert total > 600 * 900 * 3 / 65536  # at least once for each 64 KiB that are written
    for at in (1, total // 2, total):
        with pytest.raises(StoppedError):
            run(at)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_shown_frame_is_edited_and_all_of_it_kept(
    window: MainWindow, qtbot: QtBot, kind: str
) -> None:
    frames = [Image.new("RGB", (300, 80), color) for color in ("red", "lime", "blue")]
    buffer = io.BytesIO()
    lossless = {"lossless": True} if kind == "WEBP" else {}
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:], duration=100, **lossless)
    before = NewPicture(buffer.getvalue(), f"moving.{kind.lower()}", 300, 80)
    window.draft.add(before)
    editor = opened(window, qtbot, before.sha256)
    assert editor.sentence.text() == (
        "This is frame 1 of 3 of an animation; only it becomes the edited picture. "
        "The original is kept: you can change this again, or reset it, at any time."
    )
    draw(editor, Qt.Key.Key_C, (10, 10), (200, 70))
    finish(window, qtbot)
    (new,) = window.composer.pictures
    assert new.edit is not None
    assert new.edit.original.data == before.data
    with Image.open(io.BytesIO(new.data)) as made:
        assert getattr(made, "n_frames", 1) == 1
        assert made.convert("RGB").getcolors() == [(191 * 61, (255, 0, 0))]


def test_what_is_hidden_in_an_animation_is_in_none_of_its_frames(window: MainWindow, qtbot: QtBot) -> None:
    frames = [Image.new("RGB", (300, 80), color) for color in ("red", "lime")]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    before = NewPicture(buffer.getvalue(), "moving.gif", 300, 80)
    window.draft.add(before)
    editor = opened(window, qtbot, before.sha256)
    draw(editor, Qt.Key.Key_K, (100, 0), (299, 79))
    assert editor.sentence.text().startswith(
        "This is frame 1 of 2 of an animation; its others may show what you hide, and go, too. Done takes"
    )
    finish(window, qtbot)
    (new,) = window.composer.pictures
    assert new.edit is None
    with Image.open(io.BytesIO(new.data)) as made:
        assert getattr(made, "n_frames", 1) == 1
        assert made.getpixel((200, 40)) == (0, 0, 0)
        assert made.getpixel((50, 40)) == (255, 0, 0)
