"""Arithmetic of regions and scales, the choice of a way, and a service whose way is the test's own."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import cast

import pytest
from PIL import Image
from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QCursor, QGuiApplication, QImage, QPainter, QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.desktop.capture import CaptureMode, CaptureService
from desktop_vlm.ui.desktop.capture.backend import Outcome
from desktop_vlm.ui.desktop.capture.backend_qt import OverlayBackend
from desktop_vlm.ui.desktop.capture.backends import BackendKind
from desktop_vlm.ui.desktop.capture.frozen import FrozenScreen, cut_apart
from desktop_vlm.ui.desktop.capture.hints import HintBar
from desktop_vlm.ui.desktop.capture.picker import LastRegions
from desktop_vlm.ui.desktop.session import Session
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.grips import Grip, dragged, grip_at, grown, moved, spanned

BOUNDS = QRect(0, 0, 100, 80)


def test_both_corner_pixels_belong_to_a_region() -> None:
    assert spanned(QPoint(30, 40), QPoint(10, 20), BOUNDS) == QRect(10, 20, 21, 21)
    assert spanned(QPoint(5, 5), QPoint(5, 5), BOUNDS) == QRect(5, 5, 1, 1)


def test_moving_stops_at_the_screens_edge_and_keeps_the_size() -> None:
    rect = QRect(10, 20, 30, 40)
    assert moved(rect, QPoint(-15, 5), BOUNDS) == QRect(0, 25, 30, 40)
    assert moved(rect, QPoint(500, 500), BOUNDS) == QRect(70, 40, 30, 40)


def test_resizing_leaves_a_pixel_at_least_and_stays_on_the_screen() -> None:
    rect = QRect(10, 20, 3, 3)
    assert grown(rect, QPoint(-10, -1), BOUNDS) == QRect(10, 20, 1, 2)
    assert grown(rect, QPoint(500, 10), BOUNDS) == QRect(10, 20, 90, 13)


def test_an_edge_dragged_past_the_opposite_one_turns_the_region_over() -> None:
    rect = QRect(10, 20, 30, 40)
    assert dragged(rect, Grip.LEFT, QPoint(40, 7), BOUNDS) == QRect(39, 20, 12, 40)
    assert dragged(rect, Grip.BOTTOM_RIGHT, QPoint(5, -3), BOUNDS) == QRect(10, 20, 35, 37)
    assert dragged(rect, Grip.TOP_LEFT, QPoint(-99, -2), BOUNDS) == QRect(0, 18, 40, 42)


@pytest.mark.parametrize(
    ("at", "grip"),
    [
        ((100, 100), Grip.TOP_LEFT),
        ((304, 196), Grip.BOTTOM_RIGHT),
        ((200, 94), Grip.TOP),
        ((296, 150), Grip.RIGHT),
        ((200, 150), Grip.INSIDE),
        ((90, 150), None),
    ],
)
def test_handles_are_found_by_their_surroundings(at: tuple[int, int], grip: Grip | None) -> None:
    assert grip_at(QRectF(100, 100, 200, 100), QPointF(*at), 8) is grip


def test_the_middle_of_a_tiny_region_moves_it() -> None:
    assert grip_at(QRectF(100, 100, 10, 10), QPointF(105, 105), 8) is Grip.INSIDE


def frozen(size: tuple[int, int], shown: tuple[int, int], ratio: float) -> FrozenScreen:
    image = QImage(*size, QImage.Format.Format_RGB32)
    return FrozenScreen(QGuiApplication.primaryScreen(), "made up", QRect(1000, 50, *shown), image, ratio)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("width", "ratio"), [(1366, 1.5), (1920, 1.25), (2560, 1.75), (3840, 2.0), (1280, 1.0), (5120, 3.0)]
)
def test_every_pixel_of_a_scaled_screen_is_reached(width: int, ratio: float) -> None:
    """Qt gives the pointer as a real position divided by the ratio, and rounds the screen's size."""
    screen = frozen((width, 100), (round(width / ratio), round(100 / ratio)), ratio)
    assert [screen.pixel(QPointF(x / ratio, 0)).x() for x in range(width)] == list(range(width))
    assert [screen.pixel(screen.point(QPoint(x, 0))).x() for x in range(width)] == list(range(width))


@pytest.mark.usefixtures("qapp")
def test_a_wrong_ratio_is_not_believed() -> None:
    screen = frozen((2560, 1600), (1280, 800), 1.0)
    assert screen.scale == 2.0
    assert screen.pixel(QPointF(640.5, 399.5)) == QPoint(1281, 799)
    assert screen.shown(QRect(100, 50, 20, 10)) == QRectF(50, 25, 10, 5)


