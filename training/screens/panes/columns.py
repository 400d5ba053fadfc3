"""Lists beside each other, each of what is selected in the one before it, and what is known about the last below."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from training.screens.line_questions import line_questions
from training.screens.page import mixed
from training.screens.panes.frame import Field, Frame
from training.screens.panes.grid import draw_grid
from training.screens.panes.looks import row_look, show_row
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style

_SUBJECTS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("music player", (("genre", "genres"), ("artist", "artists"), ("album", "albums"), ("song", "songs"))),
    ("database program", (("server", "servers"), ("database", "databases"), ("table", "tables"), ("field", "fields"))),
    ("class browser", (("package", "packages"), ("class", "classes"), ("method", "methods"))),
    ("feed reader", (("category", "categories"), ("feed", "feeds"), ("article", "articles"))),
    ("mail program", (("account", "accounts"), ("folder", "folders"), ("message", "messages"))),
    ("chat program", (("server", "servers"), ("channel", "channels"), ("member", "members"))),
    ("version control program", (("branch", "branches"), ("commit", "commits"), ("file", "files"))),
    ("file manager", (("place", "places"), ("folder", "folders"), ("file", "files"))),
    ("library program", (("subject", "subjects"), ("author", "authors"), ("book", "books"))),
    ("notes program", (("notebook", "notebooks"), ("section", "sections"), ("note", "notes"))),
    ("help viewer", (("manual", "manuals"), ("chapter", "chapters"), ("topic", "topics"))),
    ("project planner", (("team", "teams"), ("project", "projects"), ("task", "tasks"))),
)
_TRIES = 14
_GENRES = ("Jazz", "Rock", "Pop", "Folk", "Opera", "Blues", "Country", "Electronic", "Ambient", "Soul", "Metal",
           "Chamber", "Reggae", "Funk", "Latin", "Soundtrack", "Swing", "Punk", "Dub", "Gospel")  # fmt: skip
_FIELDS = ("Created", "Changed", "Size", "Owner", "Kind", "Rating", "Length", "Version", "Label", "Number")


def alike(make: Callable[[], str]) -> Callable[[], str]:
    """Makes values in the form of the first one, as those of a column are: all dates or amounts are written alike."""
    first = _form(make())

    def made() -> str:
        value = make()
        for _ in range(_TRIES):
            if _form(value) == first:
                break
            value = make()
        return value

    return made


def _form(text: str) -> str:
    return re.sub(r"[A-Za-z]+", "a", re.sub(r"\d+", "9", text))


def draw_columns(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """Two or three lists side by side, one row selected in each, and a table, fields or a text below."""
    noun, kinds = rng.choice(_SUBJECTS)
    frame = Frame(rng, writer, style, width, height, noun)
    frame.title(rng.choice((frame.app, str(writer.slot("noun")).capitalize())))
    frame.menus()
    if rng.random() < 0.5:
        frame.tools(rng.sample(("New", "Open", "Back", "Forward", "Refresh", "Search", "Add", "Delete", "Sync", "Share",
                                "Print", "Settings"), rng.randint(3, 7)))  # fmt: skip
    lists = kinds[: rng.choice((2, 3, 3))]
    counts = [frame.rows_for(2, 12) for _ in lists]
    names = [_names(rng, writer, kind, count) for kind, count in zip(lists, counts, strict=True)]
    bottom = frame.bottom
    if rng.random() < 0.6:
        said = [f"{len(some)} {kind[1]}" for kind, some in zip(lists, names, strict=True)]
        parts = frame.status(said if rng.random() < 0.6 else said[-1:])
        bottom = frame.bottom
        for (_, items), some in zip(lists, names, strict=True):
            if f"{len(some)} {items}" in parts:
                frame.ask("how_many", str(len(some)), f"How many {items} does the status bar count?",
                          f"According to the status bar, how many {items} are there?",
                          f"Which number of {items} is written at the bottom?",
                          f"What number of {items} is in the status bar?", f"How many {items} are there in all?",
                          f"How many {items} does it say there are?", f"Total number of {items}?",
                          f"Read the number of {items} in the status bar.")  # fmt: skip
    below = rng.random() < 0.65
    frame.bottom = frame.top + (bottom - frame.top) * (rng.uniform(0.4, 0.7) if below else 1)
    chosen = _draw_lists(frame, lists, names)
    frame.top, frame.bottom = frame.bottom, bottom
    if below:
        frame.fill((frame.left, frame.top, frame.right, frame.bottom), frame.ground)
        frame.sketch.draw.line((frame.left, frame.top, frame.right, frame.top), frame.line)
        frame.top += frame.gap / 2
        listed = kinds[len(lists)] if len(kinds) > len(lists) else ("entry", "entries")
        rng.choice((_table, _known, _text))(frame, listed, lists[-1][0])
    said_chosen = ", ".join(f"the {kind[0]} {one}" for kind, one in zip(lists, chosen, strict=True) if one)
    return frame.done("columns", f"with lists of {' and '.join(kind[1] for kind in lists)}"
                      + (f"; selected: {said_chosen}." if said_chosen else "."))  # fmt: skip


def _names(rng: Random, writer: Writer, kind: tuple[str, str], count: int) -> list[str]:
    makers: dict[str, Callable[[], str]] = {
        "artist": writer.name, "author": writer.name, "member": lambda: str(writer.slot("noun")).lower(),
        "server": writer.host, "channel": lambda: f"#{writer.slot('noun')}", "file": writer.file,
        "class": lambda: str(writer.slot("noun")).capitalize(), "method": writer.identifier, "account": writer.email,
        "table": lambda: str(writer.slot("noun")).lower(), "field": lambda: str(writer.slot("noun")).lower(),
        "genre": lambda: rng.choice(_GENRES)}  # fmt: skip
    make = makers.get(kind[0], lambda: writer.words(1, 3).capitalize())
    made = (make().replace(",", "") for _ in range(count + 1))
    return [name for name in dict.fromkeys(made) if name and not set(name) & set("{}")]


def _draw_lists(frame: Frame, lists: tuple[tuple[str, str], ...], names: list[list[str]]) -> list[str]:
    """The lists, each with its questions, which name it by what it lists; returns what is selected in each."""
    rng, pitch, chosen = frame.rng, frame.pitch_px, list[str]()
    counted, look = rng.random() < 0.3, row_look(rng)
    shares = [rng.uniform(0.8, 1.4) for _ in lists]
    left = frame.left
    for (item, items), some, share in zip(lists, names, shares, strict=True):
        wide = (frame.right - frame.left) * share / sum(shares)
        ground, ink = (frame.ground, frame.ink) if rng.random() < 0.8 else (frame.bar_ground, frame.bar_ink)
        frame.fill((left, frame.top, left + wide - 1, frame.bottom), ground)
        head, top = items.capitalize() + (f" ({len(some)})" if counted else ""), frame.top + pitch
        frame.fill((left, frame.top, left + wide - 1, top), mixed(frame.bar_ink, frame.bar_ground, 0.08))
        frame.put(left + frame.gap, frame.top, frame.fits(head, wide - 2 * frame.gap), None, frame.bar_ink, pitch)
        picked = rng.choice(some)
        shown: list[str] = []
        for name in some:
            if top + pitch > frame.bottom:
                break
            text, used = frame.fits(name, wide - 2.5 * frame.gap), ink
            if name == picked:
                used = show_row(frame, (left + 1, top, left + wide - 2, top + pitch), ground, ink, look)
                picked = text
            frame.put(left + frame.gap, top, text, None, used, pitch)
            shown.append(text)
            top += pitch
        left += wide
        frame.sketch.draw.line((left - 1, frame.top, left - 1, frame.bottom), frame.line)
        chosen.append(picked if picked in shown else "")
        if shown:
            frame.ask_names(shown, item, items, "", selected=chosen[-1], whole=len(shown) == len(some), most=3)
    return chosen


def _table(frame: Frame, kind: tuple[str, str], _of: str) -> None:
    rng, writer = frame.rng, frame.writer
    makers: dict[str, Callable[[], str]] = {
        "Date": alike(writer.date), "Size": writer.size, "Time": writer.time, "Owner": writer.name,
        "Length": lambda: f"{rng.randint(0, 9)}:{rng.randint(0, 59):02}", "Number": writer.number,
        "Price": alike(writer.amount)}  # fmt: skip
    heads = rng.sample(list(makers), rng.randint(1, 3))
    names = dict.fromkeys(writer.words(1, 4).capitalize().replace(",", "") for _ in range(frame.rows_for(2, 8)))
    rows = [[name, *(makers[head]() for head in heads)] for name in names if "{" not in name]
    if not rows:
        return
    chosen = rng.choice((-1, rng.randrange(len(rows))))
    draw_grid(frame, [kind[0].capitalize(), *heads], rows, item=kind[0], items=kind[1], selected=chosen, most=5)


def _known(frame: Frame, _kind: tuple[str, str], _of: str) -> None:
    rng, writer = frame.rng, frame.writer
    made: dict[str, Callable[[], str]] = {
        "Created": writer.date, "Changed": writer.date, "Size": writer.size, "Owner": writer.name,
        "Version": writer.version, "Label": writer.label,
        "Kind": writer.word}  # fmt: skip
    labels = rng.sample(_FIELDS, rng.randint(2, 5))
    frame.fields([Field(label, made.get(label, lambda: str(rng.randint(1, 900)))().replace(",", ""), "plain")
                  for label in labels])  # fmt: skip


def _text(frame: Frame, _kind: tuple[str, str], of: str) -> None:
    rng, writer, pitch = frame.rng, frame.writer, round(frame.pen.line * frame.rng.uniform(1.1, 1.4))
    most = max(1, min(int((frame.bottom - frame.top) / pitch) - 1, rng.randint(2, 12)))
    lines = [line for _ in range(most) if frame.pen.width(line := writer.sentence(2, 9)) < frame.wide - 2 * frame.gap]
    for line in lines:
        frame.put(frame.left + frame.gap, frame.top, line, None, None, pitch)
        frame.top += pitch
    if len(lines) < 2:
        return
    where = rng.choice((" of the text below", " below the lists", f" of the text about the {of}", " in the lower pane"))
    for words, line in (("first", lines[0]), ("last", lines[-1])):
        frame.ask("line", line, f"What is the {words} line{where}?", f"Read the {words} line{where}.",
                  f"What does the {words} line{where} say?", f"Quote the {words} line{where}.",
                  f"The {words} line{where}?", f"Copy the {words} line{where}.", f"Which line comes {words}{where}?",
                  f"Give me the {words} line{where}.")  # fmt: skip
    asked = line_questions(rng, lines, most=10)
    frame.asker.questions += [one for one in asked if "'" in one.text]
