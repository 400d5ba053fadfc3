"""The conversations at the left: searched, in folders, renamed in place, one or several at once."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_vlm.history.folders import Scope
from desktop_vlm.history.records import ConversationSummary
from desktop_vlm.ui.plural import plural
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.window.conversation_menu import ConversationMenus
from desktop_vlm.ui.window.conversation_model import ConversationModel, Listing
from desktop_vlm.ui.window.conversation_row import SUMMARY, ConversationRow, ScopeRow
from desktop_vlm.ui.window.conversation_search import ConversationSearch
from desktop_vlm.ui.window.conversation_view import ConversationListView
from desktop_vlm.ui.window.row_state import Work
from desktop_vlm.ui.window.selection_bar import SelectionBar

_LEAST_PX, _LEAST = 200, 13  # the latter in text sizes


class Sidebar(QWidget):
    """Conversations, a search, and the way to the settings.

    Signals:
        new_requested, settings_requested: a button was pressed.
        chosen: a conversation was chosen; its id.
        found: a conversation was chosen for what a search found in it; its `ConversationSummary`.
        searched: the text of the search changed.
        renamed, folder_renamed: id, and new title or name.
        scope_changed: other conversations shall be listed.

    Attributes:
        menus: what can be done with rows, and what was chosen there; keys, buttons and drops come from there, too.
        scope: what is to be listed.
        selection: the bar that is shown while several are selected.
    """

    new_requested = Signal()
    settings_requested = Signal()
    chosen = Signal(int)
    found = Signal(object)
    searched = Signal(str)
    renamed = Signal(int, str)
    folder_renamed = Signal(int, str)
    scope_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._listed_for = ""
        self._moved_to: ConversationSummary | ScopeRow | None = None  # by the keyboard, from the search
        self._current: int | None = None
        self.scope: Scope | int = Scope.TOP
        self._opens_first = False  # as soon as the search has found something
        self.setProperty("kind", "sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 10)
        column.setSpacing(8)
        head = QHBoxLayout()
        name = QLabel(self.tr("Desktop VLM"))
        name.setProperty("kind", "heading")
        self._new = QToolButton()
        self._new.setAccessibleName(self.tr("New conversation"))
        self._new.setToolTip(self.tr("New conversation (Ctrl+N)"))
        self._new.clicked.connect(self.new_requested)
        head.addSpacing(8)
        head.addWidget(name)
        head.addStretch(1)
        head.addWidget(self._new)
        column.addLayout(head)

        self.search = ConversationSearch(theme)
        self.search.textChanged.connect(self._search_changed)
        self.search.moved.connect(self._move)
        self.search.entered.connect(self._enter)
        column.addWidget(self.search)
        self._count = _count_label()
        column.addWidget(self._count)

        self._nothing = QLabel()
        self._nothing.setProperty("kind", "caption")
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._nothing)

        self._add_list(column)
        self._settings = QPushButton(" " + self.tr("Settings"))
        self._settings.setProperty("kind", "quiet")
        self._settings.setStyleSheet("text-align: left;")
        self._settings.clicked.connect(self.settings_requested)
        column.addWidget(self._settings)
        theme.changed.connect(self._take_icons)
        self._take_icons()

    def _add_list(self, column: QVBoxLayout) -> None:
        self._model = ConversationModel(self)
        self._model.renamed.connect(self.renamed)
        self._model.folder_renamed.connect(self.folder_renamed)
        self.menus = ConversationMenus(self._theme, self)
        self.menus.rename_requested.connect(self.rename)
        self.menus.folder_rename_requested.connect(self.rename_folder)
        self.list = ConversationListView(self._model)
        self.list.setItemDelegate(ConversationRow(self._theme, self.list))
        self.list.chosen.connect(self._choose)
        self.list.scope_chosen.connect(lambda row: self.go_to(row.scope))
        self.list.menu_requested.connect(lambda row, place: self.make_menu(row).popup(place))
        self.list.delete_requested.connect(self.menus.delete_requested)
        self.list.folder_delete_requested.connect(self.menus.folder_delete_requested)
        self.list.dropped.connect(self.menus.drop)
        self.list.several_selected.connect(self._show_selected)
        self.list.clear_requested.connect(self.clear_selection)
        column.addWidget(self.list, 1)
        self.selection = SelectionBar(self._theme)
        self.selection.move_requested.connect(self._open_move_menu)
        self.selection.archive_requested.connect(self._archive_selected)
        self.selection.export_requested.connect(lambda: self.menus.export_requested.emit(self._selected_ids()))
        self.selection.delete_requested.connect(lambda: self.menus.delete_requested.emit(self._selected_ids()))
        self.selection.cleared.connect(self.clear_selection)
        column.addWidget(self.selection)

    def show_listing(self, listing: Listing, current: int | None) -> None:
        """Show the list, or what a search found, with the open conversation marked; several selected ones stay so."""
        conversations, found, search = listing.conversations, listing.is_search, listing.search
        is_same = search == self._listed_for and listing.scope == self._model.listing.scope
        stays = self.list.verticalScrollBar().value() if is_same and self._model.row_of(current) is not None else None
        self._listed_for, moved_to, selected = search, self._moved_to, self._selected_ids()
        self._model.show(listing)
        self.mark(current)
        if stays is not None:  # what was marked before is no reason to leave what somebody looks at
            self.list.verticalScrollBar().setValue(stays)
        row = self._model.row_like(moved_to)
        if row is not None:
            self._moved_to = moved_to
            self.list.setCurrentIndex(self._model.index(row))
        if len(selected) > 1:
            self.list.select_several(selected)
        self.list.tell_selected()
        self._count.setVisible(found and bool(conversations))
        self._count.setText(plural("Sidebar", len(conversations), "1 conversation found", "{n} conversations found"))
        self._nothing.setVisible(not conversations)
        self._nothing.setText(self.tr("Nothing found.") if found else self._words_for_nothing())
        if self._opens_first and search == self.search.text():
            self._enter()

    def show_work(self, work: Work) -> None:
        """Say which conversations are answered, and which wait."""
        self._model.show_work(work)

    def _words_for_nothing(self) -> str:
        if self.scope is Scope.TOP:
            return self.tr("Your conversations will appear here.")
        return self.tr("Nothing in here. Drag conversations onto the folder's name.")

    def mark(self, conversation_id: int | None) -> None:
        """Mark the open conversation, unless several are selected for something else."""
        self._moved_to, self._current = None, conversation_id
        if len(self.list.selected()) > 1:
            return
        row = self._model.row_of(conversation_id)
        if row is None:
            self.list.clearSelection()
            self.list.setCurrentIndex(QModelIndex())
        else:
            self.list.setCurrentIndex(self._model.index(row))

    def neighbour(self, conversation_id: int | None, step: int) -> int | None:
        """The conversation before or after another one in the list."""
        ids = self._model.ids()
        if not ids:
            return None
        if conversation_id not in ids:
            return ids[0]
        return ids[(ids.index(conversation_id) + step) % len(ids)]

    def rename(self, conversation_id: int) -> None:
        """Edit a title in place."""
        row = self._model.row_of(conversation_id)
        if row is not None:
            self.list.edit(self._model.index(row))

    def rename_folder(self, folder_id: int) -> None:
        """Edit a folder's name in place."""
        row = self._model.row_of_scope(folder_id)
        if row is not None:
            self.list.edit(self._model.index(row))

    def make_menu(self, row: ConversationSummary | ScopeRow | None) -> QMenu:
        """What can be done with a row, or with all that are selected where it is one of these."""
        if not isinstance(row, ConversationSummary):
            return self.menus.of_scope(row if isinstance(row, ScopeRow) and not row.is_back else None)
        selected = self.list.selected()
        rows = selected if row in selected else [row]
        return self.menus.of_conversations(rows, self._model.listing.folders)

    def go_to(self, scope: Scope | int) -> None:
        """Have what is elsewhere listed."""
        if scope != self.scope:
            self.scope = scope
            self.search.setPlaceholderText(
                self.tr("Search conversations") if scope is Scope.TOP else self.tr("Search in here")
            )
            self.scope_changed.emit()

    def clear_selection(self) -> None:
        """Only the open conversation is marked."""
        self.list.clearSelection()
        self.mark(self._current)

    def _show_selected(self, count: int) -> None:
        rows = self.list.selected()
        self.selection.show_count(count, all_archived=bool(rows) and all(row.archived for row in rows))

    def _open_move_menu(self, button: QWidget) -> None:
        menu = self.menus.of_folders(self.list.selected(), self._model.listing.folders, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _archive_selected(self) -> None:
        rows = self.list.selected()
        self.menus.archived.emit([row.id for row in rows], not all(row.archived for row in rows))

    def _selected_ids(self) -> list[int]:
        return [row.id for row in self.list.selected()]

    def _search_changed(self, text: str) -> None:
        self._moved_to, self._opens_first = None, False
        self.searched.emit(text)

    def _move(self, move: QAbstractItemView.CursorAction) -> None:
        self._moved_to = self.list.move_to(move)

    def _enter(self) -> None:
        """Open the row that was moved to, or else the first; what was typed last may still be looked for."""
        self._opens_first = self._listed_for != self.search.text()
        ids = self._model.ids()
        if self._opens_first or not ids:
            return
        first = self._model.row_of(ids[0])
        number = self._model.row_like(self._moved_to)
        row = self._model.index(first or 0 if number is None else number).data(SUMMARY)
        self._moved_to = None
        if isinstance(row, ScopeRow):
            self.go_to(row.scope)
        else:
            self._choose(row)

    def _choose(self, row: ConversationSummary) -> None:
        if row.hit_message is None:
            self.chosen.emit(row.id)
        else:
            self.found.emit(row)

    def _take_icons(self) -> None:
        self.setMinimumWidth(max(_LEAST_PX, round(self._theme.text_px * _LEAST)))
        self._new.setIcon(self._theme.icon("square-pen", "text"))
        self._settings.setIcon(self._theme.icon("settings"))


def _count_label() -> QLabel:
    """How many conversations a search found; hidden without one."""
    made = QLabel()
    made.setProperty("kind", "muted")
    made.setWordWrap(True)
    made.setContentsMargins(10, 0, 0, 0)  # in line with the titles below
    made.hide()
    return made
