"""One answer, from a question that is kept to an answer that is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm.api.loaded_model import LoadedModel
from desktop_vlm.api.safety import verdict_text
from desktop_vlm.history.details import READ_BY, READ_IMAGES, REPEATS
from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.ui.assistant import sight
from desktop_vlm.ui.assistant.prompt import VERDICT, chat_messages
from desktop_vlm.ui.assistant.quoted_text import with_details
from desktop_vlm.ui.assistant.read_out import asks_for_text, pictures_to_read, read_out
from desktop_vlm.ui.assistant.repetition import repeats_itself
from desktop_vlm.ui.assistant.texts import Texts
from desktop_vlm.ui.assistant.visible_pictures import VisiblePicture, VisiblePictures, pictures_of
from desktop_vlm.ui.engine.protocol import Answer, ChatRequest, Engine, EngineState, Progress
from desktop_vlm.ui.history_thread import HistoryThread
from desktop_vlm.ui.pictures.composer import Prepared

_SAVE_EVERY_MS = 200
"""How much of a streaming answer a power cut may cost."""

_QUOTE_WAIT_MS = 3000
"""How long a question waits for the text of its pictures to go along with it."""
_READ_OUT_WAIT_MS = 60_000
"""And how long where the text is all that is asked for; then the model answers."""

_LOOK_EVERY_CHARACTERS = 100
"""For whether an answer repeats itself."""

_NO_ENGINE = {EngineState.STOPPED, EngineState.FAILED}


@dataclass
class _Running:
    """The answer that is being made."""

    message: Message
    thread: list[Message]
    options: Mapping[str, Any]
    request: int = 0
    unsaved: str = ""
    sent: bool = False
    waits_for_model: bool = False
    waits_for_text: bool = False
    repeats: bool = False
    verdict: str | None = None
    """What a safety model wrote so far; None where the model chats."""


class Answering(QObject):
    """Makes one answer at a time; every one that is started comes to an end, whatever happens to the model meanwhile.

    Signals:
        text_grew: carries the message, with more text.
        progressed: what the engine does for the answer; carries the message's id and Progress.
        ended: carries the message as it is kept; its state says how it ended.
        kept: the history holds the message that ended.
        noticed: something the person should know; a sentence.
        question_changed: carries the question with more details: what went along with it.
    """

    text_grew = Signal(object)
    progressed = Signal(int, object)
    ended = Signal(object)
    kept = Signal()
    noticed = Signal(str)
    question_changed = Signal(object)

    def __init__(
        self,
        history: HistoryThread,
        engine: Engine,
        pictures: VisiblePictures,
        texts: Texts,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._engine = engine
        self._pictures = pictures
        self._texts = texts
        self._running: _Running | None = None
        self._save = QTimer(self, interval=_SAVE_EVERY_MS)
        self._save.timeout.connect(self._save_text)
        engine.loaded.connect(self._model_loaded)
        engine.progressed.connect(self._engine_progressed)
        engine.text_arrived.connect(self._text_arrived)
        engine.answered.connect(self._engine_answered)
        engine.failed.connect(self._engine_failed)
        engine.state_changed.connect(self._engine_state_changed)

    @property
    def message(self) -> Message | None:
        """The answer that is being made, with all its text; None while there is none."""
        return self._running.message if self._running else None

    def start(self, thread: list[Message], options: Mapping[str, Any]) -> None:
        """Make the last message of a thread, which is kept and empty."""
        self._running = _Running(thread[-1], thread[:-1], options)
        pictures = pictures_to_read(self._running.thread) if asks_for_text(options) else ()
        if pictures:
            self._wait_for_text([one.sha256 for one in pictures], _READ_OUT_WAIT_MS, partial(self._read_out, pictures))
        else:
            self._prepare()

    def stop(self) -> None:
        """End the answer; what there is of it stays."""
        if self._running and self._running.sent:
            self._engine.stop()
        else:
            self._end(MessageState.STOPPED)

    # Step by step

    def _prepare(self) -> None:
        """Once there is a model, prepare what it is to see."""
        running = self._running
        if running is None or running.sent or running.waits_for_text:
            return
        running.waits_for_model = self._engine.model is None
        if self._engine.model is None:
            if self._engine.state in _NO_ENGINE:
                self._engine.restart()
            return  # `_model_loaded` comes back here, or the engine says why there is none
        self._pictures.set_model(self._engine.model)
        self._pictures.prepare(running.thread, partial(self._ask, running))

    def _ask(self, running: _Running, prepared: Prepared, problem: str) -> None:
        model = self._engine.model
        if running is not self._running or running.sent or running.waits_for_text:
            return
        if model is None:  # it went away meanwhile
            self._prepare()
            return
        if not sight.sees_pictures(self._engine) and any(held.included for held in running.thread[-1].pictures):
            problem = sight.blind_sentence()
        if problem:
            self._end(MessageState.FAILED, error=problem)
            return
        missing = self._texts.quoted.to_wait_for(running.thread, prepared, model)
        self._wait_for_text(missing, _QUOTE_WAIT_MS, partial(self._send, running, prepared, model))

    def _send(self, running: _Running, prepared: Prepared, model: LoadedModel) -> None:
        if self._engine.model is not model:  # another one sees in another way
            self._prepare()
            return
        self._keep_text(running, prepared, model)
        self._tell_what_is_left_out(running, prepared)
        options = running.options
        details = {"options": dict(options), **_details(prepared)}
        running.message = replace(running.message, details=details, model=model.name)
        judged = model.capabilities.judges_safety
        texts = self._texts.for_prompt(running.thread, prepared, model)
        messages = chat_messages(running.thread, prepared, options["system_prompt"], judged=judged, texts=texts)
        if not messages:
            self._end(MessageState.FAILED, error=sight.nothing_to_judge_sentence())
            return
        running.sent = True
        running.verdict = "" if judged else None
        request = ChatRequest(
            messages=messages,
            images=prepared.files,
            max_tokens=options["max_tokens"],
            sampling=options["sampling"],
            json_schema=options["json_schema"],
            grammar=options.get("grammar"),  # older questions have none
            drop_oldest=options["drop_oldest"],
            repeatable=self._texts.repeatable(running.thread),
        )
        if judged:  # a verdict is no matter of taste, and has a form of its own
            sampling = {**request.sampling, "temperature": 0.0}
            request = replace(request, sampling=sampling, json_schema=None, grammar=None)
        running.request = self._engine.ask(request)
        self._save.start()

    # The text of pictures

    def _wait_for_text(self, sha256s: list[str], limit_ms: int, then: Callable[[], None]) -> None:
        """Go on when these pictures are read, or cannot be, or the person has waited long enough."""
        running = self._running
        assert running is not None

        def go_on() -> None:
            running.waits_for_text = False
            if running is self._running:
                then()

        if not self._texts.wait.is_settled(sha256s):
            running.waits_for_text = True
            self.progressed.emit(running.message.id, Progress("text", 0.0, None))
        self._texts.wait.start(sha256s, limit_ms, go_on)

    def _read_out(self, pictures: Sequence[VisiblePicture]) -> None:
        """Answer with the text of pictures; where there is none, the model is asked."""
        running = self._running
        assert running is not None
        layers = [(one.name, self._texts.layers.layer(one.sha256)) for one in pictures]
        read = [(name, layer) for name, layer in layers if layer is not None]
        text, source = read_out(read, [one.number for one in pictures]) if len(read) == len(layers) else ("", "")
        if not text:
            self._prepare()
            return
        details = {"options": dict(running.options), READ_BY: source, READ_IMAGES: [one.sha256 for one in pictures]}
        running.message = replace(running.message, details=details)
        self._grow(running, text)
        self._end(MessageState.COMPLETE)

    def _keep_text(self, running: _Running, prepared: Prepared, model: LoadedModel) -> None:
        """Keep with the question what of its pictures' text goes along."""
        details = self._texts.quoted.decide(running.thread, prepared, model)
        if details is None:
            return
        question = running.thread[-1] = with_details(running.thread[-1], details)
        self._history.call(lambda history: history.finish_message(question.id, question.state, details=details))
        self.question_changed.emit(question)

    def _tell_what_is_left_out(self, running: _Running, prepared: Prepared) -> None:
        included = sum(picture.included for picture in pictures_of(running.thread).values())
        if included and not sight.sees_pictures(self._engine):
            self.noticed.emit(sight.text_alone_sentence())
        elif prepared.images and included > len(prepared.images):
            capabilities = self._pictures.view.capabilities
            self.noticed.emit(sight.left_out_sentence(capabilities, included - len(prepared.images)))

    def _text_arrived(self, request: int, text: str) -> None:
        running = self._running
        if running is None or request != running.request:
            return
        if running.verdict is not None:
            running.verdict += text  # until all of it is there it says nothing
            return
        looked_at = len(running.message.text) // _LOOK_EVERY_CHARACTERS
        self._grow(running, text)
        if not running.repeats and len(running.message.text) // _LOOK_EVERY_CHARACTERS > looked_at:
            running.repeats = repeats_itself(running.message.text)
            if running.repeats:
                self.stop()

    def _grow(self, running: _Running, text: str) -> None:
        running.unsaved += text
        running.message = replace(running.message, text=running.message.text + text)
        self.text_grew.emit(running.message)

    def _save_text(self) -> None:
        running = self._running
        if running is None or not running.unsaved:
            return
        text, running.unsaved = running.unsaved, ""
        message_id = running.message.id
        self._history.call(lambda history: history.append_text(message_id, text))

    def _engine_answered(self, request: int, answer: Answer) -> None:
        running = self._running
        if running is None or request != running.request:
            return
        states = {"stop": MessageState.COMPLETE, "length": MessageState.CUT, "cancelled": MessageState.STOPPED}
        details = dict(running.message.details)
        if answer.usage is not None:
            details["usage"] = asdict(answer.usage)
            details["n_ctx"] = self._engine.model.n_ctx if self._engine.model else 0
            if answer.usage.dropped_messages:
                details["dropped_messages"] = answer.usage.dropped_messages
        state = states[answer.finish_reason]
        if running.repeats and state is not MessageState.COMPLETE:
            state, details[REPEATS] = MessageState.CUT, True
        self._end(state, details=details)

    def _engine_failed(self, request: int, _blame: str, sentence: str) -> None:
        running = self._running
        if running is not None and (request == running.request or not running.sent):
            self._end(MessageState.FAILED, error=sentence)

    def _end(self, state: MessageState, *, error: str = "", details: Mapping[str, Any] | None = None) -> None:
        running = self._running
        if running is None:
            return
        self._save.stop()
        self._texts.wait.cancel()
        details = dict(details or running.message.details)
        if running.verdict:
            details[VERDICT] = running.verdict
            if state is MessageState.COMPLETE:  # half of "S10" is another category
                self._grow(running, verdict_text(running.verdict, sight.safety_words))
        self._save_text()
        self._running = None
        message = replace(running.message, state=state, error=error, details=details)
        self._history.call(
            lambda history: history.finish_message(
                message.id, state, error=error, details=message.details, model=message.model
            ),
            lambda _: self.kept.emit(),
        )
        self.ended.emit(message)

    # The engine

    def _model_loaded(self, model: LoadedModel) -> None:
        self._pictures.set_model(model)
        self._prepare()

    def _engine_state_changed(self, state: EngineState) -> None:
        """A question that waits for a model does not wait for one that nobody loads."""
        running = self._running
        if running and running.waits_for_model and state in _NO_ENGINE:
            # Later: what failed is said after the state changed, and something else may be loaded at once.
            QTimer.singleShot(0, self, partial(self._give_up_waiting, running))

    def _give_up_waiting(self, running: _Running) -> None:
        is_over = self._engine.model is None and self._engine.state in _NO_ENGINE
        if running is self._running and running.waits_for_model and is_over:
            self._end(MessageState.STOPPED)

    def _engine_progressed(self, progress: Progress) -> None:
        if self._running and not self._running.waits_for_text:  # a model that loads meanwhile is not what it waits for
            self.progressed.emit(self._running.message.id, progress)


def _details(prepared: Prepared) -> dict[str, Any]:
    """What is kept with an answer of the images that it was given for."""
    if prepared.composition:
        layout = prepared.composition.layout
        composite = {
            "pictures": len(layout.placements),
            "tiles": list(layout.tiles),
            "size": list(layout.size),
            "scale": layout.scale,
        }
        return {"composite": composite}
    encoded = [image.encoded for image in prepared.images]
    return {"images": [{"size": [one.width, one.height], "tokens": one.n_tokens} for one in encoded]} if encoded else {}
