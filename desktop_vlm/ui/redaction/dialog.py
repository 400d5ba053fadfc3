"""Hiding private text of one picture: what was found is proposed, more is drawn or named, and then it is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_vlm.api.text_layer import Box, TextLayer
from desktop_vlm.images.redaction import cover
from desktop_vlm.images.text_layer.sensitive import Finding, find_words
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.decoding import open_image
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.loading import PictureData, levels_of, read_data
from desktop_vlm.ui.plural import plural
from desktop_vlm.ui.redaction.canvas import RedactionCanvas
from desktop_vlm.ui.redaction.mark_list import MarkList
from desktop_vlm.ui.redaction.private_texts import PrivateTexts
from desktop_vlm.ui.redaction.proposal import Proposal
from desktop_vlm.ui.text_layer.layers import LayerState, TextLayers
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.button_row import button_row
from desktop_vlm.ui.widgets.cards import text_label
from desktop_vlm.ui.widgets.on_screen import keep_on_screen
from desktop_vlm.ui.widgets.text_menu import use_text_menu

_PREFERRED = QSize(1060, 680)
_SIDE_PX, _SIDE = 316, 19  # the latter in text sizes


@dataclass(frozen=True)
class Subject:
    """The picture, and what happens once it is changed.

    Attributes:
        sha256, name, data: the picture, as people call it, and its file.
        consequence: what applying it means; some plain sentences.
        obstacle: asked before it is applied: why that cannot be now, or "".
    """

    sha256: str
    name: str
    data: PictureData
    consequence: str
    obstacle: Callable[[], str] = str


class RedactionDialog(QDialog):
    """The picture with its boxes at the left, the list of them at the right.

    Attributes:
        proposal, canvas, list, word, status, apply: its parts.

    Signals:
        applied: the `NewPicture` that takes the picture's place; whoever takes it closes the dialog.
    """

    applied = Signal(object)

    def __init__(
        self, theme: Theme, subject: Subject, layers: TextLayers, texts: PrivateTexts, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.subject = subject
        self._layers = layers
        self._texts = texts
        self._background = Background(self)
        self._busy = False
        self._named = ""
        self.setWindowTitle(self.tr("Hide private text"))
        self.setModal(True)
        self.proposal = Proposal(self)
        self.canvas = RedactionCanvas(self.proposal)
        self.list = MarkList(theme, self.proposal)
        self._build(theme)
        self.list.pointed.connect(self._point_out)
        self.canvas.pointed.connect(self._select)
        self.proposal.changed.connect(self._show)
        layers.changed.connect(self._known)
        texts.changed.connect(self._known)
        for keys, do in ((QKeySequence.StandardKey.Undo, self._undo), ("Ctrl+0", self.canvas.fit)):
            QShortcut(QKeySequence(keys), self).activated.connect(do)
        keep_on_screen(self, _PREFERRED)
        self.word.setFocus()
        self._background.run(partial(_levels, subject), self.canvas.show_levels, self.status.setText)
        layers.request(subject.sha256, subject.data, urgent=True)
        self._known(subject.sha256)

    # What it is made of

    def _build(self, theme: Theme) -> None:
        stage = QFrame()
        set_kind(stage, "stage")
        around = QVBoxLayout(stage)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.canvas)
        side = QWidget()
        side.setFixedWidth(max(_SIDE_PX, round(theme.text_px * _SIDE)))
        column = QVBoxLayout(side)
        column.setContentsMargins(16, 18, 16, 16)
        column.setSpacing(8)
        column.addWidget(text_label(self.tr("Hide private text"), "heading"))
        self.status = text_label("", "muted")
        column.addWidget(self.status)
        column.addWidget(self.list, 1)
        column.addLayout(self._word_row())
        self._word_result = text_label("", "caption")
        self._word_result.hide()
        column.addWidget(self._word_result)
        line = QFrame()
        set_kind(line, "line")
        column.addSpacing(4)
        column.addWidget(line)
        column.addWidget(text_label(self.subject.consequence, "caption"))
        column.addLayout(self._buttons())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(stage, 1)
        row.addWidget(side)

    def _word_row(self) -> QHBoxLayout:
        self.word = QLineEdit()
        use_text_menu(self.word)
        self.word.setPlaceholderText(self.tr("Another word"))
        self.word.setAccessibleName(self.tr("Another word to hide"))
        self.word.returnPressed.connect(self._name_word)
        self._add = QPushButton(self.tr("Add"))
        self._add.setAutoDefault(False)
        self._add.setEnabled(False)
        self._add.clicked.connect(self._name_word)
        self.word.textChanged.connect(lambda text: self._add.setEnabled(bool(text.strip())))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.word, 1)
        row.addWidget(self._add)
        return row

    def _buttons(self) -> QHBoxLayout:
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.apply = QPushButton()
        set_kind(self.apply, "primary")
        self.apply.setAutoDefault(False)  # Enter in the field names a word
        self.apply.clicked.connect(self._apply)
        row = button_row(cancel, self.apply)
        row.setContentsMargins(0, 6, 0, 0)
        return row

    # What is known of the picture's text

    def _known(self, sha256: str) -> None:
        if sha256 != self.subject.sha256:
            return
        if found := self._texts.findings(sha256):
            self.proposal.propose(found)
        self._show()

    def _show(self) -> None:
        self.status.setText(self._state())
        count = sum(mark.on for mark in self.proposal.marks)
        if self._busy:
            self.apply.setText(self.tr("Hiding\u2026"))
        else:
            self.apply.setText(plural("RedactionDialog", count, "Hide 1 place", "Hide {n} places"))
        self.apply.setEnabled(bool(count) and not self._busy)
        self.word.setEnabled(self._layer is not None)

    def _state(self) -> str:
        sha256 = self.subject.sha256
        if self._layers.state(sha256) is LayerState.FAILED:
            draw = self.tr("You can still draw boxes over what shall be hidden.")
            return f"{self._layers.problem(sha256)} {draw}"
        if self._layer is None or self._texts.findings(sha256) is None:
            return self.tr("Reading the text of the picture\u2026 You can draw boxes meanwhile.")
        if not self.proposal.marks:
            return self.tr("Nothing private was found. Drag over the picture to draw a box, or name a word below.")
        return self.tr("Click a box to switch it; drag over the picture to draw another.")

    @property
    def _layer(self) -> TextLayer | None:
        return self._layers.layer(self.subject.sha256)

    # What the person does

    def _name_word(self) -> None:
        word, layer = self.word.text().strip(), self._layer
        if word and layer is not None:
            self._named = word
            self._background.run(partial(find_words, layer, [word]), partial(self._word_found, word))

    def _word_found(self, word: str, found: tuple[Finding, ...]) -> None:
        known = {(mark.kind, mark.text, len(mark.boxes)) for mark in self.proposal.marks}
        count = self.proposal.propose(found)
        if word != self._named:
            return
        if found:
            self.word.clear()
            self.list.scrollToBottom()
        sentence = ""
        if not found:
            sentence = self.tr("\u201c{0}\u201d was not found in the picture.").format(word)
        elif not count and known:
            sentence = self.tr("\u201c{0}\u201d is in the list already.").format(word)
        self._word_result.setText(sentence)
        self._word_result.setVisible(bool(sentence))

    def _point_out(self, index: int) -> None:
        self.canvas.point_out(index)
        if 0 <= index < len(self.proposal.marks):
            self.canvas.reveal(self.proposal.marks[index].boxes[0])

    def _select(self, index: int) -> None:
        if index >= 0:
            self.list.blockSignals(True)  # the canvas knows already
            self.list.setCurrentRow(index)
            self.list.blockSignals(False)

    def _undo(self) -> None:
        """Take the last box back that was drawn."""
        if self.word.hasFocus() and self.word.isUndoAvailable():
            self.word.undo()
        else:
            self.proposal.take_back()

    def _apply(self) -> None:
        if problem := self.subject.obstacle():
            self.status.setText(problem)
            return
        self._busy = True
        self._show()
        self._background.run(partial(redacted, self.subject, self.proposal.boxes), self.applied.emit, self._failed)

    def _failed(self, sentence: str) -> None:
        self._busy = False
        self._show()
        self.status.setText(sentence)

    def report(self, sentence: str) -> None:
        """Say why it was not applied; it can be tried again."""
        self._failed(sentence)


def redacted(subject: Subject, boxes: tuple[Box, ...]) -> NewPicture:
    """The picture with black boxes. Not for the window's thread."""
    image = open_image(read_data(subject.data), name=subject.name)
    return NewPicture(cover(image, boxes), subject.name, image.width, image.height)


def _levels(subject: Subject) -> list[QImage]:
    return levels_of(open_image(read_data(subject.data), name=subject.name))
