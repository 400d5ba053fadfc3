"""What prose, code and tables have in common: text that can be selected, copied and measured, and does nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QKeySequence, QResizeEvent, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame, QMenu, QTextEdit, QWidget

from desktop_vlm.ui.theme import Theme


class TextPart(QTextEdit):
    """A read-only text as high as its content.

    Only plain text is ever copied, no resource is ever loaded and no link is ever opened. The vertical wheel goes
    to the conversation.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self._heights: dict[int, int] = {}
        self.setProperty("kind", "bare")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QTextEdit.LineWrapMode.FixedPixelWidth)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().setDocumentMargin(0)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.setMinimumSize(0, 0)

    def height_for(self, width: int) -> int:
        """Height in pixels that the text takes at a width."""
        if width not in self._heights:
            self._heights[width] = self._measure(width)
        return self._heights[width]

    def _measure(self, width: int) -> int:
        # A width of its own rather than the viewport's: QTextEdit would lay out again whenever it hears of a new size.
        before = self.lineWrapColumnOrWidth()
        self.lay_out_at(width)
        height = self._content_height(width)
        if self.isVisible() and width != self.width():
            self.setLineWrapColumnOrWidth(before)
        return height

    def lay_out_at(self, width: int) -> None:
        """Break lines for a width."""
        if self.lineWrapColumnOrWidth() != width:
            self.setLineWrapColumnOrWidth(width)

    def _content_height(self, _width: int) -> int:
        return ceil(self.document().size().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.lineWrapMode() == QTextEdit.LineWrapMode.FixedPixelWidth:
            self.lay_out_at(event.size().width())
        super().resizeEvent(event)

    def content_changed(self) -> None:
        """Forget measured heights."""
        self._heights.clear()

    def selected_text(self) -> str:
        """The selection as plain text, formulas as LaTeX."""
        return self.textCursor().selection().toPlainText()

    def clear_selection(self) -> None:
        cursor = self.textCursor()
        if cursor.hasSelection():
            cursor.clearSelection()
            self.setTextCursor(cursor)

    @contextmanager
    def rewriting(self) -> Iterator[None]:
        """Around every change of the text: what was selected stays so, and the view does not move."""
        cursor, bar = self.textCursor(), self.horizontalScrollBar()
        anchor, position, scrolled = cursor.anchor(), cursor.position(), bar.value()
        yield
        last = self.document().characterCount() - 1
        cursor = self.textCursor()
        cursor.setPosition(min(anchor, last))
        cursor.setPosition(min(position, last), QTextCursor.MoveMode.KeepAnchor)
        if (cursor.anchor(), cursor.position()) != (self.textCursor().anchor(), self.textCursor().position()):
            self.setTextCursor(cursor)
        bar.setValue(scrolled)
        self.content_changed()

    def context_menu(self, position: QPoint) -> QMenu:
        """The menu for a place in the viewport."""
        menu = QMenu(self)
        copy = menu.addAction(self.tr("Copy"), self.copy)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setEnabled(self.textCursor().hasSelection())
        menu.addAction(self.tr("Select all"), self.selectAll)
        address = self.anchorAt(position)
        if address:
            menu.addAction(self.tr("Copy link address"), lambda: QApplication.clipboard().setText(address))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.context_menu(event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        data.setText(self.selected_text())
        return data

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        return None

    def wheelEvent(self, event: QWheelEvent) -> None:
        sideways = abs(event.angleDelta().x()) > abs(event.angleDelta().y())
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        bar = self.horizontalScrollBar()
        if bar.maximum() > 0 and (sideways or shifted):
            delta = event.angleDelta().x() or event.angleDelta().y()
            bar.setValue(bar.value() - round(delta / 120 * 60))
            event.accept()
        else:
            event.ignore()
