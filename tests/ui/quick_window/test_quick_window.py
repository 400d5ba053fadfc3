"""The quick window, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QCursor, QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot
from Xlib.error import DisplayConnectionError

from desktop_vlm.quick_actions import BUILTIN_ACTIONS, QuickAction
from desktop_vlm.ui.markdown.code_block import CodeText
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.thumbnail import Thumbnail
from desktop_vlm.ui.quick_window import QuickWindow, focus_x11
from desktop_vlm.ui.quick_window.focus import QtFocus, platform_focus
from desktop_vlm.ui.quick_window.focus_x11 import X11Focus
from desktop_vlm.ui.quick_window.shadow import MARGINS
from desktop_vlm.ui.quick_window.window import WIDTH_PX
from desktop_vlm.ui.theme import Theme, ThemeChoice

pytestmark = pytest.mark.qt_log_ignore(r"This plugin does not support (raise\(\)|setting window masks)")
"""What Qt does with a tool window when it is shown, and with its corners; the screen of the tests does neither."""

MakePicture = Callable[..., NewPicture]

ANSWER = "The build stops in **`test_parser.py`**.\n\n```python\nreturn []\n```"
LONG = "\n\n".join(f"Paragraph {number}: some words about what is in this picture." for number in range(60))


class Desktop:
    """Whose keyboard it is; the window manager's part, faked."""

    def __init__(self, *, is_composited: bool = True) -> None:
        self.is_composited = is_composited
        self.active = 4711
        self.activated: list[int] = []

    def active_window(self) -> int:
        return self.active

    def activate(self, window: int) -> None:
        self.activated.append(window)


@pytest.fixture
def desktop() -> Desktop:
    return Desktop()


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, desktop: Desktop) -> Iterator[QuickWindow]:
    made = QuickWindow(theme, [action for action in BUILTIN_ACTIONS if action.suits(None)], focus=desktop)
    qtbot.addWidget(made)
    yield made
    made.hide()


@pytest.fixture
def asked(window: QuickWindow) -> list[tuple[str, QuickAction | None]]:
    heard: list[tuple[str, QuickAction | None]] = []
    window.asked.connect(lambda text, action: heard.append((text, action)))
    return heard


