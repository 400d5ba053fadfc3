"""Paragraphs, headings, lists, quotes and rules in a row: one document, so that text is selected across them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import takewhile
from unicodedata import bidirectional

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextBlock, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from desktop_vlm.images.text_layer.claims import Passage, PassageKind
from desktop_vlm.markdown.blocks import Span, Style, Text, TextKind
from desktop_vlm.ui.markdown import rich_copy
from desktop_vlm.ui.markdown.chunks import HEADING_SCALES
from desktop_vlm.ui.markdown.inline import InlineWriter, formula_at, formula_sources, plain_text, shown_text
from desktop_vlm.ui.markdown.text_part import TextPart
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint

LINE_HEIGHT = 1.5
_QUOTE_BAR_PX = 3
_LIST_INDENT = 2.1  # in text sizes, as all below
_QUOTE_INDENT = 1.05
_DEEPEST_INDENT = 8
_MARKER_GAP = 0.45  # between a bullet or number and its item
_PARAGRAPH_GAP = 0.55
_ITEM_GAP = 0.2
_HEADING_GAP = {1: 1.3, 2: 1.2, 3: 1.0}
_RULE_GAP = 0.7
_RULE_SCALE = 0.3  # an empty line in small type


def indent_px(path: str, text_px: int) -> int:
    """Distance from the left edge of what lies in these lists and quotes."""
    steps = [_LIST_INDENT if step == "l" else _QUOTE_INDENT for step in path[:_DEEPEST_INDENT]]
    return round(sum(steps) * text_px)


def quote_bars(path: str, text_px: int) -> list[int]:
    """Distance from the left edge of each quote's bar."""
    return [indent_px(path[:at], text_px) for at, step in enumerate(path[:_DEEPEST_INDENT]) if step == "q"]


