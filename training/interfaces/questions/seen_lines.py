"""Questions about the lines in a box of text: by place, by their beginning, by a word, by the line beside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from training.interfaces.questions.sheet import MOST_COUNTED, Sheet, plain
from training.interfaces.records import Control
from training.screens.panes.names import NTH

_LONGEST, _LONGEST_COPY = 160, 420
_MOST_ASKED = 3
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,}")
# fmt: off
_NTH = (
    "Read the {nth} line of the text.", "What does the {nth} line of the text say?",
    "Quote the {nth} line of the text.",
    "What is the {nth} line in the text box?", "Copy the {nth} line of the text.", "The {nth} line of the text?",
    "Counted from the top, what does the {nth} line of the text say?", "What is written on the {nth} line of the text?",
)
_FIRST = (
    "Read the first line of the text.", "With which line does the text begin?", "What is the first line of the text?",
    "Quote the top line of the text.", "What does the text begin with? Read the line.",
)
_LAST = (
    "Read the last line of the text.", "With which line does the text end?", "What is the last line of the text?",
    "Quote the bottom line of the text.", "What does the last line in the text box say?",
)
_STARTS = (
    "Which line starts with '{t}'?", "Read the line that starts with '{t}'.", "Quote the line that begins with '{t}'.",
    "How does the line that starts with '{t}' read?", "Find the line that starts with '{t}' and read it.",
)
_CONTAINS = (
    "Which line contains '{t}'?", "Read the line that contains '{t}'.", "Quote the line in which '{t}' occurs.",
    "Find the line with '{t}'.", "In which line is '{t}'? Read it.", "Which line mentions {t}?",
)
_AFTER = (
    "Which line comes after '{t}'?", "Read the line below '{t}'.", "Which line is directly below '{t}'?",
    "What stands in the line after '{t}'?", "Read the line that follows '{t}'.",
)
_BEFORE = (
    "Which line comes before '{t}'?", "Read the line above '{t}'.", "Which line is directly above '{t}'?",
    "What stands in the line before '{t}'?",
)
_COUNT = (
    "How many lines does the text have?", "How many lines of text are in the text box?", "Count the lines of the text.",
    "Of how many lines does the text consist?",
)
_COPY = (
    "Copy the first {n} lines of the text.", "What do the first {n} lines of the text say?",
    "Read the first {n} lines of the text.", "Quote the first {n} lines of the text.",
)
# fmt: on
_NUMBERS = ("two", "three", "four", "five")


def ask_seen_lines(sheet: Sheet) -> None:
    """About the lines of the box that has the most of them; places only where it is the only one."""
    boxes = sheet.containers("line")
    if not boxes:
        return
    container, lines = max(boxes.items(), key=lambda one: len(one[1]))
    lines = sorted(lines, key=lambda one: one.box[1])
    _ask_found(sheet, lines)
    if len(boxes) == 1:
        _ask_places(sheet, lines, whole=sheet.is_whole(container))


def _ask_found(sheet: Sheet, lines: Sequence[Control]) -> None:
    """By what a line says, or what the line beside it says."""
    rng = sheet.rng
    words = Counter(word.lower() for one in sheet.controls if one.role != "text" for word in _WORD.findall(one.text))
    texts = [plain(one.text, _LONGEST) for one in lines]
    order = rng.sample(range(len(lines)), len(lines))
    for place in [place for place in order if _can_be_read(lines[place])][:_MOST_ASKED]:
        rare = [word for word in _WORD.findall(texts[place]) if words[word.lower()] == 1 and "'" not in word]
        rare = [word for word in rare if not any(word.lower() in other for other in words if other != word.lower())]
        if rare and len(texts[place]) > len(rare[0]) + 3:
            sheet.ask("line", texts[place], _CONTAINS, [lines[place]], t=rng.choice(rare))
        start = " ".join(texts[place].split()[: rng.choice((1, 2, 2, 3))])
        same = sum(text.lower().startswith(start.lower()) for text in texts)
        if same == 1 and 3 < len(start) < len(texts[place]) - 3 and len(start) < 40 and "'" not in start:
            sheet.ask("line", texts[place], _STARTS, [lines[place]], t=start)
    for place in order[: 2 * _MOST_ASKED]:
        other = place + rng.choice((-1, 1))
        if not 0 <= other < len(lines) or not all(_can_be_read(lines[one]) for one in (place, other)):
            continue
        if not _is_next(lines[min(place, other)], lines[max(place, other)]):
            continue
        name = texts[other]
        if sheet.said[name.lower()] == 1 and len(name) <= 60 and "'" not in name:
            ways = _AFTER if other < place else _BEFORE
            sheet.ask("line", texts[place], ways, [lines[other], lines[place]], t=name)


def _can_be_read(line: Control) -> bool:
    """Whether a line was found as it is, and can be quoted."""
    return line.enabled and bool(plain(line.text, _LONGEST))


def _is_next(one: Control, other: Control) -> bool:
    """Whether there is no line, not even an empty one, between two."""
    if one.row >= 0:
        return other.row == one.row + 1
    return other.box[1] - one.box[1] < 1.9 * (one.box[3] - one.box[1])


def _ask_places(sheet: Sheet, lines: Sequence[Control], *, whole: bool) -> None:
    """By the place in the text, where no empty line makes counting unclear."""
    rng = sheet.rng
    gap = next((place for place, one in enumerate(lines) if one.row != place or not _can_be_read(one)), len(lines))
    run = lines[:gap]  # no empty line is among them
    if not run:
        return
    texts = [plain(one.text, _LONGEST) for one in run]
    sheet.ask("line", texts[0], _FIRST, run[:1])
    for place in rng.sample(range(1, len(run)), min(_MOST_ASKED, len(run) - 1)):
        if place < len(NTH):
            sheet.ask("line", texts[place], _NTH, run[: place + 1], nth=NTH[place])
    count = rng.randint(2, 5)
    copied = "\n".join(texts[:count])
    if len(run) >= count and len(copied) <= _LONGEST_COPY:
        sheet.ask("text", copied, _COPY, run[:count], n=_NUMBERS[count - 2])
    if whole and len(run) == len(lines):
        sheet.ask("line", texts[-1], _LAST, run[-1:])
        if 1 < len(run) <= MOST_COUNTED + 4:
            sheet.ask("how_many", str(len(run)), _COUNT, run)
