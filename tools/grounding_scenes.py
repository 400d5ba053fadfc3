"""Images whose text is known to the letter: receipts, dialogs, tables and dashboards in several fonts."""

from __future__ import annotations

import functools
import random
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image, ImageDraw, ImageFont

FAMILIES = (
    "DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono", "Inter", "Roboto", "Open Sans", "Liberation Sans",
    "Liberation Serif", "Liberation Mono", "Fira Code", "Hack", "Cantarell", "Nimbus Roman", "Roboto Condensed",
)  # fmt: skip
"""Those of them that are installed are used."""

_SIZES = (11, 12, 13, 14, 16, 18, 22)
_GOODS = (
    "Cappuccino", "Almond croissant", "Blueberry muffin", "Espresso", "Green tea", "Sourdough loaf", "Olive oil",
    "Tomato soup", "Cheddar cheese", "Oat milk", "Dark chocolate", "Orange juice", "Basmati rice", "Peanut butter",
    "Fresh salmon", "Garlic bread", "Mineral water", "Apple pie", "Honey yogurt", "Ground coffee", "Lemon cake",
)  # fmt: skip
_SHOPS = ("Corner Cafe", "Miller's Bakery", "Green Market", "Harbour Foods", "Old Town Deli", "Sunrise Grocery")
_PEOPLE = (
    "Alice Turner", "Bruno Keller", "Chen Wei", "Dora Novak", "Emil Larsson", "Fatima Haddad", "George Price",
    "Hanna Vogel", "Ivan Petrov", "Julia Santos", "Karl Jensen", "Laura Bianchi", "Marek Nowak", "Nina Castillo",
)  # fmt: skip
_STATES = ("Paid", "Overdue", "Pending", "Shipped", "Cancelled", "Refunded")
_TITLES = ("Connection failed", "Update available", "Disk almost full", "Permission denied", "Sync interrupted")
_MESSAGES = (
    "The server closed the connection before the transfer was complete.",
    "A newer version of this program can be installed now.",
    "Only a small amount of space is left on this drive.",
    "You need administrator rights to change this folder.",
    "Some files were changed on both devices since the last run.",
)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_BUTTONS = ("Retry", "Cancel", "Save as", "Install now", "Remind me later", "Show details", "Skip file", "Open folder")
_METRICS = (
    "Active users", "Monthly revenue", "Conversion rate", "Open tickets", "Page views", "Average order", "Bounce rate",
    "New customers", "Server uptime", "Refund rate",
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """Something that stands in an image: its name in the image or in JSON, what stands, and its kind.

    `kind` is "text", "money", "number", "percent", "date", "code" or "path".
    """

    name: str
    value: str
    kind: str


@dataclass
class Scene:
    """An image and what is known of it.

    Attributes:
        noun: what people call it.
        facts: about all of it.
        columns, rows: of what stands as a table; every cell stands in the image.
        texts: everything that was drawn.
    """

    noun: str
    image: Image.Image
    facts: list[Fact] = field(default_factory=list)
    columns: tuple[Fact, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


class _Sketch:
    """Draws lines of text and remembers them."""

    def __init__(self, rng: random.Random, noun: str, size: tuple[int, int]) -> None:
        self.rng = rng
        self.dark = rng.random() < 0.35
        self.paper = rng.choice(("#1e1e20", "#12161c", "#26262b") if self.dark else ("#ffffff", "#f6f5f0", "#eef1f5"))
        self.ink = rng.choice(("#e8e8ea", "#c9d1d9") if self.dark else ("#1c1c1a", "#333340"))
        self.family = rng.choice(families())
        self.px = rng.choice(_SIZES)
        self.zoom = self.px / 14
        image = Image.new("RGB", (round(size[0] * self.zoom), round(size[1] * self.zoom)), self.paper)
        self.scene = Scene(noun, image)
        self._draw = ImageDraw.Draw(image)

    def text(self, x: float, y: float, text: str, scale: float = 1.0, *, right: bool = False) -> None:
        font = font_of(self.family, round(self.px * scale))
        place = (round(x * self.zoom), round(y * self.zoom))
        self._draw.text(place, text, font=font, fill=self.ink, anchor="ra" if right else "la")
        self.scene.texts.append(text)

    def width(self, text: str) -> float:
        """At the usual size, in the units of places."""
        return font_of(self.family, self.px).getlength(text) / self.zoom

    def rule(self, y: float) -> None:
        height = round(y * self.zoom)
        self._draw.line((20, height, self.scene.image.width - 20, height), fill="#888888")

    def frame(self, left: float, top: float, right: float, bottom: float) -> None:
        box = tuple(round(side * self.zoom) for side in (left, top, right, bottom))
        self._draw.rounded_rectangle(box, 6, outline="#888888")

    def fact(self, name: str, value: str, kind: str) -> str:
        self.scene.facts.append(Fact(name, value, kind))
        return value


@functools.cache
def families() -> tuple[str, ...]:
    """The installed ones of `FAMILIES`."""
    return tuple(family for family in FAMILIES if family.split()[0] in _file_of(family, "family"))


@functools.cache
def font_of(family: str, px: int) -> ImageFont.FreeTypeFont:
    """A font of the system."""
    return ImageFont.truetype(_file_of(family, "file"), px)


@functools.cache
def _file_of(family: str, what: str) -> str:
    return subprocess.run(["fc-match", "-f", f"%{{{what}}}", family], capture_output=True, text=True, check=True).stdout


def draw_scene(rng: random.Random) -> Scene:
    """An image of a random kind; of the same state of `rng` always the same."""
    makers: tuple[Callable[[random.Random], Scene], ...] = (_receipt, _dialog, _table, _dashboard)
    return rng.choice(makers)(rng)


def _receipt(rng: random.Random) -> Scene:
    sketch = _Sketch(rng, "receipt", (430, 470))
    sign, comma = rng.choice((("$", False), ("", False), ("\u20ac", False), ("", True)))
    sketch.text(130, 18, sketch.fact("merchant", rng.choice(_SHOPS), "text"), 1.4)
    sketch.text(30, 60, sketch.fact("date", random_date(rng), "date"))
    sketch.text(300, 60, f"{rng.randint(8, 21):02}:{rng.randint(0, 59):02}")
    sketch.text(30, 85, "Invoice " + sketch.fact("invoice number", random_code(rng), "code"))
    sketch.rule(110)
    y, total = 122, 0
    for name in rng.sample(_GOODS, rng.randint(3, 6)):
        cents, count = rng.randint(95, 4999), rng.randint(1, 4)
        total += cents
        price = money(cents, sign, comma=comma)
        sketch.text(30, y, str(count))
        sketch.text(60, y, name)
        sketch.text(400, y, price, right=True)
        sketch.scene.rows.append((name, price))
        y += 26
    sketch.scene.columns = (Fact("Item", "", "text"), Fact("Price", "", "money"))
    sketch.rule(y + 4)
    tax = total * 7 // 100
    for name, cents in (("Subtotal", total), ("Tax", tax), ("Total", total + tax)):
        y += 26
        sketch.text(60, y, name)
        sketch.text(400, y, sketch.fact(name.lower(), money(cents, sign, comma=comma), "money"), right=True)
    sketch.text(
        60, y + 40, sketch.fact("closing line", rng.choice(("Thank you for your visit", "See you soon")), "text")
    )
    return sketch.scene


def _dialog(rng: random.Random) -> Scene:
    sketch = _Sketch(rng, "dialog", (640, 230))
    number = rng.randrange(len(_TITLES))
    sketch.text(24, 16, sketch.fact("title", _TITLES[number], "text"), 1.2)
    sketch.text(24, 56, sketch.fact("message", _MESSAGES[number], "text"))
    sketch.text(24, 84, "Error code: " + sketch.fact("error code", f"0x{rng.randrange(16**8):08X}", "code"))
    folder = rng.choice(("projects", "backup", "invoices", "photos"))
    path = f"C:\\Users\\{rng.choice(_PEOPLE).split()[0].lower()}\\{folder}\\{rng.randint(2018, 2026)}"
    sketch.text(24, 112, "Folder: " + sketch.fact("folder", path, "path"))
    sketch.text(24, 140, "Free space: " + sketch.fact("free space", f"{rng.randint(10, 999) / 10} GB", "number"))
    x = 640
    for name in rng.sample(_BUTTONS, 3):
        x -= 150
        sketch.frame(x, 178, x + 135, 212)
        sketch.text(x + 14, 186, sketch.fact("button", name, "text"))
    return sketch.scene


def _table(rng: random.Random) -> Scene:
    count = rng.randint(4, 9)
    sketch = _Sketch(rng, "table", (900, 80 + 30 * count))
    columns = (("Customer", "text"), ("Order", "code"), ("Date", "date"), ("Amount", "money"), ("Status", "text"))
    sketch.scene.columns = tuple(Fact(name, "", kind) for name, kind in columns)
    sign, comma, form = rng.choice(("", "$", "\u20ac")), rng.random() < 0.3, rng.randrange(5)
    for person in rng.sample(_PEOPLE, count):
        amount = money(rng.randint(1000, 999999), sign, comma=comma)
        sketch.scene.rows.append((person, random_code(rng), random_date(rng, form), amount, rng.choice(_STATES)))
    left, gap = 24.0, rng.randint(14, 40)
    for number, (name, _) in enumerate(columns):
        cells = [name, *(row[number] for row in sketch.scene.rows)]
        for place, cell in enumerate(cells):
            sketch.text(left, 16 + 30 * place + (8 if place else 0), cell)
        left += max(map(sketch.width, cells)) + gap
    sketch.rule(44)
    return sketch.scene


def _dashboard(rng: random.Random) -> Scene:
    sketch = _Sketch(rng, "dashboard", (720, 330))
    sketch.text(
        24, 14, sketch.fact("title", rng.choice(("Sales overview", "Weekly report", "Team dashboard")), "text"), 1.4
    )
    sketch.text(500, 20, sketch.fact("date", random_date(rng), "date"))
    for number, name in enumerate(rng.sample(_METRICS, 6)):
        x, y = 24 + 230 * (number % 3), 70 + 125 * (number // 3)
        sketch.frame(x, y, x + 210, y + 105)
        kind = "percent" if "rate" in name or "uptime" in name else "money" if "re" in name.lower()[:12] else "number"
        value = {
            "percent": f"{rng.randint(10, 999) / 10}%",
            "money": money(rng.randint(100000, 99999999), "$"),
            "number": f"{rng.randint(1000, 9999999):,}",
        }[kind]
        sketch.text(x + 14, y + 14, name)
        sketch.text(x + 14, y + 40, sketch.fact(name, value, kind), 1.7)
        sketch.text(x + 14, y + 78, f"{rng.choice('+-')}{rng.randint(1, 99) / 10}% this week", 0.85)
    return sketch.scene


def money(cents: int, sign: str = "", *, comma: bool = False) -> str:
    """An amount as it is written: $1,234.50 or 1.234,50."""
    written = f"{cents / 100:,.2f}"
    if comma:
        written = written.translate(str.maketrans(",.", ".,"))
    return f"{written} {sign}" if sign == "\u20ac" and comma else sign + written


def random_code(rng: random.Random) -> str:
    """A number such as those of invoices and orders."""
    return f"{rng.choice(('INV', 'ORD', 'R', 'PO'))}-{rng.randint(2019, 2026)}-{rng.randint(100, 9999):04}"


def random_date(rng: random.Random, form: int | None = None) -> str:
    """A date in one of five forms."""
    year, month, day = rng.randint(2019, 2026), rng.randint(1, 12), rng.randint(1, 28)
    return dates_of(year, month, day)[rng.randrange(5) if form is None else form]


def dates_of(year: int, month: int, day: int) -> tuple[str, ...]:
    """One date in five forms."""
    name = _MONTHS[month - 1]
    return (
        f"{year}-{month:02}-{day:02}",
        f"{day} {name} {year}",
        f"{name[:3]} {day}, {year}",
        f"{month:02}/{day:02}/{year}",
        f"{day:02}.{month:02}.{year}",
    )
