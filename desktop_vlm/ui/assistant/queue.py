"""Questions that are asked while another is answered: one at a time, in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True)
class Queued:
    """A question that is kept, and whose answer is kept empty.

    Attributes:
        answer_id: the answer that is to be made.
        conversation_id: where it stands.
        options: what it is asked with.
    """

    answer_id: int
    conversation_id: int
    options: Mapping[str, Any] = field(default_factory=dict)


class QuestionQueue(QObject):
    """Begins each question once, when the one before it has ended; those that are withdrawn are never begun.

    Attributes:
        current: the one that was begun and has not ended.
        waiting: those that come after it, in order.

    Signals:
        changed: of what waits, or is answered.
    """

    changed = Signal()

    def __init__(self, begin: Callable[[Queued], None], parent: QObject | None = None) -> None:
        """`begin` has a question answered; `end` is to be called once that is over, however it ended."""
        super().__init__(parent)
        self._begin = begin
        self._is_held = self._is_closed = False
        self.current: Queued | None = None
        self.waiting: tuple[Queued, ...] = ()

    @property
    def is_held(self) -> bool:
        """Whether what waits is not begun, although nothing is answered."""
        return self._is_held

    def add(self, question: Queued, *, first: bool = False) -> None:
        """After all others, or before them; at once where nothing is answered. What was held goes on."""
        self.waiting = (question, *self.waiting) if first else (*self.waiting, question)
        self._is_held = False
        self._go_on()

    def remove(self, answer_id: int) -> bool:
        """Withdraw a question; False where it does not wait any more."""
        return self._keep_only(lambda one: one.answer_id != answer_id)

    def remove_conversations(self, *conversation_ids: int) -> bool:
        """Withdraw all questions of conversations; whether there were any."""
        return self._keep_only(lambda one: one.conversation_id not in conversation_ids)

    def clear(self) -> None:
        """Withdraw all that wait."""
        self._keep_only(lambda _one: False)

    def position(self, answer_id: int) -> int | None:
        """1 for the next; None for one that does not wait."""
        return next((at for at, one in enumerate(self.waiting, 1) if one.answer_id == answer_id), None)

    def end(self, answer_id: int, *, hold: bool = False) -> None:
        """The current question is over; the next begins, unless what waits is to be held."""
        if self.current is None or self.current.answer_id != answer_id:
            return
        self.current = None
        self._is_held = hold and bool(self.waiting)
        self._go_on()

    def release(self) -> None:
        """What was held may begin."""
        if self._is_held:
            self._is_held = False
            self._go_on()

    def close(self) -> None:
        """Nothing is begun any more."""
        self._is_closed = True

    def _keep_only(self, stays: Callable[[Queued], bool]) -> bool:
        waiting = tuple(one for one in self.waiting if stays(one))
        is_changed = waiting != self.waiting
        self.waiting = waiting
        self._is_held = self._is_held and bool(waiting)
        if is_changed:
            self.changed.emit()
        return is_changed

    def _go_on(self) -> None:
        if self.current is None and self.waiting and not self._is_held and not self._is_closed:
            self.current, *rest = self.waiting
            self.waiting = tuple(rest)
            self.changed.emit()
            self._begin(self.current)
        else:
            self.changed.emit()
