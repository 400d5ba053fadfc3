"""Yes or no about windows: what is asked for stands there exactly when the answer is yes."""

from __future__ import annotations

import random
import re
from collections import Counter

from training.screens.neighbours import Text
from training.screens.whether import whether_questions, whether_value, whether_windows

TEXTS = [Text("alpha one", (10, 10, 60, 20)), Text("beta two", (10, 30, 60, 40)), Text("gamma", (80, 30, 120, 40)),
         Text("delta 7", (10, 50, 60, 60))]  # fmt: skip


def test_what_is_there_differs_from_what_is_nearly_there() -> None:
    said, answers = [one.text for one in TEXTS], Counter[str]()
    for seed in range(400):
        for one in whether_questions(random.Random(seed), TEXTS, "notes 12", "\n".join([*said, "notes 12"])):
            quoted = re.findall(r"'([^']+)'", one.text)
            answers[one.answer] += 1
            if len(quoted) == 1:
                assert (quoted[0] in {*said, "notes 12"}) == (one.answer == "Yes"), one.text
            else:
                places = [next(text.box for text in TEXTS if text.text == name) for name in quoted]
                first = places[0][:2] <= places[1][:2] if "left" in one.text or "right" in one.text else (
                    places[0][1] < places[1][1])  # fmt: skip
                turned = bool(re.search(r"below|further down|right", one.text, re.IGNORECASE))
                assert (first != turned) == (one.answer == "Yes"), one.text
    assert 0.85 < answers["Yes"] / answers["No"] < 1.15


def test_windows_that_are_open() -> None:
    answers = Counter[str]()
    for seed in range(300):
        for one in whether_windows(random.Random(seed), ["ant", "bee hive"], 2, "ant", "ant\nbee hive"):
            answers[one.answer] += 1
            quoted = re.search(r"'([^']+)'", one.text)
            if quoted and re.search("front|top|foreground", one.text):
                assert (quoted[1] == "ant") == (one.answer == "Yes")
            elif quoted:
                assert (quoted[1] in {"ant", "bee hive"}) == (one.answer == "Yes")
            else:
                assert one.answer == ("No" if re.search(r"\b2\b", one.text) else "Yes")
    assert 0.8 < answers["Yes"] / answers["No"] < 1.4


def test_a_value_is_asked_for_or_another_one() -> None:
    found = {whether_value(random.Random(seed), "12 MB", ["on", "12 MB"]) for seed in range(200)}
    assert {None, ("Yes", "12 MB"), ("No", "on")} <= found
    assert all(one is None or (one[0] == "Yes") == (one[1] == "12 MB") for one in found)
