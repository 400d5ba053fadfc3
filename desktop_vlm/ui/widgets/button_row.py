"""The buttons at the lower end of a dialog, in one order everywhere: what is meant stands last."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QPushButton

from desktop_vlm.ui.theme import set_kind


def button_row(*buttons: QPushButton) -> QHBoxLayout:
    """A row of buttons at the right, in this order."""
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    return row


def dialog_button(words: str, do: Callable[[], object], kind: str = "") -> QPushButton:
    """A button for such a row; Return presses the one that has the focus, else the primary one."""
    button = QPushButton(words)
    set_kind(button, kind)
    button.setDefault(kind == "primary")
    button.clicked.connect(lambda _checked=False: do())
    return button
