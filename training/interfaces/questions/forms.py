"""Forms to JSON: some of the values that are set in a window, under keys that the question gives."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TypeAlias

from training.interfaces.questions.sheet import Sheet, plain, role_of
from training.interfaces.records import Control
from training.screens.panes.control_phrasings import KINDS_JSON
from training.screens.panes.questions import JSON_FORM, JSON_ONE

Value: TypeAlias = str | bool | int
_WORD = re.compile(r"[^a-z0-9]+")
_MOST, _LONGEST = 6, 500
_TRIES = 3


def ask_form(sheet: Sheet) -> None:
    """Several times some fields and boxes, with a schema or named; all of them where they are few."""
    values = _values(sheet)
    if len(values) < 2:
        return
    rng = sheet.rng
    for _ in range(_TRIES):
        chosen = sorted(rng.sample(range(len(values)), rng.randint(2, min(_MOST, len(values)))))
        some = [values[place] for place in chosen]
        needs = [control for _, control, _ in some]
        labels = [label for label, _, _ in some]
        keys = [_key(label, rng.choice(("_", "_", " "))) for label in labels] if rng.random() < 0.7 else labels
        answer = json.dumps({key: value for key, (_, _, value) in zip(keys, some, strict=True)})
        if not all(keys) or len(set(keys)) < len(keys) or len(answer) > _LONGEST:
            continue
        shape = _shape(keys, [value for *_, value in some])
        if rng.random() < 0.6:
            some = [(label, one, _number(one, value)) for label, one, value in some]
            answer = json.dumps({key: value for key, (_, _, value) in zip(keys, some, strict=True)})
            shape = _shape(keys, [value for *_, value in some])
            ways = [way for way in KINDS_JSON if sheet.interface.is_dialog or "dialog" not in way]
            sheet.ask("json", answer, ways, needs, schema=shape)
        elif not any(isinstance(value, bool) for _, _, value in some):
            named = ", ".join(keys[:-1]) + " and " + keys[-1]
            sheet.ask("json", answer, JSON_ONE, needs, keys=named, schema=shape)
    texts = [one for one in sheet.controls if role_of(one) == "field"]
    boxes = sheet.of("checkbox", "switch", "radio", "cell", "slider", "entry")
    answer = json.dumps({label: value for label, _, value in values})
    if len(texts) == len(values) <= 10 and not boxes and sheet.is_whole("") and len(answer) <= _LONGEST:
        sheet.ask("json", answer, JSON_FORM, texts)


def _values(sheet: Sheet) -> list[tuple[str, Control, Value]]:
    """What can be put out: label, control and value, in reading order; labels are those of one control alone."""
    some = [one for one in sheet.of("field", "combo", "spin", "checkbox", "switch") if sheet.name(one)]
    names = [sheet.name(one).lower() for one in sheet.controls if role_of(one) == "field" or one.is_on is not None]
    found: list[tuple[str, Control, Value]] = []
    for one in some:
        name = sheet.name(one)
        if names.count(name.lower()) != 1 or set(name) & set('{}"\\') or len(name) > 40:
            continue
        if one.role in ("checkbox", "switch"):
            if one.is_on is not None:
                found.append((name, one, one.is_on))
        elif plain(one.text) or not one.text.strip():
            found.append((name, one, plain(one.text)))
    return found


def _key(label: str, space: str) -> str:
    return _WORD.sub(space, label.lower()).strip(" _")


def _number(control: Control, value: Value) -> Value:
    """A whole number where that is what is set, as the schema then says."""
    text = str(value)
    return int(text) if control.role == "spin" and text.isdigit() and str(int(text)) == text else value


def _shape(keys: Sequence[str], values: Sequence[Value]) -> str:
    """As people write a schema."""
    return "{" + ", ".join(f'"{key}": {_type(value)}' for key, value in zip(keys, values, strict=True)) + "}"


def _type(value: Value) -> str:
    return "true/false" if isinstance(value, bool) else "number" if isinstance(value, int) else "string"
