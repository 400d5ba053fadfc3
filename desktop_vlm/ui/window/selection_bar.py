"""What can be done with several conversations at once, below the list while they are selected."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from desktop_vlm.ui.theme import Theme, set_kind


class SelectionBar(QFrame):
    """How many are selected, and buttons.

    Signals:
        move_requested: the button was pressed, below which a menu is expected; carries it.
        archive_requested, export_requested, delete_requested, cleared: as they say.
    """

    move_requested = Signal(object)
    archive_requested = Signal()
    export_requested = Signal()
    delete_requested = Signal()
    cleared = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "card")
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 4, 4)
        row.setSpacing(0)
        self.count = _Count()
        row.addWidget(self.count, 1)
        self._buttons: list[tuple[QToolButton, str, str]] = []
        self.folder = self._button("folder-input", self.tr("Move to a folder"))
        self.archive = self._button("archive", self.tr("Archive"))
        self.export = self._button("download", self.tr("Export"))
        self.delete = self._button("trash", self.tr("Delete (Del)"), "danger")
        self.clear = self._button("x", self.tr("Select none"))
        self.folder.clicked.connect(lambda: self.move_requested.emit(self.folder))
        self.archive.clicked.connect(self.archive_requested)
        self.export.clicked.connect(self.export_requested)
        self.delete.clicked.connect(self.delete_requested)
        self.clear.clicked.connect(self.cleared)
        theme.changed.connect(self._take_icons)
        self._take_icons()
        self.hide()

    def show_count(self, count: int, *, all_archived: bool) -> None:
        """Show so many; 0 hides the bar."""
        self.setVisible(count > 0)
        self.count.show_words(self.tr("{0} selected").format(count), str(count))
        words = self.tr("Out of the archive") if all_archived else self.tr("Archive")
        self.archive.setToolTip(words)
        self.archive.setAccessibleName(words)

    def _button(self, icon: str, words: str, tone: str = "muted") -> QToolButton:
        button = QToolButton()
        button.setProperty("small", True)
        button.setToolTip(words)
        button.setAccessibleName(words.split(" (", maxsplit=1)[0])
        self.layout().addWidget(button)  # type: ignore[union-attr] # it was made with one
        self._buttons.append((button, icon, tone))
        return button

    def _take_icons(self) -> None:
        for button, icon, tone in self._buttons:
            button.setIcon(self._theme.icon(icon, tone))


class _Count(QLabel):
    """Words, or the number alone where there is no room for them; the rest is in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._words = self._number = ""

    def show_words(self, words: str, number: str) -> None:
        self._words, self._number = words, number
        self.setAccessibleName(words)
        self._fit()

    def _fit(self) -> None:
        fits = self.fontMetrics().horizontalAdvance(self._words) <= self.width()
        self.setText(self._words if fits else self._number)
        self.setToolTip("" if fits else self._words)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._number), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
