"""Questions about what stands in fields, drop-down lists and boxes with several lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from training.interfaces.questions import phrasings as ways
from training.interfaces.questions.sheet import LONGEST_NAME, Sheet, plain, role_of
from training.interfaces.records import Control
from training.screens.panes.questions import VALUE

_BY_ROLE = {"field": ways.FIELD, "combo": ways.COMBO, "spin": ways.SPIN}
_NO_NUMBERS = tuple(one for one in ways.SPIN if "umber" not in one and "much" not in one)
_NUMBER = re.compile(r"[^\d\s]{0,3}\s?[-+]?\d[\d.,' ]*\s?\D{0,12}")
_UNDER = (
    'What is "{k}" set to under "{g}"?', "In the group {g}, what is {k} set to?", "Value of {k} under {g}?",
    'What stands at "{k}" in the section "{g}"?', "{g}: what is the value of {k}?", "Read {k} in the group {g}.",
    '"{k}" under "{g}": what does it say?', 'Which value does "{k}" have in "{g}"?',
)  # fmt: skip
_LONGEST_TEXT = 500
_PLAIN = tuple(one for one in VALUE if "field" not in one)
_OF_FIELDS = tuple(one for one in ways.FIELD if "field" in one)


def ask_values(sheet: Sheet) -> None:
    """What each named field says, which field says something, which are empty, and what is in boxes of text."""
    fields = [one for one in sheet.of("field", "combo", "spin") if sheet.name(one)]
    named = [one for one in fields if sheet.alone(sheet.name(one), [one for one in sheet.controls if _is_field(one)])]
    texts = [plain(one.text) for one in named]
    for one, text in zip(named, texts, strict=True):
        if text:
            _ask_value(sheet, one, text)
            if texts.count(text) == 1 and sheet.said[text.lower()] == 1 and len(text) > 1 and "'" not in text:
                needs = [one, *sheet.labels_of(one)]
                sheet.ask("value", sheet.name(one), ways.FIELD_WITH, needs, v=text)
    _ask_under(sheet, [one for one in fields if one not in named])
    empty = [(one, not one.text.strip(), {"k": sheet.name(one)}) for one in named if one.role == "field"]
    sheet.ask_yes_no("empty", "yes_no", empty, ways.IS_EMPTY, most=2)
    every = [one for one in sheet.controls if _is_field(one)]
    names = [sheet.name(one) for one in every]
    if len(every) > 1 and sheet.is_whole("") and all(names) and len(set(names)) == len(names):
        said = ", ".join(names)
        if not any("," in name for name in names) and len(said) <= 300:
            sheet.ask("labels", said, ways.FIELDS, every)
    _ask_boxes(sheet)
    _ask_sliders(sheet)
    _ask_unlabelled(sheet)
    _ask_badges(sheet)
    _ask_pairs(sheet)


def _is_field(control: Control) -> bool:
    return role_of(control) == "field"


def _ask_value(sheet: Sheet, control: Control, text: str) -> None:
    name = sheet.name(control)
    needs = [control, *sheet.labels_of(control)]
    elsewhere = [one for one in sheet.controls if one.role not in ("label", "heading", "group") and not _is_field(one)
                 and plain(one.text.rstrip(": ")).lower() == name.lower()]  # fmt: skip
    if elsewhere:  # a tab, a column or a button of that name: say that the field is meant
        sheet.ask("value", text, _OF_FIELDS, needs, k=name)
        return
    sheet.ask("value", text, _ways(control, text), needs, k=name)
    if sheet.rng.random() < 0.4:
        sheet.ask("value", text, _PLAIN, needs, label=name)


def _ways(control: Control, text: str) -> tuple[str, ...]:
    """How a field of a kind is asked for; a date or a word in a field with arrows is no number."""
    return _NO_NUMBERS if control.role == "spin" and not _NUMBER.fullmatch(text) else _BY_ROLE[control.role]


def _ask_under(sheet: Sheet, fields: Sequence[Control]) -> None:
    """What stands in fields whose names others have too, by the group that each is in."""
    groups = {sheet.name(one): one for one in sheet.of("group")}
    every = [one for one in sheet.controls if _is_field(one)]
    for one in fields:
        name, group, text = sheet.name(one), plain(one.called.rstrip(": ")), plain(one.text)
        same = [other for other in every if sheet.name(other).lower() == name.lower()]
        if not text or group not in groups or sheet.said[group.lower()] > 1 or {"{", '"'} & set(name + group):
            continue
        called = [plain(other.called.rstrip(": ")) for other in same]
        if called.count(group) == 1 and all(called):
            sheet.ask("value", text, _UNDER, [one, groups[group]], k=name, g=group)


def _ask_boxes(sheet: Sheet) -> None:
    boxes = sheet.of("text")
    for box in boxes:
        text = box.text.strip()
        if not text.replace("\n", "").isascii() or not text.replace("\n", "").isprintable() or "{" in text:
            continue
        if not LONGEST_NAME / 8 < len(text) <= _LONGEST_TEXT or not sheet.is_whole(box.container):
            continue
        if len(boxes) == 1:
            sheet.ask("text", text, ways.TEXT, [box])
        name = sheet.name(box)
        if name and sheet.alone(name, [one for one in sheet.controls if _is_field(one)]):
            sheet.ask("text", text, ways.TEXT_OF, [box, *sheet.labels_of(box)], k=name)


def _ask_sliders(sheet: Sheet) -> None:
    """Sliders that show their value."""
    every = [one for one in sheet.controls if _is_field(one) or one.is_on is not None]
    for one in sheet.of("slider"):
        name, text = sheet.name(one), plain(one.text, 20)
        if name and text and sheet.alone(name, every):
            sheet.ask("value", text, ways.SPIN, [one, *sheet.labels_of(one)], k=name)


_ONLY_FIELD = ("What is in the field?", "What is entered?", "Which text is in the field?", "What does the field say?",
               "Read the input field.", "What has been typed in?", "What is typed into the text field?")  # fmt: skip
_ONLY_COMBO = ("What does the drop-down list show?", "What is selected in the drop-down list?", "Read the drop-down.",
               "Which option does the drop-down show?", "What is chosen in the drop-down menu?")  # fmt: skip


def _ask_unlabelled(sheet: Sheet) -> None:
    """The only field of a window, the only drop-down list."""
    typed = [one for one in sheet.controls if one.role in ("field", "spin", "text")]
    for some, phrasings in ((typed, _ONLY_FIELD), (sheet.of("combo"), _ONLY_COMBO)):
        text = plain(some[0].text) if len(some) == 1 and some[0].role in ("field", "combo") else ""
        if text and sheet.is_whole(""):
            sheet.ask("value", text, phrasings, some)


def _ask_badges(sheet: Sheet) -> None:
    badges = [(one, plain(one.label), plain(one.text, 12)) for one in sheet.of("badge")]
    for badge, label, text in badges:
        if label and text and [name for _, name, _ in badges].count(label) == 1:
            number = text.strip("+").replace(",", "").isdigit()
            sheet.ask("value", text, ways.BADGE if number else ways.BADGE_TEXT, [badge], k=label)
    bars = sheet.of("progress")
    if len(bars) == 1 and plain(bars[0].text, 40):
        sheet.ask("value", plain(bars[0].text), ways.PROGRESS, bars)


_PAIR = ("What is the {label}?", "{label}?", "What does it say for {label}?", "Read the {label}.",
         "What is given as {label}?", "Which {label} is shown?", "What stands with {label}?", "Tell me the {label}.",
         "Value of {label}?", 'What is shown for "{label}"?', "How much is given for {label}?")  # fmt: skip


def _ask_pairs(sheet: Sheet) -> None:
    """Values that a caption names, such as a number with its caption."""
    pairs = [(one, plain(one.label, 40), plain(one.text)) for one in sheet.of("label") if one.label]
    captions = [caption.lower() for _, caption, _ in pairs]
    names = {sheet.name(one).lower() for one in sheet.controls if _is_field(one) or one.is_on is not None}
    for one, caption, text in pairs:
        if caption and text and captions.count(caption.lower()) == 1 and caption.lower() not in names:
            phrasings = _PAIR if any(char.isdigit() for char in text) else _PAIR[:-1]
            needs = [one, *(other for other in sheet.labels_of(one) if other is not one)]
            sheet.ask("value", text, phrasings, needs, label=caption)
