"""A question: its pictures, and what was asked, in a bubble at the right."""

from __future__ import annotations

import html
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout

from desktop_vlm.api.text_layer import Box
from desktop_vlm.history.details import POINTERS
from desktop_vlm.history.folding import spans
from desktop_vlm.history.records import Message, Picture
from desktop_vlm.images.pointing import kept_pointers
from desktop_vlm.ui.conversation.captions import text_caption, text_details
from desktop_vlm.ui.conversation.editor import Editor
from desktop_vlm.ui.conversation.message_widget import MessageWidget
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.pictures.thumbnails import AT_ONCE, MESSAGE_SIDE, PictureItem, ThumbnailStrip
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.turn import Turn

_SEVERAL_SIDE = 120
"""Height of pictures that are not alone, px."""
MOST_SHOWN = 8_000
MOST_LINES = 300
"""Characters and lines of a question that are shown: Qt takes seconds to lay out a million."""
_TEXT_WIDTH = 0.82
"""Of the column: what the person wrote is set apart from answers by its side and width."""


class QuestionWidget(MessageWidget):
    """What the person asked.

    Attributes:
        send_with_ctrl: whether Ctrl+Enter asks a changed question, and Enter begins a line.

    Signals:
        picture_opened: the SHA-256 of a picture of this message.
        picture_entry_chosen: its SHA-256, and the id of one of `PICTURE_ENTRIES`.
        picture_pointed: its SHA-256, and the Pointer at a place in it.
        picture_included: its SHA-256, and whether the model shall see it.
        edited: the text of a new version of this message.
        edit_asked: by the button; `edit` opens the editor.
        edit_changed: what the editor holds, and whether it is open; it may be opened with that again.
    """

    picture_opened = Signal(str)
    picture_entry_chosen = Signal(str, str)
    picture_pointed = Signal(str, object)
    picture_included = Signal(str, bool)
    edited = Signal(str)
    edit_asked = Signal()
    edit_changed = Signal(str, bool)

    def __init__(
        self, theme: Theme, message: Message, library: PictureLibrary, number_of: Callable[[str], str]
    ) -> None:
        """`number_of` gives a picture's number in the conversation by its SHA-256; "" where it needs none."""
        super().__init__(theme, message)
        self._library = library
        self._number_of = number_of
        self._numbers: list[str] = []
        self._pointers = kept_pointers(message.details.get(POINTERS, {}))
        self._editor: Editor | None = None
        self.send_with_ctrl = False
        self._found: dict[str, Sequence[Box]] = {}
        self._lit: Sequence[str] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._side = MESSAGE_SIDE if len(message.pictures) == 1 else _SEVERAL_SIDE
        self._strip = ThumbnailStrip(theme, self._side, align_right=True)
        self._strip.opened.connect(lambda number: self.picture_opened.emit(self._sha256(number)))
        self._strip.entry_chosen.connect(
            lambda number, entry: self.picture_entry_chosen.emit(self._sha256(number), entry)
        )
        self._strip.pointed.connect(lambda number, pointer: self.picture_pointed.emit(self._sha256(number), pointer))
        self._strip.inclusion_asked.connect(
            lambda number, included: self.picture_included.emit(self._sha256(number), included)
        )
        column.addWidget(self._strip)
        self._strip.setVisible(bool(message.pictures))
        library.loaded.connect(self._loaded)
        self._unasked: deque[int] = deque()  # numbers of pictures whose thumbnails are to be asked for
        self._ask_soon = QTimer(self, singleShot=True, interval=0)
        self._ask_soon.timeout.connect(self._ask_for_some)
        self._show_pictures()

        self._bubble, self._label, self._cut_note = QFrame(), _BubbleText(), QLabel()
        self._lay_out_bubble()
        self._show_question(message.text)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._bubble, 0)
        column.addLayout(row)
        if not message.text:  # one that is shown here would be laid out before it has its font
            self._bubble.hide()

        self.tools.addStretch(1)
        self._text_caption = QLabel()
        self._text_caption.setProperty("kind", "caption")
        self.tools.addWidget(self._text_caption)
        if message.action:
            action = QLabel(message.action)
            action.setProperty("kind", "badge")
            self.tools.addWidget(action)
        self.add_copy_tool(lambda: self.message.text)
        self._pencil = self.add_tool("pencil", self.tr("Edit and ask again"), self.edit_asked.emit)
        self.add_versions()
        column.addLayout(self.tools)
        self._show_text()
        theme.changed.connect(self._theme_changed)

    def _lay_out_bubble(self) -> None:
        self._bubble.setProperty("kind", "bubble")
        inside = QVBoxLayout(self._bubble)
        inside.setContentsMargins(16, 10, 16, 10)
        inside.addWidget(self._label)
        self._cut_note.setProperty("kind", "caption")
        self._cut_note.setWordWrap(True)
        inside.addWidget(self._cut_note)

    def resizeEvent(self, event: object) -> None:
        self._label.most_px = round(self.width() * _TEXT_WIDTH) - 32
        super().resizeEvent(event)  # type: ignore[arg-type]

    def show_message(self, message: Message) -> None:
        """Show which of the pictures the model sees now, and what went along."""
        if message.text != self.message.text:  # of a question that is not asked yet
            self._show_question(message.text)
            self._bubble.setVisible(bool(message.text) and self._editor is None)
            self.height_changed.emit()
        self.message = message
        self._pointers = kept_pointers(message.details.get(POINTERS, {}))
        self._show_pictures()
        self._show_text()

    def _show_question(self, text: str) -> None:
        """As much of it as can be laid out soon."""
        shown = beginning(text)
        self._label.set_plain(shown)
        share = max(1, round(100 * len(shown) / max(1, len(text))))
        words = self.tr("This question is too long to be shown whole: the first {0} % are here. Copy takes all of it.")
        self._cut_note.setText(words.format(share))
        self._cut_note.setVisible(len(shown) < len(text))

    def show_numbers(self) -> None:
        """The pictures have other numbers now, perhaps."""
        if self._numbers != [self._number_of(picture.sha256) for picture in self.message.pictures]:
            self._show_pictures()

    def show_places(self, places: Mapping[str, Sequence[Box]]) -> None:
        """Light up places in the pictures: SHA-256 -> boxes, px of the picture; {} for what a search found."""
        for number, picture in enumerate(self.message.pictures):
            self._strip.show_places(number, (places or self._found).get(picture.sha256, ()))

    def show_found_places(self, places: Mapping[str, Sequence[Box]]) -> None:
        """Show where in the pictures a search found something, while nothing else is pointed out."""
        self._found = {one.sha256: places[one.sha256] for one in self.message.pictures if one.sha256 in places}
        self.show_places({})

    def light_up(self, words: Sequence[str]) -> None:
        self._lit = words
        self._label.light_up(words, self.theme)

    def _theme_changed(self) -> None:
        if self._lit:
            self._label.light_up(self._lit, self.theme)

    def lit_top(self) -> int | None:
        if self._label.is_lit:
            return self._bubble.y()
        return self._strip.y() if self._found else None

    def edit(self, text: str | None = None, *, focus: bool = True, waits: bool = False) -> None:
        """Turn the bubble into an editor, with another text than the question's if one is given.

        `waits`: the question is not asked yet, so that there will be no version of it.
        """
        if self._editor:
            self._editor.focus()
            return
        self._bubble.hide()
        text = self.message.text if text is None else text
        editor = self._editor = Editor(self.theme, text, needs_text=not self.message.pictures, waits=waits)
        editor.field.send_with_ctrl = self.send_with_ctrl
        editor.cancelled.connect(self._end_edit)
        editor.sent.connect(self._send)
        editor.field.textChanged.connect(lambda: self.edit_changed.emit(editor.field.toPlainText(), True))
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(1, editor)
        editor.show()
        self._pencil.hide()
        self.edit_changed.emit(text, True)
        if focus:
            editor.focus()
        self.height_changed.emit()

    def _send(self, text: str) -> None:
        self._end_edit()
        self.edited.emit(text)

    def _end_edit(self) -> None:
        if self._editor:
            self.edit_changed.emit(self._editor.field.toPlainText(), False)
            self._editor.hide()
            self._editor.deleteLater()
            self._editor = None
        self._pencil.show()
        self._bubble.setVisible(bool(self.message.text))
        self.height_changed.emit()

    def _sha256(self, number: int) -> str:
        return self.message.pictures[number].sha256

    def _loaded(self, sha256: str) -> None:
        for at in self._places.get(sha256, ()):
            self._strip.set_picture(at, self._item(self.message.pictures[at], self._numbers[at], self._side_px))

    def _show_text(self) -> None:
        self._text_caption.setText(text_caption(self.message))
        self._text_caption.setToolTip(text_details(self.message))
        self._text_caption.setVisible(bool(self._text_caption.text()))

    def _show_pictures(self) -> None:
        self._numbers = [self._number_of(picture.sha256) for picture in self.message.pictures]
        self._places: dict[str, list[int]] = {}
        for at, picture in enumerate(self.message.pictures):
            self._places.setdefault(picture.sha256, []).append(at)
        pictures, side_px = enumerate(zip(self.message.pictures, self._numbers, strict=True)), self._side_px
        self._strip.set_pictures([self._item(*pair, side_px, asks=at < AT_ONCE) for at, pair in pictures])
        self._unasked = deque(range(AT_ONCE, len(self._numbers)))
        if self._unasked:
            self._ask_soon.start()

    def _ask_for_some(self) -> None:
        """Of very many pictures: as many thumbnails as there is time for in this turn of the event loop."""
        while self._unasked and Turn.has_time():
            self._library.thumbnail(self.message.pictures[self._unasked.popleft()].sha256, self._side_px)
        if self._unasked:
            self._ask_soon.start()

    @property
    def _side_px(self) -> int:
        """Of thumbnails, in the screen's pixels."""
        return round(self._side * self.devicePixelRatioF())

    def _item(self, picture: Picture, number: str, side_px: int, *, asks: bool = True) -> PictureItem:
        """`asks` for its thumbnail, where that is not there."""
        thumbnail = self._library.thumbnail if asks else self._library.known_thumbnail
        return PictureItem(
            picture.name,
            thumbnail(picture.sha256, side_px),
            number or None,
            picture.width,
            picture.height,
            picture.included,
            pointers=self._pointers.get(picture.sha256, ()),
            edited=picture.edited,
        )


