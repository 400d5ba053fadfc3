"""Parts of an answer that are laid out one at a time: how they are cut, and how high they will be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from PySide6.QtGui import QFontMetricsF

from desktop_vlm.ui.markdown.blocks import Code, Formula, Grid, Leaf, Span, Style, Table, Text, TextKind
from desktop_vlm.ui.markdown.formula import is_laid_out
from desktop_vlm.ui.markdown.inline import FORMULA_SCALE
from desktop_vlm.ui.theme import Theme

Group: TypeAlias = "list[Text] | Code | Table | Grid | Formula"
"""What one part shows: neighbouring texts, or one of the others."""

FormulaKey: TypeAlias = "tuple[str, float, bool]"
"""LaTeX, size in pixels, and whether it is displayed; see `formula.lay_out`."""

MOST_CHARACTERS = 5_000
MOST_LEAVES = 50
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


def estimated_height(group: Group, width: int, theme: Theme) -> int:
    """Roughly how high a group will be, in pixels; for code it is right but for a scroll bar."""
    px = theme.text_px
    if isinstance(group, Code):
        line = round(theme.mono_font().pixelSize() * _LINE)
        lines = group.text.count("\n") + (not group.text.endswith("\n") or not group.more)
        return round((_CODE_HEAD if group.part == 0 else 0) * px) + lines * line + (px if not group.more else 0)
    if isinstance(group, Table):
        return round((len(group.rows) + 1) * px * 2.3)
    if isinstance(group, Grid):
        return round((GRID_ROWS + 2) * px * _GRID_ROW)
    if isinstance(group, Formula):
        return round(px * 4)
    per_line = max(8, width / (px * _CHARACTER))
    lines = sum(1 + sum(1 + len(span.text) / per_line for span in leaf.spans[:1]) // 1 for leaf in group)
    lines += sum(max(0, _length(leaf) - len(leaf.spans[0].text) if leaf.spans else 0) for leaf in group) / per_line
    lines += sum(span.text.count("\n") for leaf in group for span in leaf.spans)
    return round(lines * px * _LINE + len(group) * px * 0.3)


def missing_formulas(group: Group, theme: Theme) -> list[FormulaKey]:
    """The formulas of a group that are not laid out yet."""
    return [key for key in dict.fromkeys(_formulas(group, theme)) if not is_laid_out(key[0], key[1], display=key[2])]


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


def metrics_line(theme: Theme) -> int:
    """Height of a line of code, px."""
    return round(QFontMetricsF(theme.mono_font()).height() * _LINE)
