"""Programs of folders, a list and its details: mail, packages, feeds, music, downloads, system monitors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from training.screens.panes.columns import alike
from training.screens.panes.counts import count_status, side_counts
from training.screens.panes.frame import Field, Frame
from training.screens.panes.grid import draw_grid
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style


@dataclass(frozen=True)
class Subject:
    """What such a program is about.

    Attributes: `groups`: what is at the side, one and several; `columns`: headings with kinds of values; `sorts`: what
        some of the items are.
    """

    noun: str
    item: str
    items: str
    groups: tuple[str, str]
    entries: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    sorts: tuple[str, ...]
    tools: tuple[str, ...]
    tabs: tuple[str, ...] = ()


_FOLDERS = (
    "Inbox",
    "Drafts",
    "Sent",
    "Outbox",
    "Junk",
    "Trash",
    "Archive",
    "Templates",
    "Work",
    "Family",
    "Lists",
    "Bills",
)
_SUBJECTS = (
    Subject("mail program", "message", "messages", ("folder", "folders"), _FOLDERS,
            (("Subject", "words"), ("From", "name"), ("Date", "date"), ("Size", "size")),
            ("unread", "new", "selected", "flagged"),
            ("Get Mail", "Write", "Reply", "Reply All", "Forward", "Delete", "Junk", "Archive", "Print",
             "Address Book")),
    Subject("package manager", "package", "packages", ("category", "categories"),
            ("All", "Installed", "Upgradable", "Games", "Graphics", "Libraries", "Network", "Editors", "Sound",
             "Science",
             "Utilities", "Fonts"),
            (("Package", "package"), ("Installed Version", "version"), ("Latest Version", "version"), ("Size", "size")),
            ("installed", "broken", "to upgrade", "marked", "selected"),
            ("Reload", "Mark All Upgrades", "Apply", "Properties", "Search", "Install", "Remove", "Update"),
            ("Description", "Dependencies", "Installed Files", "Versions", "Common")),
    Subject("feed reader", "article", "articles", ("feed", "feeds"),
            ("News", "Science", "Weather", "Comics", "Sports", "Music", "Planet", "Local", "Politics", "Cooking"),
            (("Headline", "words"), ("Author", "name"), ("Date", "date")), ("unread", "new", "starred"),
            ("Refresh", "Mark Read", "Next Unread", "New Feed", "Search", "Star")),
    Subject("music player", "track", "tracks", ("playlist", "playlists"),
            ("Library", "Favorites", "Recently Added", "Queue", "Radio", "Podcasts", "Jazz", "Top Rated", "Party",
             "Quiet"),
            (("Title", "title"), ("Artist", "name"), ("Album", "title"), ("Length", "clock")),
            ("selected", "queued", "missing"),
            ("Previous", "Play", "Pause", "Stop", "Next", "Shuffle", "Repeat")),
    Subject("download manager", "download", "downloads", ("category", "categories"),
            ("All", "Active", "Paused", "Finished", "Failed", "Queued", "Videos", "Documents", "Archives"),
            (("Name", "file"), ("Size", "size"), ("Progress", "percent"), ("Status", "state"), ("Speed", "speed")),
            ("active", "paused", "finished", "selected"),
            ("Add URL", "Start", "Pause", "Resume", "Remove", "Stop All", "Settings"),
            ("General", "Trackers", "Peers", "Files", "Log", "Speed")),
    Subject("system monitor", "process", "processes", ("view", "views"),
            ("All Processes", "My Processes", "Active Processes", "Dependencies", "Resources", "Disks", "Services"),
            (("Process Name", "noun"), ("ID", "number"), ("% CPU", "count"), ("Memory", "size"), ("User", "word")),
            ("running", "sleeping", "stopped"), ("End Process", "Refresh", "Stop", "Continue", "Properties"),
            ("Processes", "Resources", "File Systems", "System", "Startup", "Users")),
    Subject("photo manager", "photo", "photos", ("album", "albums"),
            ("All Photos", "Trips", "Family", "Garden", "Events", "Import", "Favorites", "Screenshots", "Videos"),
            (("Name", "file"), ("Taken", "date"), ("Size", "size"), ("Rating", "count")),
            ("selected", "flagged", "hidden"),
            ("Import", "Rotate", "Export", "Slideshow", "Crop", "Enhance", "Share")),
    Subject("bookkeeping program", "booking", "bookings", ("account", "accounts"),
            ("Cash", "Bank", "Savings", "Groceries", "Rent", "Salary", "Car", "Insurance", "Travel", "Gifts"),
            (("Description", "words"), ("Date", "date"), ("Amount", "amount"), ("Number", "number")),
            ("unmatched", "new", "selected"), ("New", "Edit", "Delete", "Reconcile", "Report", "Import")),
    Subject("backup program", "backup", "backups", ("task", "tasks"),
            ("Home", "System", "Photos", "Server", "Weekly", "Laptop", "Documents", "Mail"),
            (("Name", "word"), ("Date", "date"), ("Size", "size"), ("Status", "state")),
            ("failed", "complete", "selected"),
            ("Back Up Now", "Restore", "Verify", "Delete", "Settings")),
)  # fmt: skip


_STATES = ("complete", "waiting", "paused", "failed", "running", "queued", "active", "finished")


def draw_manager(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """Groups with counts at the left, a list with one row selected, its details below, counts in the status bar."""
    subject = rng.choice(_SUBJECTS)
    frame = Frame(rng, writer, style, width, height, subject.noun)
    group = rng.choice(subject.entries)
    frame.title(rng.choice((group, group, frame.app, f"{writer.slot('noun')}")))
    frame.menus()
    frame.tools(rng.sample(subject.tools, rng.randint(3, len(subject.tools))), share=0.85)
    rows = _rows(rng, writer, subject, frame.rows_for(2, 16))
    bottom_tabs = bool(subject.tabs) and rng.random() < 0.7
    below = rng.random() < 0.6
    share = rng.uniform(0.45, 0.65) if below or bottom_tabs else 1
    room = (frame.bottom - frame.top) * share
    rows = rows[: max(1, int(room / frame.pitch_px) - 3)]
    chosen = rng.randrange(len(rows))
    sort = rng.choice(subject.sorts)
    if rng.random() < 0.75:
        some = _some(rng, rows, sort)
        count_status(frame, subject.items, len(rows), sort, some, _more(rng, writer))
    if rng.random() < 0.8:
        _side(frame, subject, group)
    if subject.tabs and not bottom_tabs and rng.random() < 0.6:
        frame.tabs(list(subject.tabs), rng.choice(subject.tabs))
    bottom = frame.bottom
    frame.bottom = frame.top + (bottom - frame.top) * share
    order = [0, *sorted(rng.sample(range(1, len(subject.columns)), rng.randint(1, len(subject.columns) - 1)))]
    shown = draw_grid(frame, [subject.columns[n][0] for n in order], [[row[n] for n in order] for row in rows],
                      item=subject.item, items=subject.items, selected=chosen, most=6)  # fmt: skip
    frame.top, frame.bottom = frame.bottom, bottom
    if len(shown) < len(rows):
        frame.asker.questions = [one for one in frame.asker.questions if one.kind != "how_many" or "status" in one.text]
    if chosen < len(shown) and (below or bottom_tabs):
        frame.sketch.draw.line((frame.left, frame.top, frame.right, frame.top), frame.line)
        if bottom_tabs:
            frame.tabs(
                list(subject.tabs), rng.choice(subject.tabs), where=rng.choice((" below the list", " under the list"))
            )
        _details(frame, subject, rows[chosen], order)
    return frame.done("manager", f"with {len(shown)} {subject.items}; the {subject.groups[0]} {group} is open.")


def _some(rng: Random, rows: Sequence[Sequence[str]], sort: str) -> int:
    """How many of them are of a sort: one is selected, states are counted in the rows, the rest is not seen."""
    if sort == "selected":
        return 1
    stated = any(cell in _STATES for row in rows for cell in row[1:])
    return sum(sort in row[1:] for row in rows) if stated and sort in _STATES else rng.randint(0, len(rows))


def _side(frame: Frame, subject: Subject, group: str) -> None:
    rng = frame.rng
    names = [name for name in subject.entries if name == group or rng.random() < 0.6]
    if rng.random() < 0.7:
        counts = [rng.choice((0, 0, rng.randint(1, 12), rng.randint(1, 400))) for _ in names]
        kind = rng.choice(("unread", "new")) if subject.item in {"message", "article"} else ""
        side_counts(frame, names, counts, *subject.groups, selected=group, counted=f"{kind} {subject.items}".strip())
        frame.asker.questions = [one for one in frame.asker.questions  # its count is not what the list shows
                                 if one.kind != "how_many" or group not in one.text]  # fmt: skip
    else:
        frame.panel(names, *subject.groups, selected=group, heading=rng.choice(("", subject.groups[1].capitalize())))


def _rows(rng: Random, writer: Writer, subject: Subject, count: int) -> list[list[str]]:
    made: dict[str, Callable[[], str]] = {
        "words": lambda: writer.words(2, 5).capitalize(), "title": lambda: writer.words(1, 3).title(),
        "clock": lambda: f"{rng.randint(0, 12)}:{rng.randint(0, 59):02}", "count": lambda: str(rng.randint(0, 99)),
        "state": lambda: rng.choice(_STATES),
        "speed": lambda: f"{rng.randint(1, 900)} {rng.choice(('kB/s', 'MB/s', 'KiB/s'))}",
        "percent": lambda: f"{rng.randint(0, 100)}%",
        "package": lambda: f"{writer.word()}-{writer.slot('noun')}"}  # fmt: skip
    makers = [made[kind] if kind in made else alike(partial(writer.slot, kind)) for _, kind in subject.columns]
    rows = [[make().replace(",", "") for make in makers] for _ in range(count)]
    return list({row[0]: row for row in rows}.values())


def _more(rng: Random, writer: Writer) -> list[str]:
    return rng.sample(("Online", "Ready", f"Updated {writer.time()}", f"{writer.size()} free", "Connected", "Done"),
                      rng.choice((0, 0, 1, 2)))  # fmt: skip


def _details(frame: Frame, subject: Subject, row: Sequence[str], order: Sequence[int]) -> None:
    """What is known about the selected row, and a text."""
    rng, writer = frame.rng, frame.writer
    hidden = [n for n in range(1, len(row)) if n not in order]
    frame.top += frame.gap / 2
    if rng.random() < 0.6 and frame.bold.width(row[0]) < frame.wide - 2 * frame.gap:
        frame.put(frame.left + frame.gap, frame.top, row[0], frame.bold, None, frame.pitch_px)
        frame.top += frame.pitch_px
    if hidden and frame.top + 3 * frame.pen.line < frame.bottom:
        frame.fields([Field(subject.columns[n][0], row[n], "plain") for n in hidden])
    left, right = frame.left, frame.right
    frame.left, frame.right, text = left + frame.gap, right - frame.gap, writer.sentence(5, 12)
    if frame.say(text):
        frame.ask("value", text, f"What does the text about the selected {subject.item} say?",
                  "Read the text below the list.",
                  f"What is written about the selected {subject.item}?", "Which text is below the list?",
                  f"Quote the text of the {subject.item}.", f"What is the text of the selected {subject.item}?",
                  "What does the lower pane say?", "Read the sentence in the lower pane.")  # fmt: skip
    frame.left, frame.right = left, right
