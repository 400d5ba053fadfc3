"""The list of conversations: searchable, grouped by day, renamed and pinned in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_vlm.history.records import ConversationSummary
from desktop_vlm.history.snippets import HIT_BEGIN, HIT_END
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint, safe_result

_Index = QModelIndex | QPersistentModelIndex
_SUMMARY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class _Heading:
    text: str


class ConversationModel(QAbstractListModel):
    """Rows of the list: headings and conversations."""

    renamed = Signal(int, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[_Heading | ConversationSummary] = []

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

    def _grouped(self, conversations: Sequence[ConversationSummary]) -> list[_Heading | ConversationSummary]:
        rows: list[_Heading | ConversationSummary] = []
        last = ""
        for conversation in conversations:
            name = self.tr("Pinned") if conversation.pinned else self._day(conversation.updated_at)
            if name != last:
                rows.append(_Heading(name))
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

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role == _SUMMARY:
            return row
        if isinstance(row, _Heading):
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

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if isinstance(self._rows[index.row()], _Heading):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self._rows[index.row()]
        title = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or isinstance(row, _Heading) or not title:
            return False
        if title != row.title:
            self.renamed.emit(row.id, title)
        return True


class _Delegate(QStyledItemDelegate):
    """Draws headings, titles, and below a title what a search found."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme

    @safe_result(lambda: QSize(100, 35))
    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        row = index.data(_SUMMARY)
        px = self._theme.text_px
        if isinstance(row, _Heading):
            return QSize(100, round(px * 2.3))
        return QSize(100, round(px * (3.9 if _is_hit(row) else 2.5)))

    @safe_paint
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = index.data(_SUMMARY)
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if isinstance(row, _Heading):
                self._paint_heading(painter, option.rect, row)
            else:
                self._paint_conversation(painter, option.rect, option, row)
        finally:  # the painter is the list's own, and goes on to the next row
            painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRect, row: _Heading) -> None:
        painter.setPen(self._theme.color("faint"))
        painter.setFont(self._theme.font(0.82, QFont.Weight.DemiBold))
        where = rect.adjusted(10, 0, -8, -4)
        painter.drawText(where, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), row.text)

    def _paint_conversation(
        self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, row: ConversationSummary
    ) -> None:
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        box = rect.adjusted(0, 1, 0, -1)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent_soft" if selected else "hover"))
            painter.drawRoundedRect(box, 8, 8)
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(self._theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 7, 7)
        inner = box.adjusted(10, 0, -10, 0)
        if row.pinned:
            self._theme.icon("pin", "faint").paint(painter, QRect(inner.right() - 13, inner.center().y() - 6, 13, 13))
            inner.setRight(inner.right() - 20)
        painter.setPen(self._theme.color("text"))
        painter.setFont(self._theme.font(0.95))
        metrics = painter.fontMetrics()
        title = row.title or self.tr("New conversation")
        line = metrics.elidedText(title, Qt.TextElideMode.ElideRight, inner.width())
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if not _is_hit(row):
            painter.drawText(inner, left, line)
            return
        half = inner.height() // 2
        painter.drawText(inner.adjusted(0, 3, 0, -half), left, line)
        below = inner.adjusted(0, half - 1, 0, -4)
        if row.hit_picture:
            side = round(self._theme.text_px * 0.95)
            place = QRect(below.left(), below.center().y() - side // 2 + 1, side, side)
            self._theme.icon("image", "muted").paint(painter, place)
            below.setLeft(place.right() + 6)
        self._paint_hit(painter, below, row.snippet)

    def _paint_hit(self, painter: QPainter, rect: QRect, snippet: str) -> None:
        """The line that was found, its hits in the colour of links; the first of them can always be seen."""
        parts = _parts(snippet)
        x = rect.left()
        for number, (text, hit) in enumerate(parts):
            painter.setFont(self._theme.font(0.84, QFont.Weight.DemiBold if hit else QFont.Weight.Normal))
            painter.setPen(self._theme.color("link" if hit else "muted"))
            metrics = painter.fontMetrics()
            room = rect.right() - x
            if room <= 8:
                return
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            if number == 0 and not hit and len(parts) > 1:
                first = metrics.horizontalAdvance(parts[1][0] + "…") * 6 // 5  # bold letters are wider
                shown = metrics.elidedText(text, Qt.TextElideMode.ElideLeft, max(room - first, room // 3))
            painter.drawText(QRect(x, rect.top(), room, rect.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)
            x += metrics.horizontalAdvance(shown)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: _Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName(self.tr("Title of the conversation"))
        return editor


def _parts(snippet: str) -> list[tuple[str, bool]]:
    """A snippet's parts that are not empty, and whether each is a hit."""
    found = []
    for part in snippet.replace("\n", " ").split(HIT_BEGIN):
        hit, mark, rest = part.partition(HIT_END)
        found += [(hit, True), (rest, False)] if mark else [(hit, False)]
    return [part for part in found if part[0]]


def _is_hit(row: ConversationSummary) -> bool:
    return HIT_BEGIN in row.snippet


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

        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search conversations"))
        self.search.setAccessibleName(self.tr("Search conversations"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.searched)
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
        self.list.setItemDelegate(_Delegate(theme, self.list))
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

    def show_conversations(self, conversations: Sequence[ConversationSummary], current: int | None) -> None:
        """Show the list, with the open conversation marked."""
        found = bool(self.search.text().strip())
        self._model.show_conversations(conversations, found=found)
        self.mark(current)
        self._count.setVisible(found and bool(conversations))
        one = self.tr("1 conversation found")
        self._count.setText(
            one if len(conversations) == 1 else self.tr("{0} conversations found").format(len(conversations))
        )
        self._nothing.setVisible(not conversations)
        self._nothing.setText(self.tr("Nothing found.") if found else self.tr("Your conversations will appear here."))

    def mark(self, conversation_id: int | None) -> None:
        """Mark the open conversation."""
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().data(_SUMMARY)
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
        row = index.data(_SUMMARY)
        if isinstance(row, ConversationSummary):
            self.chosen.emit(row)

    def _menu(self, place: QPoint) -> None:
        row = self.indexAt(place).data(_SUMMARY)
        if isinstance(row, ConversationSummary):
            self.menu_requested.emit(row, self.viewport().mapToGlobal(place))


def _count_label() -> QLabel:
    """How many conversations a search found; hidden without one."""
    made = QLabel()
    made.setProperty("kind", "muted")
    made.setContentsMargins(10, 0, 0, 0)  # in line with the titles below
    made.hide()
    return made
