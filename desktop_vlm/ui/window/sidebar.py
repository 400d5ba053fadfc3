"""The list of conversations: searchable, grouped by day, renamed and pinned in place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_vlm.history.records import ConversationSummary
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.escape import Claim
from desktop_vlm.ui.window.conversation_row import SUMMARY, ConversationRow, Heading, Index
from desktop_vlm.ui.window.conversation_search import ConversationSearch


class ConversationModel(QAbstractListModel):
    """Rows of the list: headings and conversations."""

    renamed = Signal(int, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[Heading | ConversationSummary] = []

    def show_conversations(self, conversations: Sequence[ConversationSummary], *, found: bool) -> None:
        """Show these; `found` by a search, so without headings of days."""
        self.beginResetModel()
        self._rows = list(conversations) if found else self._grouped(conversations)
        self.endResetModel()

    def row_of(self, conversation_id: int | None) -> int | None:
        """The row of a conversation, if it is listed."""
        for number, row in enumerate(self._rows):
            if isinstance(row, ConversationSummary) and row.id == conversation_id:
                return number
        return None

    def ids(self) -> list[int]:
        """Conversations in the order of the list."""
        return [row.id for row in self._rows if isinstance(row, ConversationSummary)]

    def _grouped(self, conversations: Sequence[ConversationSummary]) -> list[Heading | ConversationSummary]:
        rows: list[Heading | ConversationSummary] = []
        last = ""
        for conversation in conversations:
            name = self.tr("Pinned") if conversation.pinned else self._day(conversation.updated_at)
            if name != last:
                rows.append(Heading(name))
                last = name
            rows.append(conversation)
        return rows

    def _day(self, seconds: float) -> str:
        day, today = datetime.fromtimestamp(seconds).astimezone().date(), date.today()
        if day >= today:
            return self.tr("Today")
        if day == today - timedelta(days=1):
            return self.tr("Yesterday")
        if day > today - timedelta(days=7):
            return self.tr("Last 7 days")
        if day > today - timedelta(days=30):
            return self.tr("Last 30 days")
        return f"{day:%B %Y}"

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role == SUMMARY:
            return row
        if isinstance(row, Heading):
            return row.text if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole} else None
        title = row.title or self.tr("New conversation")
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return title
        where = self.tr("found in a picture") if row.hit_picture else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{title}, {where}" if where else title
        if role == Qt.ItemDataRole.ToolTipRole:
            when = f"{datetime.fromtimestamp(row.updated_at).astimezone():%x %H:%M}"
            return f"{title}\n{when}, {where}" if where else f"{title}\n{when}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self._rows[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self._rows[index.row()]
        title = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or isinstance(row, Heading) or not title:
            return False
        if title != row.title:
            self.renamed.emit(row.id, title)
        return True


class Sidebar(QWidget):
    """Conversations, a search, and the way to the settings.

    Signals:
        new_requested, settings_requested: a button was pressed.
        chosen: a conversation was chosen; its id.
        found: a conversation was chosen for what a search found in it; its `ConversationSummary`.
        searched: the text of the search changed.
        renamed: id and new title.
        pinned: id, and whether it shall be pinned.
        delete_requested, export_requested: id.
    """

    new_requested = Signal()
    settings_requested = Signal()
    chosen = Signal(int)
    found = Signal(object)
    searched = Signal(str)
    renamed = Signal(int, str)
    pinned = Signal(int, bool)
    delete_requested = Signal(int)
    export_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._listed_for = ""
        self._moved_to: int | None = None  # by the keyboard, from the search
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
        self._new.setIconSize(QSize(18, 18))
        self._new.clicked.connect(self.new_requested)
        head.addSpacing(8)
        head.addWidget(name)
        head.addStretch(1)
        head.addWidget(self._new)
        column.addLayout(head)

        self.search = ConversationSearch()
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

        self._model = ConversationModel(self)
        self._model.renamed.connect(self.renamed)
        self.list = _List(self._model)
        self.list.setItemDelegate(ConversationRow(theme, self.list))
        self.list.chosen.connect(self._choose)
        self.list.menu_requested.connect(lambda row, place: self.make_menu(row).popup(place))
        self.list.delete_requested.connect(self.delete_requested)
        column.addWidget(self.list, 1)
        self._settings = QPushButton(" " + self.tr("Settings"))
        self._settings.setProperty("kind", "quiet")
        self._settings.setStyleSheet("text-align: left;")
        self._settings.clicked.connect(self.settings_requested)
        column.addWidget(self._settings)
        theme.changed.connect(self._take_icons)
        self._take_icons()

    def show_conversations(
        self, conversations: Sequence[ConversationSummary], current: int | None, search: str = ""
    ) -> None:
        """Show the list, or what a search found, with the open conversation marked."""
        found = bool(search.strip())
        self._listed_for, moved_to = search, self._moved_to
        self._model.show_conversations(conversations, found=found)
        is_listed = self._model.row_of(moved_to) is not None
        self.mark(moved_to if is_listed else current)
        self._moved_to = moved_to if is_listed else None
        self._count.setVisible(found and bool(conversations))
        one = self.tr("1 conversation found")
        self._count.setText(
            one if len(conversations) == 1 else self.tr("{0} conversations found").format(len(conversations))
        )
        self._nothing.setVisible(not conversations)
        self._nothing.setText(self.tr("Nothing found.") if found else self.tr("Your conversations will appear here."))
        if self._opens_first and search == self.search.text():
            self._enter()

    def mark(self, conversation_id: int | None) -> None:
        """Mark the open conversation."""
        self._moved_to = None
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

    def make_menu(self, row: ConversationSummary) -> QMenu:
        """What can be done with a conversation; deleted once it is closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        icon = self._theme.icon
        menu.addAction(icon("pencil"), self.tr("Rename"), lambda: self.rename(row.id))
        if row.pinned:
            menu.addAction(icon("pin-off"), self.tr("Unpin"), lambda: self.pinned.emit(row.id, False))
        else:
            menu.addAction(icon("pin"), self.tr("Pin"), lambda: self.pinned.emit(row.id, True))
        menu.addAction(icon("download"), self.tr("Export…"), lambda: self.export_requested.emit(row.id))
        menu.addSeparator()
        menu.addAction(icon("trash", "danger"), self.tr("Delete"), lambda: self.delete_requested.emit(row.id))
        return menu

    def _search_changed(self, text: str) -> None:
        self._moved_to, self._opens_first = None, False
        self.searched.emit(text)

    def _move(self, move: QAbstractItemView.CursorAction) -> None:
        row = self.list.move_to(move)
        self._moved_to = row.id if row is not None else None

    def _enter(self) -> None:
        """Open the row that was moved to, or else the first; what was typed last may still be looked for."""
        self._opens_first = self._listed_for != self.search.text()
        ids = self._model.ids()
        if self._opens_first or not ids:
            return
        number = self._model.row_of(self._moved_to)
        index = self._model.index(self._model.row_of(ids[0]) or 0 if number is None else number)
        self._moved_to = None
        self._choose(index.data(SUMMARY))

    def _choose(self, row: ConversationSummary) -> None:
        if row.hit_message is None:
            self.chosen.emit(row.id)
        else:
            self.found.emit(row)

    def _take_icons(self) -> None:
        self._new.setIcon(self._theme.icon("square-pen", "text"))
        self._settings.setIcon(self._theme.icon("settings"))
        for action in self.search.actions():
            if action.objectName() == "magnifier":
                self.search.removeAction(action)
        magnifier = self.search.addAction(self._theme.icon("search", "faint"), QLineEdit.ActionPosition.LeadingPosition)
        magnifier.setObjectName("magnifier")


