"""The middle of the main window: the bar above, the conversation, and the question with the status line below it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_vlm.ui.conversation.view import COLUMN_WIDTH, MARGIN
from desktop_vlm.ui.theme import set_kind


def fill_middle(
    views: QStackedWidget,
    bar: QWidget,
    find: QWidget,
    conversation: tuple[QStackedWidget, QWidget, QWidget],
    foot: Iterable[QWidget],
) -> None:
    """Put a column into `views`, from the outside inwards and from the top to the bottom, which is Tab's order.

    `conversation` is its place and what is shown there in turn; `foot`, below it, is as wide as its column.
    """
    middle = QWidget()
    views.addWidget(middle)
    column = QVBoxLayout(middle)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(bar)
    line = QFrame()
    set_kind(line, "line")
    column.addWidget(line)
    column.addWidget(find)
    stack, *pages = conversation
    column.addWidget(stack, 1)
    for page in pages:
        stack.addWidget(page)

    below_it = QWidget()
    below_it.setMaximumWidth(COLUMN_WIDTH + 2 * MARGIN)
    centred = QHBoxLayout()
    column.addLayout(centred)
    centred.addStretch(1)
    centred.addWidget(below_it, 1000)
    centred.addStretch(1)
    below = QVBoxLayout(below_it)
    below.setContentsMargins(MARGIN, 4, MARGIN, 0)
    below.setSpacing(6)
    for widget in foot:
        below.addWidget(widget)
