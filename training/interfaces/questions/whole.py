"""Questions about a window as a whole: its title, program, message, status bar, what it is, what it has."""

from __future__ import annotations

from collections.abc import Sequence

from training.interfaces.questions import phrasings as ways
from training.interfaces.questions.sheet import Sheet, listed_names, plain, role_of
from training.interfaces.records import Control
from training.screens.asking import PHRASINGS
from training.screens.dialogs import is_clear, listed
from training.screens.pages import explained
from training.screens.panes.questions import HEADLINE, PROGRAM, PROGRAM_TITLE, STATUS
from training.screens.words import with_article

_LONGEST_MESSAGE = 600
_MOST_NAMED = 7
"""Parts of a sort that a description names; of more it says how many there are."""
_MOST_LISTED = 5
"""Entries of a list that a description names."""
_LEFT_OUT = 0.5
"""Of pages: those that are not asked whether an entry is there."""
_MOST_ROLES = 2
"""Of which it is asked whether something is there."""
_LONGEST_DESCRIPTION = 420
_NEAR_MISSES = {"Open": "Open As", "Save": "Save All", "Add": "Add All", "Remove": "Remove All", "Cancel": "Close",
                "OK": "Apply", "Close": "Cancel", "Yes": "Yes to All", "Delete": "Delete All", "Edit": "Edit All",
                "Apply": "Apply to All", "Help": "About", "Next": "Finish", "Back": "Undo"}  # fmt: skip


def ask_whole(sheet: Sheet) -> None:
    """What needs no single control."""
    interface = sheet.interface
    title, program = plain(interface.title, 120), plain(interface.program, 40)
    if interface.framed and title:
        sheet.ask("title", title, "title", ())
    if program:
        if interface.framed and program in title:
            sheet.ask("program", program, PROGRAM_TITLE, ())
        sheet.ask("program", program, PROGRAM, ())
        sheet.ask("program", program, PROGRAM, ())
    _ask_message(sheet)
    _ask_heading(sheet)
    status = sheet.of("status")
    if len(status) == 1 and plain(status[0].text, 160):
        sheet.ask("status", plain(status[0].text, 160), STATUS, status)
    described = describe(sheet)
    if described:
        sheet.ask("describe", described, "describe", ())
    _ask_groups(sheet)
    _ask_present(sheet)


def _ask_heading(sheet: Sheet) -> None:
    headings = sheet.of("heading")
    text = plain(headings[0].text, 120) if len(headings) == 1 else ""
    if not text:
        return
    others = [one.letters for one in sheet.controls if one is not headings[0]]
    largest = headings[0].letters > 1.15 * max(others, default=0.0)
    ways = [way for way in HEADLINE if "headl" not in way and (largest or ("large" not in way and "big" not in way))]
    sheet.ask("heading", text, ways, headings)


def message_of(sheet: Sheet) -> str:
    """What the window says, where one control says it; its line breaks are where it was wrapped."""
    messages = sheet.of("message")
    return plain(messages[0].text, _LONGEST_MESSAGE) if len(messages) == 1 else ""


def _ask_message(sheet: Sheet) -> None:
    message, noun = message_of(sheet), sheet.interface.noun
    if not message:
        return
    needs = sheet.of("message")
    others = [one for one in sheet.controls if role_of(one) in ("field", "checkbox", "entry", "cell", "radio")]
    named = [way for way in PHRASINGS["message"] if is_clear(way)]  # beside other texts, "what it says" may be those
    sheet.ask("message", message, named if others else "message", needs)
    if "error" in noun:
        sheet.ask("message", message, "error", needs)
        sheet.ask("message", explained(message, noun), "prompt:explain-error", needs)


def describe(sheet: Sheet) -> str:
    """The kind of window, what it says, and its parts from top to bottom."""
    interface = sheet.interface
    head, message = with_article(interface.noun, capital=True), message_of(sheet)
    title = plain(interface.title, 120)
    if interface.framed and title and '"' not in title:
        head += f' titled "{title}"'
    if message and '"' not in message:
        head += f' that says "{message}"'
    parts = [part for part in _parts(sheet) if part]
    while parts and len(head) + sum(map(len, parts)) > _LONGEST_DESCRIPTION:
        parts.remove(max(parts, key=len))
    if not parts and not message:
        return ""
    return (f"{head} with {listed(parts)}" if parts else head).removesuffix(".") + "."


