"""The list of conversations under mouse and keyboard: choosing one or several, dragging them into folders."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView

from desktop_vlm.history.folders import Scope
from desktop_vlm.history.records import ConversationSummary
from desktop_vlm.ui.widgets.escape import Claim
from desktop_vlm.ui.window.conversation_model import CONVERSATIONS_MIME, ConversationModel, dragged_ids
from desktop_vlm.ui.window.conversation_row import SUMMARY, ScopeRow

_SEVERAL = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class ConversationListView(QListView):
    """A click opens; with Ctrl or Shift it selects, for what is done with several at once.

    Attributes:
        drop_row: the row that something is dragged over, -1 for none.

    Signals:
        chosen: a `ConversationSummary`.
        scope_chosen: a `ScopeRow`.
        menu_requested: what was clicked (a row, or None), and where on the screen.
        delete_requested: ids of conversations.
        folder_delete_requested: id of a folder.
        dropped: ids of conversations, and the `ScopeRow` that they were dropped on.
        clear_requested: several that are selected shall be so no longer.
        several_selected: how many conversations are selected; 0 where it is one or none.
    """

    chosen = Signal(object)
    scope_chosen = Signal(object)
    menu_requested = Signal(object, QPoint)
    delete_requested = Signal(object)
    folder_delete_requested = Signal(int)
    dropped = Signal(object, object)
    clear_requested = Signal()
    several_selected = Signal(int)

    def __init__(self, model: ConversationModel) -> None:
        super().__init__()
        self.drop_row = -1
        self._model = model
        self.setModel(model)
        self.setAccessibleName(self.tr("Conversations"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.clicked.connect(self._clicked)
        for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            signal.connect(self._take_tab)
        self._take_tab()

    def _take_tab(self, *_what: object) -> None:
        """An empty list has nothing that could show the focus: Tab goes past it."""
        policy = Qt.FocusPolicy.StrongFocus if self._model.rowCount() else Qt.FocusPolicy.ClickFocus
        self.setFocusPolicy(policy)

    # What is selected

    def selected(self) -> list[ConversationSummary]:
        """The conversations that are selected, in the order of the list."""
        rows = [index.data(SUMMARY) for index in sorted(self.selectedIndexes(), key=QModelIndex.row)]
        return [row for row in rows if isinstance(row, ConversationSummary)]

    def select_several(self, ids: list[int]) -> None:
        """Select those of these conversations that are listed, beside what is current."""
        rows = [row for row in map(self._model.row_of, ids) if row is not None]
        selection = QItemSelection()
        for row in rows:
            selection.select(self._model.index(row), self._model.index(row))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.tell_selected()

    def tell_selected(self) -> None:
        """Say how many are selected; to be called after the rows became others, too."""
        count = len(self.selected())
        self.several_selected.emit(count if count > 1 else 0)

    def move_to(self, move: QAbstractItemView.CursorAction) -> ConversationSummary | ScopeRow | None:
        """Make another row the current one, as the keys do; what it shows."""
        index = self.moveCursor(move, Qt.KeyboardModifier.NoModifier)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
        row = self.currentIndex().data(SUMMARY)
        return row if isinstance(row, ConversationSummary | ScopeRow) else None

    # Mouse and keyboard

    def claim_escape(self) -> Claim:
        """First several that are selected are let go."""
        if len(self.selected()) > 1:
            self.clear_requested.emit()
            return Claim.DONE
        return Claim.LEAVE

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().data(SUMMARY)
        if event.key() == Qt.Key.Key_Backspace and self._model.listing.scope is not Scope.TOP:
            self.scope_chosen.emit(ScopeRow(Scope.TOP, "", is_back=True))
        elif row is not None and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._choose(row)
        elif row is not None and event.key() == Qt.Key.Key_Delete:
            self._delete(row)
        elif row is not None and event.key() == Qt.Key.Key_Menu:
            self._menu(self.visualRect(self.currentIndex()).center())
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.doItemsLayout()

    def _clicked(self, index: QModelIndex) -> None:
        if not QApplication.keyboardModifiers() & _SEVERAL:
            self._choose(index.data(SUMMARY))

    def _choose(self, row: object) -> None:
        if isinstance(row, ConversationSummary):
            self.chosen.emit(row)
        elif isinstance(row, ScopeRow):
            self.scope_chosen.emit(row)

    def _delete(self, row: object) -> None:
        if isinstance(row, ScopeRow):
            if isinstance(row.scope, int):
                self.folder_delete_requested.emit(row.scope)
        else:
            self.delete_requested.emit([one.id for one in self.selected()])

    def _menu(self, place: QPoint) -> None:
        self.menu_requested.emit(self.indexAt(place).data(SUMMARY), self.viewport().mapToGlobal(place))

    # Dragging

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(CONVERSATIONS_MIME):
            super().dragEnterEvent(event)
            event.acceptProposedAction()
        else:
            event.ignore()  # files are the window's

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)  # scrolls at the edges
        index = self.indexAt(event.position().toPoint())
        self._show_drop(index.row() if isinstance(index.data(SUMMARY), ScopeRow) else -1)
        event.setAccepted(self.drop_row >= 0)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._show_drop(-1)

    def dropEvent(self, event: QDropEvent) -> None:
        row = self.indexAt(event.position().toPoint()).data(SUMMARY)
        ids = dragged_ids(event.mimeData())
        self._show_drop(-1)
        if ids and isinstance(row, ScopeRow):
            event.setDropAction(Qt.DropAction.CopyAction)  # moved by the history, not by removing rows
            event.accept()
            self.dropped.emit(ids, row)
        else:
            event.ignore()

    def _show_drop(self, row: int) -> None:
        if row != self.drop_row:
            self.drop_row = row
            self.viewport().update()
