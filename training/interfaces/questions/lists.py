"""Questions about what stands in order: tabs, entries, menus, tools, buttons, headings, links."""

from __future__ import annotations

import json
from collections.abc import Sequence

from training.interfaces.questions import phrasings as ways
from training.interfaces.questions.sheet import MOST_COUNTED, Sheet, listed_names, plain
from training.interfaces.records import Control
from training.screens.panes.names import NTH
from training.screens.panes.questions import LIST_PHRASINGS, OPEN_TAB

_DOWN = ("below", "above")
_ACROSS = ("right", "left")
_ENTRIES = (("entry", "entries"), ("item", "items"), ("list item", "list items"))
_MOST_OF_PAGE = 3
"""Questions about the entries of a page's lists."""


def ask_lists(sheet: Sheet) -> None:
    """All, the first, the last, neighbours, how many, and which is selected."""
    bars = sheet.containers("tab")
    for container, tabs in bars.items():
        if len(bars) == 1 and not [one for one in sheet.of("tab") if not one.container]:
            _ask_names(sheet, tabs, ("tab", "tabs"), "", container)
            chosen = [one for one in tabs if one.selected]
            if len(chosen) == 1 and sheet.name(chosen[0]):
                sheet.ask("selected", sheet.name(chosen[0]), OPEN_TAB, tabs)
    menus = sheet.containers("menu")
    for container, some in menus.items():
        if len(menus) == 1:
            _ask_names(sheet, some, ("menu", "menus"), " in the menu bar", container, "menu")
    _ask_tools(sheet)
    _ask_entries(sheet)
    _ask_buttons(sheet)
    for role, phrasings in (("heading", ways.HEADINGS), ("link", ways.LINKS)):
        some = [one for one in sheet.controls if one.role == role]
        said = listed_names(sheet.names(some)) if 1 < len(some) <= 8 and sheet.is_whole("") else ""
        if said:
            sheet.ask("list", said, phrasings, some)


def _ask_entries(sheet: Sheet) -> None:
    """Of all lists; a page is full of them, and is asked a few questions about one, in various words."""
    found = [(where, container, entries) for container, entries in sheet.containers("entry").items()
             for where in _wheres(sheet, container, entries)[:2]]  # fmt: skip
    if sheet.interface.noun != "browser":
        for where, container, entries in found:
            _ask_names(sheet, entries, _ENTRIES[0], where, container)
        return
    before = len(sheet.asked)
    several = [one for one in found if len(one[2]) > 1]
    for where, container, entries in sheet.rng.sample(several, min(1, len(several))):
        _ask_names(sheet, entries, sheet.rng.choice(_ENTRIES), where, container)
    asked = sheet.asked[before:]
    sheet.asked[before:] = sheet.rng.sample(asked, min(_MOST_OF_PAGE, len(asked)))


def _ask_names(sheet: Sheet, some: Sequence[Control], kind: tuple[str, str], where: str, container: str,
               kind_of_all: str = "list") -> None:  # fmt: skip
    """About names in order, as lists of the drawn screens are asked about."""
    names = sheet.names(some)
    slots = {"item": kind[0], "items": kind[1], "where": where}
    chosen = [one for one in some if one.selected]
    if len(chosen) == 1 and sheet.name(chosen[0]) and kind[0] not in ("tab", "menu"):
        for _ in range(2):
            sheet.ask("selected", sheet.name(chosen[0]), LIST_PHRASINGS["selected"], chosen, **slots)
    if len(names) < 2:
        return
    _ask_next(sheet, some, names, slots)
    if sheet.is_whole(container):
        _ask_all_names(sheet, some, names, kind_of_all, slots)


def _ask_next(sheet: Sheet, some: Sequence[Control], names: Sequence[str], slots: dict[str, str]) -> None:
    """What is directly after one of them, and before another."""
    vertical = some[-1].box[1] >= some[0].box[3] - 2
    after, before = _DOWN if vertical else _ACROSS
    place = sheet.rng.randrange(1, len(names))
    if not _is_next(some[place - 1], some[place], vertical=vertical):
        return
    for answer, other, way in ((place, place - 1, after), (place - 1, place, before)):
        if sheet.said[names[other].lower()] == 1:
            sheet.ask("value", names[answer], LIST_PHRASINGS[way], (some[place - 1], some[place]), name=names[other],
                      **slots)  # fmt: skip


