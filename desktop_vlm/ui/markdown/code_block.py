"""A code block: a card with the language, a copy button, and highlighted code that scrolls sideways."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from math import ceil
from time import perf_counter

from PySide6.QtCore import QMimeData, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QLabel, QTextEdit, QWidget

from desktop_vlm.images.text_layer.claims import Passage, PassageKind
from desktop_vlm.markdown.as_html import code_html
from desktop_vlm.markdown.beside import do_beside
from desktop_vlm.markdown.blocks import Code
from desktop_vlm.markdown.highlight import (
    DARK,
    LIGHT,
    Run,
    colored_lines,
    is_ready,
    language_title,
    lexer_of,
    restart_line,
)
from desktop_vlm.ui.markdown import rich_copy
from desktop_vlm.ui.markdown.marks import MarkKind
from desktop_vlm.ui.markdown.text_part import TextPart
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.copy_button import CopyButton
from desktop_vlm.ui.widgets.painting import draw_icon
from desktop_vlm.ui.widgets.turn import Turn

_LINE_HEIGHT = 1.5
_RADIUS = 10
_PADDING = 14
_SCROLL_BAR_PX = 12
_OVERLAP = _PADDING - 4  # of the code's own margin and the header
_ENDLESS = 2_000  # characters of a line
_LINES_AT_ONCE = 12  # coloured before the time is looked at
_WAIT_MS = 10  # for a lexer that is made ready
_HIGHLIGHT_SHARE = 8  # while code streams in, colouring takes at most one part in so many of the time


@dataclass
class _Coloring:
    """Code that is being coloured: from which line on, and since when."""

    code: str
    line: int
    begun: float
    begun_to_color: bool = False
    lines: Iterator[list[Run]] | None = None


class CodeText(TextPart):
    """The code itself. Colours lie on the layout, not in the document, so that only changed lines are touched."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._code = ""
        self._language = ""
        self._runs: list[list[Run]] = []
        self._growing = False
        self._next_highlight = 0.0
        self._coloring: _Coloring | None = None
        self._color_soon = QTimer(self, singleShot=True)
        self._color_soon.timeout.connect(self._color_more)
        self.set_margin()

    def set_margin(self) -> None:
        self.document().setDocumentMargin(_PADDING)

    @property
    def code(self) -> str:
        return self._code

    @property
    def language(self) -> str:
        return self._language

    @property
    def is_coloring(self) -> bool:
        """Whether some of it gets its colours in the next turns of the event loop."""
        return self._coloring is not None

    def selected_html(self) -> str:
        return code_html(self.selected_text(), self._language)

    def set_code(self, code: str, language: str, *, growing: bool) -> bool:
        """Show this; code that only grew is appended. Returns whether anything changed."""
        changed = code != self._code
        finished = len(self._code) if growing and language == self._language and code.startswith(self._code) else 0
        if changed:
            self._wrap(code)
            self._write(code)
        if changed or language != self._language or growing != self._growing:
            self._language, self._growing = language, growing
            self._color(finished)
        return changed

    def _wrap(self, code: str) -> None:
        """A line without end is broken where it meets the edge: Qt would take long, and nobody scrolls so far."""
        endless = len(code) > _ENDLESS and max(map(len, code.split("\n"))) > _ENDLESS
        mode = QTextEdit.LineWrapMode.FixedPixelWidth if endless else QTextEdit.LineWrapMode.NoWrap
        if mode is not self.lineWrapMode():
            if self._runs:  # Qt's time for it grows with the square of the coloured runs of a line
                self._write_uncolored()
            self.setLineWrapMode(mode)
            self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere if endless else QTextOption.WrapMode.NoWrap)
            self.content_changed()

    def _write_uncolored(self) -> None:
        """Begin again, without text."""
        self._coloring, self._runs, self._code = None, [], ""
        self.document().clear()

    def restyle(self) -> None:
        """Take the theme again."""
        code, self._code, self._runs = self._code, "", []
        self._write(code)
        self._color()

    def _write(self, code: str) -> None:
        with self.rewriting():
            self._rewrite(code)
        self._code = code
        self.setTabStopDistance(4 * QFontMetricsF(self.theme.mono_font()).horizontalAdvance(" "))

    def _rewrite(self, code: str) -> None:
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        appended = bool(self._code) and code.startswith(self._code)
        if not appended:
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.removeSelectedText()
            self._runs = []
            lines = QTextBlockFormat()
            height = round(self.theme.mono_font().pixelSize() * _LINE_HEIGHT)
            lines.setLineHeight(height, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
            cursor.setBlockFormat(lines)
            look = QTextCharFormat()
            look.setFont(self.theme.mono_font())
            look.setForeground(self.theme.color("text"))
            cursor.setBlockCharFormat(look)
            cursor.setCharFormat(look)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(code[len(self._code) :] if appended else code)
        cursor.endEditBlock()

    def _color(self, finished: int = 0) -> None:
        """Colour the code; what lay within its first `finished` characters mostly is already."""
        begun = perf_counter()
        if finished and begun < self._next_highlight:
            return
        first = min(restart_line(self._code, finished), len(self._runs)) if finished else 0
        lines = self._code.split("\n")[first:] if first else []
        code = "\n".join(lines) if first else self._code
        self._coloring = _Coloring(code, first, begun)
        self._color_more()

    def _color_more(self) -> None:
        """Colour some more lines; the rest in the next turns of the event loop."""
        coloring = self._coloring
        if coloring is None:
            return
        if coloring.lines is None:
            if not is_ready(self._language):
                do_beside([(("lexer", self._language.lower()), partial(lexer_of, self._language))])
                self._color_soon.start(_WAIT_MS)
                return
            coloring.lines = colored_lines(coloring.code, self._language)
        while Turn.has_time() or not coloring.begun_to_color:
            coloring.begun_to_color = True
            runs = list(islice(coloring.lines, _LINES_AT_ONCE))
            self._show_runs(coloring.line, runs)
            coloring.line += len(runs)
            if len(runs) < _LINES_AT_ONCE:
                self._coloring = None
                self._show_runs(coloring.line, [[] for _ in range(coloring.line, len(self._runs))])
                self._next_highlight = coloring.begun + (perf_counter() - coloring.begun) * _HIGHLIGHT_SHARE
                return
        self._color_soon.start(1)

    def _show_runs(self, first: int, lines: Sequence[list[Run]]) -> None:
        """Colour lines from one on; those that are coloured so already are not touched."""
        colors = DARK if self.theme.is_dark else LIGHT
        looks: dict[str, QTextCharFormat] = {}
        document = self.document()
        document.size()  # lays out the rest: where a change comes before, Qt takes what is above it for all there is
        dirty, end = -1, 0
        for number, line in enumerate(lines, first):
            if number == len(self._runs):
                self._runs.append([])
            if self._runs[number] == line:
                continue
            self._runs[number] = line
            ranges = []
            for run in line:
                if run.role not in looks:
                    looks[run.role] = QTextCharFormat()
                    looks[run.role].setForeground(QColor(getattr(colors, run.role)))
                one = QTextLayout.FormatRange()
                one.start, one.length, one.format = run.start, run.length, looks[run.role]
                ranges.append(one)
            block = document.findBlockByNumber(number)
            block.layout().setFormats(ranges)
            dirty = block.position() if dirty < 0 else dirty
            end = block.position() + block.length()
        if dirty >= 0:
            document.markContentsDirty(dirty, min(end, document.characterCount()) - dirty)

    def passages(self) -> list[tuple[Passage, int]]:
        kind = PassageKind.JSON if self._language == "json" else PassageKind.CODE
        return [(Passage(kind, self._code, language=self._language), 0)]

    @safe_paint
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._marks.draw(painter, event.rect(), self.horizontalScrollBar().value())
        super().paintEvent(event)
        if self._language == "json" and self.marks:
            with QPainter(self.viewport()) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._draw_ticks(painter, event.rect())

    def _draw_ticks(self, painter: QPainter, area: QRect) -> None:
        """A column at the left: a tick where all of a line stands in the picture, a ring where something does not."""
        if self.horizontalScrollBar().value():  # the code goes on below
            painter.fillRect(QRectF(0, 0, _PADDING, self.viewport().height() - _RADIUS), self.theme.color("code"))
        size = round(self.theme.text_px * 0.8)
        lines: dict[float, bool] = {}
        for mark, block, box in self._marks.visible(area):
            line = block.layout().lineAt(0)
            middle = box.top() + line.y() + line.ascent() - size * 0.36  # of its letters
            lines[middle] = lines.get(middle, False) or mark.kind is MarkKind.MISSING
        for middle, missing in lines.items():
            icon = self.theme.icon("circle-dashed", "warning") if missing else self.theme.icon("check", "success")
            draw_icon(painter, icon, QPointF(_PADDING / 2 + 0.5, middle), size)

    def _measure(self, width: int) -> int:
        if self.lineWrapMode() is QTextEdit.LineWrapMode.FixedPixelWidth:
            return super()._measure(width)
        size = self.document().size()
        return ceil(size.height()) + (_SCROLL_BAR_PX if size.width() > width else 0)


class CodeBlock(QWidget):
    """Header and code; of long code one part.

    Attributes:
        whole: returns all of the code of which this is a part.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._part, self._more = 0, False
        self.whole: Callable[[], str] = lambda: self.text.code
        self._language = QLabel(self)
        self._language.setTextFormat(Qt.TextFormat.PlainText)
        self._language.setProperty("kind", "caption")
        self.text = CodeText(theme, self)
        self.copy_button = CopyButton(theme, self._all, self.tr("Copy code"), self, label=True)
        self.setTabOrder(self.copy_button, self.text)

    def set_leaf(self, leaf: Code, *, growing: bool = False) -> bool:
        """Show this code; `growing` while more is expected. Returns whether the text changed."""
        if (leaf.part, leaf.more) != (self._part, self._more):
            self._part, self._more = leaf.part, leaf.more
            self._language.setVisible(not leaf.part)
            self.copy_button.setVisible(not leaf.part)
            self.update()
        title = language_title(leaf.language)
        self._language.setText(title or self.tr("Code"))
        self.text.setAccessibleName(self.tr("%s code") % title if title else self.tr("Code"))
        shown = leaf.text.removesuffix("\n") if leaf.more else leaf.text
        return self.text.set_code(shown, leaf.language, growing=growing)

    def lay_out_at(self, width: int) -> None:
        """Break lines for a width."""
        self.text.lay_out_at(width - 2)

    def height_for(self, width: int) -> int:
        """Height in pixels at a width."""
        head = 0 if self._part else self._header_height() - _OVERLAP
        return head + self.text.height_for(width - 2) + (0 if self._more else 1)

    def restyle(self) -> None:
        """Take the theme again."""
        self.copy_button.restyle()
        self.text.restyle()
        self.update()

    def _all(self) -> QMimeData:
        return rich_copy.code(self.whole(), self.text.language)

    def _header_height(self) -> int:
        return round(self._theme.text_px * 2.4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        head = self._header_height()
        button = self.copy_button.sizeHint()
        self.copy_button.setGeometry(
            self.width() - button.width() - 6, (head - button.height()) // 2 + 1, *_pair(button)
        )
        self._language.setGeometry(_PADDING, 1, max(0, self.copy_button.x() - _PADDING - 6), head)
        top = 0 if self._part else head - _OVERLAP
        self.text.setGeometry(1, top, self.width() - 2, self.height() - top - (0 if self._more else 1))

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_card(self, self._theme, above=self._part > 0, below=self._more)


def draw_card(widget: QWidget, theme: Theme, *, above: bool = False, below: bool = False) -> None:
    """Rounded background of code over the whole widget; it goes on above or below it where they say so."""
    with QPainter(widget) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(theme.color("code"))
        top, bottom = -2 * _RADIUS if above else 0.5, 2 * _RADIUS if below else -0.5
        painter.drawRoundedRect(QRectF(widget.rect()).adjusted(0.5, top, -0.5, bottom), _RADIUS, _RADIUS)


def _pair(size: object) -> tuple[int, int]:
    return size.width(), size.height()  # type: ignore[attr-defined]
