"""Wizards with steps, and two lists with buttons between them."""

from __future__ import annotations

from random import Random

from training.screens.panes.control_phrasings import STEP, STEP_COUNT, STEPS
from training.screens.panes.controls.form import WIZARDS, Form, noun_of
from training.screens.panes.frame import Frame, dialog_size
from training.screens.panes.looks import row_look, show_row
from training.screens.panes.questions import PROGRAM_OF_DIALOG
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style

_STEPS = ("Welcome", "License", "Location", "Keyboard", "Language", "Partitions", "Users", "Network", "Summary",
          "Finish",
          "Components", "Account", "Source", "Format", "Preview", "Mapping", "Options", "Review", "Import", "Device",
          "Folder", "Type", "Server", "Identity", "Ready", "Progress", "Packages", "Time Zone", "Confirm")  # fmt: skip
_FEET = (("< Back", "Next >", "Cancel"), ("Back", "Next", "Cancel"), ("Cancel", "Back", "Next"),
         ("Help", "Back", "Next"),
         ("Previous", "Next", "Quit"), ("Cancel", "< Previous", "Next >"), ("Back", "Install", "Cancel"),
         ("Go Back", "Continue"), ("Back", "Finish", "Cancel"), ("Skip", "Next", "Close"))  # fmt: skip
_QUESTIONS = ("Choose the {noun}.", "Where should the {noun} be stored?", "Select a {noun} to {verb}.",
              "What do you want to {verb}?", "Which {noun} do you use?", "Please {verb} your {noun}.")  # fmt: skip
_HEADS = (("Available", "Selected"), ("Available {x}", "Chosen {x}"), ("Hidden columns", "Shown columns"),
          ("All {x}", "Active {x}"), ("Not installed", "Installed"), ("Source", "Target"), ("Left", "Right"),
          ("Members", "Others"), ("Queue", "Done"), ("Buttons", "Toolbar"), ("Excluded", "Included"))  # fmt: skip
_BETWEEN = (("Add >", "< Remove"), (">", ">>", "<", "<<"), ("Add", "Remove", "Add All", "Remove All"), ("->", "<-"),
            ("Add", "Remove"), ("Move Up", "Move Down"), ("Include", "Exclude"), ("Enable", "Disable"),
            ("Insert", "Delete", "Up", "Down"), ("Copy >", "< Copy", "Swap"), ("Join", "Leave"))  # fmt: skip
_KINDS = (("column", "columns"), ("field", "fields"), ("package", "packages"), ("group", "groups"), ("user", "users"),
          ("file", "files"), ("tool", "tools"), ("language", "languages"), ("plugin", "plugins"))  # fmt: skip

_PLACES = (" at the bottom", "between", "Between", "middle", "after", "before")
"""One of which is in every question about buttons where there are two groups of them."""


def draw_wizard(rng: Random, writer: Writer, style: Style) -> Screen:
    """A page of a wizard: the steps at the left or a count of them, controls, Back and Next below."""
    wide, high = dialog_size(rng, style, (34, 46), (17, 26))
    noun = rng.choice(("wizard", "setup assistant", "assistant", "installer"))
    frame = Frame(
        rng, writer, style, wide, high, noun, grounds=(style.theme.window, style.theme.ink), columns=34, lines=17
    )
    title = rng.choice((f"{frame.app} Setup", f"Install {frame.app}", f"New {writer.slot('noun').capitalize()} Wizard",
                        f"Import {writer.slot('noun')}", f"{frame.app} Assistant", "Setup"))  # fmt: skip
    program, frame.app = frame.app, title
    noun = frame.noun = noun_of(title, WIZARDS, "assistant")
    frame.title(title)
    if program in title:
        frame.say_phrase("program", program, PROGRAM_OF_DIALOG)
    foot = list(rng.choice(_FEET))
    frame.buttons(foot, default=rng.choice(("", foot[-1], foot[1])))
    steps = rng.sample(_STEPS, rng.randint(3, 8))
    place = rng.randrange(len(steps))
    listed = rng.random() < 0.65 and _steps(frame, steps, place)
    frame.left, frame.right = frame.left + frame.gap, frame.right - frame.gap
    if listed or rng.random() < 0.5:
        frame.put(frame.left + frame.gap, frame.top + frame.gap, steps[place], frame.bold, None, frame.pen.line * 1.4)
        frame.ask("heading", steps[place], "What is the heading of the page?", "What does the heading say?",
                  "Heading of the page?", "Read the heading.", "What is the page called?",
                  "Which heading does this page have?", "What stands in bold at the top?",
                  "Name of the page?")  # fmt: skip
        frame.top += round(frame.pen.line * 1.5) + frame.gap
    if not listed or rng.random() < 0.3:
        form = rng.choice(("Step {a} of {b}", "{a}/{b}", "Page {a} of {b}", "Step {a}/{b}"))
        frame.put(frame.left + frame.gap, frame.top, form.format(a=place + 1, b=len(steps)), None, None, frame.pitch_px)
        frame.top += frame.pitch_px
        frame.ask("how_many", str(len(steps)), *STEP_COUNT)
        frame.ask("how_many", str(place + 1), "Which number has the current step?", "At which step number is it?",
                  "What is the number of this step?", "How many of the steps have been reached?",
                  "Which number does this page have?", "Number of the current step?", "Step number?",
                  "What is the current step's number?")  # fmt: skip
    frame.left += frame.gap
    frame.say(writer.fill(rng.choice(_QUESTIONS)))
    frame.left -= frame.gap
    made = Form(frame)
    options = [writer.label().replace(",", "") for _ in range(rng.randint(2, 4))]
    if len(set(options)) == len(options) and not any("{" in one for one in options):
        made.radio(writer.slot("noun").capitalize(), options, rng.choice(options))
    for _ in range(rng.randint(0, 3)):
        made.check(
            writer.fill("Install {noun}s" if rng.random() < 0.5 else "Use {adjective} {noun}"), on=rng.random() < 0.5
        )
    made.ask_all()
    frame.describe(f'A {noun} titled "{title}" at step {place + 1} of {len(steps)}.'.replace("A a", "An a").replace(
        "A i", "An i"))  # fmt: skip
    return frame.finish("wizard", noun)


