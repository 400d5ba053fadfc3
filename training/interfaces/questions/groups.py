"""A group of settings as JSON: what is set in a frame with a caption, under the labels there."""

from __future__ import annotations

import json

from training.interfaces.questions.forms import Value
from training.interfaces.questions.sheet import Sheet, plain, role_of
from training.interfaces.records import Control

_LONGEST = 500
_GROUP = (
    'Give what is set under "{g}" as JSON, with the labels as keys.', 'Put the group "{g}" into a JSON object.',
    'The settings of "{g}" as JSON, please.', 'Return the section "{g}" as JSON, keyed by its labels.',
    'As JSON: everything that is set in "{g}".', 'Turn the group "{g}" into JSON; check boxes as true or false.',
)  # fmt: skip
_SETTINGS = ("field", "combo", "spin", "checkbox", "switch")


def ask_groups(sheet: Sheet) -> None:
    """Each group whose controls are all seen and have labels of their own."""
    groups = sheet.of("group")
    names = [sheet.name(one) for one in groups]
    for group, name in zip(groups, names, strict=True):
        inside = [one for one in sheet.controls if one is not group and holds(group, one)]
        if not name or names.count(name) > 1 or sheet.said[name.lower()] > 1 or '"' in name or not inside:
            continue
        places = {one.container for one in (group, *inside)} | (set() if group.container else {""})
        if not all(map(sheet.is_whole, places)):
            continue
        active = [one for one in inside if one.role not in ("label", "heading", "message", "image", "button")]
        values = [_value(one) for one in active]
        keys = [sheet.name(one) for one in active]
        if len(active) < 2 or None in values or not all(keys) or len({key.lower() for key in keys}) < len(keys):
            continue
        if any(set(key) & set('{}"\\') or len(key) > 60 for key in keys):
            continue
        answer = json.dumps(dict(zip(keys, values, strict=True)))
        if len(answer) <= _LONGEST:
            sheet.ask("json", answer, _GROUP, [group, *active], g=name)


def holds(group: Control, one: Control) -> bool:
    """Whether the middle of a control is in a group's box."""
    x, y = (one.box[0] + one.box[2]) / 2, (one.box[1] + one.box[3]) / 2
    return group.box[0] <= x <= group.box[2] and group.box[1] <= y <= group.box[3]


def _value(control: Control) -> Value | None:
    """What is set; None where that cannot be said."""
    if control.role not in _SETTINGS:
        return None
    if role_of(control) != "field":
        return control.is_on
    return plain(control.text) if plain(control.text) or not control.text.strip() else None
