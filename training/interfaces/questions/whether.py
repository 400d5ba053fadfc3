"""Yes or no about values, cells and what is selected: what is not so is nearly so, such as another digit or row."""

from __future__ import annotations

from collections.abc import Sequence

from training.interfaces.questions.rows import Table, tables_of
from training.interfaces.questions.sheet import Sheet, plain, role_of
from training.interfaces.records import Control
from training.screens.line_numbering import near_miss
from training.screens.panes.questions import IS_OPEN_TAB, IS_SELECTED

_SET = (
    'Is "{k}" set to "{v}"?', 'Does "{k}" say "{v}"?', 'Is "{v}" what is set for "{k}"?', "Is {k} {v}?",
    'Does the field "{k}" show "{v}"?', 'Is the value of "{k}" "{v}"?', 'Does it say "{v}" beside "{k}"?',
)  # fmt: skip
_CELL = (
    'Is the {c} of "{k}" "{v}"?', 'Does the row "{k}" have the {c} "{v}"?', 'Is "{v}" the {c} of "{k}"?',
    'Does it say "{v}" under {c} in the row "{k}"?', "Is {v} the {c} of {k}?",
)  # fmt: skip
_LISTED = (
    'Is "{t}" in the table?', 'Does the table have a row "{t}"?', 'Is there a row with "{t}" as its {f}?',
    'Is "{t}" listed under {f}?', 'Is "{t}" one of the entries under {f}?',
)  # fmt: skip
_ROW = (
    'Is the row "{k}" selected?', 'Is "{k}" the selected row?', 'Is the row of "{k}" highlighted?',
    'Is it "{k}" that is selected in the table?',
)  # fmt: skip
_SAYS = (
    'Does the window say "{t}"?', 'Is the message "{t}"?', 'Does it say "{t}"?', 'Is "{t}" written there?',
)  # fmt: skip
_MOST = 2


def ask_whether(sheet: Sheet) -> None:
    """About as many with yes as with no, of each kind."""
    _ask_values(sheet)
    for table in tables_of(sheet):
        _ask_cells(sheet, table)
    _ask_selected(sheet)
    messages = [one for one in sheet.of("message") if len(plain(one.text, 120)) > 12 and '"' not in one.text]
    if len(messages) == 1:
        _ask_both(sheet, plain(messages[0].text, 120), [], _SAYS, messages)


def _ask_both(sheet: Sheet, true: str, others: Sequence[str], phrasings: Sequence[str], needs: Sequence[Control],
              slot: str = "t", **slots: str) -> None:  # fmt: skip
    """One question with yes and one with no, whose text is another of the window or nearly the true one."""
    rng = sheet.rng
    others = [other for other in others if other.lower() != true.lower() and '"' not in other]
    wrong = rng.choice(others) if others and rng.random() < 0.5 else near_miss(rng, true)
    if wrong and '"' not in true and plain(wrong) and wrong.lower() != true.lower():
        sheet.ask("yes_no", "Yes", phrasings, needs, **slots, **{slot: true})
        sheet.ask("yes_no", "No", phrasings, needs, **slots, **{slot: wrong})


def _ask_values(sheet: Sheet) -> None:
    fields = [one for one in sheet.of("field", "combo", "spin") if sheet.name(one) and plain(one.text, 50)]
    every = [one for one in sheet.controls if role_of(one) == "field" or one.is_on is not None]
    named = [one for one in fields if sheet.alone(sheet.name(one), every)]
    for one in sheet.rng.sample(named, min(_MOST, len(named))):
        others = [plain(other.text, 50) for other in fields if other.role == one.role]
        _ask_both(sheet, plain(one.text, 50), others, _SET, [one, *sheet.labels_of(one)], "v", k=sheet.name(one))


def _ask_cells(sheet: Sheet, table: Table) -> None:
    rng = sheet.rng
    heads = {column: plain(header.text, 40) for column, header in table.headers.items()}
    key = min(heads, default=-1)
    texts = {row: plain(table.cells[row, key].text, 50) for row in table.rows() if (row, key) in table.cells}
    if len(texts) < 2 or not all(texts.values()) or len(set(texts.values())) < len(texts) or not heads[key]:
        return
    some = [(row, column) for row, column in table.cells if column != key and row in texts and heads.get(column)
            and list(heads.values()).count(heads[column]) == 1]  # fmt: skip
    for row, column in rng.sample(some, min(_MOST, len(some))):
        value = plain(table.cells[row, column].text, 50)
        if value and sheet.said[texts[row].lower()] == 1 and '"' not in texts[row]:
            others = [plain(cell.text, 50) for (_, place), cell in table.cells.items() if place == column]
            needs = [table.cells[row, key], table.cells[row, column], table.headers[column]]
            _ask_both(sheet, value, others, _CELL, needs, "v", c=heads[column], k=texts[row])
    if sheet.is_whole(table.container):
        row = rng.choice(list(texts))
        wrong = near_miss(rng, texts[row])
        if wrong and wrong.lower() not in sheet.said and '"' not in wrong + texts[row]:
            needs = [table.headers[key], *(table.cells[other, key] for other in texts)]
            sheet.ask("yes_no", "Yes", _LISTED, needs, t=texts[row], f=heads[key])
            sheet.ask("yes_no", "No", _LISTED, needs, t=wrong, f=heads[key])
    chosen = [row for row in texts if table.cells[row, key].selected]
    if len(chosen) == 1:
        _ask_chosen(sheet, [(table.cells[row, key], row in chosen) for row in texts], _ROW, "k")


def _ask_chosen(sheet: Sheet, states: Sequence[tuple[Control, bool]], phrasings: Sequence[str], slot: str,
                **slots: str) -> None:  # fmt: skip
    """Whether the selected one is, and whether another is."""
    names = {id(one): sheet.name(one) for one, _ in states}
    fit = [(one, is_so) for one, is_so in states if names[id(one)] and sheet.said[names[id(one)].lower()] == 1
           and not set(names[id(one)]) & set("'\"")]  # fmt: skip
    yes, no = [one for one, is_so in fit if is_so], [one for one, is_so in fit if not is_so]
    if len(yes) == 1 and no:
        other = sheet.rng.choice(no)
        sheet.ask("yes_no", "Yes", phrasings, yes, **slots, **{slot: names[id(yes[0])]})
        sheet.ask("yes_no", "No", phrasings, [*yes, other], **slots, **{slot: names[id(other)]})


def _ask_selected(sheet: Sheet) -> None:
    bars = sheet.containers("tab")
    if len(bars) == 1:
        _ask_chosen(sheet, [(one, one.selected) for one in sheet.of("tab")], IS_OPEN_TAB, "name")
    lists = sheet.containers("entry")
    for entries in lists.values():
        if len(lists) == 1:
            _ask_chosen(sheet, [(one, one.selected) for one in entries], IS_SELECTED, "name", item="entry")