def _ask_all_names(sheet: Sheet, some: Sequence[Control], names: Sequence[str], kind: str,
                   slots: dict[str, str]) -> None:  # fmt: skip
    """All of them, how many, and some by their places."""
    rng = sheet.rng
    said = listed_names(names)
    if said and len(names) <= MOST_COUNTED + 4:
        sheet.ask(kind, said, LIST_PHRASINGS["all"], some, **slots)
        if rng.random() < 0.25:
            sheet.ask("json", json.dumps(names), LIST_PHRASINGS["json"], some, items=slots["items"] + slots["where"])
    if len(names) <= MOST_COUNTED:
        sheet.ask("how_many", str(len(names)), LIST_PHRASINGS["count"], some, **slots)
    sheet.ask("value", names[0], LIST_PHRASINGS["first"], some, **slots)
    sheet.ask("value", names[-1], LIST_PHRASINGS["last"], some, **slots)
    place = rng.randrange(len(names))
    if 0 < place < len(NTH):
        sheet.ask("value", names[place], LIST_PHRASINGS["kth"], some[: place + 1], nth=NTH[place], **slots)


def _is_next(one: Control, other: Control, *, vertical: bool) -> bool:
    """Whether two controls stand directly beside each other, with room for no third one between them."""
    axis = 1 if vertical else 0
    gap = other.box[axis] - one.box[axis + 2]
    return -4 <= gap < min(one.box[3] - one.box[1], other.box[3] - other.box[1])


def _wheres(sheet: Sheet, container: str, entries: Sequence[Control]) -> list[str]:
    """How a list is set apart from others: its name, its place, or not at all where it is the only one."""
    found = []
    called = {plain(one.called.rstrip(": "), 40) for one in entries}
    name = called.pop() if len(called) == 1 else ""
    others = [one for one in sheet.controls if one.role in ("entry", "cell") and one.container != container]
    if name and not any(plain(one.called.rstrip(": ")) == name for one in others):
        bare = (f" in {name}",) if len(name.split()) <= 2 else ()
        found.append(sheet.rng.choice((f' under "{name}"', f' in the list "{name}"', *bare)))
    if not others:
        found.append(sheet.rng.choice(("", " in the list")))
    elif not found and entries[-1].box[1] >= entries[0].box[3] - 2:  # a row of entries is nowhere "on the left"
        left, right = min(one.box[0] for one in entries), max(one.box[2] for one in entries)
        if all(one.box[0] >= right - 1 for one in others):
            found.append(" on the left")
        elif all(one.box[2] <= left + 1 for one in others):
            found.append(" on the right")
    return found


def _ask_tools(sheet: Sheet) -> None:
    bars = sheet.containers("tool")
    tools = sheet.of("tool")
    pressed = [one for one in tools if one.selected or one.is_on]
    if len(pressed) == 1 and sheet.name(pressed[0]) and sheet.is_whole(""):
        sheet.ask("selected", sheet.name(pressed[0]), ways.TOOL_PRESSED, tools)
    shown = [one for one in tools if one.text.strip()]
    if len(bars) == 1 and len(tools) == len(shown) and 1 < len(tools) <= MOST_COUNTED:
        container = next(iter(bars))
        said = listed_names(sheet.names(tools)) if sheet.is_whole(container) else ""
        if said:
            sheet.ask("list", said, ways.TOOLS, tools)
            _ask_names(sheet, tools, ("button", "buttons"), " in the toolbar", container)


def _ask_buttons(sheet: Sheet) -> None:
    buttons = sheet.of("button")
    if not buttons or sheet.of("tool") or not sheet.is_whole("") or not all(one.text.strip() for one in buttons):
        return
    said = listed_names(sheet.names(buttons))
    if said and len(buttons) <= 8:
        sheet.ask(
            "buttons",
            said,
            "buttons" if not sheet.of("link", "tab", "menu", "entry", "checkbox", "field") else ways.BUTTONS[:-1],
            buttons,
        )
    if len(buttons) <= MOST_COUNTED:
        sheet.ask("how_many", str(len(buttons)), ways.BUTTON_COUNT, buttons)
    row = [one for one in buttons if abs(_middle(one) - _middle(buttons[-1])) < 6]
    if len(row) == len(buttons) > 1 and said:
        sheet.ask("button", sheet.name(max(row, key=lambda one: one.box[0])), "button_right", buttons)
        sheet.ask("button", sheet.name(min(row, key=lambda one: one.box[0])), "button_left", buttons)


def _middle(control: Control) -> float:
    return (control.box[1] + control.box[3]) / 2
