"""Lists of things in one of several states, to count and to ask yes or no about: ticked boxes, unread messages,
switches, stars, jobs that failed. How many there are of each is drawn evenly, none and all of them included.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from training.screens.line_numbering import near_miss
from training.screens.page import black_or_white, mixed
from training.screens.panes.frame import Frame
from training.screens.panes.tally_phrasings import (
    ALL,
    ANY,
    IN_LIST,
    IS,
    LISTED,
    MORE,
    MORE_OF,
    SOME,
    TOTAL,
)
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style
from training.screens.typefaces import Colour

_MOST = 15
_LONGEST_LIST = 7
"""Names in an answer."""
_SETTINGS = ("Wi-Fi", "Bluetooth", "Location", "Sound", "Vibration", "Night light", "Dark mode", "Auto save",
             "Spell check", "Notifications", "Sync", "Backup", "Caps Lock", "Airplane mode", "Hotspot", "Camera access",
             "Microphone", "Updates", "Large text", "Animations", "Power saver", "Screen lock", "Cookies", "Pop-ups",
             "Line numbers", "Word wrap", "Grid", "Ruler", "Snap to grid", "Autoplay", "Subtitles", "Shuffle",
             "Repeat", "Touchpad", "Screensaver", "Firewall", "VPN", "Proxy", "File sharing", "Printing")  # fmt: skip
_RED, _GREEN, _AMBER, _BLUE, _GREY = (205, 50, 50), (40, 160, 80), (220, 150, 20), (50, 120, 220), (130, 134, 140)


@dataclass(frozen=True)
class _State:
    """How it is called; `word` is what stands in the row, where words do."""

    names: tuple[str, ...]
    word: str
    colour: Colour = _GREY


@dataclass(frozen=True)
class _Kind:
    """A sort of list.

    Attributes: `noun` of the program, `item`, `items`; `looks`: how states are shown; `names`: what `_name` makes.
    """

    noun: str
    item: str
    items: str
    states: tuple[_State, ...]
    looks: tuple[str, ...]
    names: str


_DONE = (_State(("done", "ticked", "checked", "marked as done"), "done", _GREEN),
         _State(("not done", "open", "unchecked", "not ticked"), "open", _AMBER))  # fmt: skip
_CHECKED = (_State(("checked", "ticked", "selected"), "yes"), _State(("unchecked", "not ticked", "not checked"), "no"))
_ON = (_State(("on", "switched on", "enabled", "turned on"), "on", _GREEN),
       _State(("off", "switched off", "disabled", "turned off"), "off"))  # fmt: skip
_READ = (_State(("unread", "new", "not read yet"), "unread", _BLUE), _State(("read", "not new"), "read"))
_STARRED = (_State(("starred", "marked with a star", "favourites"), "*", _AMBER),
            _State(("not starred", "without a star"), "-"))  # fmt: skip
_JOBS = (_State(("finished", "complete"), "Finished", _GREEN), _State(("running", "still running"), "Running", _BLUE),
         _State(("failed",), "Failed", _RED), _State(("waiting",), "Waiting", _AMBER))  # fmt: skip
_PEOPLE = (_State(("online",), "online", _GREEN), _State(("away",), "away", _AMBER), _State(("offline",), "offline"))
_CHECKS = (_State(("ok", "fine"), "OK", _GREEN), _State(("in warning state",), "Warning", _AMBER),
           _State(("critical",), "Critical", _RED))  # fmt: skip
_PAID = (
    _State(("paid",), "Paid", _GREEN),
    _State(("overdue",), "Overdue", _RED),
    _State(("unpaid",), "Unpaid", _AMBER),
)
_SERVICES = (_State(("active", "running"), "active", _GREEN), _State(("inactive", "stopped"), "inactive"),
             _State(("failed",), "failed", _RED))  # fmt: skip

_KINDS: tuple[_Kind, ...] = (
    _Kind("planner", "task", "tasks", _DONE, ("box", "box", "word"), "task"),
    _Kind("to-do list", "entry", "entries", _DONE, ("box",), "task"),
    _Kind("options dialog", "option", "options", _CHECKED, ("box",), "setting"),
    _Kind("settings window", "setting", "settings", _ON, ("switch", "switch", "word"),
          "setting"),
    _Kind("control panel", "switch", "switches", _ON, ("switch",), "setting"),
    _Kind("mail program", "message", "messages", _READ, ("bold", "dot"),
          "subject"),
    _Kind("feed reader", "article", "articles", _READ, ("bold", "dot"),
          "subject"),
    _Kind("notes program", "note", "notes", _STARRED, ("star",), "subject"),
    _Kind("music player", "song", "songs", _STARRED, ("star",), "song"),
    _Kind("print queue", "job", "jobs", _JOBS, ("word", "both"), "file"),
    _Kind("download manager", "download", "downloads", _JOBS, ("word", "both"), "file"),
    _Kind("build monitor", "build", "builds", _JOBS, ("word", "both"),
          "build"),
    _Kind("chat program", "contact", "contacts", _PEOPLE, ("word", "both"), "contact"),
    _Kind("system monitor", "sensor", "sensors", _CHECKS, ("word", "both"),
          "sensor"),
    _Kind("accounting program", "invoice", "invoices", _PAID, ("word", "both"),
          "invoice"),
    _Kind("service manager", "service", "services", _SERVICES, ("word", "both"),
          "service"),
)  # fmt: skip


def _name(rng: Random, writer: Writer, sort: str) -> str:
    """What one thing is called, without commas and quotation marks."""
    noun = str(writer.slot("noun"))
    task = rng.choice(("call {name}", "order the {noun}", "pay {amount}", "send {file}", "{verb} the {noun}",
                       "book the {noun}", "clean the {noun}", "write to {name}", "{noun} for {name}"))  # fmt: skip
    makers: dict[str, Callable[[], str]] = {
        "task": lambda: writer.fill(task).capitalize(), "setting": lambda: rng.choice(_SETTINGS),
        "subject": lambda: writer.words(2, 4).capitalize(), "song": lambda: writer.words(1, 3).title(),
        "file": writer.file, "build": lambda: f"{noun}-{rng.randint(1, 99)}", "contact": writer.name,
        "sensor": lambda: f"{noun.capitalize()} {rng.choice('ABCDEF')}",
        "invoice": lambda: f"{rng.randint(2019, 2030)}-{rng.randint(1, 999):03}", "service": lambda: f"{noun}.service",
    }  # fmt: skip
    return makers[sort]().replace(",", "").replace("'", "").replace('"', "")


def draw_tallies(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A program with one such list, or two of different things side by side."""
    kinds = [rng.choice(_KINDS)]
    if width > 24 * style.type.size and rng.random() < 0.3:
        used = {name for state in kinds[0].states for name in state.names}
        kinds += [other for other in (rng.choice(_KINDS),)
                  if not used & {name for state in other.states for name in state.names}]  # fmt: skip
    frame = Frame(rng, writer, style, width, height, kinds[0].noun)
    frame.title(rng.choice((frame.app, writer.words(1, 2).capitalize())))
    frame.menus(0.5)
    frame.tools(rng.sample(("New", "Delete", "Edit", "Refresh", "Sort", "Filter", "Search"), rng.randint(2, 5)), 0.4)
    right, shown = frame.right, []
    for place, kind in enumerate(kinds):
        frame.right = right - (right - frame.left) / 2 if place < len(kinds) - 1 else right
        top = frame.top
        shown.append(f"{_list(frame, kind, several=len(kinds) > 1)} {kind.items}")
        frame.left, frame.right, frame.top = frame.right, right, top
    frame.left = 0.0
    return frame.done("tallies", f"with {' and '.join(shown)}.")


