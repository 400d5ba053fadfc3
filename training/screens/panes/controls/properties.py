"""Dialogs of properties and options: pages at the side or as tabs, groups of controls, a row of buttons below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from training.screens.page import mixed
from training.screens.panes.controls.form import DIALOGS, Form, noun_of
from training.screens.panes.frame import Frame, dialog_size
from training.screens.panes.options import COMBOS, PAGES, SPINS, spin_value
from training.screens.panes.questions import PROGRAM_OF_DIALOG
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style

_TITLES = ("Options", "Preferences", "Settings", "Properties", "{Noun} Properties", "{Noun} Options", "Edit {Noun}",
           "{file} Properties", "Configure {Noun}", "Page Setup", "Print", "Export", "New {Noun}", "Format {Noun}",
           "Insert {Noun}", "Customize", "{Noun} Settings", "Connection", "Filter", "Import {Noun}",
           "{App} Preferences", "{App} Options", "Settings - {App}", "{App}: Settings", "Scan",
           "{Adjective} {Noun}")  # fmt: skip
_BUTTONS = (("OK", "Cancel"), ("OK", "Cancel", "Apply"), ("OK", "Cancel", "Apply", "Help"), ("Help", "Cancel", "OK"),
            ("Close",), ("Help", "Close"), ("Defaults", "OK", "Cancel"), ("Reset", "Cancel", "Apply"),
            ("Apply", "Close"),
            ("Cancel", "Save"), ("Cancel", "Print"), ("Preview", "Cancel", "Print"), ("Cancel", "Export"),
            ("Test", "Save", "Cancel"), ("Restore Defaults", "Cancel", "OK"), ("Load...", "Save...", "Close"),
            ("Cancel", "Insert"), ("Back", "Apply"), ("Discard", "Keep"),
            ("Manage...", "Cancel", "Select"))  # fmt: skip
_RADIOS: dict[str, tuple[str, ...]] = {
    "Orientation": ("Portrait", "Landscape"), "Print range": ("All", "Current page", "Selection", "Pages"),
    "Line endings": ("Unix", "Windows", "Mac"), "Start with": ("Empty page", "Last session", "Home page"),
    "Direction": ("Up", "Down"), "Sort by": ("Name", "Size", "Date", "Type"), "Show": ("All", "Only new", "None"),
    "Search in": ("This folder", "All folders", "Open files"), "Color mode": ("RGB", "Gray", "Indexed", "CMYK"),
    "Update": ("Daily", "Weekly", "Never"), "Scope": ("Selection", "Document"), "Case": ("UPPER", "lower", "Title"),
    "Proxy": ("None", "System", "Manual"), "Sides": ("One side", "Both sides"), "Anchor": ("Start", "Middle", "End"),
    "Compression": ("None", "Fast", "Best"), "Unit": ("mm", "cm", "inch", "pt"), "View": ("Icons", "List", "Details"),
    "On close": ("Ask", "Save", "Discard"), "Delimiter": ("Comma", "Semicolon", "Tab", "Space"),
    "Security": ("None", "SSL", "TLS"), "Access": ("Read only", "Read and write", "No access"),
}  # fmt: skip
_CHECKS = ("Show {noun}s", "Use {adjective} {noun}", "Enable {noun}", "Remember {noun}", "Match case",
           "Whole words only",
           "Wrap around", "Show toolbar", "Show status bar", "Read only", "Hidden", "Keep aspect ratio",
           "Include subfolders",
           "Ask before deleting", "Start minimized", "Check for updates", "Create backup copies", "Print in color",
           "Show line numbers", "Highlight current line", "Save passwords", "Use system colors", "Loop", "Mute",
           "Lock position", "Snap to grid", "Open in new tab", "Anti-aliasing", "Auto-detect", "Notify me",
           "Always on top", "Play a sound", "Send {noun}", "Sort folders first", "Wrap long lines")  # fmt: skip
_SLIDERS = ("Volume", "Brightness", "Contrast", "Opacity", "Quality", "Balance", "Speed", "Sensitivity", "Zoom")
_BESIDE = ("Browse...", "Choose...", "Edit...", "Test", "Change...", "Select", "Open", "Reset", "Generate", "...",
           "Show",
           "Clear", "Find", "Detect", "New...")  # fmt: skip


def draw_property_dialog(rng: Random, writer: Writer, style: Style) -> Screen:
    """One of a dialog's own size."""
    wide, high = dialog_size(rng, style, (26, 42), (15, 26))
    return _draw(rng, writer, style, wide, high, (26, 16))


