"""How often a window says the same."""

from __future__ import annotations

import random
import re
from collections import Counter

from training.screens.counting import times_said
from training.screens.neighbours import Text

SAID = ("Open", "Closed", "Open", "Open", "Opened 3", "Late", "Late", "Other", "-", "-")
TEXTS = [Text(text, (100 * (n % 2), 20 * n, 100 * (n % 2) + 60, 20 * n + 12)) for n, text in enumerate(SAID)]


def test_texts_that_stand_for_themselves_are_counted() -> None:
    found = Counter[tuple[str, str]]()
    for seed in range(300):
        for one in times_said(random.Random(seed), TEXTS):
            quoted = re.search(r"'(.+)'", one.text)
            assert quoted
            found[quoted[1], one.answer] += 1
            assert "row" not in one.text.lower()  # they do not stand in one column
    assert found["Late", "2"] > 200
    assert {text for text, _ in found} == {"Late", "Closed", "Other", "Opened 3"}  # "Open" is in "Opened", too
    assert {answer for (text, answer) in found if text != "Late"} == {"1"}


def test_rows_are_spoken_of_where_a_text_stands_in_a_column() -> None:
    column = [Text(text, (10, 20 * n, 70, 20 * n + 12)) for n, text in enumerate(("late", "late", "soon", "late"))]
    asked = [one for seed in range(60) for one in times_said(random.Random(seed), column, most=1)]
    rows = [one.answer for one in asked if "row" in one.text.lower()]
    assert 8 < len(rows) < 40
    assert set(rows) == {"3"}
    assert times_said(random.Random(1), column[1:3]) == []
