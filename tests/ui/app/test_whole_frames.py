"""Windows are drawn again, all of them, where their first frame may be garbled."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.app import whole_frames
from desktop_vlm.ui.desktop.session import Session


class Window(QWidget):
    """Knows what was drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[QRect] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.drawn.append(event.rect())


def test_windows_are_drawn_again_when_one_gets_the_keyboard(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, qapp: QApplication
) -> None:
    monkeypatch.setattr(whole_frames, "_AFTER_MS", (1,))
    other, window = Window(), Window()
    for one in (other, window):
        qtbot.addWidget(one)
        one.show()
    qtbot.waitUntil(lambda: window.isActiveWindow() and all(one.rect() in one.drawn for one in (other, window)))
    QApplication.processEvents()
    for one in (other, window):
        one.drawn.clear()
    frames = whole_frames.WholeFrames(qapp)
    qapp.focusWindowChanged.emit(window.windowHandle())
    qtbot.waitUntil(lambda: all(one.rect() in one.drawn for one in (other, window)))
    frames.deleteLater()


@pytest.mark.parametrize(("session", "are_needed"), [(Session.WAYLAND, True), (Session.X11, False)])
def test_only_there(monkeypatch: pytest.MonkeyPatch, session: Session, are_needed: bool) -> None:
    monkeypatch.setattr(whole_frames, "current_session", lambda: session)
    assert whole_frames.are_needed() is are_needed
