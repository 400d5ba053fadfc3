"""The places of one picture that may be covered, and which of them shall be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.redaction import around
from desktop_vlm.images.text_layer.sensitive import Finding
from desktop_vlm.ui.redaction.sentences import DRAWN


@dataclass(frozen=True)
class Mark:
    """Places that are covered together.

    Attributes:
        kind: key of a kind of private text, or `DRAWN`.
        text: what is read there; "" for what was drawn.
        boxes: px of the picture, with some room around letters.
        on: whether they shall be covered.
    """

    kind: str
    text: str
    boxes: tuple[Box, ...]
    on: bool = True


class Proposal(QObject):
    """Marks in the order in which they came; those that were found keep their switch when more are found.

    Signals:
        changed: marks came or went, or were switched.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._marks: list[Mark] = []

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(self._marks)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """All that shall be covered."""
        return tuple(box for mark in self._marks if mark.on for box in mark.boxes)

    def propose(self, findings: Iterable[Finding]) -> int:
        """Add what is not there yet; how many that were."""
        known = {(mark.kind, mark.text, mark.boxes) for mark in self._marks}
        new = [
            mark for finding in findings if (mark := _mark(finding)) and (mark.kind, mark.text, mark.boxes) not in known
        ]
        if new:
            self._marks += new
            self.changed.emit()
        return len(new)

    def draw(self, box: Box) -> None:
        """Add a place of the person's own."""
        self._marks.append(Mark(DRAWN, "", (box,)))
        self.changed.emit()

    def switch(self, index: int, on: bool) -> None:
        """Cover a mark's places, or do not."""
        if self._marks[index].on != on:
            self._marks[index] = replace(self._marks[index], on=on)
            self.changed.emit()

    def remove(self, index: int) -> None:
        """Take a place back that was drawn."""
        del self._marks[index]
        self.changed.emit()

    def take_back(self) -> None:
        """The place that was drawn last, if any, is gone again."""
        drawn = [index for index, mark in enumerate(self._marks) if mark.kind == DRAWN]
        if drawn:
            self.remove(drawn[-1])

    def at(self, x: float, y: float) -> int | None:
        """The mark at a pixel; of several the latest."""
        for index in reversed(range(len(self._marks))):
            if any(box.left <= x < box.right and box.top <= y < box.bottom for box in self._marks[index].boxes):
                return index
        return None


def _mark(finding: Finding) -> Mark:
    return Mark(finding.kind, finding.text, tuple(around(box) for box in finding.boxes))


def hidden_texts(marks: Sequence[Mark]) -> tuple[str, ...]:
    """What is read in places that are covered."""
    return tuple(mark.text for mark in marks if mark.on and mark.text)
