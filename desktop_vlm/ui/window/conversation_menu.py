"""What can be done with conversations and folders, as menus; the same for one conversation and for several."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop_vlm.history.folders import Scope
from desktop_vlm.history.records import ConversationSummary, Folder
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.menu import Menu
from desktop_vlm.ui.window.conversation_row import ScopeRow


class ConversationMenus(QObject):
    """Makes the menus, and says what was chosen.

    Signals:
        rename_requested: id of a conversation.
        folder_rename_requested, folder_delete_requested: id of a folder.
        folder_requested: a new folder for these conversations, which may be none.
        pinned: id, and whether it shall be pinned.
        own_requested: id of a conversation, the settings of which are requested.
        moved: ids, and the folder or None for the top of the list.
        archived: ids, and whether they go into the archive.
        delete_requested, export_requested: ids.
    """

    rename_requested = Signal(int)
    folder_rename_requested = Signal(int)
    folder_delete_requested = Signal(int)
    folder_requested = Signal(object)
    pinned = Signal(int, bool)
    own_requested = Signal(int)
    moved = Signal(object, object)
    archived = Signal(object, bool)
    delete_requested = Signal(object)
    export_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parent = parent

    def of_conversations(self, rows: Sequence[ConversationSummary], folders: Sequence[Folder]) -> QMenu:
        """For one conversation, or for several that are selected; deleted once it is closed."""
        menu = self._menu()
        ids = [row.id for row in rows]
        icon = self._theme.icon
        if len(rows) == 1:
            row = rows[0]
            menu.addAction(icon("pencil"), self.tr("Rename"), lambda: self.rename_requested.emit(row.id))
            pin = icon("pin-off" if row.pinned else "pin")
            words = self.tr("Unpin") if row.pinned else self.tr("Pin")
            menu.addAction(pin, words, lambda: self.pinned.emit(row.id, not row.pinned))
            words = self.tr("Instructions and sampling…")
            menu.addAction(icon("sliders-horizontal"), words, lambda: self.own_requested.emit(row.id))
        menu.addMenu(self.of_folders(rows, folders, menu))
        self._add_archive(menu, rows)
        menu.addAction(icon("download"), self.tr("Export…"), lambda: self.export_requested.emit(ids))
        menu.addSeparator()
        menu.addAction(icon("trash", "danger"), self.tr("Delete"), lambda: self.delete_requested.emit(ids))
        return menu

    def of_folders(self, rows: Sequence[ConversationSummary], folders: Sequence[Folder], parent: QWidget) -> QMenu:
        """Where conversations can be moved to."""
        menu = Menu(self.tr("Move to"), parent)
        menu.setIcon(self._theme.icon("folder-input"))
        ids, now = [row.id for row in rows], {row.folder_id for row in rows}
        for folder in folders:
            entry = menu.addAction(
                self._theme.icon("folder"), folder.name.replace("&", "&&"), self._mover(ids, folder.id)
            )
            entry.setEnabled(now != {folder.id})
        if now != {None}:
            menu.addAction(self._theme.icon("folder-output"), self.tr("Out of the folder"), self._mover(ids, None))
        if folders or now != {None}:
            menu.addSeparator()
        menu.addAction(self._theme.icon("folder-plus"), self.tr("New folder…"), lambda: self.folder_requested.emit(ids))
        return menu

    def of_scope(self, row: ScopeRow | None) -> QMenu:
        """For a folder; or, where nothing is, for the list itself."""
        menu = self._menu()
        folder = row.scope if row is not None and isinstance(row.scope, int) else None
        if folder is not None:
            icon = self._theme.icon
            menu.addAction(icon("pencil"), self.tr("Rename"), lambda: self.folder_rename_requested.emit(folder))
            words = self.tr("Delete the folder, keep its conversations")
            menu.addAction(icon("trash", "danger"), words, lambda: self.folder_delete_requested.emit(folder))
            menu.addSeparator()
        menu.addAction(self._theme.icon("folder-plus"), self.tr("New folder…"), lambda: self.folder_requested.emit([]))
        return menu

    def drop(self, ids: Sequence[int], row: ScopeRow) -> None:
        """Do what dropping conversations on a row means."""
        if row.scope is Scope.ARCHIVE:
            self.archived.emit(list(ids), True)
        else:
            self.moved.emit(list(ids), row.scope if isinstance(row.scope, int) else None)

    def _add_archive(self, menu: QMenu, rows: Sequence[ConversationSummary]) -> None:
        ids = [row.id for row in rows]
        goes = not all(row.archived for row in rows)
        icon = self._theme.icon("archive" if goes else "archive-restore")
        words = self.tr("Archive") if goes else self.tr("Out of the archive")
        menu.addAction(icon, words, lambda: self.archived.emit(ids, goes))

    def _mover(self, ids: list[int], folder: int | None) -> Callable[[], None]:
        return lambda: self.moved.emit(ids, folder)

    def _menu(self) -> QMenu:
        menu = Menu(self._parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu
