"""Pointing at places of pictures in the window: what is shown is what is sent, and it belongs to its question."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_vlm.api.text_layer import Box
from desktop_vlm.history.details import POINTERS
from desktop_vlm.images.pointing import Pointer, cut_out, draw_pointers
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.loading import to_pillow
from desktop_vlm.ui.pictures.viewer import PictureViewer
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.fake_engine import MANY
from tests.ui.pictures.hands import drag, press
from tests.ui.redaction.conftest import noisy_picture, pixels
from tests.ui.text_layer.fake_reader import layer_of

AREA = Pointer(Box(100, 20, 200, 60))


@pytest.fixture
def make_window(make_parts: Callable[..., Parts], qtbot: QtBot) -> Callable[..., tuple[MainWindow, Parts]]:
    def make(point_with: str = "draw", **more: Any) -> tuple[MainWindow, Parts]:
        parts = make_parts(**more)
        parts.settings.update("composer", point_with=point_with)
        made = MainWindow(parts.services(), None)
        qtbot.addWidget(made)
        made.resize(1000, 700)
        made.show()
        return made, parts

    return make


def viewer_of(window: MainWindow, qtbot: QtBot, sha256: str) -> PictureViewer:
    """Open at a picture, pointing, one pixel of it on one of the screen."""
    window._picture_actions.run(sha256, "point")
    viewer = window._picture_actions._viewer
    assert viewer is not None
    qtbot.waitUntil(lambda: viewer.canvas.image is not None)
    assert viewer.canvas.viewport.zoom == 1.0
    return viewer


def place(viewer: PictureViewer, x: float, y: float) -> QPoint:
    port = viewer.canvas.viewport
    return QPointF(port.left + x, port.top + y).toPoint()


def ask(window: MainWindow, parts: Parts, qtbot: QtBot, text: str = "What is this?") -> dict[str, Image.Image]:
    """What reaches the model with a question: its images, decoded, by the SHA-256 that messages name them by."""
    number = len(parts.engine.asked)
    window.composer.text.setPlainText(text)
    window.draft.send()
    qtbot.waitUntil(lambda: len(parts.engine.asked) > number)
    request = parts.engine.asked[-1]
    parts.engine.say("That.")
    parts.engine.end()
    qtbot.waitUntil(lambda: not parts.assistant.busy)
    return {sha256: Image.open(io.BytesIO(data)).convert("RGB") for sha256, data in request.images.items()}


def image_of(picture: NewPicture) -> Image.Image:
    return Image.fromarray(pixels(picture.data))


def is_same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and bool((np.asarray(one) == np.asarray(other)).all())


def test_a_drag_in_the_viewer_is_drawn_on_what_is_sent_and_kept_with_the_question(
    make_window: Callable[..., tuple[MainWindow, Parts]], qtbot: QtBot
) -> None:
    window, parts = make_window()
    picture = noisy_picture()
    window.draft.add(picture)
    viewer = viewer_of(window, qtbot, picture.sha256)
    drag(viewer.canvas, place(viewer, 100, 20), place(viewer, 200, 60))
    (new,) = window.composer.pictures
    assert new.pointers == (AREA,)
    assert window.composer._strip.pictures[0].pointers == (AREA,)
    press(viewer, Qt.Key.Key_Return)
    assert not viewer.isVisible()

    (sent,) = ask(window, parts, qtbot).values()
    assert is_same(sent, draw_pointers(image_of(picture), [AREA]))
    question = parts.assistant.messages[0]
    assert question.details[POINTERS] == {picture.sha256: [[100.0, 20.0, 200.0, 60.0]]}
    assert [held.sha256 for held in question.pictures] == [picture.sha256]  # the picture itself has no mark
    assert parts.history.fetch(lambda history: history.picture(picture.sha256)) == picture.data
    kept = parts.assistant.pictures.view.pictures[0]
    assert kept.pointers == (AREA,)


def test_the_panel_shows_the_pixels_that_are_sent(
    make_window: Callable[..., tuple[MainWindow, Parts]], qtbot: QtBot
) -> None:
    """Byte for byte, for one and several pictures, and for each way to show what is pointed at."""
    for way in ("draw", "crop", "both"):
        window, parts = make_window(way)
        pictures = [noisy_picture(seed) for seed in (1, 2)]
        for picture in pictures:
            window.draft.add(picture)
        window.draft.point(pictures[1].sha256, [AREA])
        view = parts.assistant.pictures
        qtbot.waitUntil(lambda view=view: view.view.composition is not None and not view.view.is_preparing)  # type: ignore[misc]
        composition = parts.assistant.pictures.view.composition
        assert composition is not None
        shown = to_pillow(composition.preview)
        (sent,) = ask(window, parts, qtbot).values()
        assert is_same(sent, shown)
        n_parts = 0 if way == "draw" else 1
        assert len(composition.layout.placements) == 2 + n_parts
        left, top, right, bottom = composition.layout.placements[1].box
        whole = sent.crop((left, top, right, bottom))
        is_marked = np.abs(np.asarray(whole).astype(int) - pixels(pictures[1].data)).max() > 100
        assert is_marked == (way != "crop")
        if n_parts:
            part = sent.crop(composition.layout.placements[2].box)
            assert is_same(part, cut_out(image_of(pictures[1]), [AREA])[0])
        window.close()
        parts.history.close()


@pytest.mark.parametrize("way", ["draw", "crop", "both"])
def test_a_model_of_many_images_gets_the_part_behind_its_picture(
    make_window: Callable[..., tuple[MainWindow, Parts]], qtbot: QtBot, way: str
) -> None:
    window, parts = make_window(way, capabilities=MANY)
    picture = noisy_picture()
    window.draft.add(picture)
    window.draft.point(picture.sha256, [AREA])
    qtbot.waitUntil(lambda: parts.assistant.pictures.view.prepared is not None)
    prepared = parts.assistant.pictures.view.prepared
    assert prepared is not None
    sent = ask(window, parts, qtbot)
    named = [sha256 for message in parts.engine.asked[-1].messages for sha256 in message.images]
    assert named == [image.sha256 for image in prepared.images] == list(sent)
    whole, *part = sent.values()
    marked = draw_pointers(image_of(picture), [AREA])
    assert is_same(whole, image_of(picture) if way == "crop" else marked)
    assert [is_same(one, cut_out(image_of(picture), [AREA])[0]) for one in part] == ([] if way == "draw" else [True])
    for image, one in zip(prepared.images, sent.values(), strict=True):
        seen = one.resize((image.encoded.width, image.encoded.height), Image.Resampling.BICUBIC)
        assert is_same(to_pillow(image.preview), seen)


def test_where_a_part_has_no_room_it_is_drawn_instead(
    make_window: Callable[..., tuple[MainWindow, Parts]], qtbot: QtBot
) -> None:
    window, parts = make_window("crop", capabilities=MANY)  # takes three
    pictures = [noisy_picture(seed) for seed in (1, 2, 3)]
    for picture in pictures:
        window.draft.add(picture)
    window.draft.point(pictures[2].sha256, [AREA])
    sent = list(ask(window, parts, qtbot).values())
    assert is_same(sent[2], draw_pointers(image_of(pictures[2]), [AREA]))
    assert len(sent) == 3


def test_a_picture_of_the_conversation_is_given_again_and_only_the_latest_mark_is_drawn(
    make_window: Callable[..., tuple[MainWindow, Parts]], qtbot: QtBot
) -> None:
    window, parts = make_window()
    first, second = noisy_picture(1), noisy_picture(2)
    window.draft.add(first)
    window.draft.point(first.sha256, [AREA])
    window.draft.add(second)
    ask(window, parts, qtbot)
    other = Pointer(Box(10, 10, 50, 30))
    window._pointing.add(second.sha256, other)
    qtbot.waitUntil(lambda: [one.pointers for one in window.composer.pictures] == [(other,)])
    window._pointing.add(second.sha256, AREA)
    assert window.composer.pictures[0].pointers == (other, AREA)
    window._pointing.point(second.sha256, [])  # taken away: so is the picture, which is in the conversation anyway
    assert window.composer.pictures == []
    window._pointing.add(second.sha256, other)
    qtbot.waitUntil(lambda: len(window.composer.pictures) == 1)
    (sent,) = ask(window, parts, qtbot, "And this?").values()
    composition = parts.assistant.pictures.view.composition
    assert composition is not None
    boxes = [placement.box for placement in composition.layout.placements]
    assert is_same(sent.crop(boxes[0]), image_of(first))
    assert is_same(sent.crop(boxes[1]), draw_pointers(image_of(second), [other]))
    assert parts.assistant.messages[0].details[POINTERS] == {first.sha256: [AREA.as_json()]}


def test_marks_are_taken_away_by_a_click_or_all_by_a_key(
    make_window: Callable[..., tuple[MainWindow, Parts]], qtbot: QtBot
) -> None:
    window, _parts = make_window()
    picture = noisy_picture()
    window.draft.add(picture)
    viewer = viewer_of(window, qtbot, picture.sha256)
    none = Qt.KeyboardModifier.NoModifier
    drag(viewer.canvas, place(viewer, 100, 20), place(viewer, 200, 60))
    QTest.mouseClick(viewer.canvas, Qt.MouseButton.LeftButton, none, place(viewer, 30, 40))
    assert [one.is_spot for one in window.composer.pictures[0].pointers] == [False, True]
    QTest.mouseClick(viewer.canvas, Qt.MouseButton.LeftButton, none, place(viewer, 150, 40))
    assert [one.is_spot for one in window.composer.pictures[0].pointers] == [True]
    press(viewer, Qt.Key.Key_Space)
    assert len(window.composer.pictures[0].pointers) == 2
    press(viewer, Qt.Key.Key_Delete)
    assert not window.composer.pictures[0].pointers
    press(viewer, Qt.Key.Key_Escape)
    assert viewer.isVisible()
    assert not viewer.canvas.pointing.is_on


@pytest.mark.parametrize("capabilities", [None, MANY])
def test_a_drag_in_the_panel_and_shift_on_a_thumbnail_point_too(
    make_window: Callable[..., tuple[MainWindow, Parts]], qtbot: QtBot, capabilities: Any
) -> None:
    window, _parts = make_window(**({"capabilities": capabilities} if capabilities else {}))
    picture = noisy_picture()
    window.draft.add(picture)
    window.toggle_panel()
    qtbot.waitUntil(lambda: not window.panel.state.is_empty and not window.panel.state.busy)
    QTest.qWaitForWindowExposed(window)
    preview = window.panel.natives if capabilities else window.panel.preview
    qtbot.waitUntil(lambda: preview.isVisible() and preview.width() > 200)
    rect = (
        window.panel.natives._picture_rect(window.panel.natives._images[0], window.panel.natives.canvas_rects()[0])
        if capabilities
        else window.panel.preview.entry_rect(0)
    )
    start, end = (
        QPointF(rect.left() + rect.width() * x, rect.top() + rect.height() * y).toPoint()
        for x, y in ((0.25, 0.25), (0.75, 0.75))
    )
    drag(preview, start, end)
    (pointer,) = window.composer.pictures[0].pointers
    assert [pointer.box.left, pointer.box.top] == pytest.approx([80, 20], abs=3)
    assert [pointer.box.right, pointer.box.bottom] == pytest.approx([240, 60], abs=3)
    thumbnail = window.composer._strip.thumbnail(0)
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mouseClick(thumbnail, Qt.MouseButton.LeftButton, shift, thumbnail.rect().center())
    assert [one.is_spot for one in window.composer.pictures[0].pointers] == [False, True]
    assert window._picture_actions._viewer is None  # neither was a click


def test_another_way_to_show_it_is_prepared_again(
    make_window: Callable[..., tuple[MainWindow, Parts]], qtbot: QtBot
) -> None:
    window, parts = make_window()
    picture = noisy_picture()
    window.draft.add(picture)
    window.draft.point(picture.sha256, [AREA])
    qtbot.waitUntil(lambda: parts.assistant.pictures.view.composition is not None)
    parts.settings.update("composer", point_with="both")
    window._settings_actions.settings_changed.emit()
    assert parts.assistant.pictures.view.composition is None
    qtbot.waitUntil(lambda: parts.assistant.pictures.view.composition is not None)
    composition = parts.assistant.pictures.view.composition
    assert composition is not None
    assert len(composition.layout.placements) == 2


def test_a_changed_question_still_points(make_window: Callable[..., tuple[MainWindow, Parts]], qtbot: QtBot) -> None:
    window, parts = make_window()
    picture = noisy_picture()
    window.draft.add(picture)
    window.draft.point(picture.sha256, [AREA])
    ask(window, parts, qtbot)
    parts.assistant.edit(parts.assistant.messages[0].id, "What is that?")
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2)
    assert parts.assistant.messages[0].text == "What is that?"
    assert parts.assistant.messages[0].details[POINTERS] == {picture.sha256: [AREA.as_json()]}
    (data,) = parts.engine.asked[-1].images.values()
    assert is_same(Image.open(io.BytesIO(data)).convert("RGB"), draw_pointers(image_of(picture), [AREA]))
    parts.engine.end()


def test_the_panels_advice_crops_to_the_marked_part_in_one_click(
    make_window: Callable[..., tuple[MainWindow, Parts]], qtbot: QtBot
) -> None:
    """What is too small to read is a picture of its own then, and the original can be had back."""
    window, parts = make_window()
    values = np.zeros((800, 1600, 3), np.uint8)
    values[..., 0], values[..., 1] = np.arange(1600) % 251, np.arange(800)[:, None] % 241
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG", compress_level=1)
    large = NewPicture(buffer.getvalue(), "screen.png", 1600, 800)
    window.toggle_panel()
    window.draft.add(large)
    button, texts = window.panel.add_part, lambda: window.panel.texts[2]
    qtbot.waitUntil(lambda: texts() == "Small text gets lost: crop this picture to what matters.")
    assert button.text() == "Crop…"
    place_of_it = Pointer(Box(700, 300, 900, 370))
    window.draft.point(large.sha256, [place_of_it])
    qtbot.waitUntil(lambda: texts() == "Small text gets lost: crop to the marked part.")
    button.click()
    qtbot.waitUntil(lambda: window.composer.pictures[0].sha256 != large.sha256)
    (cropped,) = window.composer.pictures
    left, top, right, bottom = place_of_it.part((1600, 800))
    assert (pixels(cropped.data) == values[top:bottom, left:right]).all()
    assert cropped.edit is not None
    assert cropped.edit.original.data == large.data
    qtbot.waitUntil(lambda: texts() == "")
    assert not button.isVisible()
    # It begins in the editor where nothing is marked.
    window.draft.replace(cropped.sha256, large)
    qtbot.waitUntil(lambda: button.text() == "Crop…" and button.isVisible())
    button.click()
    editor = window._edit_actions.editor
    assert editor is not None
    qtbot.waitUntil(lambda: editor.canvas.image is not None)
    assert editor.session.tool == "crop"
    editor.close_editor()
    parts.history.close()


def test_an_export_from_the_window_shows_the_mark(
    make_window: Callable[..., tuple[MainWindow, Parts]],
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window, parts = make_window()
    picture = noisy_picture()
    parts.reader.layers[picture.sha256] = layer_of(["Nothing private"], width=320, height=80)
    window.draft.add(picture)
    window.draft.point(picture.sha256, [AREA])
    ask(window, parts, qtbot)
    target = tmp_path / "pointing.md"
    monkeypatch.setattr("desktop_vlm.ui.window.conversation_actions.ask_save", lambda *_asked: target)
    conversation_id = parts.assistant.conversation_id
    assert conversation_id is not None
    window._conversation_actions.export(conversation_id, "markdown", "Pointing")
    qtbot.waitUntil(target.exists)
    (file,) = (tmp_path / "pointing-pictures").iterdir()
    assert is_same(Image.fromarray(pixels(file.read_bytes())), draw_pointers(image_of(picture), [AREA]))
