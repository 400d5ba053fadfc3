"""A display formula, its LaTeX one click away."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QScrollBar, QToolButton, QWidget

from desktop_vlm.markdown.blocks import Code, Formula
from desktop_vlm.markdown.formula import FormulaDrawing, lay_out
from desktop_vlm.ui.markdown.chunks import DISPLAY_SCALE
from desktop_vlm.ui.markdown.code_block import CodeBlock
from desktop_vlm.ui.markdown.formula import draw_formula
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.copy_button import CopyButton
from desktop_vlm.ui.widgets.menu import passing_menu

_SMALLEST = 0.75  # a wide formula is made this much smaller before it scrolls
_SPACE_Y = 6
_SCROLL_BAR_PX = 12


class FormulaBlock(QWidget):
    """Shows a formula in the middle; while its end has yet to come, or when it cannot be drawn, its source.

    Signals:
        height_changed: the source was opened or closed.
        source_made: the widget of the source is there, which is made when it is seen for the first time.
    """

    height_changed = Signal()
    source_made = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._leaf = Formula("")
        self._picture: FormulaDrawing | None = None
        self._made_source: CodeBlock | None = None
        self.source_button = QToolButton(self)
        self.source_button.setCheckable(True)
        self.source_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.source_button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.source_button.setToolTip(self.tr("Show the LaTeX source"))
        self.source_button.setAccessibleName(self.tr("Show the LaTeX source"))
        self.source_button.toggled.connect(self._toggled)
        self.copy_button = CopyButton(theme, lambda: self._leaf.latex, self.tr("Copy LaTeX source"), self, label=False)
        self._bar = QScrollBar(Qt.Orientation.Horizontal, self)
        self._bar.valueChanged.connect(self.update)
        self._restyle_buttons()

    @property
    def is_drawn(self) -> bool:
        """Whether the formula itself is shown, not its source instead."""
        return self._picture is not None

    @property
    def source_shown(self) -> bool:
        return self._picture is None or self.source_button.isChecked()

    def set_leaf(self, leaf: Formula) -> bool:
        """Show this formula. Returns whether anything changed."""
        if leaf == self._leaf:
            return False
        self._leaf = leaf
        if self._made_source is not None:
            self._show_source(self._made_source)
        self.setAccessibleName(self.tr("Formula"))
        self.setAccessibleDescription(leaf.latex)
        self._lay_out()
        return True

    def restyle(self) -> None:
        """Take the theme again."""
        if self._made_source is not None:
            self._made_source.restyle()
        self.copy_button.restyle()
        self._restyle_buttons()
        self._lay_out()

    def lay_out_at(self, width: int) -> None:
        """The drawing does not depend on it."""

    def height_for(self, width: int) -> int:
        """Height in pixels at a width."""
        height = self._drawing_height(width)
        return height + (self._source.height_for(width) if self.source_shown else 0)

    @property
    def _source(self) -> CodeBlock:
        """Made when it is seen for the first time, which most never are."""
        if self._made_source is None:
            self._made_source = CodeBlock(self._theme, self)
            self._show_source(self._made_source)
            self.source_made.emit(self._made_source)
        return self._made_source

    def _show_source(self, block: CodeBlock) -> None:
        block.set_leaf(Code(self._leaf.latex, "latex"), growing=not self._leaf.closed)

    def _lay_out(self) -> None:
        size = round(self._theme.text_px * DISPLAY_SCALE, 1)
        self._picture = lay_out(self._leaf.latex, size, display=True) if self._leaf.closed else None
        for button in (self.source_button, self.copy_button):
            button.setVisible(self._picture is not None)
        self._place()
        self.update()

    def _restyle_buttons(self) -> None:
        self._known_buttons_width: int | None = None
        size = round(self._theme.text_px * 1.05)
        self.source_button.setIconSize(QSize(size, size))
        self.source_button.setIcon(self._theme.icon("code-xml", "faint"))

    def _room(self, width: int) -> int:
        """Width for the drawing: the buttons' width is left free on both sides, so that it stays in the middle."""
        return max(40, width - 2 * self._buttons_width())

    def _buttons_width(self) -> int:
        if self._known_buttons_width is None:
            self._known_buttons_width = self.source_button.sizeHint().width() + self.copy_button.sizeHint().width() + 6
        return self._known_buttons_width

    def _scale(self, width: int) -> float:
        if self._picture is None:
            return 1.0
        return min(1.0, max(_SMALLEST, self._room(width) / self._picture.width))

    def _overflow(self, width: int) -> int:
        if self._picture is None:
            return 0
        return max(0, round(self._picture.width * self._scale(width)) - self._room(width))

    def _drawing_height(self, width: int) -> int:
        if self._picture is None:
            return 0
        height = round(self._picture.height * self._scale(width)) + 2 * _SPACE_Y
        height += _SCROLL_BAR_PX if self._overflow(width) else 0
        return max(height, self.source_button.sizeHint().height())

    def _toggled(self) -> None:
        self._place()
        self.height_changed.emit()

    def _place(self) -> None:
        width, height = self.width(), self._drawing_height(self.width())
        if self.source_shown or self._made_source is not None:
            self._source.setVisible(self.source_shown)
            self._source.setGeometry(0, height, width, self._source.height_for(width))
        copy, source = self.copy_button.sizeHint(), self.source_button.sizeHint()
        middle = height // 2
        self.copy_button.setGeometry(width - copy.width(), middle - copy.height() // 2, copy.width(), copy.height())
        left = width - copy.width() - source.width() - 2
        self.source_button.setGeometry(left, middle - source.height() // 2, source.width(), source.height())
        overflow = self._overflow(width)
        self._bar.setVisible(overflow > 0)
        self._bar.setRange(0, overflow)
        self._bar.setPageStep(self._room(width))
        self._bar.setGeometry(self._buttons_width(), height - _SCROLL_BAR_PX, self._room(width), _SCROLL_BAR_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = passing_menu(self)
        menu.addAction(self.tr("Copy LaTeX source"), lambda: QApplication.clipboard().setText(self._leaf.latex))
        menu.popup(event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._bar.maximum() and abs(event.angleDelta().x()) > abs(event.angleDelta().y()):
            self._bar.setValue(self._bar.value() - event.angleDelta().x() // 2)
            event.accept()
        else:
            event.ignore()

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._picture is None:
            return
        width = self.width()
        scale = self._scale(width)
        room, left = self._room(width), self._buttons_width()
        overflow = self._overflow(width)
        x = left - self._bar.value() if overflow else left + (room - self._picture.width * scale) / 2
        with QPainter(self) as painter:
            painter.setClipRect(left, 0, room, self._drawing_height(width))
            baseline = _SPACE_Y + self._picture.ascent * scale
            draw_formula(painter, self._picture, QPointF(x, baseline), self._theme.colors.text, scale)
