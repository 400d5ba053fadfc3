"""What prose, code and tables have in common: text that can be selected, copied and measured, and does nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import ceil

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QMenu, QTextEdit, QToolTip, QWidget

from desktop_vlm.history.folding import spans
from desktop_vlm.images.text_layer.claims import Passage
from desktop_vlm.ui.markdown import rich_copy
from desktop_vlm.ui.markdown.inline import utf16_length
from desktop_vlm.ui.markdown.marks import MarkKind, MarkPainter, PlacedMark
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.menu import Menu

_MOST_SAID = 20
"""Texts that are read out as not found."""


_MOST_LIT = 500
"""Places of a search in one text; a single letter is nearly everywhere."""


class TextPart(QTextEdit):
    """A read-only text as high as its content.

    What is copied loads nothing, no resource is ever loaded and no link is ever opened. The vertical wheel goes
    to the conversation.

    Signals:
        mark_hovered: key of the mark under the pointer, -1 for none.
        mark_opened: key of a mark of something found that was clicked, or Enter was pressed in it.
    """

    mark_hovered = Signal(int)
    mark_opened = Signal(int)

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
        self.viewport().setMouseTracking(True)
        self._marks = MarkPainter(theme, self.document())
        self._pressed_at: QPoint | None = None
        self._lit: list[tuple[int, int]] = []
        self._hit = -1

    # --- marks

    def passages(self) -> list[tuple[Passage, int]]:
        """What is read here, and at which position of the document each passage begins."""
        return []

    @property
    def marks(self) -> list[PlacedMark]:
        return self._marks.marks

    def set_marks(self, marks: Sequence[PlacedMark]) -> None:
        """Show these instead; they go when the text changes."""
        if not marks and not self._marks.marks:
            return
        self._point_at(None)
        self._marks.set_marks(marks)
        missing = [mark for mark in self.marks if mark.kind is MarkKind.MISSING][:_MOST_SAID]
        texts = "; ".join(map(self._text_of, missing))
        said = self.tr("Not found in the picture: {0}").format(texts) if texts else ""
        self.setAccessibleDescription(said)
        self.viewport().update()

    def light_mark(self, key: int) -> None:
        """Point out a mark; -1 for none."""
        if key != self._marks.lit:
            self._marks.lit = key
            self.viewport().update()

    def mark_at(self, place: QPoint) -> PlacedMark | None:
        """The mark at a place of the viewport."""
        if not self.marks:
            return None
        scrolled = QPointF(place.x() + self.horizontalScrollBar().value(), place.y())
        hit = self.document().documentLayout().hitTest(scrolled, Qt.HitTestAccuracy.ExactHit)
        return self._marks.at(hit) if hit >= 0 else None

    def _text_of(self, mark: PlacedMark) -> str:
        cursor = QTextCursor(self.document())
        cursor.setPosition(mark.start)
        cursor.setPosition(mark.end, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selection().toPlainText().strip()

    def _point_at(self, mark: PlacedMark | None) -> None:
        found = mark is not None and mark.kind is MarkKind.FOUND
        shape = Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.IBeamCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)
        key = mark.key if mark is not None else -1
        if key != self._marks.lit:
            self.light_mark(key)
            self.mark_hovered.emit(key)

    def tip_at(self, place: QPoint) -> str:
        """What a place of the viewport says when the pointer rests there; may be empty."""
        mark = self.mark_at(place)
        if mark is None:
            return ""
        return (
            self.tr("Click to see it in the picture")
            if mark.kind is MarkKind.FOUND
            else self.tr("Not found in the picture")
        )

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            tip = self.tip_at(event.pos())
            QToolTip.showText(event.globalPos(), plain_tip(tip), self) if tip else QToolTip.hideText()
            return True
        if event.type() == QEvent.Type.Leave:
            self._point_at(None)
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self.marks:
            self._point_at(None if event.buttons() else self.mark_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        place, pressed = event.position().toPoint(), self._pressed_at
        self._pressed_at = None
        if pressed is None or self.textCursor().hasSelection():
            return
        if (place - pressed).manhattanLength() < QApplication.startDragDistance():
            self._open_mark(self.mark_at(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        mark = self._marks.at(self.textCursor().position())
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and mark is not None:
            self._open_mark(mark)
        else:
            super().keyPressEvent(event)

    def _open_mark(self, mark: PlacedMark | None) -> None:
        if mark is not None and mark.kind is MarkKind.FOUND:
            self.mark_opened.emit(mark.key)

    # --- measuring

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

    def selected_html(self) -> str:
        """The selection for programs that take looks; "" where it has none."""
        return ""

    def light_up(self, words: Sequence[str]) -> None:
        """Show where words stand, as a search finds them; () ends it. Text and selection stay as they are."""
        text = self.document().toPlainText() if words else ""
        self._lit = self._as_read(_in_utf16(text, spans(text, words)))
        self._show_lit(-1)

    def _as_read(self, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Places of the document, from their first to their last characters, in the order in which they are read."""
        return places

    @property
    def n_lit(self) -> int:
        """How many places of a search there are; only the first of very many are lit up."""
        return len(self._lit)

    @property
    def hit(self) -> int:
        """Number of the place that is pointed out; -1 for none."""
        return self._hit

    def light_hit(self, number: int) -> int:
        """Point out one of the places; its upper edge, px of this widget."""
        self._show_lit(number)
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._lit[number][0])
        place, bar = self.cursorRect(cursor), self.horizontalScrollBar()
        if not 0 <= place.x() < self.viewport().width():
            bar.setValue(bar.value() + place.x() - self.viewport().width() // 3)
        return place.top()

    def light_no_hit(self) -> None:
        """Point out none of them."""
        if self._hit >= 0:
            self._show_lit(-1)

    def _show_lit(self, hit: int) -> None:
        self._hit = hit
        shown = [*range(min(len(self._lit), _MOST_LIT)), *([hit] if hit >= _MOST_LIT else [])]
        lit = []
        for number in shown:
            one = QTextEdit.ExtraSelection()
            one.format.setBackground(self.theme.color("accent" if number == hit else "found"))
            one.format.setForeground(self.theme.color("on_accent" if number == hit else "text"))
            cursor = QTextCursor(self.document())
            cursor.setPosition(self._lit[number][0])
            cursor.setPosition(self._lit[number][1], QTextCursor.MoveMode.KeepAnchor)
            one.cursor = cursor
            lit.append(one)
        if lit or self.extraSelections():
            self.setExtraSelections(lit)

    def lit_texts(self) -> list[str]:
        """What is lit up, in order."""
        return [one.cursor.selectedText() for one in self.extraSelections()]

    def lit_top(self) -> int | None:
        """Upper edge of the first place that is lit up, px of this widget; None where there is none."""
        for one in self.extraSelections():
            start = QTextCursor(self.document())
            start.setPosition(one.cursor.selectionStart())
            return self.cursorRect(start).top()
        return None

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
        menu = Menu(self)
        copy = menu.addAction(self.tr("Copy"), self.copy)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setEnabled(self.textCursor().hasSelection())
        menu.addAction(self.tr("Select all"), self.selectAll)
        mark = self.mark_at(position)
        if mark is not None and mark.kind is MarkKind.FOUND:
            menu.addAction(self.tr("Show in the picture"), lambda: self.mark_opened.emit(mark.key))
        address = self.anchorAt(position)
        if address:
            menu.addAction(self.tr("Copy link address"), lambda: QApplication.clipboard().setText(address))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.context_menu(event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def createMimeDataFromSelection(self) -> QMimeData:
        return rich_copy.rich(self.selected_text(), self.selected_html())

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


def _in_utf16(text: str, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places of a text as the document counts them."""
    if text.isascii():
        return list(places)
    made, before, at = [], 0, 0
    for start, end in places:
        begin = before + utf16_length(text[at:start])
        before, at = begin + utf16_length(text[start:end]), end
        made.append((begin, before))
    return made


def plain_tip(text: str) -> str:
    """As a tooltip that Qt does not take for HTML."""
    shown = text if len(text) <= 400 else text[:400] + "\u2026"
    escaped = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<p style='white-space: pre-wrap'>{escaped}</p>"