def open_with(qtbot: QtBot, window: QuickWindow, picture: NewPicture | None) -> None:
    window.open_with(picture, None)
    qtbot.waitUntil(window.isActiveWindow)


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key, to whatever has the keyboard."""
    qtbot.keyClick(focused(), key, modifier)


def card(window: QuickWindow) -> QRect:
    return window._card.geometry()


def visible_texts(window: QuickWindow) -> list[str]:
    return [label.text() for label in window.answer.findChildren(QLabel) if label.isVisible() and label.text()]


def thumbnail(window: QuickWindow) -> Thumbnail:
    found = window.findChild(Thumbnail)
    assert found is not None
    return found


# By keyboard


def test_a_question_is_typed_and_asked_at_once(
    qtbot: QtBot, window: QuickWindow, picture: MakePicture, asked: list[tuple[str, QuickAction | None]]
) -> None:
    open_with(qtbot, window, picture())
    assert focused() is window.prompt.field
    qtbot.keyClicks(focused(), "What is this?")
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(focused(), "And why?")
    assert window.text == "What is this?\nAnd why?"
    press(qtbot, Qt.Key.Key_Return)
    assert asked == [("What is this?\nAnd why?", None)]
    assert window.text == ""
    assert visible_texts(window) == ["What is this? And why?", "Waiting for the model"]

    with qtbot.waitSignal(window.hurried):
        press(qtbot, Qt.Key.Key_Return)  # nothing more until there is an answer
    assert len(asked) == 1


def test_a_picture_alone_can_be_asked_about_once(
    qtbot: QtBot, window: QuickWindow, picture: MakePicture, asked: list[tuple[str, QuickAction | None]]
) -> None:
    open_with(qtbot, window, picture())
    press(qtbot, Qt.Key.Key_Return)
    window.show_answer("A blue field.", False)
    press(qtbot, Qt.Key.Key_Return)
    assert asked == [("", None)]


def test_text_that_was_read_is_shown_and_copied_letter_by_letter(
    qtbot: QtBot, window: QuickWindow, picture: MakePicture
) -> None:
    open_with(qtbot, window, picture())
    window.show_answer("# 1\n*a*", False, verbatim=True)
    assert [one.code for one in window.answer.findChildren(CodeText)] == ["# 1\n*a*"]
    window.foot.copy.click()
    assert QGuiApplication.clipboard().text() == "# 1\n*a*"


def test_without_a_picture_a_text_is_needed(
    qtbot: QtBot, window: QuickWindow, asked: list[tuple[str, QuickAction | None]]
) -> None:
    open_with(qtbot, window, None)
    assert not thumbnail(window).isVisible()
    assert not window.chips.isVisible()  # all of them are about pictures
    press(qtbot, Qt.Key.Key_Return)
    assert asked == []
    qtbot.keyClicks(focused(), "Hello")
    press(qtbot, Qt.Key.Key_Return)
    assert asked == [("Hello", None)]


def test_tab_reaches_everything_and_space_runs_a_quick_action(
    qtbot: QtBot, window: QuickWindow, picture: MakePicture, asked: list[tuple[str, QuickAction | None]]
) -> None:
    open_with(qtbot, window, picture())
    qtbot.keyClicks(focused(), "in one sentence")
    names = []
    for _ in range(12):
        press(qtbot, Qt.Key.Key_Tab)
        names.append(focused().accessibleName())
        if focused() is window.prompt.field:
            break
    assert names[:2] == ["Ask", "Describe"]
    assert names[-3:] == ["More quick actions", "Open in the window", "Question"]

    describe = next(one for one in window.chips.findChildren(QPushButton) if one.accessibleName() == "Describe")
    describe.setFocus()
    press(qtbot, Qt.Key.Key_Space)
    assert asked == [("in one sentence", BUILTIN_ACTIONS[0])]
    assert visible_texts(window)[0] == "Describe: in one sentence"
    assert not window.chips.isEnabled()


def test_an_answer_can_be_copied(qtbot: QtBot, window: QuickWindow, picture: MakePicture) -> None:
    open_with(qtbot, window, picture())
    press(qtbot, Qt.Key.Key_Return)
    window.show_answer(ANSWER[:20], True)
    assert not window.foot.copy.isVisible()
    window.show_answer(ANSWER, False)
    assert window.foot.copy.isVisible()
    window.foot.copy.setFocus()
    press(qtbot, Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == ANSWER


def test_the_button_stops_a_running_answer(qtbot: QtBot, window: QuickWindow, picture: MakePicture) -> None:
    open_with(qtbot, window, picture())
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Tab)
    assert focused().accessibleName() == "Stop"
    with qtbot.waitSignal(window.stop_requested):
        press(qtbot, Qt.Key.Key_Space)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_ctrl_enter_goes_on_in_the_main_window(
    qtbot: QtBot, window: QuickWindow, picture: MakePicture, desktop: Desktop, key: Qt.Key
) -> None:
    open_with(qtbot, window, picture())
    qtbot.keyClicks(focused(), "half a quest")
    seen: list[tuple[bool, str]] = []
    window.expand_requested.connect(lambda: seen.append((window.isVisible(), window.text)))
    press(qtbot, key, Qt.KeyboardModifier.ControlModifier)
    assert seen == [(True, "half a quest")]  # the main window comes before this one goes
    assert not window.isVisible()
    assert 4711 not in desktop.activated


# Escape, and whose keyboard it is


def test_escape_hides_and_gives_the_keyboard_back(
    qtbot: QtBot, window: QuickWindow, picture: MakePicture, desktop: Desktop
) -> None:
    open_with(qtbot, window, picture())
    with qtbot.waitSignal(window.hidden):
        press(qtbot, Qt.Key.Key_Escape)
    assert not window.isVisible()
    assert desktop.activated == [4711]


def test_what_was_written_and_dismissed_comes_back_to_be_written_over(
    qtbot: QtBot, window: QuickWindow, picture: MakePicture, asked: list[tuple[str, QuickAction | None]]
) -> None:
    field = window.prompt.field
    window.open_with(picture(), None)
    qtbot.keyClicks(field, "half a quest")
    window.dismiss()
    window.open_with(picture(), None)
    assert window.text == "half a quest"
    qtbot.keyClicks(field, "Why?")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert asked == [("Why?", None)]
    # AND what was asked, or goes on in the main window, does not
    window.dismiss()
    window.open_with(picture(), None)
    assert window.text == ""
    qtbot.keyClicks(field, "to be continued")
    window._expand()
    window.open_with(picture(), None)
    assert window.text == ""


def test_closing_it_by_the_window_manager_is_the_same(
    qtbot: QtBot, window: QuickWindow, picture: MakePicture, desktop: Desktop
) -> None:
    open_with(qtbot, window, picture())
    window.close()
    assert not window.isVisible()
    assert desktop.activated == [4711]


def test_who_went_elsewhere_meanwhile_stays_there(
    qtbot: QtBot, window: QuickWindow, picture: MakePicture, desktop: Desktop
) -> None:
    open_with(qtbot, window, picture())
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    window.dismiss()
    assert desktop.activated == []


def test_a_second_capture_does_not_forget_who_had_the_keyboard(
    qtbot: QtBot, window: QuickWindow, picture: MakePicture, desktop: Desktop
) -> None:
    open_with(qtbot, window, picture())
    desktop.active = int(window.winId())
    qtbot.keyClicks(focused(), "old")
    window.show_answer("old answer", False)
    open_with(qtbot, window, picture("#aa3322"))
    assert window.text == ""
    assert window.answer.markdown() == ""
    assert not window.answer.isVisible()
    press(qtbot, Qt.Key.Key_Escape)
    assert desktop.activated == [4711]


def test_only_x11_can_hand_the_keyboard_over(qapp: QApplication) -> None:
    assert qapp.platformName() == "offscreen"
    focus = platform_focus()
    assert isinstance(focus, QtFocus)
    assert (focus.active_window(), focus.is_composited) == (0, True)
    focus.activate(4711)


def test_without_a_display_the_keyboard_is_left_alone(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(name: str | None) -> None:
        raise DisplayConnectionError(name, "no such display")

    monkeypatch.setattr(focus_x11, "Display", gone)
    focus = X11Focus()
    assert focus.active_window() == 0
    assert focus.is_composited is False
    focus.activate(4711)
    assert len(caplog.records) == 3


# What is shown


def test_progress_gives_way_to_the_answer(qtbot: QtBot, window: QuickWindow, picture: MakePicture) -> None:
    open_with(qtbot, window, picture())
    press(qtbot, Qt.Key.Key_Return)
    window.show_progress("Reading the picture, 2 of 4 tiles")
    assert visible_texts(window) == ["Reading the picture, 2 of 4 tiles"]
    window.show_answer("The build", True)
    window.show_progress("Reading the picture, 3 of 4 tiles")
    assert "Reading the picture" not in "".join(visible_texts(window))
    assert window.answer.markdown() == "The build"


def test_an_error_keeps_the_answer_so_far(qtbot: QtBot, window: QuickWindow, picture: MakePicture) -> None:
    open_with(qtbot, window, picture())
    press(qtbot, Qt.Key.Key_Return)
    window.show_answer("The build", False)
    window.show_error("The engine was killed.")
    assert window.answer.markdown() == "The build"
    assert "The engine was killed." in visible_texts(window)
    assert not window.prompt.answering


def test_a_question_without_any_answer_can_be_asked_again(
    qtbot: QtBot, window: QuickWindow, picture: MakePicture, asked: list[tuple[str, QuickAction | None]]
) -> None:
    open_with(qtbot, window, picture())
    qtbot.keyClicks(focused(), "What is this?")
    press(qtbot, Qt.Key.Key_Return)
    window.show_error("The model is still answering another question.")
    assert window.text == "What is this?"
    press(qtbot, Qt.Key.Key_Return)
    assert asked == [("What is this?", None)] * 2
    assert "The model is still answering another question." not in visible_texts(window)


def test_it_grows_with_the_answer_up_to_a_part_of_the_screen_and_follows_it(
    qtbot: QtBot, window: QuickWindow, picture: MakePicture
) -> None:
    open_with(qtbot, window, picture())
    empty = card(window).height()
    assert card(window).width() == WIDTH_PX
    window.show_answer("One line.", True)
    qtbot.waitUntil(lambda: card(window).height() > empty + 40)
    small = card(window).height()
    window.show_answer(LONG, True)
    area = window.screen().availableGeometry()
    qtbot.waitUntil(lambda: card(window).height() > small + 200)
    answer = window.answer.findChild(QScrollArea)
    assert answer is not None
    assert 0.4 * area.height() < answer.height() <= 0.6 * area.height()
    assert area.contains(card(window).translated(window.pos()))
    bar = answer.verticalScrollBar()
    qtbot.waitUntil(lambda: 0 < bar.maximum() == bar.value())

    bar.setValue(30)  # the person reads further up
    window.show_answer(LONG + "\n\nmore\n\nand more", True)
    qtbot.wait(120)
    assert bar.value() == 30


def test_an_error_is_never_cut(qtbot: QtBot, window: QuickWindow, picture: MakePicture) -> None:
    open_with(qtbot, window, picture())
    window.show_error("The engine ran out of memory; choose a smaller context. " * 4)
    label = next(one for one in window.answer.findChildren(QLabel) if one.text().startswith("The engine"))
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()))
    assert label.height() > 3 * label.fontMetrics().height()


def test_it_comes_up_in_the_upper_middle_of_the_screen_with_the_pointer(
    qtbot: QtBot, window: QuickWindow, picture: MakePicture
) -> None:
    area = QGuiApplication.primaryScreen().availableGeometry()
    QCursor.setPos(area.center())
    open_with(qtbot, window, picture())
    shown = card(window).translated(window.pos())
    assert abs(shown.center().x() - area.center().x()) <= 1
    assert shown.top() == area.top() + round(area.height() * 0.2)


def test_without_a_compositor_there_is_no_shadow_but_round_corners(
    qtbot: QtBot, theme: Theme, picture: MakePicture
) -> None:
    window = QuickWindow(theme, BUILTIN_ACTIONS, focus=Desktop(is_composited=False))
    qtbot.addWidget(window)
    open_with(qtbot, window, picture())
    assert card(window) == window.rect()
    mask = window.mask()
    assert not mask.contains(QPoint(1, 1))
    assert mask.contains(QPoint(12, 1))
    assert mask.contains(window.rect().center())


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_the_card_lies_on_a_shadow_that_fades(
    qtbot: QtBot, window: QuickWindow, theme: Theme, picture: MakePicture, choice: ThemeChoice
) -> None:
    theme.apply_now(choice, 14)
    open_with(qtbot, window, picture())
    image = QImage(window.size(), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    window.render(image, QPoint(), window.rect(), QWidget.RenderFlag.DrawChildren)
    place = card(window)
    below = [image.pixelColor(place.center().x(), place.bottom() + far).alpha() for far in (2, 10, 20, 31)]
    assert below[0] > below[1] > below[2] > below[3]
    assert below[0] > 25
    assert below[3] <= 2
    above = image.pixelColor(place.center().x(), place.top() - 3).alpha()
    assert above < below[0]
    assert image.pixelColor(place.center().x(), place.top() + 6).name() == theme.colors.surface
    assert window.size() == place.size() + QSize(MARGINS.left() + MARGINS.right(), MARGINS.top() + MARGINS.bottom())


def test_everything_to_press_has_a_name(qtbot: QtBot, window: QuickWindow, picture: MakePicture) -> None:
    open_with(qtbot, window, picture(name="region.png"))
    window.show_answer(ANSWER, False)
    unnamed = [one for one in window.findChildren(QAbstractButton) if not (one.accessibleName() or one.text())]
    assert unnamed == []
    assert thumbnail(window).accessibleName() == "Picture 1: region.png, 120 × 80"  # noqa: RUF001


def test_it_takes_another_theme_while_it_is_open(
    qtbot: QtBot, window: QuickWindow, theme: Theme, picture: MakePicture
) -> None:
    open_with(qtbot, window, picture())
    theme.apply_now(ThemeChoice.DARK, 20)
    qtbot.wait(50)
    assert window.prompt.field.font().pixelSize() == round(20 * 1.12)
    assert window.grab().toImage().pixelColor(window.width() // 2, MARGINS.top() + 6).name() == theme.colors.surface
    QApplication.sendEvent(window, QEvent(QEvent.Type.LayoutRequest))
    assert card(window).width() == WIDTH_PX
