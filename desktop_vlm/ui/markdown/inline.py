"""Runs of text into a document: looks, links, code on its own background, formulas on the line."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextLine,
)
from PySide6.QtWidgets import QTextEdit

from desktop_vlm.markdown.blocks import Span, Style
from desktop_vlm.markdown.formula import FormulaDrawing, lay_out
from desktop_vlm.ui.markdown.formula import draw_formula
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint, safe_result

OBJECT = "\ufffc"
_FORMULA_TYPE = QTextFormat.ObjectTypes.UserObject.value + 1
_LATEX = QTextFormat.Property.UserProperty.value + 1
_DISPLAY = QTextFormat.Property.UserProperty.value + 2
FORMULA_SCALE = 1.12  # STIX letters look smaller than those of the interface font
_LINE_SEPARATOR = "\u2028"
# On both sides of inline code, as wide as its letter spacing: an invisible character that breaks lines like a letter.
# `make_visible` lets none of the text's own through, and it is never copied.
_PAD = "\u2063"
_PAD_PX = 3
# Qt's time to break an endless word grows with the square of its length: an invisible break every so often.
_ENDLESS = re.compile(r"(\S{500})(?=\S)")
_BREAK = "\u200b"  # `make_visible` lets none of the text's own through


class _FormulaObject(QPyTextObject):
    """Draws formulas inside text, their baseline on the text's."""

    def __init__(self, theme: Theme, parent: QTextDocument) -> None:
        super().__init__(parent)
        self._theme = theme

    @safe_result(lambda: QSizeF(0, 0))
    def intrinsicSize(self, _doc: QTextDocument, _position: int, format_: QTextFormat) -> QSizeF:
        picture = _picture(format_)
        if picture is None:
            return QSizeF(0, 0)
        if not _hangs(format_, picture):
            return QSizeF(picture.width, picture.ascent + 1)
        # With AlignMiddle Qt puts (height + x-height/2) / 2 above the baseline and the rest below.
        half_x = _half_x(format_)
        return QSizeF(picture.width, max(2 * picture.ascent - half_x, 2 * picture.descent + half_x) + 2)

    @safe_paint
    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, _doc: QTextDocument, _position: int, format_: QTextFormat
    ) -> None:
        picture = _picture(format_)
        if picture is not None:
            above = (rect.height() + _half_x(format_)) / 2 if _hangs(format_, picture) else rect.height()
            draw_formula(painter, picture, QPointF(rect.left(), rect.top() + above), self._theme.colors.text)


