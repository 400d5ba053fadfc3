"""Dashboards with figures and a table, and weather."""

from __future__ import annotations

import json
import random

from training.screens.page import Page
from training.screens.phrases import DAYS, Writer
from training.screens.records import Screen
from training.screens.sites.frame import finish, narrow, open_browser, side_menu, top_menu
from training.screens.themes import Style
from training.screens.typefaces import Colour

_ENTRIES = ("Overview", "Servers", "Users", "Reports", "Settings", "Orders", "Customers", "Invoices", "Alerts", "Logs",
            "Team", "Devices", "Jobs", "Traffic", "Storage", "Sales", "Projects", "Help", "Calendar")  # fmt: skip
_FIGURES = ("Error rate", "Visitors", "Open orders", "Response time", "Load", "Sales today", "New users",
            "Queue length",
            "Free space", "Requests", "Active jobs", "Failed jobs", "Conversion", "Revenue", "Average age", "Uptime",
            "Temperature", "Open tickets", "Downloads", "Bandwidth")  # fmt: skip
_STATES: dict[str, Colour] = {
    "Running": (30, 150, 70), "OK": (30, 150, 70), "Stopped": (210, 50, 50), "Failed": (210, 50, 50),
    "Paused": (200, 130, 20), "Waiting": (200, 130, 20), "Online": (30, 150, 70), "Offline": (210, 50, 50),
    "Warning": (200, 130, 20), "Unknown": (130, 130, 140), "Overdue": (210, 50, 50), "Paid": (30, 150, 70),
    "Shipped": (40, 110, 210), "Ready": (30, 150, 70), "Slow": (200, 130, 20), "Down": (210, 50, 50),
    "Active": (30, 150, 70), "Blocked": (210, 50, 50), "Pending": (200, 130, 20), "Done": (30, 150, 70),
}  # fmt: skip
_KEYS = {"server": "Server", "host": "Host", "job": "Job", "order": "Order", "device": "Device", "project": "Project",
         "user": "User", "service": "Service", "task": "Task", "customer": "Customer"}  # fmt: skip
_SKIES = (
    "Sunny",
    "Cloudy",
    "Rain",
    "Snow",
    "Fog",
    "Windy",
    "Showers",
    "Clear",
    "Hail",
    "Overcast",
    "Thunder",
    "Drizzle",
)


def figure(rng: random.Random, writer: Writer) -> str:
    """A number as dashboards show it."""
    return rng.choice((
        f"{rng.uniform(0, 100):.{rng.randint(0, 2)}f} %", f"{rng.randint(1, 99)},{rng.randrange(1000):03}",
        f"{rng.randint(2, 900)} ms", str(rng.randint(0, 400)), writer.amount(), f"{rng.uniform(0, 40):.1f} GB",
        f"{rng.randint(1, 30)} d {rng.randrange(24)} h", f"{rng.randint(1, 99)}.{rng.randrange(10)}k",
    ))  # fmt: skip


