"""The last captures are kept as long as the settings say: in memory, on the disk for a time, and then nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop_vlm.history.capture_folder import CaptureFolder
from desktop_vlm.ui.captures import recent
from desktop_vlm.ui.captures.recent import RecentCaptures
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.redaction.private_texts import PrivateTexts
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts

MakePicture = Callable[..., NewPicture]
REGION = Region("HDMI-1", 10, 20, 300, 200)
DAY_S = 24 * 3600.0


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(parts: Parts, clock: Clock) -> Iterator[Callable[[], RecentCaptures]]:
    made: list[RecentCaptures] = []

    def start() -> RecentCaptures:
        """As at the program's start; those before are ended."""
        if made:
            made[-1].close()
        private = PrivateTexts(parts.text_layers, parts.settings)
        folder = CaptureFolder(parts.paths.captures_folder)
        made.append(RecentCaptures(folder, parts.settings, parts.library, parts.text_layers, private, clock=clock))
        return made[-1]

    yield start
    for one in made:
        one.close()


def names(captures: RecentCaptures) -> list[str]:
    return [one.picture.name.removesuffix(".png") for one in captures.captures]


def test_by_default_nothing_outlives_the_session(
    qtbot: QtBot, make: Callable[[], RecentCaptures], parts: Parts, picture: MakePicture
) -> None:
    captures = make()
    captures.add(picture("#110000"), REGION)
    captures.add(picture("#220000"), None)
    captures.add(picture("#110000"), None)  # once more: it is the latest, and there once
    assert names(captures) == ["#110000", "#220000"]
    assert parts.library.data(picture("#220000").sha256) == picture("#220000").data
    captures.close()
    assert not parts.paths.captures_folder.exists()
    again = make()
    qtbot.wait(20)
    assert again.captures == ()


def test_what_is_kept_for_a_day_is_there_again_and_then_gone_for_good(
    qtbot: QtBot, make: Callable[[], RecentCaptures], parts: Parts, picture: MakePicture, clock: Clock
) -> None:
    parts.settings.update("desktop", keep_captures="day")
    captures = make()
    captures.add(picture("#110000"), REGION)
    clock.now += DAY_S / 2
    captures.add(picture("#220000"), None)
    before = captures.captures
    again = make()
    qtbot.waitUntil(lambda: len(again.captures) == 2)
    assert again.captures == before
    assert again.last_region == REGION
    clock.now += DAY_S * 0.6
    again.apply_settings()
    assert names(again) == ["#220000"]
    again.close()
    kept = [file.stem for file in parts.paths.captures_folder.glob("*.png")]
    assert kept == [picture("#220000").sha256]
    clock.now += DAY_S
    make().close()  # even a session that ends at once
    assert not parts.paths.captures_folder.exists()


def test_other_settings_are_active_at_once(
    make: Callable[[], RecentCaptures], parts: Parts, picture: MakePicture
) -> None:
    parts.settings.update("desktop", keep_captures="week")
    captures = make()
    captures.add(picture("#110000"), REGION)
    parts.settings.update("desktop", keep_captures="session")
    captures.apply_settings()
    assert names(captures) == ["#110000"]
    parts.settings.update("desktop", keep_captures="off")
    captures.apply_settings()
    captures.add(picture("#220000"), REGION)
    assert names(captures) == []
    captures.close()
    assert not parts.paths.captures_folder.exists()


def test_a_hidden_picture_takes_the_place_of_the_one_before_on_the_disk_too(
    make: Callable[[], RecentCaptures], parts: Parts, picture: MakePicture
) -> None:
    parts.settings.update("desktop", keep_captures="day")
    captures = make()
    captures.add(picture("#110000"), REGION)
    captures.replaced(picture("#110000").sha256, picture("#000000"))
    captures.replaced(picture("#999999").sha256, picture("#888888"))  # not one of them
    assert names(captures) == ["#000000"]
    assert captures.captures[0].region == REGION
    captures.close()
    assert [file.stem for file in parts.paths.captures_folder.glob("*.png")] == [picture("#000000").sha256]