class InlineWriter:
    """Writes spans into one document, and draws what lies behind them."""

    def __init__(self, theme: Theme, document: QTextDocument) -> None:
        self._theme = theme
        self._document = document
        self._formats: dict[tuple[Style, float], QTextCharFormat] = {}
        self._code: list[tuple[int, int]] = []
        self._object = _FormulaObject(theme, document)
        document.documentLayout().registerHandler(_FORMULA_TYPE, self._object)

    def restyle(self) -> None:
        """Forget everything of the old theme; the document is about to be written again."""
        self._formats.clear()
        self._code.clear()

    def cut(self, position: int) -> None:
        """The document now ends here."""
        while self._code and self._code[-1][1] > position:
            start, _ = self._code.pop()
            if start < position:
                self._code.append((start, position))
                break

    def length(self, span: Span) -> int:
        """Characters of a span in the document, as Qt counts them."""
        return utf16_length(self._shown(span))

    def shared_length(self, old: Sequence[Span], new: Sequence[Span]) -> int:
        """How many characters of the old spans can stay when the new ones are written."""
        length = 0
        for before, after in zip(old, new, strict=False):
            if before == after:
                length += self.length(before)
                continue
            if before[1:] == after[1:] and after.text.startswith(before.text) and not after.style & Style.FORMULA:
                length += self.length(before) - (1 if before.style & Style.CODE else 0)
            break
        return length

    def write(
        self, cursor: QTextCursor, spans: Sequence[Span], base: Style = Style.PLAIN, scale: float = 1.0, skip: int = 0
    ) -> None:
        """Insert the spans, all in `base` and at `scale`, but for the first `skip` characters, which are there."""
        for span in spans:
            text = self._shown(span)
            if skip:
                length = utf16_length(text)
                text = text.encode("utf-16-le")[2 * skip :].decode("utf-16-le", "replace")
                skip = max(0, skip - length)
            if text == OBJECT:
                self._write_formula(cursor, span, base, scale)
            elif text.endswith(_PAD):
                self._write_code(cursor, text, span, base, scale)
            else:
                cursor.insertText(text, self.format(span, scale, base))

    def _shown(self, span: Span) -> str:
        if span.style & Style.FORMULA and self._lay_out(span, 1.0) is not None:
            return OBJECT
        text = _ENDLESS.sub(rf"\1{_BREAK}", span.text) if len(span.text) > 500 else span.text
        if span.style & (Style.CODE | Style.FORMULA):
            return f"{_PAD}{text.replace(chr(10), ' ')}{_PAD}"
        return text.replace("\n", _LINE_SEPARATOR)

    def _write_code(self, cursor: QTextCursor, text: str, span: Span, base: Style, scale: float) -> None:
        look = self.format(Span("", (span.style & ~Style.FORMULA) | Style.CODE, span.href), scale, base)
        pad = QTextCharFormat(look)
        pad.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
        pad.setFontLetterSpacing(_PAD_PX)
        start = cursor.position()
        if text.startswith(_PAD) and len(text) > 1:
            cursor.insertText(_PAD, pad)
        cursor.insertText(text.strip(_PAD), look)
        cursor.insertText(_PAD, pad)
        if self._code and self._code[-1][1] == start:
            start, _ = self._code.pop()
        self._code.append((start, cursor.position()))

    def format(self, span: Span, scale: float, base: Style = Style.PLAIN) -> QTextCharFormat:
        """The look of a span."""
        style = span.style | base
        found = self._formats.get((style, scale))
        if found is None:
            found = self._formats[style, scale] = self._make_format(style, scale)
        if not span.href:
            return found
        linked = QTextCharFormat(found)
        linked.setAnchor(True)
        linked.setAnchorHref(span.href)
        linked.setForeground(self._theme.color("link"))
        linked.setFontUnderline(True)
        return linked

    def format_font(self, style: Style) -> QFont:
        """The font of running text in a style."""
        return self.format(Span(""), 1.0, style).font()

    def draw_code(self, painter: QPainter, area: QRect, offset: float = 0.0, *, in_table: bool = False) -> None:
        """Rounded backgrounds of the inline code in an area; in a table what comes later can be higher up."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("hover"))
        layout = self._document.documentLayout()
        height = self._theme.text_px * 1.28
        edges = 0.0, self._document.size().width()  # a line begins at either
        above, below = (
            [layout.hitTest(QPointF(x, y), Qt.HitTestAccuracy.FuzzyHit) for x in edges]
            for y in (area.top() - height, area.bottom() + height)
        )
        begin, last = min(above), max(below)
        block, box = QTextBlock(), QRectF()
        for start, end in self._code[bisect_left(self._code, begin, key=lambda place: place[1]) :]:
            if not block.isValid() or not block.contains(start):
                block = self._document.findBlock(start)
                box = layout.blockBoundingRect(block).translated(-offset, 0)
            if box.top() > area.bottom() or not block.isValid() or (start > last and not in_table):
                break
            for rect in line_rects(block, start - block.position(), end - block.position(), height):
                painter.drawRoundedRect(rect.translated(box.topLeft()), 4, 4)

    def _lay_out(self, span: Span, scale: float) -> FormulaDrawing | None:
        size = round(self._theme.text_px * scale * FORMULA_SCALE, 1)
        return lay_out(span.text, size, display=bool(span.style & Style.DISPLAY))

    def _write_formula(self, cursor: QTextCursor, span: Span, base: Style, scale: float) -> None:
        picture = self._lay_out(span, scale)
        if picture is None:
            return
        look = QTextCharFormat(self.format(Span("", span.style & ~Style.FORMULA, span.href), scale, base))
        look.setObjectType(_FORMULA_TYPE)
        look.setProperty(_LATEX, span.text)
        look.setProperty(_DISPLAY, bool(span.style & Style.DISPLAY))
        if _hangs(look, picture):
            look.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        cursor.insertText(OBJECT, look)

    def _make_format(self, style: Style, scale: float) -> QTextCharFormat:
        theme = self._theme
        weight = QFont.Weight.DemiBold if style & Style.BOLD else QFont.Weight.Normal
        font = theme.mono_font(0.9 * scale) if style & Style.CODE else theme.font(scale, weight)
        font.setWeight(weight)
        font.setItalic(bool(style & Style.ITALIC))
        font.setStrikeOut(bool(style & Style.STRIKE))
        look = QTextCharFormat()
        look.setFont(font)
        look.setForeground(theme.color("muted" if style & Style.MUTED else "text"))
        return look


def formula_at(edit: QTextEdit, position: QPoint) -> str:
    """LaTeX of the formula at a place of the viewport, or an empty text."""
    at = edit.cursorForPosition(position)
    for step in (0, 1):
        probe = QTextCursor(at)
        if step and not probe.movePosition(QTextCursor.MoveOperation.Right):
            continue
        latex = probe.charFormat().property(_LATEX)
        if latex and abs(edit.cursorRect(probe).center().x() - position.x()) < _width(probe) + 2:
            return str(latex)
    return ""


def shown_text(block: QTextBlock) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A block as it is read, with a character for each of the document's, and where code stands in it."""
    text = block.text().replace(_LINE_SEPARATOR, "\n")
    pads = [place for place, char in enumerate(text) if char == _PAD]
    return text, tuple((first + 1, last) for first, last in zip(pads[::2], pads[1::2], strict=False))


