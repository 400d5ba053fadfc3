"""An answer: Markdown as it streams, what it took, and what to do with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from typing import TypeVar

from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop_vlm.api.text_layer import Box
from desktop_vlm.history.details import is_read_out
from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.images.text_layer.claims import Passage
from desktop_vlm.images.text_layer.grounding import Finding, Standing
from desktop_vlm.ui.assistant.read_out import shown_markdown
from desktop_vlm.ui.conversation.answer_menu import ANSWER_ENTRIES, shown_label
from desktop_vlm.ui.conversation.captions import (
    answer_caption,
    cut_json_notice,
    findings_caption,
    progress_caption,
    timing_details,
)
from desktop_vlm.ui.conversation.message_widget import MessageWidget
from desktop_vlm.ui.conversation.queue_card import QueueCard
from desktop_vlm.ui.engine.protocol import Progress
from desktop_vlm.ui.markdown import MarkdownView, rich_copy
from desktop_vlm.ui.markdown.marks import Mark, MarkKind
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.banner import Banner
from desktop_vlm.ui.widgets.crop_button import CropButton
from desktop_vlm.ui.widgets.elided_label import ElidedLabel
from desktop_vlm.ui.widgets.menu import Menu

_Widget = TypeVar("_Widget", bound=QWidget)

_REDRAW_MS = 50

_MARKS = {Standing.STANDS: MarkKind.FOUND, Standing.ABSENT: MarkKind.MISSING}


class AnswerWidget(MessageWidget):
    """What the model answered.

    Signals:
        content_shifted: what is on the screen of it moved down by so many pixels.
        take_back_requested, ask_requested: of a question that waits for its turn.
        regenerate_requested: another answer to the same question; the old one stays as a version.
        close_requested: JSON that was cut off, in its last complete form; once more: as it was.
        crop_asked: the picture that it is about is to be cropped.
        entry_chosen: the message, and the id of one of `ANSWER_ENTRIES`.
        settled: the answer is shown as it stays.
        places_pointed: places that what is under the pointer stands in: SHA-256 of a picture -> boxes, px of it.
        hit_placed: upper edge of the place that is pointed out, px of this widget (`MarkdownView.hit_placed`).
        place_opened: SHA-256 of a picture and places in it, px, that were clicked in the answer.
    """

    content_shifted = Signal(int)
    take_back_requested = Signal()
    ask_requested = Signal()
    regenerate_requested = Signal()
    close_requested = Signal()
    crop_asked = Signal()
    settled = Signal()
    entry_chosen = Signal(object, str)
    hit_placed = Signal(int)
    places_pointed = Signal(object)
    place_opened = Signal(str, object)

    def __init__(self, theme: Theme, message: Message) -> None:
        super().__init__(theme, message)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._view = self._make_view(theme)
        self._findings: Sequence[Finding] = ()
        self._pictures: Sequence[str] = ()
        column.addWidget(self._view)
        self._column = column
        self._between: dict[int, QWidget] = {}  # the answer and its tools, by place
        self.crop = CropButton()
        self.crop.clicked.connect(self.crop_asked)
        self.crop.hide()
        column.addWidget(self.crop, 0, Qt.AlignmentFlag.AlignLeft)

        self.add_copy_tool(self._copied)
        self._regenerate = self.add_tool("refresh-cw", self.tr("Answer again"), self.regenerate_requested.emit)
        self._more = self.add_tool("ellipsis", self.tr("Copy, save, export or print this answer"), self._open_menu)
        self.add_versions()
        self._ask_model = QPushButton(self.tr("Ask the model instead"))
        set_kind(self._ask_model, "example")
        self._ask_model.clicked.connect(self.regenerate_requested)
        self._caption = QLabel()
        self._caption.setProperty("kind", "caption")
        self.tools.addSpacing(6)
        self.tools.addWidget(self._caption)
        self._checked = ElidedLabel()
        self._checked.setProperty("kind", "caption")
        self._checked.hide()
        self.tools.addWidget(self._checked)
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

    # What most answers never need is made when it is needed: it takes as long as all the rest.

    @cached_property
    def _too_long(self) -> Banner:
        made = self._put(0, Banner("banner-info", self.tr("Save all of it…")))
        made.clicked.connect(lambda: self.entry_chosen.emit(self.message, "save"))
        return made

    @cached_property
    def _progress(self) -> _ProgressRow:
        return self._put(1, _ProgressRow())

    @cached_property
    def _queue(self) -> QueueCard:
        made = self._put(2, QueueCard())
        made.take_back_requested.connect(self.take_back_requested)
        made.ask_requested.connect(self.ask_requested)
        return made

    @cached_property
    def _failed(self) -> Banner:
        made = self._put(3, Banner("banner-danger", self.tr("Try again")))
        made.clicked.connect(self.regenerate_requested)
        return made

    @cached_property
    def _cut(self) -> Banner:
        made = self._put(4, Banner("banner-info", self.tr("Close it")))
        made.clicked.connect(self.close_requested)
        return made

    def _put(self, place: int, widget: _Widget) -> _Widget:
        """Between the answer and its tools, in the order of the places; hidden."""
        widget.hide()
        self._column.insertWidget(1 + sum(other < place for other in self._between), widget)
        self._between[place] = widget
        return widget

    def _set_shown(self, name: str, is_needed: bool) -> None:
        if is_needed or name in vars(self):
            getattr(self, name).setVisible(is_needed)

    def _make_view(self, theme: Theme) -> MarkdownView:
        view = MarkdownView(theme)
        view.height_changed.connect(self.height_changed)
        view.shifted.connect(self.content_shifted)
        view.mark_hovered.connect(lambda key: self.places_pointed.emit(self._places(key)))
        view.mark_opened.connect(self._open_place)
        view.hit_placed.connect(lambda top: self.hit_placed.emit(view.mapTo(self, QPoint(0, top)).y()))
        return view

    def _copied(self) -> str | QMimeData:
        """Text that was read is no Markdown."""
        return self.message.text if is_read_out(self.message) else rich_copy.answer(self.message.text)

    def menu(self) -> QMenu:
        """What can be done with the whole answer."""
        menu = Menu(self)
        for entry in ANSWER_ENTRIES:
            if entry.offered(self.message):
                if entry.after_line:
                    menu.addSeparator()
                menu.addAction(shown_label(entry), partial(self.entry_chosen.emit, self.message, entry.id))
        return menu

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def show_message(self, message: Message) -> None:
        """Show the message as it is in the history now."""
        self.message = message
        streaming = message.state is MessageState.STREAMING
        self._redraw.stop()
        self._draw()
        self._set_shown("_progress", streaming and not message.text)
        queued = message.state is MessageState.QUEUED
        self._set_shown("_queue", queued)
        self._tools_row.setVisible(not (streaming or queued))
        self._caption.setText(answer_caption(message))
        self._caption.setToolTip(timing_details(message))
        self._regenerate.setVisible(not is_read_out(message))
        self._ask_model.setVisible(is_read_out(message))
        self._show_banners()
        self.height_changed.emit()
        if not (streaming or queued):
            self.settled.emit()

    def show_position(self, position: int | None, *, is_held: bool = False) -> None:
        """Say where a question stands that waits, see `QueueCard`."""
        self._queue.show_position(position, is_held=is_held)

    def passages(self) -> list[Passage]:
        """What is read in the answer; empty while it grows."""
        return [] if self.message.state is MessageState.STREAMING else self._view.passages()

    @property
    def is_settled(self) -> bool:
        """Whether all of it that is on the screen is laid out."""
        return self._view.is_settled and not self._redraw.isActive()

    def show_findings(self, findings: Sequence[Finding], pictures: Sequence[str]) -> None:
        """Mark what of `passages` stands in pictures and what is missing there.

        Args:
            findings: by what was found.
            pictures: SHA-256 of each picture, in the order of the findings' numbers.
        """
        self._findings, self._pictures = findings, pictures
        self._view.set_marks(
            [
                Mark(one.claim.passage, one.claim.start, one.claim.end, _MARKS[one.standing], key)
                for key, one in enumerate(findings)
                if one.standing in _MARKS
            ]
        )
        standings = [one.standing for one in findings]
        caption = "" if is_read_out(self.message) else findings_caption(standings)  # all of that stands there
        self._checked.setText(f" \u00b7 {caption}" if caption and self._caption.text() else caption)
        self._checked.setVisible(bool(caption))

    def offer_crop(self, words: str) -> None:
        """Show the button that crops the picture with these words; "" for none."""
        if words == (self.crop.text() if not self.crop.isHidden() else ""):
            return
        self.crop.setText(words)
        self.crop.setVisible(bool(words))
        self.height_changed.emit()

    def _places(self, key: int) -> dict[str, tuple[Box, ...]]:
        """Where a finding stands, the latest picture first."""
        found: dict[str, tuple[Box, ...]] = {}
        for spot in sorted(self._findings[key].spots if key >= 0 else (), key=lambda spot: -spot.image):
            sha256 = self._pictures[spot.image]
            found[sha256] = (*found.get(sha256, ()), *spot.match.boxes)
        return found

    def _open_place(self, key: int) -> None:
        for sha256, boxes in self._places(key).items():
            self.place_opened.emit(sha256, boxes)
            return

    def light_up(self, words: Sequence[str]) -> None:
        self._view.light_up(words)

    def show_hit(self, part: int, occurrence: int) -> int:
        """Point out a place that is lit up (`MarkdownView.show_hit`); its upper edge, px of this widget."""
        return self._view.mapTo(self, QPoint(0, self._view.show_hit(part, occurrence))).y()

    @property
    def seeks_hit(self) -> bool:
        """Whether the place that is pointed out is not laid out yet."""
        return self._view.seeks_hit

    def show_no_hit(self) -> None:
        """Point out none of them."""
        self._view.show_no_hit()

    def lit_top(self) -> int | None:
        top = self._view.lit_top()
        return None if top is None else self._view.mapTo(self, QPoint(0, top)).y()

    def show_text(self, message: Message) -> None:
        """Show text that has just come in."""
        self.message = message
        self._set_shown("_progress", False)
        if not self._redraw.isActive():
            self._redraw.start()

    def show_progress(self, progress: Progress) -> None:
        """Say what the engine does before it answers."""
        if self.message.state is MessageState.STREAMING and not self.message.text:
            self._progress.show_progress(progress)

    def _draw(self) -> None:
        streaming = self.message.state is MessageState.STREAMING
        self._view.setVisible(bool(self.message.text))
        markdown = shown_markdown(self.message)
        self._view.set_markdown(markdown, streaming=streaming)
        self._set_shown("_too_long", self._view.shown_length < len(markdown))
        if self._view.shown_length < len(markdown):
            share = round(100 * self._view.shown_length / len(markdown))
            self._too_long.say(
                self.tr("This answer is too long to be shown whole: the first {0} % are here.").format(share)
            )

    def _show_banners(self) -> None:
        message = self.message
        self._set_shown("_failed", bool(message.error))
        if message.error:
            self._failed.say(message.error)
        notice = cut_json_notice(message)
        if notice:
            self._cut.say(*notice)
        self._set_shown("_cut", notice is not None)


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