def test_everything_can_go_also_while_it_is_still_read(
    make: Callable[[], RecentCaptures], parts: Parts, picture: MakePicture
) -> None:
    parts.settings.update("desktop", keep_captures="day")
    make().add(picture("#110000"), REGION)
    again = make()
    again.clear()  # before what is kept has come
    again.close()
    QApplication.processEvents()
    assert again.captures == ()
    assert not parts.paths.captures_folder.exists()


def test_the_oldest_give_way(
    make: Callable[[], RecentCaptures], picture: MakePicture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "MOST", 3)
    captures = make()
    for number in range(1, 6):
        captures.add(picture(f"#{number}00000"), None)
    assert names(captures) == ["#500000", "#400000", "#300000"]
    monkeypatch.setattr(recent, "MOST_BYTES", len(picture("#600000").data) + 10)
    captures.add(picture("#600000"), None)
    assert names(captures) == ["#600000"]


@pytest.mark.parametrize(
    ("size", "rect"),
    [
        (QSize(1920, 1080), (10, 20, 300, 200)),
        (QSize(250, 1080), (0, 20, 250, 200)),
        (QSize(305, 210), (5, 10, 300, 200)),
        (QSize(100, 50), (0, 0, 100, 50)),
    ],
)
def test_a_region_is_moved_and_cut_to_a_screen_that_changed(size: QSize, rect: tuple[int, ...]) -> None:
    assert REGION.on(size).getRect() == rect


# In the window


@pytest.fixture
def window(qtbot: QtBot, parts: Parts) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def test_captures_lie_beside_the_button_and_go_into_the_question(
    window: MainWindow, picture: MakePicture, parts: Parts, qtbot: QtBot
) -> None:
    captures = window._services.captures
    captures.add(picture("#110000"), REGION)
    captures.add(picture("#220000"), None)
    popup = window.capture_actions.open_captures()
    assert [item.name for item in popup.strip.pictures] == ["#220000.png", "#110000.png"]
    assert "Kept until you quit, in memory only." in [one.text() for one in popup.findChildren(QLabel)]
    assert popup.again.isEnabled()
    qtbot.waitUntil(lambda: set(parts.reader.requested) == {picture("#110000").sha256, picture("#220000").sha256})
    popup.strip.thumbnail(1).click()
    assert [one.name for one in window.composer.pictures] == ["#110000.png"]
    assert not popup.isVisible()


def test_each_capture_can_be_captured_again_and_deleted(window: MainWindow, picture: MakePicture) -> None:
    captures = window._services.captures
    captures.add(picture("#110000"), REGION)
    captures.add(picture("#220000"), None)
    again: list[object] = []
    window.capture_actions.again_requested.connect(again.append)
    popup = window.capture_actions.open_captures()
    entries = [action.text() for action in popup.strip.make_menu(1).actions()]
    assert "Capture this region again" in entries
    assert "Capture this region again" not in [action.text() for action in popup.strip.make_menu(0).actions()]
    next(a for a in popup.strip.make_menu(1).actions() if a.text() == "Capture this region again").trigger()
    popup.open_above(window.composer.captures, "", can_repeat=True)
    popup.again.click()
    QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert again == [REGION, None, None]
    popup.strip.removed.emit(0)
    assert names(captures) == ["#110000"]
    popup.clear.click()
    assert captures.captures == ()


def test_deleting_everything_deletes_captures(window: MainWindow, picture: MakePicture, parts: Parts) -> None:
    parts.settings.update("desktop", keep_captures="day")
    captures = window._services.captures
    captures.add(picture("#110000"), REGION)
    window._settings_actions.delete_everything()
    captures.close()
    assert captures.captures == ()
    assert not parts.paths.captures_folder.exists()
