"""Windows of settings: tabs or pages, lists, combo boxes, spin boxes, check boxes, buttons at the bottom."""

from __future__ import annotations

from random import Random

from training.screens.dialogs import listed
from training.screens.panes.frame import Field, Frame
from training.screens.panes.grid import draw_grid
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style

PAGES = ("General", "Appearance", "Colors", "Fonts", "Keyboard", "Mouse", "Network", "Privacy", "Language", "Sound",
          "Display",
          "Power", "Updates", "Users", "Shortcuts", "Advanced", "Plugins", "Printing", "Storage", "Borders", "Panel",
          "Accounts",
          "Startup", "Notifications", "Security", "Proxy", "Devices", "Date and Time")  # fmt: skip
_BUTTONS = (("OK", "Cancel"), ("Help", "Close"), ("Apply", "Cancel", "OK"), ("Reset", "Apply", "Close"),
            ("Defaults", "Cancel", "Save"),
            ("Close",), ("Help", "Revert", "Apply"), ("OK", "Cancel", "Apply", "Help"),
            ("Restore", "Discard", "Save"))  # fmt: skip
COMBOS: dict[str, tuple[str, ...]] = {
    "Language": ("English", "German", "French", "Danish", "Polish", "Portuguese"),
    "Units": ("Metric", "Imperial", "Both"),
    "Paper size": ("A4", "A5", "Letter", "Legal"), "Quality": ("Low", "Medium", "High", "Best"),
    "Position": ("Top", "Bottom", "Left", "Right"),
    "Format": ("PNG", "TIFF", "PDF", "JPEG"), "Mode": ("Color", "Gray", "Black and white"),
    "Style": ("Flat", "Raised", "Classic", "None"),
    "Encoding": ("UTF-8", "Latin-1", "ASCII"), "Orientation": ("Portrait", "Landscape"),
    "First day": ("Monday", "Sunday", "Saturday"),
    "Time zone": ("UTC", "UTC+1", "UTC+2", "UTC-5"), "Theme": ("Light", "Dark", "System"),
    "Icon size": ("Small", "Normal", "Large"),
    "Alignment": ("Left", "Center", "Right"), "Source": ("Flatbed", "Feeder"), "Protocol": ("HTTP", "SOCKS5", "FTP"),
}  # fmt: skip
SPINS = {"Font size": "pt", "Width": "px", "Height": "px", "Delay": "ms", "Volume": "%", "Port": "", "Timeout": "s",
          "Margin": "mm",
          "Copies": "", "Brightness": "%", "Cache": "MB", "Tab width": "", "Resolution": "dpi", "Interval": "min",
          "Retries": ""}  # fmt: skip
_ENTRIES = (
    "Name",
    "Folder",
    "Server",
    "User name",
    "Command",
    "Title",
    "Host",
    "Prefix",
    "File name",
    "Description",
    "Device",
    "Owner",
)


_RANGES = {"pt": (6, 48), "px": (1, 2000), "ms": (1, 2000), "%": (0, 100), "s": (1, 600), "mm": (1, 60),
           "MB": (1, 4000), "dpi": (72, 1200), "min": (1, 120)}  # fmt: skip
"""What a number with a unit is at least and at most."""


def spin_value(rng: Random, unit: str) -> int:
    """A number as it is set in such a unit; without one, a small or a large one."""
    return rng.randint(*_RANGES[unit]) if unit else rng.randint(0, 10 ** rng.randint(1, 4))


