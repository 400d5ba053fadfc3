"""Below the question: what was asked, how far it is, the answer, and what went wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop_vlm.images.text_layer.forms import fenced
from desktop_vlm.ui.markdown import MarkdownView
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.banner import Banner
from desktop_vlm.ui.widgets.crop_button import CropButton, crop_words
from desktop_vlm.ui.widgets.focus_ring import FocusRing

_SIDE_PX = 16
_REDRAW_MS = 50
_AT_THE_END_PX = 8


class AnswerArea(QFrame):
    """Grows with the answer up to a height, then scrolls.

    Signals:
        height_changed: it wants another height.
        close_requested: JSON that was cut off, in its last complete form; once more: as it was.
        crop_requested: the picture shall be cropped, as its text is too small.
    """

    height_changed = Signal()
    close_requested = Signal()
    crop_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._markdown = ""
        self._streaming = self._is_verbatim = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(8)
        line = QFrame()
        line.setProperty("kind", "line")
        column.addWidget(line)
        self._question = _line("caption")
        self._progress = _line("muted")
        column.addWidget(_inset(self._question))
        column.addWidget(_inset(self._progress))
        self._view = MarkdownView(theme)
        self._view.height_changed.connect(self.height_changed)
        self._scroll = self._make_scroll(theme)
        self._follows = True
        column.addWidget(self._scroll)
        self._banner = QFrame()
        self._banner.setProperty("kind", "banner-danger")
        self._error = QLabel()
        self._error.setProperty("kind", "error")
        self._error.setWordWrap(True)
        self._error.setTextFormat(Qt.TextFormat.PlainText)
        self._error.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inner = QVBoxLayout(self._banner)
        inner.setContentsMargins(14, 10, 14, 10)
        inner.addWidget(self._error)
        column.addWidget(_inset(self._banner))
        self._cut = Banner("banner-info", self.tr("Close it"))
        self._cut.clicked.connect(self.close_requested)
        column.addWidget(_inset(self._cut))
        self.crop = CropButton()
        self.crop.clicked.connect(lambda _=False: self.crop_requested.emit())
        column.addWidget(_inset(self.crop, stretched=False))
        # Text comes in faster than it is worth to lay out.
        self._redraw = QTimer(self, singleShot=True, interval=_REDRAW_MS)
        self._redraw.timeout.connect(self._draw)
        self.clear()

    def _make_scroll(self, theme: Theme) -> QScrollArea:
        made = QScrollArea()
        made.setWidgetResizable(True)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that arrow keys scroll
        made.setAccessibleName(self.tr("Answer"))
        FocusRing(theme, made)
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(_SIDE_PX, 0, _SIDE_PX, 0)
        rows.addWidget(self._view)
        made.setWidget(inside)
        inside.setAutoFillBackground(False)  # the card shows through
        made.viewport().setAutoFillBackground(False)
        made.verticalScrollBar().rangeChanged.connect(self._follow)
        return made

    def markdown(self) -> str:
        """The answer so far."""
        return self._markdown

    def clear(self) -> None:
        """Nothing was asked."""
        self._markdown, self._streaming = "", False
        self._follows = True
        self._redraw.stop()
        self._draw()
        for part in (self._question, self._progress, self._banner, self._cut, self.crop):
            _show(part, visible=False)

    def show_question(self, text: str) -> None:
        line = " ".join(text.split())
        self._question.setText(line)
        self._question.setToolTip(text if text != line else "")
        _show(self._question, visible=bool(line))

    def show_progress(self, sentence: str) -> None:
        """Only until there is an answer."""
        self._progress.setText(sentence)
        _show(self._progress, visible=not self._markdown)

    def show_answer(self, markdown: str, *, streaming: bool, verbatim: bool = False) -> None:
        """Show it; letter by letter where it is no Markdown but `verbatim`."""
        self._markdown, self._streaming, self._is_verbatim = markdown, streaming, verbatim
        _show(self._progress, visible=streaming and not markdown)
        for part in (self._banner, self._cut, self.crop):
            _show(part, visible=False)
        if not streaming:
            self._redraw.stop()
            self._draw()
        elif not self._redraw.isActive():
            self._redraw.start()

    def show_cut(self, sentence: str, action: str, hint: str) -> None:
        """Say that the answer is no complete JSON, or was closed."""
        self._cut.say(sentence, action, hint)
        _show(self._cut, visible=True)

    def offer_crop(self, *, is_marked: bool) -> None:
        """Show the button that crops the picture, to the places that are marked in it or in the editor."""
        self.crop.setText(crop_words(is_marked=is_marked))
        _show(self.crop, visible=True)

    def show_error(self, sentence: str) -> None:
        self._error.setText(sentence)
        _show(self._progress, visible=False)
        _show(self._banner, visible=True)

    def fit(self, width: int, tallest: int) -> None:
        """Take the height that the answer needs at a width, within a limit."""
        self._scroll.setFixedHeight(min(tallest, self._view.heightForWidth(width - 2 * _SIDE_PX)))

    def _draw(self) -> None:
        bar = self._scroll.verticalScrollBar()
        self._follows = self._streaming and bar.value() >= bar.maximum() - _AT_THE_END_PX
        self._scroll.setVisible(bool(self._markdown))
        shown = fenced(self._markdown) if self._is_verbatim and self._markdown else self._markdown
        self._view.set_markdown(shown, streaming=self._streaming)

    def _follow(self, _least: int, most: int) -> None:
        """Stay at the end while text comes in, unless the person scrolled away from it."""
        if self._follows:
            self._scroll.verticalScrollBar().setValue(most)


def _line(kind: str) -> QLabel:
    label = QLabel()
    label.setProperty("kind", kind)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setMinimumWidth(1)  # too long a text is cut, not the window made wider
    return label


def _inset(widget: QWidget, *, stretched: bool = True) -> QWidget:
    """With the card's room at its sides."""
    around = QFrame()
    row = QHBoxLayout(around)
    row.setContentsMargins(_SIDE_PX, 0, _SIDE_PX, 0)
    row.addWidget(widget)
    if not stretched:
        row.addStretch(1)
    return around


def _show(widget: QWidget, *, visible: bool) -> None:
    """Show or hide a widget with the room around it."""
    around = widget.parentWidget()
    assert around is not None
    around.setVisible(visible)
