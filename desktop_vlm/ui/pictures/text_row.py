"""Below a picture in the panel: its text that goes along with questions, and the switch for it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout

from desktop_vlm.ui.pictures.composite_state import EntryText, text_summary
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.text_menu import use_text_menu
from desktop_vlm.ui.widgets.toggle import Toggle

_LEFT = 58
"""Where the text of the picture's row begins, px."""
_MOST_LINES = 9
"""Shown at once; more are scrolled."""


class TextRow(QFrame):
    """How many lines go along, the lines themselves when it is opened, and a switch.

    Signals:
        switched: whether the lines shall go along.
    """

    switched = Signal(bool)

    def __init__(self, theme: Theme, name: str) -> None:
        """`name` is the picture's, for screen readers."""
        super().__init__()
        self._theme = theme
        self._text = EntryText()
        self.head = QPushButton()
        self.head.setProperty("kind", "caption")
        self.head.setCheckable(True)
        self.head.toggled.connect(self._open)
        self.toggle = Toggle(theme, self.tr("Text of {0} goes along with questions").format(name))
        self.toggle.clicked.connect(lambda: self.switched.emit(self.toggle.isChecked()))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 4, 0)
        row.addWidget(self.head)
        row.addStretch(1)
        row.addWidget(self.toggle)
        self.lines = QPlainTextEdit()
        use_text_menu(self.lines)
        self.lines.setReadOnly(True)
        self.lines.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.lines.setAccessibleName(self.tr("Text of {0}").format(name))
        self.lines.setTabChangesFocus(True)
        set_kind(self.lines, "code")
        self.lines.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(_LEFT, 0, 4, 8)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.lines)
        theme.changed.connect(self._restyle)

    def show_text(self, text: EntryText) -> None:
        """Show what goes along of one picture."""
        shown = "\n".join(line or "\u2026" for line in text.lines)
        if self._text.lines != text.lines:
            self.lines.setPlainText(shown)
        self._text = text
        self.head.setText(text_summary(text))
        self.head.setEnabled(bool(text.lines))
        self.toggle.setChecked(text.is_on)
        self.toggle.setVisible(bool(text.lines))
        self._restyle()

    def _open(self, is_open: bool) -> None:
        self.lines.setVisible(is_open)
        self._restyle()

    def _restyle(self) -> None:
        icon = "chevron-down" if self.head.isChecked() else "chevron-right"
        self.head.setIcon(self._theme.icon(icon if self._text.lines else "clock", "faint"))
        self.head.setIconSize(QSize(1, 1) * self._theme.scaled(14))
        height = self.lines.fontMetrics().lineSpacing() * min(_MOST_LINES, len(self._text.lines) or 1)
        self.lines.setFixedHeight(height + 22)
