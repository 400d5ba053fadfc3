"""System monitors, and lists of music and of downloads."""

from __future__ import annotations

import random

from training.screens.phrases import Writer
from training.screens.programs.parts import Columns, ask_cells, ask_columns, ask_side, draw_columns, draw_side, fewer
from training.screens.programs.window import MOST_ROWS, ProgramWindow
from training.screens.records import Screen
from training.screens.themes import Style


def draw_monitor(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A system monitor of this size: perhaps gauges above, processes with CPU and memory."""
    window = ProgramWindow(rng, writer, style, width, height)
    window.title(rng.choice(("System Monitor", "Task Manager", "Processes")))
    window.menus()
    window.tools(("End process", "Refresh", "Properties", "Search"), 0.4)
    window.tabs(("Processes", "Resources", "Performance", "Users", "Services", "Disks", "Startup"), 0.5)
    if rng.random() < 0.5:
        window.status(f"{rng.randint(60, 600)} processes, CPU {rng.randint(1, 100)} %")
    if rng.random() < 0.6:
        _draw_gauges(window)
    share = rng.choice(("%", " %", ""))
    users = [writer.slot("noun"), "root", writer.rng.choice(writer.vocabulary.first_names).lower()]
    names = list(dict.fromkeys(_process(rng, writer) for _ in range(rng.randint(5, MOST_ROWS))))
    rows = [[name, str(rng.randint(1, 99999)), _load(rng) + share, _memory(rng), rng.choice(users)] for name in names]
    rows = fewer(window, rows)
    headings = [rng.choice(("Process", "Name", "Process name")), "PID", rng.choice(("CPU", "% CPU")), "Memory", "User"]
    order = [0, *rng.sample((1, 2, 3, 4), rng.randint(2, 4))]
    if rng.random() < 0.6:
        rows.sort(key=lambda row: -float(row[2].rstrip("% ")))
    table = draw_columns(window, [headings[p] for p in order], [[row[p] for p in order] for row in rows],
                         numeric=("PID", headings[2], "Memory"), icons=rng.random() < 0.3, select=0.5)  # fmt: skip
    ask_columns(window, table, "process", "processes", _process(rng, writer))
    ask_cells(window, table, headings[2], "cpu", most=5)
    ask_cells(window, table, "Memory", "memory", most=5)
    ask_cells(window, table, "PID", "pid", back="by_pid")
    ask_cells(window, table, "User", "user_of")
    _ask_most(window, table, headings[2], "most_cpu")
    _ask_most(window, table, "Memory", "most_memory")
    return window.finish("system_monitor", "system monitor", f"with {len(table.rows)} processes.")


def _load(rng: random.Random) -> str:
    return f"{rng.choice((0, rng.randrange(100), rng.randrange(8)))}.{rng.randrange(10)}"


def _memory(rng: random.Random) -> str:
    return f"{rng.randint(1, 999)}.{rng.randrange(10)} {rng.choice(('MB', 'MB', 'MB', 'KB'))}"


def _process(rng: random.Random, writer: Writer) -> str:
    noun = writer.slot("noun")
    return rng.choice((noun, f"{noun}d", f"{noun}-{writer.slot('noun')}", writer.slot("app").lower(), f"{noun}.exe"))


def _ask_most(window: ProgramWindow, table: Columns, heading: str, kind: str) -> None:
    """Which row has the highest number, where one has."""
    cells = table.column(heading)
    if not cells or any(cell.endswith("...") for cell in cells):
        return
    factor = {"KB": 1.0, "MB": 1000.0}
    values = [float(cell.split("%")[0].split()[0]) * factor.get(cell[-2:], 1.0) for cell in cells]
    if values.count(max(values)) == 1:
        window.asker.ask(kind, table.names[values.index(max(values))], as_kind="value")


def _draw_gauges(window: ProgramWindow) -> None:
    """A few values with bars above the list."""
    rng, pen, theme, sketch = window.rng, window.pen, window.theme, window.sketch
    names = rng.sample(("CPU", "Memory", "Swap", "Disk", "Network", "GPU", "Temperature"), rng.randint(2, 3))
    height, wide = round(pen.line * 2.6), (window.right - window.left) / len(names)
    for place, name in enumerate(names):
        left = window.left + wide * place + window.gap
        part = rng.randint(1, 100)
        value = {"Temperature": f"{part} C", "Network": f"{part} KB/s"}.get(name, f"{part} %")
        x = sketch.text(left, window.top + pen.line, name, pen, theme.ink) + window.gap
        sketch.text(x, window.top + pen.line, value, window.bold, theme.ink)
        right, top = left + wide - 2 * window.gap, window.top + round(pen.line * 1.5)
        sketch.draw.rectangle((left, top, right, top + pen.line * 0.5), theme.field, theme.line)
        sketch.draw.rectangle(
            (left, top, left + (right - left) * part / 100, top + pen.line * 0.5), window.selection(theme.field)[0]
        )
        window.asker.ask("gauge", value, as_kind="value", label=name)
    window.top += height


def draw_media(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A music player or a list of downloads of this size."""
    window = ProgramWindow(rng, writer, style, width, height)
    return _downloads(window) if rng.random() < 0.5 else _music(window)


def _music(window: ProgramWindow) -> Screen:
    rng, writer = window.rng, window.writer
    lists = list(
        dict.fromkeys(
            (
                *rng.sample(("Music", "Albums", "Artists", "Playlists", "Radio", "Podcasts", "Favorites"), 4),
                *(writer.word().capitalize() for _ in range(3)),
            )
        )
    )
    opened = rng.choice(lists)
    window.title(rng.choice(("Music", "Music library", opened)))
    window.menus()
    rows = [
        [
            writer.words(1, 4).capitalize(),
            writer.name(),
            writer.words(1, 3).capitalize(),
            f"{rng.randint(0, 12)}:{rng.randrange(60):02}",
        ]
        for _ in range(rng.randint(4, MOST_ROWS))
    ]
    rows = list({row[0]: row for row in rows}.values())
    rows = fewer(window, rows)
    playing = rng.choice(rows)[0]
    height = round(window.pen.line * 2)
    if rng.random() < 0.7 and window.pen.width(playing) + height + 2 * window.gap < window.right:
        window.bottom -= height
        window.icon(window.gap, window.bottom + height / 2, height * 0.5)
        baseline = window.sketch.row(window.bottom, window.bottom + height, window.pen)
        window.sketch.text(
            height, baseline, playing, window.bold if rng.random() < 0.3 else window.pen, window.theme.ink
        )
        window.asker.ask("playing", playing, as_kind="value")
    if rng.random() < 0.7:
        ask_side(window, draw_side(window, lists, opened, share=0.18), "list", "lists", writer.word().capitalize())
    counted = window.keep_for_status(0.4)
    order = [0, *rng.sample((1, 2, 3), rng.randint(2, 3))]
    names = (rng.choice(("Title", "Song", "Name")), "Artist", "Album", rng.choice(("Length", "Time", "Duration")))
    table = draw_columns(
        window, [names[p] for p in order], [[row[p] for p in order] for row in rows], numeric=(names[3],)
    )
    if counted:
        window.count_status(len(table.rows), "songs")
    ask_columns(window, table, "song", "songs", writer.words(2, 4).capitalize())
    ask_cells(window, table, "Artist", "artist")
    ask_cells(window, table, names[3], "length", most=5)
    ask_cells(window, table, "Album", "of_row")
    return window.finish("music_player", "music player", f"with {len(table.rows)} songs.")


def _downloads(window: ProgramWindow) -> Screen:
    rng, writer = window.rng, window.writer
    window.title(rng.choice(("Downloads", "Transfers")))
    window.menus()
    window.tools(("Add", "Start", "Pause", "Remove", "Open folder", "Clear"), 0.8)
    if rng.random() < 0.5:
        window.status(rng.choice((f"Download speed: {rng.randint(1, 999)} KB/s", f"{writer.size()} in total")))
    rows = []
    for name in dict.fromkeys(writer.file() for _ in range(rng.randint(3, 20))):
        part = rng.choice((100, rng.randint(0, 99), rng.randint(0, 99)))
        state = "Finished" if part == 100 else rng.choice(("Downloading", "Paused", "Waiting", "Failed"))
        rows.append([name, writer.size(), f"{part} %", state])
    rows = fewer(window, rows)
    order = [0, *rng.sample((1, 2, 3), rng.randint(2, 3))]
    names = (rng.choice(("Name", "File")), "Size", rng.choice(("Progress", "Done")), rng.choice(("Status", "State")))
    table = draw_columns(window, [names[p] for p in order], [[row[p] for p in order] for row in rows],
                         numeric=("Size", names[2]), icons=rng.random() < 0.6)  # fmt: skip
    ask_columns(window, table, "file", "files", writer.file())
    ask_cells(window, table, "Size", "size_of", back="file_by_size")
    ask_cells(window, table, names[2], "progress", most=5)
    ask_cells(window, table, names[3], "of_row", most=5)
    return window.finish("download_list", "download list", f"with {len(table.rows)} files.")
