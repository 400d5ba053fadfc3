"""Controls for numbers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QToolButton, QVBoxLayout

from desktop_vlm.api.fields import Choice, Number, Whole, WholeOr
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.choice_controls import Segments
from desktop_vlm.ui.widgets.control import Control, fill, icon_size, name_widget, shown
from desktop_vlm.ui.widgets.text_menu import use_text_menu


class _FieldCare(QObject):
    """What every number field needs: the wheel scrolls the page, and the text has the whole width."""

    def __init__(self, box: QAbstractSpinBox) -> None:
        super().__init__(box)
        self._box = box
        self._text = box.lineEdit()
        for watched in (box, self._text):
            watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and not self._box.hasFocus():
            event.ignore()
            return True
        if watched is self._text and event.type() in {QEvent.Type.Resize, QEvent.Type.Move}:
            # Without buttons and with a style sheet, Qt 6 leaves the text a width of one pixel.
            self._text.setGeometry(self._box.rect().adjusted(6, 2, -6, -2))
        return super().eventFilter(watched, event)


class Stepper(Control):
    """A number between minus and plus."""

    def __init__(self, theme: Theme, rule: Whole | Number) -> None:
        super().__init__()
        self._theme = theme
        self.box: QSpinBox | QDoubleSpinBox
        if isinstance(rule, Whole):
            self.box = QSpinBox()
            self.box.setRange(rule.least, rule.most)
            self.box.setGroupSeparatorShown(True)
            self.box.setSingleStep(rule.step)
            self.box.setSuffix(f" {shown(rule.unit)}" if rule.unit else "")
            self.box.valueChanged.connect(self.changed.emit)
        else:
            self.box = QDoubleSpinBox()
            self.box.setDecimals(rule.decimals)
            self.box.setRange(rule.least, rule.most)
            self.box.setSingleStep(rule.step)
            self.box.valueChanged.connect(lambda value: self.changed.emit(round(value, rule.decimals)))
        self.box.setKeyboardTracking(False)
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.box.setAlignment(Qt.AlignmentFlag.AlignCenter)
        _FieldCare(self.box)
        use_text_menu(self.box)
        self.less, self.more = QToolButton(), QToolButton()
        for button, step in ((self.less, self.box.stepDown), (self.more, self.box.stepUp)):
            # The arrow keys do the same in the field, so these need no place in the tab order.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setAutoRepeat(True)
            button.clicked.connect(step)
        fill(self, [self.less, self.box, self.more], spacing=4)
        theme.changed.connect(self._set_icons)
        self._set_icons()

    def value(self) -> int | float:
        value = self.box.value()
        return round(value, self.box.decimals()) if isinstance(self.box, QDoubleSpinBox) else value

    def set_value(self, value: object) -> None:
        assert isinstance(value, (int, float))
        self.box.blockSignals(True)
        self.box.setValue(value)  # type: ignore[arg-type]  # each box gets the kind of number it is for
        self.box.blockSignals(False)

    def name(self, label: str, help_text: str) -> None:
        name_widget(self.box, label, help_text)
        name_widget(self.less, self.tr("Less: {0}").format(label), "")
        name_widget(self.more, self.tr("More: {0}").format(label), "")

    def _set_icons(self) -> None:
        for button, icon in ((self.less, "minus"), (self.more, "plus")):
            button.setIcon(self._theme.icon(icon, "muted"))
            button.setIconSize(icon_size(self._theme))
        self.box.setMinimumWidth(round(self._theme.text_px * 5.5))  # so that those of a card line up


class AutomaticOr(Control):
    """Automatic, or a number set manually."""

    def __init__(self, theme: Theme, rule: WholeOr) -> None:
        super().__init__()
        self._rule = rule
        manual = Choice("manual", self.tr("Manual"))
        self.segments = Segments(theme, (Choice(rule.word, rule.word_label), manual))
        self.stepper = Stepper(theme, rule.number)
        self.segments.changed.connect(self._chosen)
        self.stepper.changed.connect(self.changed.emit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for part in (self.segments, self.stepper):
            layout.addWidget(part, alignment=Qt.AlignmentFlag.AlignRight)

    def value(self) -> int | None:
        return self._rule.meaning if self.segments.value() == self._rule.word else int(self.stepper.value())

    def set_value(self, value: object) -> None:
        automatic = value == self._rule.meaning
        self.segments.set_value(self._rule.word if automatic else "manual")
        self.stepper.setVisible(not automatic)
        if not automatic:
            self.stepper.set_value(value)

    def name(self, label: str, help_text: str) -> None:
        self.segments.name(label, help_text)
        self.stepper.name(label, help_text)

    def _chosen(self, _value: object) -> None:
        self.stepper.setVisible(self.segments.value() != self._rule.word)
        self.changed.emit(self.value())
