"""Parts of an answer that are laid out one at a time: how they are cut, and how high they will be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from desktop_vlm.markdown.blocks import Code, Formula, Grid, Leaf, Span, Style, Table, Text, TextKind
from desktop_vlm.markdown.formula import is_laid_out
from desktop_vlm.ui.markdown.inline import FORMULA_SCALE
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.theme import MONO_SCALE

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


def estimated_height(group: Group, counts: tuple[int, int, int], width: int, theme: Theme) -> int:
    """Roughly how high a group will be, in pixels; for code it is right but for a scroll bar.

    Args:
        group: what is to be shown.
        counts: see `counts_of`.
        width: px.
        theme: whose sizes count.
    """
    px = theme.text_px
    if isinstance(group, Code):
        line = round(round(px * MONO_SCALE) * _LINE)
        lines = group.text.count("\n") + (not group.text.endswith("\n") or not group.more)
        return round((_CODE_HEAD if group.part == 0 else 0) * px) + lines * line + (px if not group.more else 0)
    if isinstance(group, Table):
        return round((len(group.rows) + 1) * px * 2.3)
    if isinstance(group, Grid):
        return round((GRID_ROWS + 2) * px * _GRID_ROW)
    if isinstance(group, Formula):
        return round(px * 4)
    leaves, characters, breaks = counts
    per_line = max(8, round(width / (px * _CHARACTER)))
    return round((leaves + characters // per_line + breaks) * px * _LINE + leaves * px * 0.3)


def counts_of(group: Group) -> tuple[int, int, int]:
    """Texts, characters and line breaks of a group of texts; for others 0."""
    if not isinstance(group, list):
        return 0, 0, 0
    breaks = sum(span.text.count("\n") for leaf in group for span in leaf.spans)
    return len(group), sum(map(_length, group)), breaks


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


def effort(group: Group) -> int:
    """What it takes to lay a group out, in characters of prose: a widget has its price, and so has a cell."""
    if isinstance(group, Table):
        return _WIDGET + (len(group.rows) + 1) * len(group.header) * _CELL
    if isinstance(group, Code):
        return 3 * _WIDGET + 2 * len(group.text)
    if isinstance(group, Formula):
        return 2 * _WIDGET + _WIDGET
    return _WIDGET + (sum(map(_length, group)) + 30 * len(group) if isinstance(group, list) else 2 * _WIDGET)


_WIDGET = 500
_CELL = 50
