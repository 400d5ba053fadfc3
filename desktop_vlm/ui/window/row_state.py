"""What a row of the list says about a conversation: that it is answered, waits, failed, or was not looked at yet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication

from desktop_vlm.history.records import ConversationSummary
from desktop_vlm.ui.assistant.queue import QuestionQueue


class RowState(Enum):
    """The icon, its colour, and the words for it, in English; the first that fits is shown.

    LEFT: a question waited when the program ended.
    """

    ANSWERING = ("loader", "accent", "answering")
    QUEUED = ("clock", "muted", "in the queue")
    LEFT = ("clock-alert", "warning", "not asked yet")
    FAILED = ("triangle-alert", "danger", "failed")
    UNREAD = ("", "accent", "unread")

    @property
    def icon(self) -> str:
        """Its name; "" for a dot."""
        return self.value[0]

    @property
    def color(self) -> str:
        return self.value[1]

    @property
    def words(self) -> str:
        """In the person's language."""
        return QCoreApplication.translate("RowState", self.value[2])


@dataclass(frozen=True)
class Work:
    """What is answered and what waits.

    Attributes:
        answering: the conversation; None where nothing is answered.
        queued: conversations with questions that wait.
    """

    answering: int | None = None
    queued: frozenset[int] = frozenset()

    @classmethod
    def of(cls, queue: QuestionQueue) -> Work:
        current = queue.current.conversation_id if queue.current else None
        return cls(current, frozenset(one.conversation_id for one in queue.waiting))

    def state_of(self, row: ConversationSummary) -> RowState | None:
        """What there is to say about a conversation, if anything."""
        found = {
            RowState.ANSWERING: row.id == self.answering,
            RowState.QUEUED: row.id in self.queued,
            RowState.LEFT: row.is_waiting,
            RowState.FAILED: row.has_failed,
            RowState.UNREAD: row.is_unread,
        }
        return next((state for state, fits in found.items() if fits), None)
