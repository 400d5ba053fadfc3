"""Windows of things that are selected, pressed, ticked or current: tools, choices, days, tasks, text."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from random import Random

from training.screens.page import black_or_white, mixed
from training.screens.panes.frame import Frame
from training.screens.phrases import DAYS, MONTHS, Writer
from training.screens.records import Screen
from training.screens.themes import Style
from training.screens.typefaces import Colour

_TOOLS = (
    "Bold",
    "Italic",
    "Underline",
    "Left",
    "Centre",
    "Right",
    "List",
    "Grid",
    "Zoom",
    "Draw",
    "Erase",
    "Select",
    "Move",
    "Crop",
    "Fill",
    "Pan",
    "Mute",
    "Loop",
    "Wrap",
    "Outline",
)
_CHOICES = (
    ("View", ("Day", "Week", "Month", "Year")),
    ("Order", ("Name", "Date", "Size", "Price")),
    ("Layout", ("List", "Grid", "Table")),
    ("Unit", ("Metric", "Imperial")),
    ("Priority", ("Low", "Normal", "High")),
    ("Theme", ("Light", "Dark", "System")),
    ("Quality", ("Draft", "Good", "Best")),
    ("Speed", ("0.5x", "1x", "2x")),
    ("Paper", ("A3", "A4", "A5", "Letter")),
    ("Side", ("Front", "Back")),
    ("Channel", ("Left", "Right", "Both")),
)
_PRESSED = (
    "Which tool is pressed?",
    "Which tool is active?",
    "Which tool is selected?",
    "Which of the tools is highlighted?",
    "Which tool button is pressed in?",
    "What tool is chosen?",
)
_CHOSEN = (
    "Which {k} is selected?",
    "What is chosen for {k}?",
    "What is {k} set to?",
    "{k}: which is highlighted?",
    "Which of the choices for {k} is active?",
    "Which {k} is highlighted?",
)
_IS_CHOSEN = ("Is {x} chosen for {k}?", "Is {k} set to {x}?", "Is {x} selected for {k}?")
_OTHER = ("Which {k} is not selected?", "Which of the two choices for {k} is not chosen?")
_DAY = (
    "Which day is selected in the calendar?",
    "Which day of the month is highlighted?",
    "Which day is marked?",
    "On which day of {m} is the highlight?",
    "Which date in {m} is selected?",
)
_MONTH = ("Which month is shown?", "Which month does the calendar show?", "What month is it in the calendar?")
_TICKED = ("Is '{x}' ticked?", "Is '{x}' checked?", "Is '{x}' done?", "Is there a tick at '{x}'?")
_UNTICKED = ("Is '{x}' still open?", "Is '{x}' not ticked?", "Is '{x}' unchecked?")
_ALL_TICKED = ("Which tasks are ticked?", "Which tasks are done?", "List the checked tasks.")
_ALL_OPEN = ("Which tasks are not ticked?", "Which tasks are still open?", "List the unchecked tasks.")
_HOW_MANY = ("How many tasks are ticked?", "How many tasks are done?", "Count the checked tasks.")
_HOW_MANY_OPEN = ("How many tasks are not ticked?", "How many tasks are still open?", "Count the unchecked tasks.")
_MARKED = (
    "Which words of the text are selected?",
    "What is selected in the text?",
    "Which words are highlighted in the text?",
    "Read the selected part of the text.",
    "What does the highlighted part of the text say?",
    "Which part of the text is selected?",
)


def draw_states(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """Two to five of `_PARTS` below each other."""
    frame = Frame(rng, writer, style, width, height, rng.choice(("planner", "organizer", "settings window", "editor")))
    frame.title(str(rng.choice((writer.words(1, 2).capitalize(), writer.file()))))
    frame.menus(0.6)
    parts = rng.sample(_PARTS, rng.randint(2, len(_PARTS)))
    for part in parts:
        frame.top += frame.gap
        part(frame)
    return frame.done("states", "with choices, some of them selected.")


def _mark(frame: Frame, box: tuple[float, float, float, float], look: str, ground: Colour, ink: Colour) -> Colour:
    """Behind what is selected; returns the ink of its text."""
    accent = frame.accent_on_bar() if ground == frame.bar_ground else frame.accent
    left, top, right, bottom = box
    if look == "filled":
        frame.fill(box, accent)
        return black_or_white(accent)
    if look == "round":
        frame.fill(box, accent, round((bottom - top) / 2))
        return black_or_white(accent)
    if look == "outlined":
        frame.sketch.draw.rectangle(tuple(round(edge) for edge in box), None, accent, 2)
    elif look == "underlined":
        frame.fill((left, bottom - 3, right, bottom), accent)
    elif look == "grey":
        shade = mixed(ink, ground, 0.3)
        frame.fill(box, shade)
        return black_or_white(shade)
    else:
        frame.sketch.panel(box, mixed(ink, ground, 0.2), frame.style.theme, sunken=True)
    return ink


def _look(rng: Random) -> str:
    return rng.choice(("filled", "filled", "round", "outlined", "underlined", "grey", "sunken"))


def _row(frame: Frame, names: Sequence[str], chosen: int, x: float) -> bool:
    """Names beside each other, one of them marked; returns whether there was room for them."""
    high, look, edged = frame.pen.line * 1.5, _look(frame.rng), frame.rng.random() < 0.6
    widths = [frame.pen.width(name) + 2 * frame.gap for name in names]
    if x + sum(widths) > frame.right - frame.gap or frame.top + high > frame.bottom:
        return False
    for n, (name, wide) in enumerate(zip(names, widths, strict=True)):
        box = (x, frame.top, x + wide, frame.top + high)
        if edged:
            frame.sketch.draw.rectangle(tuple(round(edge) for edge in box), None, frame.line)
        ink = _mark(frame, box, look, frame.ground, frame.ink) if n == chosen else frame.ink
        frame.put(x + frame.gap, frame.top, name, None, ink, high)
        x += wide + (0 if edged else 2)
    frame.top += high
    return True


def _tools(frame: Frame) -> None:
    """A row of tools, one of them pressed."""
    names = frame.rng.sample(_TOOLS, frame.rng.randint(3, 8))
    chosen = frame.rng.randrange(len(names))
    if _row(frame, names, chosen, frame.left + frame.gap):
        frame.say_phrase("selected", names[chosen], _PRESSED)
        frame.ask_names(names, "tool", "tools", across=True, kind="menu", most=2)


def _choices(frame: Frame) -> None:
    """Labels with choices beside them, one of each chosen."""
    for label, names in frame.rng.sample(_CHOICES, frame.rng.randint(1, 5)):
        chosen, x = frame.rng.randrange(len(names)), frame.left + frame.gap
        wide = frame.pen.width(label + ":") + 2 * frame.gap
        top = frame.top
        if not _row(frame, names, chosen, x + wide):
            return
        frame.put(x, top, f"{label}:", None, frame.ink, frame.pen.line * 1.5)
        frame.top += frame.gap / 2
        key, other = label.lower(), names[chosen - 1]
        frame.say_phrase("selected", names[chosen], _CHOSEN, k=key)
        frame.say_phrase("yes_no", "Yes", _IS_CHOSEN, k=key, x=names[chosen])
        frame.say_phrase("yes_no", "No", _IS_CHOSEN, k=key, x=other)
        if len(names) == 2:
            frame.say_phrase("value", other, _OTHER, k=key)


def _calendar(frame: Frame) -> None:
    """A month with one day selected."""
    rng, pitch = frame.rng, frame.pen.line * 1.4
    number, year = rng.randint(1, 12), rng.randint(2010, 2032)
    month, (first, days) = f"{MONTHS[number - 1]} {year}", monthrange(year, number)
    wide, chosen, look = frame.pen.width("0000"), rng.randint(1, days), _look(rng)
    weeks = (first + days + 6) // 7
    if frame.top + pitch * (weeks + 2) > frame.bottom or frame.left + frame.gap + 7 * wide > frame.right:
        return
    left = frame.left + frame.gap
    frame.put(left, frame.top, month, frame.bold, frame.ink, pitch)
    for n, weekday in enumerate(DAYS):
        frame.put(left + n * wide + wide * 0.2, frame.top + pitch, weekday[:2], None, frame.faint, pitch)
    for day in range(1, days + 1):
        week, column = divmod(first + day - 1, 7)
        x, y = left + column * wide, frame.top + (week + 2) * pitch
        ink = _mark(frame, (x, y, x + wide, y + pitch), look, frame.ground, frame.ink) if day == chosen else frame.ink
        frame.put(x + (wide - frame.pen.width(str(day))) / 2, y, str(day), None, ink, pitch)
    frame.top += pitch * (weeks + 2)
    frame.say_phrase("selected", str(chosen), _DAY, m=month)
    frame.say_phrase("selected", str(chosen), _DAY, m=month)
    frame.say_phrase("value", month, _MONTH)


def _tasks(frame: Frame) -> None:
    """Tasks below each other, some of them ticked."""
    rng, pitch, size = frame.rng, frame.pen.line * 1.4, frame.pen.up
    forms = ("call {name}", "order the {noun}", "pay {amount}", "send {file}", "{verb} the {noun}", "book {noun} room")
    names = list(dict.fromkeys(frame.writer.fill(rng.choice(forms)).capitalize() for _ in range(rng.randint(3, 8))))
    names = [name for name in names if frame.pen.width(name) + 3 * size < frame.wide - 2 * frame.gap]
    names = names[: max(0, int((frame.bottom - frame.top) / pitch))]
    done = [rng.random() < 0.5 for _ in names]
    for name, ticked in zip(names, done, strict=True):
        x, y = frame.left + frame.gap, frame.top + (pitch - size) / 2
        box = (round(x), round(y), round(x + size), round(y + size))
        frame.sketch.draw.rectangle(box, frame.accent if ticked and size > 14 else None, frame.ink)
        if ticked:
            ink = black_or_white(frame.accent) if size > 14 else frame.ink
            points = (
                (x + size * 0.2, y + size * 0.5),
                (x + size * 0.45, y + size * 0.75),
                (x + size * 0.85, y + size * 0.2),
            )
            frame.sketch.draw.line(points, ink, max(1, round(size / 7)))
        frame.put(x + size * 1.6, frame.top, name, None, frame.ink, pitch)
        frame.top += pitch
    _ask_tasks(frame, names, done)


def _ask_tasks(frame: Frame, names: Sequence[str], done: Sequence[bool]) -> None:
    for name, ticked in zip(names, done, strict=True):
        if frame.rng.random() < 0.6:
            frame.say_phrase("is_checked", "Yes" if ticked else "No", _TICKED, x=name)
            frame.say_phrase("is_checked", "No" if ticked else "Yes", _UNTICKED, x=name)
    for state, listed, counted in ((True, _ALL_TICKED, _HOW_MANY), (False, _ALL_OPEN, _HOW_MANY_OPEN)):
        some = [name for name, ticked in zip(names, done, strict=True) if ticked == state]
        if some and not any("," in name for name in some):
            frame.say_phrase("list", ", ".join(some), listed)
        if names:
            frame.say_phrase("how_many", str(len(some)), counted)


def _text(frame: Frame) -> None:
    """Lines of text, some words of one of them selected."""
    rng, pitch = frame.rng, frame.pen.line * 1.25
    words = [word for _ in range(rng.randint(2, 6)) for word in frame.writer.sentence(5, 11).split()]
    lines = frame.pen.wrap(" ".join(words), min(frame.wide - 2 * frame.gap, frame.pen.size * 38))
    lines = lines[: max(0, int((frame.bottom - frame.top) / pitch))]
    if not lines or max(map(frame.pen.width, lines)) > frame.wide - 2 * frame.gap:
        return
    at = rng.randrange(len(lines))
    parts = lines[at].split()
    start = rng.randrange(len(parts))
    end = min(len(parts), start + rng.randint(1, 5))
    before, chosen = " ".join(parts[:start]), " ".join(parts[start:end])
    fill = rng.choice((frame.accent, frame.ink, mixed(frame.accent, frame.ground, 0.35)))
    for n, line in enumerate(lines):
        x = frame.left + frame.gap
        if n != at:
            frame.put(x, frame.top, line, None, frame.ink, pitch)
        else:
            x = frame.put(x, frame.top, before + " " if before else "", None, frame.ink, pitch)
            frame.fill((x, frame.top, x + frame.pen.width(chosen), frame.top + pitch), fill)
            x = frame.put(x, frame.top, chosen, None, black_or_white(fill), pitch)
            frame.put(x, frame.top, " " + " ".join(parts[end:]), None, frame.ink, pitch)
        frame.top += pitch
    frame.say_phrase("selected", chosen, _MARKED)
    frame.say_phrase("selected", chosen, _MARKED)


_PARTS: tuple[Callable[[Frame], None], ...] = (_tools, _choices, _calendar, _tasks, _text)
