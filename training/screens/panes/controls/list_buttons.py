"""Dialogs around one list: buttons in a column beside it or in a row below it, others at the bottom of the window."""

from __future__ import annotations

from random import Random

from training.screens.panes.controls.form import DIALOGS, Form, noun_of
from training.screens.panes.frame import Frame, dialog_size
from training.screens.panes.looks import row_look, show_row
from training.screens.panes.options import PAGES
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style

_KINDS = (("account", "accounts"), ("bookmark", "bookmarks"), ("font", "fonts"), ("filter", "filters"),
          ("printer", "printers"), ("rule", "rules"), ("template", "templates"), ("source", "sources"),
          ("profile", "profiles"), ("certificate", "certificates"), ("device", "devices"), ("key", "keys"),
          ("shortcut", "shortcuts"), ("dictionary", "dictionaries"), ("macro", "macros"))  # fmt: skip
_TITLES = ("{Items}", "Manage {Items}", "{Items} Manager", "Edit {Items}", "{App}: {Items}", "Configure {Items}",
           "All {Items}", "{App} {Items}")  # fmt: skip
_NEAR = ("Add", "New", "Edit", "Remove", "Delete", "Rename", "Move Up", "Move Down", "Import", "Export", "Duplicate",
         "Properties", "Test", "Up", "Down", "Default", "Load", "Print", "Enable", "Browse", "Details")  # fmt: skip
_FEET = (("Close",), ("OK", "Cancel"), ("Help", "Close"), ("Cancel", "OK"), ("Apply", "Cancel", "OK"),
         ("Help", "Cancel", "Save"), ("Restore Defaults", "OK"), ("Revert", "Apply"), ("Back", "Next", "Cancel"),
         ("OK", "Apply", "Cancel", "Help"))  # fmt: skip
_BESIDE = (" beside the list", " on the right of the list", " next to the list", " to the right of the list",
           " on the right side")  # fmt: skip
_BEFORE = (" beside the list", " on the left of the list", " next to the list", " to the left of the list")
_BELOW = (" below the list", " under the list", " right below the list", " between the list and the bottom row")
_PLACES = (" at the bottom", " in the bottom row", " along the lower edge", *_BESIDE, *_BEFORE, *_BELOW)


def draw_list_dialog(rng: Random, writer: Writer, style: Style) -> Screen:
    """One of a dialog's own size."""
    wide, high = dialog_size(rng, style, (28, 44), (16, 26))
    return draw_list_window(rng, writer, style, wide, high, (28, 16))


def draw_list_window(rng: Random, writer: Writer, style: Style, width: int, height: int,
                     least: tuple[int, int] = (42, 21)) -> Screen:  # fmt: skip
    """One that fills its room."""
    noun = rng.choice(("settings dialog", "preferences dialog", "options dialog"))
    frame = Frame(rng, writer, style, width, height, noun, grounds=(style.theme.window, style.theme.ink),
                  columns=least[0], lines=least[1])  # fmt: skip
    item, items = rng.choice(_KINDS)
    title = rng.choice(_TITLES).format(Items=items.capitalize(), App=frame.app)
    frame.app = title
    noun = frame.noun = noun_of(title, DIALOGS, "settings dialog")
    frame.title(title)
    feet = list(rng.choice(_FEET))
    frame.buttons(feet, align=rng.choice(("right", "right", "left")), default=rng.choice(("", rng.choice(feet))),
                  where=rng.choice(_PLACES[:3]))  # fmt: skip
    if rng.random() < 0.35:
        pages = rng.sample(PAGES, rng.randint(2, 5))
        frame.tabs(pages, rng.choice(pages))
    frame.left, frame.top, frame.right = frame.left + frame.gap, frame.top + frame.gap, frame.right - frame.gap
    boxes = _boxes(frame)
    near = [name for name in rng.sample(_NEAR, rng.randint(2, 6)) if name not in feet]
    names = list(dict.fromkeys(writer.label().replace(",", "") for _ in range(frame.rows_for(3, 10))))
    left, bottom = frame.left, frame.bottom
    beside = _place_buttons(frame, near)
    chosen = _list(frame, [name for name in names if "{" not in name], (item, items))
    frame.left, frame.bottom = left, bottom
    if boxes:
        frame.top = bottom
        frame.bottom = boxes
        form = Form(frame)
        for _ in range(2):
            form.check(
                writer.fill(rng.choice(("Show {noun}s", "Use {adjective} {noun}", "Ask for {noun}"))),
                on=rng.random() < 0.5,
            )
        form.ask_all()
    frame.asker.questions = [one for one in frame.asker.questions if one.kind in {"present", "selected"}
                             or "button" not in one.text.lower() or any(place in one.text for place in _PLACES)
                             ]  # fmt: skip
    frame.describe(f'A {noun} titled "{title}" with a list of {items} and the buttons {", ".join(near)} {beside}.'
                   .replace("A o", "An o") + (f" {chosen} is selected." if chosen else ""))  # fmt: skip
    return frame.finish("properties", noun)


