"""What lies beside the capture button: the last captures, and what can be done with their regions."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop_vlm.ui.captures.strip import CaptureStrip
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.cards import text_label
from desktop_vlm.ui.widgets.fitting import fix_width
from desktop_vlm.ui.widgets.menu import round_corners
from desktop_vlm.ui.widgets.on_screen import moved_inside

_WIDTH_PX = 520
_TALLEST_STRIP_PX = 260


class CapturesPopup(QFrame):
    """Goes away when something else is clicked, with Escape, or when something was chosen.

    Attributes:
        strip: the captures.
        again, watch, clear: its buttons.

    Signals:
        again_requested: the last region shall be captured again.
        watch_requested: a region shall be watched.
    """

    again_requested = Signal()
    watch_requested = Signal()

    def __init__(self, theme: Theme, strip: CaptureStrip, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        set_kind(self, "popup")
        self.setAccessibleName(self.tr("Recent captures"))
        self._theme = theme
        self.strip = strip
        set_kind(strip, "clear")
        self._title = text_label(self.tr("Recent captures"), "row-title")
        self._note = text_label("", "caption")
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(strip)
        self.again = self._button(self.tr("Same region again"), self.again_requested.emit)
        self.again.setToolTip(self.tr("Capture the last region once more (Ctrl+Shift+R)"))
        self.watch = self._button(self.tr("Watch a region\u2026"), self.watch_requested.emit)
        self.watch.setToolTip(self.tr("Ask the same question whenever it changes"))
        self.clear = self._button(self.tr("Clear all"), strip.cleared.emit)
        set_kind(self.clear, "quiet")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.again)
        row.addWidget(self.watch)
        row.addStretch(1)
        row.addWidget(self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        for widget in (self._title, self._note, self._scroll):
            column.addWidget(widget)
        column.addLayout(row)
        for chosen in (strip.asked, strip.viewed, strip.again_asked, strip.watch_asked, strip.picture_entry_chosen):
            chosen.connect(self.close)

    def open_above(self, button: QWidget, note: str, *, can_repeat: bool) -> None:
        """Show it above a button.

        Args:
            button: what it belongs to.
            note: how long captures are kept.
            can_repeat: whether there is a region to capture again.
        """
        self._note.setText(note)
        self.again.setEnabled(can_repeat)
        self.strip.refresh()
        self._fit()
        corner = button.mapToGlobal(QPoint(0, 0)) - QPoint(6, self.height() + 6)
        self.move(moved_inside(QRect(corner, self.size()), button.screen().availableGeometry()).topLeft())
        self.show()
        (self.strip.thumbnail(0) if self.strip.pictures else self.watch).setFocus()

    def _fit(self) -> None:
        self.setMinimumWidth(0)
        fix_width(self, _WIDTH_PX)
        width, has_some = self.minimumWidth(), bool(self.strip.pictures)
        self._scroll.setVisible(has_some)
        self.clear.setVisible(has_some)
        if has_some:
            height = self.strip.heightForWidth(width - 40)
            self._scroll.setFixedHeight(min(height, _TALLEST_STRIP_PX))
        self.resize(QSize(width, self.sizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_corners(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _button(self, words: str, do: object) -> QPushButton:
        button = QPushButton(words)
        button.clicked.connect(lambda _=False: self._do(do))
        return button

    def _do(self, do: object) -> None:
        self.close()
        do()  # type: ignore[operator]  # a signal's emit