def plain_text(block: QTextBlock, first: int, last: int) -> str:
    """Part of a block as text to copy: formulas as LaTeX, lines as lines."""
    text = block.text()
    if not text.isascii():
        units = text.encode("utf-16-le", "replace")
        part = units[2 * first : 2 * max(last, 0)].decode("utf-16-le", "replace")
    else:
        part = text[first : max(last, 0)]
    if OBJECT in part:
        formulas = iter(formula_sources(block, first, last))
        part = "".join(next(formulas, "") if char == OBJECT else char for char in part)
    return part.replace(_LINE_SEPARATOR, "\n").replace(_PAD, "").replace(_BREAK, "")


def formula_sources(block: QTextBlock, first: int, last: int) -> list[str]:
    """The sources of the formulas in part of a block, in order."""
    found = []
    document = block.document()
    for position in range(block.position() + first, min(block.position() + last, block.position() + block.length())):
        if document.characterAt(position) == OBJECT:
            cursor = QTextCursor(document)
            cursor.setPosition(position + 1)
            mark = "$$" if cursor.charFormat().property(_DISPLAY) else "$"
            found.append(f"{mark}{cursor.charFormat().property(_LATEX)}{mark}")
    return found


def _picture(format_: QTextFormat) -> FormulaDrawing | None:
    size = round(_pixel_size(format_) * FORMULA_SCALE, 1)
    return lay_out(str(format_.property(_LATEX)), size, display=bool(format_.property(_DISPLAY)))


def _pixel_size(format_: QTextFormat) -> int:
    return int(format_.toCharFormat().font().pixelSize())


def _width(cursor: QTextCursor) -> float:
    picture = _picture(cursor.charFormat())
    return picture.width if picture else 0.0


def _half_x(format_: QTextFormat) -> float:
    return QFontMetricsF(format_.toCharFormat().font()).xHeight() / 2


def _hangs(format_: QTextFormat, picture: FormulaDrawing) -> bool:
    """Whether it reaches further below the line than letters do, and needs room there."""
    return picture.descent > QFontMetricsF(format_.toCharFormat().font()).descent() + 2.5


def line_rects(block: QTextBlock, first: int, last: int, height: float) -> list[QRectF]:
    """Around the characters of a block from `first` to `last`, one for each line, in pixels of the block."""
    layout = block.layout()
    rects = []
    index = layout.lineForTextPosition(first).lineNumber() if layout.lineCount() else 0
    for at in range(max(index, 0), layout.lineCount()):
        line = layout.lineAt(at)
        begin, end = line.textStart(), line.textStart() + line.textLength()
        if begin >= last:
            break
        if begin < last and first < end:
            left, right = _x(line, max(first, begin)), _x(line, min(last, end))
            rects.append(QRectF(left, line.y() + line.ascent() - height * 0.79, right - left, height))
    return rects


def _x(line: QTextLine, at: int) -> float:
    place: Any = line.cursorToX(at)  # declared as object: it is a pair, the position comes back with it
    return float(place[0])


def utf16_length(text: str) -> int:
    """Characters as Qt counts them."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2
