"""How much of what stands on a screen was read, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import reduce

from benchmarks.text_accuracy.screens import TrueLine, TrueWord
from desktop_vlm.api.text_layer import Box, TextLine
from training.scoring import edit_distance


@dataclass
class Score:
    """Sums over screens.

    Attributes:
        characters: of the truth.
        errors: characters that were read wrong, left out or invented.
        ious: of each word of the truth, with the word that was read there; 0 for none.
        whole_lines, lines: of the truth that were read without an error, and all.
        confusions: (truth, read) -> how often.
    """

    characters: int = 0
    errors: int = 0
    ious: list[float] = field(default_factory=list)
    whole_lines: int = 0
    lines: int = 0
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def error_rate(self) -> float:
        return self.errors / max(1, self.characters)

    @property
    def iou(self) -> float:
        return sum(self.ious) / max(1, len(self.ious))

    def add(self, other: Score) -> None:
        self.characters += other.characters
        self.errors += other.errors
        self.ious += other.ious
        self.whole_lines += other.whole_lines
        self.lines += other.lines
        self.confusions += other.confusions


def score(truth: Sequence[TrueLine], read: Iterable[TextLine]) -> Score:
    """What was read of a screen, line by line; the order of lines does not matter here.

    Each word that was read belongs to the line of the truth in which its middle is. What belongs to none is invented.
    """
    read = list(read)
    pieces: list[list[tuple[float, str, bool]]] = [[] for _ in truth]
    result = Score()
    for line in read:
        previous = -1
        for word, glued in _words(line):
            owner = _owner(truth, word[1])
            if owner < 0:
                result.errors += len(word[0])
                result.confusions["", word[0]] += 1
            else:
                pieces[owner].append((word[1].left, word[0], glued and previous == owner))
            previous = owner
    for true, found in zip(truth, pieces, strict=True):
        _compare(" ".join(true.text.split()), _joined(found), result)
    boxes = [word.box for line in read for word in line.words]
    result.ious = [_best_iou(word, boxes) for true in truth for word in true.words]
    return result


def _best_iou(word: TrueWord, boxes: Sequence[Box]) -> float:
    """With the word that was read there; Chinese is read in smaller parts than stand between spaces here."""
    if any(ord(character) >= 0x2E80 for character in word.text):
        inside = [box for box in boxes if _holds(word.box, box)]
        return iou(word.box, reduce(Box.union, inside)) if inside else 0.0
    return max((iou(word.box, box) for box in boxes), default=0.0)


def _holds(whole: Box, part: Box) -> bool:
    x, y = (part.left + part.right) / 2, (part.top + part.bottom) / 2
    return whole.left <= x <= whole.right and whole.top <= y <= whole.bottom


def _words(line: TextLine) -> Iterable[tuple[tuple[str, Box], bool]]:
    """A line's words, each with whether no space stands before it."""
    at = 0
    for word in line.words:
        found = line.text.find(word.text, at)
        yield (word.text, word.box), found == at and at > 0
        at = max(at, found) + len(word.text)


def _owner(truth: Sequence[TrueLine], box: Box) -> int:
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    best, least = -1, 0.0
    for number, line in enumerate(truth):
        slack = line.box.height * 0.4
        inside = line.box.top - slack <= y <= line.box.bottom + slack
        if inside and line.box.left - slack <= x <= line.box.right + slack:
            distance = abs(y - (line.box.top + line.box.bottom) / 2)
            if best < 0 or distance < least:
                best, least = number, distance
    return best


def _joined(pieces: list[tuple[float, str, bool]]) -> str:
    text = ""
    for _, word, glued in sorted(pieces, key=lambda piece: piece[0]):
        text += word if glued or not text else f" {word}"
    return text


def _compare(truth: str, read: str, result: Score) -> None:
    result.characters += len(truth)
    result.lines += 1
    if truth == read:
        result.whole_lines += 1
        return
    result.errors += edit_distance(truth, read)
    for kind, a0, a1, b0, b1 in SequenceMatcher(None, truth, read, autojunk=False).get_opcodes():
        if kind != "equal":
            result.confusions[truth[a0:a1], read[b0:b1]] += 1


def iou(one: Box, other: Box) -> float:
    """Area of what two rectangles share, by the area of both together."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (one.width * one.height + other.width * other.height - shared)
