"""A walk over the window and its dialogs: controls have names, Tab goes as one reads, longer words have room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from math import ceil

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QPoint, Qt, QTranslator
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.text_layer.sensitive import Finding
from desktop_vlm.quick_actions import QuickActionStore
from desktop_vlm.ui.redaction.export_dialogs import ExportQuestion, ReadingProgress
from desktop_vlm.ui.settings.context import SettingsContext
from desktop_vlm.ui.settings.dialog import SettingsDialog
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.elided_label import ElidedLabel
from desktop_vlm.ui.window.export_job import ExportProgress
from desktop_vlm.ui.window.main_window import MainWindow
from desktop_vlm.ui.window.shortcuts import SHORTCUTS, ShortcutSheet
from tests.ui.conftest import Parts
from tools.event_loop import spin_until

SIZES = ((1024, 700), (640, 600))


class LongerWords(QTranslator):
    """Says everything 40 % longer, as German or Finnish do."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:  # noqa: ARG002
        return source + "n" * ceil(len(source) * 0.4) if source and source[-1].isalpha() else source


@pytest.fixture
def longer(qapp: QApplication) -> Iterator[None]:
    translator = LongerWords()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)
    assert qapp is not None


def conversation(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    """A question with its answer."""
    qtbot.keyClicks(window.composer.text, "What?")
    qtbot.keyClick(window.composer.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    parts.engine.say("Text with `code`.\n\n```python\nprint(1)\n```")
    parts.engine.end()
    qtbot.wait(80)


def dialogs(theme: Theme, window: QWidget) -> dict[str, Callable[[], QDialog]]:
    finding = Finding("email", "bob@example.com", (), (Box(0, 0, 10, 10),))
    return {
        "export question": lambda: ExportQuestion({"a": (finding,)}, window),
        "reading": lambda: ReadingProgress(3, window),
        "export": lambda: ExportProgress("Export", window),
        "shortcuts": lambda: ShortcutSheet(theme, SHORTCUTS, [], window),
    }


def focusable(widget: QWidget) -> list[QWidget]:
    """What Tab stops at, in its order."""
    found: list[QWidget] = []
    at = widget.nextInFocusChain()
    while at is not None and at is not widget:
        if widget.isAncestorOf(at) and at.isVisible() and at.isEnabled() and at.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(at)
        at = at.nextInFocusChain()
    return found


def nameless(widget: QWidget) -> list[str]:
    return [
        f"{type(one).__name__} in {type(one.parent()).__name__}"
        for one in focusable(widget)
        if not (one.accessibleName() or getattr(one, "text", str)() or getattr(one, "title", str)())
    ]


def called(widget: QWidget) -> str:
    return widget.accessibleName() or getattr(widget, "text", str)() or type(widget).__name__


def backward(widget: QWidget) -> list[str]:
    """Steps of Tab from one part to the part before it, among those that stand in one place."""
    steps = []
    chain = focusable(widget)
    for before, after in pairwise(chain):
        if before.parentWidget() is not after.parentWidget():
            continue
        one, other = (part.mapTo(widget, QPoint(0, 0)) for part in (before, after))
        same_row = abs(one.y() + before.height() / 2 - other.y() - after.height() / 2) < max(before.height(), 12) / 2
        if (same_row and other.x() < one.x()) or (not same_row and other.y() < one.y()):
            names = (
                part.accessibleName() or getattr(part, "text", str)() or type(part).__name__ for part in (before, after)
            )
            steps.append(" -> ".join(names))
    return steps


def cut_off(widget: QWidget) -> list[str]:
    """Texts that have less room than they take."""
    found = []
    for part in widget.findChildren(QWidget):
        if not part.isVisible() or (part.toolTip() and isinstance(part, QLabel)):
            continue
        if (
            isinstance(part, QLabel)
            and not isinstance(part, ElidedLabel)
            and part.text()
            and not part.text().startswith("<")
        ):
            if part.wordWrap():
                fits = part.height() + 1 >= part.heightForWidth(part.width())
            else:
                fits = part.width() + 1 >= part.fontMetrics().horizontalAdvance(part.text())
        elif isinstance(part, QAbstractButton) and part.text():
            fits = part.width() + 1 >= min(part.sizeHint().width(), part.minimumSizeHint().width())
        else:
            continue
        if not fits:
            found.append(f"{type(part).__name__} {part.text()!r} in {type(part.parent()).__name__}")
    return found


@pytest.mark.parametrize("size", SIZES)
def test_the_window(qtbot: QtBot, window: MainWindow, parts: Parts, size: tuple[int, int]) -> None:
    window.resize(*size)
    assert (nameless(window), backward(window)) == ([], [])
    conversation(qtbot, window, parts)
    assert (nameless(window), backward(window)) == ([], [])
    window.toggle_panel()
    assert (nameless(window), backward(window)) == ([], [])


@pytest.mark.parametrize("name", ["export question", "reading", "export", "shortcuts"])
def test_dialogs(
    qtbot: QtBot,
    window: MainWindow,
    theme: Theme,
    name: str,
    longer: None,  # noqa: ARG001
) -> None:
    dialog = dialogs(theme, window)[name]()
    qtbot.addWidget(dialog)
    dialog.show()
    assert (nameless(dialog), backward(dialog), cut_off(dialog)) == ([], [], [])
    dialog.close()


@pytest.mark.parametrize("size", SIZES)
def test_longer_words_have_room(
    longer: None,  # noqa: ARG001
    request: pytest.FixtureRequest,
    qtbot: QtBot,
    size: tuple[int, int],
) -> None:
    window, parts = request.getfixturevalue("window"), request.getfixturevalue("parts")
    window.resize(*size)
    qtbot.wait(1)
    assert cut_off(window) == []
    conversation(qtbot, window, parts)
    assert cut_off(window) == []


@pytest.fixture
def settings(theme: Theme, parts: Parts) -> Iterator[SettingsDialog]:
    context = SettingsContext(parts.paths, QuickActionStore(parts.paths.actions_file))
    dialog = SettingsDialog(theme, parts.settings, context)
    dialog.resize(900, 640)
    dialog.show()
    yield dialog
    dialog.close()
    shiboken6.delete(dialog)


def test_settings(longer: None, request: pytest.FixtureRequest) -> None:  # noqa: ARG001
    dialog = request.getfixturevalue("settings")
    found = {}
    for name in dialog.pages:
        dialog.open_page(name)
        page = dialog.pages[name]
        spin_until(lambda page=page: dialog.stack.currentWidget() is page)  # type: ignore[misc]
        QApplication.processEvents()
        found[name] = (nameless(page), backward(page), cut_off(page))
    assert found == dict.fromkeys(dialog.pages, ([], [], []))
