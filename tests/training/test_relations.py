"""What is asked about a table has one answer, and that is in the table."""

from __future__ import annotations

import functools
import json
import random
import re
from collections import Counter

import pytest

from training.screens.relations import Relation, measure, relation_questions
from training.screens.table_phrasings import TABLE_PHRASINGS

HEADINGS = ("Host", "Status", "Load", "Since")
ROWS = (("elm", "up", "7 %", "2024-03-01"), ("oak", "down", "0 %", "2023-11-30"), ("yew", "up", "31 %", "2024-03-02"))
TABLE = Relation(HEADINGS, ROWS, "host", "hosts")


def leaves(value: object) -> list[str]:
    if isinstance(value, dict):
        value = list(value.values())
    return [leaf for one in value for leaf in leaves(one)] if isinstance(value, list) else [str(value)]


@functools.cache
def asked(table: Relation = TABLE) -> dict[str, str]:
    """All questions of many seeds; none of them has two answers."""
    found: dict[str, str] = {}
    for seed in range(1200):
        for question in relation_questions(random.Random(seed), table):
            assert "{" not in question.text or question.kind == "json"
            assert found.setdefault(question.text, question.answer) == question.answer, question
    return found


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("What is the status of elm?", "up"),
        ("Which host has the load 31 %?", "yew"),
        ("Which host has the highest load?", "yew"),
        ("Which host has the smallest load?", "oak"),
        ("What is the highest load?", "31 %"),
        ("Which host has the latest since?", "yew"),
        ("Which hosts have the status up?", "elm, yew"),
        ("How many hosts have the status up?", "2"),
        ("Count and name the hosts with the status up.", "2: elm, yew"),
        ("How many hosts are there?", "3"),
        ("Count and name the hosts.", "3: elm, oak, yew"),
        ("How many columns are there?", "4"),
        ("Is the status of oak down?", "Yes"),
        ("Is the status of oak up?", "No"),
        ("What is the load in the second row?", "0 %"),
        ("What is the third host?", "yew"),
        ("What is the load in the last row?", "31 %"),
        ("Which host is above oak?", "elm"),
        ("What comes after oak?", "yew"),
        ("What stands right of down in its row?", "0 %"),
        ("What stands left of 0 % in its row?", "down"),
        ("Read the row of yew.", "yew, up, 31 %, 2024-03-02"),
        ("List the column load.", "7 %, 0 %, 31 %"),
        ("What is the heading of the first column?", "Host"),
    ],
)
def test_questions_people_ask(text: str, answer: str) -> None:
    assert asked()[text] == answer


def test_json_has_the_keys_that_were_asked_for() -> None:
    kinds: Counter[str] = Counter()
    cells = {cell for row in (HEADINGS, *ROWS) for cell in row}
    for seed in range(300):
        for question in relation_questions(random.Random(seed), TABLE):
            if question.kind != "json":
                continue
            value = json.loads(question.answer)
            kinds[type(value).__name__] += 1
            for key in value if isinstance(value, dict) else value[0] if isinstance(value[0], dict) else ():
                assert key in question.text or key in cells or key in {"columns", "rows"}
            assert set(leaves(value)) <= cells
    assert min(kinds["dict"], kinds["list"]) > 100


def test_yes_is_as_often_as_no() -> None:
    said = Counter(question.answer for seed in range(200) for question in relation_questions(random.Random(seed), TABLE)
                   if question.kind == "present")  # fmt: skip
    assert said["Yes"] == said["No"] > 20


def test_what_is_cut_off_empty_or_twice_is_not_asked_for_by_name() -> None:
    rows = (("elm", "a long ...", ""), ("elm", "up", "1"), ("oak...", "down", "2"), ("yew", "up", "3"))
    found = asked(Relation(("Host", "Status", "Load"), rows, "host", "hosts"))
    assert not [text for text, answer in found.items() if answer.endswith("...") or not answer]
    assert not [text for text in found if re.search(r"of (elm|oak\.\.\.)", text)]


def test_a_row_of_totals_is_no_last_row() -> None:
    found = asked(Relation(HEADINGS, ROWS, "host", "hosts", total=True))
    assert not [text for text in found if "last" in text or "ottom" in text or "How many hosts are there" in text]


def test_one_row_and_no_row() -> None:
    assert relation_questions(random.Random(1), Relation(HEADINGS, ())) == []
    assert asked(Relation(HEADINGS, ROWS[:1], "host", "hosts"))["What is the load of elm?"] == "7 %"


@pytest.mark.parametrize(
    ("text", "value"),
    [("7", (7.0, "")), ("-3.50", (-3.5, "")), ("$12.00", (12.0, "$")), ("4.20 EUR", (4.2, "EUR")),
     ("2 MB", (2000, "size")), ("08:05", (485, "time")), ("1 March 2020", (2020 * 372 + 94, "date")), ("elm", None),
     ("03/04/2020", None)],
)  # fmt: skip
def test_measures(text: str, value: tuple[float, str] | None) -> None:
    assert measure(text) == value


def test_every_phrasing_is_used() -> None:
    texts = set(asked())
    for name, phrasings in TABLE_PHRASINGS.items():
        plain = [re.escape(text.replace("{{", "{").replace("}}", "}")) for text in phrasings]
        forms = [re.compile(re.sub(r"\\{\w+\\}", ".+", text), re.IGNORECASE) for text in plain]
        assert any(form.fullmatch(text) for form in forms for text in texts), name
