"""File managers."""

from __future__ import annotations

import random

from training.screens.phrases import Writer
from training.screens.programs.parts import ask_cells, ask_columns, ask_side, draw_columns, draw_side, fewer
from training.screens.programs.window import MOST_ROWS, ProgramWindow
from training.screens.records import Screen
from training.screens.themes import Style

_PLACES = ("Home", "Desktop", "Documents", "Downloads", "Music", "Photos", "Videos", "Trash", "Recent", "Starred",
           "Network", "File System", "Computer", "Favorites", "Public", "Templates", "USB Drive")  # fmt: skip
_TYPES = {
    "txt": "Text document", "pdf": "PDF document", "png": "Image", "jpg": "JPEG image", "py": "Python script",
    "zip": "Archive", "mp3": "Audio", "html": "Web page", "csv": "Table", "doc": "Document", "log": "Log file",
    "json": "JSON file", "c": "C source", "sh": "Shell script", "xml": "XML file",
}  # fmt: skip
_TOOLS = ("Back", "Forward", "Up", "Reload", "New Folder", "Search", "View", "Sort")


def draw_files(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A file manager of this size: places, path, a list of folders and files, a status bar."""
    window = ProgramWindow(rng, writer, style, width, height)
    asker = window.asker
    folder = writer.slot("noun").capitalize() if rng.random() < 0.7 else writer.word()
    path = _path(rng, writer, folder)
    window.title(rng.choice((folder, path)))
    window.menus()
    window.tools(_TOOLS)
    window.tabs(_PLACES, 0.25, first=folder)
    path = _path_bar(window, path)
    rows = [_entry(rng, writer) for _ in range(rng.randint(4, MOST_ROWS))]
    rows = list({row[0]: row for row in rows}.values())
    rows = fewer(window, rows)
    rows.sort(key=lambda row: (row[2] != "Folder", row[0].lower()))
    free = f"{rng.randint(1, 900)}.{rng.randrange(10)} {rng.choice(('GB', 'GB', 'MB', 'TB'))}"
    status = ""
    if rng.random() < 0.75:
        status = window.status(rng.choice((f"{len(rows)} items, {free} free", f"{len(rows)} items, Free space: {free}",
                                           f"{len(rows)} items ({free} available)")))  # fmt: skip
    if rng.random() < 0.75:
        places = [*rng.sample(_PLACES, rng.randint(4, 9)), *(writer.label() for _ in range(rng.randint(0, 4)))]
        places = list(dict.fromkeys(place.replace(",", ".") for place in places))
        side = draw_side(window, places, rng.choice(places), heading=rng.choice(("", "", "Places")), share=0.2)
        ask_side(window, side, "place", "places", writer.slot("noun").capitalize())
    changed = rng.choice(("Modified", "Date modified", "Changed", "Last modified", "Date"))
    kind = rng.choice(("Type", "Kind"))
    order = rng.sample((1, 2, 3), rng.choice((1, 2, 3, 3, 3)))
    names = ("Name", "Size", kind, changed)
    places_ = [0, *order]
    table = draw_columns(window, [names[p] for p in places_], [[row[p] for p in places_] for row in rows],
                         numeric=("Size",), icons=rng.random() < 0.8)  # fmt: skip
    ask_columns(window, table, "file", "files" if table.column(kind) is None else "items", writer.file())
    ask_cells(window, table, "Size", "size_of", most=6, back="file_by_size")
    ask_cells(window, table, changed, "changed_of", most=6, back="file_by_date")
    ask_cells(window, table, kind, "type_of")
    asker.ask("folder", path, as_kind="file")
    if status and "..." not in status and len(table.rows) == len(rows):
        asker.ask("free", free, as_kind="value")
        asker.ask("status_count", str(len(rows)), as_kind="count")
    _ask_endings(window, table.names)
    return window.finish("file_manager", "file manager", f"showing the folder {path} with {len(table.rows)} items.")


def _path(rng: random.Random, writer: Writer, folder: str) -> str:
    parts = [writer.slot("noun") for _ in range(rng.randint(0, 2))]
    if rng.random() < 0.2:
        return "\\".join([rng.choice(("C:", "D:", "E:")), *parts, folder])
    return "/".join([rng.choice(("", "/home", "/media", "/mnt", "~")), *parts, folder])


def _path_bar(window: ProgramWindow, path: str) -> str:
    """A field with the path; returns what it says."""
    height = round(window.pen.line * 1.6)
    side = window.gap * window.rng.choice((1, 1, 6))
    path = window.fit(path, window.right - 2 * side - 2 * window.gap)
    box = (side, window.top + 2, window.right - side, window.top + height - 2)
    window.sketch.panel(box, window.theme.field, window.theme, sunken=True)
    row = window.sketch.row(window.top, window.top + height, window.pen)
    window.sketch.text(side + window.gap, row, path, window.pen, window.theme.field_ink)
    window.top += height
    return path


def _entry(rng: random.Random, writer: Writer) -> list[str]:
    """Name, size, type and date of a file or, in a quarter, a folder."""
    if rng.random() < 0.25:
        name = writer.slot("noun")
        return [
            name.capitalize() if rng.random() < 0.5 else name,
            f"{rng.randint(0, 90)} items",
            "Folder",
            _date(rng, writer),
        ]
    name = writer.file()
    size = rng.choice((writer.size(), f"{rng.randint(1, 99)}.{rng.randrange(10)} {rng.choice(('kB', 'KB', 'MB'))}",
                       f"{rng.randint(10, 999)} bytes"))  # fmt: skip
    ending = name.rsplit(".", 1)[-1]
    return [name, size, _TYPES.get(ending, f"{ending.upper()} file"), _date(rng, writer)]


def _date(rng: random.Random, writer: Writer) -> str:
    draw = rng.random()
    if draw < 0.15:
        return f"{rng.choice(('Today', 'Yesterday'))} {writer.time()}"
    return f"{writer.date()} {writer.time()}" if draw < 0.5 else writer.date()


def _ask_endings(window: ProgramWindow, names: list[str]) -> None:
    endings = {name.rsplit(".", 1)[-1] for name in names if "." in name and not name.endswith("...")}
    if not endings:
        return
    ending = window.rng.choice(sorted(endings))
    found = [name for name in names if name.endswith("." + ending)]
    if found and not any(name.endswith("...") for name in names):
        window.asker.ask("ending", ", ".join(found), as_kind="menu", ending=ending)
