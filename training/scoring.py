"""How right an answer is, from 0 to 1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from statistics import fmean
from typing import Any


def normal(text: str) -> str:
    """Lower case, with runs of white space as one blank."""
    return " ".join(text.lower().split())


def edit_distance(a: str, b: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (left != right))
    return row[-1]


def anls(expected: str, found: str) -> float:
    """Normalised Levenshtein similarity; 0 where less than half agrees (Biten et al. 2019)."""
    a, b = normal(expected), normal(found)
    similarity = 1 - edit_distance(a, b) / max(len(a), len(b), 1)
    return similarity if similarity >= 0.5 else 0.0


def exact(expected: str, found: str) -> float:
    """1 where the texts agree but for case, spaces and a full stop at the end."""
    return float(normal(expected).rstrip(".") == normal(found).rstrip("."))


def list_f1(expected: str, found: str) -> float:
    """F1 of comma-separated names."""
    target, given = ({normal(part) for part in text.split(",") if part.strip()} for text in (expected, found))
    if not target or not given:
        return float(target == given)
    hits = len(target & given)
    return 2 * hits / (len(target) + len(given))


def field_accuracy(expected: str, found: str) -> float:
    """Share of the expected JSON's leaves that the found JSON has at the same place."""
    try:
        given = dict(_leaves(json.loads(found)))
    except ValueError:
        return 0.0
    target = dict(_leaves(json.loads(expected)))
    return fmean(float(given.get(place) == value) for place, value in target.items())


def cells_right(expected: str, found: str) -> float:
    """As `field_accuracy`, where a row that is left out or put in does not move those after it; it costs its own cells.

    Lists are aligned in their order so that most leaves agree; the share is of the leaves of whichever JSON has more.
    """
    try:
        given = json.loads(found)
    except ValueError:
        return 0.0
    target = json.loads(expected)
    most = max(sum(1 for _ in _leaves(target)), sum(1 for _ in _leaves(given)), 1)
    return _agreeing(target, given) / most


def _agreeing(target: Any, given: Any) -> int:
    """Leaves of two JSON values that agree."""
    if isinstance(target, Mapping) and isinstance(given, Mapping):
        return sum(_agreeing(value, given[key]) for key, value in target.items() if key in given)
    if isinstance(target, list) and isinstance(given, list):
        row = [0] * (len(given) + 1)
        for left in target:
            above, row = row, [0]
            for place, right in enumerate(given):
                row.append(max(above[place + 1], row[place], above[place] + _agreeing(left, right)))
        return row[-1]
    if isinstance(target, (Mapping, list)) or isinstance(given, (Mapping, list)):
        return 0
    return int(normal(str(target)) == normal(str(given)))


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{place}[{index}]")
    else:
        yield place, normal(str(value))


def first_word(expected: str, found: str) -> float:
    """1 where the answer begins with the expected word."""
    words = normal(found).replace(",", " ").replace(".", " ").split()
    return float(bool(words) and words[0] == normal(expected))


def quoted(expected: str, found: str) -> float:
    """Similarity of the expected text to the best part of the answer that is as long; 0 below a half."""
    target, given = normal(expected), normal(found)
    starts = range(max(1, len(given) - len(target) + 1))
    nearest = min(edit_distance(target, given[start : start + len(target)]) for start in starts)
    similarity = 1 - nearest / max(len(target), 1)
    return similarity if similarity >= 0.5 else 0.0


def letters_right(expected: str, found: str) -> float:
    """1 less the character error rate, not below 0; runs of white space count as one blank."""
    target, given = (" ".join(text.split()) for text in (expected, found))
    return max(0.0, 1 - edit_distance(target, given) / max(len(target), 1))


_QUOTE = re.compile(r'"(.+?)"(?=$|[\s.,;:)])', re.DOTALL)
_WINDOWS = re.compile(r"\b(one|\d+) windows? (?:is|are) (?:open|shown)", re.IGNORECASE)
_KIND = re.compile(r"^(?:an?|the)\s+(.+?)(?=\s+(?:titled|called|that|which|with|showing|shows|in|on|at|of|from|for|over"
                   r"|about|to|by|and|where|whose|is|says)\b|[,.;:\"]|$)", re.IGNORECASE)  # fmt: skip
