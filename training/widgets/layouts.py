"""What the windows say, and what is asked about them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeAlias

from training.screens.dialogs import NOUNS, Mood, ask_dialog
from training.screens.forms import ask_form, form_options, form_rows
from training.screens.panes.options import COMBOS, PAGES
from training.screens.phrases import Writer
from training.screens.tables import ask_table, table_content
from training.screens.toolkits import Recorder, ask_names
from training.screens.windows import ask_lines
from training.widgets.parts import (
    Bar,
    Beside,
    Field,
    FieldKind,
    Fields,
    Grid,
    Group,
    Icon,
    Lines,
    Menus,
    Outline,
    Part,
    Pick,
    Plan,
    Press,
    Rows,
    Say,
    Tabs,
    Tick,
)

Layout: TypeAlias = "Callable[[random.Random, Writer], Plan]"

_MOODS: tuple[Mood, ...] = ("error", "warning", "question", "info", "plain")
_KINDS: tuple[FieldKind, ...] = ("entry", "entry", "entry", "choice", "plain", "number")
FEET = (("OK", "Cancel"), ("Close",), ("Help", "Close"), ("Cancel", "Apply", "OK"), ("Defaults", "OK", "Cancel"),
         ("Reset", "Save"), ("Revert", "Apply"), ("Help", "Cancel", "OK"), ("Restore", "Close"))  # fmt: skip
_MENUS = ("File", "Edit", "View", "Go", "Tools", "Message", "Help", "Window", "Options", "Bookmarks")
_PANES = (
    (("folder", "folders"), ("message", "messages"), ["Subject", "From", "Date"]),
    (("feed", "feeds"), ("article", "articles"), ["Title", "Author", "Published"]),
    (("branch", "branches"), ("commit", "commits"), ["Message", "Author", "Date"]),
    (("album", "albums"), ("song", "songs"), ["Title", "Artist", "Added"]),
    (("group", "groups"), ("note", "notes"), ["Note", "Written by", "Changed"]),
    (("project", "projects"), ("task", "tasks"), ["Task", "Owner", "Due"]),
)
"""What is at the left, what is listed, and the headings of the list."""
_NOT_OF_PARTS = frozenset({"line", "all"})
"""Kinds of a dialog's questions that would be wrong where it shows more than a message."""


def _flat(text: str) -> str:
    return " ".join(text.split())


def _press(rng: random.Random, labels: list[str]) -> Press:
    return Press(labels, rng.choice(("left", "middle", "right", "right", "right", "spread")))


def _lines(rng: random.Random, writer: Writer, least: int, most: int) -> list[str]:
    makers = (writer.sentence, writer.path, writer.file, writer.identifier, lambda: writer.jumble(1, 4),
              lambda: writer.noise(1, 4), lambda: writer.words(1, 5))  # fmt: skip
    return [_flat(rng.choice(makers)()[:46]) for _ in range(rng.randint(least, most))]


def _labels(rng: random.Random, writer: Writer, least: int, most: int) -> list[str]:
    """Different ones, without commas, so that a list of them is clear."""
    found = (writer.label().replace(",", ".") for _ in range(rng.randint(least, most)))
    return list(dict.fromkeys(found))


def _message_asked(rng: random.Random, mood: Mood, lines: list[str], buttons: list[str], *, whole: bool) -> Recorder:
    asker = Recorder(rng)
    ask_dialog(asker, NOUNS[mood], "", lines, buttons, error=mood == "error")
    asker.asked = [one for one in asker.asked if one[0] != "line" and (whole or one[0] not in _NOT_OF_PARTS)]
    return asker


def dialog(rng: random.Random, writer: Writer) -> Plan:
    """A message, perhaps with an icon, a second text, a check box; buttons."""
    mood = rng.choices(_MOODS, (4, 2, 2, 2, 3))[0]
    said = [_flat(writer.message(error=mood == "error"))]
    buttons = writer.buttons()
    wrap = rng.randint(22, 56)
    first: Part = Say(said[0], wrap, bold=rng.random() < 0.2)
    parts: list[Part] = [Icon(mood, Say(said[0], wrap)) if mood != "plain" else first]
    if rng.random() < 0.3:
        said.append(_flat(writer.message(error=False)))
        parts.append(Say(said[1], wrap))
    ticked = rng.random() < 0.2
    if ticked:
        parts.append(Tick(writer.words(2, 4).capitalize(), rng.random() < 0.5))
    parts.append(_press(rng, buttons))
    asker = _message_asked(rng, mood, said, buttons, whole=not ticked)
    return Plan(parts, asker, "dialog", NOUNS[mood])


