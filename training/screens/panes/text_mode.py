"""Programs of text terminals: two panes with function keys, editors with shortcuts, pagers, process lists."""

from __future__ import annotations

from random import Random

from training.screens.line_questions import line_questions
from training.screens.panes.frame import Frame
from training.screens.panes.plain_text import is_of_text
from training.screens.phrases import MONTHS, Writer
from training.screens.records import Screen
from training.screens.themes import Style
from training.screens.typefaces import Colour

_SCHEMES: tuple[tuple[Colour, Colour, Colour, Colour], ...] = (
    ((0, 0, 160), (220, 220, 220), (0, 170, 170), (0, 0, 0)), ((0, 0, 0), (229, 229, 229), (200, 200, 200), (0, 0, 0)),
    ((255, 255, 255), (0, 0, 0), (40, 40, 40), (255, 255, 255)),
    ((30, 30, 46), (205, 214, 244), (137, 180, 250), (17, 17, 27)),
    ((46, 52, 54), (211, 215, 207), (78, 154, 6), (255, 255, 255)),
    ((0, 43, 54), (147, 161, 161), (181, 137, 0), (0, 20, 26)),
)  # fmt: skip
"""Ground, ink, ground of what is selected and of bars, its ink."""
KEYS = ("Help", "Menu", "View", "Edit", "Copy", "Move", "Mkdir", "Delete", "PullDn", "Quit", "Save", "Rename",
         "Search",
         "Sort", "Kill", "Setup", "Tree", "Filter", "Nice", "Exit", "Print", "Open", "Mark", "Replace")  # fmt: skip
_SHORTCUTS = ("Help", "Exit", "Write Out", "Read File", "Where Is", "Replace", "Cut", "Paste", "Execute", "Justify",
              "Location", "Go To Line", "Undo", "Redo", "Save", "Close", "Open", "Copy", "Find", "Quit")  # fmt: skip

_NARROWEST_NAME = 6
"""Characters of a name in a pane that has no room for more; what follows is cut off."""


class TextFrame(Frame):
    """A window of fixed-width type, measured in rows and columns.

    Attributes: `marked`: ground and ink of bars and of what is selected; `row_px`, `column_px`: a character's size.
    """

    def __init__(self, rng: Random, writer: Writer, style: Style, width: int, height: int, noun: str) -> None:
        ground, ink, *marked = rng.choice(_SCHEMES)
        super().__init__(rng, writer, style, width, height, noun, grounds=(ground, ink))
        self.pen = self.bold = self.mono
        self.marked = (marked[0], marked[1])
        self.row_px, self.column_px = round(self.mono.line * rng.uniform(1.0, 1.15)), self.mono.width("m")

    @property
    def columns(self) -> int:
        return int(self.wide / self.column_px)

    def line_at(self, top: float, text: str, *, bar: bool = False, left: float | None = None, columns: int = 0) -> None:
        """One row of text, cut to its columns."""
        x = self.left if left is None else left
        columns = columns or int((self.right - x) / self.column_px)
        if bar:
            self.fill((x, top, x + columns * self.column_px, top + self.row_px), self.marked[0])
        self.put(x, top, text[:columns], self.mono, self.marked[1] if bar else self.ink, self.row_px)

    def keys(self, names: list[str]) -> None:
        """A bar of function keys at the bottom."""
        rng, x, shown = self.rng, self.left, []
        self.bottom -= self.row_px
        tight = rng.random() < 0.5
        for number, name in enumerate(names, 1):
            label, wide = (f"{number}" if tight else f"F{number}"), self.column_px
            if x + wide * (len(label) + len(name) + 1) > self.right:
                break
            x = self.put(x, self.bottom, label, self.mono, self.ink, self.row_px)
            self.fill((x, self.bottom, x + wide * max(len(name), 6), self.bottom + self.row_px), self.marked[0])
            self.put(x, self.bottom, name, self.mono, self.marked[1], self.row_px)
            x += wide * (max(len(name), 6) + (0 if tight else 1))
            shown.append(name)
        for number in rng.sample(range(len(shown)), min(3, len(shown))):
            self.ask("value", shown[number], "What does F{n} do?", "What does the key F{n} do?", "F{n}?",
                     "Which command is on F{n}?", "What is F{n} for?", "What happens when I press F{n}?",
                     "What stands beside F{n}?", "Which function has F{n}?", "Key F{n}: what for?",
                     n=number + 1)  # fmt: skip
        for number in rng.sample(range(len(shown)), min(2, len(shown))):
            if not tight:
                self.ask("value", f"F{number + 1}", "Which key is for {k}?", "Which function key is {k}?",
                         "Key for {k}?",
                         "What do I press for {k}?", "How do I get {k}?", "Which key does {k}?", "{k} is on which key?",
                         "With which key do I {k}?", k=shown[number])  # fmt: skip


