"""Viewers of logs and of commits, and results of database queries."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from training.screens.line_questions import line_questions
from training.screens.page import Page, black_or_white
from training.screens.pages import table_questions
from training.screens.phrases import DAYS, MONTHS, Writer
from training.screens.records import Screen
from training.screens.sketch import title_bar
from training.screens.themes import Style
from training.screens.typefaces import Colour

_LEVELS: dict[str, Colour] = {
    "INFO": (70, 140, 220), "DEBUG": (130, 130, 140), "WARNING": (210, 140, 20), "ERROR": (225, 60, 60),
}  # fmt: skip
_GROUNDS: tuple[tuple[Colour, Colour], ...] = (
    ((255, 255, 255), (20, 20, 24)), ((250, 250, 250), (40, 44, 52)), ((24, 26, 32), (220, 223, 228)),
    ((40, 44, 52), (215, 218, 224)), ((0, 0, 0), (220, 220, 220)), ((238, 238, 236), (0, 0, 0)),
)  # fmt: skip


def _open(rng: random.Random, writer: Writer, style: Style, size: tuple[int, int], title: str) -> Page:
    """A window with a title bar, perhaps with buttons or a field to filter below it."""
    page = Page(rng, writer, style, *size, rng.choice(_GROUNDS) if rng.random() < 0.7 else None)
    high = round(page.pen.line * rng.uniform(1.3, 1.7))
    title_bar(page.sketch, style, title, page.pen, high)
    page.top += high
    page.asker.ask("title", title)
    page.left, page.right = float(style.px(8)), size[0] - float(style.px(8))
    page.spacing = min(page.spacing, 1.4)
    return page


def _buttons(page: Page, labels: tuple[str, ...]) -> None:
    high, x, drawn = round(page.pen.line * 1.7), page.left, []
    page.top += page.style.px(5)
    for label in page.rng.sample(labels, page.rng.randint(2, len(labels))):
        if x + page.pen.width(label) + page.style.px(30) < page.right:
            x = page.button(x, page.top, label) + page.style.px(6)
            drawn.append(label)
    page.top += high + page.style.px(6)
    page.ask("buttons", ", ".join(drawn), "Which buttons are there?", "List the buttons.", "What can I click?")


def draw_log(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """Lines with a time, a level, perhaps a source, and a message; sometimes a summary at the bottom."""
    file = f"{writer.slot('noun')}.log"
    page = _open(rng, writer, style, (width, height), rng.choice((f"{file} - Log viewer", file, f"Log of {file}")))
    if rng.random() < 0.5:
        _buttons(page, ("Clear", "Refresh", "Follow", "Export", "Filter", "Pause", "Copy"))
    pen = rng.choice((page.mono, page.mono, page.pen))
    pitch = round(pen.line * rng.uniform(1.05, 1.4))
    room = max(2, min(25, int((page.bottom - page.top) / pitch) - 2))
    seconds, rows = rng.randrange(80000), []
    weights = (7, rng.randint(0, 3), rng.randint(0, 2), rng.choice((0, 1, 1)))
    form = rng.choice(("{t} {l:<7} {m}", "[{t}] {l}: {m}", "{t} [{l}] {m}", "{l:<8}{t}  {m}"))
    if writer.training and rng.random() < 0.4:
        source = writer.slot("noun")
        form = rng.choice(("{t} - {l} - {m}", "{l} [{t}] {m}", "{t} " + source + " {l}: {m}", "{t} | {l:<7} | {m}",
                           "[{l}] {t} " + source + ": {m}", "{t} {l} (" + source + ") {m}"))  # fmt: skip
    for _ in range(rng.randint(min(5, room), room)):
        seconds += rng.randint(0, 90)
        time = f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        level = rng.choices(list(_LEVELS), weights)[0]
        start = form.format(t=time, l=level, m="").rstrip() + " "
        message = page.fitting(
            writer.message(error=level == "ERROR", most_words=9), page.wide - pen.width(start) - 20, pen
        )
        rows.append((time, level, message, form.format(t=time, l=level, m=message)))
    page.top += style.px(4)
    for _, level, _, line in rows:
        ink = _LEVELS[level] if level in {"ERROR", "WARNING"} else page.ink
        page.put(page.left, page.top, line, pen, ink, pitch)
        page.top += pitch
    if page.top + page.pitch < height and rng.random() < 0.5:
        page.put(page.left, height - page.pitch, f"{len(rows)} entries", None, page.faint)
        page.ask("status", f"{len(rows)} entries", "What does the status bar say?", "What is written at the bottom?")
    _ask_log(page, rows)
    if writer.training:
        page.asker.questions += line_questions(rng, [line for *_, line in rows], bars=True)
    page.describe(f"A log viewer with {len(rows)} lines of {file}.")
    return page.finish("log", "log viewer")


def _ask_log(page: Page, rows: list[tuple[str, str, str, str]]) -> None:
    rng, times = page.rng, [row[0] for row in rows]
    page.ask_program("A log viewer")
    page.ask(
        "how_many",
        str(len(rows)),
        "How many lines are in the log?",
        "How many entries are shown?",
        "Count the entries.",
    )
    page.ask("value", times[-1], "When was the last entry written?", "What is the time of the last line?")
    page.ask("value", rows[-1][2], "What does the last entry say?", "What is the last message?")
    page.ask("value", rows[0][2], "What does the first entry say?", "What is the first message?")
    for number in rng.sample(range(len(rows)), min(4, len(rows))):
        time, level, message, line = rows[number]
        page.ask("line", " ".join(line.split()), "Read line {n} of the log.", "What is on line {n}?", n=number + 1)
        if times.count(time) == 1:
            page.ask("value", message, "What happened at {t}?", "What does the log say at {t}?",
                     "Which message was written at {t}?", t=time)  # fmt: skip
            page.ask("value", level, "Which level does the entry of {t} have?", "What is the level at {t}?", t=time)
    for level in ("ERROR", "WARNING"):
        found = [row for row in rows if row[1] == level]
        page.ask("how_many", str(len(found)), f"How many {level.lower()}s are there?", f"How many lines are {level}?")
        page.ask(
            "yes_no",
            "Yes" if found else "No",
            f"Is there an entry with level {level}?",
            f"Does it show a line {level}?",
        )
        if len(found) == 1:
            page.ask(
                "value", found[0][0], f"When did the {level.lower()} happen?", f"At what time is the {level.lower()}?"
            )
            if level == "ERROR":
                page.ask_error(found[0][2], "log viewer")


def draw_commits(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A list of commits with authors and dates, one of them selected, whose details are below."""
    name = writer.slot("noun")
    title = rng.choice((f"{name}: all commits", f"{name} - history", f"History of {name}", f"Commits - {name}"))
    page = _open(rng, writer, style, (width, height), title)
    if rng.random() < 0.4:
        _buttons(page, ("Fetch", "Pull", "Push", "Branch", "Merge", "Stash"))
    people = [writer.name() for _ in range(3)]
    commits: dict[str, tuple[str, str, str]] = {}
    for _ in range(rng.randint(4, 16)):
        date = f"{rng.randint(2012, 2031)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02} {writer.time()}"
        code = f"{rng.randrange(16**7):07x}"
        commits[page.fitting(writer.words(2, 6), page.wide * 0.4)] = (rng.choice(people), date, code)
    pitch, below = page.pitch, page.pitch * 5
    rows = list(commits.items())[: max(1, int((page.bottom - page.top - below) / pitch))]
    chosen = rng.randrange(len(rows))
    starts = (page.left + style.px(22), page.left + page.wide * 0.5, page.left + page.wide * 0.72)
    for number, (text, (author, date, _)) in enumerate(rows):
        ink = page.ink
        if number == chosen:
            page.fill((0, page.top, width, page.top + pitch), page.accent)
            ink = black_or_white(page.accent)
        middle = page.top + pitch / 2
        page.sketch.draw.line((page.left + 6, page.top, page.left + 6, page.top + pitch), page.faint)
        page.sketch.draw.ellipse((page.left + 2, middle - 4, page.left + 10, middle + 4), page.ink)
        cells = [text, page.fitting(author, page.wide * 0.2), date]
        for x, cell in zip(starts, cells, strict=True):
            if x + page.pen.width(cell) < page.right:
                page.put(x, page.top, cell, None, ink)
        page.top += pitch
    _ask_commits(page, rows, chosen)
    text, (author, date, code) = rows[chosen]
    page.top += style.px(8)
    for line in (f"Commit: {code}", f"Author: {author}", f"Date: {date}", text):
        page.say(line, page.mono, most=1, gap=0)
    page.ask("value", code, "What is the hash of the selected commit?", "Which id does the commit have?", "Commit?")
    page.describe(f'A list of {len(rows)} commits of {name}; "{text}" is selected.')
    return page.finish("commits", "git log viewer")


