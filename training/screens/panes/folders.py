"""File managers: path bars, places, lists, icons and tiles, a status bar that counts."""

from __future__ import annotations

from random import Random

from training.screens.panes.columns import alike
from training.screens.panes.frame import Frame
from training.screens.panes.grid import draw_grid
from training.screens.panes.looks import row_look, show_row
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style

_PLACES = ("Home", "Desktop", "Documents", "Downloads", "Music", "Photos", "Videos", "Trash", "Recent", "Network",
           "Computer",
           "Templates", "Public", "File System", "Backup", "Work", "Archive", "Shared", "Projects")  # fmt: skip
_BUTTONS = ("Back", "Forward", "Up", "Home", "Reload", "New Folder", "Search", "View", "Stop", "Cut", "Copy", "Paste")
_TYPES = {"txt": "text document", "pdf": "PDF document", "png": "PNG image", "jpg": "JPEG image", "zip": "Zip archive",
          "html": "HTML document", "csv": "CSV file", "log": "log file", "json": "JSON file",
          "sh": "shell script"}  # fmt: skip
_STATUS = ("{n} items", "{n} items, free space: {f}", "{n} items ({t}), {f} free", "{d} folders, {k} files ({t})",
           "{n} item(s)",
           "{n} files and folders", '"{s}" selected ({z})', "{n} items ({h} hidden), Free: {f}",
           "{d} folders and {k} files")  # fmt: skip


