"""Notices that go by themselves, and not before somebody could see them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.widgets.toast import Toast


@pytest.fixture
def toast(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Toast:
    window, above = QWidget(), QLineEdit()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.addStretch(1)
    column.addWidget(above)
    window.resize(600, 400)
    made = Toast(window, above)
    monkeypatch.setattr(made, "underMouse", lambda: False)  # wherever the pointer is
    window.show()
    return made


def test_it_goes_by_itself(toast: Toast, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toast._window, "isActiveWindow", lambda: True)
    toast.say("The screen could not be taken.")
    toast._timer.start(0)
    qtbot.waitUntil(lambda: not toast.isVisible())


def test_it_waits_for_a_window_that_is_behind_and_then_has_its_time(
    toast: Toast, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Wayland a window may come up long after a capture that failed, or on another workspace."""
    is_in_front = [False]
    monkeypatch.setattr(toast._window, "isActiveWindow", lambda: is_in_front[0])
    toast.say("The screen could not be taken.")
    times: list[None] = []
    toast._timer.timeout.connect(lambda: times.append(None))
    toast._timer.start(0)
    qtbot.waitUntil(lambda: len(times) >= 2)
    assert toast.isVisible()
    is_in_front[0] = True
    toast._timer.start(60_000)
    toast._timer.setInterval(7000)
    QCoreApplication.sendEvent(toast._window, QEvent(QEvent.Type.WindowActivate))
    assert 6000 < toast._timer.remainingTime() < 8000  # it is a coarse one
    toast._timer.start(0)
    qtbot.waitUntil(lambda: not toast.isVisible())