def details(rng: random.Random, writer: Writer) -> Plan:
    """An error over a box with lines of its details."""
    message, lines, buttons = _flat(writer.message(error=True)), _lines(rng, writer, 2, 6), writer.buttons(3)
    asker = _message_asked(rng, "error", [message], buttons, whole=False)
    asker.ask("tool_details", "\n".join(lines), as_kind="lines")
    icon = Icon("error", Say(message, rng.randint(26, 50)))
    return Plan([icon, Lines(lines, mono=rng.random() < 0.6), _press(rng, buttons)], asker, "dialog", "error dialog")


def prompt(rng: random.Random, writer: Writer) -> Plan:
    """A question with a field for the answer."""
    message, value, buttons = _flat(writer.message(error=False)), writer.words(1, 3), writer.buttons(3)
    asker = _message_asked(rng, "plain", [message], buttons, whole=False)
    asker.ask("tool_entered", value, as_kind="value")
    parts: list[Part] = [Say(message, rng.randint(26, 56)), Fields([Field("", value)]), _press(rng, buttons)]
    return Plan(parts, asker, "dialog", "dialog")


def progress(rng: random.Random, writer: Writer) -> Plan:
    """What is done, and how far it is."""
    message, buttons, done = _flat(writer.message(error=False)), writer.buttons(1), rng.randint(3, 98)
    asker = _message_asked(rng, "plain", [message], buttons, whole=False)
    text = rng.choice((f"{done}%", f"{done} %", ""))
    if text:
        asker.ask("tool_progress", text, as_kind="value")
    return Plan([Say(message, rng.randint(26, 56)), Bar(done, text), _press(rng, buttons)], asker, "dialog", "dialog")


def form(rng: random.Random, writer: Writer) -> Plan:
    """Labelled fields, perhaps check boxes and buttons."""
    rows, options = form_rows(rng, writer), form_options(rng, writer) if rng.random() < 0.4 else []
    checked = {label: rng.random() < 0.5 for label in options}
    buttons = writer.buttons(3) if rng.random() < 0.6 else []
    mark = rng.choice((":", ":", ""))
    fields = [Field(label + mark, value, rng.choice(_KINDS[:5])) for label, value in rows]
    parts: list[Part] = [Fields(fields), *(Tick(label, on) for label, on in checked.items())]
    if rng.random() < 0.2:
        parts = [Group(writer.label(), parts)]
    if buttons:
        parts.append(_press(rng, buttons))
    asker = Recorder(rng)
    ask_form(asker, "", rows, checked, buttons)
    return Plan(parts, asker, "form", "form")


def settings(rng: random.Random, writer: Writer) -> Plan:
    """Tabs, of which one is open with fields and check boxes; buttons below."""
    names = _labels(rng, writer, 2, 4)
    open_ = rng.randrange(len(names))
    asker = Recorder(rng)
    fields = []
    for label in _labels(rng, writer, 2, 6):
        kind = rng.choice(_KINDS)
        value = str(rng.randrange(1000)) if kind == "number" else writer.words(1, 2)
        fields.append(Field(label + ":", value, kind))
        asker.ask("value", value, label=label)
    inside: list[Part] = [Fields(fields)]
    for label in _labels(rng, writer, 0, 3):
        on = rng.random() < 0.5
        inside.append(Tick(label, on))
        asker.ask("is_checked", "Yes" if on else "No", label=label)
    buttons = writer.buttons(3)
    asker.ask("buttons", ", ".join(buttons))
    asker.ask("tool_tabs", ", ".join(names), as_kind="menu")
    asker.ask("tool_tab", names[open_], as_kind="selected")
    asker.ask("describe", f'A settings window with the tab "{names[open_]}" open.')
    return Plan([Tabs(names, open_, inside), _press(rng, buttons)], asker, "form", "settings window")


def choices(rng: random.Random, writer: Writer) -> Plan:
    """Radio buttons under a heading."""
    head, options, buttons = writer.label(), _labels(rng, writer, 2, 5), writer.buttons(3)
    chosen = rng.randrange(len(options))
    asker = Recorder(rng)
    asker.ask("heading", head)
    asker.ask("tool_options", ", ".join(options), as_kind="list")
    asker.ask("tool_option", options[chosen], as_kind="selected")
    asker.ask("buttons", ", ".join(buttons))
    asker.ask("describe", f"A dialog with the options {', '.join(options)}.")
    return Plan([Group(head, [Pick(options, chosen)]), _press(rng, buttons)], asker, "form", "dialog")


