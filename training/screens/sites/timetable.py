"""Boards of departures and arrivals."""

from __future__ import annotations

import random

from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.sites.frame import finish, narrow, open_browser
from training.screens.themes import Style
from training.screens.typefaces import Colour

_KINDS = {"train": ("Platform", ("IC", "RE", "S", "EC", "RB", "R")), "bus": ("Stop", ("", "N", "X", "E")),
          "flight": ("Gate", ("QF", "LX", "KA", "BZ", "TW")), "ferry": ("Pier", ("", "F", "M"))}  # fmt: skip
_REMARKS = (
    "on time",
    "{n} minutes late",
    "cancelled",
    "+{n} min",
    "delayed",
    "boarding",
    "On time",
    "Late",
    "expected {t}",
)
_RED: Colour = (215, 60, 50)


def draw_timetable(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A table of departures with a clock."""
    kind = rng.choice(list(_KINDS))
    place_word, letters = _KINDS[kind]
    station, leaving = rng.choice(writer.vocabulary.places), rng.random() < 0.75
    heading = rng.choice(("{w} from {s}", "{s}: {w}", "{w}", "{s} station - {w}", "{w} {s}")).format(
        s=station, w="Departures" if leaving else "Arrivals")  # fmt: skip
    page = open_browser(rng, writer, style, width, height, heading, rng.choice(("departures", "board", "timetable")))
    narrow(page, 38, 80)
    now = writer.time()
    clock = rng.random() < 0.6 and page.large.width(heading + now) + style.px(50) < page.wide
    if clock:
        page.put_right(page.right, page.top, now, page.bold)
        page.ask("value", now, "What time is it at the station?", "What time does the board show?",
                 "Which time is at the top right?", "What is the time on the page?")  # fmt: skip
    page.say(heading, page.large, most=1)
    page.ask("heading", heading, "What is the heading?", "What does the heading say?", "Which board is this?")
    columns = ["Time", rng.choice((kind.capitalize(), "Line", "Number")), "To" if leaving else "From", place_word]
    remarks = rng.random() < 0.7
    columns += [rng.choice(("Remark", "Status", "Note", "Info"))] * remarks
    rows: list[list[str]] = []
    minutes = rng.randrange(1000)
    for place in {rng.choice(writer.vocabulary.places): None for _ in range(rng.randint(4, 14))}:
        minutes += rng.randint(1, 35)
        letter = rng.choice(letters)
        number = f"{letter}{' ' * (len(letter) > 1)}{rng.randint(1, 999)}"
        stand = f"{rng.randint(1, 24)}" + (rng.choice("ABCD") if rng.random() < 0.2 else "")
        remark = rng.choice(_REMARKS).format(n=rng.randint(2, 90), t=writer.time())
        rows.append([f"{minutes // 60 % 24:02}:{minutes % 60:02}", number, place, stand, *[remark] * remarks])
    order = list(range(len(columns)))
    if rng.random() < 0.4:
        rng.shuffle(order)
    table = [[row[i] for i in order] for row in [columns, *rows]]
    bad = {remark: _RED for row in rows for remark in row[4:] if remark not in {"on time", "On time", "boarding"}}
    drawn = len(page.table(table, inks=bad)) - 1
    verb = "leave" if leaving else "arrive"
    for row in rows[:drawn]:
        slots = {"kind": kind, "to": "to" if leaving else "from", "place": row[2], "line": row[1], "verb": verb,
                 "stand": place_word.lower()}  # fmt: skip
        page.ask("cell", row[3], "From which {stand} does the {kind} to {place} leave?" if leaving else
                 "At which {stand} does the {kind} from {place} arrive?", "Which {stand} is it for {place}?",
                 "{stand} of {line}?", "Where does {line} {verb}?", **slots)  # fmt: skip
        page.ask("cell", row[0], "When does the {kind} {to} {place} {verb}?", "At what time does {line} {verb}?",
                 "When does {line} {verb}?", "What time is the {kind} {to} {place}?", **slots)  # fmt: skip
        page.ask("cell", row[1], "Which {kind} goes {to} {place}?" if leaving else "Which {kind} comes {to} {place}?",
                 "What is the number of the {kind} {to} {place}?", "Which line is for {place}?", **slots)  # fmt: skip
        if remarks:
            page.ask("cell", row[4], "What is the remark for {line}?",
                     "Is the {kind} {to} {place} on time? Read the remark.",
                     "What does it say about {line}?", **slots)  # fmt: skip
    stopped = [row for row in rows[:drawn] if row[4:] == ["cancelled"]]
    if len(stopped) == 1:
        page.ask("value", stopped[0][1], "Which {kind} is cancelled?", "Which {kind} does not run?", kind=kind)
    if drawn > 0:
        plural = {"bus": "buses", "ferry": "ferries"}.get(kind, kind + "s")
        page.ask("how_many", str(drawn), f"How many {plural} are listed?", f"How many {plural} are there?",
                 f"Count the {plural}.", "How many rows does the board have?")  # fmt: skip
        page.ask("value", rows[0][2],
                 "Where does the first {kind} go?" if leaving else "Where is the first {kind} from?",
                 kind=kind)  # fmt: skip
        page.ask_whether([row[2] for row in rows[:drawn]], lambda: rng.choice(writer.vocabulary.places),
                         f"Is there a {kind} {'to' if leaving else 'from'} {{text}}?",
                         "Is {text} on the board?")  # fmt: skip
        page.ask_table(table[: drawn + 1], kind, plural, key=order.index(1))
    page.describe(f'A browser with a board, "{heading}", of {drawn} rows.')
    return finish(page)
