"""A text to be read in a window of its own."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_vlm.ui.widgets.button_row import button_row, dialog_button
from desktop_vlm.ui.widgets.on_screen import keep_on_screen
from desktop_vlm.ui.widgets.text_menu import use_text_menu


def show_text(parent: QWidget, title: str, text: str) -> QDialog:
    """Show it, and return at once; it is gone when it is closed."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    shown = QPlainTextEdit(text)
    shown.setReadOnly(True)
    use_text_menu(shown)
    shown.setAccessibleName(title)
    close = QCoreApplication.translate("TextDialog", "Close")
    dialog.finished.connect(dialog.deleteLater)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(20, 18, 20, 16)
    column.setSpacing(12)
    column.addWidget(shown, 1)
    column.addLayout(button_row(dialog_button(close, dialog.reject)))
    keep_on_screen(dialog, QSize(560, 420))
    dialog.open()
    return dialog
