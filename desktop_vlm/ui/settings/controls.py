"""Controls for settings: one for each kind of rule, all with the same small interface."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QButtonGroup,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_vlm.settings.fields import Choice, Number, OneOf, Rule, Switch, Text, Whole, WholeOr
from desktop_vlm.ui.theme import Theme, set_kind

_TYPING_PAUSE_MS = 400


def shown(text: str) -> str:
    """A text of the declarations in the person's language."""
    return QCoreApplication.translate("settings", text) if text else ""


class Control(QWidget):
    """Shows and changes one value.

    Attributes:
        wide: it wants the whole width, below its label.

    Signals:
        changed: the person chose another value.
    """

    changed = Signal(object)
    wide = False

    def value(self) -> object:
        raise NotImplementedError

    def set_value(self, value: object) -> None:
        """Show a value without telling anybody."""
        raise NotImplementedError

    def name(self, label: str, help_text: str) -> None:
        """Say what it is to people who do not see it."""
        raise NotImplementedError

    def flush(self) -> None:
        """Tell at once of a change that waits for a pause in typing."""


def control_for(theme: Theme, rule: Rule) -> Control:
    """The control for values of a rule."""
    if isinstance(rule, Switch):
        return SwitchControl(theme)
    if isinstance(rule, (Whole, Number)):
        return Stepper(theme, rule)
    if isinstance(rule, WholeOr):
        return AutomaticOr(theme, rule)
    if isinstance(rule, OneOf):
        few = len(rule.choices) <= 3
        return Segments(theme, rule.choices) if few else Select(theme, rule.choices)
    if isinstance(rule, Text):
        return TextArea(theme, rule) if rule.lines > 1 else TextLine(rule)
    raise TypeError(f"no control for {rule}")


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

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        radius = track.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent" if self.isChecked() else "control"))
        painter.drawRoundedRect(track, radius, radius)
        knob_x = track.right() - radius if self.isChecked() else track.left() + radius
        painter.setBrush(theme.color("on_accent" if self.isChecked() else "surface"))
        painter.drawEllipse(QPointF(knob_x, track.center().y()), radius - 3, radius - 3)
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
        _fill(self, [self.button])

    def value(self) -> bool:
        return self.button.isChecked()

    def set_value(self, value: object) -> None:
        self.button.blockSignals(True)
        self.button.setChecked(bool(value))
        self.button.blockSignals(False)
        self.button.update()

    def name(self, label: str, help_text: str) -> None:
        _name(self.button, label, help_text)


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
        _fill(frame, self.buttons, margin=3, spacing=2)
        _fill(self, [frame])
        theme.changed.connect(self._set_icons)
        self._set_icons()

    def value(self) -> str:
        return self._choices[max(self._group.checkedId(), 0)].value

    def set_value(self, value: object) -> None:
        for choice, button in zip(self._choices, self.buttons, strict=True):
            button.setChecked(choice.value == value)

    def name(self, label: str, help_text: str) -> None:
        for choice, button in zip(self._choices, self.buttons, strict=True):
            _name(button, f"{label}: {shown(choice.label)}", help_text)

    def _set_icons(self) -> None:
        for choice, button in zip(self._choices, self.buttons, strict=True):
            if choice.icon:
                button.setIcon(self._theme.icon(choice.icon, "text"))
                button.setIconSize(icon_size(self._theme))


