"""The rows of the list of conversations: headings of days, the way into folders and back, and conversations."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_vlm.history.folders import Scope
from desktop_vlm.history.records import ConversationSummary, Folder
from desktop_vlm.history.snippets import marked
from desktop_vlm.system.bounded.json_text import parse_json
from desktop_vlm.ui.plural import plural
from desktop_vlm.ui.window.conversation_row import ELSEWHERE, FOUND_TITLE, STATE, SUMMARY, Heading, Index, ScopeRow
from desktop_vlm.ui.window.row_state import Work

CONVERSATIONS_MIME = "application/x-desktop-vlm-conversations"
"""Of conversations that are dragged: their ids as JSON."""

_Row = Heading | ScopeRow | ConversationSummary


@dataclass(frozen=True)
class Listing:
    """What the list shows.

    Attributes:
        conversations: in their order.
        scope: where they are.
        search: what was looked for; "" for nothing.
        folders: all there are.
        archived: how many conversations are in the archive.
    """

    conversations: Sequence[ConversationSummary] = ()
    scope: Scope | int = Scope.TOP
    search: str = ""
    folders: Sequence[Folder] = field(default=())
    archived: int = 0

    @property
    def is_search(self) -> bool:
        return bool(self.search.strip())

    def folder_name(self, folder_id: int | None) -> str:
        """The name of a folder; "" for one that is gone, or none."""
        return next((one.name for one in self.folders if one.id == folder_id), "")


class ConversationModel(QAbstractListModel):
    """Rows of a `Listing`.

    Signals:
        renamed: id of a conversation and its new title.
        folder_renamed: id of a folder and its new name.
    """

    renamed = Signal(int, str)
    folder_renamed = Signal(int, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self.listing = Listing()
        self._work = Work()

    def show(self, listing: Listing) -> None:
        """Show this; what a search found is without headings of days."""
        self.beginResetModel()
        self.listing = listing
        found = listing.conversations
        self._rows = [*self._ways(listing), *(found if listing.is_search else self._grouped(found))]
        self.endResetModel()

    def show_work(self, work: Work) -> None:
        """Say what is answered and what waits."""
        if work != self._work:
            self._work = work
            self.dataChanged.emit(self.index(0), self.index(max(0, len(self._rows) - 1)))

    def row_of(self, conversation_id: int | None) -> int | None:
        """The row of a conversation, if it is listed."""
        for number, row in enumerate(self._rows):
            if isinstance(row, ConversationSummary) and row.id == conversation_id:
                return number
        return None

    def row_like(self, row: ConversationSummary | ScopeRow | None) -> int | None:
        """Where what a row shows is now, if it is listed."""
        return self.row_of_scope(row.scope) if isinstance(row, ScopeRow) else self.row_of(row.id if row else None)

    def row_of_scope(self, scope: Scope | int) -> int | None:
        """The row that leads to a scope, if there is one."""
        rows = enumerate(self._rows)
        return next((number for number, row in rows if isinstance(row, ScopeRow) and row.scope == scope), None)

    def ids(self) -> list[int]:
        """Conversations in the order of the list."""
        return [row.id for row in self._rows if isinstance(row, ConversationSummary)]

    def _ways(self, listing: Listing) -> list[_Row]:
        """Back to the list, or from there into the folders and the archive."""
        archive = self.tr("Archive")
        if listing.scope is not Scope.TOP:
            is_archive = isinstance(listing.scope, Scope)
            name = archive if is_archive else listing.folder_name(listing.scope)  # type: ignore[arg-type] # else an id
            return [ScopeRow(Scope.TOP, name, is_back=True)]
        if listing.is_search:
            return []
        rows: list[_Row] = [ScopeRow(folder.id, folder.name, folder.count) for folder in listing.folders]
        if listing.archived:
            rows.append(ScopeRow(Scope.ARCHIVE, archive, listing.archived))
        return rows

    def _grouped(self, conversations: Sequence[ConversationSummary]) -> list[_Row]:
        rows: list[_Row] = []
        last, pinned, days = "", self.tr("Pinned"), self._days()
        for conversation in conversations:
            seconds = conversation.updated_at
            name = pinned if conversation.pinned else next((name for since, name in days if seconds >= since), "")
            name = name or f"{datetime.fromtimestamp(seconds).astimezone():%B %Y}"
            if name != last:
                rows.append(Heading(name))
                last = name
            rows.append(conversation)
        return rows

    def _days(self) -> list[tuple[float, str]]:
        """The latest days: since when, in seconds as `time.time` counts them, and what they are called."""
        names = (
            (0, self.tr("Today")),
            (1, self.tr("Yesterday")),
            (6, self.tr("Last 7 days")),
            (29, self.tr("Last 30 days")),
        )
        midnight = datetime.combine(date.today(), time())
        return [((midnight - timedelta(days=ago)).timestamp(), name) for ago, name in names]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role == SUMMARY:
            return row
        if isinstance(row, Heading):
            return row.text if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole} else None
        if isinstance(row, ScopeRow):
            return self._scope_data(row, role)
        return self._conversation_data(row, role)

    def _conversation_data(self, row: ConversationSummary, role: int) -> object:
        title = row.title or self.tr("New conversation")
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return title
        if role in {ELSEWHERE, FOUND_TITLE}:
            return self._elsewhere(row) if role == ELSEWHERE else marked(row.title, self.listing.search.split())
        state = self._work.state_of(row)
        if role == STATE:
            return state
        notes = [*([state.words] if state else []), *self._notes(row)]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join([title, *notes])
        if role == Qt.ItemDataRole.ToolTipRole:
            when = f"{datetime.fromtimestamp(row.updated_at).astimezone():%x %H:%M}"
            return f"{title}\n{', '.join([when, *notes])}"
        return None

    def _notes(self, row: ConversationSummary) -> list[str]:
        """What else there is to say about a conversation."""
        notes = [self.tr("found in a picture")] if row.hit_picture else []
        if self.listing.is_search and self.listing.scope is Scope.TOP:
            folder = self.listing.folder_name(row.folder_id)
            notes += [self.tr("in the folder {0}").format(folder)] if folder else []
            notes += [self.tr("in the archive")] if row.archived else []
        return notes

    def _elsewhere(self, row: ConversationSummary) -> str:
        if not (self.listing.is_search and self.listing.scope is Scope.TOP):
            return ""
        return "archive" if row.archived else "folder" if row.folder_id is not None else ""

    def _scope_data(self, row: ScopeRow, role: int) -> object:
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if row.is_back:
                return self.tr("{0}, back to all conversations").format(row.name)
            count = plural("ConversationModel", row.count, "1 conversation", "{n} conversations")
            return f"{self.tr('Folder')} {row.name}, {count}" if isinstance(row.scope, int) else f"{row.name}, {count}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tr("Back to all conversations (Backspace)") if row.is_back else row.name
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self._rows[index.row()]
        if isinstance(row, Heading):
            return Qt.ItemFlag.NoItemFlags
        shown = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if isinstance(row, ScopeRow):
            shown |= Qt.ItemFlag.ItemIsDropEnabled
            return shown | Qt.ItemFlag.ItemIsEditable if isinstance(row.scope, int) else shown
        return shown | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self._rows[index.row()]
        text = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or isinstance(row, Heading) or not text:
            return False
        if isinstance(row, ScopeRow):
            if isinstance(row.scope, int) and text != row.name:
                self.folder_renamed.emit(row.scope, text)
        elif text != row.title:
            self.renamed.emit(row.id, text)
        return True

    def mimeTypes(self) -> list[str]:
        return [CONVERSATIONS_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        rows = [self._rows[index.row()] for index in indexes]
        made = QMimeData()
        made.setData(
            CONVERSATIONS_MIME, json.dumps([row.id for row in rows if isinstance(row, ConversationSummary)]).encode()
        )
        return made


def dragged_ids(mime: QMimeData) -> list[int]:
    """The conversations that are dragged; none where it is something else."""
    try:
        found = parse_json(bytes(mime.data(CONVERSATIONS_MIME).data()))
    except ValueError:
        return []
    return [one for one in found if isinstance(one, int)] if isinstance(found, list) else []
