"""Terminal programs around a list: head line, rows with a cursor, counts, keys with what they do; menu boxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from training.screens.page import mixed
from training.screens.panes.control_phrasings import KEY_COUNT, KEY_DOES, KEY_FOR, KEY_NAMES
from training.screens.panes.questions import DEFAULT_BUTTON
from training.screens.panes.text_mode import TextFrame
from training.screens.phrases import MONTHS, Writer
from training.screens.records import Screen
from training.screens.themes import Style

_ACTIONS = ("Help", "Quit", "Save", "Exit", "Delete", "Undelete", "Reply", "Mail", "Search", "Sort", "Filter", "Kill",
            "Tree",
            "Setup", "Edit", "Copy", "Move", "Open", "Close", "Refresh", "Tag", "Next", "Prev", "View", "Print", "Add",
            "Remove", "Rename", "Update", "Install", "Play", "Stop", "Pause", "Shuffle", "Mark", "Go to", "Back",
            "Menu",
            "Write", "Find", "Replace", "Undo", "Options", "Info", "Log", "Diff", "Pull", "Push", "Commit", "Stage",
            "Fetch", "Join", "Leave", "Select", "New", "Load", "Export", "Run", "Step", "Break")  # fmt: skip
_KEYS: dict[str, tuple[str, ...]] = {
    "function": tuple(f"F{n}" for n in range(1, 13)), "caret": tuple(f"^{c}" for c in "ABCDEFGHKLNOPRSTUVWXYZ"),
    "letter": tuple("abcdefghjklmnpqrstuvwxyz?/"), "capital": tuple("ABCDEFGHJKLMNPQRSTUVWXYZ"),
    "alt": tuple(f"M-{c}" for c in "ABCDEFGQRUWX"), "ctrl": tuple(f"Ctrl-{c}" for c in "ACDFGNOPQRSVWXZ"),
    "named": ("Esc", "Enter", "Tab", "Space", "Del", "Ins", "Home", "End", "PgUp", "PgDn"),
}  # fmt: skip
_JOINED = ("{k} {n}", "{k} {n}", "{k}:{n}", "[{k}] {n}", "{k}={n}", "<{k}> {n}", "{k}-{n}", "({k}) {n}", "{k} - {n}")
_COUNTS = ("{n} {items}", "{n} {items}, {k} {sort}", "[{at}/{n}]", "{n} {items}  {k} {sort}", "{items}: {n}",
           "{at} of {n}",
           "{items}: {n} ({k} {sort})", "line {at} of {n}", "-- {n} {items} --", "{k} {sort}, {n} in all",
           "Total {items}: {n}", "{items} {n}, {sort} {k}")  # fmt: skip
_SUBJECTS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("mail program", "message", "messages", ("new", "unread", "tagged", "deleted")),
    ("package manager", "package", "packages", ("installed", "marked", "broken")),
    ("music player", "track", "tracks", ("queued", "marked")),
    ("process viewer", "task", "tasks", ("running", "sleeping")),
    ("feed reader", "article", "articles", ("unread", "new")), ("file manager", "file", "files", ("tagged", "hidden")),
    ("download manager", "download", "downloads", ("active", "paused", "done")),
    ("version control program", "commit", "commits", ("unpushed",)), ("to-do list", "task", "tasks", ("open", "done")),
    ("chat program", "channel", "channels", ("unread", "joined")), ("system monitor", "service", "services",
                                                                    ("failed",)),
)  # fmt: skip
_HEADS = ("{app} {version}", "{app} {version} - {doc}", "{app}: {doc}", "{app} - {doc}", "-*-{app}: {doc}-*-",
          "{app} | {doc}",
          "{app} v{version}", "{doc} - {app}", " {app}  [{doc}]", "=== {app} ===", "{app} ({doc})")  # fmt: skip

_RUNS = ("Which program runs in the terminal?", "Which program does the head line name?",
         "What is running in the terminal?",
         "Which program is named in the top line?", "What program is it, by its head line?", "Which tool runs here?",
         "Which program was started in the terminal?", "What is the text-mode program called?",
         "Name of the program in the terminal?")  # fmt: skip
_VERSION = ("Which version of {app} is it?", "What version is shown in the head line?", "Version of the program?",
            "Which version does the top line name?", "What is the version of {app}?", "Which version is running?",
            "Read the version in the head line.", "What version of the program is it?")  # fmt: skip


@dataclass(frozen=True)
class Keys:
    """Keys with what they do, and how both are written."""

    pairs: Sequence[tuple[str, str]]
    joined: str
    marked: str


def draw_text_list(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A list in a terminal; one row has the cursor."""
    noun, item, items, sorts = rng.choice(_SUBJECTS)
    frame = TextFrame(rng, writer, style, width, height, noun)
    frame.title(rng.choice((f"{writer.slot('noun')}@{writer.slot('noun')}: ~", frame.app, writer.slot("noun"))))
    version, document = writer.version(), rng.choice((writer.path(), writer.slot("noun"), writer.host()))
    head = rng.choice(_HEADS).format(app=frame.app, version=version, doc=document)
    _head(frame, head)
    if frame.app in head[: frame.columns - 1]:
        frame.say_phrase("program", frame.app, _RUNS)
    if version in head and head.count(version) == 1 and version in head[: frame.columns - 1]:
        frame.say_phrase("value", version, _VERSION, app=frame.app)
    keys = _keys(rng)
    at_top = rng.random() < 0.25
    _key_bar(frame, keys, at_top=at_top)
    rows = _rows(rng, writer, item, frame.rows_for(2, 18, frame.row_px))
    most = int((frame.bottom - frame.top) / frame.row_px) - 3
    rows = rows[: max(1, most)]
    place = rng.randrange(len(rows))
    if rng.random() < 0.75:
        _count_line(frame, rows, place, items, rng.choice(sorts))
    shown = _draw_rows(frame, rows, place)
    names = [row[0] for row in shown]
    if place < len(shown):
        frame.ask("selected", shown[place][0], f"Which {item} is selected?", f"On which {item} is the cursor?",
                  f"Which {item} is highlighted?", f"What is the current {item}?",
                  f"Which {item} is marked by the cursor?",
                  f"Where is the cursor? Name the {item}.", f"Selected {item}?",
                  f"Which of the {items} is highlighted?",
                  f"Which {item} does the bar stand on?", f"Name the {item} under the cursor.")  # fmt: skip
    frame.ask_names(names, item, items, rng.choice(("", " in the list")), whole=len(shown) == len(rows), most=3)
    frame.ask("how_many", str(len(shown)), f"How many {items} are in the list?", f"How many {items} are listed?",
              "Count the rows of the list.", "How many rows does the list have?", f"Number of {items} in the list?",
              f"How many {items} can I see?", f"How many {items} are shown?",
              f"How many {items} do you see?")  # fmt: skip
    return frame.done("text_list", f"in a terminal, with {len(shown)} {items}.")


