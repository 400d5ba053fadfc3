"""The middle of the main window: the bar above, the conversation, and the question with the status line below it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_vlm.ui.conversation.view import COLUMN_WIDTH, MARGIN
from desktop_vlm.ui.theme import set_kind


def middle_column(
    bar: QWidget, find: QWidget, conversation: QWidget, composer: QWidget, status: QWidget, *above: QWidget
) -> QWidget:
    """Put them one below the other; the lower ones are as wide as the conversation's column, `above` the question."""
    foot = QWidget()
    foot.setMaximumWidth(COLUMN_WIDTH + 2 * MARGIN)
    below = QVBoxLayout(foot)
    below.setContentsMargins(MARGIN, 4, MARGIN, 0)
    below.setSpacing(6)
    for widget in above:
        below.addWidget(widget)
    below.addWidget(composer)
    below.addWidget(status)
    centred = QHBoxLayout()
    centred.addStretch(1)
    centred.addWidget(foot, 1000)
    centred.addStretch(1)
    line = QFrame()
    set_kind(line, "line")
    middle = QWidget()
    column = QVBoxLayout(middle)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(bar)
    column.addWidget(line)
    column.addWidget(find)
    column.addWidget(conversation, 1)
    column.addLayout(centred)
    return middle
