"""Exports and prints beside the window: with progress where it takes long, and a way to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QDialog, QProgressBar, QVBoxLayout, QWidget

from desktop_vlm.history import ConversationSummary, Message
from desktop_vlm.history.views import Source
from desktop_vlm.ui.history_thread import HistoryThread
from desktop_vlm.ui.pictures.background import Background, StoppedError
from desktop_vlm.ui.widgets.button_row import button_row, dialog_button
from desktop_vlm.ui.widgets.cards import text_label
from desktop_vlm.ui.widgets.fitting import fix_width
from desktop_vlm.ui.widgets.on_screen import keep_on_screen

_SHOW_MS = 400
_WIDTH_PX = 420
_PAUSE_S = 0.002
"""After each message, for the window's thread."""

T = TypeVar("T")


class FetchedHistory:
    """The history for another thread than its own; see `Source`."""

    def __init__(self, history: HistoryThread) -> None:
        self._history = history

    def conversation(self, conversation_id: int) -> ConversationSummary:
        return self._history.fetch(lambda history: history.conversation(conversation_id))

    def head(self, conversation_id: int) -> int | None:
        return self._history.fetch(lambda history: history.head(conversation_id))

    def thread(self, conversation_id: int) -> list[Message]:
        return self._history.fetch(lambda history: history.thread(conversation_id))

    def all_messages(self, conversation_id: int) -> list[Message]:
        return self._history.fetch(lambda history: history.all_messages(conversation_id))

    def picture(self, sha256: str) -> bytes:
        return self._history.fetch(lambda history: history.picture(sha256))


class ExportJob(QObject):
    """One thing that is written or printed.

    Attributes:
        dialog: shows how far it is, once it has taken a moment.
    """

    _came = Signal(int, int)

    def __init__(self, window: QWidget, history: HistoryThread, title: str) -> None:
        super().__init__(window)
        self._window = window
        self._source = FetchedHistory(history)
        self._background = Background(self)
        self._stop = threading.Event()
        self._is_over = False
        self._title = title
        self._reached = (0, 0)
        self.dialog: ExportProgress | None = None
        self._came.connect(self._show)

    def start(
        self,
        work: Callable[[Source, Callable[[int, int], None]], T],
        done: Callable[[T], None],
        failed: Callable[[str], None],
    ) -> None:
        """Have `work` done in a thread with the history, and what it is to report to after each message."""
        QTimer.singleShot(_SHOW_MS, self, self._open)
        watch = partial(_watch, self._stop, self._came)
        with_history = partial(work, self._source, watch)
        self._background.run(with_history, partial(self._done, done), partial(self._failed, failed))

    def stop(self) -> None:
        """End it after the message that is being written; nothing is left of it."""
        self._stop.set()

    def _open(self) -> None:
        if self._is_over or self.dialog is not None:
            return
        self.dialog = ExportProgress(self._title, self._window)
        self.dialog.rejected.connect(self.stop)
        self.dialog.show_count(*self._reached)
        self.dialog.open()

    def _show(self, number: int, of: int) -> None:
        self._reached = number, of
        if self.dialog is not None:
            self.dialog.show_count(number, of)

    def _close(self) -> None:
        self._is_over = True
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.blockSignals(True)
            dialog.close()
            dialog.deleteLater()
        self.deleteLater()

    def _done(self, done: Callable[[T], None], result: T) -> None:
        self._close()
        done(result)

    def _failed(self, failed: Callable[[str], None], sentence: str) -> None:
        was_stopped = self._stop.is_set()
        self._close()
        if not was_stopped:
            failed(sentence)


def _watch(stop: threading.Event, came: SignalInstance, number: int, of: int) -> None:
    if stop.is_set():
        raise StoppedError("The export was stopped.")
    came.emit(number, of)
    time.sleep(_PAUSE_S)


class ExportProgress(QDialog):
    """How far an export is; Cancel stops it."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 18)
        column.setSpacing(10)
        column.addWidget(text_label(title, "heading"))
        self._text = text_label("", "muted")
        column.addWidget(self._text)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        column.addWidget(self._bar)
        self.button = dialog_button(self.tr("Cancel"), self.reject)
        column.addSpacing(6)
        column.addLayout(button_row(self.button))
        fix_width(self, _WIDTH_PX)
        keep_on_screen(self)

    def show_count(self, number: int, of: int) -> None:
        """So many of so many messages are written."""
        self._bar.setRange(0, of)
        self._bar.setValue(number)
        self._text.setText(self.tr("Message {0} of {1}").format(min(number + 1, of), of) if of else self.tr("Reading"))