def _head(frame: TextFrame, text: str) -> None:
    """The first line, which names the program."""
    text = text[: frame.columns - 1]
    frame.named = frame.named or frame.app in text
    pad = frame.rng.choice(("", " ", " " * max(0, (frame.columns - len(text)) // 2)))
    frame.line_at(frame.top, pad + text, bar=frame.rng.random() < 0.7)
    frame.top += frame.row_px * frame.rng.choice((1, 1, 2))
    frame.ask("line", text.strip(), "What does the first line of the terminal say?", "Read the head line.",
              "What stands in the top line?", "Quote the line at the top.", "What does the line at the top say?",
              "Head line?", "What is written in the top line of the program?", "Read the top line.")  # fmt: skip


def _keys(rng: Random) -> Keys:
    kind = rng.choice(("function", "function", "caret", "caret", "letter", "letter", "capital", "mixed", "ctrl", "alt"))
    pool = [key for keys in _KEYS.values() for key in keys] if kind == "mixed" else list(_KEYS[kind])
    count = rng.randint(4, 10)
    chosen = pool[:count] if kind == "function" and rng.random() < 0.6 else rng.sample(pool, min(count, len(pool)))
    actions = rng.sample(_ACTIONS, len(chosen))
    return Keys(
        list(zip(chosen, actions, strict=True)), rng.choice(_JOINED), rng.choice(("key", "name", "bar", "none"))
    )


def _key_bar(frame: TextFrame, keys: Keys, *, at_top: bool) -> None:
    """One or two rows at the bottom or below the head line."""
    rng, wide = frame.rng, frame.column_px
    texts = [keys.joined.format(k=key, n=name) for key, name in keys.pairs]
    each = max(map(len, texts)) + 2 if rng.random() < 0.5 else 0
    rows: list[list[int]] = [[]]
    used = 1
    for number, text in enumerate(texts):
        if used + max(each, len(text) + 2) > frame.columns:
            if len(rows) == 2:
                break
            rows.append([])
            used = 1
        rows[-1].append(number)
        used += max(each, len(text) + 2)
    if not at_top:
        frame.bottom -= len(rows) * frame.row_px
    top = frame.top if at_top else frame.bottom
    shown = []
    for row in rows:
        x = frame.left + wide
        if keys.marked == "bar":
            frame.fill((frame.left, top, frame.right, top + frame.row_px), frame.marked[0])
        for number in row:
            _key(frame, keys, keys.pairs[number], (x, top))
            x += max(each, len(texts[number]) + 2) * wide
            shown.append(keys.pairs[number])
        top += frame.row_px
    frame.top += len(rows) * frame.row_px if at_top else 0
    _ask_keys(frame, shown, at_top=at_top)


def _key(frame: TextFrame, keys: Keys, pair: tuple[str, str], at: tuple[float, float]) -> None:
    """The key in one ink or ground, its name in the other."""
    x, top = at
    before, _, after = keys.joined.partition("{n}")
    before, wide = before.replace("{k}", pair[0]), frame.column_px
    inks = [frame.marked[1] if keys.marked == "bar" else frame.ink] * 2
    for place, text in enumerate((before.rstrip(" "), pair[1] + after)):
        start = x + (len(before) if place else 0) * wide
        if keys.marked == ("key", "name")[place]:
            frame.fill((start, top, start + len(text) * wide, top + frame.row_px), frame.marked[0])
            inks[place] = frame.marked[1]
        frame.put(start, top, text, frame.mono, inks[place], frame.row_px)


def _ask_keys(frame: TextFrame, shown: Sequence[tuple[str, str]], *, at_top: bool) -> None:
    for key, name in frame.rng.sample(list(shown), min(3, len(shown))):
        frame.say_phrase("value", name, KEY_DOES, key=key)
    for key, name in frame.rng.sample(list(shown), min(3, len(shown))):
        frame.say_phrase("value", key, KEY_FOR, name=name)
    if shown and not at_top:
        frame.say_phrase("how_many", str(len(shown)), KEY_COUNT)
        frame.say_phrase("list", ", ".join(name for _, name in shown), KEY_NAMES)


def _rows(rng: Random, writer: Writer, item: str, count: int) -> list[list[str]]:
    """Names first, then what else is known."""
    subject: Callable[[], str] = {
        "message": lambda: writer.words(2, 5).capitalize(), "article": lambda: writer.words(2, 6).capitalize(),
        "package": lambda: '-'.join(writer.slot('noun').lower() for _ in range(2)), "file": writer.file,
        "track": lambda: writer.words(1, 3).title(), "download": writer.file,
        "commit": lambda: f"{writer.slot('verb')} {writer.words(1, 4)}", "channel": lambda: f"#{writer.slot('noun')}",
        "service": lambda: f"{writer.slot('noun')}.service", "task": lambda: writer.words(1, 3)}[item]  # fmt: skip
    makers: tuple[Callable[[], str], ...]
    makers = (writer.name, writer.size, lambda: f"{MONTHS[rng.randrange(12)][:3]} {rng.randint(1, 28):2}",
              writer.time, lambda: f"{rng.randint(0, 100)}%", writer.version, lambda: rng.choice("NDO*+!"),
              lambda: str(rng.randrange(10 ** rng.randint(1, 5))))  # fmt: skip
    fields = rng.sample(makers, rng.randint(0, 3))
    names = dict.fromkeys(subject().replace(",", "")[:30].strip() for _ in range(count))
    return [[name, *(make() for make in fields)] for name in names if "{" not in name] or [["-"]]


def _draw_rows(frame: TextFrame, rows: Sequence[Sequence[str]], place: int) -> list[Sequence[str]]:
    """Columns beside each other, the name at one end; the cursor is a bar or a sign before the row."""
    rng = frame.rng
    first, numbered = rng.random() < 0.5, rng.random() < 0.3
    sign = rng.choice(("", "", "", "> ", "-> ", "* ", ">>"))
    widths = [max(len(row[n]) for row in rows) + 2 for n in range(len(rows[0]))]
    order = list(range(len(widths))) if first else [*range(1, len(widths)), 0]
    while len(order) > 1 and sum(widths[n] for n in order) + 8 > frame.columns:
        order.remove(max(order))
    striped = mixed(frame.ink, frame.ground, 0.08) if rng.random() < 0.15 else None
    shown: list[Sequence[str]] = []
    for number, row in enumerate(rows):
        if frame.top + frame.row_px > frame.bottom:
            break
        text = (f"{number + 1:3} " if numbered else " ") + "".join(f"{row[n]:<{widths[n]}}" for n in order)
        before = (sign if number == place else " " * len(sign)) if sign else ""
        if striped and number % 2:
            frame.fill((frame.left, frame.top, frame.right, frame.top + frame.row_px), striped)
        frame.line_at(frame.top, before + text.rstrip(), bar=number == place and not sign, columns=frame.columns)
        frame.top += frame.row_px
        shown.append(row)
    return shown


def _count_line(frame: TextFrame, rows: Sequence[object], place: int, items: str, sort: str) -> None:
    """Above the keys; what it counts is asked for."""
    rng = frame.rng
    few = rng.randint(0, len(rows))
    form = rng.choice(_COUNTS)
    text = form.format(n=len(rows), k=few, at=place + 1, items=items, sort=sort)
    frame.bottom -= frame.row_px
    frame.line_at(frame.bottom, text, bar=rng.random() < 0.5)
    if "{k}" in form:
        frame.ask("how_many", str(few), f"How many {items} are {sort}?", f"How many are {sort}?",
                  f"Number of {sort} {items}?",
                  f"How many {sort} {items} are there?", f"How many of the {items} are {sort}?",
                  f"Count of {sort} {items}?",
                  f"How many {sort} {items} does the line count?", f"{sort}: how many?")  # fmt: skip
    frame.ask("status", text, "What does the status line say?", "Read the status line.", "Status line?",
              "What does the line below the list say?", "Quote the status line.", "What stands under the list?",
              "Which status is shown?", "Read the line that counts.")  # fmt: skip


def draw_menu_box(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A box of text mode with choices and buttons in angle brackets, one of each highlighted."""
    frame = TextFrame(rng, writer, style, width, height, "text-mode menu")
    box = rng.choice(
        (writer.label(), f"{frame.app} configuration", f"Select {writer.slot('noun')}", "Main menu")
    ).replace(",", "")
    frame.title(rng.choice((f"{writer.slot('noun')}@{writer.slot('noun')}: ~", frame.app, writer.slot("noun"))))
    px, row = frame.column_px, frame.row_px
    names = [name for name in dict.fromkeys(writer.label().replace(",", "")[:24] for _ in range(rng.randint(3, 9)))
             if "{" not in name]  # fmt: skip
    buttons = list(rng.choice((("OK", "Cancel"), ("Select", "Exit", "Help"), ("Yes", "No"), ("Continue", "Go Back"),
                               ("Save", "Load", "Exit"), ("Next", "Back", "Cancel"),
                               ("Select", "Finish"))))  # fmt: skip
    needed = sum(len(name) + 8 for name in buttons) + 4
    columns = min(frame.columns - 4, max(30, needed, *(len(name) + 12 for name in (*names, box))))
    left, top = (
        frame.left + 2 * px + px * rng.randint(0, max(0, (frame.columns - columns - 4) // 2)),
        frame.top + 2 * row,
    )
    names = names[: max(1, int((frame.bottom - top) / row) - 6)]
    box = box[: columns - 4]
    place, active, marks = rng.randrange(len(names)), rng.randrange(len(buttons)), rng.choice(("", "[ ]", "( )", "1."))
    chosen = [rng.random() < 0.5 if marks == "[ ]" else n == place for n in range(len(names))]
    bottom = top + (len(names) + 4.5) * row
    frame.sketch.draw.rectangle((left, top + row / 2, left + columns * px, bottom), None, frame.ink)
    frame.fill((left + 2 * px, top, left + (len(box) + 4) * px, top + row), frame.ground)
    frame.put(left + 3 * px, top, box, frame.mono, None, row)
    for number, name in enumerate(names):
        sign = {"": "", "1.": f"{number + 1}. ", "[ ]": "[*] " if chosen[number] else "[ ] ",
                "( )": "(*) " if chosen[number] else "( ) "}[marks]  # fmt: skip
        line = f" {sign}{name}"
        frame.line_at(top + (number + 1.5) * row, f"{line:<{columns - 4}}", bar=number == place, left=left + 2 * px,
                      columns=columns - 4)  # fmt: skip
    x, form = left + 2 * px, rng.choice(("<{}>", "< {} >", "[ {} ]", "<  {}  >"))
    for number, name in enumerate(buttons):
        text = form.format(name)
        frame.line_at(bottom - 1.6 * row, text, bar=number == active, left=x, columns=len(text))
        x += (len(text) + 2) * px
    frame.say_phrase("selected", buttons[active], DEFAULT_BUTTON)
    frame.ask_names(
        buttons, "button", "buttons", rng.choice((" at the bottom", " in the box")), across=True, kind="buttons"
    )
    frame.ask_names(
        names, "entry", "entries", rng.choice(("", " in the box", " in the menu")), selected=names[place], most=3
    )
    frame.ask("heading", box, "What is the title of the box?", "What is the box called?", "Read the title of the box.",
              "Which title is on the frame of the box?", "What stands at the top of the box?", "Title of the box?",
              "What does the frame's title say?", "What is the menu called?")  # fmt: skip
    if marks == "[ ]" and any(chosen):
        starred = [name for name, one in zip(names, chosen, strict=True) if one]
        frame.ask("list", ", ".join(starred), "Which entries have a star?", "Which entries are marked with [*]?",
                  "Which boxes are ticked?", "What has a star?", "List the entries with a star.", "Ticked entries?",
                  "Which entries are switched on?", "Name the entries marked by [*].")  # fmt: skip
        frame.ask("how_many", str(len(starred)), "How many entries have a star?", "How many are marked with [*]?",
                  "How many boxes are ticked?", "Count the stars.", "Number of ticked entries?",
                  "How many entries are switched on?", "How many of the entries have a star?",
                  "How many are ticked?")  # fmt: skip
    return frame.done("menu_box", f'with a box titled "{box}", on the entry {names[place]}.')
