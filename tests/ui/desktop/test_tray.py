"""The tray's menu and icon; no panel is needed to see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject, QPoint, SignalInstance
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from desktop_vlm.system.desktop_files.icons import SIZES_PX, drawing_for
from desktop_vlm.ui.desktop import tray as tray_module
from desktop_vlm.ui.desktop.tray import Tray, program_icon, shortened, tray_icon
from desktop_vlm.ui.theme import Theme
from tools import draw_icon

Reason = QSystemTrayIcon.ActivationReason


@pytest.fixture
def owner() -> Iterator[QObject]:
    made = QObject()
    yield made
    made.deleteLater()


@pytest.fixture
def tray(theme: Theme, owner: QObject) -> Tray:
    return Tray(theme, owner)


def entries(tray: Tray) -> list[str]:
    """The menu as text: - for a line, (…) for what cannot be chosen."""
    shown = []
    for action in tray.menu.actions():
        if action.isSeparator():
            shown.append("-")
        else:
            shown.append(action.text() if action.isEnabled() else f"({action.text()})")
    return shown


def choose(tray: Tray, text: str) -> None:
    next(action for action in tray.menu.actions() if action.text() == text).trigger()


def test_the_menu_has_state_ways_in_conversations_and_hotkeys(tray: Tray) -> None:
    tray.set_state("Demo model: ready", "success")
    tray.set_conversations([(7, "A receipt"), (5, "R&D plan"), (4, "Line\none  two")])
    tray.set_hotkeys(["Ctrl+Shift+Space: active", "Ctrl+Alt+V: taken by another program"])
    assert entries(tray) == [
        "(Demo model: ready)",
        "-",
        "Capture and ask",
        "Capture the same region again",
        "Copy text from the screen",
        "Show the window",
        "-",
        "(Recent)",
        "A receipt",
        "R&&D plan",
        "Line one two",
        "-",
        "(Ctrl+Shift+Space: active)",
        "(Ctrl+Alt+V: taken by another program)",
        "-",
        "Settings",
        "Quit",
    ]


def test_entries_name_the_keys_that_do_the_same(tray: Tray) -> None:
    before = entries(tray)
    tray.set_keys(capture="Ctrl+Shift+Space", copy_text="Super+Shift+T", toggle="Ctrl+Alt+Space")
    assert entries(tray)[2] == "Capture and ask (Ctrl+Shift+Space)"
    assert entries(tray)[4] == "Copy text from the screen (Super+Shift+T)"
    assert entries(tray)[5] == "Show the window (Ctrl+Alt+Space)"
    tray.set_keys(capture="", copy_text="", toggle="")
    assert entries(tray) == before


def test_watching_ends_with_one_entry(qtbot: QtBot, tray: Tray) -> None:
    before = entries(tray)
    tray.set_watched(1)
    tray.set_watched(2)
    assert [text for text in entries(tray) if "watching" in text] == ["Stop watching the screen (2)"]
    with qtbot.waitSignal(tray.stop_watching_requested):
        choose(tray, "Stop watching the screen (2)")
    tray.set_watched(0)
    assert entries(tray) == before


def test_what_is_set_again_replaces_what_was(tray: Tray) -> None:
    before = entries(tray)
    tray.set_conversations([(number, f"No. {number}") for number in range(9, 0, -1)])
    assert [text for text in entries(tray) if text.startswith("No.")] == [f"No. {n}" for n in (9, 8, 7, 6, 5)]
    tray.set_hotkeys(["one", "two"])
    tray.set_conversations([])
    tray.set_hotkeys([])
    assert entries(tray) == before


@pytest.mark.parametrize(
    ("text", "requested"),
    [
        ("Show the window", lambda tray: tray.show_requested),
        ("Capture and ask", lambda tray: tray.capture_requested),
        ("Copy text from the screen", lambda tray: tray.copy_text_requested),
        ("Settings", lambda tray: tray.settings_requested),
        ("Quit", lambda tray: tray.quit_requested),
    ],
)
def test_each_entry_wants_one_thing(
    qtbot: QtBot, tray: Tray, text: str, requested: Callable[[Tray], SignalInstance]
) -> None:
    with qtbot.waitSignal(requested(tray)) as blocker:
        choose(tray, text)
    assert blocker.args == []


def test_a_conversation_is_requested_by_its_number(qtbot: QtBot, tray: Tray) -> None:
    tray.set_conversations([(7, "A receipt"), (5, "An error")])
    with qtbot.waitSignal(tray.conversation_requested) as blocker:
        choose(tray, "An error")
    assert blocker.args == [5]


def test_clicks_on_the_icon_show_and_capture(tray: Tray) -> None:
    heard: list[str] = []
    tray.show_requested.connect(lambda: heard.append("show"))
    tray.capture_requested.connect(lambda: heard.append("capture"))
    for reason in (Reason.Trigger, Reason.MiddleClick, Reason.Context):
        tray._icon.activated.emit(reason)
    tray._icon.messageClicked.emit()
    assert heard == ["show", "capture", "show"]


def test_a_notification_is_short_and_on_one_line(tray: Tray, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[str, str]] = []
    monkeypatch.setattr(tray._icon, "showMessage", lambda title, text, _icon, _ms: shown.append((title, text)))
    tray.notify("The answer is ready", "What does\nthe error   say? " + "x" * 200)
    assert shown == [("The answer is ready", "What does the error say? " + "x" * 94 + "…")]


def test_the_state_is_in_the_tool_tip(tray: Tray) -> None:
    tray.set_state("Demo model: answering", "accent")
    assert tray._icon.toolTip() == "Desktop VLM\nDemo model: answering"


def test_without_a_panel_it_says_so_and_does_no_harm(tray: Tray) -> None:
    assert tray.available is False  # on the screen of the tests
    tray.show()
    tray.notify("The answer is ready", "A receipt")


@pytest.mark.parametrize("size_px", [16, 22, 32, 64])
@pytest.mark.parametrize(("tone", "color"), [("success", "#3fb950"), ("danger", "#f0524a"), ("accent", "#4aa8ff")])
def test_the_dot_has_the_states_color_at_each_size(theme: Theme, size_px: int, tone: str, color: str) -> None:
    image = tray_icon(theme, tone).pixmap(size_px, size_px).toImage()
    assert image.width() == size_px
    diameter = max(6, round(size_px * 0.34))
    middle = size_px - diameter // 2 - 1
    assert image.pixelColor(middle, middle).name() == color
    gap = QPoint(size_px - diameter - 1, size_px - diameter // 2 - 1)
    assert image.pixelColor(gap).alpha() < 128  # the panel shows between dot and picture
    assert image.pixelColor(size_px // 2, 1 if size_px < 32 else size_px // 8).alpha() == 255


def test_without_the_drawings_there_still_is_an_icon(theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tray_module, "icon_folder", lambda: None)
    image = tray_icon(theme, "success").pixmap(32, 32).toImage()
    assert {QColor(image.pixel(x, 8)).name() for x in range(32)} & {theme.colors.accent}
    assert program_icon().isNull()


def test_the_windows_icon_has_every_size() -> None:
    assert {size.width() for size in program_icon().availableSizes()} == set(SIZES_PX)


@pytest.mark.parametrize("size_px", SIZES_PX)
def test_the_pictures_of_the_icon_are_made_from_its_drawings(size_px: int) -> None:
    drawn = draw_icon.render(drawing_for(draw_icon.FOLDER, size_px), size_px)
    kept = QImage(str(draw_icon.FOLDER / f"icon-{size_px}.png")).convertToFormat(drawn.format())
    assert kept.size() == drawn.size()
    middle, edge = size_px // 2, size_px // 4
    for x, y in ((middle, middle), (edge, edge), (middle, edge), (edge, middle)):
        kept_color, drawn_color = kept.pixelColor(x, y).getRgb(), drawn.pixelColor(x, y).getRgb()
        assert kept_color == pytest.approx(drawn_color, abs=2)


@pytest.mark.parametrize(
    ("text", "short"), [("abc", "abc"), (" a\n b ", "a b"), ("abcdefgh", "abcd…"), ("abc defgh", "abc…")]
)
def test_shortening(text: str, short: str) -> None:
    assert shortened(text, 5) == short
