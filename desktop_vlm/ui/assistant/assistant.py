"""The one object that turns what a person does into history, engine requests and what is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm.history.records import ConversationSummary, Message, MessageState
from desktop_vlm.history.store import History
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.service.frames import LoadedModel
from desktop_vlm.settings import SettingsStore
from desktop_vlm.ui.assistant.prompt import chat_messages, title_of
from desktop_vlm.ui.assistant.visible_pictures import VisiblePictures
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.engine.types import Answer, ChatRequest, EngineState, Progress
from desktop_vlm.ui.history_thread import HistoryThread
from desktop_vlm.ui.pictures.composer import Composition
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.library import PictureLibrary

_SAVE_EVERY_MS = 200
"""How much of a streaming answer a power cut may cost."""


@dataclass
class _Answering:
    """The answer that is being made."""

    message: Message
    thread: list[Message]
    options: Mapping[str, Any]
    request: int = 0
    unsaved: str = ""
    sent: bool = False


class Assistant(QObject):
    """Conversations, questions and answers.

    Every question is in the history before the engine hears of it, and every piece of an answer soon after it
    arrives. All methods return at once; what they lead to is told by signals.

    Attributes:
        conversation_id: the open conversation; None for a fresh one, which is kept from its first question on.
        messages: its active branch.
        pictures: which pictures the model sees.

    Signals:
        conversations_changed: the list of conversations is another; ask for it with `list_conversations`.
        opened: another conversation was opened; carries its id or None.
        thread_changed: messages came, went, or became other versions.
        message_changed: one message's state or pictures changed; carries it.
        text_grew: an answer's text grew; carries the message.
        progressed: what the engine does for an answer; carries the message's id and Progress.
        answering_changed: whether an answer is being made.
        answered: an answer is complete; carries the message.
        noticed: something the person should know; a sentence.
    """

    conversations_changed = Signal()
    opened = Signal(object)
    thread_changed = Signal()
    message_changed = Signal(object)
    text_grew = Signal(object)
    progressed = Signal(int, object)
    answering_changed = Signal(bool)
    answered = Signal(object)
    noticed = Signal(str)

    def __init__(
        self,
        history: HistoryThread,
        library: PictureLibrary,
        engine: LocalEngine,
        settings: SettingsStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._engine = engine
        self._settings = settings
        self._answering: _Answering | None = None
        self._asking = False
        self.conversation_id: int | None = None
        self.messages: list[Message] = []
        self.pictures = VisiblePictures(library, self)
        self._save = QTimer(self, interval=_SAVE_EVERY_MS)
        self._save.timeout.connect(self._save_text)
        engine.loaded.connect(self._model_loaded)
        engine.progressed.connect(self._engine_progressed)
        engine.text_arrived.connect(self._text_arrived)
        engine.answered.connect(self._engine_answered)
        engine.failed.connect(self._engine_failed)

    # Conversations

    @property
    def busy(self) -> bool:
        """Whether an answer is being made, or about to be."""
        return self._asking or self._answering is not None

    def new_conversation(self) -> None:
        """Begin a conversation; it is kept from its first question on."""
        self.conversation_id = None
        self._show_thread([])
        self.opened.emit(None)

    def open(self, conversation_id: int) -> None:
        """Show a kept conversation."""

        def then(thread: list[Message]) -> None:
            self.conversation_id = conversation_id
            self._show_thread(thread)
            self.opened.emit(conversation_id)

        self._history.call(lambda history: history.thread(conversation_id), then)

    def list_conversations(
        self, search: str, then: Callable[[list[ConversationSummary]], None], *, limit: int = 500
    ) -> None:
        """The first `limit` conversations that contain `search`, the latest first, given to `then`."""
        self._history.call(lambda history: history.conversations(search, limit), then)

    def rename(self, conversation_id: int, title: str) -> None:
        """Give a conversation another title."""
        self._change_list(lambda history: history.rename(conversation_id, title))

    def set_pinned(self, conversation_id: int, pinned: bool) -> None:
        """Keep a conversation at the top of the list, or no longer."""
        self._change_list(lambda history: history.set_pinned(conversation_id, pinned))

    def delete(self, conversation_id: int) -> None:
        """Take a conversation out of the list; `restore` brings it back until the program ends."""
        if self._answering and self._answering.message.conversation_id == conversation_id:
            self.stop()
        self._change_list(lambda history: history.delete(conversation_id))
        if conversation_id == self.conversation_id:
            self.new_conversation()

    def restore(self, conversation_id: int) -> None:
        """Undo `delete`."""
        self._change_list(lambda history: history.restore(conversation_id))
        self.open(conversation_id)

    def delete_everything(self) -> None:
        """Delete every conversation and picture, for good."""
        self.stop()
        self.new_conversation()
        self._change_list(lambda history: history.delete_everything())

    # Questions

    def send(self, text: str, new: Sequence[NewPicture], action: QuickAction | None = None) -> bool:
        """Ask; False when that is not possible now."""
        if self.busy or not (text.strip() or new):
            return False
        options = self._options(action)
        excluded = {p.sha256 for p in self.pictures.view.pictures if p.message_id is None and not p.included}
        parent = self.messages[-1].id if self.messages else None
        conversation_id = self.conversation_id
        title = title_of(text, [picture.name for picture in new], action.name if action else "")
        action_name = action.name if action else ""

        def work(history: History) -> tuple[int, list[Message]]:
            kept = conversation_id if conversation_id is not None else history.create_conversation(title)
            sha256s = [
                history.add_picture(picture.data, name=picture.name, width=picture.width, height=picture.height)
                for picture in new
            ]
            question = history.add_message(
                kept, parent, "user", text, pictures=sha256s, action=action_name, details={"options": options}
            )
            for sha256 in excluded & set(sha256s):
                history.set_included(question.id, sha256, False)
            return kept, self._add_answer(history, question)

        self._ask(work, options)
        return True

    def regenerate(self, message_id: int) -> None:
        """Make another version of an answer; the old one stays."""
        answer = self._message(message_id)
        if self.busy or answer is None or answer.parent_id is None:
            return
        question = self._message(answer.parent_id)
        if question is None:
            return
        options = question.details.get("options") or self._options(None)

        def work(history: History) -> tuple[int, list[Message]]:
            return question.conversation_id, self._add_answer(history, question)

        self._ask(work, options)

    def edit(self, message_id: int, text: str) -> None:
        """Ask a changed question with the same pictures, as another version of it."""
        old = self._message(message_id)
        if self.busy or old is None or not (text.strip() or old.pictures):
            return
        options = old.details.get("options") or self._options(None)

        def work(history: History) -> tuple[int, list[Message]]:
            question = history.add_message(
                old.conversation_id,
                old.parent_id,
                "user",
                text,
                pictures=[picture.sha256 for picture in old.pictures],
                action=old.action,
                details={"options": options},
            )
            for picture in old.pictures:
                if not picture.included:
                    history.set_included(question.id, picture.sha256, False)
            return old.conversation_id, self._add_answer(history, question)

        self._ask(work, options)

    def switch_to(self, message_id: int) -> None:
        """Show the branch that goes through another version of a message."""
        if not self.busy:
            self._history.call(lambda history: history.switch_to(message_id), self._show_thread)

    def stop(self) -> None:
        """End the answer that is being made; what there is of it stays."""
        running = self._answering
        if running is None:
            return
        if running.sent:
            self._engine.stop()
        else:
            self._finish(MessageState.STOPPED)

    def include(self, sha256: str, included: bool) -> None:
        """Show a picture to the model, or no longer."""
        picture = next((p for p in self.pictures.view.pictures if p.sha256 == sha256), None)
        if picture is None:
            return
        if picture.message_id is None:
            self.pictures.include_new(sha256, included)
            return
        holders = [m for m in self.messages if any(held.sha256 == sha256 for held in m.pictures)]
        for message in holders:
            self._history.call(partial(_set_included, message.id, sha256, included))
            pictures = tuple(replace(h, included=included) if h.sha256 == sha256 else h for h in message.pictures)
            self._replace(replace(message, pictures=pictures))
        self.pictures.set_thread(self.messages)

    def set_new_pictures(self, new: Sequence[NewPicture]) -> None:
        """The pictures of the question being written; earlier ones give way where text would get too small."""
        known = {p.sha256 for p in self.pictures.view.pictures if p.message_id is None}
        coming = [picture for picture in new if picture.sha256 not in known]
        leaving = self.pictures.to_leave_out(coming) if coming else []
        self.pictures.set_new(new)
        for picture in leaving:
            self.include(picture.sha256, False)
        if leaving:
            self.noticed.emit(
                self.tr(
                    "Earlier pictures are left out so that text stays readable ({0}); switch them on at the right."
                ).format(len(leaving))
            )

    # An answer, step by step

    def _ask(self, work: Callable[[History], tuple[int, list[Message]]], options: Mapping[str, Any]) -> None:
        """Keep the question, then have it answered."""
        self._asking = True
        self.answering_changed.emit(True)

        def then(result: tuple[int, list[Message]]) -> None:
            self._asking = False
            conversation_id, thread = result
            is_new = self.conversation_id != conversation_id
            self.conversation_id = conversation_id
            self._answering = _Answering(thread[-1], thread[:-1], options)
            self.pictures.question_kept(thread)
            self._show_thread(thread)
            if is_new:
                self.opened.emit(conversation_id)
            self.conversations_changed.emit()
            self._compose()

        def failed(_: str) -> None:
            self._asking = False
            self.answering_changed.emit(False)

        self._history.call(work, then, failed)

    @staticmethod
    def _add_answer(history: History, question: Message) -> list[Message]:
        history.add_message(question.conversation_id, question.id, "assistant", "", state=MessageState.STREAMING)
        return history.thread(question.conversation_id)

    def _compose(self) -> None:
        """Once there is a model, make what it is to see."""
        if self._answering is None or self._answering.sent:
            return
        if self._engine.model is None:
            if self._engine.state in {EngineState.STOPPED, EngineState.FAILED}:
                self._engine.restart()
            return  # `_model_loaded` comes back here
        self.pictures.composed(self._request)

    def _request(self, composition: Composition | None, problem: str) -> None:
        running = self._answering
        model = self._engine.model
        if running is None or running.sent or model is None:
            return
        if problem:
            self._finish(MessageState.FAILED, error=problem)
            return
        options = running.options
        running.sent = True
        details: dict[str, Any] = {"options": dict(options)}
        if composition is not None:
            details["composite"] = {
                "pictures": len(composition.layout.placements),
                "tiles": list(composition.layout.tiles),
                "size": list(composition.layout.size),
                "scale": composition.layout.scale,
            }
        running.message = replace(running.message, details=details, model=model.name)
        running.request = self._engine.ask(
            ChatRequest(
                messages=chat_messages(
                    running.thread, composition.png if composition else None, options["system_prompt"]
                ),
                max_tokens=options["max_tokens"],
                sampling=options["sampling"],
                json_schema=options["json_schema"],
                drop_oldest=options["drop_oldest"],
            )
        )
        self._save.start()

    def _text_arrived(self, request: int, text: str) -> None:
        running = self._answering
        if running is None or request != running.request:
            return
        running.unsaved += text
        running.message = replace(running.message, text=running.message.text + text)
        self._replace(running.message)
        self.text_grew.emit(running.message)

    def _save_text(self) -> None:
        running = self._answering
        if running is None or not running.unsaved:
            return
        text, running.unsaved = running.unsaved, ""
        message_id = running.message.id
        self._history.call(lambda history: history.append_text(message_id, text))

    def _engine_answered(self, request: int, answer: Answer) -> None:
        running = self._answering
        if running is None or request != running.request:
            return
        states = {"stop": MessageState.COMPLETE, "length": MessageState.CUT, "cancelled": MessageState.STOPPED}
        details = dict(running.message.details)
        if answer.usage is not None:
            details["usage"] = asdict(answer.usage)
            details["n_ctx"] = self._engine.model.n_ctx if self._engine.model else 0
        if answer.dropped_messages:
            details["dropped_messages"] = answer.dropped_messages
        self._finish(states[answer.finish_reason], details=details)

    def _engine_failed(self, request: int, _blame: str, sentence: str) -> None:
        running = self._answering
        if running is not None and (request == running.request or not running.sent):
            self._finish(MessageState.FAILED, error=sentence)

    def _finish(self, state: MessageState, *, error: str = "", details: Mapping[str, Any] | None = None) -> None:
        running = self._answering
        if running is None:
            return
        self._save.stop()
        self._save_text()
        self._answering = None
        message = replace(running.message, state=state, error=error, details=dict(details or running.message.details))
        self._history.call(
            lambda history: history.finish_message(
                message.id, state, error=error, details=message.details, model=message.model
            ),
            lambda _: self.conversations_changed.emit(),
        )
        self._replace(message)
        self.message_changed.emit(message)
        self.answering_changed.emit(False)
        if state is not MessageState.FAILED:
            self.answered.emit(message)

    # The engine

    def _model_loaded(self, model: LoadedModel) -> None:
        self.pictures.set_model(model)
        self._compose()

    def _engine_progressed(self, progress: Progress) -> None:
        if self._answering:
            self.progressed.emit(self._answering.message.id, progress)

    def _options(self, action: QuickAction | None) -> dict[str, Any]:
        """What the question is asked with; kept with it, so that other versions are asked the same way."""
        settings = self._settings.current
        return {
            "sampling": {**settings.sampling_options, **(action.sampling if action else {})},
            "json_schema": action.json_schema if action else None,
            "max_tokens": settings.answers.max_tokens,
            "drop_oldest": settings.answers.drop_oldest,
            "system_prompt": settings.system_prompt,
        }

    # The open conversation

    def _message(self, message_id: int) -> Message | None:
        return next((message for message in self.messages if message.id == message_id), None)

    def _replace(self, message: Message) -> None:
        for number, old in enumerate(self.messages):
            if old.id == message.id:
                self.messages[number] = message

    def _show_thread(self, thread: list[Message]) -> None:
        self.messages = thread
        if self._answering:  # its latest text may not be in the history yet
            self._replace(self._answering.message)
        self.pictures.set_thread(self.messages)
        self.thread_changed.emit()

    def _change_list(self, work: Callable[[History], object]) -> None:
        self._history.call(work, lambda _: self.conversations_changed.emit())


def _set_included(message_id: int, sha256: str, included: bool, history: History) -> None:
    history.set_included(message_id, sha256, included)
