"""How right an answer is, from 0 to 1."""

from __future__ import annotations

import json
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