def draw_options(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """Settings with one page open, chosen by tabs or by a list at the left."""
    frame = Frame(
        rng, writer, style, width, height, rng.choice(("settings window", "settings window", "preferences window"))
    )
    frame.ground, frame.ink = (
        (frame.style.theme.window, frame.style.theme.ink) if rng.random() < 0.6 else (frame.ground, frame.ink)
    )
    frame.fill((0, 0, width, height), frame.ground)
    subject = rng.choice(("Settings", "Preferences", "Options", f"{writer.slot('noun').capitalize()} Settings",
                          "Configuration",
                          f"{writer.slot('noun').capitalize()} and {writer.slot('noun').capitalize()}"))  # fmt: skip
    frame.title(subject)
    names = rng.sample(PAGES, rng.randint(3, 8))
    page = rng.choice(names)
    frame.buttons(list(rng.choice(_BUTTONS)), align=rng.choice(("right", "right", "left")))
    if rng.random() < 0.5:
        frame.tabs(names, page)
    else:
        frame.panel(names, "page", "pages", selected=page, share=0.2)
    frame.top += frame.gap
    frame.left += frame.gap
    if rng.random() < 0.4:
        frame.put(frame.left + frame.gap, frame.top, page if rng.random() < 0.6 else f"{page} settings", frame.large,
                  None,
                  frame.large.line * 1.3)  # fmt: skip
        frame.top += round(frame.large.line * 1.6)
    if rng.random() < 0.35:
        _list(frame)
    rows = _rows(rng, writer)
    shown = list(frame.fields(rows, columns=rng.random() < 0.85))[:4]
    _checks(frame)
    showing = f", showing {listed(shown)}" if shown else ""
    return frame.done("options", f'with the page "{page}" open{showing}.')


def _rows(rng: Random, writer: Writer) -> list[Field]:
    rows = [Field(name, rng.choice(COMBOS[name]), "combo") for name in rng.sample(list(COMBOS), rng.randint(1, 4))]
    rows += [
        Field(name, f"{spin_value(rng, unit)} {unit}".strip(), "spin")
        for name, unit in rng.sample(list(SPINS.items()), rng.randint(0, 3))
    ]
    for name in rng.sample(_ENTRIES, rng.randint(0, 3)):
        value = {
            "Folder": writer.path,
            "Server": writer.host,
            "Host": writer.host,
            "File name": writer.file,
            "User name": writer.name,
        }
        rows.append(Field(name, str(value.get(name, writer.label)()), "entry"))
    rng.shuffle(rows)
    return rows[:8]


def _list(frame: Frame) -> None:
    """A list to choose from, one of it selected."""
    rng, writer = frame.rng, frame.writer
    noun, nouns = rng.choice((("theme", "themes"), ("style", "styles"), ("device", "devices"), ("profile", "profiles"),
                              ("printer", "printers"), ("scheme", "schemes"), ("cursor", "cursors"),
                              ("layout", "layouts")))  # fmt: skip
    names = list(dict.fromkeys(writer.label().replace(",", "") for _ in range(rng.randint(3, 9))))
    chosen = rng.choice(names)
    bottom, right = frame.bottom, frame.right
    pitch = frame.pitch_px
    frame.bottom = min(frame.bottom, frame.top + pitch * (len(names) + 1.2) + frame.gap)
    if frame.bottom - frame.top < 3 * pitch:
        frame.bottom = bottom
        return
    if rng.random() < 0.5:
        left = frame.left
        frame.panel(names, noun, nouns, heading=nouns.capitalize(), selected=chosen, share=0.4,
                    icons=rng.random() < 0.3,
                    where=rng.choice(("", " in the list")))  # fmt: skip
        frame.left = left
    else:
        rows = [[name, str(writer.slot("app")), str(writer.version())] for name in names]
        draw_grid(frame, [noun.capitalize(), "Author", "Version"], rows, item=noun, items=nouns,
                  selected=names.index(chosen), most=4,
                  table=False)  # fmt: skip
    frame.ask("selected", chosen, f"Which {noun} is selected?", f"Which {noun} is chosen?", f"Selected {noun}?",
              f"What {noun} is used?",
              f"Which of the {nouns} is selected?", f"Which {noun} is highlighted?", f"What is the selected {noun}?",
              f"Tell me the {noun} that is selected.")  # fmt: skip
    frame.top, frame.bottom, frame.right = frame.bottom + frame.gap, bottom, right


def _checks(frame: Frame) -> None:
    """Check boxes with labels, some of them ticked."""
    rng, writer = frame.rng, frame.writer
    pitch, size = round(frame.pen.line * 1.5), round(frame.pen.up * 1.1)
    names = list(dict.fromkeys(writer.fill(rng.choice(("Show {noun}s",
                                                       "{Noun} before closing".replace("{Noun}", "Ask"),
                                                       "Use {adjective} {noun}",
                                                       "Enable {noun}", "{words}", "Remember {noun}"))).capitalize()
                               for _ in range(rng.randint(0, 5))))  # fmt: skip
    for name in names:
        if frame.top + pitch > frame.bottom or frame.pen.width(name) + 3 * size > frame.wide:
            break
        x, middle, on = frame.left + frame.gap, frame.top + pitch / 2, rng.random() < 0.5
        box = (round(x), round(middle - size / 2), round(x + size), round(middle + size / 2))
        frame.sketch.draw.rectangle(box, frame.style.theme.field, frame.ink)
        if on:
            ink = frame.style.theme.field_ink
            frame.sketch.draw.line(
                (box[0] + 2, box[1] + size // 2, box[0] + size // 2, box[3] - 2, box[2] - 2, box[1] + 2), ink, 2
            )
        frame.put(x + size + frame.gap, frame.top, name, None, frame.ink, pitch)
        frame.top += pitch
        frame.ask("is_checked", "Yes" if on else "No", "Is {n} checked?", "Is {n} ticked?", "Is the box {n} checked?",
                  "Is {n} on?",
                  "Is there a tick at {n}?", "Is {n} switched on?", "Has {n} a tick?", "Is the option {n} selected?",
                  n=name)  # fmt: skip
