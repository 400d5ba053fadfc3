"""Controls to choose with: a switch, words side by side, a list that drops down."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QFrame,
    QPushButton,
)

from desktop_vlm.api.fields import Choice
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.control import Control, fill, icon_size, name_widget, shown
from desktop_vlm.ui.widgets.drop_down import DropDown
from desktop_vlm.ui.widgets.toggle import draw_toggle


class ToggleSwitch(QAbstractButton):
    """A switch as on a phone."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        height = round(self._theme.text_px * 1.5) + 6
        return QSize(round((height - 6) * 1.8) + 6, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        radius = track.height() / 2
        draw_toggle(painter, track, float(self.isChecked()), theme, enabled=self.isEnabled())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius + 2, radius + 2)


class SwitchControl(Control):
    """Yes or no."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.button = ToggleSwitch(theme)
        self.button.toggled.connect(self.changed.emit)
        fill(self, [self.button])

    def value(self) -> bool:
        return self.button.isChecked()

    def set_value(self, value: object) -> None:
        self.button.blockSignals(True)
        self.button.setChecked(bool(value))
        self.button.blockSignals(False)
        self.button.update()

    def name(self, label: str, help_text: str) -> None:
        name_widget(self.button, label, help_text)


class Segments(Control):
    """A few words side by side, one of them chosen."""

    def __init__(self, theme: Theme, choices: Iterable[Choice]) -> None:
        super().__init__()
        self._theme = theme
        self._choices = tuple(choices)
        self._group = QButtonGroup(self)
        self.buttons: list[QPushButton] = []
        frame = QFrame()
        set_kind(frame, "segments")
        for number, choice in enumerate(self._choices):
            # The space keeps the word off the icon, for which style sheets have no word.
            button = QPushButton(f" {shown(choice.label)}" if choice.icon else shown(choice.label))
            button.setCheckable(True)
            button.setAutoDefault(False)
            set_kind(button, "segment")
            self._group.addButton(button, number)
            self.buttons.append(button)
        self._group.idClicked.connect(lambda number: self.changed.emit(self._choices[number].value))
        fill(frame, self.buttons, margin=3, spacing=2)
        fill(self, [frame])
        theme.changed.connect(self._set_icons)
        self._set_icons()

    def value(self) -> str:
        return self._choices[max(self._group.checkedId(), 0)].value

    def set_value(self, value: object) -> None:
        for choice, button in zip(self._choices, self.buttons, strict=True):
            button.setChecked(choice.value == value)

    def name(self, label: str, help_text: str) -> None:
        for choice, button in zip(self._choices, self.buttons, strict=True):
            name_widget(button, f"{label}: {shown(choice.label)}", help_text)

    def _set_icons(self) -> None:
        for choice, button in zip(self._choices, self.buttons, strict=True):
            if choice.icon:
                button.setIcon(self._theme.icon(choice.icon, "text"))
                button.setIconSize(icon_size(self._theme))


class Select(Control):
    """One of several words, in a list that drops down."""

    def __init__(self, theme: Theme, choices: Iterable[Choice]) -> None:
        super().__init__()
        self.box = DropDown(theme)
        for choice in choices:
            self.box.addItem(shown(choice.label), choice.value)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.box.activated.connect(lambda _index: self.changed.emit(self.value()))
        fill(self, [self.box])

    def value(self) -> str:
        return str(self.box.currentData())

    def set_value(self, value: object) -> None:
        self.box.setCurrentIndex(max(self.box.findData(value), 0))

    def name(self, label: str, help_text: str) -> None:
        name_widget(self.box, label, help_text)
