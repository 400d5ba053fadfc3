"""Questions about the lines of a text box, such as a source file or a log: the third one, the one after another."""

from __future__ import annotations

from training.interfaces.questions.sheet import MOST_COUNTED, Sheet, plain
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
_STARTS = (
    'Which line starts with "{t}"?', 'Read the line that begins with "{t}".', 'Copy the line beginning with "{t}".',
    'How does the line that starts with "{t}" read?',
)  # fmt: skip


def ask_lines(sheet: Sheet) -> None:
    """About the only box with several lines, where each says something and all are seen."""
    boxes = sheet.of("text")
    if len(boxes) != 1 or "\n" not in boxes[0].text:
        return
    box, rng = boxes[0], sheet.rng
    lines = box.text.split("\n")
    said = [plain(line) for line in lines]
    if len(lines) <= MOST_COUNTED and all(line.strip() for line in lines):
        sheet.ask("how_many", str(len(lines)), _COUNT, [box])
    known = [place for place in range(min(len(lines), len(NTH))) if all(line.strip() for line in lines[:place])]
    for place in rng.sample(known, min(3, len(known))):
        if said[place]:
            sheet.ask("line", said[place], _KTH, [box], nth=NTH[place])
    if said[-1]:
        sheet.ask("line", said[-1], _KTH, [box], nth="last")
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
