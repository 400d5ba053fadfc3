"""What is worth telling of the answers about a watched region."""

from __future__ import annotations

import time

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.ui.captures.condition import Condition

ORDER = '{"total": 41.5, "items": [{"name": "Tea", "price": "3,20"}], "paid": false}'


def met(condition: Condition, *answers: str) -> list[bool]:
    """Of answers that come one after the other."""
    before: str | None = None
    found = []
    for answer in answers:
        found.append(condition.is_met(answer, before))
        before = answer
    return found


@pytest.mark.parametrize(
    ("condition", "answers", "expected"),
    [
        (Condition(), ("Busy", "busy\n", "Done", "Done"), [False, False, True, False]),
        (Condition("contains", "done"), ("Busy", "It is Done.", "Done!", "Busy", "done"), [0, 1, 0, 0, 1]),
        (Condition("contains", "done"), ("done",), [True]),
        (Condition("matches", r"\b[4-9]\d %"), ("12 %", "41 %", "55 %", "9 %"), [0, 1, 0, 0]),
        (Condition("field", "", "total"), (ORDER, ORDER.replace("41.5", "42"), "none"), [0, 1, 1]),
        (Condition("field", "40", "total", ">"), (ORDER.replace("41.5", "39"), ORDER, ORDER), [0, 1, 0]),
        (Condition("field", "4", "items.0.price", "<"), (ORDER,), [True]),
        (Condition("field", "tea", "items.0.name", "="), (ORDER,), [True]),
        (Condition("field", "false", "paid", "="), (ORDER,), [True]),
        (Condition("field", "ea", "items.0.name", "contains"), (ORDER,), [True]),
        (Condition("field", "1", "items.7.name", "contains"), (ORDER,), [False]),
        (Condition("field", "1", "total", ">"), ("no JSON", '{"total": "many"}', "[" * 99_999), [0, 0, 0]),
        (Condition("field", "1", "paid", ">"), ('{"paid": true}',), [False]),
    ],
)
def test_each_thing_is_reported_once(condition: Condition, answers: tuple[str, ...], expected: list[bool]) -> None:
    condition.check()
    assert met(condition, *answers) == expected


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (Condition("contains", " "), "Write the text that the answer is to contain."),
        (Condition("matches", "("), "This is no regular expression: missing ), unterminated subpattern at position 0."),
        (Condition("field", "1", ""), "Name the field of the answer, such as total or items.0.price."),
        (Condition("field", "much", "total", ">"), "Write a number that the field is compared with."),
        (Condition("field", "nan", "total", "<"), "Write a number that the field is compared with."),
    ],
)
def test_what_is_missing_is_said_before_anything_is_watched(condition: Condition, sentence: str) -> None:
    with pytest.raises(UserError) as error:
        condition.check()
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(a|aa)+$", "(a*)*b", r"(\w+\s?)*$", "(?:a+){20}b", "a*a*a*a*b", r"(.*)\1", "x{0,200}" * 6],
)
def test_a_pattern_that_could_take_forever_is_refused(pattern: str) -> None:
    with pytest.raises(UserError, match="could take forever"):
        Condition("matches", pattern).check()


@pytest.mark.parametrize(
    "pattern",
    [r"\d+ of \d+ in \d+ s, \w+", "a*a*b", "^.*foo.*bar$", r"(ab){3}|c+", r"[^x]*x[^x]*", "^done$", r"\berror\b.*"],
)
def test_one_that_is_taken_ends_soon_on_any_answer(pattern: str) -> None:
    condition = Condition("matches", pattern)
    condition.check()
    begun = time.thread_time()
    condition.is_met("a" * 2_000 + " " + "1 of " * 50, "")
    assert time.thread_time() - begun < 2
