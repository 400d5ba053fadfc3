"""Programs around one list: databases, transfers, passwords, books, films, mail queues, packages."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from training.screens.panes.columns import alike
from training.screens.panes.frame import Field, Frame
from training.screens.panes.grid import draw_grid
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style

_SPEED = ("kB/s", "MB/s", "KiB/s")


def draw_database(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A database browser: tables or tabs, the rows of one table, a status bar."""
    frame = Frame(rng, writer, style, width, height, rng.choice(("database browser", "database program")))
    tables = list(
        dict.fromkeys(str(writer.slot("noun")) + rng.choice(("s", "s", "")) for _ in range(rng.randint(2, 7)))
    )
    table = rng.choice(tables)
    frame.title(rng.choice((f"{writer.slot('noun')}.{rng.choice(('db', 'sqlite', 'sqlite3', 'mdb'))}",
                            writer.path().rsplit(".", 1)[0] + ".db")),
                "database")  # fmt: skip
    frame.menus()
    frame.tools(
        rng.sample(
            ("New File", "Connect", "Commit Changes", "Undo", "Run", "Refresh", "Export", "Filter"),
            rng.randint(3, 6),
        )
    )
    headings = ["id", *rng.sample(("title", "name", "city", "member", "due", "price", "email", "count", "status",
                                   "born", "phone", "place",
                                   "author", "since", "level", "owner"), rng.randint(2, 5))]  # fmt: skip
    kinds: dict[str, Callable[[], str]] = {
        "due": alike(writer.date), "since": alike(writer.date), "born": alike(writer.date),
        "price": alike(writer.amount), "email": writer.email,
        "count": writer.number,
        "name": writer.name, "member": writer.name, "author": writer.name, "owner": writer.name,
        "phone": writer.number, "level": writer.number,
        "title": lambda: writer.words(2, 3).title()}  # fmt: skip
    rows = [
        [str(n + 1), *(kinds.get(head, lambda: str(writer.slot("noun")))() for head in headings[1:])]
        for n in range(frame.rows_for(2, 14))
    ]
    if rng.random() < 0.6:
        frame.status(
            [
                rng.choice(
                    (
                        f"1 - {len(rows)} of {len(rows)}",
                        f"{len(rows)} rows",
                        f"{len(rows)} rows returned in {rng.randint(1, 99)} ms",
                    )
                )
            ]
        )
    if rng.random() < 0.6:
        names = ["Structure", "Content", "Settings", "Statements", "Data", "Indexes", "Query", "Relations"]
        tabs = rng.sample(names, rng.randint(3, 5))
        frame.tabs(tabs, rng.choice(tabs), where=rng.choice((" at the top", "")))
    frame.document = table
    if rng.random() < 0.5:
        frame.panel(
            tables, "table", "tables", heading=rng.choice(("Tables", f"Tables ({len(tables)})")), selected=table
        )
    else:
        high = frame.pen.line * 1.8
        top, bottom = frame.strip(high)
        x = frame.put(frame.gap + frame.left, top, "Table:", None, frame.bar_ink, high) + frame.gap
        frame.sketch.panel(
            (x, top + 2, x + frame.pen.width(table) + 8 * frame.gap, bottom - 2),
            frame.style.theme.field,
            frame.style.theme,
        )
        frame.put(x + frame.gap, top, table, None, frame.style.theme.field_ink, high)
    frame.ask_opened("table")
    frame.ask_opened("table")
    key = 1 if headings[1] in {"title", "name", "member", "author", "email"} else 0
    chosen = rng.choice((-1, rng.randrange(len(rows))))
    shown = draw_grid(
        frame,
        headings,
        rows,
        item="row" if not key else "entry",
        items="rows",
        key=key,
        selected=chosen,
        numeric=("id",),
        most=9,
    )
    if len(shown) == len(rows):
        frame.ask("how_many", str(len(rows)), "How many rows does the table have?", "How many rows are shown?",
                  "Number of rows?",
                  "Count the rows of the table.", "How many entries are in the table?",
                  "How many rows are there in {t}?",
                  "How many records does {t} have?", "How many rows?", t=table)  # fmt: skip
    return frame.done("database", f"showing the table {table} with {len(shown)} rows.")


