"""The view of one answer: what is in it, what of it is marked, chosen and copied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop_vlm.history.folding import spans
from desktop_vlm.images.text_layer.claims import Passage
from desktop_vlm.markdown.blocks import Code
from desktop_vlm.ui.markdown import rich_copy
from desktop_vlm.ui.markdown.chunks import groups
from desktop_vlm.ui.markdown.code_block import CodeBlock
from desktop_vlm.ui.markdown.column import Column
from desktop_vlm.ui.markdown.column_item import Part
from desktop_vlm.ui.markdown.formula_block import FormulaBlock
from desktop_vlm.ui.markdown.group_text import group_text
from desktop_vlm.ui.markdown.marks import Mark, PlacedMark
from desktop_vlm.ui.markdown.table_block import TableBlock
from desktop_vlm.ui.markdown.text_part import TextPart
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.turn import Turn

if TYPE_CHECKING:
    from desktop_vlm.markdown.parser import Parser

SHORT = 10_000
"""Characters of an answer that is laid out at once."""

MOST_SHOWN = 2_000_000
"""Characters of an answer that are shown."""

_PIECES_AT_ONCE = 4
"""Of a short answer, be there time or not: 10 ms and more."""

_MOST_SEARCHED = 300_000


def length_shown(text: str) -> int:
    """How many characters of a text are shown; the rest of one that is too long is left out."""
    return len(text) if len(text) <= MOST_SHOWN else text.rfind("\n", MOST_SHOWN // 2, MOST_SHOWN) + 1 or MOST_SHOWN


class MarkdownView(Column):
    """Markdown as text, code blocks, tables and formulas. Nothing in it can load, open or run anything.

    Signals:
        mark_hovered: key of the mark under the pointer, -1 for none.
        mark_opened: key of a mark of something found that was clicked.
        hit_placed: upper edge of the place that is pointed out, px of this widget, where more is known of it: while
            `seeks_hit` it may change again.
    """

    hit_placed = Signal(int)
    mark_hovered = Signal(int)
    mark_opened = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._markdown = ""
        self._streaming = False
        self._parser: Parser | None = None
        self._taken: tuple[int, int] = (0, 0)  # generation of the parser, leaves that stay
        self._lit: Sequence[str] = ()
        self._has_marks = False
        self._hit: tuple[int, int] | None = None
        self._place_hit_soon = QTimer(self, singleShot=True, interval=0)
        self._place_hit_soon.timeout.connect(self._place_hit)
        self._known_passages: list[tuple[TextPart, list[tuple[Passage, int]]]] | None = None
        self._parse_soon = QTimer(self, singleShot=True, interval=1)
        self._parse_soon.timeout.connect(self._parse_more)
        self.part_made.connect(self._connect_part)
        self.part_shown.connect(self._part_shown)
        theme.changing.connect(self.rest)
        theme.changed.connect(self._restyle)

    def markdown(self) -> str:
        """The text as it was set."""
        return self._markdown

    @property
    def shown_length(self) -> int:
        """How many characters are shown; the rest of a text that is too long is left out."""
        return length_shown(self._markdown)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to be parsed, and nothing on the screen to be laid out or coloured."""
        is_behind = self._parser is not None and self._parser.is_behind
        is_coloring = any(isinstance(part, CodeBlock) and part.text.is_coloring for part in self.parts())
        return not (is_behind or is_coloring or self._bring_soon.isActive() or self.is_wanting)

    def set_markdown(self, text: str, *, streaming: bool = False) -> None:
        """Show a text. While `streaming` it is expected to grow; parts that stay the same are not touched."""
        if (text, streaming) == (self._markdown, self._streaming):
            return
        from desktop_vlm.markdown.parser import Parser

        if self._parser is None:
            self._parser = Parser()
        if text != self._markdown:
            self.set_marks(())
        self._known_passages = None
        self._markdown, self._streaming = text, streaming
        self._parser.begin(text[: self.shown_length], streaming=streaming)
        self._parse_more()

    def _parse_more(self) -> None:
        """Parse for a turn of the event loop, and show what came."""
        parser = self._parser
        assert parser is not None
        is_short = self.is_short = len(self._markdown) <= SHORT
        pieces = _PIECES_AT_ONCE if is_short and not self._streaming else 1
        while parser.is_behind and (pieces > 0 or parser.is_catching_up or Turn.has_time()):
            parser.advance()
            pieces -= 1
        keep = self._first_changed_item(parser)
        first = self.items[keep].first if keep < len(self.items) else self._end_of_items(keep)
        new = list(groups(parser.leaves, first, cut=not is_short))
        changed = self.show_groups(keep, new, growing=self._streaming)
        self._taken = parser.generation, parser.n_final
        if is_short:
            self.bring_at_once(changed=changed)
        elif changed:
            self.begin_lazy()
        if self._lit:
            self.light_up(self._lit)
        if self.urgent is not None and (self.urgent < len(self.items) or not parser.is_behind):
            self._place_hit_soon.start()
        if parser.is_behind:
            self._parse_soon.start()

    def _first_changed_item(self, parser: Parser) -> int:
        generation, n_final = self._taken
        if generation != parser.generation or not self.items:
            return 0
        at = len(self.items) - 1
        while at > 0 and self.items[at].first >= n_final:
            at -= 1
        return at  # what came may belong to it

    def _end_of_items(self, keep: int) -> int:
        return 0 if keep == 0 else self.items[-1].first

    def light_up(self, words: Sequence[str]) -> None:
        """Show where words stand; () ends it."""
        if words or self._lit:
            if words != self._lit:
                self._hit = self.urgent = None
            self._lit = words
            for text in self._texts():
                text.light_up(words)
            if self._hit is not None:
                self._point_out()

    def show_hit(self, number: int, occurrence: int) -> int:
        """Point out one of the places that are lit up; its upper edge, px of this widget.

        Args:
            number: of the part; one that is not there is the end of a text that is not shown whole.
            occurrence: in it. A part that is not laid out yet, or not even parsed, shows it as soon as it is: until
                then this `seeks_hit`, and `hit_placed` says where it turns out to be.
        """
        self._hit, self.urgent = (number, occurrence), number
        top = self._point_out()
        self._end_seeking()
        if self.urgent is not None and self.is_lazy:
            self._bring_soon.start()
        return top

    @property
    def seeks_hit(self) -> bool:
        """Whether the place that is pointed out is not laid out yet."""
        return self.urgent is not None

    def _end_seeking(self) -> None:
        """Where the place is lit up, or nothing more comes that could be it."""
        number, is_behind = self.urgent, self._parser is not None and self._parser.is_behind
        if number is None:
            return
        if number >= len(self.items):
            is_there = not is_behind
        else:
            part = self.items[number].part
            is_lit = part is not None and any(text.hit >= 0 for text in _texts_of(part))
            is_there = self._is_laid_out(number) and (is_lit or not is_behind)
        if is_there:
            self.urgent = None

    def _light_up_part(self, part: Part) -> None:
        for text in _texts_of(part):
            text.light_up(self._lit)

    def show_no_hit(self) -> None:
        """Point out none of them."""
        self._hit = self.urgent = None
        for text in self._texts():
            text.light_no_hit()

    def _point_out(self) -> int:
        assert self._hit is not None
        number, occurrence = self._hit
        for text in self._texts():
            text.light_no_hit()
        if number >= len(self.items):
            return self.height()
        top = self.top_of(number)
        part = self.items[number].part
        if isinstance(part, FormulaBlock) and not part.source_shown:
            part.source_button.setChecked(True)
            self._light_up_part(part)
        for text in _texts_of(part) if part is not None else ():
            if occurrence < text.n_lit and part is not None:  # which may be about to get its place
                return top + text.mapTo(part, QPoint(0, text.light_hit(occurrence))).y()
            occurrence -= text.n_lit
        return top

    def lit_top(self) -> int | None:
        """Upper edge of the first place that is lit up, px of this widget; None where there is none."""
        searched = 0
        for number, item in enumerate(self.items):
            if item.part is None:
                text = group_text(item.group)
                searched += len(text)
                if searched > _MOST_SEARCHED or not spans(text, self._lit):
                    continue
                return self.top_of(number)
            for part in _texts_of(item.part):
                if (top := part.lit_top()) is not None:
                    return part.mapTo(self, QPoint(0, top)).y()
        return None

    def parts(self) -> list[Part]:
        """The widgets from top to bottom; of a long answer those that are there."""
        return [item.part for item in self.items if item.part is not None]

    def passages(self) -> list[Passage]:
        """All that is read here, from top to bottom, for `set_marks` by number; of a long answer what was seen."""
        self._known_passages = list(self._passages())
        return [passage for _, found in self._known_passages for passage, _ in found]

    def _passages(self) -> Iterator[tuple[TextPart, list[tuple[Passage, int]]]]:
        for number, part in enumerate(self.parts()):
            for text in _texts_of(part):
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
        if not marks and not self._has_marks:
            return
        self._has_marks = bool(marks)
        if not marks:
            for text in self._texts():
                text.set_marks(())
            return
        if self._known_passages is None:
            self._known_passages = list(self._passages())
        by_passage: dict[int, list[Mark]] = {}
        for mark in marks:
            by_passage.setdefault(mark.passage, []).append(mark)
        number = 0
        there = set(self._texts())
        for text, found in self._known_passages:
            placed = []
            for passage, position in found:
                placed += [PlacedMark.of(mark, passage.text, position) for mark in by_passage.get(number, ())]
                number += 1
            if text in there:
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
            html = [text.selected_html() for text in self._texts() if text.textCursor().hasSelection()]
            rich_copy.put(rich_copy.rich(chosen, "\n".join(html)))

    def clear_selection(self) -> None:
        for text in self._texts():
            text.clear_selection()

    def _connect_part(self, part: Part) -> None:
        if isinstance(part, FormulaBlock):
            part.source_made.connect(self._connect_texts)
        self._connect_texts(part)
        if isinstance(part, CodeBlock):
            part.whole = lambda: self._whole_code(part)

    def _connect_texts(self, part: Part) -> None:
        for text in _texts_of(part):
            text.selectionChanged.connect(self._selection_changed)
            text.mark_hovered.connect(self.mark_hovered)
            text.mark_opened.connect(self.mark_opened)

    def _part_shown(self, part: Part) -> None:
        if self._lit:
            self._light_up_part(part)
        if self._hit is not None and self._hit[0] < len(self.items) and self.items[self._hit[0]].part is part:
            self._place_hit_soon.start()  # when the part has its place

    def _place_hit(self) -> None:
        """Point it out in what is there now, and say where, unless it was there before."""
        if self._hit is None:
            return
        top, was_sought = self._point_out(), self.seeks_hit
        self._end_seeking()
        if was_sought:
            self.hit_placed.emit(top)

    def _whole_code(self, part: CodeBlock) -> str:
        """All parts of the code that begins with this one."""
        at = next(number for number, item in enumerate(self.items) if item.part is part)
        texts: list[str] = []
        for item in self.items[at:]:
            if not isinstance(item.group, Code) or (texts and not item.group.part):
                break
            texts.append(item.group.text)
        return "".join(texts)

    def _restyle(self) -> None:
        self.restyle()
        self._known_passages = None if self.is_lazy else self._known_passages
        if self._lit:
            self.light_up(self._lit)

    def _selection_changed(self) -> None:
        """One selection at a time, as in one text."""
        chosen = self.sender()
        if isinstance(chosen, TextPart) and chosen.textCursor().hasSelection():
            for text in self._texts():
                if text is not chosen:
                    text.clear_selection()

    def _texts(self) -> list[TextPart]:
        return [text for part in self.parts() for text in _texts_of(part)]


def _texts_of(part: Part) -> list[TextPart]:
    return [part] if isinstance(part, TextPart) else part.findChildren(TextPart)