def beginning(text: str) -> str:
    """What is shown of a question; all of it unless it is very long."""
    shown = text[:MOST_SHOWN]
    lines = shown.split("\n", MOST_LINES)
    return "\n".join(lines[:MOST_LINES]) if len(lines) > MOST_LINES else shown


class _BubbleText(QLabel):
    """Plain text that is as wide as it needs to be, up to a part of the column."""

    def __init__(self) -> None:
        super().__init__()
        self._plain = ""
        self._heights: dict[int, int] = {}
        self._natural_px = 0  # width of the longest line; 0 where it is not known
        self.most_px = 480
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.tr("Question"))

    def set_plain(self, text: str) -> None:
        """Another text."""
        self._plain = text
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._say(text)

    def _say(self, text: str) -> None:
        self._forget()
        self.setText(text)
        self.updateGeometry()

    def _forget(self) -> None:
        self._heights.clear()
        self._natural_px = 0

    def changeEvent(self, event: QEvent) -> None:
        self._forget()
        super().changeEvent(event)

    def heightForWidth(self, width: int) -> int:
        """A layout asks several times, and breaking thousands of lines takes milliseconds."""
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]

    @property
    def is_lit(self) -> bool:
        return self.textFormat() == Qt.TextFormat.RichText

    def light_up(self, words: Sequence[str], theme: Theme) -> None:
        """Show where words stand; plain text again with ()."""
        found = spans(self._plain, words)
        self.setTextFormat(Qt.TextFormat.RichText if found else Qt.TextFormat.PlainText)
        self._say(_lit_html(self._plain, found, theme) if found else self._plain)

    def sizeHint(self) -> QSize:
        if not self._natural_px:
            lines = self._plain[:4000].split("\n")
            self._natural_px = max(map(self.fontMetrics().horizontalAdvance, lines), default=0) + 4
        width = min(self._natural_px, self.most_px)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 120), self.fontMetrics().height())


def _lit_html(text: str, places: Sequence[tuple[int, int]], theme: Theme) -> str:
    """Nothing of a text is taken for markup."""
    made, at = [], 0
    for start, end in places:
        style = f"background-color: {theme.color('found').name()}; color: {theme.color('text').name()}"
        made += [html.escape(text[at:start]), f'<span style="{style}">{html.escape(text[start:end])}</span>']
        at = end
    return f'<p style="white-space: pre-wrap">{"".join(made)}{html.escape(text[at:])}</p>'
