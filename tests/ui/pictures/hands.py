"""Keys and mouse, as a person uses them; pytest-qt's own are not typed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def press(widget: QWidget, key: Qt.Key) -> None:
    QTest.keyClick(widget, key)


def click(widget: QWidget, at: QPoint | None = None) -> None:
    QTest.mouseClick(widget, _LEFT, _NONE, at or widget.rect().center())


def hover(widget: QWidget, at: QPoint) -> None:
    QTest.mouseMove(widget, at)


def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(widget, _LEFT, _NONE, start)
    QTest.mouseMove(widget, end)
    QTest.mouseRelease(widget, _LEFT, _NONE, end)