def draw_transfers(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """Transfers with state, size, ratio and peers; details of one below."""
    frame = Frame(
        rng, writer, style, width, height, rng.choice(("download manager", "file transfer program", "download manager"))
    )
    frame.title(rng.choice((frame.app, f"{rng.randint(1, 9)} active")))
    frame.menus()
    frame.tools(
        rng.sample(
            ("Open", "Start", "Pause", "Stop", "Remove", "Properties", "Add Link", "Resume", "Clean Up"),
            rng.randint(3, 7),
        )
    )
    states = [
        "All",
        *rng.sample(
            ("Active", "Paused", "Finished", "Downloading", "Seeding", "Failed", "Queued", "Waiting"), rng.randint(2, 5)
        ),
    ]
    ratio = rng.choice((f"{rng.randint(0, 5)}.{rng.randint(0, 99):02}", f"{rng.randint(0, 5)}.{rng.randint(0, 9)}"))
    down, up = (f"{rng.randint(0, 900)}.{rng.randint(0, 9)} {rng.choice(_SPEED)}" for _ in range(2))
    parts = rng.sample([f"Ratio: {ratio}", f"Down: {down}", f"Up: {up}"], 3)
    shown_parts = frame.status(parts)
    for part in shown_parts:
        label, value = part.split(": ")
        frame.ask_value({"Ratio": "ratio", "Down": "download speed", "Up": "upload speed"}[label], value)
    if rng.random() < 0.6:
        frame.panel(states, "filter", "filters", selected=rng.choice(states))
    names = list(dict.fromkeys(rng.choice((writer.file(), f"{writer.slot('noun')}-{writer.version()}.iso",
                                           f"{writer.words(2, 3)}".title()))
                               for _ in range(frame.rows_for(1, 10))))  # fmt: skip
    rows = [[name, f"{rng.randint(1, 999)}.{rng.randint(0, 9)} MB", rng.choice(states[1:]), f"{rng.randint(0, 100)}%",
             f"{rng.randint(0, 9)}.{rng.randint(0, 99):02}", str(rng.randint(0, 200))] for name in names]  # fmt: skip
    order = rng.sample(range(1, 6), rng.randint(2, 5))
    headings = ["Name", "Size", "Status", "Progress", "Ratio", "Peers"]
    chosen = rng.choice((-1, rng.randrange(len(rows))))
    shown = draw_grid(frame, [headings[n] for n in (0, *order)], [[row[n] for n in (0, *order)] for row in rows],
              item="transfer", items="transfers",
              selected=chosen)  # fmt: skip
    return frame.done("transfers", f"with {len(shown)} transfers.")


_THINGS: dict[str, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    "password manager": ("entry", "entries", (("Title", "title"), ("User name", "email"), ("URL", "host"),
                                              ("Changed", "date"))),
    "library program": ("book", "books", (("Title", "title"), ("Author", "name"), ("Year", "year"), ("Shelf", "code"))),
    "cinema": ("film", "films", (("Title", "title"), ("Year", "year"), ("Director", "name"),
                                       ("Length", "minutes"))),
    "package manager": ("package", "packages", (("Package", "package"), ("Version", "version"), ("Size", "size"),
                                                ("Status", "state"))),
    "address book": ("contact", "contacts", (("Name", "name"), ("Phone", "phone"), ("E-mail", "email"),
                                             ("City", "noun"))),
    "print queue": ("job", "jobs", (("Document", "file"), ("Owner", "name"), ("Pages", "count"), ("Status", "state"))),
    "stock list": ("article", "articles", (("Article", "title"), ("Stock", "count"), ("Price", "amount"),
                                           ("Place", "code"))),
    "music player": ("song", "songs", (("Title", "title"), ("Artist", "name"), ("Album", "words"),
                                       ("Time", "minutes"))),
    "bug tracker": ("bug", "bugs", (("Summary", "words"), ("State", "state"), ("Assigned to", "name"),
                                    ("Opened", "date"))),
}  # fmt: skip


def draw_records(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A list of things, one selected, perhaps with its details in a form at the side or below."""
    noun = rng.choice(list(_THINGS))
    item, items, columns = _THINGS[noun]
    frame = Frame(rng, writer, style, width, height, noun)
    frame.title(rng.choice((f"{writer.slot('noun')}".capitalize(), f"{writer.slot('noun')}.dat", frame.app)))
    frame.menus()
    frame.tools(
        rng.sample(
            ("New", "Edit", "Delete", "Search", "Lock", "Import", "Export", "Copy", "Print", "Settings"),
            rng.randint(3, 7),
        )
    )

    def value(kind: str) -> str:
        made: dict[str, Callable[[], str]] = {"title": lambda: writer.words(1, 3).title(),
                                              "year": lambda: str(rng.randint(1890, 2029)),
                "phone": lambda: f"0{rng.randint(10**6, 10**9)}",
                "minutes": lambda: f"{rng.randint(1, 190)} min",
                "state": lambda: rng.choice(("open", "closed", "waiting", "new", "done", "held")),
                "count": lambda: str(rng.randint(0, 400)),
                "package": lambda: f"{writer.slot('noun')}-{writer.slot('noun')}"}  # fmt: skip
        return (made[kind]() if kind in made else str(writer.slot(kind))).replace(",", "")

    rows = list(
        {row[0]: row for row in ([value(kind) for _, kind in columns] for _ in range(frame.rows_for(2, 14)))}.values()
    )
    rows = rows[: max(1, int((frame.bottom - frame.top) / frame.pitch_px) - 4)]
    if rng.random() < 0.6:
        frame.status([f"{len(rows)} {items}"])
        frame.ask("how_many", str(len(rows)), f"How many {items} are there?",
                  f"How many {items} does the status bar count?", f"Number of {items}?",
                  f"How many {items}?", f"Count the {items}.", f"How many {items} are listed?",
                  f"What is the number of {items}?",
                  f"How many {items} does the list have?")  # fmt: skip
    if rng.random() < 0.6:
        groups = list(dict.fromkeys(writer.label().replace(",", "") for _ in range(rng.randint(2, 7))))
        frame.panel(groups, "group", "groups", selected=rng.choice(groups))
    if rng.random() < 0.4:
        _search(frame)
    bottom = frame.bottom
    detailed = rng.random() < 0.5 and len(rows) < 9
    if detailed:
        frame.bottom = frame.top + (bottom - frame.top) * 0.55
    chosen = rng.randrange(len(rows))
    shown = draw_grid(frame, [head for head, _ in columns], rows, item=item, items=items, selected=chosen)
    if detailed and chosen < len(shown):
        frame.top, frame.bottom = frame.bottom + frame.gap, bottom
        extra = [
            Field("Notes", writer.words(2, 5), "entry"),
            Field("Added", writer.date(), rng.choice(("entry", "plain"))),
        ]
        frame.fields([*(Field(head, cell) for (head, _), cell in zip(columns, shown[chosen], strict=False)), *extra])
    return frame.done("records", f"with {len(shown)} {items}.")


def _search(frame: Frame) -> None:
    """A search field with what it hints at or what was typed."""
    rng, high = frame.rng, frame.pen.line * 1.8
    text = rng.choice(
        ("Search...", "Search", "Type to search", "Find an entry", "Filter...", str(frame.writer.slot("noun")))
    )
    top, bottom = frame.strip(high)
    wide = min(frame.wide * 0.5, frame.pen.size * 18)
    x = frame.right - wide - frame.gap
    frame.sketch.panel((x, top + 2, x + wide, bottom - 2), frame.style.theme.field, frame.style.theme, sunken=True)
    frame.put(x + frame.gap, top, text, None, frame.style.theme.field_ink, high)
    frame.ask("value", text, "What does the search field say?", "What is in the search field?", "Search field?",
              "Read the search field.",
              "What stands in the search box?", "What is written in the search box?", "What does the search box show?",
              "Which text is in the search field?")  # fmt: skip
