"""Texts that a mark's strokes go through: what they say is not asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from training.screens.mark_questions import Marked
from training.screens.marks import text_runs
from training.screens.records import Box, Glyph, Question

_STEP_PX = 2.0
"""Between the points of a stroke."""
_HITS = 3
"""Points of a stroke, `_STEP_PX` apart, within a text: fewer are its edge."""
_EDGE = 0.2
"""Of a text's height at its top and at its bottom, where strokes hide nothing."""
_SEEN_ANYWAY = frozenset(
    {"describe", "present", "count", "how_many", "line_number", "kind", "whether", "yes_no", "too_small"}
)
"""Kinds of questions that are not answered by reading one text."""
_LEAST = 3
"""Characters of a text, or of an answer, that are looked for within the other."""


def struck_texts(marked: Sequence[Marked], glyphs: Sequence[Glyph],
                 boxed: Sequence[tuple[str, Box]] = ()) -> set[str]:  # fmt: skip
    """Texts that a stroke crosses, but for the marked ones; `glyphs` are those that are seen, px on the screen.

    `boxed` are texts whose characters are not located, with the boxes of their controls.
    """
    runs = [*text_runs([glyph for glyph in glyphs if len(glyph.char) == 1]), *boxed]
    meant = {one.text for one in marked} | {one.origin for one in marked}
    lines = [(_points(one.strokes), max(0.0, one.thick / 2 - 1)) for one in marked]
    covers = [cover for one in marked for cover in one.covers]
    struck = set()
    for text, box in runs:
        if text and text not in meant and text not in struck and (_is_covered(box, covers) or any(
                _is_struck(box, points, wide) for points, wide in lines)):  # fmt: skip
            struck.add(text)
    return struck


def _is_struck(box: Box, points: Sequence[tuple[float, float]], wide: float) -> bool:
    """Whether lines that reach `wide` px to both sides of these points go through a text."""
    left, top, right, bottom = box
    edge = _EDGE * (bottom - top) - wide
    return sum(left - wide <= x <= right + wide and top + edge <= y <= bottom - edge for x, y in points) >= _HITS


def _is_covered(box: Box, covers: Sequence[Box]) -> bool:
    left, top, right, bottom = box
    edge = _EDGE * (bottom - top)
    return any(left < cover[2] and cover[0] < right and top + edge < cover[3] and cover[1] < bottom - edge
               for cover in covers)  # fmt: skip


def unstruck(questions: Sequence[Question], struck: set[str]) -> list[Question]:
    """The questions; those whose answers cannot be read for strokes are not asked (kind "")."""
    return [replace(one, kind="") if one.kind not in _SEEN_ANYWAY and any(
        _within(text, one.answer) or _within(one.answer, text) for text in struck) else one
        for one in questions]  # fmt: skip


def _within(part: str, whole: str) -> bool:
    return part == whole or (len(part) > _LEAST and part in whole)


def _points(strokes: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    found = []
    for (x, y), (u, v) in pairwise(strokes):
        steps = max(1, int(max(abs(u - x), abs(v - y)) / _STEP_PX))
        found += [(x + (u - x) * n / steps, y + (v - y) * n / steps) for n in range(steps + 1)]
    return found
