"""Questions that nobody waits for: asked while the person asks nothing, and withdrawn as soon as they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from desktop_vlm.ui.assistant.assistant import Assistant
from desktop_vlm.ui.engine.protocol import Answer, ChatRequest, Engine, EngineState


@dataclass(frozen=True)
class Outcome:
    """What is called in the end: one of these, once.

    Attributes:
        answered: with all of the answer.
        failed: with a sentence.
        withdrawn: the person asked something; ask again later.
    """

    answered: Callable[[str], None]
    failed: Callable[[str], None]
    withdrawn: Callable[[], None]


class SideQuestions(QObject):
    """One such question at a time. Nothing of them is kept, and none loads a model."""

    def __init__(self, engine: Engine, assistant: Assistant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._assistant = assistant
        self._request = 0
        self._outcome: Outcome | None = None
        self._text = ""
        self._is_withdrawn = False
        engine.text_arrived.connect(self._text_arrived)
        engine.answered.connect(self._answered)
        engine.failed.connect(self._failed)
        assistant.answering_changed.connect(self._person_asks)

    @property
    def is_free(self) -> bool:
        """Whether a question would be asked at once."""
        is_ready = self._engine.state is EngineState.READY and self._engine.model is not None
        return is_ready and self._outcome is None and not self._assistant.busy

    def ask(self, request: ChatRequest, outcome: Outcome) -> bool:
        """Ask, if nothing else is asked; whether it was."""
        if not self.is_free:
            return False
        self._outcome, self._text, self._is_withdrawn = outcome, "", False
        self._request = self._engine.ask(request)
        return True

    def withdraw(self) -> None:
        """End the question that is answered."""
        if self._outcome is not None and not self._is_withdrawn:
            self._is_withdrawn = True
            self._engine.stop()

    def _person_asks(self, is_busy: bool) -> None:
        if is_busy:
            self.withdraw()

    def _text_arrived(self, request: int, text: str) -> None:
        if self._outcome is not None and request == self._request:
            self._text += text

    def _answered(self, request: int, answer: Answer) -> None:
        if self._outcome is None or request != self._request:
            return
        outcome, text = self._end()
        if self._is_withdrawn or answer.finish_reason == "cancelled":
            outcome.withdrawn()
        else:
            outcome.answered(text)

    def _failed(self, request: int, _blame: str, sentence: str) -> None:
        if self._outcome is not None and request == self._request:
            outcome, _ = self._end()
            if self._is_withdrawn:
                outcome.withdrawn()
            else:
                outcome.failed(sentence)

    def _end(self) -> tuple[Outcome, str]:
        assert self._outcome is not None
        outcome, self._outcome = self._outcome, None
        self._request = 0
        return outcome, self._text
