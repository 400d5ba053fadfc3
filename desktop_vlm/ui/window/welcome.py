"""What an empty conversation shows: what to do, an example to try at once, and the way to a real model."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop_vlm.ui.desktop.hotkey import HotkeyState
from desktop_vlm.ui.models.first_model_card import FirstModelCard
from desktop_vlm.ui.models.protocol import Job, Survey
from desktop_vlm.ui.text_layer.layers import TextLayers
from desktop_vlm.ui.text_layer.protocol import Availability
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.banner import Banner
from desktop_vlm.ui.window.capture_introduction import CaptureIntroduction, CaptureKey

_WIDTH = 640
_NARROW_PX, _NARROW = 500, 33
"""Where there is less room, what stands side by side stands one below the other; the second in text sizes."""


class Welcome(QScrollArea):
    """The first thing a person sees.

    Attributes:
        introduction: of the key that captures.

    Signals:
        capture_requested: a part of the screen shall be captured.
        open_requested, paste_requested: a button was pressed.
        example_chosen: a question about the example picture.
        models_requested(str): the person wants to see the models, and the details of this one; "" for none.
    """

    capture_requested = Signal()
    open_requested = Signal()
    paste_requested = Signal()
    example_chosen = Signal(str)
    models_requested = Signal(str)

    def __init__(
        self, theme: Theme, example: Path | None, text_layers: TextLayers, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._example_row: QHBoxLayout | None = None
        self._is_introducing = False
        self._key_state: HotkeyState | None = None
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out(example)
        text_layers.availability_changed.connect(self._show_reading)
        self._show_reading(text_layers.availability)
        theme.changed.connect(self._take_icons)
        self._take_icons()

    def show_models(self, survey: Survey, job: Job | None, *, is_demo: bool) -> None:
        """Say which model would suit this computer, while the bundled demo is the one in use."""
        self._first_model.show_models(survey, job)
        self._first_model.setVisible(is_demo)

    def set_introducing(self, introducing: bool) -> None:
        """Whether the key is still to be introduced."""
        self.introduction.setVisible(introducing)
        self._is_introducing = introducing
        self.show_key(self._key_state)

    def show_key(self, state: HotkeyState | None) -> None:
        """Show the key as it is really bound."""
        self._key_state = state
        self.introduction.show_key(state)
        self._key.show_key(None if self._is_introducing else state)

    def show_problem(self, sentence: str) -> None:
        """Say why there is no model, and lead to another; "" where there is one."""
        self._problem.say(sentence)
        self._problem.setVisible(bool(sentence))

    def _show_reading(self, availability: Availability) -> None:
        """Text can be read without a model: that is worth a line, where it is so."""
        self._reading.setVisible(availability not in {Availability.MISSING, Availability.OFF})

    def _lay_out(self, example: Path | None) -> None:
        page = QWidget()
        page.setProperty("kind", "clear")
        self.setWidget(page)
        outer = QVBoxLayout(page)
        outer.setContentsMargins(24, 24, 24, 24)
        outer.addStretch(2)
        middle = QWidget()
        middle.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._icon)
        column.addSpacing(6)
        column.addWidget(_centred(self.tr("What is on your screen?"), "title"))
        column.addWidget(
            _centred(
                self.tr("Capture a part of it, or drop or paste a picture here, and ask about it."),
                "muted",
            )
        )
        column.addSpacing(8)
        self._button_row = self._buttons()
        column.addLayout(self._button_row)
        self._key = CaptureKey()
        column.addWidget(self._key)
        column.addSpacing(20)
        self._problem = Banner("banner-danger", self.tr("Choose a model"))
        self._problem.clicked.connect(lambda: self.models_requested.emit(""))
        self._problem.hide()
        column.addWidget(self._problem)
        self.introduction = CaptureIntroduction()
        column.addWidget(self.introduction)
        if example is not None and example.exists():
            column.addWidget(self._example(example))
        self._reading = _centred(
            self.tr("Extract text reads any screenshot exactly, before you have a model."), "caption"
        )
        column.addWidget(self._reading)
        self._first_model = FirstModelCard(self._theme)
        self._first_model.models_requested.connect(self.models_requested)
        column.addWidget(self._first_model)
        self._offline = QLabel(self.tr("Pictures and questions stay on this computer."))
        self._offline.setProperty("kind", "caption")
        self._offline.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        column.addWidget(self._offline)
        centre = QHBoxLayout()
        centre.addStretch(1)
        centre.addWidget(middle, 100)
        centre.addStretch(1)
        outer.addLayout(centre)
        outer.addStretch(3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        is_narrow = self.viewport().width() < max(_NARROW_PX, round(self._theme.text_px * _NARROW))
        direction = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        for row in (self._button_row, self._example_row):
            if row is not None and row.direction() != direction:
                row.setDirection(direction)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        self._capture = QPushButton(" " + self.tr("Capture the screen"))
        self._capture.setProperty("kind", "primary")
        self._capture.clicked.connect(self.capture_requested)
        self._open = QPushButton(" " + self.tr("Open pictures"))
        self._open.clicked.connect(self.open_requested)
        self._paste = QPushButton(" " + self.tr("Paste"))
        self._paste.clicked.connect(self.paste_requested)
        for button in (self._capture, self._open, self._paste):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _example(self, file: Path) -> QWidget:
        card = QFrame()
        card.setProperty("kind", "card")
        self._example_row = row = QHBoxLayout(card)
        row.setContentsMargins(14, 14, 16, 14)
        row.setSpacing(16)
        row.addWidget(_RoundedPicture(self._theme, QPixmap(str(file)), QSize(190, 118)))
        column = QVBoxLayout()
        column.setSpacing(6)
        heading = QLabel(self.tr("Try it with this screenshot"))
        heading.setProperty("kind", "heading")
        column.addWidget(heading)
        for question in (self.tr("Read the message."), self.tr("Which buttons are there?")):
            button = QPushButton(question)
            button.setProperty("kind", "example")
            button.clicked.connect(lambda _=False, question=question: self.example_chosen.emit(question))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        row.addLayout(column, 1)
        return card

    def _take_icons(self) -> None:
        self._icon.setPixmap(self._theme.icon("scan-eye", "accent").pixmap(QSize(44, 44), self.devicePixelRatioF()))
        self._capture.setIcon(self._theme.icon("scan", "on_accent"))
        self._open.setIcon(self._theme.icon("image-plus"))
        self._paste.setIcon(self._theme.icon("clipboard-paste"))
        self._arrange()  # with the size of the text


def _centred(text: str, kind: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("kind", kind)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return label


class _RoundedPicture(QWidget):
    """A picture that fills a rounded rectangle."""

    def __init__(self, theme: Theme, picture: QPixmap, size: QSize) -> None:
        super().__init__()
        self._theme = theme
        self._picture = picture
        self.setFixedSize(size)

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        outline = QPainterPath()
        outline.addRoundedRect(0.5, 0.5, self.width() - 1, self.height() - 1, 8, 8)
        painter.setClipPath(outline)
        painter.fillRect(self.rect(), self._theme.color("hover"))
        size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        x, y = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        painter.drawPixmap(x, y, size.width(), size.height(), self._picture)
        painter.setClipping(False)
        painter.setPen(self._theme.color("border"))
        painter.drawPath(outline)