_DIVIDED = re.compile(r"[,;:\"\n]|\.(?=\s|$)|\b(?:and|with|over)\b")
_COUNTED = re.compile(r"\d+ [a-z]")
_TEMPLATE_WORDS = frozenset((
    "The", "It", "Its", "a", "an", "the", "and", "or", "of", "in", "on", "at", "to", "for", "from", "with", "by",
    "over", "about", "that", "which", "whose", "where", "it", "its", "there", "this", "these", "is", "are", "was",
    "were", "be", "been", "has", "have", "says", "say", "said", "reads", "shows", "show", "showing", "shown",
    "seen", "open", "opened", "selected", "run", "ran", "titled", "called", "named", "title", "titles", "window",
    "windows", "button", "buttons", "menu", "menus", "field", "fields", "column", "columns", "entry", "entries",
    "row", "rows", "page", "pages", "tab", "tabs", "line", "lines", "file", "files", "folder", "folders", "command",
    "commands", "value", "values", "result", "results", "form", "table", "text", "heading", "message", "question",
    "box", "list", "item", "items", "mail", "mails", "subject", "name", "named", "front", "behind", "desktop",
    "first", "last", "done", "payments", "figures",
))  # fmt: skip
"""Words of descriptions that quote nothing; a text that is made of them alone is no slot."""
_SAME_TEXT = 0.8
"""Similarity from which on a text counts, by how similar it is."""


def slot_f1(expected: str, found: str) -> float:
    """F1 of the slots of a description, 0 to 1.

    Slots are the kind of the window in front, the kinds of those behind it, how many windows are open, numbers with
    what is counted, quoted texts and listed names. A text matches one not matched yet, quoted or listed, with the
    similarity of `anls` where that is 0.8 or more; all others match where they are equal but for case.
    """
    (texts, others), (given, said) = _slots(expected), _slots(found)
    if not texts and not others:
        return float(normal(expected) == normal(found))
    hits = float(len(others & said))
    near = sorted(((anls(a, b), i, j) for i, a in enumerate(texts) for j, b in enumerate(given)), reverse=True)
    used: tuple[set[int], set[int]] = (set(), set())
    for similarity, i, j in near:
        if similarity >= _SAME_TEXT and i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            hits += similarity
    return 2 * hits / (len(texts) + len(others) + len(given) + len(said))


def _slots(description: str) -> tuple[list[str], set[tuple[str, str]]]:
    """The texts, and what is not read but seen: kinds of windows, and what is counted."""
    others: set[tuple[str, str]] = set()
    for count in _WINDOWS.findall(description):
        others.add(("open", "1" if count.lower() == "one" else count))
    described = _WINDOWS.sub("", description).strip().replace("A desktop with several windows:", "Behind it:")
    front, _, rest = described.removeprefix("A desktop. In front: ").partition("Behind it:")
    texts = _QUOTE.findall(front) + _QUOTE.findall(rest)
    front = _QUOTE.sub('"', front).strip()
    kind = _KIND.match(front)
    if kind:
        others.add(("front", normal(kind[1])))
        front = front[kind.end() :]
    behind = [kind[1] for part in _QUOTE.sub("", rest).split(",") if (kind := _KIND.match(part.strip()))]
    others |= {(f"behind {behind[:n].count(one)}", normal(one)) for n, one in enumerate(behind)}
    names = [name for part in _DIVIDED.split(front) if (name := _name(part))]
    others |= {("count", normal(name)) for name in names if _COUNTED.match(name)}
    return texts + [name for name in names if not _COUNTED.match(name)], others


def _name(part: str) -> str:
    """The part without template words before and after it; a number keeps the word that says what is counted."""
    words = part.split()
    while words and words[0] in _TEMPLATE_WORDS:
        del words[0]
    counted = len(words) == 2 and words[0].isdigit()
    while words and words[-1] in _TEMPLATE_WORDS and not counted:
        del words[-1]
    return " ".join(words)
