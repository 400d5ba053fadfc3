"""From a question to its answer: kept, then in the queue until it is its turn, then answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.history.store import History
from desktop_vlm.ui.assistant.answering import Answering
from desktop_vlm.ui.assistant.conversation_ref import ConversationRef
from desktop_vlm.ui.assistant.keeping import Kept
from desktop_vlm.ui.assistant.queue import QuestionQueue, Queued
from desktop_vlm.ui.engine.protocol import Engine, EngineState
from desktop_vlm.ui.history_thread import HistoryThread


class Asking(QObject):
    """Every question is in the history before anything else, and is answered once, in its order.

    Where no model can be loaded, what waits is held until there is one, or somebody asks again.

    Attributes:
        queue: what is answered and what waits.

    Signals:
        kept: a question is in the history; carries its ConversationRef and Kept.
        began: an answer is being made; carries the message.
        changed: of what is answered, or waits.
    """

    kept = Signal(object, object)
    began = Signal(object)
    changed = Signal()

    def __init__(
        self, history: HistoryThread, engine: Engine, answering: Answering, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._engine = engine
        self._answering = answering
        self._n_keeping = 0
        self._fresh: dict[int, list[Message]] = {}
        self._stops_soon = False
        self.queue = QuestionQueue(self._begin, self)
        self.queue.changed.connect(self.changed)
        engine.loaded.connect(lambda _model: self.queue.release())

    @property
    def is_busy(self) -> bool:
        """Whether an answer is being made, or about to be."""
        return self._n_keeping > 0 or self.queue.current is not None

    def ask(
        self,
        ref: ConversationRef,
        keep: Callable[[History, MessageState], Kept],
        failed: Callable[[], object] | None = None,
        *,
        first: bool = False,
    ) -> None:
        """Have a question kept and answered.

        Args:
            ref: the conversation.
            keep: writes the question, and its empty answer with the given state, to the history.
            failed: called where that was not possible.
            first: before all others that wait.
        """
        is_free = not (self.is_busy or self.queue.waiting)
        state = MessageState.STREAMING if is_free else MessageState.QUEUED
        ref.is_begun = True
        self._n_keeping += 1
        self.changed.emit()

        def then(kept: Kept) -> None:
            self._n_keeping -= 1
            if is_free:
                self._fresh[kept.answer.id] = kept.thread
            self.kept.emit(ref, kept)
            self.queue.add(Queued(kept.answer.id, kept.conversation_id), first=first)

        def not_kept(_sentence: str) -> None:
            self._n_keeping -= 1
            self.changed.emit()
            if failed:
                failed()

        self._history.call(lambda history: keep(history, state), then, not_kept)

    def ask_again(self, answer: Message) -> None:
        """Have a question answered that waited when the program ended."""
        if answer.state is MessageState.QUEUED and self.may_change(answer.id):
            self.queue.remove(answer.id)
            self.queue.add(Queued(answer.id, answer.conversation_id))

    def may_change(self, answer_id: int) -> bool:
        """Whether a queued question is not being answered yet."""
        return self.queue.current is None or self.queue.current.answer_id != answer_id

    def stop(self) -> None:
        """End the answer that is being made, also one that is just about to be; the next one begins."""
        if self._answering.message is not None:
            self._answering.stop()
        else:
            self._stops_soon = self.queue.current is not None

    def end(self, message: Message) -> None:
        """An answer has ended, however: the next one begins, where a model can be had."""
        is_held = self._engine.model is None and self._engine.state is EngineState.FAILED
        self.queue.end(message.id, hold=is_held)

    def close(self) -> None:
        """Nothing is begun any more; what is answered ends."""
        self.queue.close()
        self.stop()

    def _begin(self, question: Queued) -> None:
        fresh = self._fresh.pop(question.answer_id, None)
        if fresh is not None:
            self._start(fresh)
            return
        begin = partial(_begin, question.answer_id)
        self._history.call(begin, self._start, lambda _sentence: self.queue.end(question.answer_id))

    def _start(self, thread: list[Message]) -> None:
        self.began.emit(thread[-1])
        self._answering.start(thread, thread[-1].details["options"])
        if self._stops_soon:
            self._stops_soon = False
            self._answering.stop()


def _begin(answer_id: int, history: History) -> list[Message]:
    return history.waiting.begin(answer_id)