class _List(QListView):
    chosen = Signal(object)
    menu_requested = Signal(object, QPoint)
    delete_requested = Signal(int)

    def __init__(self, model: ConversationModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(self.tr("Conversations"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.clicked.connect(self._choose)

    def move_to(self, move: QAbstractItemView.CursorAction) -> ConversationSummary | None:
        """Make another row the current one, as the keys do; what it shows."""
        index = self.moveCursor(move, Qt.KeyboardModifier.NoModifier)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
        row = self.currentIndex().data(SUMMARY)
        return row if isinstance(row, ConversationSummary) else None

    def claim_escape(self) -> Claim:
        return Claim.LEAVE

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().data(SUMMARY)
        if isinstance(row, ConversationSummary):
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self.chosen.emit(row)
                return
            if event.key() == Qt.Key.Key_Delete:
                self.delete_requested.emit(row.id)
                return
            if event.key() == Qt.Key.Key_Menu:
                self._menu(self.visualRect(self.currentIndex()).center())
                return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.doItemsLayout()

    def _choose(self, index: QModelIndex) -> None:
        row = index.data(SUMMARY)
        if isinstance(row, ConversationSummary):
            self.chosen.emit(row)

    def _menu(self, place: QPoint) -> None:
        row = self.indexAt(place).data(SUMMARY)
        if isinstance(row, ConversationSummary):
            self.menu_requested.emit(row, self.viewport().mapToGlobal(place))


def _count_label() -> QLabel:
    """How many conversations a search found; hidden without one."""
    made = QLabel()
    made.setProperty("kind", "muted")
    made.setContentsMargins(10, 0, 0, 0)  # in line with the titles below
    made.hide()
    return made
