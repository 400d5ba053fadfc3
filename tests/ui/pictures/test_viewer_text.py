"""The text of the picture in the viewer, under the mouse and the keyboard: selected, found, copied."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.api.text_layer import Box, Code, Table, TextLayer
from desktop_vlm.images.text_layer.selection import TextRange
from desktop_vlm.ui.pictures.find_bar import FindBar
from desktop_vlm.ui.pictures.viewer import PictureViewer, ViewedPicture
from desktop_vlm.ui.text_layer.layers import TextLayers
from desktop_vlm.ui.text_layer.protocol import Availability
from desktop_vlm.ui.theme import Theme
from tests.images.text_layer.layers import line
from tests.ui.pictures.hands import click, drag, hover, press
from tests.ui.pictures.picture_files import png
from tests.ui.text_layer.fake_reader import FakeReader, layer_of

NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier

SIZE = (600, 400)
TEXT = layer_of(["Hello brave world", "of pixels, hello", "Name Price", "Fig 12"], width=SIZE[0], height=SIZE[1])
"""Ten pixels a character, twenty a line."""

PICTURES = [
    ViewedPicture("text.png", png(*SIZE, 1), "text"),
    ViewedPicture("empty.png", png(60, 40, 2), "empty"),
    ViewedPicture("bad.png", png(60, 40, 3), "bad"),
]


@pytest.fixture
def reader() -> FakeReader:
    made = FakeReader()
    made.layers = {"text": TEXT, "empty": TextLayer(60, 40)}
    made.failures = {"bad": "The reader crashed; try again."}
    return made


@pytest.fixture
def viewer(theme: Theme, reader: FakeReader, qtbot: QtBot) -> Iterator[PictureViewer]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    made = PictureViewer(theme, TextLayers(reader), window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    made.open_pictures(PICTURES)
    qtbot.waitUntil(lambda: made.canvas.image is not None and made.canvas.text.text is not None)
    QGuiApplication.clipboard().clear()
    yield made
    window.close()


def at(viewer: PictureViewer, x: float, y: float) -> QPoint:
    """A place of the picture, in the canvas."""
    port, ratio = viewer.canvas.viewport, viewer.canvas.devicePixelRatioF()
    return QPointF((port.left + x * port.zoom) / ratio, (port.top + y * port.zoom) / ratio).toPoint()


def copied(viewer: PictureViewer) -> str:
    """What Ctrl+C brings into the clipboard, of text."""
    QTest.keyClick(viewer, Qt.Key.Key_C, CTRL)
    return QGuiApplication.clipboard().text()


def find_bar(viewer: PictureViewer) -> FindBar:
    (bar,) = viewer.findChildren(FindBar)
    return bar


def search(viewer: PictureViewer, qtbot: QtBot, text: str, said: str) -> FindBar:
    QTest.keyClick(viewer, Qt.Key.Key_F, CTRL)
    bar = find_bar(viewer)
    QTest.keyClicks(bar.field, text)
    qtbot.waitUntil(lambda: bar.said == said)
    return bar


def selected(viewer: PictureViewer) -> str:
    found = viewer.canvas.text.copied()
    return found.text if found else ""


@pytest.mark.parametrize("zoom", [1.0, 2.0])
def test_a_drag_over_words_selects_them_and_ctrl_c_copies(viewer: PictureViewer, zoom: float) -> None:
    viewer.canvas.viewport.zoom_to(zoom, (0, 0))
    left = viewer.canvas.viewport.left
    drag(viewer.canvas, at(viewer, 61, 10), at(viewer, 88, 30))
    assert copied(viewer) == "brave world\nof pixels"
    assert viewer.canvas.viewport.left == left  # and the picture stays


def test_a_drag_where_there_is_no_text_moves_the_picture(viewer: PictureViewer) -> None:
    viewer.canvas.viewport.zoom_to(4.0, (0, 0))
    start = viewer.canvas.viewport.top
    drag(viewer.canvas, QPoint(400, 420), QPoint(400, 400))
    assert viewer.canvas.viewport.top == start - 20
    assert viewer.canvas.text.selection is None


def test_clicks_take_a_word_a_line_and_nothing(viewer: PictureViewer) -> None:
    canvas, place = viewer.canvas, at(viewer, 85, 30)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, NONE, place)
    assert selected(viewer) == ""
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, NONE, place)
    assert selected(viewer) == "pixels"
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, NONE, place)
    assert selected(viewer) == "of pixels, hello"
    click(canvas, at(viewer, 300, 300))
    assert viewer.canvas.text.selection is None
    assert viewer.isVisible()


def test_a_double_click_beside_text_still_zooms(viewer: PictureViewer) -> None:
    viewer.canvas.viewport.zoom_to(2.0)
    QTest.mouseDClick(viewer.canvas, Qt.MouseButton.LeftButton, NONE, at(viewer, 300, 200))
    assert viewer.canvas.viewport.fitted


def test_a_double_click_that_goes_on_as_a_drag_takes_whole_words(viewer: PictureViewer) -> None:
    canvas, place = viewer.canvas, at(viewer, 75, 10)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, NONE, place)
    second = QMouseEvent(
        QEvent.Type.MouseButtonDblClick, QPointF(place), canvas.mapToGlobal(QPointF(place)),
        Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton, NONE,
    )  # fmt: skip
    QApplication.sendEvent(canvas, second)
    QTest.mouseMove(canvas, at(viewer, 55, 30))
    assert selected(viewer) == "brave world\nof pixels"
    QTest.mouseMove(canvas, at(viewer, 15, 10))
    assert selected(viewer) == "Hello brave"
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, NONE, at(viewer, 15, 10))


def test_shift_and_a_click_extend_from_where_the_selection_began(viewer: PictureViewer) -> None:
    drag(viewer.canvas, at(viewer, 61, 10), at(viewer, 108, 10))
    QTest.mouseClick(viewer.canvas, Qt.MouseButton.LeftButton, SHIFT, at(viewer, 21, 30))
    assert selected(viewer) == "brave world\nof"
    QTest.mouseClick(viewer.canvas, Qt.MouseButton.LeftButton, SHIFT, at(viewer, 1, 10))
    assert selected(viewer) == "Hello "


def test_ctrl_a_takes_everything_and_shift_with_arrows_changes_it(viewer: PictureViewer) -> None:
    QTest.keyClick(viewer, Qt.Key.Key_A, CTRL)
    assert copied(viewer) == "Hello brave world\nof pixels, hello\nName Price\nFig 12"
    QTest.keyClick(viewer, Qt.Key.Key_Left, CTRL | SHIFT)
    QTest.keyClick(viewer, Qt.Key.Key_Left, SHIFT)
    assert selected(viewer) == "Hello brave world\nof pixels, hello\nName Price\nFig"
    QTest.keyClick(viewer, Qt.Key.Key_Up, SHIFT)
    assert selected(viewer) == "Hello brave world\nof pixels, hello\nNam"
    assert viewer.index == 0


@pytest.mark.parametrize("modifier", [ALT, CTRL])
def test_a_rectangle_copies_rows_and_columns(viewer: PictureViewer, modifier: Qt.KeyboardModifier) -> None:
    canvas = viewer.canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, modifier, at(viewer, 45, 35 + 20))
    QTest.mouseMove(canvas, at(viewer, 120, 35))
    QTest.mouseMove(canvas, at(viewer, 120, 5))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, modifier, at(viewer, 120, 5))
    assert copied(viewer) == "brave\npixels,\nPrice"


def test_cells_of_a_table_go_to_spreadsheets(viewer: PictureViewer, reader: FakeReader, qtbot: QtBot) -> None:
    places = ((0, 0, "Name"), (200, 0, "Price"), (0, 40, "Fig"), (200, 40, "12"))
    lines = tuple(line(text, x, y, size=20) for x, y, text in places)
    rows = (((0,), (1,)), ((2,), (3,)))
    reader.layers["table"] = TextLayer(*SIZE, lines, (0,), (Table(0, 3, rows),))
    viewer.open_pictures([ViewedPicture("table.png", png(*SIZE, 4), "table")])
    qtbot.waitUntil(lambda: viewer.canvas.image is not None and viewer.canvas.text.text is not None)

    drag(viewer.canvas, at(viewer, 100, 10), at(viewer, 210, 50))  # it begins between the cells

    assert copied(viewer) == "Name\tPrice\nFig\t12"
    table = QGuiApplication.clipboard().mimeData().html()
    assert table == "<table><tr><td>Name</td><td>Price</td></tr><tr><td>Fig</td><td>12</td></tr></table>"


def test_the_cursor_says_where_text_is(viewer: PictureViewer) -> None:
    hover(viewer.canvas, at(viewer, 25, 10))
    assert viewer.canvas.cursor().shape() == Qt.CursorShape.IBeamCursor
    hover(viewer.canvas, at(viewer, 300, 300))
    assert viewer.canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    viewer.canvas.viewport.zoom_to(4.0, (0, 0))
    hover(viewer.canvas, QPoint(700, 500))
    assert viewer.canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor


def test_without_a_selection_ctrl_c_copies_the_picture(viewer: PictureViewer, qtbot: QtBot) -> None:
    with qtbot.waitSignal(QGuiApplication.clipboard().dataChanged):
        QTest.keyClick(viewer, Qt.Key.Key_C, CTRL)
    mime = QGuiApplication.clipboard().mimeData()
    assert (mime.hasImage(), mime.hasText()) == (True, False)


def test_searching_steps_through_the_hits_and_esc_closes_only_the_bar(viewer: PictureViewer, qtbot: QtBot) -> None:
    bar = search(viewer, qtbot, "hello", "1 of 2")
    press(bar.field, Qt.Key.Key_Return)
    assert bar.said == "2 of 2"
    press(bar.field, Qt.Key.Key_F3)
    assert bar.said == "1 of 2"
    QTest.keyClick(bar.field, Qt.Key.Key_Return, SHIFT)
    assert bar.said == "2 of 2"

    press(bar.field, Qt.Key.Key_Escape)

    assert viewer.isVisible()
    assert not bar.isVisible()
    assert viewer.hasFocus()
    assert copied(viewer) == "hello"  # the hit is selected
    press(viewer, Qt.Key.Key_Escape)
    assert not viewer.isVisible()


def test_what_is_not_there_is_not_found(viewer: PictureViewer, qtbot: QtBot) -> None:
    bar = search(viewer, qtbot, "zebra", "Not found")
    bar.field.clear()
    assert bar.said == ""
    assert [button.isEnabled() for button in bar.findChildren(QToolButton)] == [False, False, True]


def test_a_selected_word_is_what_is_searched_and_the_search_goes_along_to_the_next_picture(
    viewer: PictureViewer, reader: FakeReader, qtbot: QtBot
) -> None:
    reader.layers["empty"] = layer_of(["brave"], width=60, height=40)
    QTest.mouseDClick(viewer.canvas, Qt.MouseButton.LeftButton, NONE, at(viewer, 75, 10))
    bar = search(viewer, qtbot, "", "1 of 1")
    assert bar.field.text() == "brave"
    viewer.step(1)
    qtbot.waitUntil(lambda: viewer.canvas.text.text is not None and bar.said == "1 of 1")


def test_a_hit_outside_of_what_is_seen_is_shown(viewer: PictureViewer, qtbot: QtBot) -> None:
    viewer.canvas.viewport.zoom_to(8.0, (0, 0))
    viewer.canvas.pan(-10_000, -10_000)
    search(viewer, qtbot, "fig", "1 of 1")
    assert viewer.canvas.rect().contains(at(viewer, 15, 70))


def pixel(viewer: PictureViewer, x: float, y: float) -> QColor:
    shown: QImage = viewer.canvas.grab().toImage()
    return shown.pixelColor(at(viewer, x, y))


def test_selected_and_found_text_is_lit_up(viewer: PictureViewer, qtbot: QtBot) -> None:
    plain = [pixel(viewer, x, 10).getRgb() for x in (25, 75, 155)]
    drag(viewer.canvas, at(viewer, 61, 10), at(viewer, 109, 10))
    lit = [pixel(viewer, x, 10).getRgb() for x in (25, 75, 155)]
    assert [a == b for a, b in zip(plain, lit, strict=True)] == [True, False, True]
    search(viewer, qtbot, "", "1 of 1")
    bar = find_bar(viewer)
    bar.field.setText("hello")
    qtbot.waitUntil(lambda: bar.said == "1 of 2")
    assert pixel(viewer, 25, 10).red() > pixel(viewer, 25, 10).blue()


def test_the_menu_offers_text_and_picture(viewer: PictureViewer) -> None:
    menu = viewer.make_menu()
    assert [action.text() for action in menu.actions()][:3] == ["Copy text", "Copy all text", "Find\u2026"]
    assert not menu.actions()[0].isEnabled()
    assert {"Copy picture", "Save as\u2026"} <= {action.text() for action in menu.actions()}
    menu.actions()[1].trigger()
    assert QGuiApplication.clipboard().text() == "Hello brave world\nof pixels, hello\nName Price\nFig 12"


def test_the_right_button_takes_the_word_that_it_is_pressed_on(viewer: PictureViewer) -> None:
    menu = viewer.make_menu(at(viewer, 75, 10))
    menu.actions()[0].trigger()
    assert QGuiApplication.clipboard().text() == "brave"
    drag(viewer.canvas, at(viewer, 1, 10), at(viewer, 109, 10))
    viewer.make_menu(at(viewer, 75, 10)).actions()[0].trigger()
    assert QGuiApplication.clipboard().text() == "Hello brave"


def test_what_a_code_holds_is_copied_and_never_opened(viewer: PictureViewer, reader: FakeReader, qtbot: QtBot) -> None:
    code = Code("QR Code", "https://example.org/?a&b", Box(10, 10, 40, 30))
    reader.layers["code"] = TextLayer(60, 40, codes=(code,))
    viewer.open_pictures([ViewedPicture("code.png", png(60, 40, 4), "code")])
    qtbot.waitUntil(lambda: viewer.canvas.image is not None and viewer.canvas.text.text is not None)
    first = viewer.make_menu(at(viewer, 20, 20)).actions()[0]
    assert first.text() == "Copy \u201chttps://example.org/?a&&b\u201d"
    first.trigger()
    assert QGuiApplication.clipboard().text() == "https://example.org/?a&b"
    QGuiApplication.clipboard().clear()
    viewer.text.copy_all()
    assert QGuiApplication.clipboard().text() == "https://example.org/?a&b"


def test_only_the_picture_that_is_looked_at_is_read(viewer: PictureViewer, reader: FakeReader, qtbot: QtBot) -> None:
    viewer.step(1)
    viewer.step(1)
    qtbot.waitUntil(lambda: reader.requested == ["text", "bad"])


def test_a_failure_is_said_where_text_was_asked_for(viewer: PictureViewer, reader: FakeReader, qtbot: QtBot) -> None:
    sentences: list[str] = []
    viewer.failed.connect(sentences.append)
    viewer.step(2)
    qtbot.waitUntil(lambda: "bad" in reader.requested and not viewer.text.is_reading)
    qtbot.wait(1)
    assert sentences == []
    for ask in (viewer.text.open_bar, viewer.text.copy_all, viewer.text.select_all):
        ask()
        qtbot.waitUntil(lambda: len(sentences) == 1)
        assert sentences.pop() == "The reader crashed; try again."
    assert not find_bar(viewer).isVisible()
    asked = reader.requested.count("bad")
    viewer.step(-1)
    viewer.step(1)
    qtbot.wait(150)
    assert reader.requested.count("bad") == asked  # not again by itself


def test_while_it_is_read_the_viewer_says_so_and_then_does_what_was_asked(
    viewer: PictureViewer, reader: FakeReader, qtbot: QtBot
) -> None:
    viewer.open_pictures([ViewedPicture("slow.png", png(60, 40, 5), "slow")])
    qtbot.waitUntil(lambda: viewer.text.is_reading)
    viewer.text.copy_all()
    bar = search(viewer, qtbot, "late", "Reading text\u2026")
    reader.layers["slow"] = layer_of(["too late"])
    reader.answer("slow")
    qtbot.waitUntil(lambda: bar.said == "1 of 1")
    assert QGuiApplication.clipboard().text() == ""  # the later request counts
    assert not viewer.text.is_reading


@pytest.mark.parametrize("availability", [Availability.MISSING, Availability.OFF])
def test_where_nothing_is_read_nothing_is_said_until_somebody_asks(
    viewer: PictureViewer, reader: FakeReader, qtbot: QtBot, availability: Availability
) -> None:
    sentences: list[str] = []
    viewer.failed.connect(sentences.append)
    reader.failures["new"] = "Install it."
    reader.set_availability(availability)
    viewer.open_pictures([ViewedPicture("new.png", png(60, 40, 6), "new")])
    qtbot.wait(150)
    assert "new" not in reader.requested
    QTest.keyClick(viewer, Qt.Key.Key_F, CTRL)
    qtbot.waitUntil(lambda: sentences == ["Install it."])
    assert not find_bar(viewer).isVisible()


def test_screen_readers_get_the_text(viewer: PictureViewer) -> None:
    assert viewer.canvas.accessibleDescription() == "Hello brave world\nof pixels, hello\nName Price\nFig 12"


def test_beyond_the_edge_the_picture_goes_on_moving(viewer: PictureViewer, qtbot: QtBot) -> None:
    canvas = viewer.canvas
    canvas.viewport.zoom_to(16.0, (0, 0))
    canvas.pan(100_000, 100_000)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, NONE, at(viewer, 1, 10))
    QTest.mouseMove(canvas, QPoint(100, canvas.height() + 30))
    top = canvas.viewport.top
    qtbot.waitUntil(lambda: canvas.viewport.top < top)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, NONE, QPoint(100, canvas.height() + 30))
    assert isinstance(canvas.text.selection, TextRange)
    rest = canvas.viewport.top
    qtbot.wait(70)
    assert canvas.viewport.top == rest
