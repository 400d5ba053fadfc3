"""Smaller windows made of lines, for training: terminals, logs and texts of 3 to 20 lines, as people have them beside
other windows. Every question about a line says which lines must be seen, so that windows that are covered in part are
asked about, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from training.screens.asking import Asker
from training.screens.coding.command_questions import error_questions, session_questions
from training.screens.coding.languages import DARK, ENDINGS, LIGHT, draw_line, write_code
from training.screens.dialogs import ran
from training.screens.line_contents import Session, write_log, write_session, write_text
from training.screens.line_questions import line_questions
from training.screens.page import Page, mixed
from training.screens.panes.program_names import named_title, title_form
from training.screens.phrases import Writer
from training.screens.phrasing import question
from training.screens.records import Box, Question, Screen
from training.screens.sketch import title_bar, title_room
from training.screens.themes import Style
from training.screens.typefaces import Colour, Pen

_GROUNDS: tuple[tuple[Colour, Colour], ...] = (
    ((0, 0, 0), (229, 229, 229)), ((255, 255, 255), (0, 0, 0)), ((48, 10, 36), (238, 238, 236)),
    ((30, 30, 30), (212, 212, 212)), ((0, 43, 54), (180, 195, 196)), ((253, 246, 227), (70, 90, 100)),
    ((40, 42, 54), (248, 248, 242)), ((0, 0, 0), (0, 230, 60)), ((23, 25, 35), (200, 210, 240)),
    ((255, 255, 221), (0, 0, 0)), ((255, 255, 255), (30, 30, 30)), ((255, 255, 255), (0, 0, 0)),
    ((46, 52, 64), (216, 222, 233)), ((238, 238, 238), (20, 20, 20)), ((20, 40, 80), (235, 235, 235)),
)  # fmt: skip
_TERMINAL_MENUS = ("File", "Edit", "View", "Search", "Terminal", "Tabs", "Help", "Settings")
_EDITOR_MENUS = ("File", "Edit", "Search", "View", "Document", "Options", "Format", "Tools", "Help")
_OPENED = ("Which file is open?", "Which file is shown?", "What is the file called?", "Name of the open file?",
           "What is the name of the file?", "Which file is it?", "What file is open?")  # fmt: skip
_FAILED = ("Is there an error in it?", "Did a command fail?", "Does it show an error?", "Did anything go wrong?",
           "Was there an error?", "Is an error shown?")  # fmt: skip
_RUN = ("Was '{t}' run?", "Was the command '{t}' entered?", "Did someone run '{t}'?", "Is the command '{t}' there?",
        "Did I type '{t}'?", "Has '{t}' been run?")  # fmt: skip
_HOW_MANY_RUN = ("How many commands were run?", "How many commands were entered?", "Count the commands.",
                 "How many commands did I type?", "How many commands do you see?", "Number of commands?",
                 "How many commands are there?")  # fmt: skip
_HOW_MANY_LEVEL = ("How many lines have the level {t}?", "How many {t} lines are there?", "Count the {t} entries.",
                   "How many entries are marked {t}?", "How many times does it log {t}?",
                   "How many {t} entries does the log show?")  # fmt: skip
_IS_LEVEL = ("Is there an entry with {t}?", "Are there any {t} lines?", "Does the log contain {t}?",
             "Do you see a line with {t}?", "Is anything logged as {t}?")  # fmt: skip
_LEVELS = ("ERROR", "WARNING", "WARN", "INFO", "DEBUG", "CRITICAL")
_NOUNS = {"session": "terminal", "log": "log viewer", "text": "text editor", "code": "code editor"}
_LEAST_COLUMNS, _LEAST_LINES = 24, 11
"""Ems across and down that a window has at least, bars included."""


@dataclass
class _Window:
    """What is drawn.

    Attributes: `file`: what is open, or ""; `first`: the number before the first line, 0 where there are none.
    """

    kind: str
    lines: list[str]
    file: str = ""
    title: str = ""
    app: str = ""
    first: int = 0
    session: Session | None = None
    menus: list[str] = field(default_factory=list)
    status: str = ""


def draw_line_window(rng: Random, writer: Writer, style: Style, most_wide: int, most_high: int) -> Screen:
    """One of at most so many px, as wide as its lines and some more."""
    kind = rng.choices(("session", "log", "text", "code"), (5, 2, 3, 1.5))[0]
    size = min(style.type.size, most_wide / _LEAST_COLUMNS, most_high / _LEAST_LINES)
    style = replace(style, type=replace(style.type, size=size), scale=min(style.scale, most_wide / 300))
    mono = style.type.pen(rng.choice((0.9, 1.0, 1.0, 1.1)), mono=True)
    pen = style.type.pen() if kind == "text" and rng.random() < 0.35 else mono
    pitch = round(pen.line * rng.choice((1.0, 1.0, 1.05, 1.15, 1.3, 1.5)))
    bars = round(style.type.pen().line * 4.8) + 2 * style.px(12)
    columns = max(16, min(84, int((most_wide - 2 * style.px(12)) / mono.width("m")) - 3))
    room = max(3, min(26, int((most_high - bars) / pitch) - 1))
    window = _written(rng, writer, kind, columns, rng.randint(3, room))
    _dress(rng, writer, window, kind)
    if not window.session:
        wide = most_wide - 4 * style.px(12) - pen.width("0000")
        window.lines = [_cut(pen, line, wide) for line in window.lines]
    return _drawn(rng, writer, style, window, (pen, pitch), (most_wide, most_high))


def _cut(pen: Pen, line: str, wide: float) -> str:
    while pen.width(line) > wide:
        line = line[:-1].rstrip()
    return line


def _written(rng: Random, writer: Writer, kind: str, columns: int, count: int) -> _Window:
    if kind == "session":
        session = write_session(rng, writer, columns, count)
        return _Window(kind, session.lines, session=session)
    if kind == "log":
        return _Window(kind, write_log(rng, writer, columns, count), file=f"{writer.slot('noun')}.log")
    if kind == "code":
        code = write_code(rng, writer, count)
        lines = [line.expandtabs(4)[:columns].rstrip() for line in code.lines[:count]]
        while len(lines) > 2 and not lines[-1]:
            lines.pop()
        return _Window(kind, lines, file=f"{writer.slot('noun')}.{ENDINGS[code.language]}")
    lines = write_text(rng, writer, columns, count)
    return _Window(kind, lines, file=rng.choice((writer.file(), f"{writer.slot('noun')}.txt")))


def _dress(rng: Random, writer: Writer, window: _Window, kind: str) -> None:
    """Its title, perhaps menus, numbers before the lines, a status bar that counts right."""
    _, window.app = named_title(rng, writer, _NOUNS[kind], str.isascii)
    if window.session:
        user, folder = window.session.user, window.session.folder
        window.title = rng.choice((f"{user}: {folder}", f"{user}:{folder}", folder, "Terminal", window.app,
                                   str(writer.slot("noun")), f"{user}: {folder} - {window.app}", user))  # fmt: skip
        window.menus = list(_TERMINAL_MENUS[: rng.randint(4, 8)]) if rng.random() < 0.4 else []
        return
    form = title_form(rng, lambda char: char.isascii())
    window.title = form.format(d=window.file, a=window.app)
    window.menus = ["File", *rng.sample(_EDITOR_MENUS[1:], rng.randint(2, 5))] if rng.random() < 0.5 else []
    if rng.random() < (0.8 if kind == "code" else 0.3):
        window.first = 1 if rng.random() < 0.8 else rng.randint(2, 300)
    if rng.random() < 0.4:
        at = rng.randint(0, len(window.lines) - 1)
        column = rng.randint(1, len(window.lines[at]) + 1)
        place = rng.choice(("Ln {l}, Col {c}", "Line {l}, Column {c}", "{l}:{c}", "line {l}"))
        window.status = place.format(l=at + max(1, window.first), c=column)


def _drawn(rng: Random, writer: Writer, style: Style, window: _Window, letters: tuple[Pen, int],
           most: tuple[int, int]) -> Screen:  # fmt: skip
    pen, pitch = letters
    lines = window.lines
    text = style.type.pen()
    title_pen = style.type.pen(bold=style.theme.bold_title)
    bar = round(title_pen.line * rng.uniform(1.3, 1.8))
    menu = round(text.line * 1.4) if window.menus else 0
    status = round(text.line * 1.4) if window.status else 0
    side = style.px(rng.choice((2, 4, 8, 12)))
    gutter = pen.width(str(window.first + len(lines))) + 2 * style.px(8) if window.first else 0.0
    widest = max(map(pen.width, lines)) + gutter + 2 * side
    wide = max(widest + style.px(rng.choice((8, 30, 80, 160))), title_room(style, window.title, title_pen, bar),
               sum(text.width(name) + style.px(16) for name in window.menus) + style.px(20))  # fmt: skip
    high = bar + menu + status + 2 * side + pitch * (len(lines) + rng.choice((0, 0, 0, 1, 2, 5)))
    page = Page(rng, writer, style, round(min(wide, most[0])), round(min(high, most[1])), rng.choice(_GROUNDS))
    title_bar(page.sketch, style, window.title, title_pen, bar)
    page.top = bar
    if menu:
        _menu_bar(page, window.menus, menu)
    top = page.top + side
    if gutter and rng.random() < 0.5:
        page.fill((0, page.top, gutter, page.sketch.image.height), page.shade)
    boxes = _write(page, window, (pen, pitch), (side + gutter, top))
    if status:
        high = page.sketch.image.height
        page.fill((0, high - status, page.right, high), style.theme.window)
        page.put(style.px(8), high - status, window.status, text, style.theme.ink, status)
    if rng.random() < 0.4:
        _scroll_bar(page, status)
    width, height = page.sketch.image.size
    page.sketch.draw.rectangle((0, 0, width - 1, height - 1), None, style.theme.line)
    _ask(page, window, boxes)
    opened = f" with the file {window.file} open; {sum(map(bool, lines))} lines are seen."
    page.describe(f"A {_NOUNS[window.kind]}{ran(window.session.commands) if window.session else opened}")
    return page.finish({"session": "terminal"}.get(window.kind, "line_window"), _NOUNS[window.kind])


def _menu_bar(page: Page, names: Sequence[str], high: int) -> None:
    theme, x = page.style.theme, float(page.style.px(8))
    page.fill((0, page.top, page.right, page.top + high), theme.window)
    for name in names:
        x = page.put(x, page.top, name, None, theme.ink, high) + page.style.px(16)
    page.top += high
    page.ask("menu", ", ".join(names), "Which menus are there?", "List the menus.", "Read the menu bar.",
             "What are the menus?", "Name the menus.", "What is in the menu bar?")  # fmt: skip
    page.ask("how_many", str(len(names)), "How many menus are there?", "How many menus are in the menu bar?",
             "Count the menus.", "Number of menus?")  # fmt: skip


def _scroll_bar(page: Page, below: int) -> None:
    wide, (width, height) = page.style.px(page.rng.choice((5, 9, 13))), page.sketch.image.size
    bottom = height - below
    page.fill((width - wide, page.top, width, bottom), mixed(page.ink, page.ground, 0.12))
    start = page.top + (bottom - page.top) * page.rng.uniform(0, 0.5)
    page.fill((width - wide + 1, start, width - 1, start + (bottom - page.top) * 0.45),
              mixed(page.ink, page.ground, 0.45))  # fmt: skip


def _write(page: Page, window: _Window, letters: tuple[Pen, int], corner: tuple[float, float]) -> list[Box]:
    """The lines from this corner on; returns what each covers, with its number, px."""
    rng, (pen, pitch), (left, top) = page.rng, letters, corner
    boxes, current = list[Box](), rng.randrange(len(window.lines)) if rng.random() < 0.2 else -1
    palette = rng.choice(DARK if sum(page.ground) < 380 else LIGHT)
    prompt = window.session.prompt if window.session else ""
    green = rng.choice(((90, 190, 90), (90, 160, 240), page.ink, page.ink))
    wrong = rng.choice((page.ink, (225, 75, 75)))
    for number, line in enumerate(window.lines):
        if number == current and not window.session:
            page.fill((left, top, page.right, top + pitch), page.shade)
        if window.first:
            label = str(window.first + number)
            page.put(left - page.style.px(8) - pen.width(label), top, label, pen, page.faint, pitch)
        ink = wrong if window.session and line in window.session.errors else page.ink
        if window.kind == "code":
            draw_line(page, left, top, pitch, line, palette)
        elif prompt.strip() and line.startswith(prompt):
            x = page.put(left, top, prompt, pen, green, pitch)
            page.put(x, top, line[len(prompt) :], pen, page.ink, pitch)
        else:
            page.put(left, top, line, pen, ink, pitch)
        boxes.append((0.0, float(top), left + pen.width(line), float(top + pitch)))
        top += pitch
    if window.session and window.lines[-1] == prompt.rstrip() and rng.random() < 0.8:
        x = left + pen.width(prompt)
        page.fill((x, top - pitch + 2, x + pen.width("m"), top - 2), page.ink)
    return boxes


def _ask(page: Page, window: _Window, boxes: list[Box]) -> None:
    """Each question needs all lines, but where `line_questions` knows better."""
    rng, whole = page.rng, tuple(boxes)
    asker: Asker = page.asker
    asker.ask("title", window.title)
    bars = bool(window.menus or window.status)
    found = line_questions(rng, window.lines, first=max(1, window.first), most=30, bars=bars, boxes=boxes)
    others: list[Question] = []
    if window.session:
        others += _of_session(rng, page.writer, window.session)
    else:
        asker.questions.append(question(rng, "file", window.file, _OPENED))
    if window.status and window.status.startswith("L"):
        line = window.status.split(",")[0].split()[-1]
        asker.questions.append(question(rng, "how_many", line, (
            "On which line is the cursor?", "Which line does the status bar name?", "Line of the cursor?",
            "Which line number is in the status bar?")))  # fmt: skip
    if window.kind == "log":
        others += _of_levels(rng, window.lines)
    asker.questions += found + [replace(one, needs=whole) for one in others]


def _of_session(rng: Random, writer: Writer, session: Session) -> list[Question]:
    commands = session.commands
    found = session_questions(rng, session.prompt, session.lines, commands)
    found += error_questions(rng, session.lines, session.errors)
    found.append(question(rng, "how_many", str(len(commands)), _HOW_MANY_RUN))
    found.append(question(rng, "yes_no", "Yes" if session.errors else "No", _FAILED))
    there = [one for one in commands if "'" not in one and "{" not in one]
    other = f"{rng.choice(('cat', 'rm', 'less', 'head', 'stat'))} {writer.file()}"
    if there and other not in commands:
        found.append(question(rng, "yes_no", "Yes", _RUN, t=rng.choice(there)))
        found.append(question(rng, "yes_no", "No", _RUN, t=other))
    return found


def _of_levels(rng: Random, lines: Sequence[str]) -> list[Question]:
    found = []
    for level in rng.sample(_LEVELS, 3):
        holding = sum(level in line.split(":")[0] or f"{level} " in line or f"{level}]" in line for line in lines)
        if holding == sum(level in line for line in lines) and not (level == "WARN" and "WARNING" in "".join(lines)):
            found.append(question(rng, "how_many", str(holding), _HOW_MANY_LEVEL, t=level))
            found.append(question(rng, "yes_no", "Yes" if holding else "No", _IS_LEVEL, t=level))
    return found
