"""Calendars that show a day, and lists of tasks."""

from __future__ import annotations

import random

from training.screens.phrases import DAYS, MONTHS, Writer
from training.screens.programs.parts import ask_cells, ask_columns, ask_side, draw_columns, draw_side, fewer
from training.screens.programs.window import MOST_ROWS, ProgramWindow
from training.screens.records import Screen
from training.screens.themes import Style

_LISTS = (
    "Today", "Inbox", "Tomorrow", "Important", "Work", "Home", "Shopping", "Someday", "Done", "All tasks", "Planned",
)  # fmt: skip


def draw_agenda(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A calendar of this size: a day's appointments with their times and places."""
    window = ProgramWindow(rng, writer, style, width, height)
    asker = window.asker
    day = f"{rng.choice(DAYS)}, {rng.randint(1, 28)} {rng.choice(MONTHS)} {rng.randint(2015, 2031)}"
    window.title(rng.choice(("Calendar", "Agenda", writer.word().capitalize())))
    window.menus()
    window.tools(("Today", "Back", "Next", "Day", "Week", "Month", "New Event"), 0.7)
    if rng.random() < 0.6:
        names = list(dict.fromkeys((*rng.sample(("Personal", "Work", "Family", "Birthdays", "Holidays"), 3),
                                    *(writer.word().capitalize() for _ in range(rng.randint(0, 4))))))  # fmt: skip
        side = draw_side(window, names, rng.choice((*names, "")), share=0.17, heading=rng.choice(("", "Calendars")))
        ask_side(window, side, "calendar", "calendars", writer.word().capitalize())
    large = window.style.type.pen(rng.choice((1.1, 1.3, 1.5)), bold=rng.random() < 0.6)
    day = window.fit(day, window.right - window.left - 2 * window.gap, large)
    top = window.top + large.line * 1.4
    window.sketch.text(
        window.left + window.gap, window.sketch.row(window.top, top, large), day, large, window.theme.ink
    )
    window.top = round(top)
    asker.ask("date_shown", day, as_kind="value")
    counted = window.keep_for_status(0.3)
    minute = rng.randrange(6 * 60, 9 * 60, 5)
    rows: list[list[str]] = []
    for _ in range(rng.randint(3, 14)):
        end = minute + rng.choice((15, 30, 45, 60, 90))
        times = [f"{at // 60 % 24:02}:{at % 60:02}" for at in (minute, end)]
        what = rng.choice((writer.words(1, 4).capitalize(), f"Meeting with {writer.name()}", f"Call {writer.name()}"))
        place = rng.choice(
            (f"Room {rng.randint(1, 400)}", str(rng.choice(writer.vocabulary.places)), writer.word().capitalize())
        )
        rows.append([what, *times, place])
        minute = end + rng.choice((0, 15, 30, 60))
    order = rng.choice(((1, 0, 3), (0, 1, 3), (0, 1, 2, 3), (1, 0), (0, 3, 1)))
    headings = ("Event", "Begin", "End", "Place")
    ordered = [[row[p] for p in order] for row in rows]
    table = draw_columns(window, [headings[p] for p in order], ordered, header=rng.random() < 0.5, select=0.3)
    if counted:
        window.count_status(len(table.rows), "appointments")
    item, items = ("time", "times") if order[0] == 1 else ("appointment", "appointments")
    ask_columns(window, table, item, items, writer.words(2, 3).capitalize() if item == "appointment" else writer.time())
    _ask_events(window, table.column("Event"), table.column("Begin"), table.column("Place"))
    return window.finish("agenda", "calendar", f"showing {day} with {len(table.rows)} appointments.")


def _ask_events(
    window: ProgramWindow, events: list[str] | None, begins: list[str] | None, places: list[str] | None
) -> None:
    asker, rng = window.asker, window.rng
    if not events:
        return
    asker.ask("first_event", events[0], as_kind="value")
    for n in rng.sample(range(len(events)), min(5, len(events))):
        if events.count(events[n]) > 1:
            continue
        if begins:
            asker.ask("starts", begins[n], as_kind="value", label=events[n])
            if begins.count(begins[n]) == 1:
                asker.ask("at_time", events[n], as_kind="value", label=begins[n])
        if places:
            asker.ask("place_of", places[n], as_kind="value", label=events[n])


def draw_tasks(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A list of tasks of this size, with boxes to tick and dates when they are due."""
    window = ProgramWindow(rng, writer, style, width, height)
    asker = window.asker
    lists = list(dict.fromkeys((*rng.sample(_LISTS, rng.randint(3, 7)), writer.word().capitalize())))
    opened = rng.choice(lists)
    window.title(rng.choice((opened, "Tasks", "To do")))
    window.menus()
    if rng.random() < 0.7:
        side = draw_side(
            window, lists, opened, share=0.18, counts={name: str(rng.randint(1, 30)) for name in lists[:3]}
        )
        ask_side(window, side, "list", "lists", writer.word().capitalize())
    tasks = [
        rng.choice((writer.words(2, 5).capitalize(), f"{writer.slot('verb').capitalize()} {writer.slot('noun')}"))
        for _ in range(rng.randint(3, MOST_ROWS))
    ]
    tasks = list(dict.fromkeys(tasks))
    due = [writer.date() for _ in tasks]
    extra = rng.choice(("Priority", "Person", ""))
    more = [rng.choice(("High", "Normal", "Low")) if extra == "Priority" else writer.name() for _ in tasks]
    tasks = [row[0] for row in fewer(window, [[task] for task in tasks])]
    headings = ["Task", rng.choice(("Due", "Due date", "Until")), *([extra] if extra else [])]
    rows = [[task, when, who][: len(headings)] for task, when, who in zip(tasks, due, more, strict=False)]
    box = round(window.pen.up * 1.2)
    strip, window.left = window.left, window.left + box + window.gap
    first, header, counted = window.top, rng.random() < 0.6, window.keep_for_status(0.5)
    table = draw_columns(window, headings, rows, header=header, select=0.3)
    done = [rng.random() < 0.4 for _ in table.rows]
    _draw_boxes(window, done, strip, first + window.pitch * header, box)
    if counted:
        window.count_status(len(table.rows), "tasks")
    ask_columns(window, table, "task", "tasks", writer.words(2, 4).capitalize())
    ask_cells(window, table, headings[1], "due", back="due_on", most=6)
    if extra:
        ask_cells(window, table, extra, "of_row", back="row_by")
    _ask_done(window, table.names, done)
    asker.ask("done_count", str(sum(done)), as_kind="count")
    asker.ask("open_count", str(len(done) - sum(done)), as_kind="count")
    return window.finish("task_list", "task list", f"with {len(done)} tasks, of which {sum(done)} are done.")


def _draw_boxes(window: ProgramWindow, done: list[bool], left: int, top: float, size: int) -> None:
    """A box before each task, ticked where it is done."""
    theme, draw = window.theme, window.sketch.draw
    draw.rectangle((left, top, window.left - 1, window.bottom), theme.field)
    for on in done:
        x, y = left + window.gap // 2, round(top + (window.pitch - size) / 2)
        draw.rectangle((x, y, x + size, y + size), theme.field, theme.field_ink)
        if on:
            tick = (
                (x + size * 0.2, y + size * 0.5),
                (x + size * 0.45, y + size * 0.75),
                (x + size * 0.85, y + size * 0.2),
            )
            draw.line(tick, theme.field_ink, max(1, size // 6))
        top += window.pitch


def _ask_done(window: ProgramWindow, names: list[str], done: list[bool]) -> None:
    asker, rng = window.asker, window.rng
    pairs = list(zip(names, done, strict=True))
    for name, on in rng.sample(pairs, min(6, len(pairs))):
        if names.count(name) == 1:
            asker.ask("is_done", "Yes" if on else "No", as_kind="is_checked", label=name)
    asker.ask("done", ", ".join(name for name, on in pairs if on) or "None", as_kind="checked")
    asker.ask("open_tasks", ", ".join(name for name, on in pairs if not on) or "None", as_kind="checked")
