"""Ctrl+F: finding in the open conversation, from place to place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from desktop_vlm.history.records import Message
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.conversation.finding import MOST_HITS, Occurrence, parts_of, places_in
from desktop_vlm.ui.conversation.pane import ConversationPane
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.find_bar import FindBar
from desktop_vlm.ui.pictures.viewer import PictureViewer
from desktop_vlm.ui.window.found_actions import FoundActions

_PAUSE_MS = 120


class FindActions(QObject):
    """Keeps the bar above the conversation true to what was found; the last place is followed by the first."""

    def __init__(
        self, window: QWidget, bar: FindBar, pane: ConversationPane, services: Services, found: FoundActions
    ) -> None:
        super().__init__(window)
        self._window = window
        self._bar = bar
        self._pane = pane
        self._assistant = services.assistant
        self._found_actions = found
        self._background = Background(self)
        self._parts: dict[int, tuple[str, list[str]]] = {}  # by message: its text, and what that shows
        self._places: list[Occurrence] = []
        self._at = -1
        self._token = 0
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self._search)
        bar.searched.connect(self._typed)
        bar.stepped.connect(self.step)
        bar.close_asked.connect(self.close)
        self._assistant.opened.connect(lambda _id: self.close())
        self._assistant.thread_changed.connect(self._changed)
        self._assistant.message_changed.connect(self._changed)

    def open(self) -> None:
        """Show the bar; where a picture is open, find in that."""
        viewer = next((one for one in self._window.findChildren(PictureViewer) if one.isVisible()), None)
        if viewer is not None:
            viewer.text.open_bar()
        elif self._assistant.messages:
            self._bar.open_bar()
            self._typed(self._bar.field.text())

    def close(self) -> None:
        """Hide the bar, and light up nothing more."""
        if not self._bar.isHidden():
            self._bar.hide()
            self._token += 1
            self._places, self._at = [], -1
            self._pane.show_found([], {})
            self._found_actions.show_again()

    def step(self, step: int) -> None:
        """Go to the next place (1) or the one before (-1)."""
        if self._bar.isHidden():
            self.open()
        elif self._soon.isActive():  # what was typed last is looked for first
            self._soon.stop()
            self._search()
        elif self._places:
            self._show((self._at + step) % len(self._places))

    def _typed(self, _text: str) -> None:
        self._at = -1
        self._soon.start()

    def _changed(self, _what: object = None) -> None:
        if not self._bar.isHidden() and self._bar.field.text().strip():
            self._soon.start()

    def _search(self) -> None:
        self._token += 1
        sought = self._bar.field.text().strip()
        self._pane.show_found([sought] if sought else [], {})
        if not sought:
            self._places = []
            self._bar.say("")
            return
        messages = list(self._assistant.messages)
        there = {message.id for message in messages}
        known = {one: text for one, text in self._parts.items() if one in there}
        work = partial(_find, messages, known, sought)
        self._background.run(work, partial(self._came, self._token))

    def _came(self, token: int, result: tuple[dict[int, tuple[str, list[str]]], list[Occurrence]]) -> None:
        if token != self._token or self._bar.isHidden():
            return
        self._parts, places = result
        before = self._places[self._at] if 0 <= self._at < len(self._places) else None
        self._places = places
        if not places:
            self._at = -1
            self._bar.say(self.tr("Nothing found"))
        elif before in places:  # the conversation went on meanwhile
            self._at = places.index(before)
            self._say()
        else:
            self._show(self._first_below())

    def _first_below(self) -> int:
        """The first place from the message on that is at the top of the screen."""
        order = {message.id: at for at, message in enumerate(self._assistant.messages)}
        top = order.get(self._pane.message_at_top() or 0, 0)
        return next((n for n, place in enumerate(self._places) if order.get(place.message, 0) >= top), 0)

    def _show(self, at: int) -> None:
        self._at = at
        place = self._places[at]
        self._pane.show_hit(place.message, place.part, place.occurrence)
        self._say()

    def _say(self) -> None:
        total = f"{MOST_HITS}+" if len(self._places) >= MOST_HITS else str(len(self._places))
        self._bar.say(self.tr("{0} of {1}").format(self._at + 1, total), can_step=len(self._places) > 1)


def _find(
    messages: Sequence[Message], known: dict[int, tuple[str, list[str]]], sought: str
) -> tuple[dict[int, tuple[str, list[str]]], list[Occurrence]]:
    """The texts of all messages, those that are known already as they are, and where the text stands in them."""
    parts = {}
    for message in messages:
        before = known.get(message.id)
        is_same = before is not None and before[0] == message.text
        parts[message.id] = before if before is not None and is_same else (message.text, parts_of(message))
    return parts, places_in([(one, texts) for one, (_, texts) in parts.items()], sought)
