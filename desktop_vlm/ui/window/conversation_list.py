"""Keeps the sidebar true to the history, and does what is asked of conversations and folders there."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_vlm.history.folders import Scope
from desktop_vlm.history.folding import folded
from desktop_vlm.history.store import History
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.widgets.toast import Toast
from desktop_vlm.ui.window.conversation_actions import ConversationActions
from desktop_vlm.ui.window.conversation_model import Listing
from desktop_vlm.ui.window.row_state import Work
from desktop_vlm.ui.window.sidebar import Sidebar

_SEARCH_DELAY_MS = 120
_LISTED_AT_ONCE = 500
"""More are listed when somebody scrolls to the end of these."""


class ConversationList(QObject):
    """Lists conversations, or those that a search finds; moves them into folders and the archive, with a way back.

    Signals:
        titles_changed: of conversations.
    """

    titles_changed = Signal()

    def __init__(self, sidebar: Sidebar, services: Services, actions: ConversationActions, toast: Toast) -> None:
        super().__init__(sidebar)
        self._sidebar = sidebar
        self._assistant = assistant = services.assistant
        self._history = services.history
        self._actions = actions
        self._toast = toast
        self._titles: dict[int, str] = {}
        self._edits_folder: int | None = None  # as soon as it is listed
        self._most = _LISTED_AT_ONCE
        self._n_listed = 0
        self._soon = QTimer(self, singleShot=True, interval=_SEARCH_DELAY_MS)
        self._soon.timeout.connect(self.refresh)
        assistant.conversations_changed.connect(self.refresh)
        assistant.opened.connect(sidebar.mark)
        assistant.answering_changed.connect(self._show_work)
        services.history.opened.connect(lambda _notice: self.refresh())
        sidebar.chosen.connect(assistant.open)
        sidebar.searched.connect(self._search)
        sidebar.scope_changed.connect(self._list_scope)
        sidebar.list.verticalScrollBar().valueChanged.connect(self._list_more)
        sidebar.renamed.connect(assistant.rename)
        sidebar.folder_renamed.connect(self.rename_folder)
        menus = sidebar.menus
        menus.pinned.connect(assistant.set_pinned)
        menus.delete_requested.connect(actions.delete)
        menus.export_requested.connect(self._export_several)
        menus.moved.connect(self.move)
        menus.archived.connect(self.archive)
        menus.folder_requested.connect(self.create_folder)
        menus.folder_delete_requested.connect(self.delete_folder)

    # Listing

    def refresh(self) -> None:
        """Ask for the list again."""
        self._soon.stop()
        search, scope = self._sidebar.search.text(), self._sidebar.scope
        self._history.call(partial(_listing, search, scope, self._most), self._show)

    def _search(self, _text: str) -> None:
        self._most = _LISTED_AT_ONCE
        self._soon.start()

    def _list_scope(self) -> None:
        scope = self._sidebar.scope
        self._assistant.folder_id = scope if isinstance(scope, int) else None
        self._most = _LISTED_AT_ONCE
        self.refresh()

    def _list_more(self, value: int) -> None:
        """The end comes into sight, and there are others behind it."""
        bar = self._sidebar.list.verticalScrollBar()
        if self._n_listed >= self._most and 0 < bar.maximum() <= value + bar.pageStep():
            self._most = self._n_listed + _LISTED_AT_ONCE
            self.refresh()

    def title(self, conversation_id: int | None) -> str:
        """Of a conversation that was listed; "" for another."""
        return self._titles.get(conversation_id, "") if conversation_id is not None else ""

    def step(self, step: int) -> None:
        """Open the conversation after the open one in the list (1), or before it (-1)."""
        requested = self._sidebar.neighbour(self._assistant.conversation_id, step)
        if requested is not None:
            self._assistant.open(requested)

    def _show(self, listing: Listing) -> None:
        self._titles |= {one.id: one.title for one in listing.conversations}
        if listing.scope != self._sidebar.scope:
            is_gone = isinstance(self._sidebar.scope, int) and listing.folder_name(self._sidebar.scope) == ""
            if is_gone:
                self._sidebar.go_to(Scope.TOP)
            return  # another list has been asked for meanwhile
        self._n_listed = len(listing.conversations)
        self._sidebar.show_listing(listing, self._assistant.conversation_id)
        self.titles_changed.emit()
        if self._edits_folder is not None and listing.folder_name(self._edits_folder):
            self._sidebar.rename_folder(self._edits_folder)
            self._edits_folder = None

    def _show_work(self, _is_busy: bool) -> None:
        self._sidebar.show_work(Work.of(self._assistant.queue))

    # Conversations

    def export(self, conversation_id: int | None, exporter: str = "markdown") -> None:
        """Write a conversation to a file; without one nothing happens."""
        if conversation_id is not None:
            self._actions.export(conversation_id, exporter, self.title(conversation_id))

    def _export_several(self, ids: list[int]) -> None:
        if len(ids) == 1:
            self.export(ids[0])
        else:
            self._actions.export_several({one: self.title(one) for one in ids})

    def move(self, ids: list[int], folder_id: int | None) -> None:
        """Put conversations into a folder, or back to the top of the list."""

        def moved(before: dict[int | None, list[int]]) -> None:
            self.refresh()
            self._toast.say(self.tr("Moved"), self.tr("Undo"), partial(self._move_back, before))

        self._history.call(lambda history: history.folders.move(ids, folder_id), moved)

    def _move_back(self, before: dict[int | None, list[int]]) -> None:
        def work(history: History) -> None:
            for folder_id, ids in before.items():
                history.folders.move(ids, folder_id)

        self._history.call(work, lambda _: self.refresh())

    def archive(self, ids: list[int], archived: bool) -> None:
        """Put conversations into the archive, or take them out of it."""
        words = self.tr("Archived") if archived else self.tr("Taken out of the archive")

        def done(_: object) -> None:
            self.refresh()
            self._toast.say(words, self.tr("Undo"), partial(self._set_archived, ids, not archived))

        self._history.call(lambda history: history.set_archived(archived, *ids), done)

    def _set_archived(self, ids: list[int], archived: bool) -> None:
        self._history.call(lambda history: history.set_archived(archived, *ids), lambda _: self.refresh())

    # Folders

    def create_folder(self, ids: list[int]) -> None:
        """A new folder with these conversations in it; its name is edited in the list."""
        name = self.tr("New folder")

        def created(folder_id: int) -> None:
            self._edits_folder = folder_id
            if self._sidebar.search.text():
                self._sidebar.search.clear()
            self._sidebar.go_to(Scope.TOP)
            self.refresh()

        self._history.call(partial(_create_folder, name, ids), created)

    def rename_folder(self, folder_id: int, name: str) -> None:
        """Give a folder another name."""
        # Also where that is refused: the list shows the name that it has.
        self._history.call(
            lambda history: history.folders.rename(folder_id, name),
            lambda _: self.refresh(),
            lambda _: self.refresh(),
        )

    def delete_folder(self, folder_id: int) -> None:
        """Delete a folder; its conversations are in the list again."""

        def work(history: History) -> tuple[str, list[int]]:
            name = next(one.name for one in history.folders.all() if one.id == folder_id)
            return name, history.folders.delete(folder_id)

        def deleted(result: tuple[str, list[int]]) -> None:
            self.refresh()
            again = partial(self._create_again, *result)
            self._toast.say(self.tr("Folder {0} deleted").format(result[0]), self.tr("Undo"), again)

        self._history.call(work, deleted)

    def _create_again(self, name: str, ids: list[int]) -> None:
        self._history.call(partial(_create_folder, name, ids), lambda _: self.refresh())


def _listing(search: str, scope: Scope | int, most: int, history: History) -> Listing:
    folders = history.folders.all()
    if isinstance(scope, int) and all(one.id != scope for one in folders):
        scope = Scope.TOP
    where = Scope.EVERYWHERE if scope is Scope.TOP and search.strip() else scope
    found = history.conversations(search, most, where)
    return Listing(found, scope, search, folders, history.folders.count_archived())


def _create_folder(name: str, ids: list[int], history: History) -> int:
    taken = {folded(one.name) for one in history.folders.all()}
    number, free = 1, name
    while folded(free) in taken:
        number += 1
        free = f"{name} {number}"
    made = history.folders.create(free)
    history.folders.move(ids, made)
    return made
