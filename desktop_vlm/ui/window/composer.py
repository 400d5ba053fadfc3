"""Where questions are written: pictures, text, quick actions, send and stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QMimeData, QSize, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.pictures.sources import can_read, prefers_text
from desktop_vlm.ui.pictures.thumbnails import COMPOSER_SIDE, PictureItem, ThumbnailStrip
from desktop_vlm.ui.plural import plural
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.action_chips import ActionChips
from desktop_vlm.ui.widgets.question_field import QuestionField
from desktop_vlm.ui.window.asked_with import AskedWith


class Composer(QFrame):
    """Text and pictures of the question being written.

    Attributes:
        pictures: those of the question.
        captures: the button that shows recent captures.
        chips: the quick actions.
        private_text: asked for each: how much private text is pointed out in it, and of which kinds.
        number_of: asked for each: its number in the conversation, "" where it needs none.
        is_included: asked for each: whether the model shall see it.

    Signals:
        sent: the person wants the question asked.
        hurried: they press Enter again while the answer is being made.
        stopped: the person wants the running answer ended.
        pasted: pictures were pasted; carries the QMimeData.
        pasted_text: a text was pasted with which a picture came along.
        capture_requested: the person wants to capture a part of the screen.
        attach_requested: the person wants to choose files.
        picture_opened, picture_removed: number of a picture.
        picture_moved: number of a picture, and the one it shall have.
        picture_included: SHA-256 of a picture, and whether the model shall see it.
        pictures_cleared: all of them shall go.
        picture_entry_chosen: SHA-256 of a picture, and the id of one of `PICTURE_ENTRIES`.
        picture_pointed: SHA-256 of a picture, and the Pointer at a place in it.
        action_chosen: a QuickAction was chosen.
        edit_last_requested: arrow up in an empty field.
        asked_with_dropped: a question that came back shall be asked without its quick action.
        text_changed: of the field.
    """

    sent = Signal()
    hurried = Signal()
    stopped = Signal()
    pasted = Signal(QMimeData)
    pasted_text = Signal(QMimeData)
    capture_requested = Signal()
    attach_requested = Signal()
    picture_opened = Signal(int)
    picture_removed = Signal(int)
    picture_moved = Signal(int, int)
    picture_included = Signal(str, bool)
    pictures_cleared = Signal()
    picture_entry_chosen = Signal(str, str)
    picture_pointed = Signal(str, object)
    action_chosen = Signal(object)
    edit_last_requested = Signal()
    asked_with_dropped = Signal()

    def __init__(self, theme: Theme, library: PictureLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._library = library
        library.loaded.connect(self._show_picture)
        self._answering = False
        self._judged = False
        self.pictures: list[NewPicture] = []
        self.private_text: Callable[[str], tuple[int, str]] = lambda _sha256: (0, "")
        self.number_of: Callable[[str], str] = lambda _sha256: ""
        self.is_included: Callable[[str], bool] = lambda _sha256: True
        self.setProperty("kind", "composer")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 10, 10)
        column.setSpacing(8)
        self._strip = ThumbnailStrip(theme, COMPOSER_SIDE, removable=True)
        self._strip.opened.connect(self.picture_opened)
        self._strip.removed.connect(self.picture_removed)
        self._strip.moved.connect(self.picture_moved)
        self._strip.inclusion_asked.connect(
            lambda number, on: self.picture_included.emit(self.pictures[number].sha256, on)
        )
        self._strip.cleared.connect(self.pictures_cleared)
        self._strip.entry_chosen.connect(
            lambda number, entry: self.picture_entry_chosen.emit(self.pictures[number].sha256, entry)
        )
        self._strip.pointed.connect(
            lambda number, pointer: self.picture_pointed.emit(self.pictures[number].sha256, pointer)
        )
        self._strip.hide()
        column.addWidget(self._strip)
        self.text = QuestionField(can_read, prefers_text)
        self.text.pasted.connect(self.pasted)
        self.text.pasted_text.connect(self.pasted_text)
        self.text.entered.connect(self._enter)
        self.text.edit_last_requested.connect(self.edit_last_requested)
        self.text.focus_changed.connect(self._show_focus)
        self.text.textChanged.connect(self._update)
        column.addWidget(self.text)
        self._asked_with = AskedWith(theme)
        self._asked_with.dropped.connect(self.asked_with_dropped)

        column.addLayout(self._button_row(theme))
        theme.changed.connect(self._take_icons)
        self._take_icons()
        self._update()

    def _button_row(self, theme: Theme) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self._capture = QToolButton()
        self._capture.setAccessibleName(self.tr("Capture a part of the screen"))
        self._capture.clicked.connect(self.capture_requested)
        row.addWidget(self._capture)
        self.show_capture_key("")
        self.captures = QToolButton()
        self.captures.setProperty("small", True)
        self.captures.setFixedWidth(22)
        self.captures.setAccessibleName(self.tr("Recent captures"))
        self.captures.setToolTip(self.tr("Recent captures, the same region again, watch a region"))
        row.addWidget(self.captures)
        self._attach = QToolButton()
        self._attach.setAccessibleName(self.tr("Add pictures"))
        self._attach.setToolTip(self.tr("Add pictures or a PDF (Ctrl+O)"))
        self._attach.clicked.connect(self.attach_requested)
        row.addWidget(self._attach)
        row.addWidget(self._asked_with)
        self.chips = ActionChips(theme)
        self.chips.chosen.connect(self.action_chosen)
        policy = self.chips.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the other buttons stay where they are
        self.chips.setSizePolicy(policy)
        row.addWidget(self.chips, 1)
        self._send = QToolButton()
        self._send.setProperty("kind", "send")
        self._send.setIconSize(QSize(18, 18))
        self._send.clicked.connect(self.sent)
        self._stop = QToolButton()
        self._stop.setProperty("kind", "send")
        self._stop.setIconSize(QSize(18, 18))
        self._stop.setAccessibleName(self.tr("Stop"))
        self._stop.setToolTip(self.tr("Stop (Esc)"))
        self._stop.clicked.connect(self.stopped)
        row.addWidget(self._stop)
        row.addWidget(self._send)
        return row

    # What is shown

    def set_pictures(self, pictures: Sequence[NewPicture]) -> None:
        """Show the pictures of the question."""
        self.pictures = list(pictures)
        self._show_pictures()
        self._strip.setVisible(bool(pictures))
        self._update()

    def show_private_text(self, sha256: str) -> None:
        """What is private in a picture is known now, or is another."""
        self._show_picture(sha256)

    def show_numbers(self, _view: object = None) -> None:
        """The pictures have other numbers now, perhaps."""
        if self.pictures:
            self._show_pictures()

    def set_actions(self, actions: Sequence[QuickAction]) -> None:
        """Offer these quick actions; they are shown where there are any."""
        self.chips.set_actions(actions)
        self._update()

    def show_capture_key(self, keys: str) -> None:
        """Name the key that captures from any program; "" for none."""
        words = self.tr("Capture a part of the screen")
        self._capture.setToolTip(f"{words} ({keys})" if keys else words)

    def set_answering(self, answering: bool) -> None:
        """Whether the answer that is made stands above: it can be stopped, and what is sent waits for it."""
        self._answering = answering
        self._update()

    def set_judged(self, judged: bool) -> None:
        """Whether the model judges what is written instead of answering it."""
        self._judged = judged
        self._update()

    def send_with_ctrl(self, requested: bool) -> None:
        """Whether Ctrl+Enter sends and Enter begins a line, or the other way round."""
        self.text.send_with_ctrl = requested

    def show_draft(self, text: str, pictures: Sequence[NewPicture], action: str) -> None:
        """Show another question than the one before, and the name of the quick action that it is asked with, or ""."""
        if text != self.text.toPlainText():
            self.text.setPlainText(text)
            self.text.moveCursor(QTextCursor.MoveOperation.End)
        self._asked_with.show_action(action)
        self.set_pictures(pictures)

    def clear(self) -> None:
        """Empty it, after the question was taken over."""
        self.text.clear()
        self._asked_with.show_action("")
        self.set_pictures([])

    def _show_pictures(self) -> None:
        self._strip.set_pictures([self._item(picture) for picture in self.pictures])

    def _show_picture(self, sha256: str) -> None:
        """One of which something else is known now, such as its thumbnail."""
        for number, picture in enumerate(self.pictures):
            if picture.sha256 == sha256 and number < len(self._strip.pictures):
                self._strip.set_picture(number, self._item(picture))

    def _item(self, picture: NewPicture) -> PictureItem:
        return PictureItem(
            picture.name,
            self._library.thumbnail(picture.sha256, round(COMPOSER_SIDE * self.devicePixelRatioF())),
            self.number_of(picture.sha256) or None,
            picture.width,
            picture.height,
            self.is_included(picture.sha256),
            *self.private_text(picture.sha256),
            picture.pointers,
            picture.edit is not None,
        )

    # What the person does

    def _enter(self) -> None:
        if self._send.isEnabled():
            self.sent.emit()
        elif self._answering:
            self.hurried.emit()

    def _update(self) -> None:
        ready = bool(self.text.toPlainText().strip() or self.pictures)
        self._stop.setVisible(self._answering)
        self._send.setVisible(ready or not self._answering)
        self._send.setEnabled(ready)
        self._take_icons()
        self.chips.setVisible(self.chips.has_actions)
        self.text.setPlaceholderText(self._hint())

    def _hint(self) -> str:
        if self._judged:
            return self.tr("This model does not answer: it says whether what you send is safe")
        if not self.pictures:
            return self.tr("Ask, or drop a screenshot")
        return plural("Composer", len(self.pictures), "Ask about the picture", "Ask about the pictures")

    def _show_focus(self, focused: bool) -> None:
        self.setProperty("focused", focused)
        set_kind(self, "composer")

    def _take_icons(self) -> None:
        self._capture.setIcon(self._theme.icon("scan"))
        self.captures.setIcon(self._theme.icon("chevron-up", "muted"))
        self._attach.setIcon(self._theme.icon("paperclip"))
        self._stop.setIcon(self._theme.icon("square", "on_accent"))
        self._send.setIcon(self._theme.icon("arrow-up", "on_accent" if self._send.isEnabled() else "faint"))
        self._send.setAccessibleName(self.tr("Send"))
        later = self.tr("Send: it is asked after the answer that is being made (Enter)")
        self._send.setToolTip(later if self._answering else self.tr("Send (Enter)"))
