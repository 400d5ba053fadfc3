"""Keeps the sidebar true to the history, and does what is asked of a conversation there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm.history.records import ConversationSummary
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.window.conversation_actions import ConversationActions
from desktop_vlm.ui.window.sidebar import Sidebar

_SEARCH_DELAY_MS = 120


class ConversationList(QObject):
    """Lists conversations, or those that a search finds.

    Signals:
        titles_changed: of conversations.
    """

    titles_changed = Signal()

    def __init__(self, sidebar: Sidebar, services: Services, actions: ConversationActions) -> None:
        super().__init__(sidebar)
        self._sidebar = sidebar
        self._assistant = assistant = services.assistant
        self._actions = actions
        self._titles: dict[int, str] = {}
        self._soon = QTimer(self, singleShot=True, interval=_SEARCH_DELAY_MS)
        self._soon.timeout.connect(self.refresh)
        assistant.conversations_changed.connect(self.refresh)
        assistant.opened.connect(sidebar.mark)
        services.history.opened.connect(lambda _notice: self.refresh())
        sidebar.chosen.connect(assistant.open)
        sidebar.searched.connect(lambda _text: self._soon.start())
        sidebar.renamed.connect(assistant.rename)
        sidebar.pinned.connect(assistant.set_pinned)
        sidebar.delete_requested.connect(actions.delete)
        sidebar.export_requested.connect(self.export)

    def refresh(self) -> None:
        """Ask for the list again."""
        self._soon.stop()
        search = self._sidebar.search.text()
        self._assistant.list_conversations(search, partial(self._show, search))

    def title(self, conversation_id: int | None) -> str:
        """Of a conversation that was listed; "" for another."""
        return self._titles.get(conversation_id, "") if conversation_id is not None else ""

    def step(self, step: int) -> None:
        """Open the conversation after the open one in the list (1), or before it (-1)."""
        requested = self._sidebar.neighbour(self._assistant.conversation_id, step)
        if requested is not None:
            self._assistant.open(requested)

    def export(self, conversation_id: int | None, exporter: str = "markdown") -> None:
        """Write a conversation to a file; without one nothing happens."""
        if conversation_id is not None:
            self._actions.export(conversation_id, exporter, self.title(conversation_id))

    def _show(self, search: str, conversations: Sequence[ConversationSummary]) -> None:
        self._titles |= {conversation.id: conversation.title for conversation in conversations}
        self._sidebar.show_conversations(conversations, self._assistant.conversation_id, search)
        self.titles_changed.emit()
