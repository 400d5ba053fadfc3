"""Beginning to watch a region: what is asked, how often, and what is worth telling."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.fields import Whole
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.captures.condition import Condition
from desktop_vlm.ui.captures.watch import EVERY_S, WatchPlan
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.pictures.wording import size_text
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.button_row import button_row, dialog_button
from desktop_vlm.ui.widgets.cards import text_label
from desktop_vlm.ui.widgets.drop_down import DropDown
from desktop_vlm.ui.widgets.number_controls import Stepper
from desktop_vlm.ui.widgets.on_screen import keep_on_screen
from desktop_vlm.ui.widgets.text_menu import use_text_menu

_SHOWN = QSize(440, 130)


class WatchDialog(QDialog):
    """One region; `planned` comes with a plan that is complete.

    Attributes:
        action, question, every, when, kind, text, field, test: what the person chooses.
        problem: what is missing, a sentence.

    Signals:
        planned: a WatchPlan.
    """

    planned = Signal(object)

    def __init__(
        self,
        theme: Theme,
        region: Region,
        actions: Sequence[QuickAction],
        question: str,
        parent: QWidget | None = None,
    ) -> None:
        """`question` is proposed."""
        super().__init__(parent)
        self._theme = theme
        self._region = region
        self._actions = list(actions)
        self.setWindowTitle(self.tr("Watch a region"))
        self.setModal(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(self._shown_region())
        form = QFormLayout()
        form.setSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        column.addLayout(form)
        self._add_question(form, question)
        self._add_times(form)
        self._add_condition(form)
        self.problem = text_label("", "error")
        self.problem.hide()
        column.addWidget(self.problem)
        ends = self.tr("Looks at the pixels first: the model is asked only when they changed. Ends when you quit.")
        column.addWidget(text_label(ends, "caption"))
        column.addLayout(self._buttons())
        self._show_fields()
        keep_on_screen(self, QSize(theme.text_px * 36, self.sizeHint().height() + 4 * theme.text_px))
        self.question.setFocus()

    def plan(self) -> WatchPlan:
        """What the person chose.

        Raises:
            UserError: something is missing; the sentence says what.
        """
        action = self._action()
        question = action.question(self.question.toPlainText()) if action else self.question.toPlainText().strip()
        if not question:
            raise UserError(self.tr("Write the question that is asked each time."))
        kind = str(self.kind.currentData())
        condition = Condition(kind, self.text.text(), self.field.text(), str(self.test.currentData()))
        condition.check()
        always = bool(self.when.currentData())
        return WatchPlan(self._region, question, int(self.every.value()), condition, always, action)

    def show_image(self, image: QImage) -> None:
        """What the region looks like."""
        ratio = self.devicePixelRatioF()
        scaled = image.scaled(
            (_SHOWN * ratio).boundedTo(image.size()),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        scaled = scaled.convertToFormat(QImage.Format.Format_RGB32)
        with QPainter(scaled) as painter:  # a line around it: windows are often as white as this one
            painter.setPen(QPen(self._theme.color("edge"), ratio))
            half = ratio / 2
            painter.drawRect(QRectF(scaled.rect()).adjusted(half, half, -half, -half))
        scaled.setDevicePixelRatio(ratio)
        self._picture.setPixmap(QPixmap.fromImage(scaled))

    def _shown_region(self) -> QWidget:
        size = f"{size_text(self._region.width, self._region.height)} px"
        self._picture = QLabel(size)
        set_kind(self._picture, "muted")
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setFixedHeight(_SHOWN.height())
        self._picture.setAccessibleName(self.tr("The region, {0}").format(size))
        self._picture.setToolTip(size)
        return self._picture

    def _add_question(self, form: QFormLayout, question: str) -> None:
        self.action = DropDown(self._theme)
        self.action.addItem(self.tr("A question of my own"), "")
        for one in self._actions:
            if one.sends_prompt:
                self.action.addItem(one.name, one.id)
        self.question = QPlainTextEdit()
        use_text_menu(self.question)
        self.question.setTabChangesFocus(True)
        self.question.setPlainText(question)
        self.question.setFixedHeight(64)
        self.question.setPlaceholderText(self.tr("For example: Is the build finished?"))
        self._add(form, self.tr("Ask"), self.action)
        self._add(form, self.tr("Question"), self.question)

    def _add_times(self, form: QFormLayout) -> None:
        stepper = Stepper(self._theme, Whole(*EVERY_S, unit="s"))
        self.every = stepper.box
        self.every.setValue(5)
        self.when = DropDown(self._theme)
        self.when.addItem(self.tr("when it has changed"), False)
        self.when.addItem(self.tr("every time"), True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(stepper)
        row.addWidget(QLabel(self.tr("and ask")))
        row.addWidget(self.when, 1)
        self.when.setAccessibleName(self.tr("Ask when"))
        self._add(form, self.tr("Look every"), self.every, row)

    def _add_condition(self, form: QFormLayout) -> None:
        self.kind = DropDown(self._theme)
        for kind, words in (
            ("changes", self.tr("the answer changes")),
            ("contains", self.tr("the answer contains")),
            ("matches", self.tr("the answer matches the regular expression")),
            ("field", self.tr("a field of the answer")),
        ):
            self.kind.addItem(words, kind)
        self.kind.currentIndexChanged.connect(self._show_fields)
        self.field = QLineEdit()
        use_text_menu(self.field)
        self.field.setPlaceholderText(self.tr("total, or items.0.price"))
        self.test = DropDown(self._theme)
        for test, words in (
            ("changes", self.tr("changes")),
            ("=", self.tr("is")),
            ("contains", self.tr("contains")),
            (">", self.tr("is more than")),
            ("<", self.tr("is less than")),
        ):
            self.test.addItem(words, test)
        self.test.currentIndexChanged.connect(self._show_fields)
        self.text = QLineEdit()
        use_text_menu(self.text)
        for widget, name in ((self.field, self.tr("Field")), (self.test, self.tr("Comparison")), (self.text, "")):
            widget.setAccessibleName(name or self.tr("Text"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 2)
        row.addWidget(self.test)
        row.addWidget(self.text, 2)
        self._add(form, self.tr("Tell me when"), self.kind)
        form.addRow("", row)

    def _add(self, form: QFormLayout, words: str, widget: QWidget, row: QHBoxLayout | None = None) -> None:
        label = QLabel(words)
        label.setBuddy(widget)
        widget.setAccessibleName(words)
        form.addRow(label, row if row is not None else widget)

    def _buttons(self) -> QHBoxLayout:
        self.watch = dialog_button(self.tr("Watch"), self._accept, "primary")
        return button_row(dialog_button(self.tr("Cancel"), self.reject), self.watch)

    def _action(self) -> QuickAction | None:
        return next((one for one in self._actions if one.id == self.action.currentData()), None)

    def _show_fields(self) -> None:
        kind, test = self.kind.currentData(), self.test.currentData()
        self.field.setVisible(kind == "field")
        self.test.setVisible(kind == "field")
        self.text.setVisible(kind in {"contains", "matches"} or (kind == "field" and test != "changes"))

    def _accept(self) -> None:
        try:
            plan = self.plan()
        except UserError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        self.accept()
        self.planned.emit(plan)
