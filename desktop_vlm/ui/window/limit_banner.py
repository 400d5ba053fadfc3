"""Too many pictures for the model: said above the question before anything is sent, with the ways out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from desktop_vlm.ui.assistant.assistant import Assistant
from desktop_vlm.ui.assistant.sight import most_pictures, too_many_sentence
from desktop_vlm.ui.assistant.visible_pictures import ModelView, VisiblePicture
from desktop_vlm.ui.plural import plural
from desktop_vlm.ui.theme import set_kind
from desktop_vlm.ui.widgets.cards import text_label


class LimitBanner(QFrame):
    """There only while more pictures are switched on than the model takes.

    Attributes:
        text: what is said.
        only_some, choose: the ways out.

    Signals:
        choosing_requested: the person wants to switch pictures on and off.
    """

    choosing_requested = Signal()

    def __init__(self, assistant: Assistant) -> None:
        super().__init__()
        set_kind(self, "banner-warning")
        self._assistant = assistant
        self._leaving: Sequence[VisiblePicture] = ()
        self.text = text_label("", "warning")
        self.only_some = QPushButton()
        self.only_some.clicked.connect(self._leave_out)
        self.choose = QPushButton(self.tr("Choose\u2026"))
        self.choose.setToolTip(self.tr("Switch pictures on and off in \u201cWhat the model sees\u201d"))
        self.choose.clicked.connect(self.choosing_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.only_some)
        row.addWidget(self.choose)
        assistant.pictures.changed.connect(self._show)
        self._show(assistant.pictures.view)

    def _show(self, view: ModelView) -> None:
        sentence = too_many_sentence(view.capabilities, len(view.included))
        self.setVisible(bool(sentence))
        self._leaving = ()
        if not sentence:
            return
        most = most_pictures(view.capabilities) or 0
        new = [one for one in view.included if one.message_id is None]
        if 0 < len(new) <= most:
            self._leaving = [one for one in view.included if one.message_id is not None]
            words = self.tr("Only the new ones")
        else:
            self._leaving = view.included[most:]
            words = plural("LimitBanner", most, "Only the first", "Only the first {n}")
        self.text.setText(sentence)
        self.only_some.setText(words)

    def _leave_out(self) -> None:
        for picture in list(self._leaving):
            self._assistant.include(picture.sha256, False)
