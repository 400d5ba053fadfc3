"""How people ask about lines of a terminal, a log, an editor: by number, by place, by a word, by the line beside."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from training.screens.line_numbering import numbering_questions
from training.screens.ordinals import ORDINALS, draw_nth
from training.screens.phrasing import question
from training.screens.records import Box, Question

_BY_NUMBER = (
    "Read line {n}.", "What is on line {n}?", "What does line {n} say?", "Line {n}?", "Quote line {n}.",
    "Give me line {n}.", "Which text is on line {n}?", "Read line number {n}.", "What is in line {n}?",
    "What stands on line {n}?", "Copy line {n}.", "What is written on line {n}?", "Read out line {n}.",
    "What does it say on line {n}?",
)  # fmt: skip
_BY_PLACE = (
    "Read the {nth} line.", "What does the {nth} line say?", "What is the {nth} line?", "Quote the {nth} line.",
    "What is on the {nth} line?", "Which text is on the {nth} line?", "The {nth} line?", "Copy the {nth} line.",
    "What is written on the {nth} line?", "What does it say on the {nth} line?",
    "Read the {nth} line from the top.", "What is the {nth} line from the top?", "Which line is the {nth} from above?",
    "Counted from the top, what does the {nth} line say?",
)  # fmt: skip
_FROM_BELOW = (
    "Read the {nth} line from the bottom.", "What is the {nth} line from the bottom?",
    "What does the {nth} line from the bottom say?", "Which line is the {nth} from below?",
    "Counted from the bottom, what is the {nth} line?", "What is the {nth} to last line?",
    "Read the {nth} to last line.", "Quote the {nth} line from the end.", "The {nth} line from the bottom?",
)  # fmt: skip
_FIRST = ("Read the first line.", "What is the first line?", "What does the top line say?", "Read the line at the top.",
          "Quote the first line.", "With which line does it begin?",
          "What is on the first line?", "Read the topmost line.")  # fmt: skip
_LAST = ("Read the last line.", "What is the last line?", "What does the bottom line say?", "Quote the last line.",
         "Read the line at the bottom.", "What is on the last line?", "With which line does it end?",
         "What does the last line say?", "Read the lowest line.")  # fmt: skip
_LAST_BUT_ONE = ("Read the line before the last.", "What is the second to last line?", "Read the last line but one.",
                 "What is the penultimate line?", "What does the second line from the bottom say?",
                 "Read the second to last line.", "What is the next to last line?",
                 "Which line is the second from below?")  # fmt: skip
_STARTS = ("Which line starts with '{t}'?", "Read the line that starts with '{t}'.", "Read the line beginning with {t}",
           "How does the line that starts with '{t}' read?", "What does the line with '{t}' at its start say?",
           "Quote the line that begins with '{t}'.", "Find the line that starts with '{t}' and read it.",
           "Which line begins with '{t}'?")  # fmt: skip
_CONTAINS = ("Which line contains '{t}'?", "Read the line that contains '{t}'.", "Read the line with {t}.",
             "Quote the line in which '{t}' occurs.", "Which line has '{t}' in it?", "Find the line with '{t}'.",
             "In which line is '{t}'? Read it.", "What does the line with '{t}' say?",
             "Which line mentions {t}?")  # fmt: skip
_ENDS = ("Which line ends with '{t}'?", "Read the line that ends with '{t}'.", "Quote the line ending in '{t}'.",
         "Which line has '{t}' at its end?", "What does the line that ends with '{t}' say?",
         "Read the line whose last word is '{t}'.", "Find the line that ends in '{t}'.",
         "Which line closes with '{t}'?")  # fmt: skip
_AFTER = ("Which line comes after '{t}'?", "What is the next line after '{t}'?", "Read the line below '{t}'.",
          "What follows the line '{t}'?", "Which line is directly below '{t}'?", "What comes after '{t}'?",
          "Read the line that follows '{t}'.", "What stands in the line after '{t}'?",
          "What is under '{t}'?")  # fmt: skip
_BEFORE = ("Which line comes before '{t}'?", "What is the line before '{t}'?", "Read the line above '{t}'.",
           "Which line is directly above '{t}'?", "What stands in the line above '{t}'?", "What precedes '{t}'?",
           "Read the line that comes before '{t}'.", "What is above '{t}'?")  # fmt: skip
_WHERE = ("On which line is '{t}'?", "Which line number has '{t}'?", "What is the number of the line with '{t}'?",
          "In which line does '{t}' occur?", "On what line is '{t}'?", "Which line is '{t}' on? Give its number.",
          "Line number of '{t}'?", "Give the number of the line that says '{t}'.")  # fmt: skip
_RANGE = ("Read lines {a} to {b}.", "Copy lines {a} to {b}.", "What do lines {a} to {b} say?",
          "Give me lines {a} to {b}.", "Quote lines {a} through {b}.", "What is on lines {a} to {b}?",
          "Transcribe lines {a}-{b}.", "Read out lines {a} to {b}.")  # fmt: skip
_FIRST_FEW = ("Read the first {k} lines.", "What do the first {k} lines say?", "Copy the first {k} lines.",
              "Give me the {k} lines at the top.", "Quote the first {k} lines.", "Read the top {k} lines.",
              "Transcribe the first {k} lines.", "What are the first {k} lines?")  # fmt: skip
_LAST_FEW = ("Read the last {k} lines.", "What do the last {k} lines say?", "Copy the last {k} lines.",
             "Give me the {k} lines at the bottom.", "Quote the last {k} lines.", "Read the bottom {k} lines.",
             "Transcribe the last {k} lines.", "What are the last {k} lines?")  # fmt: skip
_FEW = ("", "", "two", "three", "four", "five", "six")
_LONGEST = 600
"""Characters of several lines that are asked for together."""
_OF_THE_WINDOW = re.compile(r"\b(?:top|topmost|bottom|lowest)\b")
"""Words that may mean a bar."""
_BY_COUNTING, _BY_ORDINAL = 9, 3
"""Lines that are asked for by their number, and so: that takes counting, which is learned slowly."""
_DRILLED_SHARE, _DRILLED_FROM, _MOST_DRILLED, _DRILLED_ORDINALS = 0.33, 12, 16, 7
"""Of the texts about which so many questions are asked: nearly every line is asked for by its number, and for it."""
_WORDS = 0.7
"""Of ordinals that are words, and no numbers."""
FOUND, NUMBER = "line_found", "line_number"
"""Kinds of questions: which line has a text, or is beside one; which number a line has."""
_NUMBERING_SHARE = 0.45
"""Of the questions, at most: those that teach to count lines."""


def line_questions(rng: random.Random, lines: Sequence[str], *, first: int = 1, most: int = 22,
                   bars: bool = False, boxes: Sequence[Box] = ()) -> list[Question]:  # fmt: skip
    """At most about `most` questions about these lines, from top to bottom; more where counting is drilled.

    Empty lines count but are not asked about. `first` is the number of the top line where lines have numbers.
    With `bars` above or below them nothing is asked about what stands at the top or the bottom.
    `boxes` are what each line covers, px: questions then say which lines must be seen.
    """
    flat = [" ".join(line.split()) for line in lines]
    filled = [place for place, line in enumerate(flat) if line]
    if len(filled) < 2:
        return []
    last = len(flat) - 1

    def ask(kind: str, answer: str, ways: Sequence[str], start: int, end: int, **slots: object) -> Question:
        return _needing(question(rng, kind, answer, ways, **slots), boxes, start, end)

    drilled = most >= _DRILLED_FROM and rng.random() < _DRILLED_SHARE
    counted = filled[:_MOST_DRILLED] if drilled else rng.sample(filled, min(_BY_COUNTING, len(filled)))
    by_number = [ask("line", flat[place], _BY_NUMBER, 0, place, n=place + first) for place in counted]
    found = [] if drilled else by_number
    dense = len(filled) == len(flat)
    if dense:
        ordinals = range(min(len(flat), len(ORDINALS)))
        for place in rng.sample(ordinals, min(_DRILLED_ORDINALS if drilled else _BY_ORDINAL, len(ordinals))):
            ways = _BY_PLACE if place else _BY_PLACE[:10]
            found.append(ask("line", flat[place], ways, 0, place, nth=draw_nth(rng, place, _WORDS)))
        found += [ask("line", flat[-1 - place], _FROM_BELOW, last - place, last, nth=draw_nth(rng, place, _WORDS))
                  for place in rng.sample(range(1, min(len(flat), len(ORDINALS))), min(3, len(flat) - 1))]  # fmt: skip
        found.append(ask("line", flat[-2], _LAST_BUT_ONE, last - 1, last))
    found.append(ask("line", flat[filled[0]], _FIRST, 0, filled[0]))
    found.append(ask("line", flat[filled[-1]], _LAST, filled[-1], last))
    found += _by_text(rng, flat, filled, first, boxes)
    found += _several(rng, [line.rstrip() for line in lines], first, boxes)
    numbering = numbering_questions(rng, flat, first, boxes, bars=bars, drilled=drilled)
    if bars:
        found, numbering = ([one for one in some if not _OF_THE_WINDOW.search(one.text)] for some in (found, numbering))
    if drilled:
        return by_number + rng.sample(found, min(most // 2, len(found))) + numbering
    some = rng.sample(numbering, min(round(most * _NUMBERING_SHARE), len(numbering)))
    return rng.sample(found, min(most - len(some), len(found))) + some


def _needing(found: Question, boxes: Sequence[Box], start: int, end: int) -> Question:
    return replace(found, needs=tuple(boxes[start : end + 1])) if boxes else found


def _by_text(rng: random.Random, flat: Sequence[str], filled: Sequence[int], first: int,
             boxes: Sequence[Box]) -> list[Question]:  # fmt: skip
    """Lines found by a word in them, or by the line beside them."""
    said = Counter(word for line in flat for word in set(line.split()))
    found: list[Question] = []

    def add(kind: str, answer: str, ways: Sequence[str], start: int, end: int, text: str) -> None:
        found.append(_needing(question(rng, kind, answer, ways, t=text), boxes, start, end))

    for place in rng.sample(filled, min(3, len(filled))):
        words = flat[place].split()
        unique = [word for word in words if said[word] == 1 and len(word) > 2 and _quotable(word)
                  and sum(word in line for line in flat) == 1]  # fmt: skip
        if unique and len(words) > 1:
            add(FOUND, flat[place], _CONTAINS, place, place, rng.choice(unique))
        if unique:
            add(NUMBER, str(place + first), _WHERE, 0, place, rng.choice(unique))
    for place in rng.sample(filled, min(3, len(filled))):
        words = flat[place].split()
        start, end = " ".join(words[: min(2, len(words) - 1)]), words[-1]
        if start and _quotable(start) and sum(line.startswith(start) for line in flat) == 1:
            add(FOUND, flat[place], _STARTS, place, place, start)
        if len(words) > 1 and _quotable(end) and sum(line.endswith(end) for line in flat) == 1:
            add(FOUND, flat[place], _ENDS, place, place, end)
    return found + _by_neighbours(rng, flat, filled, boxes)


def _by_neighbours(rng: random.Random, flat: Sequence[str], filled: Sequence[int],
                   boxes: Sequence[Box]) -> list[Question]:  # fmt: skip
    """Lines found by the one above or below them."""
    whole, found = Counter(flat), list[Question]()
    pairs = [place for place in filled if place + 1 < len(flat) and flat[place + 1]]
    for place in rng.sample(pairs, min(4, len(pairs))):
        after = rng.random() < 0.5
        known, asked = (place, place + 1) if after else (place + 1, place)
        ways: Sequence[str] = _AFTER if after else _BEFORE
        if whole[flat[known]] == 1 and _quotable(flat[known]):
            quoted = _shortened(flat, known)
            if quoted != flat[known]:  # what comes after the beginning of a line may be the rest of it
                ways = [way for way in ways if "line" in way]
            found.append(_needing(question(rng, FOUND, flat[asked], ways, t=quoted), boxes, place, place + 1))
    return found


def _quotable(text: str) -> bool:
    return "'" not in text and "{" not in text and "}" not in text


def _shortened(flat: Sequence[str], place: int) -> str:
    """Its first words, as many as no other line begins with; of short lines all."""
    words = flat[place].split()
    for count in range(1, len(words)):
        start = " ".join(words[:count])
        if len(start) > 12 and sum(start in line for line in flat) == 1:
            return start
    return flat[place]


def _several(rng: random.Random, lines: Sequence[str], first: int, boxes: Sequence[Box]) -> list[Question]:
    """Two to six lines at once."""
    found, last = list[Question](), len(lines) - 1
    count = rng.randint(2, min(6, len(lines)))
    start = rng.randrange(len(lines) - count + 1)
    part = "\n".join(lines[start : start + count])
    if _copied(part):
        asked = question(rng, "lines", part, _RANGE, a=start + first, b=start + first + count - 1)
        found.append(_needing(asked, boxes, 0, start + count - 1))
    few = rng.randint(2, min(4, len(lines)))
    ways, part, start, end = rng.choice(((_FIRST_FEW, "\n".join(lines[:few]), 0, few - 1),
                                         (_LAST_FEW, "\n".join(lines[-few:]), last - few + 1, last)))  # fmt: skip
    if _copied(part) and "\n\n" not in part:
        found.append(_needing(question(rng, "lines", part, ways, k=_FEW[few]), boxes, start, end))
    return found


def _copied(part: str) -> bool:
    """Whether it can be asked for: short enough, and neither its first nor its last line is empty or indented."""
    return len(part) <= _LONGEST and part == part.strip()