def rows(rng: random.Random, writer: Writer) -> Plan:
    """A list, perhaps with a message above and buttons below."""
    lines = _lines(rng, writer, 2, 9)
    chosen = rng.randrange(len(lines)) if rng.random() < 0.5 else -1
    parts: list[Part] = [Rows(lines, chosen)]
    asker = Recorder(rng)
    if rng.random() < 0.4:
        buttons = writer.buttons(3)
        parts.append(_press(rng, buttons))
        asker.ask("buttons", ", ".join(buttons))
    else:
        ask_lines(asker, lines)
    if chosen >= 0:
        asker.ask("tool_option", lines[chosen], as_kind="selected")
    asker.ask("describe", f"A list with {len(lines)} entries.")
    return Plan(parts, asker, "list", "list", lines if len(parts) == 1 else [])


def table(rng: random.Random, writer: Writer) -> Plan:
    """A header and some rows."""
    header, cells = table_content(rng, writer)
    asker = Recorder(rng)
    ask_table(asker, header, cells)
    return Plan([Grid(header, cells)], asker, "table", "table")


def tree(rng: random.Random, writer: Writer) -> Plan:
    """A tree with some branches open, one entry selected."""
    items: list[tuple[int, str]] = []
    for branch in _labels(rng, writer, 2, 4):
        items.append((0, branch))
        items += [(1, leaf) for leaf in _labels(rng, writer, 0, 4)]
    texts = [text for _, text in items]
    chosen = rng.randrange(len(items)) if rng.random() < 0.6 else -1
    asker = Recorder(rng)
    asker.ask("tool_branches", ", ".join(text for depth, text in items if not depth), as_kind="list")
    if chosen >= 0 and texts.count(texts[chosen]) == 1:
        asker.ask("tool_option", texts[chosen], as_kind="selected")
    asker.ask("describe", f"A tree with {len(items)} entries.")
    return Plan([Outline(items, chosen)], asker, "list", "tree", texts)


def editor(rng: random.Random, writer: Writer) -> Plan:
    """Menus, text, perhaps line numbers, and a status bar."""
    lines = _lines(rng, writer, 2, 12)
    first = rng.choice((0, 0, 1, 1, rng.randint(2, 400)))
    names = ("File", "Edit", "View", "Tools", "Search", "Help", "Format", "Window", *_labels(rng, writer, 1, 1))
    menus = rng.sample(names, rng.randint(2, 6))
    status = rng.choice((writer.words(1, 3).capitalize(), f"Line {writer.number()}", writer.file(), "Ready"))
    asker = Recorder(rng)
    if not first:
        ask_lines(asker, lines)
    asker.ask("menu", ", ".join(menus))
    asker.ask("status", status)
    asker.ask("describe", f"An editor with {len(lines)} lines and the menus {', '.join(menus)}.")
    parts: list[Part] = [Menus(menus), Lines(lines, mono=first > 0 or rng.random() < 0.5, first=first), Say(status, 99)]
    return Plan(parts, asker, "editor", "editor", lines, first or 1)


def files(rng: random.Random, writer: Writer) -> Plan:
    """Folders on the left, files with size and date on the right."""
    folders = list(dict.fromkeys(writer.slot("noun").capitalize() for _ in range(rng.randint(3, 7))))
    names = list(dict.fromkeys(writer.file() for _ in range(rng.randint(3, 9))))
    listed = [[name, writer.size(), writer.date()] for name in names]
    head = ["Name", "Size", rng.choice(("Modified", "Date", "Changed"))]
    open_ = rng.randrange(len(folders))
    chosen = rng.randrange(len(names)) if rng.random() < 0.6 else -1
    status = f"{len(names)} items"
    asker = Recorder(rng)
    asker.ask("tool_files", ", ".join(names), as_kind="list")
    asker.ask("tool_file_count", str(len(names)), as_kind="how_many")
    asker.ask("tool_folder", folders[open_], as_kind="selected")
    asker.ask("columns", ", ".join(head))
    asker.ask("status", status)
    if chosen >= 0:
        asker.ask("tool_file", names[chosen], as_kind="selected")
    for name, size, date in rng.sample(listed, min(4, len(listed))):
        asker.ask("tool_size", size, as_kind="cell", label=name)
        asker.ask("tool_date", date, as_kind="cell", label=name)
    asker.ask("describe", f'A file manager with {len(names)} files; the folder "{folders[open_]}" is open.')
    parts: list[Part] = [Beside([Rows(folders, open_)], [Grid(head, listed, chosen)]), Say(status, 99)]
    if rng.random() < 0.4:
        buttons = writer.buttons(2)
        parts.append(_press(rng, buttons))
        asker.ask("buttons", ", ".join(buttons))
    return Plan(parts, asker, "files", "file manager")


