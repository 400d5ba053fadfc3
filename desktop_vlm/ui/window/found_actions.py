"""From a hit of the search to its place: the message with its words lit up, and the place in the picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject

from desktop_vlm.api.text_layer import Box
from desktop_vlm.history.records import ConversationSummary
from desktop_vlm.history.search import words as words_of
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.conversation.pane import ConversationPane
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.text_layer.found_places import found_places
from desktop_vlm.ui.window.sidebar import Sidebar


class FoundActions(QObject):
    """Opens what a search found.

    The conversation opens at the message. Its words are lit up, and in the small pictures the places where they stand,
    until the search is another. A picture that is opened meanwhile shows the places in full size, and so does choosing
    a hit in a picture once more.
    """

    def __init__(
        self,
        sidebar: Sidebar,
        pane: ConversationPane,
        services: Services,
        view: Callable[[str, Sequence[Box]], None],
    ) -> None:
        """`view` shows a picture with places lit up."""
        super().__init__(pane)
        self._sidebar = sidebar
        self._pane = pane
        self._assistant = services.assistant
        self._layers = services.text_layers
        self._library = services.library
        self._view = view
        self._background = Background(self)
        self._opening: ConversationSummary | None = None
        self._hit: ConversationSummary | None = None
        self._words: list[str] = []
        self._places: dict[str, tuple[Box, ...]] = {}
        sidebar.found.connect(self.open)
        sidebar.searched.connect(self._search_changed)
        self._assistant.opened.connect(self._opened)
        self._layers.changed.connect(self._layer_changed)

    def open(self, hit: ConversationSummary) -> None:
        """Open a conversation where the search found something."""
        again = self._hit is not None and (self._hit.id, self._hit.hit_message) == (hit.id, hit.hit_message)
        if again and hit.hit_picture and self._assistant.conversation_id == hit.id:
            self.view(hit.hit_picture)
            return
        self._opening = hit
        self._assistant.open(hit.id, hit.hit_message)

    def show_again(self) -> None:
        """Light up what the search found, after something else was lit up."""
        if self._hit is not None:
            self._pane.show_found(self._words, self._places)

    def view(self, sha256: str) -> None:
        """Show a picture, with what was found in it."""
        self._view(sha256, self._places.get(sha256, ()))

    def _opened(self, conversation_id: int | None) -> None:
        hit, self._opening = self._opening, None
        if hit is None or hit.id != conversation_id:
            self._forget()
            return
        self._hit, self._words = hit, words_of(self._sidebar.search.text())
        self._places = {}
        self._pane.show_found(self._words, {})
        self._pane.scroll_to_message(self._message_of(hit))
        for sha256 in self._pictures():
            self._find(sha256)
        if hit.hit_picture and self._layers.layer(hit.hit_picture) is None:
            self._layers.load_kept([hit.hit_picture, *self._pictures()])

    def _message_of(self, hit: ConversationSummary) -> int | None:
        """The message that was found; of a picture that is in several, one that is shown."""
        shown = [message.id for message in self._assistant.messages]
        if hit.hit_message not in shown and hit.hit_picture:
            holders = [m.id for m in self._assistant.messages if any(p.sha256 == hit.hit_picture for p in m.pictures)]
            return holders[-1] if holders else None
        return hit.hit_message

    def _pictures(self) -> list[str]:
        return [held.sha256 for message in self._assistant.messages for held in message.pictures]

    def _layer_changed(self, sha256: str) -> None:
        if self._hit is not None and sha256 in self._pictures():
            self._find(sha256)

    def _find(self, sha256: str) -> None:
        layer = self._layers.layer(sha256)
        if layer is not None:
            came = partial(self._came, self._words, sha256)
            self._background.run(partial(found_places, layer, tuple(self._words)), came)

    def _came(self, words: list[str], sha256: str, places: tuple[Box, ...]) -> None:
        if words is self._words and self._hit is not None and places:
            self._places[sha256] = places
            self._pane.show_found(self._words, self._places)

    def _search_changed(self, _text: str) -> None:
        self._forget()

    def _forget(self) -> None:
        if self._hit is not None:
            self._hit, self._words, self._places = None, [], {}
            self._pane.show_found([], {})