def draw_small_tallies(rng: Random, writer: Writer, style: Style) -> Screen:
    """A small window with one of the lists."""
    kind = rng.choice(_KINDS)
    pen = style.type.pen()
    count = rng.randint(1, _MOST)
    across = 1 if count < 6 or rng.random() < 0.6 else 2
    rows = -(-count // across)
    size = (round(pen.size * rng.uniform(17, 26) * across), round(pen.line * (1.55 * rows + 4.6)))
    frame = Frame(rng, writer, style, *size, kind.noun, columns=14 * across, lines=5)
    frame.title(frame.app if rng.random() < 0.5 else writer.words(1, 2).capitalize())
    drawn = _list(frame, kind, several=False, count=count, across=across)
    return frame.done("tallies", f"with {drawn} {kind.items}.")


def _names(frame: Frame, kind: _Kind, count: int, wide: float) -> list[str]:
    """Different names that fit, none of them part of another."""
    names: list[str] = []
    for _ in range(6 * count + 10):
        name = _name(frame.rng, frame.writer, kind.names)
        clear = all(name.lower() not in one.lower() and one.lower() not in name.lower() for one in names)
        if len(names) < count and len(name) > 2 and clear and frame.bold.width(name) < wide:
            names.append(name)
    return names


def _list(frame: Frame, kind: _Kind, *, several: bool, count: int = 0, across: int = 0) -> int:
    """Draws the list into the frame's room and asks about it; returns how many things it has."""
    rng, look = frame.rng, frame.rng.choice(kind.looks)
    pitch = round(frame.pen.line * rng.choice((1.25, 1.35, 1.5)))
    left, top = frame.left + frame.gap, frame.top + frame.gap
    rows = max(1, int((frame.bottom - top - frame.gap) / pitch))
    across = across or (2 if frame.wide > 46 * frame.pen.size and not several and rng.random() < 0.35 else 1)
    count = min(count or rng.randint(1, _MOST), rows * across)
    each = (frame.wide - 2 * frame.gap) / across
    words = max(frame.pen.width(state.word) for state in kind.states) if look in {"word", "both"} else 0
    wide = min(each, frame.pen.size * rng.uniform(18, 34)) - words - 3.5 * frame.pen.size
    names = _names(frame, kind, count, wide)
    if not names:
        return 0
    per_column = -(-len(names) // across)
    states = _states(rng, len(names), len(kind.states))
    for number, (name, state) in enumerate(zip(names, states, strict=True)):
        column, row = divmod(number, per_column)
        corner = (left + column * each, top + row * pitch, pitch)
        _row(frame, (name, look, wide), kind.states[state], corner, on=state == 0)
    bottom = top + per_column * pitch
    start = len(frame.asker.questions)
    _ask(frame, kind, names, states)
    region = (float(frame.left), float(frame.top), float(frame.right), float(bottom))
    frame.asker.questions[start:] = [replace(one, needs=(region,)) for one in frame.asker.questions[start:]]
    frame.top = bottom
    return len(names)


def _states(rng: Random, count: int, kinds: int) -> list[int]:
    """A state for each: one of them has any number of them, as often as any other number."""
    main, some = rng.randrange(kinds), rng.randint(0, count)
    others = [state for state in range(kinds) if state != main]
    states = [main] * some + [rng.choice(others) for _ in range(count - some)]
    rng.shuffle(states)
    return states


def _row(frame: Frame, what: tuple[str, str, float], state: _State, corner: tuple[float, float, float], *,
         on: bool) -> None:  # fmt: skip
    (name, look, wide), (x, y, high), size = what, corner, frame.pen.up * 1.05
    if look in {"box", "star", "dot", "both", "bold"}:
        box = (round(x), round(y + (high - size) / 2), round(x + size), round(y + (high + size) / 2))
        _SIGNS[look](frame, box, state, on)
        x += size + frame.gap
    pen = frame.bold if look == "bold" and on else frame.pen
    frame.put(x, y, name, pen, frame.ink, high)
    if look in {"word", "both"}:
        frame.put(x + wide + frame.pen.size, y, state.word, None, frame.ink, high)
    elif look == "switch":
        _switch(frame, (x + wide + frame.pen.size, y + high / 2), size, on=on)


def _box(frame: Frame, box: tuple[int, int, int, int], state: _State, on: bool) -> None:
    """A square with a tick, where it is on."""
    del state
    left, top, right, bottom = box
    size, filled = right - left, frame.pen.size % 2 == 0 and frame.accent != frame.ink
    frame.sketch.draw.rectangle(box, frame.accent if on and filled else None, frame.ink)
    if on:
        ink = black_or_white(frame.accent) if filled else frame.ink
        points = ((left + size * 0.2, top + size * 0.5), (left + size * 0.42, bottom - size * 0.22),
                  (left + size * 0.82, top + size * 0.2))  # fmt: skip
        frame.sketch.draw.line(points, ink, max(1, round(size / 6)))


def _star(frame: Frame, box: tuple[int, int, int, int], state: _State, on: bool) -> None:
    """A star, filled where it is on."""
    left, top, right, bottom = box
    points = [(left + (right - left) * x, top + (bottom - top) * y) for x, y in _STAR]
    frame.sketch.draw.polygon(points, state.colour if on else None, state.colour if on else frame.faint)


_STAR = ((0.5, 0.0), (0.62, 0.36), (1.0, 0.38), (0.7, 0.61), (0.81, 0.98), (0.5, 0.77), (0.19, 0.98), (0.3, 0.61),
         (0.0, 0.38), (0.38, 0.36))  # fmt: skip


def _dot(frame: Frame, box: tuple[int, int, int, int], state: _State, on: bool) -> None:
    """A dot where it is on."""
    if on:
        inset = (box[2] - box[0]) // 5
        frame.sketch.draw.ellipse((box[0] + inset, box[1] + inset, box[2] - inset, box[3] - inset), state.colour)


def _light(frame: Frame, box: tuple[int, int, int, int], state: _State, on: bool) -> None:
    """A dot in the state's colour."""
    del on
    frame.sketch.draw.ellipse(box, state.colour)


_SIGNS: dict[str, Callable[[Frame, tuple[int, int, int, int], _State, bool], None]] = {
    "box": _box, "star": _star, "dot": _dot, "bold": _dot, "both": _light,
}  # fmt: skip


def _switch(frame: Frame, middle: tuple[float, float], size: float, *, on: bool) -> None:
    (x, y), r = middle, max(4, round(size * 0.55))
    ground = (frame.accent if frame.accent != frame.ink else _GREEN) if on else mixed(frame.ink, frame.ground, 0.3)
    frame.fill((x, y - r, x + 3.6 * r, y + r), ground, r)
    knob = x + 2.6 * r if on else x + r
    frame.sketch.draw.ellipse((knob - r + 2, y - r + 2, knob + r - 2, y + r - 2), (255, 255, 255))


def _ask(frame: Frame, kind: _Kind, names: Sequence[str], states: Sequence[int]) -> None:
    rng, said = frame.rng, {"item": kind.item, "items": kind.items}
    for _ in range(2):
        frame.say_phrase("how_many", str(len(names)), TOTAL, **said)
    for place, state in enumerate(kind.states):
        some = [name for name, one in zip(names, states, strict=True) if one == place]
        slots = {**said, "state": rng.choice(state.names)}
        frame.say_phrase("how_many", str(len(some)), SOME, **slots)
        if len(some) != 1:
            frame.say_phrase("how_many", str(len(some)), SOME, **{**said, "state": rng.choice(state.names)})
        if 0 < len(some) <= _LONGEST_LIST:
            frame.say_phrase("list", ", ".join(some), LISTED, **slots)
        _ask_whether(frame, (names, some), slots)
    _ask_names(frame, kind, names)
    limit = max(0, len(names) + rng.choice((-3, -2, -1, 0, 1, 2)))
    frame.say_phrase("yes_no", "Yes" if len(names) > limit else "No", MORE, n=limit, **said)
    counts = [list(states).count(place) for place in range(len(kind.states))]
    a, b = rng.sample(range(len(counts)), 2)
    if counts[a] != counts[b]:
        answer = "Yes" if counts[a] > counts[b] else "No"
        frame.say_phrase("yes_no", answer, MORE_OF, a=kind.states[a].names[0], b=kind.states[b].names[0], **said)


def _ask_whether(frame: Frame, lists: tuple[Sequence[str], Sequence[str]], slots: dict[str, str]) -> None:
    """About single things, as often yes as no, and about all and any, where that is not nearly always the same."""
    rng, (names, some) = frame.rng, lists
    others = [name for name in names if name not in some]
    if some and others:
        yes, no = rng.choice(some), rng.choice(others)
        for answer, name in (("Yes", yes), ("No", no)):
            frame.say_phrase("is_checked", answer, IS, x=name, **slots)
    if not some or rng.random() < 0.2:
        frame.say_phrase("yes_no", "Yes" if some else "No", ANY, **slots)
    if len(names) > 1 and (not others or rng.random() < 0.2):
        frame.say_phrase("yes_no", "No" if others else "Yes", ALL, **slots)


def _ask_names(frame: Frame, kind: _Kind, names: Sequence[str]) -> None:
    """Whether something is in the list: of what is not, some is nearly what is."""
    rng, shown = frame.rng, "\n".join(names).lower()
    for _ in range(2):
        there = rng.choice(names)
        other = near_miss(rng, rng.choice(names)) if rng.random() < 0.4 else _name(rng, frame.writer, kind.names)
        if other.lower() not in shown and len(other) > 2:
            frame.say_phrase("present", "Yes", IN_LIST, name=there, item=kind.item, items=kind.items)
            frame.say_phrase("present", "No", IN_LIST, name=other, item=kind.item, items=kind.items)