def _steps(frame: Frame, steps: list[str], place: int) -> bool:
    """At the left, the current one marked, those before it perhaps ticked; whether they fit."""
    rng, pitch = frame.rng, round(frame.pen.line * 1.6)
    numbered, look = rng.random() < 0.35, row_look(rng)
    texts = [f"{n}. {step}" if numbered else step for n, step in enumerate(steps, 1)]
    wide = max(map(frame.bold.width, texts)) + 3 * frame.gap
    if frame.top + pitch * len(steps) > frame.bottom or wide > frame.wide * 0.45:
        return False
    ground, ink = rng.choice(
        ((frame.bar_ground, frame.bar_ink), (frame.style.theme.field, frame.style.theme.field_ink))
    )
    frame.fill((frame.left, frame.top, frame.left + wide, frame.bottom), ground)
    top = frame.top + frame.gap
    for number, text in enumerate(texts):
        used, box = ink, (frame.left, top, frame.left + wide, top + pitch)
        if number == place:
            used = show_row(frame, box, ground, ink, look)
        bold = number == place and rng.random() < 0.5
        frame.put(frame.left + frame.gap, top, text, frame.bold if bold else None, used, pitch)
        top += pitch
    frame.left += wide
    frame.say_phrase("selected", steps[place], STEP)
    frame.say_phrase("list", ", ".join(steps), STEPS)
    frame.say_phrase("how_many", str(len(steps)), STEP_COUNT)
    frame.ask_names(steps, "step", "steps", " on the left", most=3)
    return True


def draw_two_lists(rng: Random, writer: Writer, style: Style) -> Screen:
    """Two lists with buttons between, OK and the like below."""
    wide, high = dialog_size(rng, style, (36, 48), (15, 25))
    item, items = rng.choice(_KINDS)
    frame = Frame(rng, writer, style, wide, high, "selection dialog", grounds=(style.theme.window, style.theme.ink),
                  columns=36, lines=16)  # fmt: skip
    title = rng.choice(
        (f"Choose {items.capitalize()}", f"Select {items.capitalize()}", f"{items.capitalize()}", "Customize")
    )
    frame.app = title
    frame.title(title)
    foot = list(
        rng.choice((("OK", "Cancel"), ("Close",), ("Help", "OK", "Cancel"), ("Apply", "Close"), ("Reset", "Done")))
    )
    frame.buttons(foot, where=" at the bottom")
    between = list(rng.choice(_BETWEEN))
    heads = [head.format(x=items) for head in rng.choice(_HEADS)]
    middle = max(map(frame.pen.width, between)) + 2.5 * frame.gap + 6
    each = (frame.wide - middle - 4 * frame.gap) / 2
    names = list(dict.fromkeys(writer.label().replace(",", "") for _ in range(rng.randint(4, 14))))
    names = [name for name in names if frame.pen.width(name) + 2 * frame.gap < each and "{" not in name]
    most = max(1, int((frame.bottom - frame.top - frame.gap) / frame.pitch_px) - 2)
    cut = rng.randint(1, max(1, len(names) - 1))
    parts, active = [names[:cut][:most], names[cut:][:most]], rng.randrange(2)
    look, top = row_look(rng), frame.top + frame.gap
    for place, part in enumerate(parts):
        left = frame.left + frame.gap + place * (each + middle + 2 * frame.gap)
        frame.put(left, top, frame.fits(heads[place], each), None, None, frame.pitch_px)
        chosen = rng.choice(part) if part and (place == active or rng.random() < 0.3) else ""
        _list_box(frame, (left, top + frame.pitch_px, left + each, frame.bottom - frame.gap), part, chosen, look)
        _ask_side(frame, part, chosen, (item, items), ("left", "right")[place], heads[place])
    _between(frame, between, frame.left + each + 2.2 * frame.gap, middle - 6)
    frame.describe(f'A dialog titled "{title}" with two lists of {items}: {len(parts[0])} and {len(parts[1])}.')
    frame.asker.questions = [one for one in frame.asker.questions if one.kind == "present"
                             or "button" not in one.text.lower() or any(place in one.text for place in _PLACES)
                             ]  # fmt: skip
    return frame.finish("two_lists", "selection dialog")