class _ComboBox(QComboBox):
    """Draws the theme's arrow; the wheel scrolls the page, not the choice, unless it has the focus."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, _event: QPaintEvent) -> None:
        # Style sheets cannot leave out the style's own arrow, so it is not asked for.
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.subControls = QStyle.SubControl.SC_ComboBoxFrame | QStyle.SubControl.SC_ComboBoxEditField
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        side = self._theme.text_px
        icon = self._theme.icon("chevron-down", "muted")
        icon.paint(painter, self.width() - side - 8, (self.height() - side) // 2, side, side)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Select(Control):
    """One of several words, in a list that drops down."""

    def __init__(self, theme: Theme, choices: Iterable[Choice]) -> None:
        super().__init__()
        self.box = _ComboBox(theme)
        for choice in choices:
            self.box.addItem(shown(choice.label), choice.value)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.box.activated.connect(lambda _index: self.changed.emit(self.value()))
        _fill(self, [self.box])

    def value(self) -> str:
        return str(self.box.currentData())

    def set_value(self, value: object) -> None:
        self.box.setCurrentIndex(max(self.box.findData(value), 0))

    def name(self, label: str, help_text: str) -> None:
        _name(self.box, label, help_text)


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
        self.less, self.more = QToolButton(), QToolButton()
        for button, step in ((self.less, self.box.stepDown), (self.more, self.box.stepUp)):
            # The arrow keys do the same in the field, so these need no place in the tab order.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setAutoRepeat(True)
            button.clicked.connect(step)
        _fill(self, [self.less, self.box, self.more], spacing=4)
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
        _name(self.box, label, help_text)
        _name(self.less, self.tr("Less: {0}").format(label), "")
        _name(self.more, self.tr("More: {0}").format(label), "")

    def _set_icons(self) -> None:
        for button, icon in ((self.less, "minus"), (self.more, "plus")):
            button.setIcon(self._theme.icon(icon, "muted"))
            button.setIconSize(icon_size(self._theme))
        self.box.setMinimumWidth(round(self._theme.text_px * 5.5))  # so that those of a card line up


class AutomaticOr(Control):
    """Automatic, or a number set by hand."""

    def __init__(self, theme: Theme, rule: WholeOr) -> None:
        super().__init__()
        self._word = rule.word
        by_hand = Choice("by-hand", self.tr("By hand"))
        self.segments = Segments(theme, (Choice(rule.word, rule.word_label), by_hand))
        self.stepper = Stepper(theme, rule.number)
        self.segments.changed.connect(self._chosen)
        self.stepper.changed.connect(self.changed.emit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for part in (self.segments, self.stepper):
            layout.addWidget(part, alignment=Qt.AlignmentFlag.AlignRight)

    def value(self) -> int | str:
        return self._word if self.segments.value() == self._word else int(self.stepper.value())

    def set_value(self, value: object) -> None:
        automatic = value == self._word
        self.segments.set_value(self._word if automatic else "by-hand")
        self.stepper.setVisible(not automatic)
        if not automatic:
            self.stepper.set_value(value)

    def name(self, label: str, help_text: str) -> None:
        self.segments.name(label, help_text)
        self.stepper.name(label, help_text)

    def _chosen(self, _value: object) -> None:
        self.stepper.setVisible(self.segments.value() != self._word)
        self.changed.emit(self.value())


class TextLine(Control):
    """One line of text."""

    def __init__(self, rule: Text) -> None:
        super().__init__()
        self.box = QLineEdit()
        self.box.setPlaceholderText(shown(rule.placeholder))
        self._timer = _typing_timer(self)
        self.box.textEdited.connect(lambda _text: self._timer.start())
        self.box.editingFinished.connect(self.flush)
        _fill(self, [self.box])
        self.wide = True

    def value(self) -> str:
        return self.box.text()

    def set_value(self, value: object) -> None:
        if value == self.value():
            return  # keeps the cursor where it is
        self._timer.stop()
        self.box.setText(str(value))
        self.box.setCursorPosition(0)

    def name(self, label: str, help_text: str) -> None:
        _name(self.box, label, help_text)

    def flush(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self.changed.emit(self.value())


class _PlainText(QPlainTextEdit):
    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class TextArea(Control):
    """Several lines of text."""

    def __init__(self, theme: Theme, rule: Text) -> None:
        super().__init__()
        self._theme = theme
        self._lines = rule.lines
        self.box = _PlainText()
        self.box.setPlaceholderText(shown(rule.placeholder))
        self.box.setTabChangesFocus(True)
        self._timer = _typing_timer(self)
        self.box.textChanged.connect(self._timer.start)
        self.box.left.connect(self.flush)
        _fill(self, [self.box])
        theme.changed.connect(self._set_height)
        self._set_height()
        self.wide = True

    def value(self) -> str:
        return self.box.toPlainText()

    def set_value(self, value: object) -> None:
        if value == self.value():
            return  # keeps the cursor where it is
        self.box.blockSignals(True)
        self.box.setPlainText(str(value))
        self.box.blockSignals(False)
        self._timer.stop()

    def name(self, label: str, help_text: str) -> None:
        _name(self.box, label, help_text)

    def flush(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self.changed.emit(self.value())

    def _set_height(self) -> None:
        self.box.setFixedHeight(round(self._theme.text_px * 1.45 * self._lines) + 22)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._set_height()


def icon_size(theme: Theme) -> QSize:
    """Size of an icon beside running text."""
    side = round(theme.text_px * 1.15)
    return QSize(side, side)


def _typing_timer(control: Control) -> QTimer:
    timer = QTimer(control)
    timer.setSingleShot(True)
    timer.setInterval(_TYPING_PAUSE_MS)
    timer.timeout.connect(lambda: control.changed.emit(control.value()))
    return timer


def _fill(widget: QWidget, parts: Iterable[QWidget], margin: int = 0, spacing: int = 0) -> None:
    layout = QHBoxLayout(widget)
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(spacing)
    for part in parts:
        layout.addWidget(part)
    if not any(isinstance(part, (QLineEdit, QPlainTextEdit)) for part in parts):
        widget.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)


def _name(widget: QWidget, label: str, help_text: str) -> None:
    widget.setAccessibleName(label)
    widget.setAccessibleDescription(help_text)
