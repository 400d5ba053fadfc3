"""Questions that teach to count lines: which number a line has, lines with their numbers, how many, whether."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from training.screens.phrasing import question
from training.screens.records import Box, Question

_NUMBER_OF = (
    "Which number has the line that says '{t}'?", "Which line is '{t}'? Give its number.", "On which line is '{t}'?",
    "What is the number of the line '{t}'?", "Line number of '{t}'?", "The line '{t}' is number what?",
    "Count the lines: at which one does it say '{t}'?", "Which line number does '{t}' have?",
    "In which line do you read '{t}'?", "Give the number of the line that reads '{t}'.",
)  # fmt: skip
_NUMBERED = (
    "Read lines {a} to {b} with their numbers.", "Number lines {a} to {b}.",
    "Copy lines {a} to {b}, each with its number.",
    "Lines {a} to {b}, numbered, please.", "Write lines {a} to {b} with the number before each.",
    "Give lines {a} to {b} as a numbered list.", "Read out lines {a} to {b} and say which number each has.",
    "Transcribe lines {a} to {b} with line numbers.",
)  # fmt: skip
_NUMBERED_FIRST = (
    "Number the first {k} lines.", "Read the first {k} lines with their numbers.",
    "Count and read the first {k} lines.",
    "Give the first {k} lines as a numbered list.", "Copy the first {k} lines, each with its number.",
    "The first {k} lines, numbered?", "Write the first {k} lines with line numbers.",
)  # fmt: skip
_SAYS = (
    "Does line {n} say '{t}'?", "Is '{t}' on line {n}?", "Does it say '{t}' on line {n}?", "Is line {n} '{t}'?",
    "Does '{t}' stand on line {n}?", "Line {n} says '{t}', right?", "Is '{t}' what line {n} says?",
)  # fmt: skip
_IS_ABOVE = (
    "Is '{a}' above '{b}'?", "Does '{a}' stand above '{b}'?", "Is the line '{a}' above the line '{b}'?",
    "Does the line '{a}' come before '{b}'?", "Is '{a}' higher up than '{b}'?", "Does '{a}' come before '{b}'?",
)  # fmt: skip
_IS_NEXT = (
    "Is '{b}' the line right after '{a}'?", "Does '{b}' come directly after '{a}'?",
    "Is '{b}' directly below '{a}'?", "Is the line after '{a}' '{b}'?", "Does '{b}' follow directly on '{a}'?",
    "Is the next line after '{a}' '{b}'?",
)  # fmt: skip
_HAS = (
    "Is there a line that contains '{t}'?", "Does any line say '{t}'?", "Does '{t}' occur in the text?",
    "Is there a line with '{t}'?", "Does the text contain '{t}'?", "Do you see '{t}' in one of the lines?",
    "Is '{t}' mentioned in any line?", "Does it say '{t}' anywhere in the text?",
)  # fmt: skip
_STARTS_WITH = (
    "Is there a line that starts with '{t}'?", "Does any line begin with '{t}'?",
    "Do you see a line beginning with '{t}'?",
    "Does one of the lines start with '{t}'?", "Is '{t}' at the start of a line?",
)  # fmt: skip
_HOW_MANY = (
    "How many lines are there?", "How many lines do you see?", "Count the lines.", "How many lines are shown?",
    "What is the number of lines?", "Number of lines?", "How many lines can be read?",
)  # fmt: skip
_HOW_MANY_OF_TEXT = (
    "How many lines of text are there?", "How many lines does the text have?", "Count the lines of text.",
    "How many lines of text do you see?", "How many lines of text does it show?", "Number of lines of text?",
)  # fmt: skip
_HOW_MANY_WITH = (
    "How many lines contain '{t}'?", "In how many lines does '{t}' occur?", "Count the lines with '{t}'.",
    "How many lines have '{t}' in them?", "How many of the lines contain '{t}'?", "How many lines mention {t}?",
    "Number of lines with '{t}'?", "In how many of the lines do you read '{t}'?", "How many lines say '{t}'?",
)  # fmt: skip
_BETWEEN = (
    "How many lines are between '{a}' and '{b}'?", "How many lines stand between '{a}' and '{b}'?",
    "Count the lines between '{a}' and '{b}'.", "Between '{a}' and '{b}', how many lines are there?",
    "How many lines separate '{a}' and '{b}'?",
)  # fmt: skip
_ABOVE_IT = (
    "How many lines are above '{t}'?", "How many lines come before '{t}'?", "Count the lines above '{t}'.",
    "How many lines stand above the line '{t}'?", "How many lines precede '{t}'?",
)  # fmt: skip
_SOME_SHARE, _BETWEEN_SHARE = 0.7, 0.5
"""Of texts: of words that are counted none is absent; lines between two others are counted."""
_LONGEST_QUOTED, _LONGEST_LINES = 70, 500
"""Characters of a line that a question quotes, and of lines that are read together."""
_MOST_COUNTED = 25
_NUMBERS, _DRILLED = 4, 11
"""Lines whose number is asked for, and where counting is drilled."""
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,}")
_FAMILIAR = ("error", "warning", "failed", "done", "ok", "info", "the", "total", "root", "test", "TODO", "ERROR",
             "INFO", "note", "and", "not", "ready", "started")  # fmt: skip
"""Words that people look for."""


def numbering_questions(rng: random.Random, flat: Sequence[str], first: int, boxes: Sequence[Box] = (), *,
                        bars: bool = False, drilled: bool = False) -> list[Question]:  # fmt: skip
    """About 20 questions about the places of lines, whose spaces are single; empty ones count.

    `first` is the number of the top line. With `boxes`, what each line covers in px, questions say what must be
    seen to answer them. `bars` says that the window has other rows, such as menus. Where counting is `drilled`, the
    numbers of many lines are asked for.
    """
    asked = _Numbering(rng, flat, first, boxes)
    if len(asked.clear) < 2:
        return []
    how_many = _HOW_MANY_OF_TEXT if bars else (*_HOW_MANY, *_HOW_MANY_OF_TEXT)
    return [
        *asked.numbers(_DRILLED if drilled else _NUMBERS),
        *asked.numbered(),
        *asked.whether(),
        *asked.present(),
        *asked.counts(how_many),
    ]


class _Numbering:
    """Lines, of which those that occur once, and are short enough, are quoted."""

    def __init__(self, rng: random.Random, flat: Sequence[str], first: int, boxes: Sequence[Box]) -> None:
        self.rng, self.flat, self.first, self.boxes = rng, flat, first, boxes
        said = Counter(flat)
        self.clear = [place for place, line in enumerate(flat) if line and said[line] == 1 and len(line) > 2
                      and len(line) <= _LONGEST_QUOTED and not set(line) & set("'{}")
                      and sum(line in other for other in flat) == 1]  # fmt: skip
        self.dense = all(flat)

    def needing(self, found: Question, start: int, end: int) -> Question:
        """The question, which the lines from `start` to `end` answer."""
        return replace(found, needs=tuple(self.boxes[start : end + 1])) if self.boxes else found

    def numbers(self, most: int) -> list[Question]:
        """Which number a line has: the later ones of a text as often as the first."""
        places = self.rng.sample(self.clear, min(most, len(self.clear)))
        return [self.needing(question(self.rng, "line_number", str(place + self.first), _NUMBER_OF, t=self.flat[place]),
                             0, place) for place in places]  # fmt: skip

    def numbered(self) -> list[Question]:
        """Some lines, each with its number before it: what counting lines is."""
        rng, found, count = self.rng, list[Question](), len(self.flat)
        few = rng.randint(2, min(6, count))
        start = rng.randrange(count - few + 1)
        for place, ways in ((start, _NUMBERED), (0, _NUMBERED_FIRST)):
            part = self.flat[place : place + few]
            answer = "\n".join(f"{n}: {line}" for n, line in enumerate(part, place + self.first))
            if all(part) and len(answer) <= _LONGEST_LINES:
                slots = {"a": place + self.first, "b": place + self.first + few - 1, "k": few}
                found.append(self.needing(question(rng, "lines", answer, ways, **slots), 0, place + few - 1))
        return found

    def whether(self) -> list[Question]:
        """Whether a line is at a place, above another, or right below it: as often as not."""
        rng, found = self.rng, list[Question]()
        for place in rng.sample(self.clear, min(2, len(self.clear))):
            near = [n + self.first for n in range(max(0, place - 3), min(len(self.flat), place + 4)) if n != place]
            number = place + self.first
            yes = question(rng, "yes_no", "Yes", _SAYS, n=number, t=self.flat[place])
            other = rng.choice(near)
            no = question(rng, "yes_no", "No", _SAYS, n=other, t=self.flat[place])
            end = max(place, other - self.first)
            found.append(self.needing(rng.choice((yes, no)), 0, end))
        a, b = sorted(rng.sample(self.clear, 2))
        upper, lower = self.flat[a], self.flat[b]
        if rng.random() < 0.5:
            found.append(self.needing(question(rng, "yes_no", "Yes", _IS_ABOVE, a=upper, b=lower), a, b))
        else:
            found.append(self.needing(question(rng, "yes_no", "No", _IS_ABOVE, a=lower, b=upper), a, b))
        pairs = [(n, n + 1) for n in self.clear if n + 1 in self.clear]
        apart = [(n, other) for n in self.clear for other in self.clear if other not in (n, n + 1)]
        for answer, some in (("Yes", pairs), ("No", apart)):
            if some and pairs and apart:
                a, b = rng.choice(some)
                asked = question(rng, "yes_no", answer, _IS_NEXT, a=self.flat[a], b=self.flat[b])
                found.append(self.needing(asked, min(a, b), max(a, b)))
        return found

    def present(self) -> list[Question]:
        """Whether a word occurs: one of the lines, and one that looks like one of theirs."""
        rng = self.rng
        words = sorted({word for line in self.flat for word in _WORD.findall(line)})
        text = "\n".join(self.flat).lower()
        absent = [one for one in (*(near_miss(rng, word) for word in words), *_FAMILIAR) if one.lower() not in text]
        if not words or not absent:
            return []
        last = len(self.flat) - 1
        found = [question(rng, "yes_no", "Yes", _HAS, t=rng.choice(words)),
                 question(rng, "yes_no", "No", _HAS, t=rng.choice(absent))]  # fmt: skip
        starts = [self.flat[place].split()[0] for place in self.clear]
        inner = [word for word in words if not any(line.startswith(word) for line in self.flat)]
        if inner:
            found += [question(rng, "yes_no", "Yes", _STARTS_WITH, t=rng.choice(starts)),
                      question(rng, "yes_no", "No", _STARTS_WITH, t=rng.choice(inner))]  # fmt: skip
        return [self.needing(one, 0, last) for one in found]

    def counts(self, how_many: Sequence[str]) -> list[Question]:
        """How many lines there are, how many have a word in them, are above one or between two."""
        rng, found, last = self.rng, list[Question](), len(self.flat) - 1
        if self.dense and self.first == 1 and len(self.flat) <= _MOST_COUNTED:
            found.append(self.needing(question(rng, "how_many", str(len(self.flat)), how_many), 0, last))
        by_count: dict[int, list[str]] = {}
        lower = [line.lower() for line in self.flat]
        words = {word for line in self.flat for word in _WORD.findall(line)} | set(_FAMILIAR)
        for word in sorted(words):
            parts = sum(word.lower() in line for line in lower)
            if parts == sum(word in re.findall(r"\w+", line) for line in self.flat):
                by_count.setdefault(parts, []).append(word)
        if rng.random() < _SOME_SHARE and len(by_count) > 1:
            by_count.pop(0, None)
        for count in rng.sample(sorted(by_count), min(2, len(by_count))):
            word = rng.choice(by_count[count])
            found.append(self.needing(question(rng, "how_many", str(count), _HOW_MANY_WITH, t=word), 0, last))
        if self.dense and len(self.clear) > 2 and rng.random() < _BETWEEN_SHARE:
            a, b = sorted(rng.sample(self.clear, 2))
            between = question(rng, "how_many", str(b - a - 1), _BETWEEN, a=self.flat[a], b=self.flat[b])
            found.append(self.needing(between, a, b))
            if self.first == 1:
                found.append(self.needing(question(rng, "how_many", str(b), _ABOVE_IT, t=self.flat[b]), 0, b))
        return found


def near_miss(rng: random.Random, text: str) -> str:
    """The text with one digit or, where it has none, some letters changed: what it might have said."""
    digits = [place for place, char in enumerate(text) if char.isdigit()]
    if digits:
        place = rng.choice(digits)
        return text[:place] + rng.choice("0123456789".replace(text[place], "")) + text[place + 1 :]
    letters = [place for place, char in enumerate(text) if char.isalpha()]
    if not letters:
        return text + "x"
    place = rng.choice(letters)
    vowel = text[place].lower() in "aeiou"
    new = rng.choice("aeiou" if vowel else "bcdfgklmnprst")
    new = rng.choice("aeiou" if vowel else "bdglmnprst") if new == text[place].lower() else new
    if new == text[place].lower():
        new = "u" if new != "u" else "o"
    return text[:place] + (new.upper() if text[place].isupper() else new) + text[place + 1 :]
