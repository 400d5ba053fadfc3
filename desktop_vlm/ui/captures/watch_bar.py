"""The regions that are watched, above the question: what each said last, and the button that ends it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout

from desktop_vlm.ui.captures.watch import Watch, WatchState
from desktop_vlm.ui.captures.watches import Watches
from desktop_vlm.ui.plural import plural
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.dot import Dot
from desktop_vlm.ui.widgets.elided_label import ElidedLabel

_TONES = {
    WatchState.ASKING: "accent",
    WatchState.FAILED: "danger",
    WatchState.BUSY: "warning",
    WatchState.COVERED: "warning",
    WatchState.ON_BATTERY: "warning",
    WatchState.LOCKED: "warning",
}


class WatchBar(QFrame):
    """There only while something is watched.

    Signals:
        shown: a Watch whose last picture is to be asked about here.
    """

    shown = Signal(object)

    def __init__(self, theme: Theme, watches: Watches) -> None:
        super().__init__()
        set_kind(self, "card")
        self.setAccessibleName(self.tr("Watched regions"))
        self._theme = theme
        self._watches = watches
        self.rows: list[WatchRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 6, 8, 6)
        self._column.setSpacing(2)
        watches.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        running = self._watches.watches
        for row in [row for row in self.rows if row.watch not in running]:
            self.rows.remove(row)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        known = [row.watch for row in self.rows]
        for watch in running:
            if watch not in known:
                row = WatchRow(self._theme, watch)
                row.stopped.connect(self._watches.stop)
                row.shown.connect(self.shown)
                self.rows.append(row)
                self._column.addWidget(row)
        self.setVisible(bool(self.rows))


class WatchRow(QFrame):
    """One watch.

    Attributes:
        watch: the watch.
        stop, show_here: its buttons.

    Signals:
        stopped: the watch is to end.
        shown: its last picture is to be asked about here.
    """

    stopped = Signal(object)
    shown = Signal(object)

    def __init__(self, theme: Theme, watch: Watch) -> None:
        super().__init__()
        set_kind(self, "clear")
        self.watch = watch
        self._theme = theme
        self._dot = Dot(theme)
        self._title = ElidedLabel()
        set_kind(self._title, "row-title")
        self._answer = ElidedLabel()
        self._status = QLabel()
        set_kind(self._status, "caption")
        self.show_here = self._button(self.tr("Ask about it here"))
        self.show_here.clicked.connect(lambda: self.shown.emit(watch))
        self.stop = self._button(self.tr("Stop watching: {0}").format(watch.plan.title))
        self.stop.clicked.connect(lambda: self.stopped.emit(watch))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._dot)
        row.addWidget(self._title, 2)
        row.addWidget(self._answer, 3)
        row.addWidget(self._status)
        row.addWidget(self.show_here)
        row.addWidget(self.stop)
        watch.changed.connect(self.refresh)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        watch = self.watch
        if watch.is_stopped:
            return
        status = self._words()
        answer = " ".join((watch.answer or "").split())
        self._dot.set_tone(_TONES.get(watch.state, "success"))
        self._title.setText(watch.plan.title)
        self._answer.setText(answer)
        self._answer.setVisible(bool(answer))  # its room is the title's
        self._status.setText(status)
        self._status.setToolTip(watch.error)
        self.show_here.setEnabled(watch.picture is not None)
        spoken = [watch.plan.title, answer, status, watch.error if watch.state is WatchState.FAILED else ""]
        self.setAccessibleName(", ".join(part for part in spoken if part))

    def _words(self) -> str:
        every = every_text(self.watch.plan.every_s)
        words = {
            WatchState.ASKING: self.tr("asking\u2026"),
            WatchState.BUSY: self.tr("waits for the model"),
            WatchState.COVERED: self.tr("waits: this window covers it"),
            WatchState.ON_BATTERY: self.tr("waits: on battery"),
            WatchState.LOCKED: self.tr("waits: the screen is locked"),
            WatchState.FAILED: self.tr("did not work; tries again"),
        }
        if self.watch.state in words:
            return words[self.watch.state]
        if not self.watch.answered_at:
            return every
        at = datetime.fromtimestamp(self.watch.answered_at).strftime("%H:%M")
        return f"{every} \u00b7 {at}"

    def _button(self, words: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("small", True)
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _restyle(self) -> None:
        self.show_here.setIcon(self._theme.icon("arrow-up", "muted"))
        self.stop.setIcon(self._theme.icon("x", "muted"))


def every_text(seconds: int) -> str:
    """How often a watch looks: in minutes where they are whole ones, so that nobody has to count."""
    if seconds % 3600 == 0:
        return plural("WatchRow", seconds // 3600, "every hour", "every {n} hours")
    if seconds % 60 == 0:
        return plural("WatchRow", seconds // 60, "every minute", "every {n} min")
    return plural("WatchRow", seconds, "every second", "every {n} s")