def _boxes(frame: Frame) -> float:
    """Room for check boxes below the list, if there is to be any: where it ends, else 0."""
    end, high = frame.bottom, round(frame.pen.line * 4)
    if frame.rng.random() < 0.6 or frame.bottom - frame.top < 3 * high:
        return 0
    frame.bottom -= high
    return end


def _place_buttons(frame: Frame, names: list[str]) -> str:
    """A column at one side of the list or a row below it, asked about; says where they are."""
    rng, theme, high = frame.rng, frame.style.theme, round(frame.pen.line * 1.7)
    step = round(high * rng.uniform(1.1, 1.3))
    draw = rng.random()
    if draw < 0.25 and sum(map(frame.pen.width, names)) + 3 * frame.gap * len(names) < frame.wide:
        frame.bottom -= step
        x = frame.left
        for name in names:
            wide = frame.pen.width(name) + 2 * frame.gap
            frame.sketch.panel((x, frame.bottom, x + wide, frame.bottom + high), theme.button, theme)
            frame.put(x + frame.gap, frame.bottom, name, None, theme.button_ink, high)
            x += wide + frame.gap * 0.7
        frame.bottom -= frame.gap * 0.6
        where, across = rng.choice(_BELOW), True
    else:
        wide, at_left = max(map(frame.pen.width, names)) + 2 * frame.gap, draw > 0.9
        names[:] = names[: max(1, int((frame.bottom - frame.top) / step))]
        x, top = (frame.left if at_left else frame.right - wide), frame.top
        if rng.random() < 0.2:
            top = frame.bottom - step * len(names)
        for name in names:
            frame.sketch.panel((x, top, x + wide, top + high), theme.button, theme)
            frame.put(x + (wide - frame.pen.width(name)) / 2, top, name, None, theme.button_ink, high)
            top += step
        where, across = rng.choice(_BEFORE if at_left else _BESIDE), False
        frame.left += wide + frame.gap if at_left else 0
        frame.right -= 0 if at_left else wide + frame.gap
    for _ in range(2):
        frame.ask_names(names, "button", "buttons", where, across=across, kind="buttons", most=2)
    return where.strip()


def _list(frame: Frame, names: list[str], kind: tuple[str, str]) -> str:
    """A box with as many names as fit, one of them perhaps selected, which it returns."""
    rng, theme, pitch, (item, items) = frame.rng, frame.style.theme, frame.pitch_px, kind
    names = [name for name in names if frame.pen.width(name) + 2 * frame.gap < frame.wide]
    names = names[: max(1, int((frame.bottom - frame.top - 4) / pitch))]
    frame.sketch.panel((frame.left, frame.top, frame.right, frame.bottom), theme.field, theme, sunken=True)
    chosen = rng.choice((*names, "")) if names else ""
    look, top = row_look(rng), frame.top + 2
    for name in names:
        ink = theme.field_ink
        if name == chosen:
            ink = show_row(frame, (frame.left + 2, top, frame.right - 3, top + pitch), theme.field, ink, look)
        frame.put(frame.left + frame.gap, top, name, None, ink, pitch)
        top += pitch
    if names:
        frame.ask_names(names, item, items, rng.choice(("", " in the list")), selected=chosen)
    return chosen