@pytest.mark.usefixtures("qapp")
@dataclass(frozen=True)
class Monitor:
    """What is asked of a QScreen."""

    place: QRect
    ratio: float

    def geometry(self) -> QRect:
        return self.place

    def devicePixelRatio(self) -> float:
        return self.ratio

    def name(self) -> str:
        return "made up"


def test_a_picture_of_all_screens_is_cut_apart() -> None:
    """Two monitors, one of 150 %, which Qt takes for 200 % there; the picture has the scale of the finer one."""
    left, right = Monitor(QRect(-40, 0, 40, 20), 2.0), Monitor(QRect(0, 4, 30, 10), 1.0)
    desktop = QImage(105, 30, QImage.Format.Format_RGB32)
    desktop.fill(QColor("black"))
    with QPainter(desktop) as painter:
        painter.fillRect(QRect(0, 0, 60, 30), QColor("red"))
        painter.fillRect(QRect(60, 6, 45, 15), QColor("blue"))
    first, second = cut_apart(desktop, cast("list[QScreen]", [left, right]))
    assert (first.image.size(), second.image.size()) == (QSize(60, 30), QSize(30, 10))
    assert (first.scale, second.scale) == (1.5, 1.0)
    for screen, color in ((first, "red"), (second, "blue")):
        corners = {screen.image.pixelColor(x, y).name() for x in (0, screen.image.width() - 1) for y in (0, 9)}
        assert corners == {QColor(color).name()}


@pytest.mark.parametrize("size", [(0, 0), (105, 60), (70, 60)])
def test_a_picture_of_another_shape_is_not_that_of_the_screens(size: tuple[int, int]) -> None:
    monitors = cast("list[QScreen]", [Monitor(QRect(0, 0, 40, 20), 1.0), Monitor(QRect(40, 0, 30, 10), 1.0)])
    assert cut_apart(QImage(*size, QImage.Format.Format_RGB32), monitors) == []


def test_windows_are_cut_to_the_screen() -> None:
    screen = frozen((800, 600), (400, 300), 2.0)
    assert screen.own_part(QRect(900, 0, 300, 300)) == QRect(0, 0, 200, 250)
    assert screen.own_part(QRect(0, 0, 300, 300)).isEmpty()


@pytest.mark.usefixtures("qapp")
def test_last_regions_are_kept_by_screen_and_forgotten_when_they_do_not_fit() -> None:
    left = replace(frozen((800, 600), (800, 600), 1.0), name="left")
    right = replace(left, name="right")
    regions = LastRegions()
    assert regions.latest([left, right]) is None
    regions.remember(right, QRect(1, 2, 3, 4))
    regions.remember(left, QRect(5, 6, 700, 8))
    assert regions.latest([left, right]) == (left, QRect(5, 6, 700, 8))
    assert regions.latest([right]) == (right, QRect(1, 2, 3, 4))
    smaller = replace(left, image=QImage(640, 480, QImage.Format.Format_RGB32))
    assert regions.of(smaller) is None
    assert regions.latest([smaller, right]) == (right, QRect(1, 2, 3, 4))


@pytest.mark.parametrize(
    ("session", "kinds"),
    [
        (Session.WAYLAND, [BackendKind.PORTAL, BackendKind.QT]),
        (Session.X11, [BackendKind.X11, BackendKind.QT]),
        (Session.WINDOWS, [BackendKind.QT]),
        (Session.MACOS, [BackendKind.QT]),
        (Session.NONE, [BackendKind.QT]),
    ],
)
def test_the_backends_of_each_session(session: Session, kinds: list[BackendKind]) -> None:
    assert [kind for kind in BackendKind if kind.serves(session)] == kinds


def test_hints_fit_on_a_narrow_screen_and_fade(theme: Theme, qtbot: QtBot) -> None:
    bar = HintBar(theme, theme)
    hints = [("Drag", "region"), ("Click", "window"), ("Space", "whole screen"), ("Esc", "cancel")]
    bar.show(hints)
    assert list(bar.fitting(QRectF(0, 0, 1920, 1080))) == hints
    narrow = QRectF(0, 0, 340, 400)
    assert list(bar.fitting(narrow)) == [hints[0], hints[3]]
    assert narrow.contains(bar.rect(narrow))
    assert bar.opacity == 1.0
    bar.leave()
    qtbot.waitUntil(lambda: bar.opacity == 0.0, timeout=20_000)


