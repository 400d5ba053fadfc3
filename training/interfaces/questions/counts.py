"""How many: empty fields, switches that are on, boxes without a tick, rows that say something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from training.interfaces.questions.groups import holds
from training.interfaces.questions.rows import Table, tables_of
from training.interfaces.questions.sheet import MOST_COUNTED, Sheet, plain
from training.interfaces.records import Control
from training.screens.panes.questions import MORE_THAN

_EMPTY = (
    "How many fields are empty?", "How many of the text fields are empty?", "Count the empty fields.",
    "In how many fields is nothing entered?", "How many fields have no content?", "Number of empty fields?",
    "How many text fields are still blank?",
)  # fmt: skip
_FILLED = (
    "How many fields are filled in?", "In how many fields is something entered?", "How many text fields have a text?",
    "Count the fields that are filled in.", "How many of the fields are not empty?", "Number of filled fields?",
)  # fmt: skip
_FIELDS = (
    "How many text fields are there?", "How many fields are there?", "Count the text fields.", "Number of fields?",
    "How many fields can be filled in?", "How many input fields do you see?",
)  # fmt: skip
_COMBOS = (
    "How many drop-down lists are there?", "Count the drop-down lists.", "How many drop-downs do you see?",
    "Number of drop-down lists?", "How many drop-down menus are there?",
)  # fmt: skip
_SWITCHES = (
    "How many switches are there?", "Count the switches.", "How many switches do you see?", "Number of switches?",
)  # fmt: skip
_SWITCHES_ON = (
    "How many switches are on?", "How many of the switches are switched on?", "Count the switches that are on.",
    "Number of switches turned on?",
)  # fmt: skip
_SLIDERS = ("How many sliders are there?", "Count the sliders.", "How many sliders do you see?", "Number of sliders?")
_UNTICKED = (
    "How many boxes are not checked?", "How many check boxes are empty?", "Count the check boxes without a tick.",
    "How many of the check boxes have no tick?", "How many check boxes are off?", "Number of unchecked boxes?",
)  # fmt: skip
_TICKED_UNDER = (
    'How many boxes are checked under "{g}"?', 'How many check boxes are ticked in the group "{g}"?',
    'In "{g}", how many boxes have a tick?', "Count the ticked boxes under {g}.", 'How many options of "{g}" are on?',
    "How many of the check boxes in {g} are ticked?", 'Number of ticked boxes in the section "{g}"?',
)  # fmt: skip
_BOXES_UNDER = (
    'How many check boxes are under "{g}"?', 'How many check boxes does the group "{g}" have?',
    "Count the check boxes in {g}.", 'How many boxes can be ticked under "{g}"?', 'Number of check boxes in "{g}"?',
)  # fmt: skip
_UNTICKED_UNDER = (
    'How many boxes are not checked under "{g}"?', 'How many check boxes in "{g}" have no tick?',
    "Count the empty check boxes under {g}.", 'In the group "{g}", how many boxes are off?',
)  # fmt: skip
_GREY = (
    "How many buttons are greyed out?", "How many of the buttons are disabled?", "Count the grey buttons.",
    "How many buttons cannot be pressed?", "Number of disabled buttons?",
)  # fmt: skip
_ROWS_WITH = (
    'In how many rows is "{c}" "{v}"?', 'How many rows have the {c} "{v}"?',
    'How often does the column "{c}" say "{v}"?',
    'How many times is "{v}" in the column {c}?', 'Count the rows whose {c} is "{v}".',
    'For how many rows is the {c} "{v}"?',
)  # fmt: skip
_ONE = 0.4
"""How often it is asked where there is one: windows have one of most things."""


def ask_counts(sheet: Sheet) -> None:
    """How many there are, where all are seen and they are few."""
    if sheet.is_whole(""):
        _ask_fields(sheet)
        _ask_on_and_off(sheet)
        _ask_more_than(sheet)
    _ask_groups(sheet)
    tables = tables_of(sheet)
    if len(tables) == 1:
        _ask_rows(sheet, tables[0])


def _count(sheet: Sheet, number: int, phrasings: Sequence[str], needs: Sequence[Control], **slots: str) -> None:
    if 0 < number <= MOST_COUNTED and (number > 1 or sheet.rng.random() < _ONE):
        sheet.ask("how_many", str(number), phrasings, needs, **slots)


def _ask_fields(sheet: Sheet) -> None:
    typed, others = sheet.of("field"), sheet.of("spin", "text")
    filled = [one for one in typed if one.text.strip()]
    if len(typed) > 1 and not others:
        _count(sheet, len(typed) - len(filled), _EMPTY, typed)
        _count(sheet, len(filled), _FILLED, typed)
        if not sheet.of("combo"):
            _count(sheet, len(typed), _FIELDS, typed)
    _count(sheet, len(sheet.of("combo")), _COMBOS, sheet.of("combo"))
    _count(sheet, len(sheet.of("slider")), _SLIDERS, sheet.of("slider"))


def _ask_on_and_off(sheet: Sheet) -> None:
    switches = sheet.of("switch")
    _count(sheet, len(switches), _SWITCHES, switches)
    _count(sheet, sum(bool(one.is_on) for one in switches), _SWITCHES_ON, switches)
    boxes = sheet.of("checkbox")
    if len(boxes) > 1:
        _count(sheet, sum(one.is_on is False for one in boxes), _UNTICKED, boxes)
    buttons = sheet.of("button")
    if not sheet.of("tool") and all(one.text.strip() and sheet.looks_as_it_is(one) for one in buttons):
        _count(sheet, sum(not one.enabled for one in buttons), _GREY, buttons)


def _ask_groups(sheet: Sheet) -> None:
    """Ticked boxes of each group, none included, where all of the group is seen."""
    groups = sheet.of("group")
    names = [sheet.name(one) for one in groups]
    boxes = sheet.of("checkbox")
    for group, name in zip(groups, names, strict=True):
        inside = [one for one in boxes if holds(group, one)]
        inner = [one for one in groups if one is not group and holds(group, one)]
        whole = sheet.is_whole(group.container) and all(sheet.is_whole(one.container) for one in inside)
        if not name or names.count(name) > 1 or sheet.said[name.lower()] > 1 or inner or not whole or '"' in name:
            continue
        if not 1 < len(inside) <= MOST_COUNTED or any(one.is_on is None or not one.text.strip() for one in inside):
            continue
        on, needs = sum(bool(one.is_on) for one in inside), [group, *inside]
        sheet.ask("how_many", str(on), _TICKED_UNDER, needs, g=name)
        if sheet.rng.random() < _ONE:
            sheet.ask("how_many", str(len(inside) - on), _UNTICKED_UNDER, needs, g=name)
        if sheet.rng.random() < _ONE:
            sheet.ask("how_many", str(len(inside)), _BOXES_UNDER, needs, g=name)


def _ask_more_than(sheet: Sheet) -> None:
    """Whether there are more than a number, which is near."""
    rng = sheet.rng
    some = {"check boxes": sheet.of("checkbox"), "buttons": [] if sheet.of("tool") else sheet.of("button"),
            "tabs": sheet.of("tab"), "menus": sheet.of("menu")}  # fmt: skip
    for items, controls in some.items():
        count = len(controls)
        if not 1 < count <= MOST_COUNTED or rng.random() < 0.5 or not all(one.text.strip() for one in controls):
            continue
        for answer, least in (("Yes", count - rng.choice((1, 1, 2))), ("No", count + rng.choice((0, 0, 1)))):
            if least > 0:
                sheet.ask("yes_no", answer, MORE_THAN, controls, n=str(least), items=items, where="")


def _ask_rows(sheet: Sheet, table: Table) -> None:
    """In how many rows a column says something, where it says that more than once or seldom."""
    rows = table.rows()
    if not sheet.is_whole(table.container) or not 1 < len(rows) <= 2 * MOST_COUNTED:
        return
    for column, header in sheet.rng.sample(list(table.headers.items()), len(table.headers)):
        name = plain(header.text, 40)
        values = [plain(table.cells[row, column].text, 40) for row in rows if (row, column) in table.cells]
        if not name or len(values) < len(rows) or not all(values) or len(set(values)) > len(rows) * 0.7:
            continue
        for value, count in sheet.rng.sample(list(Counter(values).items()), min(2, len(set(values)))):
            needs = [header, *(table.cells[row, column] for row in rows)]
            _count(sheet, count, _ROWS_WITH, needs, c=name, v=value)
