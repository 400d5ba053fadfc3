"""What is around windows on a desktop to train on: a background, icons with names, a panel at the top."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from PIL import Image

from training.screens.framing import glyphs_moved, moved
from training.screens.phrases import DAYS, MONTHS, Writer
from training.screens.phrasing import question
from training.screens.records import Glyph, Question, Screen
from training.screens.sketch import Sketch
from training.screens.stacking import Bounds, meet
from training.screens.themes import Style, luminance
from training.screens.typefaces import Colour

_PAINTED_SHARE, _ICONS_SHARE, _PANEL_SHARE = 0.5, 0.4, 0.25
"""Of screens to train on: with more than one colour behind the windows, with icons there, with a panel at the top."""
_CHOSEN_SHARE = 0.3
"""Of the columns of icons that have a highlighted one."""
_NAMES = (
    "Trash",
    "Home",
    "Computer",
    "Network",
    "Documents",
    "Downloads",
    "Recycle Bin",
    "This PC",
    "Photos",
    "Music",
    "File System",
    "Desktop",
    "Backup",
    "USB Drive",
    "Projects",
    "Notes",
    "Mail",
    "Terminal",
    "Browser",
    "Calculator",
    "Games",
    "Help",
    "Settings",
    "Printer",
)
_ICON_COLOURS: tuple[Colour, ...] = (
    (229, 165, 10),
    (53, 132, 228),
    (38, 162, 105),
    (192, 28, 40),
    (145, 65, 172),
    (230, 97, 0),
    (120, 124, 130),
    (240, 240, 240),
)
_MENUS = (
    "Activities",
    "Applications",
    "Menu",
    "Applications   Places",
    "Start",
    "Launcher",
    "File   Edit   View   Help",
)
_ICONS = (
    "Which icons are on the desktop?",
    "List the icons on the desktop.",
    "What are the icons on the desktop called?",
    "Read the names of the desktop icons.",
    "Name the icons on the desktop.",
    "Which icons do you see on the desktop?",
)
_ICON_COUNT = (
    "How many icons are on the desktop?",
    "Count the icons on the desktop.",
    "How many desktop icons are there?",
    "Number of icons on the desktop?",
)
_FIRST_ICON = (
    "What is the first icon on the desktop?",
    "Which icon is at the top of the desktop?",
    "What is the topmost icon on the desktop called?",
    "Which icon on the desktop comes first?",
)
_LAST_ICON = (
    "What is the last icon on the desktop?",
    "Which icon is the lowest on the desktop?",
    "What is the lowest desktop icon called?",
)
_BELOW_ICON = (
    "Which icon is below {name} on the desktop?",
    "What is the desktop icon under {name} called?",
    "Which icon on the desktop comes after {name}?",
)
_IS_ICON = (
    "Is there an icon called {name} on the desktop?",
    "Does the desktop have an icon {name}?",
    "Do you see the icon {name} on the desktop?",
)
_CHOSEN_ICON = (
    "Which icon on the desktop is selected?",
    "Which icon on the desktop is highlighted?",
    "Which of the icons on the desktop is selected?",
    "What is the selected desktop icon called?",
)
_PANEL = (
    "What does the panel at the top of the screen say at the left?",
    "What stands in the upper left corner?",
    "What is written at the left of the bar at the top of the screen?",
)
_PANEL_CLOCK = ("What does the clock in the top panel say?", "What time is it?", "Which time does the panel show?",
                "Read the clock at the top of the screen.")  # fmt: skip


def paint_ground(rng: random.Random, sketch: Sketch) -> None:
    """Often a gradient, hills or discs instead of one colour."""
    if rng.random() >= _PAINTED_SHARE:
        return
    width, height = sketch.image.size
    one, two = (tuple(rng.randrange(20, 220) for _ in range(3)) for _ in range(2))
    strip = Image.new("RGB", (2, 2))
    strip.putdata([one, one if rng.random() < 0.5 else two, two, two if rng.random() < 0.5 else one])
    sketch.image.paste(strip.resize((width, height), Image.Resampling.BILINEAR))
    for _ in range(rng.choice((0, 0, 2, 4))):
        x, y, r = rng.randrange(width), rng.randrange(height), rng.randint(height // 8, height // 2)
        colour = tuple(rng.randrange(20, 220) for _ in range(3))
        if rng.random() < 0.5:
            sketch.draw.ellipse((x - r, y - r, x + r, y + r), colour)
        else:
            sketch.draw.polygon(((x - 2 * r, height), (x, y), (x + 2 * r, height)), colour)


@dataclass
class Icons:
    """Icons on the desktop.

    Attributes: `names` from the top; `boxes`: of each with its name; `glyphs`: of each name; `chosen`: the
        highlighted one, or "".
    """

    names: list[str] = field(default_factory=list)
    boxes: list[Bounds] = field(default_factory=list)
    glyphs: list[list[Glyph]] = field(default_factory=list)
    chosen: str = ""

    def seen(self, windows: Sequence[Bounds]) -> list[int]:
        """Places of those that no window covers."""
        return [n for n, box in enumerate(self.boxes) if not any(meet(box, other) for other in windows)]

    def questions(self, rng: random.Random, windows: Sequence[Bounds]) -> list[Question]:
        """About all of them, where all are seen, else about those that are."""
        seen = self.seen(windows)
        asked: list[Question] = []
        if not seen:
            return asked
        name = self.names[rng.choice(seen)]
        asked.append(question(rng, "present", "Yes", _IS_ICON, name=name))
        absent = rng.choice([one for one in _NAMES if one not in self.names])
        if len(seen) == len(self.names):
            asked.append(question(rng, "present", "No", _IS_ICON, name=absent))
            asked.append(question(rng, "list", ", ".join(self.names), _ICONS))
            asked.append(question(rng, "how_many", str(len(self.names)), _ICON_COUNT))
            asked.append(question(rng, "value", self.names[0], _FIRST_ICON))
            asked.append(question(rng, "value", self.names[-1], _LAST_ICON))
        pairs = [n for n in seen if n + 1 in seen and rng.random() < 0.5]
        asked += [question(rng, "value", self.names[n + 1], _BELOW_ICON, name=self.names[n]) for n in pairs]
        if self.chosen and self.names.index(self.chosen) in seen:
            asked.append(question(rng, "selected", self.chosen, _CHOSEN_ICON))
        return asked


def draw_icons(rng: random.Random, sketch: Sketch, style: Style, writer: Writer, height: int) -> Icons:
    """A column of icons at the left or at the right, from the top on, sometimes; windows are drawn over them."""
    icons = Icons()
    if rng.random() >= _ICONS_SHARE:
        return icons
    pen, size = style.type.pen(0.95), style.px(rng.choice((28, 36, 44)))
    wide, pitch = max(size * 2.4, pen.size * 7), size + pen.line * 2.2
    left = style.px(10) if rng.random() < 0.75 else sketch.image.width - wide - style.px(10)
    count = rng.randint(1, max(1, min(9, int((height - style.px(20)) / pitch))))
    names = list(dict.fromkeys(_icon_name(rng, writer) for _ in range(count)))
    names = [name for name in names if pen.width(name) < wide - 4]
    icons.chosen = rng.choice(names) if names and rng.random() < _CHOSEN_SHARE else ""
    kept = sketch.glyphs
    for n, name in enumerate(names):
        top, middle = style.px(12) + n * pitch, left + wide / 2
        if top + pitch > height:
            break
        box = (round(left), round(top), round(left + wide), round(top + size + pen.line * 1.5))
        _draw_icon(rng, sketch, (middle - size / 2, top, middle + size / 2, top + size))
        label = (middle - pen.width(name) / 2 - 3, top + size + 2, middle + pen.width(name) / 2 + 3, box[3])
        ground = style.theme.accent if name == icons.chosen else (25, 25, 30) if rng.random() < 0.5 else (245, 245, 245)
        sketch.draw.rectangle(tuple(round(edge) for edge in label), ground)
        ink = (0, 0, 0) if luminance(ground) > 140 else (255, 255, 255)
        sketch.glyphs = []
        sketch.text(label[0] + 3, sketch.row(label[1], label[3], pen), name, pen, ink)
        icons.names.append(name)
        icons.boxes.append(box)
        icons.glyphs.append(sketch.glyphs)
    sketch.glyphs = kept
    icons.chosen = icons.chosen if icons.chosen in icons.names else ""
    return icons


def _icon_name(rng: random.Random, writer: Writer) -> str:
    """Of a place, a file, a program or anything."""
    return rng.choice((rng.choice(_NAMES), rng.choice(_NAMES), str(writer.file()), str(writer.slot("app")),
                       str(writer.slot("noun")).capitalize()))  # fmt: skip


def _draw_icon(rng: random.Random, sketch: Sketch, box: tuple[float, float, float, float]) -> None:
    """A folder, a sheet, a disc or a square with round corners."""
    left, top, right, bottom = (round(edge) for edge in box)
    colour, draw, side = rng.choice(_ICON_COLOURS), sketch.draw, (right - left) // 4
    shape = rng.randrange(4)
    if shape == 0:
        draw.rectangle((left, top + side, right, bottom), colour)
        draw.rectangle((left, top + side // 2, left + 2 * side, top + side), colour)
    elif shape == 1:
        draw.rectangle((left + side // 2, top, right - side // 2, bottom), (250, 250, 250), (90, 90, 90))
        for n in range(1, 5):
            draw.line((left + side, top + n * side * 3 // 4, right - side, top + n * side * 3 // 4), colour)
    elif shape == 2:
        draw.ellipse((left, top, right, bottom), colour)
    else:
        draw.rounded_rectangle((left, top, right, bottom), max(2, side), colour)


def panel_height(rng: random.Random, style: Style) -> int:
    """Of a panel at the top, px: 0 on most screens."""
    return style.px(rng.choice((22, 26, 30))) if rng.random() < _PANEL_SHARE else 0


def under_panel(rng: random.Random, screen: Screen, style: Style, writer: Writer, high: int, *, clock: bool,
                legible: bool) -> Screen:  # fmt: skip
    """The screen below a panel with a menu at the left, and a clock where there is none yet."""
    width = screen.image.width
    ground, ink = rng.choice((((20, 20, 22), (240, 240, 240)), ((240, 240, 242), (20, 20, 20)),
                              (style.theme.window, style.theme.ink)))  # fmt: skip
    sketch = Sketch(width, screen.image.height + high, ground)
    pen = style.type.pen(0.9, bold=rng.random() < 0.3)
    row, left = sketch.row(0, high, pen), rng.choice(_MENUS)
    sketch.text(style.px(10), row, left, pen, ink)
    said = [question(rng, "value", " ".join(left.split()), _PANEL)]
    time = writer.time()
    if not clock:
        day = f"{rng.choice(DAYS)[:3]} {rng.randint(1, 28)} {rng.choice(MONTHS)[:3]}"
        shown = rng.choice((time, f"{day} {time}"))
        x = (width - pen.width(shown)) / 2 if rng.random() < 0.5 else width - pen.width(shown) - style.px(60)
        sketch.text(x, row, shown, pen, ink)
        said.append(question(rng, "value", time, _PANEL_CLOCK))
    for n in range(rng.randint(1, 4)):
        x, r = width - style.px(10 + 14 * n), max(2, high // 6)
        sketch.draw.ellipse((x - r, high // 2 - r, x + r, high // 2 + r), ink)
    sketch.image.paste(screen.image, (0, high))
    below = moved(screen, 0, high)
    return replace(below, image=sketch.image, glyphs=(*sketch.glyphs, *glyphs_moved(screen, 0, high)),
                   questions=(*below.questions, *(said if legible else ())))  # fmt: skip
