"""Dialogs that choose a file: places, a path, a list, the file's name, a filter, Open and Cancel."""

from __future__ import annotations

from random import Random

from training.screens.panes.controls.form import Form
from training.screens.panes.frame import Frame, dialog_size
from training.screens.panes.grid import draw_grid
from training.screens.panes.looks import row_look, show_row
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style

_PLACES = ("Home", "Desktop", "Documents", "Downloads", "Music", "Photos", "Videos", "Recent", "Computer", "Network",
           "File System", "Root", "Work", "Projects", "USB Drive", "Trash", "Shared")  # fmt: skip
_TITLES = (("Open", "Open"), ("Open File", "Open"), ("Save As", "Save"), ("Save File", "Save"),
           ("Select Folder", "Select"),
           ("Import", "Import"), ("Choose a File", "Choose"), ("Export Image", "Export"), ("Attach", "Attach"),
           ("Select a Font", "Select"), ("Insert Image", "Insert"), ("Browse", "OK"), ("Load", "Load"))  # fmt: skip
_FILTERS = ("All files", "All Files (*)", "Images (*.png *.jpg)", "Text files (*.txt)", "Documents", "*.pdf",
            "All supported",
            "Audio", "HTML (*.html)", "Archives (*.zip)", "CSV files (*.csv)", "Any file")  # fmt: skip
_NAME, _FILTER = (
    ("File name", "Name", "Filename", "File", "Selection"),
    ("Filter", "Files of type", "Type", "Format", "Show"),
)


def draw_chooser(rng: Random, writer: Writer, style: Style) -> Screen:
    """One of a dialog's own size."""
    wide, high = dialog_size(rng, style, (40, 52), (18, 28))
    frame = Frame(rng, writer, style, wide, high, "file chooser", grounds=(style.theme.window, style.theme.ink),
                  columns=40,
                  lines=18)  # fmt: skip
    title, action = rng.choice(_TITLES)
    frame.app = title
    frame.title(title)
    names = [action, "Cancel"] if rng.random() < 0.5 else ["Cancel", action]
    names = [*names, "Help"] if rng.random() < 0.15 else names
    frame.buttons(names, default=rng.choice(("", action)), align=rng.choice(("right", "right", "left")))
    files = sorted({writer.file() for _ in range(rng.randint(2, 12))})
    folders = sorted({writer.slot("noun").lower() for _ in range(rng.randint(0, 4))})
    every = [*folders, *files]
    chosen = rng.choice(files)
    _fields(frame, chosen)
    folder = "/".join(["", "home", *(writer.slot("noun").lower() for _ in range(rng.randint(1, 2)))])
    form = Form(frame)
    form.value(rng.choice(("Look in", "Folder", "Location", "Directory")), folder, rng.choice(("combo", "entry")),
               button=rng.choice(("", "Up", "New Folder")))  # fmt: skip
    if form.values:
        frame.ask("file", folder, "Which folder is open?", "Which folder is shown?", "What is the current folder?",
                  "In which folder am I?", "Where is the chooser looking?", "Which directory is open?",
                  "What is the path of the folder?", "Folder?")  # fmt: skip
    frame.top += frame.gap
    if rng.random() < 0.65:
        places = rng.sample(_PLACES, rng.randint(3, 7))
        frame.panel(places, "place", "places", selected=rng.choice((*places, "")), heading=rng.choice(("", "Places")))
    shown = _list(frame, folders, files, chosen)
    if shown == len(every):
        for names, item in ((folders, "folder"), (files, "file")):
            if names:
                frame.ask_names(names, item, f"{item}s", rng.choice(("", " in the list")), most=2, lined=False)
    frame.describe(f'A file chooser titled "{title}" with the file {chosen} selected.')
    frame.asker.questions = [one for one in frame.asker.questions if not form.beside or "utton" not in one.text
                             or "bottom" in one.text or one.kind == "button"]  # fmt: skip
    return frame.finish("chooser", "file chooser")


def _fields(frame: Frame, chosen: str) -> None:
    """The file's name and the filter, above the buttons."""
    rng, top = frame.rng, frame.top
    form = Form(frame)
    rows = 1 + (rng.random() < 0.7)
    frame.top = frame.bottom - rows * form.pitch - frame.gap
    names = [rng.choice(_NAME), rng.choice(_FILTER)]
    form.label_px = max(map(frame.pen.width, names))
    start = frame.top
    form.value(names[0], chosen, rng.choice(("entry", "entry", "combo")))
    if rows == 2:
        form.value(names[1], rng.choice(_FILTERS), "combo")
    form.ask_all()
    frame.top, frame.bottom = top, start


def _list(frame: Frame, folders: list[str], files: list[str], chosen: str) -> int:
    """As a list with columns or as names in columns; returns how many fit."""
    rng, writer, every = frame.rng, frame.writer, [*folders, *files]
    if rng.random() < 0.5:
        rows = [[name, "" if name in folders else writer.size(), writer.date()] for name in every]
        return len(draw_grid(frame, ["Name", "Size", "Modified"], rows, item="entry", items="entries", icons=True,
                             most=4,
                             selected=every.index(chosen), table=False))  # fmt: skip
    pitch, size, look, drawn = frame.pitch_px, frame.pen.up, row_look(rng, signs=False), 0
    ground, ink = frame.style.theme.field, frame.style.theme.field_ink
    frame.fill((frame.left + 2, frame.top, frame.right - frame.gap, frame.bottom - 2), ground)
    down = max(1, int((frame.bottom - frame.top) / pitch))
    wide = max(map(frame.pen.width, every)) + size + 3 * frame.gap
    for number, name in enumerate(every):
        column, row = divmod(number, down)
        x, top, used = frame.left + 2 + column * wide, frame.top + row * pitch, ink
        if x + wide > frame.right - frame.gap:
            break
        if name == chosen:
            used = show_row(frame, (x, top, x + wide - frame.gap, top + pitch - 1), ground, ink, look)
        if name in folders:
            frame.fill((x + 2, top + pitch / 2 - size / 2, x + 2 + size, top + pitch / 2 + size / 2), (230, 180, 60))
        else:
            frame.icon(x + 2, top + pitch / 2, size * 0.9)
        frame.put(x + size + frame.gap, top, name, None, used, pitch)
        drawn += 1
    if every.index(chosen) < drawn:
        frame.ask("selected", chosen, "Which file is selected?", "Which entry is highlighted?",
                  "What is selected in the list?",
                  "Which file is chosen?", "Selected file?", "Which of the files is highlighted?",
                  "Name the selected file.",
                  "Which file is marked?")  # fmt: skip
    return drawn
