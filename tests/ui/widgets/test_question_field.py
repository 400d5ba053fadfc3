"""The field of a question: where its text begins, and how high it is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.widgets.question_field import QuestionField


def test_a_question_that_reads_from_the_right_begins_there(qtbot: QtBot) -> None:
    field = QuestionField(lambda _mime: False, lambda _mime: True)
    qtbot.addWidget(field)
    field.resize(300, 40)
    field.show()
    field.setPlainText("\u05e9\u05dc\u05d5\u05dd")
    assert field.cursorRect().x() > 250
    field.setPlainText("hello \u05e9\u05dc\u05d5\u05dd")
    assert field.cursorRect().x() < 50
    field.clear()
    assert field.cursorRect().x() < 50


def test_it_is_as_high_as_its_lines_at_every_width(qtbot: QtBot) -> None:
    field = QuestionField(lambda _mime: False, lambda _mime: True)
    qtbot.addWidget(field)
    field.resize(900, 40)
    field.show()
    field.setPlainText("Rindfleischetikettierungsgesetz" * 6)
    found: list[int] = []
    for width in (900, 500, 300, 600):
        field.resize(width, field.height())
        lines = field.document().firstBlock().layout().lineCount()
        assert field.height() == field.fontMetrics().lineSpacing() * min(lines, 9) + 8
        assert not field.horizontalScrollBar().isVisible()
        found.append(lines)
    assert found[1] > found[0]
    assert found[2] > found[3]


class _Drawn(QObject):
    """Notes how wide the parts of a field are that are drawn; a cursor is narrow."""

    def __init__(self, field: QuestionField) -> None:
        super().__init__(field)
        self.widths: list[int] = []
        field.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.widths.append(event.rect().width())
        return False


def test_another_placeholder_is_drawn(qtbot: QtBot) -> None:
    """Seen on Plasma and GNOME: "Ask about the picture" beside two of them."""
    field = QuestionField(lambda _mime: False, lambda _mime: True)
    qtbot.addWidget(field)
    field.resize(300, 40)
    field.setPlaceholderText("Ask about the picture")
    drawn = _Drawn(field)
    field.show()
    qtbot.waitUntil(lambda: max(drawn.widths, default=0) > 250)
    drawn.widths.clear()
    field.setPlaceholderText("Ask about the pictures")
    qtbot.waitUntil(lambda: max(drawn.widths, default=0) > 250)
