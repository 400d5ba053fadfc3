"""Settings: theme and text size."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSlider, QVBoxLayout

from desktop_vlm.api.fields import Whole, setting_named
from desktop_vlm.settings import AppearanceSettings, Settings
from desktop_vlm.ui.settings.page import ChangeSetting, Page
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.cards import Card, Row, text_label
from desktop_vlm.ui.widgets.control import Control, shown

_SLIDING_PAUSE_MS = 150
"""A new style sheet for the whole window takes longer than a step of the slider."""


class TextSizeSlider(Control):
    """A slider between a small and a large letter."""

    wide = True

    def __init__(self, theme: Theme, rule: Whole) -> None:
        super().__init__()
        self._theme = theme
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(rule.least, rule.most)
        self.slider.setPageStep(2)
        self.number = QLabel()
        set_kind(self.number, "badge")
        self._small, self._large = QLabel("A"), QLabel("A")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SLIDING_PAUSE_MS)
        self._timer.timeout.connect(lambda: self.changed.emit(self.value()))
        self.slider.valueChanged.connect(self._moved)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._small)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self._large)
        layout.addWidget(self.number)
        for letter, size in ((self._small, rule.least), (self._large, rule.most)):
            letter.setStyleSheet(f"font-size: {size}px;")
            letter.setAccessibleName(" ")

    def value(self) -> int:
        return self.slider.value()

    def set_value(self, value: object) -> None:
        assert isinstance(value, int)
        self.slider.blockSignals(True)
        self.slider.setValue(value)
        self.slider.blockSignals(False)
        self.number.setText(self.tr("{0} px").format(value))

    def name(self, label: str, help_text: str) -> None:
        self.slider.setAccessibleName(label)
        self.slider.setAccessibleDescription(help_text)

    def flush(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self.changed.emit(self.value())

    def _moved(self, value: int) -> None:
        self.number.setText(self.tr("{0} px").format(value))
        self._timer.start()


class Preview(QFrame):
    """A question and an answer as they will look."""

    def __init__(self) -> None:
        super().__init__()
        set_kind(self, "card")
        bubble = QFrame()
        set_kind(bubble, "bubble")
        inside = QVBoxLayout(bubble)
        inside.setContentsMargins(14, 9, 14, 9)
        self._texts = [QLabel(self.tr("What does this error mean?")), text_label("")]
        self._texts[1].setText(
            self.tr("The disk is full, so the file could not be saved. Free some space, then save it again.")
        )
        inside.addWidget(self._texts[0])
        asked = QHBoxLayout()
        asked.addStretch(1)
        asked.addWidget(bubble)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(12)
        layout.addLayout(asked)
        layout.addWidget(self._texts[1])

    def show_size(self, text_px: int) -> None:
        """Show the texts at a size at once, before the whole window follows."""
        for text in self._texts:
            text.setStyleSheet(f"font-size: {text_px}px;")


class AppearancePage(Page):
    """Theme and text size, with an example of both."""

    def __init__(self, theme: Theme, change: ChangeSetting) -> None:
        super().__init__(theme, self.tr("Appearance"))
        card = Card()
        choice = setting_named(AppearanceSettings, "theme")
        card.add(self.row("appearance", choice, change))
        size = setting_named(AppearanceSettings, "text_px")
        assert isinstance(size.rule, Whole)
        self.slider = TextSizeSlider(theme, size.rule)
        self.slider.name(shown(size.label), shown(size.help))
        self.slider.changed.connect(lambda value: change("appearance", text_px=value))
        self.controls["appearance", "text_px"] = self.slider
        card.add(Row(shown(size.label), shown(size.help), self.slider, wide=True))
        self.add(card)
        self.add_heading(self.tr("Preview"))
        self.preview = Preview()
        self.slider.slider.valueChanged.connect(self.preview.show_size)
        self.add(self.preview)
        self.add_stretch()

    def show_settings(self, settings: Settings) -> None:
        super().show_settings(settings)
        self.preview.show_size(settings.appearance.text_px)