def _parts(sheet: Sheet) -> list[str]:
    every = sheet.controls
    some: list[tuple[Sequence[Control], str, str]] = [
        (sheet.of("menu"), "menu", "menus"), (sheet.of("tab"), "tab", "tabs"),
        (sheet.of("heading"), "heading", "headings"), (sheet.of("header"), "column", "columns"),
        ([one for one in every if role_of(one) == "field" and one.role != "slider"], "field", "fields"),
        (sheet.of("checkbox", "switch"), "option", "options"), (sheet.of("button"), "button", "buttons"),
    ]  # fmt: skip
    parts = [_part(sheet, controls, one, several) for controls, one, several in some]
    parts.insert(-1, _list_part(sheet))
    return parts


def _list_part(sheet: Sheet) -> str:
    """The only list of a window, where all of it is seen."""
    lists = sheet.containers("entry")
    if len(lists) != 1 or any(not one.container for one in sheet.of("entry")):
        return ""
    container, entries = next(iter(lists.items()))
    if container.startswith("menu of "):
        return ""
    names = sheet.names(entries)
    if not sheet.is_whole(container) or not 1 < len(entries) <= 12:
        return ""
    if names and listed_names(names) and len(names) <= _MOST_LISTED:
        return f"a list with {listed(names)}"
    return f"a list of {len(entries)} entries"


def _part(sheet: Sheet, controls: Sequence[Control], one: str, several: str) -> str:
    names = sheet.names(controls)
    if not names or not listed_names(names) or not sheet.is_whole(""):
        return ""
    if len({item.container for item in controls}) > 1 and one in ("tab", "column", "menu"):
        return ""
    if len(names) > _MOST_NAMED:
        return f"{len(names)} {several}" if len(names) <= 12 else ""
    return f"the {one if len(names) == 1 else several} {listed(names)}"


def _ask_groups(sheet: Sheet) -> None:
    groups = sheet.of("group")
    said = listed_names(sheet.names(groups)) if len(groups) > 1 and sheet.is_whole("") else ""
    if said:
        sheet.ask("list", said, ways.GROUPS, groups)
        inside = [one for one in sheet.controls if one.role in ("checkbox", "radio", "field", "combo", "spin")
                  and plain(one.called.rstrip(": ")) in sheet.names(groups) and sheet.name(one)]  # fmt: skip
        for one in sheet.rng.sample(inside, min(3, len(inside))):
            name, group = sheet.name(one), plain(one.called.rstrip(": "))
            if sum(sheet.name(other).lower() == name.lower() for other in sheet.controls) <= 2 and sheet.alone(
                    name, sheet.of("checkbox", "radio", "field", "combo", "spin")):  # fmt: skip
                needs = [one, *(other for other in groups if sheet.name(other) == group)]
                sheet.ask("value", group, ways.WHICH_GROUP, needs, k=name)


def _ask_present(sheet: Sheet) -> None:
    """Whether there is a control of a name; as often there is none."""
    roles = list(ways.HAS)
    sheet.rng.shuffle(roles)
    asked = 0
    for role in roles:
        phrasings = ways.HAS[role]
        if role == "entry" and len(sheet.containers("entry")) != 1:
            phrasings = tuple(way for way in phrasings if "list" not in way)
        there = [one for one in sheet.controls if role_of(one) == role and len(sheet.name(one)) > 1]
        there = [one for one in there if len(sheet.name(one)) <= 40 and one.enabled]
        if not there or asked >= _MOST_ROLES:
            continue
        few = role == "entry" and sheet.interface.noun == "browser"  # pages are full of them
        if few and sheet.rng.random() < _LEFT_OUT:
            continue
        asked += 1
        absent = _absent(sheet, role, [sheet.name(one) for one in there])
        for other in absent[: 1 + (len(there) > 5 and not few)]:
            one = sheet.rng.choice(there)
            sheet.ask("present", "Yes", phrasings, [one], t=sheet.name(one).rstrip(":"))
            sheet.ask("present", "No", phrasings, [one], t=other.rstrip(":"))


def _absent(sheet: Sheet, role: str, there: Sequence[str]) -> list[str]:
    """Names that other windows have for such controls, and near misses, which this window does not say."""
    known = sheet.earlier.texts.get(role, [])
    others = sheet.rng.sample(known, min(8, len(known)))
    others += [_NEAR_MISSES[name.rstrip(".")] for name in there if name.rstrip(".") in _NEAR_MISSES]
    parted = [(name.split(), other.split()) for name in there for other in others]
    mixed = [" ".join([*name[:-1], other[-1]]) for name, other in parted if len(name) > 1 and len(other) > 1]
    others = [one for one in others if sheet.rng.random() < 0.8] + sheet.rng.sample(mixed, min(2, len(mixed)))
    sheet.rng.shuffle(others)
    if sheet.interface.cut:  # more may be there than is seen
        others = [one for one in others if one not in _NEAR_MISSES.values()]
    return [one for one in dict.fromkeys(others) if not sheet.has_text(one)]
