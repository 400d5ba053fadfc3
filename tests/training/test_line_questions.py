"""Questions about lines: every answer is the line, or the number, that the question asks for."""

from __future__ import annotations

import random
import re
from collections import Counter
from unittest.mock import patch

import pytest

from training.screens.coding.command_questions import code_questions, error_questions, session_questions
from training.screens.line_questions import line_questions

LINES = ["alpha one", "", "beta two three", "gamma 4", "delta  five", "alpha six"]


def asked(first: int) -> list[tuple[str, str]]:
    """Text in lower case and answer of many questions, but for those of `line_numbering`."""
    with patch("training.screens.line_questions.numbering_questions", return_value=[]):
        return [(question.text.lower().rstrip("?."), question.answer) for seed in range(150)
                for question in line_questions(random.Random(seed), LINES, first=first)]  # fmt: skip


@pytest.mark.parametrize("first", [1, 40])
def test_numbers_count_empty_lines_and_begin_with_the_first(first: int) -> None:
    checked: Counter[str] = Counter()
    for text, answer in asked(first):
        one = re.search(r"\bline (?:number )?(\d+)", text)
        if one:
            checked["line"] += 1
            assert answer == " ".join(LINES[int(one[1]) - first].split())
        two = re.search(r"lines (\d+)(?: to | through |-)(\d+)", text)
        if two:
            checked["lines"] += 1
            assert answer == "\n".join(LINES[int(two[1]) - first : int(two[2]) - first + 1])
        if answer.isdigit():
            checked["where"] += 1
            quoted = re.search(r"'(.+)'", text)
            assert quoted
            assert quoted[1] in LINES[int(answer) - first]
    assert min(checked[kind] for kind in ("line", "lines", "where")) > 20


def test_lines_are_found_by_what_they_say_and_by_the_line_beside() -> None:
    flat, checked = [" ".join(line.split()) for line in LINES], Counter[str]()
    for text, answer in asked(1):
        quoted = re.search(r"'(.+)'", text)
        if not quoted or answer.isdigit():
            continue
        place = flat.index(answer)
        if re.search(r"(above|before|precedes) ", text):
            checked["before"] += 1
            assert quoted[1] in flat[place + 1]
        elif re.search(r"\b(after|below|follows|under) ", text):
            checked["after"] += 1
            assert quoted[1] in flat[place - 1]
        elif re.search(r"\b(starts|begins|beginning|start)\b", text):
            checked["start"] += 1
            assert answer.startswith(quoted[1])
        elif re.search(r"\b(ends|ending|end|closes|last)\b", text):
            checked["end"] += 1
            assert answer.endswith(quoted[1])
        else:
            checked["with"] += 1
            assert quoted[1] in answer.split()
    assert min(checked[kind] for kind in ("before", "after", "start", "end", "with")) > 10


def test_what_occurs_twice_is_not_asked_for() -> None:
    questions = [q for seed in range(60) for q in line_questions(random.Random(seed), ["same a", "same b", "same c"])]
    assert questions
    lines = [one for one in questions if one.kind == "line"]
    assert not any(re.search(r"'same'|with same", one.text, re.IGNORECASE) for one in lines)
    assert line_questions(random.Random(1), ["only"]) == []


def test_what_commands_printed() -> None:
    lines = ["$ ls", "a.txt", "b.txt", "$ pwd", "/home", "$"]
    found = Counter((q.kind, q.answer) for seed in range(40)
                    for q in session_questions(random.Random(seed), "$ ", lines, ["ls", "pwd"]))  # fmt: skip
    assert {("lines", "a.txt\nb.txt"), ("lines", "/home"), ("line", "a.txt"), ("line", "b.txt"), ("command", "pwd"),
            ("command", "ls"), ("list", "ls, pwd")} <= set(found)  # fmt: skip
    assert ("value", "$") not in found  # too short to tell from anything else
    assert session_questions(random.Random(1), "", lines, []) == []


def test_what_code_says() -> None:
    code = [
        "import sail",
        "# wind at sea",
        "def row(oar, boat):",
        "    return oar + boat",
        "class Ship:",
        "    mast = 3",
    ]
    for seed in range(20):
        found = {(q.kind, q.answer) for q in code_questions(random.Random(seed), code, 7)}
        assert found == {("value", "row"), ("how_many", "9"), ("list", "oar, boat"), ("value", "oar + boat"),
                         ("value", "Ship"), ("list", "sail"), ("value", "wind at sea")}  # fmt: skip


def test_counting_is_drilled_on_some_texts() -> None:
    lines = [f"{word} {number}" for number, word in enumerate(("oak", "elm", "ash", "fir", "yew", "box", "may", "bay"))]
    drilled = 0
    for seed in range(60):
        found = line_questions(random.Random(seed), lines)
        by_number = {one.answer for one in found
                     if one.kind == "line" and re.search(r"\bline (?:number )?\d", one.text.lower())}  # fmt: skip
        numbers = [one for one in found if one.kind == "line_number"]
        drilled += by_number == set(lines) and len(numbers) >= len(lines)
        assert len(found) <= 44
        assert {one.answer for one in found if one.kind == "line_found"} <= set(lines)
    assert 10 < drilled < 32
    assert all(len(line_questions(random.Random(seed), lines, most=6)) <= 6 for seed in range(20))


def test_lines_are_counted_from_above_and_from_below() -> None:
    lines = [f"{word} {number}" for number, word in enumerate(("oak", "elm", "ash", "fir", "yew", "box"))]
    places = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4,
              "5th": 4, "sixth": 5, "6th": 5}  # fmt: skip
    checked = Counter[str]()
    for seed in range(80):
        for one in line_questions(random.Random(seed), lines):
            found = re.search(r"\b(\w+) (?:line|to last line)\b|\bthe (\w+) from (?:above|below)\b", one.text.lower())
            place = places.get(found[1] or found[2], -1) if found and one.kind == "line" else -1
            if place >= 0:
                below = re.search(r"bottom|below|end|to last", one.text.lower())
                checked["below" if below else "above"] += 1
                assert one.answer == lines[-1 - place if below else place], one.text
    assert min(checked["above"], checked["below"]) > 40


def test_nothing_is_asked_about_the_top_or_the_bottom_beside_bars() -> None:
    texts = " ".join(one.text.lower() for seed in range(60)
                     for one in line_questions(random.Random(seed), LINES, bars=True))  # fmt: skip
    assert not re.search(r"\b(top|topmost|bottom|lowest)\b", texts)
    assert "last line" in texts


def test_the_beginning_of_a_line_is_not_asked_for_what_comes_after_it() -> None:
    lines = ["me@host:~$ ls -l", "total nine and some more", "me@host:~$ pwd", "/home/of/me in the end"]
    asked_after = [one.text for seed in range(80) for one in line_questions(random.Random(seed), lines)
                   if one.text.lower().startswith(("what comes after", "what precedes", "what is under"))]  # fmt: skip
    assert asked_after
    assert all(any(f"'{line}'" in text for line in lines) for text in asked_after)


def test_the_error_and_the_lines_beside_it() -> None:
    lines = ["$ cat  sail", "cat: sail: No such file", "$ pwd"]
    found = {(one.kind, one.answer) for one in error_questions(random.Random(2), lines, ["cat: sail: No such file"])}
    assert found == {("message", "cat: sail: No such file"), ("how_many", "2"), ("line", "$ cat sail"),
                     ("line", "$ pwd")}  # fmt: skip
    assert error_questions(random.Random(2), lines, ["one", "two"]) == []
    assert error_questions(random.Random(2), lines, ["several"]) == []
