"""Thumbnails, the switch and the drop overlay, by keyboard and by pointer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QCursor, QGuiApplication, QImage, QMouseEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.pictures.menu import PICTURE_ENTRIES
from desktop_vlm.ui.pictures.sources import can_read, refusal
from desktop_vlm.ui.pictures.thumbnail import Thumbnail
from desktop_vlm.ui.pictures.thumbnails import AT_ONCE, PictureItem, ThumbnailStrip
from desktop_vlm.ui.pictures.wording import page_label, page_name
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.drop_overlay import DropOverlay
from desktop_vlm.ui.widgets.toggle import Toggle
from desktop_vlm.ui.widgets.turn import Turn
from tests.ui.pictures.hands import click, press

LABELS = [entry.label for entry in PICTURE_ENTRIES]


def solid(width: int, height: int, color: str) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    return image


ITEMS = [
    PictureItem("red.png", solid(640, 480, "#ff0000"), "1", 640, 480),
    PictureItem("green.png", solid(300, 300, "#00ff00"), None, 300, 300, included=False),
    PictureItem("later.png"),
]


Host = Callable[[QWidget, int, int], None]


@pytest.fixture
def host(qtbot: QtBot) -> Iterator[Host]:
    """Shows a widget at a size inside a window, which has no limits that the invisible screen would complain of."""
    windows: list[QWidget] = []

    def put(widget: QWidget, width: int, height: int) -> None:
        window = QWidget()
        qtbot.addWidget(window)
        windows.append(window)
        window.resize(width, height)
        # The pointer begins at the corner where windows open, and what is under it looks different.
        QCursor.setPos(QGuiApplication.primaryScreen().geometry().bottomRight())
        widget.setParent(window)
        widget.setGeometry(0, 0, width, height)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()

    yield put
    for window in windows:
        window.close()


@pytest.fixture
def strip(theme: Theme, host: Host) -> ThumbnailStrip:
    made = ThumbnailStrip(theme, 72, removable=True)
    made.set_pictures(ITEMS)
    host(made, 400, 100)
    return made


def names(widget: QWidget) -> list[str]:
    return [button.accessibleName() for button in widget.findChildren(QAbstractButton)]


def test_every_control_has_a_name(strip: ThumbnailStrip) -> None:
    assert strip.accessibleName() == "Pictures"
    assert sorted(names(strip)) == [
        "Clear all pictures",
        "Picture 1: red.png, 640 \u00d7 480",
        "Picture 2: green.png, 300 \u00d7 300, left out",
        "Picture 3: later.png",
        "Remove picture 1",
        "Remove picture 2",
        "Remove picture 3",
    ]


def test_arrows_move_enter_opens_delete_removes(strip: ThumbnailStrip) -> None:
    opened: list[int] = []
    removed: list[int] = []
    strip.opened.connect(opened.append)
    strip.removed.connect(removed.append)
    strip.thumbnail(0).setFocus()

    press(QApplication.focusWidget() or strip, Qt.Key.Key_Return)
    press(QApplication.focusWidget() or strip, Qt.Key.Key_Right)
    press(QApplication.focusWidget() or strip, Qt.Key.Key_Space)
    press(QApplication.focusWidget() or strip, Qt.Key.Key_End)
    press(QApplication.focusWidget() or strip, Qt.Key.Key_Right)  # stays at the end
    press(QApplication.focusWidget() or strip, Qt.Key.Key_Delete)
    press(QApplication.focusWidget() or strip, Qt.Key.Key_Left)
    press(QApplication.focusWidget() or strip, Qt.Key.Key_Backspace)
    press(QApplication.focusWidget() or strip, Qt.Key.Key_Home)
    press(QApplication.focusWidget() or strip, Qt.Key.Key_Enter)
    assert opened == [0, 1, 0]
    assert removed == [2, 1]


def test_tab_stops_once(strip: ThumbnailStrip) -> None:
    strip.thumbnail(0).setFocus()
    policies = [strip.thumbnail(i).focusPolicy() for i in range(3)]
    assert policies == [Qt.FocusPolicy.StrongFocus, Qt.FocusPolicy.ClickFocus, Qt.FocusPolicy.ClickFocus]


def test_focus_stays_when_pictures_go(strip: ThumbnailStrip) -> None:
    strip.thumbnail(0).setFocus()
    strip.set_pictures(ITEMS[:1])
    assert strip.thumbnail(0).hasFocus()
    assert [item.name for item in strip.pictures] == ["red.png"]


def test_lines_wrap_and_down_goes_to_the_picture_below(theme: Theme, host: Host) -> None:
    strip = ThumbnailStrip(theme, 72)
    strip.set_pictures([PictureItem(f"{i}.png") for i in range(7)])
    host(strip, 250, 400)  # three of 78 + 2
    places = [strip.thumbnail(i).pos().toTuple() for i in range(7)]
    assert places == [(0, 0), (80, 0), (160, 0), (0, 80), (80, 80), (160, 80), (0, 160)]
    assert strip.heightForWidth(250) == 238
    strip.thumbnail(1).setFocus()
    press(strip.thumbnail(1), Qt.Key.Key_Down)
    assert strip.thumbnail(4).hasFocus()
    press(strip.thumbnail(4), Qt.Key.Key_Up)
    assert strip.thumbnail(1).hasFocus()


def test_in_messages_pictures_keep_their_shape_and_sit_at_the_right(theme: Theme, host: Host) -> None:
    strip = ThumbnailStrip(theme, 180, align_right=True)
    strip.set_pictures([PictureItem("wide.png", None, None, 1600, 900), PictureItem("tall.png", None, None, 900, 3000)])
    host(strip, 700, 200)
    widths = [strip.thumbnail(i).width() - 6 for i in range(2)]
    assert widths == [320, 54]
    assert strip.thumbnail(1).geometry().right() + 1 == 700


def test_the_button_in_the_corner_removes_and_shows_only_where_it_is_needed(strip: ThumbnailStrip) -> None:
    removed: list[int] = []
    strip.removed.connect(removed.append)
    strip.thumbnail(1).setFocus()
    buttons = {b.accessibleName(): b for b in strip.findChildren(QAbstractButton) if b.isVisible()}
    assert {name for name in buttons if "Remove" in name} == {"Remove picture 2"}
    click(buttons["Remove picture 2"])
    assert removed == [1]


def test_the_menu_only_asks(strip: ThumbnailStrip) -> None:
    asked: list[tuple[object, ...]] = []
    strip.entry_chosen.connect(lambda i, entry: asked.append((entry, i)))
    strip.opened.connect(lambda i: asked.append(("open", i)))
    strip.removed.connect(lambda i: asked.append(("remove", i)))
    menu = strip.make_menu(1)
    strip.moved.connect(lambda i, to: asked.append(("move", i, to)))
    strip.cleared.connect(lambda: asked.append(("clear",)))
    strip.inclusion_asked.connect(lambda i, on: asked.append(("show", i, on)))
    moves = ["Show to the model", "Move before", "Move behind"]  # it is left out
    entries = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert entries == ["Open", *LABELS, *moves, "Remove", "Clear all"]
    lines = [number for number, action in enumerate(menu.actions()) if action.isSeparator()]
    assert [menu.actions()[number + 1].text() for number in lines] == ["Copy text", LABELS[3], moves[0], "Remove"]
    for action in menu.actions():
        action.trigger()
    of_pictures = [(entry.id, 1) for entry in PICTURE_ENTRIES]
    assert asked == [
        ("open", 1),
        *of_pictures,
        ("show", 1, True),
        ("move", 1, 0),
        ("move", 1, 2),
        ("remove", 1),
        ("clear",),
    ]
    assert "Clear all" not in [action.text() for action in single(strip).make_menu(0).actions()]


def single(strip: ThumbnailStrip) -> ThumbnailStrip:
    """The same with one picture, which has no neighbours and no others to go with it."""
    strip.set_pictures(ITEMS[:1])
    assert not [b for b in strip.findChildren(QAbstractButton) if b.isVisible() and "Clear" in b.accessibleName()]
    return strip


def drag(strip: ThumbnailStrip, index: int, to: QPoint) -> None:
    """Drag a picture to a point of the strip, in steps as a hand does."""
    picture = strip.thumbnail(index)
    start, end = picture.rect().center(), picture.mapFrom(strip, to)
    QTest.mousePress(picture, Qt.MouseButton.LeftButton, pos=start)
    for part in (0.3, 0.6, 1.0):
        step = start + (end - start) * part
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(step),
            QPointF(picture.mapToGlobal(step)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(picture, event)
    QTest.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=end)


def test_pictures_are_dragged_into_another_order(strip: ThumbnailStrip) -> None:
    moved: list[tuple[int, int]] = []
    opened: list[int] = []
    strip.moved.connect(lambda i, to: moved.append((i, to)))
    strip.opened.connect(opened.append)
    last = strip.thumbnail(2).geometry()
    drag(strip, 0, last.center() + QPoint(10, 0))  # behind the last
    drag(strip, 2, strip.thumbnail(0).geometry().center() - QPoint(10, 0))  # before the first
    drag(strip, 0, strip.thumbnail(1).geometry().center() - QPoint(10, 0))  # where it is
    assert moved == [(0, 2), (2, 0)]
    assert opened == []
    assert not [
        mark for mark in strip.findChildren(QFrame) if mark.property("kind") == "drop-mark" and mark.isVisible()
    ]


def test_pictures_are_moved_by_keys_and_the_focus_goes_with_them(strip: ThumbnailStrip) -> None:
    moved: list[tuple[int, int]] = []
    strip.moved.connect(lambda i, to: moved.append((i, to)))
    strip.thumbnail(0).setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key, Qt.KeyboardModifier.ControlModifier)
    assert moved == [(0, 1), (1, 2), (2, 1)]
    assert strip.thumbnail(1).hasFocus()
    strip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    QTest.keyClick(strip.thumbnail(1), Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert moved[-1] == (1, 2)


@pytest.mark.parametrize("size", [(900, 300), (300, 900), (1200, 100), (100, 1200), (20, 20)])
def test_all_of_a_picture_is_shown(theme: Theme, host: Host, size: tuple[int, int]) -> None:
    """Its four corners are, whatever its shape."""
    image = solid(*size, "#0000ff")
    for x, y in ((0, 0), (1, 0), (0, 1), (1, 1)):
        w, h = max(1, size[0] // 4), max(1, size[1] // 4)
        left, top = x * (size[0] - w), y * (size[1] - h)
        for i in range(w):
            for j in range(h):
                image.setPixelColor(left + i, top + j, QColor("#ff0000"))
    strip = ThumbnailStrip(theme, 72, removable=True)
    strip.set_pictures([PictureItem("a.png", image, None, *size)])
    host(strip, 400, 100)
    shown = strip.thumbnail(0).grab().toImage()
    red = [
        (x, y)
        for y in range(shown.height())
        for x in range(shown.width())
        if (color := shown.pixelColor(x, y)).red() > 200 and color.blue() < 60 and color.green() < 60
    ]
    middle = shown.width() / 2, shown.height() / 2
    quarters = {(x > middle[0], y > middle[1]) for x, y in red}
    assert quarters == {(False, False), (True, False), (False, True), (True, True)}


@pytest.mark.parametrize(
    ("name", "label"),
    [("report.pdf, page 12", "p. 12"), ("cat.gif, frame 3", "#3"), ("scan, page 2.png", ""), ("a (b), page 1", "p. 1")],
)
def test_a_page_is_named_on_its_thumbnail(name: str, label: str) -> None:
    assert PictureItem(name).page == label
    assert page_label(page_name("x{0}[", 7)) == "p. 7"


def test_what_was_asked_can_be_left_out_and_shown_again(theme: Theme, qtbot: QtBot) -> None:
    sent = ThumbnailStrip(theme, 120)
    qtbot.addWidget(sent)
    sent.set_pictures([PictureItem("a.png"), PictureItem("b.png", included=False)])
    asked: list[tuple[int, bool]] = []
    sent.inclusion_asked.connect(lambda i, on: asked.append((i, on)))
    for index, label in ((0, "Leave out for the model"), (1, "Show to the model")):
        last = sent.make_menu(index).actions()[-1]
        assert last.text() == label
        last.trigger()
    assert asked == [(0, False), (1, True)]


def test_what_is_painted(strip: ThumbnailStrip) -> None:
    """The picture fills its thumbnail; one that is left out is dimmed; corners are round."""
    image = strip.grab().toImage()

    def color(index: int, x: int, y: int) -> tuple[int, int, int]:
        at = strip.thumbnail(index).mapTo(strip, QPoint(x, y))
        found = image.pixelColor(at)
        return found.red(), found.green(), found.blue()

    assert color(0, 40, 20) == (255, 0, 0)
    assert color(0, 4, 4) != (255, 0, 0)
    dimmed = color(1, 14, 14)
    assert dimmed[1] == 255
    assert dimmed[0] > 120


def test_a_huge_image_is_scaled_elsewhere_and_then_shown(theme: Theme, qtbot: QtBot, host: Host) -> None:
    strip = ThumbnailStrip(theme, 72)
    strip.set_pictures([("huge.png", solid(4000, 3000, "#0000ff"), None)])
    host(strip, 200, 100)

    def middle() -> str:
        thumbnail = strip.thumbnail(0)
        return thumbnail.grab().toImage().pixelColor(thumbnail.rect().center()).name()

    assert middle() != "#0000ff"
    qtbot.waitUntil(lambda: middle() == "#0000ff", timeout=20_000)


def test_the_switch(theme: Theme, qtbot: QtBot) -> None:
    toggle = Toggle(theme, "Show it")
    qtbot.addWidget(toggle)
    states: list[bool] = []
    toggle.toggled.connect(states.append)
    toggle.show()
    press(toggle, Qt.Key.Key_Space)
    press(toggle, Qt.Key.Key_Return)
    click(toggle)
    assert states == [True, False, True]
    assert toggle.accessibleName() == "Show it"
    qtbot.waitUntil(lambda: toggle.property("on") == 1.0)


def test_the_drop_overlay_invites_or_refuses_and_lets_events_through(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(500, 400)
    window.show()
    overlay = DropOverlay(theme, window, lambda mime: "" if can_read(mime) else refusal(mime))
    assert overlay.isHidden()
    welcome, wrong = QMimeData(), QMimeData()
    welcome.setUrls([QUrl("file:///tmp/a.png")])
    wrong.setUrls([QUrl("https://example.org/a.png")])
    assert overlay.offer(welcome)
    assert (overlay.sentence, overlay.isVisible()) == ("Drop pictures or PDFs here", True)
    assert overlay.geometry() == window.rect()
    assert window.childAt(250, 200) is None
    window.resize(600, 300)
    assert overlay.geometry() == window.rect()
    assert not overlay.offer(wrong)
    assert overlay.sentence.startswith("This is only a link to a picture")
    overlay.dismiss()
    assert overlay.isHidden()


def test_of_very_many_those_behind_the_first_are_painted_as_there_is_time(
    theme: Theme, host: Host, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Thumbnail] = []
    draw = Thumbnail._draw_look

    def spy(self: Thumbnail, ratio: float) -> QPixmap:
        drawn.append(self)
        return draw(self, ratio)

    monkeypatch.setattr(Thumbnail, "_draw_look", spy)
    made = ThumbnailStrip(theme, 72)
    made.set_pictures([PictureItem(f"{number}.png", None, None, 100, 100) for number in range(AT_ONCE + 6)])
    host(made, 400, 1200)
    qtbot.waitUntil(lambda: len(set(drawn)) == AT_ONCE + 6)
    monkeypatch.setattr(Turn, "has_time", lambda: False)
    drawn.clear()
    for thumbnail in made._thumbnails:
        thumbnail.update()
    made.grab()
    assert drawn == made._thumbnails[:AT_ONCE]
    drawn.clear()
    theme.changed.emit()  # no more than outlines: all of them can wait
    made.grab()
    assert drawn == []
    monkeypatch.setattr(Turn, "has_time", lambda: True)
    qtbot.waitUntil(lambda: set(drawn) == set(made._thumbnails))


def test_very_many_come_a_few_at_a_time_each_in_its_room(
    theme: Theme, host: Host, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Turn, "has_time", lambda: False)
    made = ThumbnailStrip(theme, 72, removable=True)
    items = [PictureItem(f"{number}.png", None, None, 100 + 20 * (number % 5), 100) for number in range(60)]
    made.set_pictures(items)
    host(made, 400, 1200)
    there = made.findChildren(Thumbnail)
    assert len(there) == 8
    assert made.pictures == items
    height = made.heightForWidth(400)
    names = [one.text() for one in made.make_menu(40).actions()]  # of one that is not made yet
    assert ("Move before" in names, "Move behind" in names, "Clear all" in names) == (True, True, True)
    later = PictureItem("later.png", None, None, 100, 100)
    made.set_picture(50, later)
    assert made.thumbnail(30).item == items[30]  # whoever wants one gets it
    assert len(made.findChildren(Thumbnail)) == 31
    monkeypatch.undo()
    qtbot.waitUntil(lambda: len(made.findChildren(Thumbnail)) == 60)
    assert [thumbnail.item.name for thumbnail in made._thumbnails] == [one.name for one in made.pictures]
    assert made.pictures == [*items[:50], later, *items[51:]]
    assert made.findChildren(Thumbnail)[:8] == there
    assert made.heightForWidth(400) == height
    qtbot.waitUntil(lambda: made._thumbnails[-1].y() > made._thumbnails[0].y())
    places = [(thumbnail.y(), thumbnail.x()) for thumbnail in made._thumbnails]
    assert places == sorted(places)
    made.set_pictures(items[:2])
    assert made.pictures == items[:2]
    assert made.heightForWidth(400) == made._thumbnails[0].height()
