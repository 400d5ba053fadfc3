"""Every menu of the window opens, is painted and closes, twice: the second one used to end the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.engine.protocol import EngineState
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.theme import ThemeChoice
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts

ANSWER = r"""A **word**, $x^2$, `code`:

```python
print(1)
```

| a | b |
|---|---|
| 1 | 2 |

$$\frac{a}{b}$$
"""


@pytest.fixture
def window(qtbot: QtBot, parts: Parts, tmp_path: Path, picture: Callable[..., NewPicture]) -> Iterator[MainWindow]:
    """With a conversation: a picture in its question, and every kind of block in its answer."""
    example = tmp_path / "example.png"
    example.write_bytes(picture("#884422").data)
    made = MainWindow(parts.services(), example)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.draft.add(picture())
    made.composer.text.setPlainText("What is this?")
    qtbot.keyClick(made.composer.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    parts.engine.say(ANSWER)
    parts.engine.end()
    qtbot.waitUntil(lambda: len(made.sidebar.list.model().index(1, 0).data() or "") > 0)
    qtbot.wait(150)
    made.draft.add(picture("#ff0000"))
    made.toggle_panel()
    yield made
    made.close()


class MenuWatch:
    """Paints, notes and closes whatever menu comes up, also while `exec` blocks."""

    def __init__(self) -> None:
        self.seen: list[list[str]] = []
        self._timer = QTimer(interval=10)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        popup = QApplication.activePopupWidget()
        if isinstance(popup, QMenu):
            assert not popup.grab().isNull()
            self.seen.append([action.text() for action in popup.actions() if action.text()])
            popup.close()

    def of(self, qtbot: QtBot, open_menu: Callable[[], object]) -> list[str]:
        """The entries of the menu that this opens; [] if none."""
        before = len(self.seen)
        open_menu()
        qtbot.wait(20)
        self.look()
        assert QApplication.activePopupWidget() is None
        return self.seen[-1] if len(self.seen) > before else []


def right_click(widget: QWidget, at: QPoint | None = None) -> None:
    place = at or widget.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)


def twice(qtbot: QtBot, watch: MenuWatch, open_menu: Callable[[], object]) -> list[str]:
    """The entries of a menu that is opened two times, the same both times."""
    first, second = watch.of(qtbot, open_menu), watch.of(qtbot, open_menu)
    assert first == second
    return first


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_a_conversation_is_clicked_with_the_right_button_twice(
    qtbot: QtBot, window: MainWindow, parts: Parts, choice: ThemeChoice
) -> None:
    parts.theme.apply_now(choice, 14)
    rows = window.sidebar.list
    row = rows.visualRect(rows.model().index(1, 0)).center()

    entries = twice(qtbot, MenuWatch(), lambda: right_click(rows.viewport(), row))

    assert entries == ["Rename", "Pin", "Instructions and sampling…", "Move to", "Archive", "Export…", "Delete"]


def test_every_widget_is_clicked_with_the_right_button_twice(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    assert parts.engine.state is EngineState.READY
    watch = MenuWatch()
    menus: set[str] = set()
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and not widget.visibleRegion().isEmpty():
            menus.update(twice(qtbot, watch, partial(right_click, widget)))

    assert {"Open", "Copy picture", "Save as…", "Leave out for the model", "Remove", "Select all"} <= menus
    assert {"Copy table as Markdown", "Copy LaTeX source"} <= menus


def test_every_button_with_a_menu_opens_it_twice(qtbot: QtBot, window: MainWindow) -> None:
    watch = MenuWatch()
    buttons: list[QToolButton | QPushButton] = []
    buttons += window.findChildren(QToolButton)
    buttons += window.findChildren(QPushButton)
    with_menu = [one for one in buttons if one.menu() is not None and one.isVisible()]
    entries = {one.accessibleName(): twice(qtbot, watch, one.showMenu) for one in with_menu}

    assert any(name.startswith("Export the conversation") and entries[name] for name in entries), entries
