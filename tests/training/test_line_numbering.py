"""Questions that teach to count lines: numbers, counts, and yes as often as no."""

from __future__ import annotations

import random
import re
from collections import Counter

from training.screens.line_numbering import near_miss, numbering_questions

LINES = ["oak 12", "elm error", "ash error", "fir 40", "yew done", "box 7"]
BOXES = [(0.0, 10.0 * n, 50.0, 10.0 * n + 10) for n in range(len(LINES))]


def test_numbers_and_numbered_lines_agree_with_the_text() -> None:
    checked: Counter[str] = Counter()
    for seed in range(120):
        for one in numbering_questions(random.Random(seed), LINES, 5):
            quoted = re.findall(r"'([^']+)'", one.text)
            if one.kind == "lines":
                checked["lines"] += 1
                for row in one.answer.split("\n"):
                    number, line = row.split(": ", 1)
                    assert LINES[int(number) - 5] == line
            elif one.kind == "how_many" and re.search("contain|occur| with |have|mention|say", one.text) and len(
                    quoted) == 1 and quoted[0] not in LINES:  # fmt: skip
                checked["with"] += 1
                assert int(one.answer) == sum(quoted[0] in line for line in LINES), one.text
            elif one.kind == "how_many" and len(quoted) == 2:
                checked["between"] += 1
                assert int(one.answer) == LINES.index(quoted[1]) - LINES.index(quoted[0]) - 1
            elif one.kind == "line_number":
                checked["number"] += 1
                assert int(one.answer) == LINES.index(quoted[0]) + 5
    assert min(checked[kind] for kind in ("lines", "with", "between", "number")) > 50


def test_yes_is_as_often_right_as_no() -> None:
    asked = [one for seed in range(300) for one in numbering_questions(random.Random(seed), LINES, 1)]
    answers = Counter(one.answer for one in asked if one.kind == "yes_no")
    assert set(answers) == {"Yes", "No"}
    assert 0.85 < answers["Yes"] / answers["No"] < 1.15


def test_a_line_by_its_number_needs_all_lines_above_it() -> None:
    found = numbering_questions(random.Random(3), LINES, 1, BOXES)
    assert found
    for one in found:
        if one.kind == "how_many" and re.search(r"number|On which line|In which line", one.text) and one.answer != "6":
            assert len(one.needs) >= min(int(one.answer), 1)
    assert all(one.needs for one in found)


def test_a_near_miss_is_another_text_of_the_same_length() -> None:
    for text in ("Save", "report-12.txt", "42", "Yes", "kqx"):
        for seed in range(30):
            missed = near_miss(random.Random(seed), text)
            assert missed != text
            assert len(missed) == len(text)
