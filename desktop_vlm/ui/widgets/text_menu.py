"""The menu of fields that are written into: in the window's words and look, which Qt's own has not."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSpinBox, QLineEdit, QMenu, QPlainTextEdit

from desktop_vlm.ui.widgets.menu import passing_menu

TextField = QLineEdit | QPlainTextEdit
_Keys = QKeySequence.StandardKey


def use_text_menu(widget: TextField | QAbstractSpinBox) -> None:
    """Give a field the menu, for the right mouse button and the key for menus."""
    field = widget.lineEdit() if isinstance(widget, QAbstractSpinBox) else widget
    surface = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    widget.customContextMenuRequested.connect(lambda place: text_menu(field).popup(surface.mapToGlobal(QPoint(place))))


def text_menu(field: TextField) -> QMenu:
    """What can be done with the text of a field; deleted once it is closed."""
    menu = passing_menu(field)
    if isinstance(field, QLineEdit):
        text, selected = field.text(), field.hasSelectedText()
        undoes, redoes = field.isUndoAvailable(), field.isRedoAvailable()
        is_secret = field.echoMode() != QLineEdit.EchoMode.Normal
    else:
        text, selected, is_secret = field.toPlainText(), field.textCursor().hasSelection(), False
        undoes, redoes = field.document().isUndoAvailable(), field.document().isRedoAvailable()

    def add(words: str, do: Callable[[], object], keys: QKeySequence.StandardKey, *, can: bool) -> None:
        entry = menu.addAction(words, do)
        entry.setShortcut(keys)
        entry.setEnabled(can)

    if field.isReadOnly():
        add(_tr("Copy"), field.copy, _Keys.Copy, can=selected)
    else:
        add(_tr("Undo"), field.undo, _Keys.Undo, can=undoes)
        add(_tr("Redo"), field.redo, _Keys.Redo, can=redoes)
        menu.addSeparator()
        add(_tr("Cut"), field.cut, _Keys.Cut, can=selected and not is_secret)
        add(_tr("Copy"), field.copy, _Keys.Copy, can=selected and not is_secret)
        # Whether there is something to paste is not asked: who owns the clipboard may take long to answer.
        add(_tr("Paste"), field.paste, _Keys.Paste, can=True)
        menu.addSeparator()
    add(_tr("Select all"), field.selectAll, _Keys.SelectAll, can=bool(text))
    return menu


def _tr(words: str) -> str:
    return QCoreApplication.translate("TextMenu", words)