def draw_property_window(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """One that fills its room."""
    return _draw(rng, writer, style, width, height, (42, 21))


def _draw(rng: Random, writer: Writer, style: Style, width: int, height: int, least: tuple[int, int]) -> Screen:
    noun = rng.choice(("options dialog", "property dialog", "preferences dialog", "settings dialog"))
    frame = Frame(rng, writer, style, width, height, noun, grounds=(style.theme.window, style.theme.ink),
                  columns=least[0], lines=least[1])  # fmt: skip
    title = writer.fill(rng.choice(_TITLES).replace("{Noun}", writer.slot("noun").capitalize()).replace(
        "{App}", frame.app).replace("{Adjective}", writer.slot("adjective").capitalize()))  # fmt: skip
    program, frame.app = frame.app, title
    noun = frame.noun = noun_of(title, DIALOGS, "settings dialog")
    frame.title(title)
    if program in title:
        frame.say_phrase("program", program, PROGRAM_OF_DIALOG)
    names = list(rng.choice(_BUTTONS))
    frame.buttons(names, align=rng.choice(("right", "right", "left")), default=rng.choice(("", rng.choice(names))),
                  where=rng.choice((" at the bottom", " in the bottom row", " below",
                                    " along the lower edge")))  # fmt: skip
    page = _pages(frame)
    frame.left, frame.top, frame.right = frame.left + frame.gap, frame.top + frame.gap, frame.right - frame.gap
    if page and rng.random() < 0.35 and frame.bold.width(page) < frame.wide:
        frame.put(frame.left + frame.gap, frame.top, page, frame.bold, None, frame.pen.line * 1.4)
        frame.top += round(frame.pen.line * 1.5)
    form = Form(frame)
    form.label_px = rng.choice((0, frame.pen.size * 5, frame.pen.size * 7))
    while _group(frame, form) and rng.random() < 0.8:
        pass
    form.ask_all()
    labels = [*form.values, *form.on]
    opened = f' The page "{page}" is open.' if page else ""
    listed = f" with {', '.join(labels[:4])}" if labels else ""
    frame.describe(f'A {noun} titled "{title}"{listed}.{opened}'.replace("A o", "An o"))
    return frame.finish("properties", noun)


def _pages(frame: Frame) -> str:
    """Tabs, a list at the side, or none; returns the open page."""
    rng, draw = frame.rng, frame.rng.random()
    names = rng.sample(PAGES, rng.choice((2, 3, 4, 5, 6, 7, 10, 14)))
    page = rng.choice(names)
    if draw < 0.3:
        frame.tabs(names, page)
        return page
    if draw < 0.75 and frame.wide > 22 * frame.pen.size:
        item, items = rng.choice((("page", "pages"), ("category", "categories"), ("section", "sections"),
                                  ("entry", "entries"), ("topic", "topics")))  # fmt: skip
        frame.panel(names, item, items, selected=page, share=0.2, icons=rng.random() < 0.4)
        if rng.random() < 0.35:
            _tabs_of_page(frame, [name for name in PAGES if name not in names])
        return page
    return ""


def _tabs_of_page(frame: Frame, others: Sequence[str]) -> None:
    """Tabs beside the list of pages; what is open in each is asked for by its own name."""
    tabs = frame.rng.sample(others, frame.rng.randint(2, 4))
    tab, before = frame.rng.choice(tabs), len(frame.asker.questions)
    frame.tabs(tabs, tab, where=frame.rng.choice(("", " at the top", " on the page", " beside the list")))
    frame.asker.questions[before:] = [one for one in frame.asker.questions[before:]
                                      if one.kind != "selected" or "tab" in one.text.lower()]  # fmt: skip


def _group(frame: Frame, form: Form) -> bool:
    """Some controls, mostly in a box with a heading; whether there is room for more."""
    rng, writer = frame.rng, frame.writer
    if not form.room(3):
        return False
    heading = writer.label().replace(",", "") if rng.random() < 0.5 else ""
    start, left, right = frame.top, frame.left, frame.right
    look = rng.choice(("box", "line", "bold")) if heading and "{" not in heading else ""
    if look:
        heading = frame.fits(heading, frame.wide - 4 * frame.gap, frame.bold)
        frame.top += form.pitch
        frame.left, frame.right = frame.left + frame.gap, frame.right - frame.gap
    before = [*form.values, *form.on]
    for _ in range(rng.randint(1, 4)):
        if form.room(1.4):
            rng.choice(_MAKERS)(frame, form)
    frame.left, frame.right = left, right
    labels = [label for label in (*form.values, *form.on) if label not in before]
    if look:
        _heading(frame, look, heading, (left, start, right, frame.top), form.pitch)
        if labels and not heading.endswith("...") and not any("," in label for label in labels):
            frame.ask("list", ", ".join(labels), "What is in the group {g}?", "Which settings are in the group {g}?",
                      "What stands under {g}?", "List the settings under {g}.", "Which options does {g} contain?",
                      "Under {g}, what can be set?", "Name the settings of {g}.", "Group {g}: which settings?",
                      g=heading)  # fmt: skip
    frame.top += frame.gap
    return bool(labels)


def _heading(frame: Frame, look: str, text: str, box: tuple[float, float, float, float], pitch: int) -> None:
    left, top, right, bottom = box
    line = mixed(frame.ink, frame.ground, 0.3)
    x = left + frame.gap * (2 if look == "box" else 0.5)
    if look == "box" and bottom + frame.gap / 2 < frame.bottom:
        frame.sketch.draw.rectangle((left, top + pitch / 2, right, bottom + frame.gap / 2), None, line)
        frame.fill((x - 3, top, x + frame.pen.width(text) + 3, top + pitch), frame.ground)
    elif look == "line":
        frame.sketch.draw.line((x + frame.pen.width(text) + 6, top + pitch / 2, right, top + pitch / 2), line)
    frame.put(x, top, text, frame.bold if look == "bold" else None, None, pitch)


def _radio(frame: Frame, form: Form) -> None:
    label, options = frame.rng.choice(list(_RADIOS.items()))
    if frame.rng.random() < 0.3:
        label = frame.writer.slot("noun").capitalize()
        options = tuple(dict.fromkeys(frame.writer.slot("adjective").capitalize() for _ in range(3)))
    form.radio(label, options, frame.rng.choice(options))


def _checks(frame: Frame, form: Form) -> None:
    for _ in range(frame.rng.randint(1, 4)):
        label = frame.writer.fill(frame.rng.choice(_CHECKS))
        form.check(label[0].upper() + label[1:], on=frame.rng.random() < 0.5)


def _value(frame: Frame, form: Form) -> None:
    rng, writer = frame.rng, frame.writer
    draw = rng.random()
    if draw < 0.35:
        label = rng.choice(list(COMBOS))
        form.value(label, rng.choice(COMBOS[label]), "combo", button=rng.choice(("", "", "", rng.choice(_BESIDE))))
    elif draw < 0.6:
        label, unit = rng.choice(list(SPINS.items()))
        form.value(label, spin_value(rng, unit), "spin", unit)
    elif draw < 0.72:
        form.value(rng.choice(_SLIDERS), rng.randint(0, 100), "slider", rng.choice(("", "%", " %")))
    else:
        texts: dict[str, Callable[[], str]] = {
            "Name": writer.name, "Folder": writer.path, "Server": writer.host, "User": writer.word,
            "E-mail": writer.email,
            "File": writer.file, "Title": writer.label, "Command": writer.identifier, "Host": writer.host,
            "Location": writer.path, "Author": writer.name, "Comment": lambda: writer.words(1, 3),
            "Date": writer.date, "Size": writer.size, "Font": lambda: f"{writer.slot('app')} {rng.randint(7, 16)}",
            "Version": writer.version, "Device": writer.label, "Path": writer.path, "Keyword": writer.word,
            "Replace with": writer.word, "Find": writer.word, "URL": writer.host, "Subject": lambda: writer.words(2, 4),
            writer.slot("noun").capitalize(): writer.word}  # fmt: skip
        label = rng.choice(list(texts))
        form.value(label, texts[label]().strip(), "entry", button=rng.choice(("", "", rng.choice(_BESIDE))))


_MAKERS = (_radio, _checks, _checks, _value, _value, _value)
