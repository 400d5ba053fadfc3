"""The control for each kind of rule."""

from __future__ import annotations

from desktop_vlm.api.fields import Number, OneOf, Rule, Switch, Text, Whole, WholeOr
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.choice_controls import Segments, Select, SwitchControl
from desktop_vlm.ui.widgets.control import Control
from desktop_vlm.ui.widgets.number_controls import AutomaticOr, Stepper
from desktop_vlm.ui.widgets.text_controls import TextArea, TextLine


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
