"""The open conversation: keeps the column of widgets true to the assistant's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop_vlm.api.text_layer import Box
from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.ui.assistant.assistant import Assistant
from desktop_vlm.ui.conversation.answer import AnswerWidget
from desktop_vlm.ui.conversation.message_widget import MessageWidget
from desktop_vlm.ui.conversation.question import MOST_SHOWN, QuestionWidget, beginning
from desktop_vlm.ui.conversation.view import MARGIN, ConversationView, Item
from desktop_vlm.ui.engine.protocol import Progress
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.pictures.thumbnails import MESSAGE_SIDE
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.turn import Turn

_Key = tuple[int, int]
"""A message's id and how many versions it has: another number of versions means other arrows."""


class ConversationPane(ConversationView):
    """Questions and answers of the open conversation.

    Signals:
        picture_opened: SHA-256 of a picture in a message.
        picture_entry_chosen: its SHA-256, and the id of one of `PICTURE_ENTRIES`.
        picture_pointed: its SHA-256, and the Pointer at a place in it.
        answer_entry_chosen: an answer, and the id of one of `ANSWER_ENTRIES`.
        answer_settled: widget of an answer that is shown as it stays.
        crop_asked: the picture that the last answer is about is to be cropped.
        places_pointed, place_opened: of an answer, as it signals them.
        edit_sent: a changed question was asked.
    """

    picture_opened = Signal(str)
    picture_entry_chosen = Signal(str, str)
    picture_pointed = Signal(str, object)
    answer_settled = Signal(object)
    answer_entry_chosen = Signal(object, str)
    places_pointed = Signal(object)
    place_opened = Signal(str, object)
    crop_asked = Signal()
    edit_sent = Signal()

    def __init__(
        self, theme: Theme, assistant: Assistant, library: PictureLibrary, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._theme = theme
        self._assistant = assistant
        self._library = library
        self._found: tuple[Sequence[str], Mapping[str, Sequence[Box]]] = (), {}
        self._hit: tuple[int, int, int] | None = None  # message, part and occurrence that are pointed out
        self._seeks_hit = False  # it is being gone to
        self._unlit: list[QWidget] = []  # widgets that show what was found before
        self._light_soon = QTimer(self, singleShot=True, interval=0)
        self._light_soon.timeout.connect(self._light_some)
        self._edits: dict[int, tuple[str, bool]] = {}
        self._conversation_id: int | None = None
        self._send_with_ctrl = False
        assistant.opened.connect(self._opened)
        assistant.thread_changed.connect(self.show_thread)
        assistant.message_changed.connect(self._show_message)
        assistant.text_grew.connect(self._show_text)
        assistant.pictures.changed.connect(self._show_numbers)
        assistant.progressed.connect(self._show_progress)
        assistant.answering_changed.connect(self._show_queue)
        assistant.version_withdrawn.connect(self._version_withdrawn)

    def show_thread(self) -> None:
        """Show the thread as it is now; widgets of messages that stay are kept."""
        self._point_out({})  # an answer that goes points at nothing
        self._seeks_hit = False
        self.set_items([self._item(message) for message in self._assistant.messages])

    def show_found(self, words: Sequence[str], places: Mapping[str, Sequence[Box]]) -> None:
        """Light up words of a search in all messages, and places in pictures: SHA-256 -> boxes; () and {} end it."""
        if tuple(words) != self._found[0]:
            self._hit, self._seeks_hit = None, False
        self._found = tuple(words), dict(places)
        widgets = self.widgets()
        self._unlit = [widget for widget in widgets if widget.isHidden()]
        for widget in widgets:
            if not widget.isHidden():
                self._light_up(widget)
        self._light_soon.start()

    def _light_some(self) -> None:
        """What is not on the screen, while there is time in this turn of the event loop."""
        while self._unlit and Turn.has_time():
            self._light_up(self._unlit[-1])
        if self._unlit:
            self._light_soon.start()

    def send_with_ctrl(self, requested: bool) -> None:
        """Whether Ctrl+Enter asks a changed question and Enter begins a line, or the other way round."""
        self._send_with_ctrl = requested
        for widget in self.widgets():
            if isinstance(widget, QuestionWidget):
                widget.send_with_ctrl = requested

    def scroll_to_message(self, message_id: int | None) -> None:
        """Show a message of the thread, where something is lit up in it from there on."""
        message = next((one for one in self._assistant.messages if one.id == message_id), None)
        if message is None:
            return
        self._seeks_hit = False
        self.scroll_to(_key(message))
        widget = self._shown(message)
        if widget in self._unlit:
            self._light_up(widget)
        top = widget.lit_top() if isinstance(widget, MessageWidget) else None
        if top is not None and top > self.viewport().height() // 2:
            self.scroll_to(_key(message), top - self.viewport().height() // 3)

    def show_hit(self, message_id: int, part: int, occurrence: int) -> None:
        """Point out one of the places that are lit up in a message, and show it.

        Where it is not laid out yet, the view goes on to it when it is, unless somebody scrolls meanwhile.
        """
        message = next((one for one in self._assistant.messages if one.id == message_id), None)
        if message is None:
            return
        self._hit, self._seeks_hit = (message_id, part, occurrence), True
        if self._shown(message) is None:
            self.scroll_to(_key(message))
        for widget in self.widgets():
            if isinstance(widget, AnswerWidget) and widget.message.id != message_id:
                widget.show_no_hit()
        shown = self._shown(message)
        if shown in self._unlit:
            self._light_up(shown)
        if isinstance(shown, AnswerWidget):
            self._show_place(message_id, shown.show_hit(part, occurrence))
            self._seeks_hit = shown.seeks_hit
        elif isinstance(shown, MessageWidget):
            self._show_place(message_id, shown.lit_top() or 0)

    def _hit_placed(self, answer: AnswerWidget, top: int) -> None:
        is_hit = self._hit is not None and self._hit[0] == answer.message.id
        if self._seeks_hit and is_hit and self._shown(answer.message) is answer:
            self._show_place(answer.message.id, top)
            self._seeks_hit = answer.seeks_hit

    def scroll_to_end(self) -> None:
        self._seeks_hit = False
        super().scroll_to_end()

    def _scrolled(self, value: int) -> None:
        if not self._arranging:  # by a person
            self._seeks_hit = False
        super()._scrolled(value)

    def _show_place(self, message_id: int, top: int) -> None:
        """Bring a place inside a message onto the screen; where it is there already, it stays whatever is measured."""
        message = next((one for one in self._assistant.messages if one.id == message_id), None)
        widget = self._shown(message) if message is not None else None
        if message is None or widget is None:
            return
        height = self.viewport().height()
        is_seen = not widget.isHidden() and 0 <= widget.y() + top <= height * 4 // 5
        self.scroll_to(_key(message), MARGIN - widget.y() if is_seen else max(0, top - height // 3))

    def message_at_top(self) -> int | None:
        """The message at the upper edge of the screen."""
        keys = [key[0] for key in self.item_keys() if isinstance(key, tuple)]
        return keys[min(self.number_at_top(), len(keys) - 1)] if keys else None

    def _light_up(self, widget: QWidget | None) -> None:
        words, places = self._found
        if widget in self._unlit:
            self._unlit.remove(widget)
        if isinstance(widget, MessageWidget) and isValid(widget):
            widget.light_up(words)
        if isinstance(widget, QuestionWidget) and isValid(widget):
            widget.show_found_places(places)

    def edit_last_question(self) -> None:
        """Open the last question for editing."""
        for message in reversed(self._assistant.messages):
            if message.role == "user":
                self.scroll_to_end()
                self._edit(message.id)
                return

    def _edit(self, message_id: int) -> None:
        """Open a question for editing, with what was written in it before."""
        widget = next((self._shown(one) for one in self._assistant.messages if one.id == message_id), None)
        if isinstance(widget, QuestionWidget):
            widget.edit(self._edits.get(message_id, (None, False))[0], waits=self._assistant.waits(message_id))

    def _keep_edit(self, message_id: int, text: str, is_open: bool) -> None:
        """Until the conversation is left, also where the widget goes meanwhile."""
        self._edits[message_id] = text, is_open

    def _send_edit(self, message_id: int, text: str) -> None:
        self._edits.pop(message_id, None)
        self._assistant.edit(message_id, text)
        self.edit_sent.emit()

    def _show_numbers(self, _view: object) -> None:
        ids = {message.id for message in self._assistant.messages}
        for widget in self.widgets():
            if isinstance(widget, QuestionWidget) and widget.message.id in ids:  # and not about to go
                widget.show_numbers()

    def _version_withdrawn(self, message_id: int, text: str) -> None:
        """A changed question was taken back: it is being changed again."""
        self._edits[message_id] = text, True
        self._edit(message_id)

    def _show_queue(self, _is_busy: bool) -> None:
        for widget in self.widgets():
            if isinstance(widget, AnswerWidget):
                self._show_position(widget)

    def _show_position(self, widget: AnswerWidget) -> None:
        if widget.message.state is MessageState.QUEUED:
            queue = self._assistant.queue
            widget.show_position(queue.position(widget.message.id), is_held=queue.is_held)

    def _opened(self, conversation_id: int | None) -> None:
        if conversation_id != self._conversation_id:
            self._conversation_id = conversation_id
            self._edits.clear()

    def _item(self, message: Message) -> Item:
        estimate = partial(_estimate, message, self._theme.text_px)
        return _key(message), estimate, partial(self._message_widget, message.id)

    def _message_widget(self, message_id: int) -> QWidget:
        message = next(message for message in self._assistant.messages if message.id == message_id)
        widget: MessageWidget
        if message.role == "user":
            question = QuestionWidget(self._theme, message, self._library, self._assistant.pictures.badge)
            question.send_with_ctrl = self._send_with_ctrl
            question.edited.connect(partial(self._send_edit, message_id))
            question.edit_asked.connect(partial(self._edit, message_id))
            question.edit_changed.connect(partial(self._keep_edit, message_id))
            question.picture_opened.connect(self.picture_opened)
            question.picture_entry_chosen.connect(self.picture_entry_chosen)
            question.picture_pointed.connect(self.picture_pointed)
            question.picture_included.connect(self._assistant.include)
            text, is_open = self._edits.get(message_id, ("", False))
            if is_open:
                question.edit(text, focus=False, waits=self._assistant.waits(message_id))
            widget = question
        else:
            answer = AnswerWidget(self._theme, message)
            answer.take_back_requested.connect(partial(self._assistant.withdraw, message_id))
            answer.ask_requested.connect(partial(self._assistant.ask_waiting, message_id))
            self._show_position(answer)
            answer.regenerate_requested.connect(partial(self._assistant.regenerate, message_id))
            answer.close_requested.connect(partial(self._assistant.close_json, message_id))
            answer.crop_asked.connect(self.crop_asked)
            answer.entry_chosen.connect(self.answer_entry_chosen)
            answer.content_shifted.connect(partial(self.item_shifted, _key(message)))
            answer.settled.connect(partial(self.answer_settled.emit, answer))
            answer.places_pointed.connect(self._point_out)
            answer.hit_placed.connect(partial(self._hit_placed, answer))
            answer.place_opened.connect(self.place_opened)
            if message.state not in {MessageState.STREAMING, MessageState.QUEUED}:
                self.answer_settled.emit(answer)
            widget = answer
        self._light_up(widget)
        if isinstance(widget, AnswerWidget) and self._hit is not None and self._hit[0] == message_id:
            widget.show_hit(*self._hit[1:])
        widget.version_requested.connect(self._assistant.switch_to)
        widget.height_changed.connect(partial(self.height_changed, _key(message)))
        return widget

    def _point_out(self, places: Mapping[str, Sequence[Box]]) -> None:
        for widget in self.widgets():
            if isinstance(widget, QuestionWidget):
                widget.show_places(places)
        self.places_pointed.emit(places)

    def _show_message(self, message: Message) -> None:
        widget = self._shown(message)
        if isinstance(widget, AnswerWidget | QuestionWidget):
            widget.show_message(message)

    def _show_text(self, message: Message) -> None:
        widget = self._shown(message)
        if isinstance(widget, AnswerWidget):
            widget.show_text(message)

    def _show_progress(self, message_id: int, progress: Progress) -> None:
        for message in reversed(self._assistant.messages):
            if message.id == message_id:
                widget = self._shown(message)
                if isinstance(widget, AnswerWidget):
                    widget.show_progress(progress)
                return

    def _shown(self, message: Message) -> QWidget | None:
        return self.widget(_key(message))


def _key(message: Message) -> _Key:
    return message.id, len(message.siblings)


def _estimate(message: Message, text_px: int, width: int) -> int:
    """Roughly how high a message will be, in pixels; right enough for the scroll bar."""
    per_line = max(10, round(width / (text_px * 0.5)))
    text = message.text if message.role != "user" or len(message.text) <= MOST_SHOWN else beginning(message.text)
    lines = text.count("\n") + 1
    lines += max(0, len(text) - lines * per_line // 2) // per_line  # on average the last one is half full
    height = round(lines * text_px * 1.5) + text_px * 3
    return height + (MESSAGE_SIDE + 16 if message.pictures else 0)