class FakeBackend:
    """Notes what it is asked for."""

    last_region = None

    def __init__(self) -> None:
        self.modes: list[CaptureMode] = []
        self.outcomes: list[Outcome] = []
        self.cancels = 0

    def start(self, mode: CaptureMode, outcome: Outcome) -> None:
        self.modes.append(mode)
        self.outcomes.append(outcome)

    def cancel(self) -> None:
        self.cancels += 1


def test_the_service_runs_one_capture_at_a_time(theme: Theme, qtbot: QtBot) -> None:
    backend = FakeBackend()
    service = CaptureService(theme, make_backend=lambda _theme, _parent: backend)
    sentences: list[str] = []
    service.failed.connect(sentences.append)
    assert not service.busy
    service.capture(CaptureMode.WINDOW, 0.05)
    service.capture(CaptureMode.SCREEN)
    assert service.busy
    assert backend.modes == []
    qtbot.waitUntil(lambda: backend.modes == [CaptureMode.WINDOW])
    backend.outcomes[0].failed("It did not work.")
    assert sentences == ["It did not work."]
    assert not service.busy
    service.capture(CaptureMode.LAST)
    qtbot.waitUntil(lambda: backend.modes == [CaptureMode.WINDOW, CaptureMode.LAST])
    service.cancel()
    assert backend.cancels == 1
    assert not service.busy


def test_a_screen_that_cannot_be_read_is_reported(theme: Theme, qtbot: QtBot) -> None:
    def nothing(screen: QScreen) -> QImage:  # noqa: ARG001 - the protocol's signature
        return QImage()

    service = CaptureService(theme, make_backend=lambda theme, parent: OverlayBackend(theme, parent, read=nothing))
    for mode in CaptureMode:
        with qtbot.waitSignal(service.failed) as caught:
            service.capture(mode)
        sentence = (
            "The desktop did not let the screen be read; take the screenshot with its own tool and paste it here."
        )
        assert caught.args == [sentence]


def test_without_known_windows_one_selects(theme: Theme, qtbot: QtBot) -> None:
    """As on Windows and macOS: the same overlay, no window to click, and the keys of a usual window."""
    ways: list[OverlayBackend] = []
    colors = {10: QColor("#102030"), 11: QColor("#405060")}

    def striped(screen: QScreen) -> QImage:
        image = QImage(screen.size(), QImage.Format.Format_RGB32)
        for x in range(image.width()):
            for y in range(image.height()):
                image.setPixelColor(x, y, colors.get(x, QColor("#ffffff")))
        return image

    def make_backend(theme: Theme, parent: QObject) -> OverlayBackend:
        ways.append(OverlayBackend(theme, parent, read=striped))
        return ways[-1]

    service = CaptureService(theme, make_backend=make_backend)
    pictures: list[NewPicture] = []
    service.captured.connect(pictures.append)
    QCursor.setPos(QPoint(40, 40))
    service.capture(CaptureMode.WINDOW)
    qtbot.waitUntil(lambda: bool(ways) and ways[0].picker is not None, timeout=20_000)
    picker = ways[0].picker
    assert picker is not None
    overlay = picker.overlays[0]
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(overlay, left, Qt.KeyboardModifier.NoModifier, QPoint(40, 40))
    QTest.keyClick(overlay, Qt.Key.Key_W)
    assert service.busy
    QTest.mousePress(overlay, left, Qt.KeyboardModifier.NoModifier, QPoint(10, 20))
    QTest.mouseMove(overlay, QPoint(15, 30))
    QTest.mouseRelease(overlay, left, Qt.KeyboardModifier.ShiftModifier, QPoint(11, 29))
    QTest.keyClick(overlay, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not service.busy, timeout=20_000)
    [picture] = pictures
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.size == (2, 10)
        columns = [{image.getpixel((x, y)) for y in range(10)} for x in range(2)]
        assert columns == [{(0x10, 0x20, 0x30)}, {(0x40, 0x50, 0x60)}]


def test_nothing_is_left_of_an_overlay(theme: Theme, qtbot: QtBot) -> None:
    ways: list[OverlayBackend] = []

    def make_backend(theme: Theme, parent: QObject) -> OverlayBackend:
        ways.append(OverlayBackend(theme, parent))
        return ways[-1]

    service = CaptureService(theme, make_backend=make_backend)
    for _ in range(3):
        service.capture()
        qtbot.waitUntil(lambda: bool(ways) and ways[0].picker is not None, timeout=20_000)
        service.cancel()
        qtbot.waitUntil(
            lambda: not [w for w in QApplication.allWidgets() if type(w).__name__ == "Overlay"], timeout=20_000
        )
    assert ways[0].children() == []