def draw_dashboard(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A menu at the left, tiles with figures, a table whose rows have a status."""
    name = writer.slot("app")
    page = open_browser(rng, writer, style, width, height, rng.choice((name, f"{name} - {writer.word()}")), "dashboard")
    entries = rng.sample(_ENTRIES, rng.randint(3, 8))
    entries = [entry if rng.random() < 0.75 else writer.word().capitalize() for entry in entries]
    heading = side_menu(page, list(dict.fromkeys(entries)))
    if not heading or rng.random() < 0.5:
        heading = writer.words(1, 3).capitalize()
    if page.say(heading, page.large, most=1):
        page.ask("heading", heading, "What is the heading?", "What is the heading of the page?", "Read the heading.")
    tiles = _tiles(page) if rng.random() < 0.85 else []
    key, table = _rows(page)
    drawn = page.table(table, inks={state: ink for state, ink in _STATES.items() if rng.random() < 0.8}, fewer=True)
    if len(drawn) > 1:
        _ask_rows(page, key, drawn)
    shown = f" and the figures {', '.join(tiles)}" if tiles else ""
    page.describe(f'A browser with the dashboard "{heading}"{shown}.')
    return finish(page)


def _tiles(page: Page) -> list[str]:
    rng, style = page.rng, page.style
    labels = [label if rng.random() < 0.75 else page.writer.words(1, 2).capitalize()
              for label in rng.sample(_FIGURES, rng.randint(2, 5))]  # fmt: skip
    big = style.type.pen(rng.uniform(1.2, 2.0), bold=True)
    pad, gap = style.px(10), style.px(12)
    high = round(page.pen.line * 1.3 + big.line * 1.2 + 2 * pad)
    figures = [figure(rng, page.writer) for _ in labels]
    needed = max(*map(page.pen.width, labels), *map(big.width, figures)) + 2 * pad
    count = min(len(labels), int((page.wide + gap) / (needed + gap)))
    if not count or page.top + high > page.bottom:
        return []
    wide = min((page.wide - gap * (count - 1)) / count, needed * 2.2)
    below = rng.random() < 0.3
    drawn: dict[str, str] = {}
    for number in range(count):
        label, value, x = labels[number], figures[number], page.left + number * (wide + gap)
        page.fill((x, page.top, x + wide, page.top + high), page.shade, style.px(rng.choice((0, 6))), page.line)
        value_top = page.top + pad + (0 if below else page.pen.line * 1.3)
        label_top = page.top + pad + (big.line * 1.2 if below else 0)
        page.put(x + pad, label_top, label, None, page.faint, round(page.pen.line * 1.3))
        page.put(x + pad, value_top, value, big, None, round(big.line * 1.2))
        drawn[label] = value
        page.ask("value", value, "What is the {label}?", "What does it say for {label}?", "How much is the {label}?",
                 "{label}?", "What is the number for {label}?", label=label.lower())  # fmt: skip
    page.top += high + pad
    page.ask("how_many", str(count), "How many tiles are there?", "How many figures are at the top?")
    page.ask("labels", ", ".join(drawn), "Which figures are shown at the top?", "What do the tiles show?")
    page.ask("json", json.dumps(drawn), "Give the figures as JSON.", "Return the tiles as a JSON object.")
    page.ask_whether(list(drawn), lambda: page.writer.words(1, 2).capitalize(), "Is there a figure for {text}?",
                     "Does it show {text}?")  # fmt: skip
    return list(drawn)


def _rows(page: Page) -> tuple[str, list[list[str]]]:
    rng, writer = page.rng, page.writer
    key = rng.choice(list(_KEYS))
    columns = {"Region": lambda: rng.choice(writer.vocabulary.places), "Owner": writer.name,
               "Load": lambda: writer.slot("percent"),
               "Version": writer.version, "Since": writer.date, "Size": writer.size, "Runs": writer.number,
               "Uptime": lambda: f"{rng.randint(2, 400)} days", "Amount": writer.amount, "Last run": writer.time,
               writer.word().capitalize(): writer.word}  # fmt: skip
    chosen = rng.sample(list(columns), rng.randint(1, 4))
    chosen.insert(rng.randint(0, len(chosen)), "Status")
    states = rng.sample(list(_STATES), 3)
    names: dict[str, None] = {}
    dashed = rng.random() < 0.5
    while len(names) < rng.randint(3, 14):
        names[f"{writer.slot('noun')}-{rng.randint(1, 99):02}" if dashed else writer.word()] = None
    rows = [[name, *(rng.choice((states[0], *states)) if c == "Status" else columns[c]() for c in chosen)]
            for name in names]  # fmt: skip
    return key, [[_KEYS[key], *chosen], *rows]


def _ask_rows(page: Page, key: str, table: list[list[str]]) -> None:
    rng, (head, *rows) = page.rng, table
    page.ask("how_many", str(len(rows)), f"How many {key}s are listed?", f"How many {key}s are there?",
             f"Count the {key}s.", "How many rows does the table have?")  # fmt: skip
    page.ask("columns", ", ".join(head), "Which columns does the table have?", "What are the columns?",
             "List the column headers.")  # fmt: skip
    page.ask_whether([row[0] for row in rows], page.writer.word, f"Is there a {key} called {{text}}?",
                     "Is {text} in the table?")  # fmt: skip
    page.ask_table(table, key, f"{key}s")
    if "Status" not in head:
        return
    place = head.index("Status")
    for row in rng.sample(rows, min(4, len(rows))):
        page.ask("cell", row[place], "What is the status of {name}?", "Which status does {name} have?",
                 "How is {name} doing?", "Status of {name}?", name=row[0])  # fmt: skip
        for column in range(1, len(head)):
            if column != place and rng.random() < 0.5:
                page.ask("cell", row[column], "What is the {c} of {name}?", "What {c} does {name} have?",
                         "Which {c} is given for {name}?", "{c} of {name}?", c=head[column].lower(),
                         name=row[0])  # fmt: skip
    states = [row[place] for row in rows]
    for row in rows:
        if states.count(row[place]) == 1:
            page.ask("value", row[0], "Which {key} is {state}?", "Which {key} has the status {state}?",
                     "What is the name of the {key} with status {state}?", key=key, state=row[place])  # fmt: skip
    state = rng.choice(states)
    page.ask("how_many", str(states.count(state)), "How many {key}s are {state}?",
             "How many {key}s have the status {state}?", key=key, state=state)  # fmt: skip


def draw_weather(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """The weather of a place: now, some details, the next days."""
    place = rng.choice(writer.vocabulary.places)
    heading = rng.choice(("Weather in {p}", "{p}", "{p} weather", "Weather for {p}")).format(p=place)
    page = open_browser(rng, writer, style, width, height, heading, "weather")
    if rng.random() < 0.4:
        top_menu(page, rng.sample(("Today", "Tomorrow", "Week", "Radar", "Maps", "Warnings"), 4), writer.slot("app"))
    narrow(page, 34, 70)
    page.say(heading, page.large, most=1)
    warm, sky = f"{rng.randint(-15, 39)} C", rng.choice(_SKIES)
    if page.say(warm, style.type.pen(rng.uniform(1.5, 3), bold=True), most=1):
        page.ask("value", warm, "How warm is it?", "What is the temperature?", "How cold is it?", "Temperature now?")
    if page.say(sky, style.type.pen(1.2), most=1):
        page.ask("value", sky, "What is the weather like?", "How is the weather now?", "What is the sky like?")
    page.ask("value", place, "For which place is the weather?", "Which town is it?", "Where is this weather?")
    details = {"Humidity": writer.slot("percent"), "Wind": f"{rng.randint(0, 90)} km/h", "Sunrise": writer.time(),
               "Sunset": writer.time(), "Pressure": f"{rng.randint(970, 1040)} hPa",
               "Visibility": f"{rng.randint(1, 40)} km",
               "UV index": str(rng.randint(0, 11)), "Rain today": f"{rng.randint(0, 40)} mm",
               "Feels like": f"{rng.randint(-20, 40)} C", "Updated": writer.time()}  # fmt: skip
    for label in rng.sample(list(details), rng.randint(2, 5)):
        if page.say(f"{label}: {details[label]}", most=1, gap=0.1):
            page.ask("value", details[label], "What is the {label}?", "{label}?", "When or how much is the {label}?" if
                     label not in {"Sunrise", "Sunset"} else "When is {label}?", label=label.lower())  # fmt: skip
    start = rng.randrange(7)
    days = [(DAYS * 2)[start + i] for i in range(rng.randint(3, 7))]
    head = ["Day", "Weather", "High", "Low", "Rain"][: rng.randint(3, 5)]
    rows = [[day, rng.choice(_SKIES), f"{rng.randint(8, 39)}", f"{rng.randint(-15, 8)}",
             writer.slot("percent")][: len(head)]
            for day in days]  # fmt: skip
    page.top += style.px(8)
    drawn = page.table([head, *rows])
    for row in drawn[1:]:
        page.ask("cell", row[1], "What will the weather be on {day}?", "How is the weather on {day}?",
                 "What is the forecast for {day}?", day=row[0])  # fmt: skip
        page.ask("cell", row[2], "How warm will it be on {day}?", "What is the high on {day}?", day=row[0])
    if len(drawn) > 1:
        page.ask("how_many", str(len(drawn) - 1), "How many days are listed?", "For how many days is there a forecast?")
        page.ask_table(drawn, "day", "days")
    page.describe(f"A browser with the weather of {place}: {sky}, {warm}.")
    return finish(page)
