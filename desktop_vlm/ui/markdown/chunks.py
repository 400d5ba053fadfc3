"""Parts of an answer that are laid out one at a time: how they are cut, and how high they will be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from desktop_vlm.markdown.blocks import Code, Formula, Grid, Leaf, Span, Style, Table, Text, TextKind
from desktop_vlm.markdown.formula import FormulaKey
from desktop_vlm.ui.markdown.inline import FORMULA_SCALE
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.theme import MONO_SCALE

Group: TypeAlias = "list[Text] | Code | Table | Grid | Formula"
"""What one part shows: neighbouring texts, or one of the others."""

MOST_CHARACTERS = 3_000
MOST_LEAVES = 40
"""Of the texts that one part of a long answer shows."""

DISPLAY_SCALE = 1.3
HEADING_SCALES = {1: 1.35, 2: 1.2, 3: 1.08}

_LINE = 1.5  # in text sizes
_CODE_HEAD = 2.4
_GRID_ROW = 2.0
GRID_ROWS = 14
_CHARACTER = 0.5


def groups(leaves: Sequence[Leaf], first: int, *, cut: bool) -> Iterator[tuple[int, Group]]:
    """The groups from a leaf on, each with the number of its first leaf; where long texts are `cut`, in several."""
    texts: list[Text] = []
    begun, characters = first, 0
    for number in range(first, len(leaves)):
        leaf = leaves[number]
        if not isinstance(leaf, Text):
            if texts:
                yield begun, texts
                texts = []
            yield number, leaf
            continue
        length = _length(leaf) if cut else 0
        if texts and cut and (characters + length > MOST_CHARACTERS or len(texts) >= MOST_LEAVES):
            yield begun, texts
            texts = []
        if not texts:
            texts, begun, characters = [], number, 0
        texts.append(leaf)
        characters += length
    if texts:
        yield begun, texts


def _length(leaf: Text) -> int:
    return sum(len(span.text) for span in leaf.spans)


class Measure(NamedTuple):
    """What the height of a group depends on, as far as it is known before it is laid out.

    Attributes:
        fixed: in text sizes.
        code_lines: lines of code.
        leaves, characters, breaks: of texts, whose lines are broken where the width ends.
    """

    fixed: float = 0.0
    code_lines: int = 0
    leaves: int = 0
    characters: int = 0
    breaks: int = 0

    def height(self, width: int, px: int) -> int:
        """Roughly the height at a width and a text size, px; for code it is right but for a scroll bar."""
        height = round(self.fixed * px) + self.code_lines * round(round(px * MONO_SCALE) * _LINE)
        if not self.leaves:
            return height
        per_line = max(8, round(width / (px * _CHARACTER)))
        lines = self.leaves + self.characters // per_line + self.breaks
        return height + round(lines * px * _LINE + self.leaves * px * 0.3)


def measure_of(group: Group) -> Measure:
    """What is known of a group's height."""
    if isinstance(group, Code):
        lines = group.text.count("\n") + (not group.text.endswith("\n") or not group.more)
        return Measure((_CODE_HEAD if group.part == 0 else 0) + (not group.more), lines)
    if isinstance(group, Table):
        return Measure((len(group.rows) + 1) * 2.3)
    if isinstance(group, Grid):
        return Measure((GRID_ROWS + 2) * _GRID_ROW)
    if isinstance(group, Formula):
        return Measure(4)
    breaks = sum(span.text.count("\n") for leaf in group for span in leaf.spans)
    return Measure(leaves=len(group), characters=sum(map(_length, group)), breaks=breaks)


def formulas(group: Group, theme: Theme) -> tuple[FormulaKey, ...]:
    """The formulas of a group, each once."""
    return tuple(dict.fromkeys(_formulas(group, theme)))


def _formulas(group: Group, theme: Theme) -> Iterator[FormulaKey]:
    if isinstance(group, Formula):
        if group.closed:
            yield group.latex, round(theme.text_px * DISPLAY_SCALE, 1), True
    elif isinstance(group, Table):
        for row in (group.header, *group.rows):
            for cell in row:
                yield from _inline(cell.spans, theme.text_px)
    elif isinstance(group, list):
        for leaf in group:
            yield from _inline(leaf.spans, theme.text_px)
            if leaf.kind is TextKind.HEADING:  # in its own size
                yield from _inline(leaf.spans, round(theme.text_px * HEADING_SCALES.get(leaf.level, 1.0)))


def _inline(spans: Sequence[Span], px: float) -> Iterator[FormulaKey]:
    for span in spans:
        if span.style & Style.FORMULA:
            yield span.text, round(px * FORMULA_SCALE, 1), bool(span.style & Style.DISPLAY)