class Prose(TextPart):
    """One document; leaf number i is its text block number i."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._leaves: list[Text] = []
        self._writer = InlineWriter(theme, self.document())
        self.setAccessibleName(self.tr("Answer text"))

    def set_leaves(self, leaves: Sequence[Text]) -> bool:
        """Show these; only what differs is written. Returns whether anything did."""
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(self._leaves, leaves, strict=False)))
        if same == len(leaves) == len(self._leaves):
            return False
        with self.rewriting():
            self._rewrite(leaves, same)
        return True

    def _rewrite(self, leaves: Sequence[Text], same: int) -> None:
        """Write again from leaf number `same` on."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        if same < len(self._leaves):
            cursor.setPosition(self.document().findBlockByNumber(same).position())
            keep = self._shared_beginning(self._leaves[same], leaves[same]) if same < len(leaves) else 0
            cursor.setPosition(cursor.position() + keep if same < len(leaves) else max(cursor.position() - 1, 0))
            cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
            self._writer.cut(cursor.position())
            if same == len(leaves) > 0:  # the last block that stays may have got the format of one that went
                cursor.setBlockFormat(self._block_format(leaves[same - 2] if same > 1 else None, leaves[same - 1]))
        else:
            cursor.movePosition(QTextCursor.MoveOperation.End)
        self._write(cursor, leaves, same)
        cursor.endEditBlock()
        self._leaves = list(leaves)

    @property
    def edge_paths(self) -> tuple[str, str]:
        """The lists and quotes that its first and its last leaf are in."""
        return (self._leaves[0].path, self._leaves[-1].path) if self._leaves else ("", "")

    def restyle(self) -> None:
        """Take the theme again."""
        leaves = self._leaves
        self._writer.restyle()
        with self.rewriting():
            self.clear()
            self._leaves = []
            self._rewrite(leaves, 0)

    def _shared_beginning(self, old: Text, new: Text) -> int:
        """How many characters of a leaf that grows can stay: a selection in them survives."""
        if (old.kind, old.path, old.marker, old.level) != (new.kind, new.path, new.marker, new.level):
            return 0
        return self._writer.shared_length(old.spans, new.spans)

    def _write(self, cursor: QTextCursor, leaves: Sequence[Text], first: int) -> None:
        for index in range(first, len(leaves)):
            leaf = leaves[index]
            block_format = self._block_format(leaves[index - 1] if index else None, leaf)
            if index > first or 0 < index >= len(self._leaves):
                cursor.insertBlock(block_format)
            else:
                cursor.setBlockFormat(block_format)
            scale = HEADING_SCALES.get(leaf.level, 1.0) if leaf.level else 1.0
            base = Style.BOLD if leaf.level else Style.PLAIN
            look = self._writer.format(Span("", base), scale if leaf.kind is not TextKind.RULE else _RULE_SCALE)
            cursor.setBlockCharFormat(look)
            self._writer.write(cursor, leaf.spans, base, scale, skip=cursor.positionInBlock())

    def _block_format(self, before: Text | None, leaf: Text) -> QTextBlockFormat:
        px = self.theme.text_px
        scale = HEADING_SCALES.get(leaf.level, 1.0) if leaf.level else 1.0
        block_format = QTextBlockFormat()
        if reads_from_right(leaf, before):
            block_format.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            block_format.setRightMargin(indent_px(leaf.path, px))
        else:
            block_format.setLeftMargin(indent_px(leaf.path, px))
        block_format.setTopMargin(gap_between(before, leaf) * px)
        if leaf.kind is TextKind.RULE:
            height = px * _RULE_GAP
            block_format.setLineHeight(round(height), QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        else:
            height = px * scale * (1.3 if leaf.level else LINE_HEIGHT)
            block_format.setLineHeight(round(height), QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        return block_format

    def selected_text(self) -> str:
        cursor = self.textCursor()
        first, last = cursor.selectionStart(), cursor.selectionEnd()
        block = self.document().findBlock(first)
        lines = []
        while block.isValid() and block.position() <= last:
            leaf = self._leaves[block.blockNumber()] if block.blockNumber() < len(self._leaves) else Text()
            text = plain_text(block, max(first - block.position(), 0), last - block.position())
            if first <= block.position():
                depth = max(leaf.path.count("l") - 1, 0)
                text = "  " * depth + (f"{leaf.marker} " if leaf.marker else "") + text
            lines.append("---" if leaf.kind is TextKind.RULE else text)
            block = block.next()
        return "\n".join(lines)

    def selected_html(self) -> str:
        cursor = self.textCursor()
        first, last = cursor.selectionStart(), cursor.selectionEnd()
        block = self.document().findBlock(first)
        parts = []
        while block.isValid() and block.position() <= last and block.blockNumber() < len(self._leaves):
            leaf = self._leaves[block.blockNumber()]
            begin, end = max(first - block.position(), 0), min(last - block.position(), block.length() - 1)
            shown = rich_copy.block_html(block, begin, end, formula_sources(block, begin, end))
            marker = f"{escape(leaf.marker)} " if leaf.marker and not begin else ""
            indent = f' style="margin:0 0 0 {2 * leaf.path.count("l")}em"' if "l" in leaf.path else ""
            tag = f"h{leaf.level}" if leaf.level else "p"
            rule = leaf.kind is TextKind.RULE
            parts.append("<hr>" if rule else f'<{tag} dir="auto"{indent}>{marker}{shown}</{tag}>')
            block = block.next()
        return "\n".join(parts)

    def context_menu(self, position: QPoint) -> QMenu:
        menu = super().context_menu(position)
        latex = formula_at(self, position)
        if latex:
            menu.addAction(self.tr("Copy LaTeX source"), lambda: QApplication.clipboard().setText(latex))
        return menu

    def tip_at(self, place: QPoint) -> str:
        return super().tip_at(place) or self.anchorAt(place) or formula_at(self, place)

    def passages(self) -> list[tuple[Passage, int]]:
        found = []
        block, lists = self.document().begin(), 0
        while block.isValid() and block.blockNumber() < len(self._leaves):
            leaf = self._leaves[block.blockNumber()]
            kind = _passage_kind(leaf)
            lists += kind is not PassageKind.ITEM
            if leaf.kind is not TextKind.RULE:
                text, code = shown_text(block)
                found.append(
                    (Passage(kind, text, str(lists) if kind is PassageKind.ITEM else "", code), block.position())
                )
            block = block.next()
        return found

    @safe_paint
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._writer.draw_code(painter, event.rect())
            self._marks.draw(painter, event.rect())
            self._draw_blocks(painter, event.rect())
        super().paintEvent(event)

    def _draw_blocks(self, painter: QPainter, area: QRect) -> None:
        """Markers, rules and the bars of quotes."""
        bars: dict[int, tuple[float, float]] = {}
        block = self.document().begin()
        while block.isValid() and block.blockNumber() < len(self._leaves):
            box = _box(block)
            if box.top() > area.bottom():
                break
            leaf = self._leaves[block.blockNumber()]
            lefts = quote_bars(leaf.path, self.theme.text_px)
            if _is_mirrored(block):
                lefts = [self.viewport().width() - left - _QUOTE_BAR_PX for left in lefts]
            for left in [left for left in bars if left not in lefts]:
                draw_quote_bar(painter, self.theme, left, *bars.pop(left))
            for left in lefts:
                bars[left] = (bars.get(left, (box.top(), 0.0))[0], box.bottom())
            if box.bottom() >= area.top():
                self._draw_marks(painter, block, box, leaf)
            block = block.next()
        for left, ends in bars.items():
            draw_quote_bar(painter, self.theme, left, *ends)

    def _draw_marks(self, painter: QPainter, block: QTextBlock, box: QRectF, leaf: Text) -> None:
        px = self.theme.text_px
        left = indent_px(leaf.path, px)
        mirrored = _is_mirrored(block)
        if leaf.kind is TextKind.RULE:
            rule = QRectF(left, round(box.center().y()), self.viewport().width() - left, 1)
            painter.fillRect(rule, self.theme.color("border"))
        if leaf.marker and block.layout().lineCount():
            line = block.layout().lineAt(0)
            baseline = box.top() + line.y() + line.ascent()
            room = self._marker_room(leaf.path)
            painter.setFont(self.theme.font())
            width = painter.fontMetrics().horizontalAdvance(leaf.marker)
            if width > room:  # a number of three digits or more
                painter.setFont(self.theme.font(room / width))
                width = painter.fontMetrics().horizontalAdvance(leaf.marker)
            painter.setPen(self.theme.color("muted"))
            painter.setLayoutDirection(
                block.blockFormat().layoutDirection()
            )  # the dot of a number is at the text's side
            gap = px * _MARKER_GAP
            x = self.viewport().width() - left + gap if mirrored else left - width - gap
            painter.drawText(round(x), round(baseline), leaf.marker)

    def _marker_room(self, path: str) -> float:
        """How wide a bullet or number can be beside its item, in pixels."""
        px = self.theme.text_px
        return indent_px(path, px) - indent_px(path[:-1], px) - px * _MARKER_GAP - 1


def draw_quote_bar(painter: QPainter, theme: Theme, left: int, top: float, bottom: float) -> None:
    """The bar at the left of a quote."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("pressed"))
    painter.drawRoundedRect(QRectF(left, top, _QUOTE_BAR_PX, bottom - top), 1.5, 1.5)


def reads_from_right(leaf: Text, before: Text | None) -> bool:
    """Whether a text reads from right to left: by its first letter outside of code, else as the text before it."""
    for one, skipped in ((leaf, Style.FORMULA | Style.CODE), (leaf, Style.FORMULA), (before, Style.FORMULA)):
        for span in one.spans if one is not None else ():
            for char in span.text if not span.style & skipped else "":
                kind = bidirectional(char)
                if kind in {"L", "R", "AL"}:
                    return kind != "L"
    return False


def _is_mirrored(block: QTextBlock) -> bool:
    return block.blockFormat().layoutDirection() is Qt.LayoutDirection.RightToLeft


def _box(block: QTextBlock) -> QRectF:
    """Where a block's lines are; Qt's own answer leaves out the room that MinimumHeight puts above a line."""
    lines = block.layout()
    bounds = lines.boundingRect()
    return QRectF(lines.position().x(), lines.position().y(), bounds.right(), bounds.bottom())


def gap_between(before: Text | None, leaf: Text) -> float:
    """Space above a leaf in text sizes; the height of its first line brings some more."""
    if before is None:
        return 0.0
    if leaf.level:
        return _HEADING_GAP.get(leaf.level, 0.7)
    if TextKind.RULE in {leaf.kind, before.kind}:
        return _RULE_GAP
    if leaf.tight and before.tight:
        return _ITEM_GAP
    return _PARAGRAPH_GAP if not before.level else 0.35


def _passage_kind(leaf: Text) -> PassageKind:
    if leaf.path.endswith("q"):
        return PassageKind.QUOTE
    return PassageKind.ITEM if leaf.marker else PassageKind.PROSE
