"""The text of a question being changed, with what to do with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.escape import Claim
from desktop_vlm.ui.widgets.question_field import QuestionField


class Editor(QFrame):
    """Enter asks (or Ctrl+Enter, as in the composer), the other one begins a line, Escape gives up.

    Attributes:
        field: the text.

    Signals:
        sent: the text to ask.
        cancelled: the person gave up.
    """

    sent = Signal(str)
    cancelled = Signal()

    def __init__(self, theme: Theme, text: str, *, needs_text: bool, waits: bool = False) -> None:
        """Make it.

        Args:
            theme: of the window.
            text: to begin with.
            needs_text: there are no pictures that could be asked about without a word.
            waits: the question is not asked yet.
        """
        super().__init__()
        self._needs_text = needs_text
        set_kind(self, "composer")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 12, 12)
        column.setSpacing(8)
        self.field = QuestionField(lambda _mime: False, lambda _mime: True)
        self.field.setPlainText(text)
        self.field.setAccessibleName(self.tr("Edit the question"))
        self.field.setFont(theme.font())
        self.field.entered.connect(self._enter)
        self.field.focus_changed.connect(self._show_focus)
        self.field.textChanged.connect(self._update)
        column.addWidget(self.field)
        row = QHBoxLayout()
        stays = self.tr("The old version stays: use the arrows below the message.")
        self._hint = QLabel(self.tr("This question is not asked yet.") if waits else stays)
        self._hint.setProperty("kind", "caption")
        self._hint.setWordWrap(True)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setToolTip(self.tr("Cancel (Esc)"))
        self._send = QPushButton(self.tr("Change") if waits else self.tr("Ask again"))
        self._send.setProperty("kind", "primary")
        cancel.clicked.connect(self.cancelled)
        self._send.clicked.connect(self._enter)
        row.addWidget(self._hint, 1)
        row.addWidget(cancel)
        row.addWidget(self._send)
        column.addLayout(row)
        self._update()

    def focus(self) -> None:
        """Go on writing at the end of the text."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.moveCursor(QTextCursor.MoveOperation.End)

    def claim_escape(self) -> Claim:
        self.cancelled.emit()
        return Claim.LEAVE

    def _enter(self) -> None:
        if self._send.isEnabled():
            self.sent.emit(self.field.toPlainText())

    def _update(self) -> None:
        self._send.setEnabled(bool(self.field.toPlainText().strip()) or not self._needs_text)

    def _show_focus(self, focused: bool) -> None:
        self.setProperty("focused", focused)
        set_kind(self, "composer")