def _ask_commits(page: Page, rows: list[tuple[str, tuple[str, str, str]]], chosen: int) -> None:
    page.ask_program("A git log viewer")
    page.ask(
        "selected", rows[chosen][0], "Which commit is selected?", "Which commit is highlighted?", "What is selected?"
    )
    page.ask(
        "how_many", str(len(rows)), "How many commits are listed?", "How many commits are there?", "Count the commits."
    )
    page.ask("value", rows[0][0], "What is the newest commit?", "What is the first commit in the list?")
    page.ask("value", rows[-1][0], "What is the last commit in the list?", "Which commit is at the bottom?")
    for text, (author, date, _) in page.rng.sample(rows, min(4, len(rows))):
        page.ask(
            "cell", author, "Who made the commit '{t}'?", "Who wrote '{t}'?", "Who is the author of '{t}'?", t=text
        )
        page.ask("cell", date, "When was '{t}' committed?", "What is the date of '{t}'?", t=text)
    page.ask_whether([text for text, _ in rows], lambda: page.writer.words(2, 5), "Is there a commit '{text}'?",
                     "Does the list have a commit '{text}'?")  # fmt: skip
    authors = [author for _, (author, _, _) in rows]
    page.ask("how_many", str(authors.count(authors[0])), f"How many commits are by {authors[0]}?",
             f"How many commits did {authors[0]} make?")  # fmt: skip


