"""Choices that need a sentence each: cards in a column, one of them chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QLabel, QVBoxLayout

from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.cards import text_label
from desktop_vlm.ui.widgets.control import Control


@dataclass(frozen=True)
class CardChoice:
    """What one card says.

    Attributes:
        value: what choosing it means.
        title, note: its two lines.
        badge: a word at its right edge.
        problem: why it cannot be used; shown in the colour of errors.
        warning: what will not work with it.
        enabled: whether it can be chosen.
    """

    value: str
    title: str
    note: str = ""
    badge: str = ""
    problem: str = ""
    warning: str = ""
    enabled: bool = True


class RadioCard(QAbstractButton):
    """One card; all of it can be clicked."""

    def __init__(self, theme: Theme, choice: CardChoice) -> None:
        super().__init__()
        self._theme = theme
        self.setCheckable(True)
        self.setEnabled(choice.enabled)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(choice.title)
        self.setAccessibleDescription(" ".join(filter(None, (choice.note, choice.problem, choice.warning))))
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(text_label(choice.title))
        for words, kind in ((choice.note, "caption"), (choice.problem, "error"), (choice.warning, "warning")):
            if words:
                text.addWidget(text_label(words, kind))
        layout = QHBoxLayout(self)
        layout.setSpacing(12)
        layout.addLayout(text, 1)
        if choice.badge:
            badge = QLabel(choice.badge)
            set_kind(badge, "badge")
            layout.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
        for label in self.findChildren(QLabel):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self._set_margins)
        self._set_margins()

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ring = self.hasFocus()
        painter.setPen(QPen(theme.color("accent" if ring or self.isChecked() else "border"), 2 if ring else 1))
        background = "accent_soft" if self.isChecked() else "hover" if self.underMouse() else "surface"
        painter.setBrush(theme.color(background))
        painter.drawRoundedRect(frame, 10, 10)
        size = theme.text_px
        center = QPointF(16 + size / 2, 12 + size * 0.68)
        painter.setPen(QPen(theme.color("accent" if self.isChecked() else "control"), 1.5))
        painter.setBrush(theme.color("surface"))
        painter.drawEllipse(center, size * 0.5, size * 0.5)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent"))
            painter.drawEllipse(center, size * 0.27, size * 0.27)

    def _set_margins(self) -> None:
        layout = self.layout()
        if layout:
            layout.setContentsMargins(16 + self._theme.text_px + 12, 11, 14, 11)


class RadioCards(Control):
    """A column of cards."""

    wide = True

    def __init__(self, theme: Theme, choices: Iterable[CardChoice] = ()) -> None:
        super().__init__()
        self._theme = theme
        self.cards: dict[str, RadioCard] = {}
        self._group = QButtonGroup(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self.set_choices(choices)

    def set_choices(self, choices: Iterable[CardChoice]) -> None:
        """Show other cards."""
        for old in self.cards.values():
            self._group.removeButton(old)
            self._layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.cards = {}
        for choice in choices:
            card = RadioCard(self._theme, choice)
            card.clicked.connect(lambda _checked=False, value=choice.value: self.changed.emit(value))
            self.cards[choice.value] = card
            self._group.addButton(card)
            self._layout.addWidget(card)

    def value(self) -> str:
        return next((value for value, card in self.cards.items() if card.isChecked()), "")

    def set_value(self, value: object) -> None:
        for one, card in self.cards.items():
            if one == value:
                card.setChecked(True)

    def name(self, label: str, help_text: str) -> None:
        """The cards name themselves."""