def draw_folder(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A folder as icons, a compact list or a list with columns."""
    frame = Frame(rng, writer, style, width, height, "file manager")
    folder = str(writer.slot("noun"))
    folder = folder.capitalize() if rng.random() < 0.7 else folder
    above = [str(writer.slot("noun")) for _ in range(rng.randint(0, 2))]
    path = "/".join([rng.choice(("", "/home", "/media", "/mnt", "/srv")), *above, folder])
    frame.title(rng.choice((folder, folder, path)), "folder")
    frame.menus()
    frame.tools(rng.sample(_BUTTONS, rng.randint(3, 8)))
    if rng.random() < 0.8:
        _path_bar(frame, path, folder)
    folders, files = _names(rng, writer, frame.rows_for(2, 16))
    names = [*folders, *files]
    chosen = rng.choice(names) if rng.random() < 0.5 else ""
    free, total = f"{rng.randint(1, 900)}.{rng.randint(0, 9)} {rng.choice(('GB', 'GiB', 'TB'))}", str(writer.size())
    counted = rng.choice([form for form in _STATUS if chosen or "{s}" not in form])
    size = str(writer.size())
    status = frame.status([counted.format(n=len(names), f=free, t=total, d=len(folders), k=len(files), s=chosen, z=size,
                                          h=rng.randint(1, 20))]) if rng.random() < 0.8 else []  # fmt: skip
    tree = False
    if rng.random() < 0.7:
        places = list(
            dict.fromkeys([*rng.sample(_PLACES, rng.randint(4, 9)), *([folder] if rng.random() < 0.4 else [])])
        )
        if rng.random() < 0.3:
            tree = _tree(
                frame, [part for part in path.split("/") if part], [name for name in folders if name != folder]
            )
        else:
            frame.panel(places, "place", "places", heading=rng.choice(("", "Places", "My Computer")),
                        selected=folder if folder in places else rng.choice((*places, "")), share=0.2)  # fmt: skip
    view = rng.choice((_icons, _icons, _compact, _details))
    shown = view(frame, folders, files, chosen)
    if status:
        _ask_status(frame, counted, len(names), free, size)
    if shown == len(names):
        _ask(frame, [] if tree else folders, files, chosen, lined=view is _details)
    return frame.done("folder", f"showing the folder {folder} with {len(names)} items.")


def _tree(frame: Frame, above: list[str], inside: list[str]) -> bool:
    """Folders at the left, each below the one that it is in, the last of `above` open; False if two are alike."""
    rng, writer = frame.rng, frame.writer
    names, indents = list[str](), list[int]()
    for depth, name in enumerate(above):
        names.append(name)
        indents.append(depth)
    for name in inside:
        names.append(name)
        indents.append(len(above))
    for depth in range(len(above) - 1, -1, -1):
        for _ in range(rng.randint(0, 3)):
            names.append(str(writer.slot("noun")))
            indents.append(depth)
    differ = len(set(names)) == len(names)
    asked = len(frame.asker.questions)
    if differ:
        frame.panel(names, "folder", "folders", selected=above[-1], share=0.22, indents=indents,
                    where=rng.choice((" in the tree", " in the tree on the left", " on the left")))  # fmt: skip
    frame.asker.questions[asked:] = [one for one in frame.asker.questions[asked:]  # the folder shown has others
                                     if "tree" in one.text or "left" in one.text]  # fmt: skip
    return differ


def _names(rng: Random, writer: Writer, count: int) -> tuple[list[str], list[str]]:
    """Names of folders and of files; none twice."""
    folders = sorted({str(writer.slot("noun")) for _ in range(rng.randint(0, 6))})
    endings = rng.sample(list(_TYPES), rng.randint(1, 4))
    files = set()
    for _ in range(count):
        stem = str(writer.file()).rsplit(".", 1)[0].split(".")[0]
        files.add(f"{stem}.{rng.choice(endings)}")
    return folders, sorted(files, key=str.lower)


def _path_bar(frame: Frame, path: str, folder: str) -> None:
    """A field with the path, or a row of its folders; asked about."""
    rng, theme, high = frame.rng, frame.style.theme, round(frame.pen.line * 1.7)
    parts, (top, bottom) = path.strip("/").split("/"), frame.strip(high)
    if rng.random() < 0.5 and sum(map(frame.pen.width, parts)) + len(parts) * 6 * frame.gap < frame.right:
        x = float(frame.gap)
        for part in parts:
            wide = frame.pen.width(part) + 2 * frame.gap
            frame.sketch.panel((x, top + 2, x + wide, bottom - 2), theme.button, theme)
            frame.put(x + frame.gap, top, part,
                      frame.bold if part == folder and frame.bold.width(part) < wide else None,
                      theme.button_ink, high)  # fmt: skip
            x += wide + rng.choice((2, frame.gap))
    elif frame.pen.width(path) + 6 * frame.gap < frame.right:
        left = frame.gap * rng.choice((1, 1, 3))
        frame.sketch.panel((left, top + 2, frame.right - frame.gap, bottom - 2), theme.field, theme, sunken=True)
        frame.put(left + frame.gap, top, path, None, theme.field_ink, high)
        frame.ask("file", path, "Which path is open?", "What does the path bar say?", "Read the path.",
                  "What is the path of the folder?",
                  "Path?", "What stands in the location bar?", "Where is the folder?", "Which location is shown?",
                  "What is the full path?")  # fmt: skip
    else:
        return
    frame.document = folder
    frame.ask_opened("folder")


def _icons(frame: Frame, folders: list[str], files: list[str], chosen: str) -> int:
    """Icons with the names below; returns how many fit."""
    rng, names = frame.rng, [*folders, *files]
    size = frame.pen.size * rng.uniform(2, 4)
    wide = max(size * 1.6, max(map(frame.pen.width, names)) + frame.gap)
    high = size + frame.pen.line * 1.9
    across = int((frame.wide - frame.gap) / wide)
    if across < 1:
        return 0
    drawn, look = 0, row_look(rng, signs=False)
    for number, name in enumerate(names):
        row, column = divmod(number, across)
        x, top = frame.left + frame.gap + column * wide, frame.top + frame.gap + row * high
        if top + high > frame.bottom:
            break
        middle = x + wide / 2
        box = tuple(round(v) for v in (middle - size / 2, top, middle + size / 2, top + size * 0.9))
        if name in folders:
            frame.sketch.draw.rectangle((box[0], box[1] + 3, box[2], box[3]), (230, 180, 60), (150, 110, 20))
        else:
            frame.sketch.draw.rectangle((box[0] + 4, box[1], box[2] - 4, box[3]), (245, 245, 245), (120, 120, 120))
            frame.icon(middle - size / 5, top + size * 0.5, size * 0.4)
        text_wide, ink = frame.pen.width(name), frame.ink
        if name == chosen:
            beside = text_wide / 2 + 3
            around = (middle - beside, top + size, middle + beside, top + size + frame.pen.line * 1.3)
            ink = show_row(frame, around, frame.ground, ink, look)
        frame.put(middle - text_wide / 2, top + size, name, None, ink, frame.pen.line * 1.3)
        drawn += 1
    return drawn


def _compact(frame: Frame, folders: list[str], files: list[str], chosen: str) -> int:
    """Names below each other, in columns."""
    rng, names, pitch, size = frame.rng, [*folders, *files], frame.pitch_px, frame.pen.up
    down = max(1, int((frame.bottom - frame.top) / pitch) - 1)
    down = min(down, rng.randint(4, 20))
    wide = max(map(frame.pen.width, names)) + size + 4 * frame.gap
    drawn, look = 0, row_look(rng, signs=False)
    for number, name in enumerate(names):
        column, row = divmod(number, down)
        x, top = frame.left + frame.gap + column * wide, frame.top + frame.gap + row * pitch
        if x + wide > frame.right:
            break
        ink = frame.ink
        if name == chosen:
            box = (x + size + 2, top, x + size + frame.pen.width(name) + frame.gap * 2, top + pitch)
            ink = show_row(frame, box, frame.ground, ink, look)
        middle = top + pitch / 2
        if name in folders:
            frame.fill((x, middle - size / 2, x + size, middle + size / 2), (230, 180, 60))
        else:
            frame.icon(x, middle, size)
        frame.put(x + size + frame.gap, top, name, None, ink, pitch)
        drawn += 1
    return drawn


def _details(frame: Frame, folders: list[str], files: list[str], chosen: str) -> int:
    """A list with columns."""
    rng, writer, names, day = frame.rng, frame.writer, [*folders, *files], alike(frame.writer.date)
    rows = [[name, f"{rng.randint(0, 40)} items" if name in folders else str(writer.size()),
             "folder" if name in folders else _TYPES[name.rsplit(".", 1)[1]],
             f"{day()} {writer.time()}"] for name in names]  # fmt: skip
    order = rng.sample((1, 2, 3), rng.randint(2, 3))
    headings = ["Name", "Size", rng.choice(("Type", "Kind")), rng.choice(("Modified", "Date Modified", "Changed"))]
    shown = draw_grid(frame, [headings[n] for n in (0, *order)], [[row[n] for n in (0, *order)] for row in rows],
                      item="item",
                      items="items", selected=names.index(chosen) if chosen else -1, icons=True, most=7)  # fmt: skip
    return len(shown)


def _ask_status(frame: Frame, form: str, count: int, free: str, size: str) -> None:
    if "{n}" in form:
        for _ in range(2):
            frame.ask("how_many", str(count), "How many items are there?", "How many items are in the folder?",
                      "How many items?",
                      "How many items does the status bar count?", "Number of items?",
                      "How many items does the folder have?",
                      "According to the status bar, how many items are there?", "Count the items.")  # fmt: skip
    if "{f}" in form:
        frame.ask("value", free, "How much space is free?", "What is the free space?", "Free space?",
                  "How much is free?",
                  "How much room is left on the disk?", "How much free space does the status bar show?",
                  "What is still free?",
                  "How much disk space is left?")  # fmt: skip
    if "{z}" in form:
        frame.ask("value", size, "How large is the selected file?", "What is the size of what is selected?",
                  "Size of the selection?",
                  "How big is the selected file?", "Which size does the status bar show?",
                  "How large is the selection?",
                  "What size does the selected item have?", "Selected file: how large?")  # fmt: skip


def _ask(frame: Frame, folders: list[str], files: list[str], chosen: str, *, lined: bool) -> None:
    rng, where = frame.rng, frame.rng.choice(("", " in it", " in the folder", " here"))
    for names, item in ((folders, "folder"), (files, "file")):
        if names:
            frame.ask_names(names, item, f"{item}s", where, most=4 if item == "file" else 2, lined=lined)
    if chosen:
        frame.ask("selected", chosen, "Which file is selected?" if chosen in files else "Which folder is selected?",
                  "What is selected?",
                  "Which item is selected?", "Which item is highlighted?", "Name of the selected item?",
                  "What is highlighted?",
                  "Which name is marked?", "Which icon is selected?")  # fmt: skip
    endings = sorted({name.rsplit(".", 1)[1] for name in files})
    for ending in rng.sample(endings, min(2, len(endings))):
        found = [name for name in files if name.endswith("." + ending)]
        if sum(map(len, found)) < 180:
            frame.ask("list", ", ".join(found), "Which files end in {e}?", "List the {e} files.",
                      "Which {e} files are there?",
                      "Which files have the ending .{e}?", "Name all files that end in .{e}.", "All .{e} files?",
                      "{e} files?",
                      "Which files are of the type {e}?", "Files ending in {e}?", e=ending)  # fmt: skip
            frame.ask("how_many", str(len(found)), "How many {e} files are there?", "How many files end in {e}?",
                      "Number of .{e} files?",
                      "Count the {e} files.", "How many files have the ending .{e}?", "How many .{e} files do you see?",
                      "How many of the files end in {e}?", "How many {e} files are in it?", e=ending)  # fmt: skip