def draw_query(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A query above its result: a program for databases."""
    table = writer.slot("noun") + "s"
    page = _open(
        rng, writer, style, (width, height), rng.choice((f"{table}.db", f"Query - {table}", f"{table} - Database"))
    )
    makers: dict[str, Callable[[], str]] = {
        "id": lambda: str(rng.randint(1, 9999)), "name": writer.name,
        "city": lambda: rng.choice(writer.vocabulary.places),
        "price": lambda: f"{rng.randrange(900)}.{rng.randrange(100):02}", "year": lambda: str(rng.randint(1900, 2031)),
        "email": writer.email, "title": lambda: writer.words(1, 3).capitalize(), "count": writer.number,
        "day": lambda: rng.choice(DAYS), "month": lambda: rng.choice(MONTHS), "created": writer.date,
        "state": writer.word,
        "version": writer.version, "code": lambda: writer.slot("noun").upper()[:4] + str(rng.randrange(1000)),
    }  # fmt: skip
    columns = rng.sample(list(makers), rng.randint(2, 5))
    query = f"SELECT {', '.join(columns)} FROM {table}" + rng.choice(
        ("", f" ORDER BY {columns[0]}", f" LIMIT {rng.randint(5, 50)}",
         f" WHERE {columns[-1]} <> ''")) + ";"  # fmt: skip
    page.top += style.px(6)
    page.ask_program("A database program")
    if page.say(query, page.mono, most=3):
        page.ask("text", query, "What is the query?", "Read the query.", "Which query was run?", "What is the SQL?")
        page.ask("value", table, "Which table is queried?", "From which table does it read?")
    if rng.random() < 0.7:
        _buttons(page, ("Run", "Save", "Explain", "Export", "Commit", "Cancel"))
    failed = rng.random() < 0.2
    if failed:
        error = rng.choice((f"no such table: {table}", f"no such column: {columns[-1]}",
                            f"near \"{columns[0]}\": syntax error",
                            f"ERROR: relation \"{table}\" does not exist", "database is locked"))  # fmt: skip
        if page.say(error, page.mono, (215, 60, 60), most=1):
            page.ask_error(error, "database program")
    else:
        rows = list(
            {row[0]: row for row in ([makers[c]() for c in columns] for _ in range(rng.randint(2, 16)))}.values()
        )
        _ask_result(page, page.table([columns, *rows], fewer=True))
    page.describe(f'A database program with the query "{query}"' + (" and an error." if failed else " and its result."))
    return page.finish("query", "database program")


def _ask_result(page: Page, table: list[list[str]]) -> None:
    rng, (head, *rows) = page.rng, table
    if not rows:
        return
    said = rng.choice(("{n} rows", "{n} rows returned", "Result: {n} rows", "{n} row(s) fetched in {s} ms")).format(
        n=len(rows), s=rng.randint(1, 900)
    )
    if page.say(said, None, page.faint, most=1):
        page.ask(
            "status", said, "What does it say under the result?", "What is the status?", "What does the last line say?"
        )
    page.ask(
        "how_many", str(len(rows)), "How many rows does the result have?", "How many rows are there?", "Count the rows."
    )
    page.ask(
        "columns", ", ".join(head), "Which columns does the result have?", "What are the columns?", "List the columns."
    )
    for number, row in rng.sample(list(enumerate(rows, 1)), min(3, len(rows))):
        page.ask("row", ", ".join(row), "Read row {n}.", "What is in row {n}?", n=number)
        for column in range(1, len(head)):
            page.ask("cell", row[column], "What is the {c} of {k}?", "Which {c} does {k} have?", "{c} of {k}?",
                     "What is the {c} where {h} is {k}?", c=head[column], k=row[0], h=head[0])  # fmt: skip
    page.ask("json", json.dumps(dict(zip(head, rows[0], strict=True))), "Give the first row as JSON.",
             "Return the first row as a JSON object.")  # fmt: skip
    page.asker.questions += table_questions(rng, table)
