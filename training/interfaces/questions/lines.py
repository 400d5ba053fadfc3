"""Questions about the lines of a text box, such as a source file or a log: the third one, the one after another."""

from __future__ import annotations

from collections.abc import Sequence

from training.interfaces.questions.sheet import MOST_COUNTED, Sheet, plain
from training.interfaces.records import Control
from training.screens.panes.names import NTH

_COUNT = (
    "How many lines does the text have?", "How many lines of text are there?", "Count the lines of the text.",
    "How many lines are in the text box?", "Number of lines in the text box?",
)  # fmt: skip
_KTH = (
    "What is the {nth} line of the text?", "Read the {nth} line in the text box.", "What does the {nth} line say?",
    "Quote the {nth} line of the text.", "Copy the {nth} line of the text box.", "The {nth} line of the text?",
    "What stands in the {nth} line of the text?",
)  # fmt: skip
_AFTER = (
    'What does the line after "{t}" say?', 'Which line follows "{t}"?', 'What is written directly below "{t}"?',
    'Read the line under "{t}".', 'What comes after the line "{t}"?',
)  # fmt: skip
_BEFORE = (
    'What does the line before "{t}" say?', 'Which line precedes "{t}"?', 'What is written directly above "{t}"?',
    'Read the line above "{t}".', 'What comes before the line "{t}"?',
)  # fmt: skip
_FIRST = (
    "Copy the first {n} lines of the text.", "Read the first {n} lines in the text box.",
    "Quote the first {n} lines of the text.", "What do the first {n} lines of the text say?",
)  # fmt: skip
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six")
_STARTS = (
    'Which line starts with "{t}"?', 'Read the line that begins with "{t}".', 'Copy the line beginning with "{t}".',
    'How does the line that starts with "{t}" read?',
)  # fmt: skip
_LONG = 80
"""Characters of a message that may be called a text with lines, too."""


def ask_lines(sheet: Sheet) -> None:
    """About the only box with several lines, of which those from the first one on are seen."""
    box, rng = _only_box(sheet), sheet.rng
    if box is None:
        return
    lines = box.text.split("\n")
    said = [plain(line) for line in lines]
    whole = sheet.is_whole(box.container)
    if whole and len(lines) <= MOST_COUNTED and all(line.strip() for line in lines):
        sheet.ask("how_many", str(len(lines)), _COUNT, [box])
    known = [place for place in range(min(len(lines), len(NTH))) if all(line.strip() for line in lines[:place])]
    for place in rng.sample(known, min(3, len(known))):
        if said[place]:
            sheet.ask("line", said[place], _KTH, [box], nth=NTH[place])
    if said[-1] and whole:
        sheet.ask("line", said[-1], _KTH, [box], nth="last")
    _ask_first(sheet, box, lines)
    pairs = [place for place in range(1, len(lines)) if said[place - 1] and said[place]]
    for place in rng.sample(pairs, min(2, len(pairs))):
        given, answer, phrasings = rng.choice(
            ((said[place - 1], said[place], _AFTER), (said[place], said[place - 1], _BEFORE))
        )
        if said.count(given) == 1 and '"' not in given and len(given) <= 60:
            sheet.ask("line", answer, phrasings, [box], t=given)
    long = [line for line in said if len(line.split()) > 3 and '"' not in line]
    for line in rng.sample(long, min(2, len(long))):
        start = " ".join(line.split()[:2])
        if sum(other.startswith(start) for other in said) == 1:
            sheet.ask("line", line, _STARTS, [box], t=start)


def _only_box(sheet: Sheet) -> Control | None:
    """The only box with lines, where no message may be taken for another one."""
    boxes, messages = sheet.of("text"), [one for one in sheet.of("message") if len(one.text) > _LONG]
    if len(boxes) != 1 or "\n" not in boxes[0].text or messages or sheet.of("line"):  # those are asked by themselves
        return None
    return boxes[0]


def _ask_first(sheet: Sheet, box: Control, lines: Sequence[str]) -> None:
    """Several lines from the top, copied."""
    count = sheet.rng.randint(2, len(_NUMBERS) - 1)
    if count < len(lines) and all(plain(line) for line in lines[:count]):
        given = sheet.rng.choice((str(count), _NUMBERS[count]))
        sheet.ask("text", "\n".join(line.rstrip() for line in lines[:count]), _FIRST, [box], n=given)
