"""The viewer: arithmetic of zoom, keys, and what is written."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.pictures.background import pool
from desktop_vlm.ui.pictures.saving import PictureExport, suggested_name
from desktop_vlm.ui.pictures.viewer import PictureViewer, ViewedPicture
from desktop_vlm.ui.pictures.viewport import MAX_ZOOM, Viewport
from desktop_vlm.ui.text_layer.layers import TextLayers
from desktop_vlm.ui.text_layer.no_reader import NoReader
from desktop_vlm.ui.theme import Theme
from tests.ui.pictures.hands import click, drag, press
from tests.ui.pictures.picture_files import encoded, picture, png


@given(
    zoom=st.floats(1, 8), factor=st.floats(0.7, 1.4), x=st.floats(0, 800), y=st.floats(0, 600),
    dx=st.floats(-3000, 0), dy=st.floats(-3000, 0),
)  # fmt: skip
def test_the_pixel_under_the_cursor_stays(zoom: float, factor: float, x: float, y: float, dx: float, dy: float) -> None:
    port = Viewport(image=(2000, 1500), view=(800, 600))
    port.zoom_to(zoom)
    port.pan(dx, dy)
    before = port.to_image(x, y)
    port.zoom_to(port.zoom * factor, (x, y))
    after = port.to_image(x, y)
    # Unless the picture's edge would leave a gap at the view's: then it moves just so far that there is none.
    at_left, at_top = port.left == 0, port.top == 0
    at_right = abs(port.left + 2000 * port.zoom - 800) < 1e-6
    at_bottom = abs(port.top + 1500 * port.zoom - 600) < 1e-6
    assert at_left or at_right or after[0] == pytest.approx(before[0], abs=1e-6)
    assert at_top or at_bottom or after[1] == pytest.approx(before[1], abs=1e-6)


@given(
    image=st.tuples(st.integers(1, 20000), st.integers(1, 20000)),
    view=st.tuples(st.floats(50, 4000), st.floats(50, 4000)),
    steps=st.lists(st.tuples(st.floats(0.2, 5), st.floats(0, 4000), st.floats(0, 4000)), max_size=8),
)
def test_no_gap_at_an_edge_and_never_lost(
    image: tuple[int, int], view: tuple[float, float], steps: list[tuple[float, float, float]]
) -> None:
    port = Viewport(image=image, view=view)
    port.fit()
    for factor, x, y in steps:
        port.zoom_by(factor, (x, y))
        port.pan(x - y, y - x)
    for start, side, room in ((port.left, image[0], view[0]), (port.top, image[1], view[1])):
        length = side * port.zoom
        if length <= room:
            assert start == pytest.approx((room - length) / 2)
        else:
            assert start <= 0
            assert start + length >= room - 1e-6


def test_fit_actual_size_and_steps() -> None:
    port = Viewport(image=(1600, 400), view=(800, 600), margin=0)
    port.fit()
    assert (port.zoom, port.left, port.top) == (0.5, 0, 200)
    port.zoom_by(3)  # stops at 100 %
    assert port.zoom == 1.0
    port.zoom_by(1.25)
    assert port.zoom == 1.25
    port.zoom_to(100)
    assert port.zoom == MAX_ZOOM
    port.fit()
    port.resize((400, 600))
    assert port.zoom == 0.25  # a fitted picture follows
    assert Viewport(image=(10, 10), view=(800, 600)).fit_zoom == 1.0  # never enlarged by itself


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 600)
    QLineEdit(made).setObjectName("prompt")
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    yield made
    made.close()


PICTURES = [
    ViewedPicture("first.png", png(1600, 1000, 1)),
    ViewedPicture("second.jpg", encoded(picture(50, 40, 2), "JPEG")),
    ViewedPicture("gone.png", b"rubbish"),
]


@pytest.fixture
def viewer(theme: Theme, window: QWidget, qtbot: QtBot) -> PictureViewer:
    made = PictureViewer(theme, TextLayers(NoReader()), window)
    made.open_pictures(PICTURES, 0)
    qtbot.waitUntil(lambda: made.canvas.image is not None, timeout=20_000)
    return made


def written(viewer: PictureViewer) -> list[str]:
    return [label.text() for label in viewer.findChildren(QLabel) if label.text()]


def test_it_covers_the_window_and_says_what_it_shows(viewer: PictureViewer, window: QWidget) -> None:
    assert viewer.geometry() == window.rect()
    area = viewer.canvas.size()
    zoom = min((area.width() - 32) / 1600, (area.height() - 32) / 1000)
    assert viewer.canvas.viewport.zoom == pytest.approx(zoom)
    assert written(viewer) == ["first.png", "1 of 3   1600 \u00d7 1000 px", f"{round(zoom * 100)}\u00a0%"]
    window.resize(900, 700)
    assert viewer.geometry() == window.rect()


def test_keys_step_zoom_and_close(viewer: PictureViewer, qtbot: QtBot) -> None:
    press(viewer, Qt.Key.Key_1)
    assert viewer.canvas.viewport.zoom == 1.0
    press(viewer, Qt.Key.Key_Plus)
    assert viewer.canvas.viewport.zoom == 1.25
    press(viewer, Qt.Key.Key_Minus)
    assert viewer.canvas.viewport.zoom == 1.0
    press(viewer, Qt.Key.Key_0)
    assert viewer.canvas.viewport.fitted
    press(viewer, Qt.Key.Key_Left)  # there is none before
    assert viewer.index == 0
    press(viewer, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: "2 of 3   50 \u00d7 40 px" in written(viewer), timeout=20_000)
    assert written(viewer)[-1] == "100\u00a0%"
    press(viewer, Qt.Key.Key_Right)
    sentence = "gone.png is not an image this app can read; save it as PNG or JPEG and use that."
    qtbot.waitUntil(lambda: sentence in written(viewer), timeout=20_000)
    with qtbot.waitSignal(viewer.closed):
        press(viewer, Qt.Key.Key_Escape)
    assert viewer.isHidden()
    assert viewer.canvas.image is None


def test_a_neighbour_that_was_refused_before_it_is_shown_says_so(viewer: PictureViewer) -> None:
    viewer.step(1)  # which asks for the broken one as well
    assert pool().waitForDone(20_000)
    QApplication.processEvents()
    viewer.step(1)
    assert "gone.png is not an image this app can read; save it as PNG or JPEG and use that." in written(viewer)


def test_the_focus_goes_back_to_where_it_was(theme: Theme, window: QWidget) -> None:
    prompt = window.findChild(QLineEdit, "prompt")
    assert isinstance(prompt, QLineEdit)
    prompt.setFocus()
    viewer = PictureViewer(theme, TextLayers(NoReader()), window)
    viewer.open_pictures(PICTURES)
    assert viewer.hasFocus()
    for _ in range(12):
        press(QApplication.focusWidget() or viewer, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert viewer.isAncestorOf(focused)
    viewer.close_viewer()
    assert prompt.hasFocus()


def test_keys_are_claimed_before_shortcuts_of_the_window(viewer: PictureViewer) -> None:
    escape = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    other = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier)
    for event in (escape, other):
        event.ignore()
        QApplication.sendEvent(viewer, event)
    assert (escape.isAccepted(), other.isAccepted()) == (True, False)


def test_the_wheel_zooms_around_the_cursor(viewer: PictureViewer) -> None:
    viewer.canvas.actual_size()
    at = QPointF(300, 200)
    before = viewer.canvas.viewport.to_image(300, 200)
    event = QWheelEvent(
        at, viewer.canvas.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewer.canvas, event)
    assert viewer.canvas.viewport.zoom == 1.25
    assert viewer.canvas.viewport.to_image(300, 200) == pytest.approx(before)


def test_dragging_moves_the_picture(viewer: PictureViewer) -> None:
    canvas = viewer.canvas
    canvas.actual_size()
    start = canvas.viewport.left, canvas.viewport.top
    drag(canvas, QPoint(300, 200), QPoint(280, 230))
    assert (canvas.viewport.left, canvas.viewport.top) == (start[0] - 20, start[1] + 30)
    assert viewer.isVisible()


def test_at_actual_size_the_screen_has_the_pictures_own_pixels(viewer: PictureViewer) -> None:
    viewer.canvas.actual_size()
    shown = viewer.canvas.grab().toImage()
    x, y = (int(value) for value in viewer.canvas.viewport.to_image(100, 100))
    expected = picture(1600, 1000, 1).getpixel(
        (round(100 - viewer.canvas.viewport.left), 100 - round(viewer.canvas.viewport.top))
    )
    assert shown.pixelColor(100, 100).getRgb()[:3] == expected  # type: ignore[index]
    assert (x, y) == (round(100 - viewer.canvas.viewport.left), round(100 - viewer.canvas.viewport.top))


def test_a_click_beside_the_picture_closes(viewer: PictureViewer, qtbot: QtBot) -> None:
    viewer.canvas.fit()
    with qtbot.waitSignal(viewer.closed):
        click(viewer.canvas, QPoint(4, 4))


def test_every_button_has_a_name_without_its_key(viewer: PictureViewer) -> None:
    assert [button.accessibleName() for button in viewer.findChildren(QToolButton)] == [
        "Zoom out", "Zoom in", "Fit to the window", "Actual size, 100 %", "Find text", "Copy all text",
        "Point at it", "Edit", "Copy", "Save as\u2026", "Close", "Previous hit", "Next hit", "Close",
        "Previous picture", "Next picture",
    ]  # fmt: skip


def test_copy_gives_png_bytes_and_an_image(viewer: PictureViewer, qtbot: QtBot) -> None:
    viewer.step(1)
    clipboard = QGuiApplication.clipboard()
    with qtbot.waitSignal(clipboard.dataChanged, timeout=20_000):
        viewer.copy()
    mime = clipboard.mimeData()
    copied = Image.open(io.BytesIO(bytes(mime.data("image/png").data())))
    original = Image.open(io.BytesIO(encoded(picture(50, 40, 2), "JPEG")))
    assert (copied.format, copied.convert("RGB").tobytes()) == ("PNG", original.tobytes())
    assert mime.hasImage()


def test_saving_writes_the_bytes_that_came(qtbot: QtBot, tmp_path: Path) -> None:
    data = encoded(picture(50, 40, 2), "JPEG")
    export = PictureExport()
    with qtbot.waitSignal(export.saved, timeout=20_000) as saved:
        export.save(data, tmp_path / "a.jpg")
    assert saved.args == [str(tmp_path / "a.jpg")]
    assert (tmp_path / "a.jpg").read_bytes() == data
    with qtbot.waitSignal(export.failed, timeout=20_000) as failed:
        export.save(data, tmp_path / "missing" / "a.jpg")
    assert failed.args == ["a.jpg cannot be written (No such file or directory); choose another folder."]


@pytest.mark.parametrize(
    ("name", "start", "expected"),
    [
        ("shot.png", b"\x89PNG", "shot.png"),
        ("photo.jpeg", b"\xff\xd8\xff", "photo.jpeg"),
        ("scan.tiff", b"\x89PNG", "scan.png"),
        ("a/b: c?.pdf, page 3", b"\x89PNG", "a-b- c-.pdf, page 3.png"),
        ("Pasted picture", b"RIFF", "Pasted picture.webp"),
        ("...", b"\x89PNG", "picture.png"),
    ],
)
def test_suggested_names_fit_the_bytes_and_every_file_system(name: str, start: bytes, expected: str) -> None:
    assert suggested_name(name, start) == expected