def _list_box(frame: Frame, box: tuple[float, float, float, float], names: list[str], chosen: str, look: str) -> None:
    theme, pitch = frame.style.theme, frame.pitch_px
    frame.sketch.panel(box, theme.field, theme, sunken=True)
    top = box[1] + 2
    for name in names:
        ink = theme.field_ink
        if name == chosen:
            ink = show_row(frame, (box[0] + 2, top, box[2] - 3, top + pitch), theme.field, ink, look)
        frame.put(box[0] + frame.gap, top, name, None, ink, pitch)
        top += pitch


def _ask_side(frame: Frame, names: list[str], chosen: str, kind: tuple[str, str], side: str, head: str) -> None:
    rng, (item, items) = frame.rng, kind
    where = rng.choice((f" on the {side}", f" in the {side} list", f" in the list on the {side}", f" under {head}",
                        f" in the list {head}"))  # fmt: skip
    if chosen:
        frame.ask("selected", chosen, f"Which {item} is selected{where}?", f"What is selected{where}?",
                  f"Which {item} is highlighted{where}?", f"What is the selected {item}{where}?",
                  f"Which {item} is marked{where}?", f"Name the {item} that is selected{where}.",
                  f"Which entry is chosen{where}?", f"What is highlighted{where}?")  # fmt: skip
    frame.ask("how_many", str(len(names)), f"How many {items} are{where}?", f"How many {items} are listed{where}?",
              f"Count the {items}{where}.", f"Number of {items}{where}?", f"How many entries are there{where}?",
              f"How many {items} do you see{where}?", f"What is the number of {items}{where}?",
              f"How many {items} can be found{where}?")  # fmt: skip
    if names:
        frame.ask("list", ", ".join(names), f"Which {items} are{where}?", f"List the {items}{where}.",
                  f"Which {items} are listed{where}?", f"Name the {items}{where}.", f"Read the entries{where}.",
                  f"What are the {items}{where}?", f"All {items}{where}?", f"Which entries are{where}?")  # fmt: skip
        frame.ask("value", names[0], f"What is the first {item}{where}?", f"Which {item} is at the top{where}?",
                  f"First entry{where}?", f"Which entry comes first{where}?")  # fmt: skip


def _between(frame: Frame, names: list[str], left: float, wide: float) -> None:
    """Buttons below each other; asked for by their place."""
    theme, pitch = frame.style.theme, round(frame.pen.line * 1.7)
    top = (frame.top + frame.bottom - pitch * len(names) * 1.2) / 2
    for name in names:
        frame.sketch.panel((left, top, left + wide, top + pitch), theme.button, theme)
        frame.put(left + (wide - frame.pen.width(name)) / 2, top, name, None, theme.button_ink, pitch)
        top += pitch * 1.2
    for _ in range(2):
        frame.ask("buttons", ", ".join(names), "Which buttons are in the middle?",
                  "Which buttons are between the lists?",
                  "List the buttons in the middle.", "What are the buttons between the two lists?",
                  "Name the buttons between the lists.", "Read the buttons in the middle, from top to bottom.",
                  "What can I press between the lists?", "Buttons in the middle?",
                  "Which buttons stand between left and right?")  # fmt: skip
    frame.ask("how_many", str(len(names)), "How many buttons are between the lists?",
              "How many buttons are in the middle?",
              "Count the buttons between the lists.", "Number of buttons in the middle?",
              "How many buttons stand between the two lists?", "How many buttons do you see in the middle?",
              "How many buttons are there in the middle?",
              "Between the lists, how many buttons are there?")  # fmt: skip