def draw_two_panes(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """Two lists of files side by side, one file selected, keys at the bottom."""
    frame = TextFrame(rng, writer, style, width, height, "file manager")
    frame.title(rng.choice((f"{writer.slot('noun')}@{writer.slot('noun')}: ~", writer.slot("noun"))))
    if rng.random() < 0.6:
        names = rng.sample(("Left", "File", "Command", "Options", "Right", "Tools", "Help"), rng.randint(3, 6))
        frame.line_at(frame.top, "  " + "   ".join(names), bar=True)
        frame.ask_names(names, "menu", "menus", " at the top", across=True, kind="menu", most=1)
        frame.top += frame.row_px
    frame.keys(rng.sample(KEYS, rng.randint(7, 10)))
    if rng.random() < 0.6:
        frame.bottom -= frame.row_px
        frame.line_at(frame.bottom, f"{writer.slot('noun')}:~$")
    half = frame.columns // 2
    sides: list[tuple[str, list[tuple[str, str, str]]]] = []
    active, used = rng.randrange(2), set[str]()
    for _ in range(2):
        rows = _entries(
            rng,
            writer,
            used,
            frame.rows_for(3, 16, frame.row_px),
            int((frame.bottom - frame.top) / frame.row_px) - 4,
            half - 24,
        )
        path = rng.choice(("/", "~/", "/home/", "/mnt/", "/var/")) + "/".join(
            str(writer.slot("noun")) for _ in range(rng.randint(1, 2)))  # fmt: skip
        sides.append((path, rows))
    chosen = rng.randrange(len(sides[active][1])) if sides[active][1] else -1
    for place, (path, rows) in enumerate(sides):
        _pane(frame, frame.left + place * half * frame.column_px, half - 1, path, rows,
              chosen if place == active else -1)  # fmt: skip
    _ask_panes(frame, sides, active, chosen)
    left, right = sides[0][0], sides[1][0]
    return frame.done("two_panes", f"with two panes: {left} on the left and {right} on the right.")


def _entries(
    rng: Random, writer: Writer, used: set[str], count: int, room: int, wide: int
) -> list[tuple[str, str, str]]:
    """Name, size and date; folders first, with a slash before the name."""
    rows = []
    for _ in range(count):
        folder = rng.random() < 0.35
        name = str(writer.slot("noun")) if folder else writer.file()
        if name in used or len(name) > wide:
            continue
        used.add(name)
        size = rng.choice(("4096", "SUB-DIR", "<DIR>")) if folder else rng.choice(
            (str(rng.randrange(10 ** rng.randint(2, 7))), f"{rng.randint(1, 999)}{rng.choice('KM')}"))  # fmt: skip
        when = f"{MONTHS[rng.randrange(12)][:3]} {rng.randint(1, 28):2} {writer.time()}"
        rows.append(("/" + name if folder else name, size, when))
    rows.sort(key=lambda row: (row[0][0] != "/", row[0].lower()))
    return rows[: max(1, room)]


def _pane(
    frame: TextFrame, left: float, columns: int, path: str, rows: list[tuple[str, str, str]], chosen: int
) -> None:
    top, px = frame.top, frame.column_px
    bottom = frame.bottom - 2
    frame.sketch.draw.rectangle(
        (left + px / 2, top + frame.row_px / 2, left + (columns - 0.5) * px, bottom - 4), None, frame.ink
    )
    frame.fill((left + 2 * px, top, left + (4 + len(path)) * px, top + frame.row_px), frame.ground)
    frame.put(left + 3 * px, top, path, frame.mono, frame.ink, frame.row_px)
    name_wide = max(_NARROWEST_NAME, columns - 24)
    top += frame.row_px
    head = f" {'Name':<{name_wide}}{'Size':>8} {'Modify time'}"
    if frame.rng.random() < 0.9:
        frame.line_at(top, head, left=left + px, columns=columns - 2)
        top += frame.row_px
    for number, (name, size, when) in enumerate(rows):
        frame.line_at(
            top, f" {name:<{name_wide}}{size:>8} {when}", bar=number == chosen, left=left + px, columns=columns - 2
        )
        top += frame.row_px


def _ask_panes(frame: TextFrame, sides: list[tuple[str, list[tuple[str, str, str]]]], active: int, chosen: int) -> None:
    rng = frame.rng
    for place, (path, rows) in zip(("left", "right"), sides, strict=True):
        frame.ask("file", path, "Which folder is open on the {p}?", "Which folder is shown on the {p}?",
                  "Folder on the {p}?",
                  "What folder is on the {p} side?", "Which path is on the {p}?", "Which directory is in the {p} pane?",
                  "What is the folder of the {p} pane?", "On the {p}, which folder is it?", "{p} pane: which folder?",
                  p=place)  # fmt: skip
        files = [row for row in rows if row[0][0] != "/"]
        folders = [row[0].lstrip("/") for row in rows if row[0][0] == "/"]
        for name, size, when in rng.sample(files, min(3, len(files))):
            frame.ask("value", size, "How large is {f}?", "What is the size of {f}?", "Size of {f}?", "How big is {f}?",
                      "How many bytes does {f} have?", "Which size has {f}?", "{f}: how large?",
                      "Tell me the size of {f}.",
                      "What does it say for the size of {f}?", f=name)  # fmt: skip
            frame.ask("value", " ".join(when.split()) if "  " not in when else when, "When was {f} changed?",
                      "What is the date of {f}?", "When was {f} modified?", "Date of {f}?",
                      "Which time is shown for {f}?",
                      "When was {f} last changed?", "{f}: when was it changed?", "Modify time of {f}?",
                      f=name)  # fmt: skip
        where = rng.choice((f" on the {place}", f" in the {place} pane", f" on the {place} side"))
        for names, item, items in ((folders, "folder", "folders"), ([row[0] for row in files], "file", "files")):
            if names and len(", ".join(names)) < 200:
                frame.ask("list", ", ".join(names), f"Which {items} are there{where}?", f"List the {items}{where}.",
                          f"Name the {items}{where}.", f"Which {items} do you see{where}?", f"{items}{where}?",
                          f"What are the {items}{where}?", f"Read the {items}{where}.",
                          f"All {items}{where}?")  # fmt: skip
                frame.ask("how_many", str(len(names)), f"How many {items} are{where}?", f"Count the {items}{where}.",
                          f"How many {items} do you see{where}?", f"Number of {items}{where}?")  # fmt: skip
                frame.ask("value", names[-1], f"What is the last {item}{where}?", f"Which {item} comes last{where}?",
                          f"Last {item}{where}?", f"Read the last {item}{where}.")  # fmt: skip
    if chosen >= 0:
        name = sides[active][1][chosen][0].lstrip("/")
        frame.ask("selected", name, "Which file is selected?", "Which entry is highlighted?", "What is selected?",
                  "On which entry is the cursor?", "Which name is highlighted?", "Selected entry?",
                  "Which row is marked?",
                  "What is the bar on?", "Which entry is chosen?")  # fmt: skip


def draw_text_editor(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """An editor or a pager in a terminal: name and file in the top line, shortcuts at the bottom."""
    frame = TextFrame(rng, writer, style, width, height, "text editor")
    pager = rng.random() < 0.35
    file = rng.choice((writer.file(), writer.path()))
    name = f"{frame.app} {writer.version()}"
    frame.title(rng.choice((file, f"{writer.slot('noun')}@{writer.slot('noun')}: ~")))
    if pager:
        frame.noun = "text viewer"
    top = rng.choice(("both", "both", "file", ""))
    if top and not pager:
        pad = " " * max(1, (frame.columns - len(name) - len(file)) // 2 - 4)
        frame.line_at(frame.top, f"  {name}{pad}{file}" if top == "both" else f"  File: {file}", bar=True)
        frame.top += frame.row_px
    frame.document = file
    if top == "both" and not pager and len(name) + len(file) + 8 < frame.columns:
        frame.named = True
        frame.ask("program", name, "Which program does the top line name?",
                  "What does the first line say the program is?",
                  "Which program and version is it?", "What is the name and version in the top line?",
                  "Program and version?", "Which editor and version is this?",
                  "Read the program's name and version.", "What program is in the top bar?")  # fmt: skip
    if top and not pager and len(file) + 10 < frame.columns:
        frame.ask_opened("file")
    if not pager:
        _shortcuts(frame)
    else:
        frame.bottom -= frame.row_px
    room = int((frame.bottom - frame.top) / frame.row_px) - 1
    lines = _prose(rng, writer, min(room, frame.rows_for(4, 24, frame.row_px)), frame.columns - 1)
    for number, line in enumerate(lines):
        frame.line_at(frame.top + number * frame.row_px, line)
    if pager:
        _pager_status(frame, file, len(lines))
    filled = [line for line in lines if line]
    place = rng.choice((" of the text", " of the file", ""))
    frame.ask("line", filled[-1], f"What is the last line{place}?", f"Read the last line{place}.", f"Last line{place}?",
              f"What does the last line{place} say?", "How does the text end?", f"Quote the last line{place}.",
              "With which line does the text end?", "Which line is the last one with text?")  # fmt: skip
    frame.ask("line", filled[0], f"What is the first line{place}?", f"Read the first line{place}.",
              f"First line{place}?",
              f"What does the first line{place} say?", "How does the text begin?", f"Quote the first line{place}.",
              "With which line does the text begin?", "Which line is the first one?")  # fmt: skip
    frame.asker.questions += [one for one in line_questions(rng, lines) if is_of_text(one)]
    return frame.done("text_program", f"with {len(filled)} lines of text.")


def _pager_status(frame: TextFrame, file: str, count: int) -> None:
    """The bar below `count` lines: which they are of how many, or that the file ends there."""
    rng, total = frame.rng, count + frame.rng.randint(5, 900)
    last = rng.choice((f"{file} lines 1-{count}/{total} {100 * count // total}%", f"{file} (END)",
                       f"Manual page {frame.writer.slot('noun')}({rng.randint(1, 8)}) line 1"))  # fmt: skip
    frame.line_at(frame.bottom, last, bar=True)
    if len(last) < frame.columns:
        frame.ask("status", last, "What does the bottom line say?", "Read the status line.", "What is at the bottom?",
                  "Status line?", "What does the bar at the bottom say?", "Quote the bottom line.",
                  "Read the line at the very bottom.", "What does the status line say?")  # fmt: skip


def _prose(rng: Random, writer: Writer, most: int, columns: int) -> list[str]:
    lines: list[str] = []
    while len(lines) < max(2, most):
        draw = rng.random()
        line = writer.sentence(3, 11) if draw < 0.6 else writer.fill(rng.choice((
            "{noun} = {number}", "- {words}", "{day} {time}  {words}", "{number}. {sentence}",
            "{Name}: {words}".lower(),
            "{file}  {size}", "* {adjective} {noun}, {date}", "# {words}")))  # fmt: skip
        lines.append(line[:columns].rstrip())
        if draw > 0.9:
            lines.append("")
    while lines and not lines[-1]:
        lines.pop()
    return lines[: max(2, most)] if lines[: max(2, most)][-1] else lines[: max(2, most) - 1]


def _shortcuts(frame: TextFrame) -> None:
    """Two rows of keys with what they do."""
    rng = frame.rng
    names = rng.sample(_SHORTCUTS, 2 * rng.randint(4, 6))
    letters = rng.sample("ABCDEFGHJKLNOPQRSTUVWXZ", len(names))
    each = max(12, frame.columns // (len(names) // 2))
    frame.bottom -= 2 * frame.row_px
    shown = {}
    for number, (name, letter) in enumerate(zip(names, letters, strict=True)):
        row, place = divmod(number, len(names) // 2)
        x = frame.left + place * each * frame.column_px
        if x + (len(name) + 4) * frame.column_px > frame.right or len(name) + 4 > each:
            continue
        top = frame.bottom + row * frame.row_px
        frame.line_at(top, f"^{letter}", bar=True, left=x, columns=2)
        frame.put(x + 3 * frame.column_px, top, name, frame.mono, frame.ink, frame.row_px)
        shown[f"^{letter}"] = name
    for key in rng.sample(list(shown), min(4, len(shown))):
        if rng.random() < 0.5:
            frame.ask("value", shown[key], "What does {k} do?", "What is {k} for?", "{k}?",
                      "Which command has the key {k}?",
                      "What stands beside {k}?", "What happens with {k}?", "Which command is on {k}?",
                      "What does the key {k} mean?", k=key)  # fmt: skip
        else:
            frame.ask("value", key, "Which key is for {c}?", "How do I get {c}?", "Key for {c}?",
                      "Which keys are for {c}?",
                      "What must I press for {c}?", "Which shortcut has {c}?", "What stands before {c}?",
                      "With which key is {c} done?", c=shown[key])  # fmt: skip
