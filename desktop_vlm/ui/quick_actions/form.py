"""The fields of one quick action."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.fields import Text, Whole
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.quick_actions.action import READS
from desktop_vlm.structured.schema import check_schema
from desktop_vlm.ui.quick_actions.icon_picker import IconPicker
from desktop_vlm.ui.quick_actions.sampling_choice import SamplingChoice
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.cards import text_label
from desktop_vlm.ui.widgets.choice_controls import Segments, SwitchControl
from desktop_vlm.ui.widgets.control import Control
from desktop_vlm.ui.widgets.key_recorder import KeyRecorder, types_text
from desktop_vlm.ui.widgets.number_controls import Stepper
from desktop_vlm.ui.widgets.text_controls import TextArea, TextLine

_EMPTY_SCHEMA = (
    '{\n  "type": "object",\n  "properties": {\n    "answer": {"type": "string"}\n  },\n  "required": ["answer"]\n}'
)


class ActionForm(QWidget):
    """Shows an action and tells of every allowed change; what is not allowed is explained under its field.

    Attributes:
        controls: field of `QuickAction` -> its control; "json" is the switch above the schema.
        messages: field -> the sentence under it.

    Signals:
        changed: the action as it is now.
    """

    changed = Signal(object)

    def __init__(self, theme: Theme, taken: Callable[[str], Mapping[str, str]]) -> None:
        """Make the form.

        Args:
            theme: of the window.
            taken: id of an action -> the keys that it may not have, and what they do.
        """
        super().__init__()
        self._theme = theme
        self._taken = taken
        self.action = QuickAction(id="")
        self.controls: dict[str, Control] = {}
        self.messages: dict[str, QLabel] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._add_name(theme)
        self._add("prompt", self.tr("Prompt"), TextArea(theme, Text(lines=6)))
        self._add("reads", self.tr("Answered by"), Segments(theme, READS))
        self._add("shortcut", self.tr("Shortcut"), KeyRecorder(theme))
        self._add("sampling", self.tr("Sampling"), SamplingChoice(theme))
        self._add("json", self.tr("Answer as JSON"), SwitchControl(theme), beside=True)
        schema = TextArea(theme, Text(lines=9))
        set_kind(schema.box, "code")
        self._add("json_schema", self.tr("JSON schema that the answer follows"), schema)
        self._add("latex_only", self.tr("Hold to LaTeX that closes"), SwitchControl(theme), beside=True)
        self._add("needs_pictures", self.tr("Pictures it needs"), Stepper(theme, Whole(0, 9)), beside=True)
        self._add("note", self.tr("Advice shown with the answer"), TextLine(Text()))
        schema.box.textChanged.connect(self._check_schema)
        theme.changed.connect(self._set_fonts)
        self._set_fonts()

    def show_action(self, action: QuickAction) -> None:
        """Show another action, or the same one changed from elsewhere."""
        self.action = action
        for name, control in self.controls.items():
            if name != "json":
                control.set_value(getattr(action, name) if getattr(action, name) is not None else "")
        self.controls["json"].set_value(action.json_schema is not None)
        self._show_schema(action.json_schema is not None)
        for message in self.messages.values():
            message.hide()
        self._check_schema()

    def flush(self) -> None:
        """Tell of what was typed last."""
        for control in self.controls.values():
            control.flush()

    def _add_name(self, theme: Theme) -> None:
        icon, name = IconPicker(theme), TextLine(Text())
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(icon)
        line.addWidget(name, 1)
        self._layout.addWidget(text_label(self.tr("Name and icon")))
        self._layout.addLayout(line)
        self._register("icon", self.tr("Icon"), icon)
        self._register("name", self.tr("Name"), name)
        self._add_message("name")

    def _add(self, field: str, label: str, control: Control, beside: bool = False) -> None:
        title = text_label(label)
        title.setContentsMargins(0, 10, 0, 0)
        if beside:
            title.setContentsMargins(0, 0, 0, 0)
            line = QHBoxLayout()
            line.setContentsMargins(0, 12, 0, 0)
            line.addWidget(title, 1)
            line.addWidget(control)
            self._layout.addLayout(line)
        else:
            self._layout.addWidget(title)
            self._layout.addWidget(control)
        title.setObjectName(f"label-{field}")
        self._register(field, label, control)
        self._add_message(field)

    def _register(self, field: str, label: str, control: Control) -> None:
        control.name(label, "")
        self.controls[field] = control
        control.changed.connect(lambda value: self._edited(field, value))

    def _add_message(self, field: str) -> None:
        self.messages[field] = text_label("", "error")
        self.messages[field].hide()
        self._layout.addWidget(self.messages[field])

    def _edited(self, field: str, value: object) -> None:
        if field == "json":
            self._show_schema(bool(value))
            field, value = "json_schema", (self.controls["json_schema"].value() or _EMPTY_SCHEMA) if value else None
            if value and not self.controls["json_schema"].value():
                self.controls["json_schema"].set_value(value)
                self._check_schema()
        problem = self._problem(field, value)
        self._say(field, problem)
        if not problem and getattr(self.action, field) != value:
            changes: dict[str, Any] = {field: value}
            self.action = dataclasses.replace(self.action, **changes)
            self.changed.emit(self.action)

    def _problem(self, field: str, value: object) -> str:
        """Why a field may not have this value; "" when it may."""
        if field in {"name", "prompt"} and not str(value).strip():
            return self.tr("It needs a name.") if field == "name" else self.tr("It needs a prompt.")
        if field == "json_schema" and value is not None:
            return _schema_problem(str(value))
        if field == "shortcut":
            return self._shortcut_problem(str(value))
        return ""

    def _shortcut_problem(self, keys: str) -> str:
        taken = self._taken(self.action.id)
        kept = self.action.shortcut or self.tr("none")
        if QKeySequence(keys).toString() in taken and keys:
            return self.tr("{0} is taken by “{1}”. The shortcut stays {2}.").format(keys, taken[keys], kept)
        if types_text(keys):
            return self.tr("{0} alone is needed for typing; add Ctrl or Alt. The shortcut stays {1}.").format(
                keys, kept
            )
        return ""

    def _check_schema(self) -> None:
        """Judge the schema at every key, before a pause saves it."""
        if self.controls["json"].value():
            problem = _schema_problem(str(self.controls["json_schema"].value()))
            self._say("json_schema", problem, self.tr("Valid: the answer will follow it."))

    def _say(self, field: str, problem: str, praise: str = "") -> None:
        message = self.messages.get(field)
        if message is None or (field == "json_schema" and not problem and not praise):
            return
        message.setText(problem or praise)
        set_kind(message, "error" if problem else "success")
        message.setVisible(bool(problem or praise))

    def _show_schema(self, visible: bool) -> None:
        for widget in (self.controls["json_schema"], self.findChild(QLabel, "label-json_schema")):
            if isinstance(widget, QWidget):
                widget.setVisible(visible)
        self.messages["json_schema"].setVisible(visible)
        # An answer is held to one thing only; the schema comes first.
        for widget in (self.controls["latex_only"], self.findChild(QLabel, "label-latex_only")):
            if isinstance(widget, QWidget):
                widget.setVisible(not visible)

    def _set_fonts(self) -> None:
        schema = self.controls["json_schema"]
        assert isinstance(schema, TextArea)
        schema.box.setFont(self._theme.mono_font())


def _schema_problem(text: str) -> str:
    try:
        check_schema(text)
    except UserError as error:
        return str(error)
    return ""
