"""An answer: Markdown as it streams, what it took, and what to do with it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QPushButton, QVBoxLayout

from desktop_vlm.history.details import is_read_out
from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.ui.assistant.read_out import shown_markdown
from desktop_vlm.ui.conversation.captions import answer_caption, cut_json_notice, progress_caption, timing_details
from desktop_vlm.ui.conversation.message_widget import MessageWidget
from desktop_vlm.ui.engine.protocol import Progress
from desktop_vlm.ui.markdown import MarkdownView
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.banner import Banner

_REDRAW_MS = 50


class AnswerWidget(MessageWidget):
    """What the model answered.

    Signals:
        regenerate_requested: another answer to the same question; the old one stays as a version.
        close_requested: JSON that was cut off, in its last complete form; once more: as it was.
    """

    regenerate_requested = Signal()
    close_requested = Signal()

    def __init__(self, theme: Theme, message: Message) -> None:
        super().__init__(theme, message)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._view = MarkdownView(theme)
        self._view.height_changed.connect(self.height_changed)
        column.addWidget(self._view)
        self._progress = _ProgressRow()
        column.addWidget(self._progress)
        self._failed = Banner("banner-danger", self.tr("Try again"))
        self._cut = Banner("banner-info", self.tr("Close it"))
        self._failed.clicked.connect(self.regenerate_requested)
        self._cut.clicked.connect(self.close_requested)
        column.addWidget(self._failed)
        column.addWidget(self._cut)

        self.add_copy_tool(lambda: self.message.text)
        self._regenerate = self.add_tool("refresh-cw", self.tr("Answer again"), self.regenerate_requested.emit)
        self.add_versions()
        self._ask_model = QPushButton(self.tr("Ask the model instead"))
        set_kind(self._ask_model, "example")
        self._ask_model.clicked.connect(self.regenerate_requested)
        self._caption = QLabel()
        self._caption.setProperty("kind", "caption")
        self.tools.addSpacing(6)
        self.tools.addWidget(self._caption)
        self.tools.addSpacing(6)
        self.tools.addWidget(self._ask_model)
        self.tools.addStretch(1)
        self._tools_row = QFrame()
        self._tools_row.setLayout(self.tools)
        column.addWidget(self._tools_row)

        # Text comes in faster than it is worth to lay out.
        self._redraw = QTimer(self, singleShot=True, interval=_REDRAW_MS)
        self._redraw.timeout.connect(self._draw)
        self.show_message(message)

    def show_message(self, message: Message) -> None:
        """Show the message as it is in the history now."""
        self.message = message
        streaming = message.state is MessageState.STREAMING
        self._redraw.stop()
        self._draw()
        self._progress.setVisible(streaming and not message.text)
        self._tools_row.setVisible(not streaming)
        self._caption.setText(answer_caption(message))
        self._caption.setToolTip(timing_details(message))
        self._regenerate.setVisible(not is_read_out(message))
        self._ask_model.setVisible(is_read_out(message))
        self._show_banners()
        self.height_changed.emit()

    def show_text(self, message: Message) -> None:
        """Show text that has just come in."""
        self.message = message
        if not self._progress.isHidden():
            self._progress.hide()
        if not self._redraw.isActive():
            self._redraw.start()

    def show_progress(self, progress: Progress) -> None:
        """Say what the engine does before it answers."""
        if self.message.state is MessageState.STREAMING and not self.message.text:
            self._progress.show_progress(progress)

    def _draw(self) -> None:
        streaming = self.message.state is MessageState.STREAMING
        self._view.setVisible(bool(self.message.text))
        self._view.set_markdown(shown_markdown(self.message), streaming=streaming)

    def _show_banners(self) -> None:
        message = self.message
        self._failed.say(message.error)
        self._failed.setVisible(bool(message.error))
        notice = cut_json_notice(message)
        if notice:
            self._cut.say(*notice)
        self._cut.setVisible(notice is not None)


class _ProgressRow(QFrame):
    """What happens until the first word comes."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 4)
        column.setSpacing(7)
        self._label = QLabel(self.tr("Waiting for the model"))
        self._label.setProperty("kind", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setMaximumWidth(260)
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName(self.tr("Progress"))
        column.addWidget(self._label)
        column.addWidget(self._bar)

    def show_progress(self, progress: Progress) -> None:
        self._label.setText(progress_caption(progress))
        self._bar.setRange(0, 0 if progress.stage == "text" else 1000)
        self._bar.setValue(round(progress.fraction * 1000))
