"""Yes or no about any window, for training: what it says, where its texts are, what it is titled, which are open.

What is not there is nearly what is there: another word of the same window, another digit, another title.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from training.screens.line_numbering import near_miss
from training.screens.neighbours import Text
from training.screens.phrasing import question
from training.screens.records import Question

_SAYS = (
    "Does it say '{t}'?", "Is there the text '{t}'?", "Do you read '{t}' anywhere?", "Does '{t}' appear?",
    "Can you find '{t}'?", "Is '{t}' written there?", "Is '{t}' shown?", "Does it contain the text '{t}'?",
    "Do you see '{t}'?",
)  # fmt: skip
_TITLED = (
    "Is the title '{t}'?", "Is it titled '{t}'?", "Does the title bar say '{t}'?", "Is '{t}' the title?",
    "Is its title '{t}'?", "Does '{t}' stand in the title bar?",
)  # fmt: skip
_PLACED: dict[str, tuple[str, ...]] = {
    "above": ("Is '{a}' above '{b}'?", "Does '{a}' stand above '{b}'?", "Is '{a}' higher up than '{b}'?",
              "Is '{a}' over '{b}'?", "Is '{b}' below '{a}'?", "Is '{b}' further down than '{a}'?"),
    "left": ("Is '{a}' left of '{b}'?", "Is '{a}' to the left of '{b}'?", "Does '{a}' stand left of '{b}'?",
             "Is '{b}' right of '{a}'?", "Is '{b}' to the right of '{a}'?"),
}  # fmt: skip
_OPEN = (
    "Is a window called '{t}' open?", "Is there a window titled '{t}'?", "Do you see a window with the title '{t}'?",
    "Is the window '{t}' open?", "Is one of the windows titled '{t}'?", "Does a window have the title '{t}'?",
)  # fmt: skip
_IN_FRONT = (
    "Is the window '{t}' in front?", "Is '{t}' the window in front?", "Is '{t}' on top?",
    "Is the window titled '{t}' in the foreground?", "Does the window '{t}' lie in front?",
    "Is the window in front titled '{t}'?",
)  # fmt: skip
_MORE_WINDOWS = (
    "Are there more than {n} windows?", "Are more than {n} windows open?", "Do you see more than {n} windows?",
    "Are there more windows than {n}?", "Are over {n} windows open?",
)  # fmt: skip
_MORE_THAN_ONE = (
    "Is there more than one window?", "Is more than one window open?", "Do you see more than one window?",
    "Is there another window beside this one?", "Are there several windows?",
)  # fmt: skip
_VALUE_SHARE = 0.35
"""Of values that are also asked about by yes or no."""
_LONGEST, _LEAST = 42, 3
"""Characters of a text that is quoted."""


def whether_questions(rng: random.Random, texts: Sequence[Text], title: str, everything: str) -> list[Question]:
    """About four questions about the texts of a window that is seen as a whole.

    `everything` is what the screen says.
    """
    said = Counter(one.text for one in texts)
    lower = everything.lower()
    clear = [one for one in texts if said[one.text] == 1 and _quotable(one.text)]
    if len(clear) < 2:
        return []
    found: list[Question] = []
    for one in rng.sample(clear, min(2, len(clear))):
        other = _other(rng, one.text, clear)
        if other.lower() not in lower:
            found.append(_either(rng, _SAYS, one.text, other))
    found += _placed(rng, clear)
    if title and _quotable(title):
        other = _other(rng, title, clear)
        if other.lower() not in title.lower() and title.lower() not in other.lower():
            found.append(_either(rng, _TITLED, title, other))
    return found


def whether_windows(rng: random.Random, titles: Sequence[str], count: int, front: str, everything: str,
                    ) -> list[Question]:  # fmt: skip
    """Which windows are open.

    `titles` are those that are seen and differ; `front` is the title of the one that is seen to be in front, or "".
    """
    limit = max(1, count - rng.choice((0, 1, 1)))
    ways = _MORE_THAN_ONE if limit == 1 else _MORE_WINDOWS
    found = [question(rng, "yes_no", "Yes" if count > limit else "No", ways, n=limit)]
    clear = [title for title in titles if _quotable(title)]
    for title in rng.sample(clear, min(2, len(clear))):
        other = _swapped(rng, title, [one for one in clear if one != title])
        if other.lower() not in everything.lower():
            found.append(_either(rng, _OPEN, title, other))
    others = [title for title in clear if title != front]
    if front in clear and others:
        found.append(_either(rng, _IN_FRONT, front, rng.choice(others)))
    return found


def whether_value(rng: random.Random, value: str, others: Sequence[str]) -> tuple[str, str] | None:
    """An answer and what to ask of a setting with this value: it, or one of others, or nearly it; mostly None."""
    if rng.random() >= _VALUE_SHARE or len(value) > _LONGEST or not value.strip():
        return None
    those = [one for one in others if one != value]
    other = rng.choice(those) if those and rng.random() < 0.6 else near_miss(rng, value)
    if value.lower() in other.lower() or other.lower() in value.lower():
        return None
    return rng.choice((("Yes", value), ("No", other)))


def _either(rng: random.Random, ways: Sequence[str], true: str, false: str) -> Question:
    """One question about the true text or about the false one."""
    answer, text = rng.choice((("Yes", true), ("No", false)))
    return question(rng, "yes_no", answer, ways, t=text)


def _other(rng: random.Random, text: str, clear: Sequence[Text]) -> str:
    """What the text might have said."""
    return _swapped(rng, text, [one.text for one in clear if one.text != text])


def _swapped(rng: random.Random, text: str, others: Sequence[str]) -> str:
    """With one of its words as another text has it, or, as often, nearly the same."""
    words = [word for other in others for word in other.split() if len(word) > 2 and word not in text]
    parts = text.split()
    if words and len(parts) > 1 and rng.random() < 0.6:
        parts[rng.randrange(len(parts))] = rng.choice(words)
        return " ".join(parts)
    return near_miss(rng, text)


def _placed(rng: random.Random, clear: Sequence[Text]) -> list[Question]:
    """Which of two texts is above the other, or left of it: of such as are near in a column or a row."""
    pairs: list[tuple[str, Text, Text]] = []
    for one in rng.sample(list(clear), min(12, len(clear))):
        high = one.box[3] - one.box[1]
        for other in clear:
            down, across = other.box[1] - one.box[1], other.box[0] - one.box[0]
            if abs(across) < high / 2 and 1.2 * high < down < 9 * high:
                pairs.append(("above", one, other))
            elif abs(down) < high / 3 and other.box[0] > one.box[2] and across < 40 * high:
                pairs.append(("left", one, other))
    if not pairs:
        return []
    side, one, other = rng.choice(pairs)
    if rng.random() < 0.5:
        return [question(rng, "yes_no", "Yes", _PLACED[side], a=one.text, b=other.text)]
    return [question(rng, "yes_no", "No", _PLACED[side], a=other.text, b=one.text)]


def _quotable(text: str) -> bool:
    return _LEAST <= len(text) <= _LONGEST and not set(text) & set("'\"{}") and any(char.isalnum() for char in text)
