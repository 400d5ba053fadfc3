"""The view of one answer: parts stacked from top to bottom, kept from one update to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, takewhile
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from desktop_vlm.images.text_layer.claims import Passage
from desktop_vlm.ui.markdown.blocks import Code, Formula, Leaf, Table, Text
from desktop_vlm.ui.markdown.code_block import CodeBlock
from desktop_vlm.ui.markdown.formula_block import FormulaBlock
from desktop_vlm.ui.markdown.marks import Mark, PlacedMark
from desktop_vlm.ui.markdown.prose import Prose, draw_quote_bar, indent_px, quote_bars
from desktop_vlm.ui.markdown.table_block import TableBlock
from desktop_vlm.ui.markdown.text_part import TextPart
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint

if TYPE_CHECKING:
    from desktop_vlm.ui.markdown.parser import Parser

Part = Prose | CodeBlock | TableBlock | FormulaBlock

_GAP = 0.95  # between parts, in text sizes
_GAP_ABOVE_PROSE = 0.6  # its first line brings the rest
_USUAL_WIDTH_PX = 640


class MarkdownView(QWidget):
    """Markdown as text, code blocks, tables and formulas. Nothing in it can load, open or run anything.

    Signals:
        height_changed: `heightForWidth` has another value now than the last time.
        mark_hovered: key of the mark under the pointer, -1 for none.
        mark_opened: key of a mark of something found that was clicked.
    """

    height_changed = Signal()
    mark_hovered = Signal(int)
    mark_opened = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._markdown = ""
        self._streaming = False
        self._parser: Parser | None = None
        self._parts: list[Part] = []
        self._paths: list[str] = []
        self._heights: dict[int, int] = {}
        self._announced = 0
        self._lit: Sequence[str] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._restyle)

    def markdown(self) -> str:
        """The text as it was set."""
        return self._markdown

    def set_markdown(self, text: str, *, streaming: bool = False) -> None:
        """Show a text. While `streaming` it is expected to grow; parts that stay the same are not touched."""
        if (text, streaming) == (self._markdown, self._streaming):
            return
        from desktop_vlm.ui.markdown.parser import Parser

        if self._parser is None:
            self._parser = Parser()
        if text != self._markdown:
            self.set_marks(())
        self._markdown, self._streaming = text, streaming
        groups = list(_groups(self._parser.parse(text, streaming=streaming)))
        changed = self._drop_from(len(groups))
        for index, group in enumerate(groups):
            changed |= self._show_part(index, group, growing=streaming and index == len(groups) - 1)
        self.light_up(self._lit)
        if changed:
            self._content_changed()

    def light_up(self, words: Sequence[str]) -> None:
        """Show where words stand; () ends it."""
        if words or self._lit:
            self._lit = words
            for text in self._texts():
                text.light_up(words)

    def lit_top(self) -> int | None:
        """Upper edge of the first place that is lit up, px of this widget; None where there is none."""
        for text in self._texts():
            if (top := text.lit_top()) is not None:
                return text.mapTo(self, QPoint(0, top)).y()
        return None

    def parts(self) -> list[Part]:
        """The widgets from top to bottom."""
        return list(self._parts)

    def passages(self) -> list[Passage]:
        """All that is read here, from top to bottom, for `set_marks` by number."""
        return [passage for _, found in self._passages() for passage, _ in found]

    def _passages(self) -> Iterator[tuple[TextPart, list[tuple[Passage, int]]]]:
        for number, part in enumerate(self._parts):
            for text in [part] if isinstance(part, TextPart) else part.findChildren(TextPart):
                found = text.passages()
                in_table = isinstance(part, TableBlock)  # of which each column is a group of its own
                yield (
                    text,
                    [
                        (replace(one, group=f"{number}.{one.group}"), at) if in_table or one.group else (one, at)
                        for one, at in found
                    ],
                )

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Mark parts of the text; they go when it changes."""
        if not marks:
            for text in self._texts():
                text.set_marks(())
            return
        by_passage: dict[int, list[Mark]] = {}
        for mark in marks:
            by_passage.setdefault(mark.passage, []).append(mark)
        number = 0
        for text, found in self._passages():
            placed = []
            for passage, position in found:
                placed += [PlacedMark.of(mark, passage.text, position) for mark in by_passage.get(number, ())]
                number += 1
            text.set_marks(placed)

    def has_selection(self) -> bool:
        return any(text.textCursor().hasSelection() for text in self._texts())

    def selected_text(self) -> str:
        """What is selected, as plain text; parts are parted by an empty line."""
        return "\n\n".join(text.selected_text() for text in self._texts() if text.textCursor().hasSelection())

    def copy(self) -> None:
        """Put what is selected on the clipboard."""
        chosen = self.selected_text()
        if chosen:
            QApplication.clipboard().setText(chosen)

    def clear_selection(self) -> None:
        for text in self._texts():
            text.clear_selection()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            places = list(self._places(width))
            self._heights[width] = places[-1][1] + places[-1][3] if places else 0
        return self._heights[width]

    def sizeHint(self) -> QSize:
        width = self.width() if self.testAttribute(Qt.WidgetAttribute.WA_Resized) else _USUAL_WIDTH_PX
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(8 * self._theme.text_px, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._place()

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bars of quotes beside code blocks, tables and formulas, and between the parts of one quote."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            before, end = "", 0
            for path, part in zip(self._paths, self._parts, strict=True):
                first, last = part.edge_paths if isinstance(part, Prose) else (path, path)
                for left in quote_bars(_shared(before, first), self._theme.text_px):
                    draw_quote_bar(painter, self._theme, left, end - 3, part.y() + 3)
                for left in quote_bars(path, self._theme.text_px):
                    draw_quote_bar(painter, self._theme, left, part.y(), part.geometry().bottom())
                before, end = last, part.geometry().bottom()

    def _show_part(self, index: int, leaves: list[Text] | Code | Table | Formula, *, growing: bool) -> bool:
        """Bring the part at `index` up to date, or make it. Returns whether its height may have changed."""
        kind = Prose if isinstance(leaves, list) else _KINDS[type(leaves)]
        fresh = index == len(self._parts)
        if not fresh and type(self._parts[index]) is not kind:
            self._drop_from(index)
            fresh = True
        if fresh:
            self._add(kind(self._theme, self))
        part = self._parts[index]
        path = "" if isinstance(leaves, list) else leaves.path
        moved = self._paths[index] != path
        self._paths[index] = path
        if isinstance(part, Prose) and isinstance(leaves, list):
            changed = part.set_leaves(leaves)
        elif isinstance(part, CodeBlock) and isinstance(leaves, Code):
            changed = part.set_leaf(leaves, growing=growing)
        elif isinstance(part, TableBlock) and isinstance(leaves, Table):
            changed = part.set_leaf(leaves)
        else:
            assert isinstance(part, FormulaBlock)
            assert isinstance(leaves, Formula)
            changed = part.set_leaf(leaves)
        return changed or moved or fresh

    def _add(self, part: Part) -> None:
        self._parts.append(part)
        self._paths.append("")
        if isinstance(part, TextPart):
            part.lay_out_at(max(self.width(), 1))  # rather than at no width first
        if isinstance(part, FormulaBlock):
            part.height_changed.connect(self._content_changed)
        for text in part.findChildren(TextPart) if not isinstance(part, TextPart) else [part]:
            text.selectionChanged.connect(self._selection_changed)
            text.mark_hovered.connect(self.mark_hovered)
            text.mark_opened.connect(self.mark_opened)
        part.show()

    def _drop_from(self, index: int) -> bool:
        dropped = self._parts[index:]
        del self._parts[index:], self._paths[index:]
        for part in dropped:
            part.hide()
            part.deleteLater()
        return bool(dropped)

    def _content_changed(self) -> None:
        self._heights.clear()
        self._place()
        self.updateGeometry()
        height = self.heightForWidth(self.width())
        if height != self._announced:
            self._announced = height
            self.height_changed.emit()

    def _place(self) -> None:
        for part, (left, top, width, height) in zip(self._parts, self._places(self.width()), strict=True):
            part.setGeometry(left, top, width, height)

    def _places(self, width: int) -> Iterator[tuple[int, int, int, int]]:
        """Left, top, width and height of every part."""
        top = 0
        for index, (part, path) in enumerate(zip(self._parts, self._paths, strict=True)):
            if index:
                top += round(self._theme.text_px * (_GAP_ABOVE_PROSE if isinstance(part, Prose) else _GAP))
            left = min(indent_px(path, self._theme.text_px), width // 2)
            height = part.height_for(width - left)
            yield left, top, width - left, height
            top += height

    def _restyle(self) -> None:
        for part in self._parts:
            part.restyle()
        self.light_up(self._lit)
        self._content_changed()

    def _selection_changed(self) -> None:
        """One selection at a time, as in one text."""
        chosen = self.sender()
        if isinstance(chosen, TextPart) and chosen.textCursor().hasSelection():
            for text in self._texts():
                if text is not chosen:
                    text.clear_selection()

    def _texts(self) -> list[TextPart]:
        return [
            text
            for part in self._parts
            for text in ([part] if isinstance(part, TextPart) else part.findChildren(TextPart))
        ]


_KINDS: dict[type, type[CodeBlock | TableBlock | FormulaBlock]] = {
    Code: CodeBlock,
    Table: TableBlock,
    Formula: FormulaBlock,
}


def _shared(before: str, after: str) -> str:
    """The lists and quotes that both paths begin with."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
    return "".join(step for step, _ in same)


def _groups(leaves: Iterable[Leaf]) -> Iterator[list[Text] | Code | Table | Formula]:
    """Neighbouring texts together, everything else on its own."""
    for is_text, run in groupby(leaves, key=lambda leaf: isinstance(leaf, Text)):
        if is_text:
            yield [leaf for leaf in run if isinstance(leaf, Text)]
        else:
            yield from (leaf for leaf in run if not isinstance(leaf, Text))
