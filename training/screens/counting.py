"""How often a window says the same: texts that come several times are counted; for training.

Any window has such texts: a state in the rows of a list, a day in a calendar, a name in a log. What is counted is
seen as a whole and stands for itself, never within another text.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from training.screens.marks import stands_alone
from training.screens.neighbours import Text
from training.screens.phrasing import question
from training.screens.records import Question

_TIMES = (
    "How many times does it say '{t}'?", "How often does it say '{t}'?", "How many times is '{t}' written?",
    "How often do you read '{t}'?", "How many entries say '{t}'?", "Count how often '{t}' appears.",
    "How many times does '{t}' appear?", "Number of times '{t}' appears?", "How many times do you see '{t}'?",
    "How often is '{t}' there?", "In how many places does it say '{t}'?", "How many texts say '{t}'?",
)  # fmt: skip
_ROWS = (
    "How many rows say '{t}'?", "How many of the rows have '{t}'?", "In how many rows is '{t}'?",
    "Count the rows with '{t}'.", "How many rows contain '{t}'?", "How many rows are marked '{t}'?",
)  # fmt: skip
_LONGEST, _LEAST, _MOST = 30, 2, 20
"""Characters of a text that is counted; how often it comes at most."""
_ONCE_SHARE, _ROWS_SHARE = 0.15, 0.3
"""Of the windows with such texts: one that comes once is counted, too; of texts in a column: by rows."""


def times_said(rng: random.Random, texts: Sequence[Text], most: int = 2) -> list[Question]:
    """At most so many questions about `texts`, which are all of a window; more about larger numbers."""
    said = Counter(one.text for one in texts)
    lower = [one.text.lower() for one in texts]
    clear = {text: count for text, count in said.items() if _quotable(text)
             and sum(text.lower() in other for other in lower) == count <= _MOST}  # fmt: skip
    around = [one.box for one in texts]
    beside = {one.text for one in texts if one.text in clear and not stands_alone(one.box, around)}
    clear = {text: count for text, count in clear.items() if text not in beside}
    often = sorted(text for text, count in clear.items() if count > 1)
    if not often:
        return []
    chosen = []
    for _ in range(most):
        left = [text for text in often if text not in chosen]
        if left:
            chosen += rng.choices(left, [clear[text] for text in left])
    once = sorted(text for text, count in clear.items() if count == 1)
    if once and rng.random() < _ONCE_SHARE:
        chosen[-1] = rng.choice(once)
    return [question(rng, "how_many", str(clear[text]), _ways(rng, text, texts), t=text) for text in chosen]


def _ways(rng: random.Random, text: str, texts: Sequence[Text]) -> Sequence[str]:
    """Rows are spoken of where the text stands in a column, once in each row."""
    boxes = [one.box for one in texts if one.text == text]
    high = boxes[0][3] - boxes[0][1]
    tops = sorted(box[1] for box in boxes)
    in_column = len(boxes) > 1 and max(box[0] for box in boxes) - min(box[0] for box in boxes) < high and all(
        below - above > 0.8 * high for above, below in pairwise(tops))  # fmt: skip
    return _ROWS if in_column and rng.random() < _ROWS_SHARE else _TIMES


def _quotable(text: str) -> bool:
    return _LEAST <= len(text) <= _LONGEST and not set(text) & set("'\"{}") and sum(char.isalnum() for char in text) > 1
