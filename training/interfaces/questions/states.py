"""Questions about what is ticked, chosen, switched on or greyed out."""

from __future__ import annotations

from collections.abc import Sequence

from training.interfaces.questions import phrasings as ways
from training.interfaces.questions.sheet import MOST_COUNTED, Sheet, listed_names
from training.interfaces.records import Control
from training.screens.panes.control_phrasings import RADIO, RADIO_COUNT, RADIO_OPTIONS

_ROLES = {"button": "button", "checkbox": "check box", "radio": "option", "tool": "button", "field": "field",
          "combo": "drop-down list", "menu": "menu", "tab": "tab"}  # fmt: skip


def ask_states(sheet: Sheet) -> None:
    """Check boxes, switches, radio buttons, and what can't be used."""
    boxes = [one for one in sheet.of("checkbox", "switch") if one.is_on is not None]
    unique = [one for one in boxes if _is_unique(sheet, one)]
    on = [(one, bool(one.is_on), {"k": sheet.name(one)}) for one in unique]
    ticked = [one for one in on if one[0].role == "checkbox"]
    sheet.ask_yes_no("box on", "is_checked", ticked, ways.BOX_ON)
    sheet.ask_yes_no("switch on", "is_checked", [one for one in on if one[0].role == "switch"], ways.SWITCH_ON)
    off = [(control, not state, slots) for control, state, slots in ticked]
    sheet.ask_yes_no("box off", "is_checked", off, ways.BOX_OFF, most=1)
    _ask_all_boxes(sheet, [one for one in boxes if one.role == "checkbox"])
    _ask_radios(sheet)
    _ask_grey(sheet)


def _is_unique(sheet: Sheet, control: Control) -> bool:
    """Whether no other control that can be on or off, or be pressed, has its name."""
    name = sheet.name(control)
    others = sheet.of("checkbox", "switch", "radio", "button", "tab", "field", "combo", "group")
    return bool(name) and sum(sheet.name(one).lower() == name.lower() for one in others) == 1


def _ask_all_boxes(sheet: Sheet, boxes: Sequence[Control]) -> None:
    if len(boxes) < 2 or len(boxes) != len(sheet.of("checkbox")) or not sheet.is_whole(""):
        return
    names = sheet.names(boxes)
    on = [name for name, one in zip(names, boxes, strict=False) if one.is_on]
    off = [name for name in names if name not in on]
    for some, phrasings in ((on, ways.CHECKED), (off, ways.UNCHECKED), (names, ways.BOXES)):
        said = listed_names(some)
        if said:
            sheet.ask("checked" if some is not names else "list", said, phrasings, boxes)
    if len(boxes) <= MOST_COUNTED:
        sheet.ask("how_many", str(len(boxes)), ways.BOX_COUNT, boxes)
        sheet.ask("how_many", str(sum(bool(one.is_on) for one in boxes)), ways.CHECKED_COUNT, boxes)
    groups = {one.called for one in boxes if one.called}
    for group in groups if len(groups) > 1 else ():
        inside = [one for one in boxes if one.called == group]
        name = sheet.names(inside) and group.strip()
        if not name or len(inside) < 2 or not name.isascii() or "{" in name or sheet.said[name.lower()] > 1:
            continue
        said = listed_names([sheet.name(one) for one in inside])
        ticked = listed_names([sheet.name(one) for one in inside if one.is_on])
        if said:
            sheet.ask("list", said, ways.BOXES_OF, inside, g=name)
        if ticked:
            sheet.ask("checked", ticked, ways.CHECKED_OF, inside, g=name)


def _ask_radios(sheet: Sheet) -> None:
    groups = sheet.containers("radio")
    loose = [one for one in sheet.of("radio") if not one.container]
    for container, radios in groups.items():
        names = sheet.names(radios)
        chosen = [name for name, one in zip(names, radios, strict=False) if one.is_on]
        if len(radios) < 2 or len(chosen) != 1 or not sheet.is_whole(container):
            continue
        said, label = listed_names(names), _caption(sheet, radios)
        if label:
            sheet.ask("selected", chosen[0], RADIO, radios, label=label)
            if said:
                sheet.ask("list", said, RADIO_OPTIONS, radios, label=label)
            sheet.ask("how_many", str(len(radios)), RADIO_COUNT, radios, label=label)
        if len(groups) == 1 and not loose and sheet.is_whole(""):
            sheet.ask("selected", chosen[0], ways.RADIO_ALONE, radios)
            if said:
                sheet.ask("list", said, ways.RADIO_ALONE_ALL, radios)
            if len(radios) <= MOST_COUNTED:
                sheet.ask("how_many", str(len(radios)), ways.RADIO_COUNT, radios)
        states = [(one, bool(one.is_on), {"k": sheet.name(one)}) for one in radios if _is_unique(sheet, one)]
        sheet.ask_yes_no("radio", "is_checked", states, ways.RADIO_ON, most=1)


def _caption(sheet: Sheet, radios: Sequence[Control]) -> str:
    """What a visible text calls a group of radio buttons, and nothing else; "" for none."""
    called = {one.called.strip().rstrip(":") for one in radios}
    label = called.pop() if len(called) == 1 else ""
    if not label or not label.isascii() or not label.isprintable() or "{" in label or len(label) > 50:
        return ""
    others = [one for one in sheet.controls if one not in radios and one.called.strip().rstrip(":") == label
              and one.role not in ("label", "text")]  # fmt: skip
    return "" if others or sheet.said[label.lower()] > 1 else label


def _ask_grey(sheet: Sheet) -> None:
    usable = [one for one in sheet.of("button", "checkbox", "radio", "tool", "field", "combo", "menu", "tab")
              if _is_unique_of_all(sheet, one)]  # fmt: skip
    usable = [one for one in usable if one.text.strip() and sheet.looks_as_it_is(one)]
    if all(one.enabled for one in usable):
        return
    states = [(one, not one.enabled, {"k": sheet.name(one), "r": _ROLES[one.role]}) for one in usable]
    sheet.ask_yes_no("grey", "yes_no", states, ways.IS_GREY, most=2)
    able = [(one, one.enabled, slots) for one, _, slots in states]
    sheet.ask_yes_no("usable", "yes_no", able, ways.IS_USABLE, most=1)
    buttons = sheet.of("button")
    grey = [one for one in buttons if not one.enabled]
    said = listed_names(sheet.names(grey)) if not sheet.of("tool") and sheet.is_whole("") else ""
    if said and sheet.names(buttons) and all(map(sheet.looks_as_it_is, buttons)):
        sheet.ask("list", said, ways.GREY, buttons)


def _is_unique_of_all(sheet: Sheet, control: Control) -> bool:
    name = sheet.name(control).lower()
    return bool(name) and sum(sheet.name(one).lower() == name for one in sheet.controls if one.role != "label") == 1
