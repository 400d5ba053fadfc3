"""Questions about a screen's lines as such: by their place, by a word, by their neighbours; all the text."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Sequence

from training.interfaces.terminals import phrasings as ways
from training.interfaces.terminals.view import View, flat
from training.screens.line_questions import FOUND, NUMBER, line_questions
from training.screens.ordinals import ORDINALS, draw_nth, numeral
from training.screens.records import Box

_MOST_COUNTED = 15
"""Lines that a person would count."""
_MOST_COPIED, _MOST_ROWS = 900, 25
_MOST_FROM_TOP, _MOST_FROM_BELOW = 45, 30
"""Lines that are counted where counting is drilled."""
_ASKED_FROM_TOP, _ASKED_FROM_BELOW, _NUMBERS_ASKED, _NUMBERS_BELOW, _BESIDE_ASKED = 14, 8, 12, 4, 8
_FEWEST = 4
_WORDS = 0.6
"""Of ordinals that are words, and no numbers."""
_EMPTY_COUNT = 0.3
"""Of the lines below empty ones: those that are counted with them."""
_MOST_WITH_WORD, _WORDS_ASKED = 12, 4
_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]{3,20}(?![A-Za-z])")
_LONGEST_QUOTED = 70
_NUMBER = re.compile(r"\b(\d+)(?:st|nd|rd|th)?\b")
_NTH = re.compile(rf"\b(?:{'|'.join(ORDINALS)}) line\b(?!.*\b(?:top|above|bottom|below|end)\b)", re.IGNORECASE)
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
    empty = [row for row, line in enumerate(lines) if not line.strip()]
    for one in kept if few else kept[:22]:
        needed = [rows[box] for box in one.needs]
        if not wrapped.isdisjoint(needed) or (view.grid.full and one.kind != FOUND and last in needed):
            continue
        if empty and _counts(one.kind, one.text) and any(min(needed) <= row <= max(needed) for row in empty):
            continue  # whether these count is not clear
        if numbered and (_counts(one.kind, one.text) or _NTH.search(_QUOTED.sub("", one.text))):
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


def _counts(kind: str, text: str) -> bool:
    """Whether a question about lines needs their numbers."""
    return kind == NUMBER or (kind != "how_many" and bool(_NUMBER.search(_QUOTED.sub("", text))))


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


def drill_lines(view: View, share: float = 1.0) -> None:
    """Lines by their number from the top and from below, and the numbers that they have: a share of many of them.

    Only where no line of several rows is among those that are counted. Where empty rows are, questions say that these
    do not count, or that they do.
    """
    lines, wrapped = [flat(line) for line in view.lines], wrapped_rows(view)
    if view.grid.full:  # the lowest row may be a bar, and so is the one that says which file is open
        del lines[-2 if view.grid.full.split()[-1] in lines[-2] else -1 :]
    while lines and not lines[-1]:
        lines.pop()
    filled = [row for row, line in enumerate(lines) if line]
    if has_numbers(lines) or len(filled) < _FEWEST or not share:
        return
    limit = min([len(lines), *wrapped])
    down = [row for row in filled if row < limit][:_MOST_FROM_TOP]
    up = [row for row in reversed(filled) if row > max([-1, *(row for row in wrapped if row < len(lines))])]
    _drill_from_top(view, lines, down, share)
    if not view.grid.full:
        _drill_from_below(view, lines, up[:_MOST_FROM_BELOW], share)
    _ask_beside(view, lines, wrapped, share)
    _ask_words(view, lines)


def _drill_from_top(view: View, lines: list[str], rows: list[int], share: float) -> None:
    """These rows, which are not empty, by their number, and their numbers."""
    rng = view.rng
    for place in _some(rng, len(rows), _ASKED_FROM_TOP * share):
        row, n, nth = rows[place], str(place + 1), draw_nth(view.rng, place, _WORDS)
        way: Sequence[str]
        if row == place:
            way = ways.LINE_NUMBER_N if rng.random() < 0.6 or place >= len(ORDINALS) else ways.LINE_FROM_TOP
        elif rng.random() < _EMPTY_COUNT:
            way, n, nth = ways.LINE_WITH_EMPTY, str(row + 1), numeral(row + 1)
        else:
            way = ways.LINE_NOT_EMPTY
        view.ask("line", lines[row], way, range(row + 1), n=n, nth=nth)
    clear = [place for place, row in enumerate(rows) if _is_quoted(lines, row)]
    for place in rng.sample(clear, min(round(_NUMBERS_ASKED * share), len(clear))):
        row = rows[place]
        way = ways.LINE_NUMBER_OF if row == place else ways.NUMBER_NOT_EMPTY
        view.ask("line_number", str(place + 1), way, range(row + 1), t=lines[row])


def _drill_from_below(view: View, lines: list[str], rows: list[int], share: float) -> None:
    """These rows, from the lowest on, by their number from there, and their numbers."""
    last = len(lines) - 1
    way: Sequence[str]
    for place in _some(view.rng, len(rows), _ASKED_FROM_BELOW * share):
        row = rows[place]
        way = ways.LINE_FROM_BELOW if row == last - place else ways.NOT_EMPTY_FROM_BELOW
        view.ask("line", lines[row], way, range(row, last + 1), n=str(place + 1), nth=draw_nth(view.rng, place, _WORDS))
    clear = [place for place, row in enumerate(rows) if place and _is_quoted(lines, row)]
    for place in view.rng.sample(clear, min(round(_NUMBERS_BELOW * share), len(clear))):
        row = rows[place]
        way = ways.NUMBER_FROM_BELOW if row == last - place else ways.NUMBER_NOT_EMPTY_BELOW
        view.ask("line_number", str(place + 1), way, range(row, last + 1), t=lines[row])


def _some(rng: random.Random, count: int, asked: float) -> list[int]:
    return rng.sample(range(count), min(round(asked), count))


def _ask_beside(view: View, lines: list[str], wrapped: set[int], share: float) -> None:
    """Lines by the one above or below them; an empty one is none."""
    filled = [row for row, line in enumerate(lines) if line]
    pairs = [(a, b) for a, b in itertools.pairwise(filled) if not wrapped & {a, b}]
    for a, b in view.rng.sample(pairs, min(round(_BESIDE_ASKED * share), len(pairs))):
        below = view.rng.random() < 0.5
        known, asked = (a, b) if below else (b, a)
        if _is_quoted(lines, known):
            plain, gap = (ways.LINE_BELOW, ways.NOT_EMPTY_BELOW) if below else (ways.LINE_ABOVE, ways.NOT_EMPTY_ABOVE)
            view.ask("line_found", lines[asked], plain if b == a + 1 else gap, [a, b], t=lines[known])


def _ask_words(view: View, lines: list[str]) -> None:
    """In how many lines a word is that stands in some of them, where no command says it."""
    rng, typed = view.rng, " ".join(one.command for one in view.grid.seen()).lower()
    lower = [line.lower() for line in lines]
    by_count: dict[int, list[str]] = {}
    for word in sorted({word for line in lines for word in _WORD.findall(line)}):
        count = sum(word.lower() in line for line in lower)
        exact = sum(word in re.findall(r"[A-Za-z]+", line) for line in lines)
        if 1 < count == exact <= _MOST_WITH_WORD and word.lower() not in typed:
            by_count.setdefault(count, []).append(word)
    for count in rng.sample(sorted(by_count), min(_WORDS_ASKED, len(by_count))):
        view.ask("how_many", str(count), ways.LINES_WITH, None, t=rng.choice(by_count[count]))


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
