"""Questions about a screen's lines as such: by their place, by a word, by their neighbours; all the text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from training.interfaces.terminals import phrasings as ways
from training.interfaces.terminals.view import View, flat
from training.screens.line_questions import FOUND, NUMBER, line_questions
from training.screens.ordinals import ORDINALS, numeral
from training.screens.records import Box

_MOST_COUNTED = 15
"""Lines that a person would count."""
_MOST_COPIED, _MOST_ROWS = 900, 25
_MOST_FROM_TOP, _MOST_FROM_BELOW = 20, 12
"""Lines that are counted where counting is drilled."""
_ASKED_FROM_TOP, _ASKED_FROM_BELOW, _NUMBERS_ASKED = 9, 6, 6
_LONGEST_QUOTED = 70
_NUMBER = re.compile(r"\b(\d+)(?:st|nd|rd|th)?\b")
_LEADING, _FOUND_AT = re.compile(r"\s*(\d{1,6})\b"), re.compile(r"\d{1,6}:(?!\d)")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def ask_lines(view: View) -> None:
    """Lines by their place where a person would count them, by a word, by their neighbours; all the text."""
    lines = list(view.lines)
    while lines and not lines[-1].strip():
        lines.pop()
    if len(lines) < 2:
        return
    boxes: list[Box] = []
    rows: dict[Box, int] = {}
    for number, line in enumerate(lines):
        control = view.rows.get(number)
        box = control.box if control else view.place.box(number, 0, max(1, len(line)))
        boxes.append(box)
        rows[box] = number
    few = len(lines) <= _MOST_COUNTED + 3
    questions = line_questions(view.rng, lines, most=26 if few else 60, boxes=boxes)
    kept = [one for one in questions if few or _is_counted_easily(one.text, one.answer, len(lines))]
    wrapped, last, numbered = wrapped_rows(view), len(lines) - 1, has_numbers(lines)
    for one in kept if few else kept[:22]:
        needed = [rows[box] for box in one.needs]
        if not wrapped.isdisjoint(needed) or (view.grid.full and one.kind != FOUND and last in needed):
            continue
        if numbered and (one.kind == NUMBER or (one.kind != "how_many" and _NUMBER.search(_QUOTED.sub("", one.text)))):
            continue
        needs = [view.rows[row] for row in needed if row in view.rows]
        view.ask_fixed(one.kind, one.text, one.answer, needs if one.needs else ())
    filled = [line.rstrip() for line in lines]
    copied = "\n".join(filled).strip("\n")
    if (
        len(filled) <= _MOST_ROWS
        and len(copied) <= _MOST_COPIED
        and not any(len(line) == len(view.grid.cells[0]) for line in filled)
    ):
        view.ask("text", copied, "prompt:extract-text", None)


def wrapped_rows(view: View) -> set[int]:
    """Rows that belong to one line that was too long: whether they count as one is not certain."""
    columns = len(view.grid.cells[0])
    full = {row for row, line in enumerate(view.lines) if len(line) >= columns - 1}
    return full | {row + 1 for row in full}


def has_numbers(lines: Sequence[str]) -> bool:
    """Whether rows have numbers of their own before them, so that "line 7" may be another than the seventh."""
    numbers = [int(found[1]) if (found := _LEADING.match(line)) else None for line in lines]
    following = sum(a is not None and b == a + 1 for a, b in itertools.pairwise(numbers))
    return following >= 2 or sum(bool(_FOUND_AT.match(line)) for line in lines) >= 2


def drill_lines(view: View) -> None:
    """Lines by their number from the top and from below, and the numbers that they have: many of them.

    Only where no empty row and no line of several rows is among those that are counted.
    """
    lines, wrapped = [flat(line) for line in view.lines], wrapped_rows(view)
    while lines and not lines[-1]:
        lines.pop()
    unclear = [row for row, line in enumerate(lines) if not line or row in wrapped]
    from_top = min([_MOST_FROM_TOP, len(lines), *unclear])
    from_below = min([_MOST_FROM_BELOW, len(lines), *(len(lines) - 1 - row for row in unclear)])
    if has_numbers(lines):
        return
    if view.grid.full:  # the lowest row may be a bar
        from_below = 0
    rng = view.rng
    for place in rng.sample(range(from_top), min(_ASKED_FROM_TOP, from_top)):
        way = ways.LINE_NUMBER_N if rng.random() < 0.6 or place >= len(ORDINALS) else ways.LINE_FROM_TOP
        view.ask("line", lines[place], way, range(place + 1), n=str(place + 1), nth=_nth(view, place))
    for place in rng.sample(range(from_below), min(_ASKED_FROM_BELOW, from_below)):
        rows = range(len(lines) - 1 - place, len(lines))
        view.ask("line", lines[-1 - place], ways.LINE_FROM_BELOW, rows, n=str(place + 1), nth=_nth(view, place))
    clear = [place for place in range(from_top) if _is_quoted(lines, place)]
    for place in rng.sample(clear, min(_NUMBERS_ASKED, len(clear))):
        view.ask("line_number", str(place + 1), ways.LINE_NUMBER_OF, range(place + 1), t=lines[place])
    below = [place for place in range(1, from_below) if _is_quoted(lines, len(lines) - 1 - place)]
    for place in rng.sample(below, min(2, len(below))):
        rows = range(len(lines) - 1 - place, len(lines))
        view.ask("line_number", str(place + 1), ways.NUMBER_FROM_BELOW, rows, t=lines[-1 - place])


def _nth(view: View, place: int) -> str:
    """The ordinal of the line that so many are before, as a word or with its number."""
    if place < len(ORDINALS) and view.rng.random() < 0.6:
        return ORDINALS[place]
    return numeral(place + 1)


def _is_quoted(lines: list[str], place: int) -> bool:
    """Whether the line can be named by what it says."""
    line = lines[place]
    short = 2 < len(line) <= _LONGEST_QUOTED and not set(line) & set("'{}")
    return short and sum(line in other for other in lines) == 1


def _is_counted_easily(text: str, answer: str, count: int) -> bool:
    """Whether a question about a long screen's lines needs no counting of more than some of them."""
    bare = _QUOTED.sub("", text)
    numbers = [int(one) for one in _NUMBER.findall(bare)]
    if re.search(r"how many|count|number of|between", bare, re.IGNORECASE) and answer.isdigit():
        return int(answer) <= _MOST_COUNTED and not re.search(r"lines (are|do|can|of text|there)\b", bare)
    if answer.isdigit() and int(answer) > _MOST_COUNTED:
        return False
    if re.search(r"first|last|bottom|top|end\b", bare) and count > 40 and re.search(r"th\b", bare):
        return False
    return all(one <= _MOST_COUNTED for one in numbers)