def pages(rng: random.Random, writer: Writer) -> Plan:
    """Settings whose pages are listed at the left, perhaps with tabs on the open one; buttons below."""
    names, asker = rng.sample(PAGES, rng.randint(3, 9)), Recorder(rng)
    open_ = rng.randrange(len(names))
    kind = rng.choice((("page", "pages"), ("category", "categories"), ("section", "sections"), ("topic", "topics")))
    ask_names(asker, rng, names, kind, rng.choice((" on the left", " at the left", " in the list")), open_)
    inside: list[Part] = []
    for label in rng.sample(list(COMBOS), rng.randint(1, 3)):
        value = rng.choice(COMBOS[label])
        inside.append(Fields([Field(label + ":", value, rng.choice(("choice", "entry", "choice")))]))
        asker.ask("value", value, label=label)
    for label in _labels(rng, writer, 1, 4):
        on = rng.random() < 0.5
        inside.append(Tick(label, on))
        asker.ask("is_checked", "Yes" if on else "No", label=label)
    right: list[Part] = inside
    if rng.random() < 0.4:
        tabs = rng.sample([name for name in PAGES if name not in names], rng.randint(2, 3))
        shown = rng.randrange(len(tabs))
        right = [Tabs(tabs, shown, inside)]
        asker.ask("tool_tabs", ", ".join(tabs), as_kind="menu")
        asker.ask("tool_tab", tabs[shown], as_kind="selected")
    elif rng.random() < 0.6:
        right = [Group(names[open_], inside)]
    buttons = list(rng.choice(FEET))
    asker.ask("buttons", ", ".join(buttons))
    asker.ask("describe", f'A settings window with the page "{names[open_]}" open.')
    return Plan([Beside([Rows(names, open_)], right), _press(rng, buttons)], asker, "form", "settings window")


def panes(rng: random.Random, writer: Writer) -> Plan:
    """Groups at the left, a list with one row selected, its text below; menus above, a status bar below."""
    groups, items, heads = rng.choice(_PANES)
    names = _labels(rng, writer, 3, 7)
    open_, asker = rng.randrange(len(names)), Recorder(rng)
    rows_ = [[writer.words(1, 3).capitalize(), writer.name(), writer.date()] for _ in range(rng.randint(3, 9))]
    subjects = [row[0] for row in rows_]
    chosen, text = rng.randrange(len(rows_)), _lines(rng, writer, 1, 4)
    menus, status = rng.sample(_MENUS, rng.randint(3, 6)), f"{len(rows_)} {items[1]}"
    if len(names) > 1:
        ask_names(asker, rng, names, groups, rng.choice((" on the left", " at the left")), open_)
    if len(set(subjects)) == len(subjects):
        ask_names(asker, rng, subjects, items, "", chosen)
        for row in rng.sample(rows_, min(3, len(rows_))):
            for place in (1, 2):
                asker.ask("tool_of_row", row[place], as_kind="cell", column=heads[place], label=row[0])
    asker.ask("columns", ", ".join(heads))
    asker.ask("menu", ", ".join(menus))
    asker.ask("status", status)
    asker.ask("describe", f'A window with {len(rows_)} {items[1]}; the {groups[0]} "{names[open_]}" is open.')
    parts: list[Part] = [Menus(menus), Beside([Rows(names, open_)], [Grid(heads, rows_, chosen), Lines(text)]),
                         Say(status, 99)]  # fmt: skip
    return Plan(parts, asker, "list", f"list of {items[1]}")


LAYOUTS: tuple[tuple[float, Layout], ...] = (
    (9, dialog), (2, details), (1.5, prompt), (1.3, progress), (2, form), (1.8, settings), (1.2, choices), (1.5, rows),
    (1.5, table), (1, tree), (2, editor), (1.5, files), (3, pages), (2, panes),
)  # fmt: skip


def draw_plan(rng: random.Random, writer: Writer) -> Plan:
    """A random one."""
    layout = rng.choices([layout for _, layout in LAYOUTS], [weight for weight, _ in LAYOUTS])[0]
    return layout(rng, writer)
