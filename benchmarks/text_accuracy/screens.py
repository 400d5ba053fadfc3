"""Screens with known text: windows of nine kinds, in many fonts, sizes and colours, drawn by Pillow."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from benchmarks.text_accuracy import texts
from desktop_vlm.api.text_layer import Box

SIZES_PX = (10, 11, 12, 13, 14, 16, 18, 20, 24)
WIDTH_PX, HEIGHT_PX = 640, 400
"""Of a screen at 1x, for text of up to 14 px; larger text has larger screens."""

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")
PROPORTIONAL = (
    "DejaVuSans.ttf",
    "Inter-Regular.otf",
    "LiberationSans-Regular.ttf",
    "OpenSans-Regular.ttf",
    "Roboto-Regular.ttf",
    "Cantarell-Regular.otf",
    "LiberationSerif-Regular.ttf",
    "DejaVuSerif.ttf",
    "NimbusSans-Regular.otf",
    "DejaVuSansCondensed.ttf",
    "Inter-SemiBold.otf",
    "DejaVuSans-Bold.ttf",
)
MONOSPACED = (
    "DejaVuSansMono.ttf",
    "LiberationMono-Regular.ttf",
    "Hack-Regular.ttf",
    "FiraCode-Regular.ttf",
    "NimbusMonoPS-Regular.otf",
)
CJK = "NotoSansCJK-Regular.ttc"
CJK_FACES = {"jpn": 0, "chi_sim": 2}
"""Which font of the file has a language's forms."""


@dataclass(frozen=True)
class Theme:
    """Colours of paper, text, a frame, and of what stands out."""

    name: str
    paper: str
    ink: str
    frame: str
    accents: tuple[str, ...]


THEMES = (
    Theme("light", "#ffffff", "#1f2328", "#d0d7de", ("#cf222e", "#0550ae", "#116329")),
    Theme("dark", "#1e1e1e", "#d4d4d4", "#3c3c3c", ("#569cd6", "#ce9178", "#6a9955")),
    Theme("light", "#f6f5f4", "#5e5c64", "#cdc7c2", ("#1a5fb4", "#a51d2d", "#26a269")),
    Theme("dark", "#0d1117", "#8b949e", "#30363d", ("#ff7b72", "#79c0ff", "#7ee787")),
)
"""The later two are pale: secondary text of well-known programs."""


@dataclass(frozen=True)
class TrueWord:
    """A word and the rectangle of its ink; as high as its line's ink."""

    text: str
    box: Box


@dataclass(frozen=True)
class TrueLine:
    """A line that stands on a screen."""

    text: str
    box: Box
    words: tuple[TrueWord, ...]


@dataclass
class Screen:
    """A rendered screen.

    Attributes:
        name: kind, size, theme and scale.
        size_px: of its text at 1x.
        languages: as tesseract calls them.
    """

    name: str
    kind: str
    size_px: int
    scale: int
    theme: str
    languages: str
    image: Image.Image
    lines: list[TrueLine] = field(default_factory=list)


@cache
def font_file(name: str) -> Path:
    for folder in FONT_FOLDERS:
        found = sorted(Path(folder).rglob(name)) if Path(folder).is_dir() else []
        if found:
            return found[0]
    raise FileNotFoundError(name)


@cache
def installed(names: Sequence[str]) -> tuple[str, ...]:
    """Those of some fonts that this computer has."""

    def is_here(name: str) -> bool:
        try:
            font_file(name)
        except FileNotFoundError:
            return False
        return True

    return tuple(name for name in names if is_here(name))


class Painter:
    """Draws text and notes where it stands.

    Attributes:
        unit: height of a row of text, px of the image.
    """

    def __init__(self, screen: Screen, theme: Theme, font: tuple[Path, int], subpixels: bool) -> None:
        self.screen, self.theme, self.subpixels = screen, theme, subpixels
        self.size = screen.size_px * screen.scale
        self.font = ImageFont.truetype(str(font[0]), self.size, index=font[1])
        self.wide = ImageFont.truetype(str(font[0]), self.size * 3, index=font[1])
        self.unit = round(self.size * 1.6)
        self.draw = ImageDraw.Draw(screen.image)

    @property
    def width(self) -> int:
        return self.screen.image.width

    @property
    def height(self) -> int:
        return self.screen.image.height

    def length(self, text: str) -> float:
        return self.wide.getlength(text) / 3 if self.subpixels else self.font.getlength(text)

    def text(self, left: float, top: float, text: str, colour: str | None = None) -> bool:
        """One line of text with its row's top left corner there; False where it has no room."""
        left, baseline = round(left), round(top + self.unit * 0.5 + self.size * 0.36)
        if left + self.length(text) > self.width - 2 or baseline + self.size * 0.3 > self.height or not text.strip():
            return False
        colour = colour or self.theme.ink
        if self.subpixels:
            self._with_subpixels(left, baseline, text, colour)
        else:
            self.draw.text((left, baseline), text, font=self.font, fill=colour, anchor="ls")
        self.screen.lines.append(self._truth(left, baseline, text))
        return True

    def _with_subpixels(self, left: int, baseline: int, text: str, colour: str) -> None:
        """As an LCD shows it: a column of red, green and blue each has its own coverage."""
        ink = self.wide.getbbox(text, anchor="ls")
        pad = 6
        x0, y0 = (int(ink[0]) // 3 - pad) * 3, (int(ink[1]) // 3 - pad) * 3
        x1, y1 = (int(ink[2]) // 3 + pad) * 3, (int(ink[3]) // 3 + pad) * 3
        mask = Image.new("L", (x1 - x0, y1 - y0))
        ImageDraw.Draw(mask).text((-x0, -y0), text, font=self.wide, fill=255, anchor="ls")
        mask = mask.resize((mask.width, mask.height // 3), Image.Resampling.BOX)
        size = (mask.width // 3, mask.height)
        bands = [
            mask.crop((shift, 0, mask.width + shift, mask.height)).resize(size, Image.Resampling.BOX)
            for shift in (-1, 0, 1)
        ]
        place = (left + x0 // 3, baseline + y0 // 3)
        under = self.screen.image.crop((*place, place[0] + size[0], place[1] + size[1]))
        solid = Image.new("RGB", size, colour)
        parts = [
            Image.composite(over, below, band)
            for over, below, band in zip(solid.split(), under.split(), bands, strict=True)
        ]
        self.screen.image.paste(Image.merge("RGB", parts), place)

    def _truth(self, left: float, baseline: float, text: str) -> TrueLine:
        font, factor = (self.wide, 3) if self.subpixels else (self.font, 1)

        def ink(part: str, before: str) -> Box:
            x0, y0, x1, y1 = font.getbbox(part, anchor="ls")
            at = font.getlength(before) + left * factor
            return Box((at + x0) / factor, baseline + y0 / factor, (at + x1) / factor, baseline + y1 / factor)

        spans: list[tuple[str, Box]] = []
        at = 0
        for part in text.split(" "):
            if part:
                spans.append((part, ink(part, text[:at])))
            at += len(part) + 1
        whole = spans[0][1]
        for _, box in spans:
            whole = whole.union(box)
        words = tuple(TrueWord(part, Box(box.left, whole.top, box.right, whole.bottom)) for part, box in spans)
        return TrueLine(text.strip(), whole, words)

    def row(self, left: float, top: float, parts: Sequence[str], gap: float) -> None:
        """Texts beside each other, each a line of its own."""
        for part in parts:
            self.text(left, top, part)
            left += self.length(part) + gap

    def frame(self, left: float, top: float, right: float, bottom: float) -> None:
        self.draw.rectangle((left, top, right, bottom), outline=self.theme.frame, width=self.screen.scale)

    def wrapped(self, left: float, top: float, right: float, text: str) -> float:
        """A paragraph between two edges; the top of what comes below it."""
        line = ""
        for word in text.split(" "):
            longer = f"{line} {word}".strip()
            if line and self.length(longer) > right - left:
                self.text(left, top, line)
                top, line = top + self.unit, word
            else:
                line = longer
        self.text(left, top, line)
        return top + self.unit


def prose(paint: Painter, rng: random.Random) -> None:
    top, edge = paint.unit * 0.5, paint.size * 2
    while top < paint.height - paint.unit:
        text = " ".join(rng.sample(texts.ENGLISH, 3))
        top = paint.wrapped(edge, top, paint.width - edge, text) + paint.unit * 0.6


def window(paint: Painter, rng: random.Random) -> None:
    """A menu, a sidebar, what is in it, and buttons."""
    unit = paint.unit
    paint.row(paint.size, unit * 0.3, rng.sample(texts.LABELS, 6), paint.size * 1.5)
    paint.draw.line((0, unit * 1.6, paint.width, unit * 1.6), fill=paint.theme.frame)
    side = paint.size * 10
    paint.draw.line((side, unit * 1.6, side, paint.height), fill=paint.theme.frame)
    for number, text in enumerate(rng.sample(texts.SIDEBAR, 7)):
        paint.text(paint.size, unit * (2 + 1.3 * number), text)
    top = unit * 2.0
    for text in rng.sample(texts.ENGLISH, 3):
        top = paint.wrapped(side + paint.size, top, paint.width - paint.size, text) + unit * 0.5
    left = float(side + paint.size)
    for text in rng.sample(texts.BUTTONS, 3):
        width = paint.length(text) + paint.size * 2
        if top + unit * 1.5 < paint.height:
            paint.frame(left, top, left + width, top + unit * 1.4)
            paint.text(left + paint.size, top + unit * 0.2, text)
        left += width + paint.size


def form(paint: Painter, rng: random.Random) -> None:
    fields = rng.sample(texts.FIELDS, len(texts.FIELDS))
    for number, (label, value) in enumerate(fields):
        top = paint.unit * (0.5 + 1.5 * number)
        if top + paint.unit > paint.height:
            break
        paint.text(paint.size, top, label)
        paint.frame(paint.size * 9, top - 2, paint.width - paint.size, top + paint.unit + 2)
        paint.text(paint.size * 9.6, top, value)


def table(paint: Painter, rng: random.Random) -> None:
    edges = [float(paint.size * part) for part in (1, 10, 17, 21, 28)]
    rows = [texts.COLUMNS, *rng.sample(texts.ROWS, len(texts.ROWS))]
    for number, row in enumerate(rows):
        top = paint.unit * (0.5 + 1.25 * number)
        if top + paint.unit > paint.height:
            break
        paint.draw.line((0, top - 3, paint.width, top - 3), fill=paint.theme.frame)
        for column, (left, cell) in enumerate(zip(edges, row, strict=True)):
            shift = 0.0 if column < 2 else paint.size * 5.5 - paint.length(cell)
            paint.text(left + shift if number and column > 2 else left, top, cell)


def listing(lines: Sequence[str], *, coloured: bool) -> Callable[[Painter, random.Random], None]:
    def drawn(paint: Painter, rng: random.Random) -> None:
        first = rng.randrange(len(lines))
        for number in range(len(lines)):
            text = lines[(first + number) % len(lines)]
            colour = rng.choice((paint.theme.ink, paint.theme.ink, *paint.theme.accents)) if coloured else None
            top = paint.unit * (0.4 + 0.9 * number)
            indent = paint.length(" ") * (len(text) - len(text.lstrip()))
            paint.text(paint.size + indent, top, text.strip(), colour)

    return drawn


def sentences(lines: Sequence[str]) -> Callable[[Painter, random.Random], None]:
    def drawn(paint: Painter, rng: random.Random) -> None:
        for number, text in enumerate(rng.sample(lines, len(lines))):
            paint.text(paint.size, paint.unit * (0.5 + 1.2 * number), text)

    return drawn


KINDS: tuple[tuple[str, str, str, Callable[[Painter, random.Random], None]], ...] = (
    ("prose", "proportional", "eng", prose),
    ("window", "proportional", "eng", window),
    ("form", "proportional", "eng+deu", form),
    ("table", "proportional", "eng", table),
    ("identifiers", "proportional", "eng", sentences(texts.IDENTIFIERS)),
    ("code", "monospaced", "eng", listing(texts.CODE, coloured=True)),
    ("terminal", "monospaced", "eng", listing(texts.TERMINAL, coloured=False)),
    ("european", "proportional", "deu+fra+spa+pol", sentences([text for _, text in texts.EUROPEAN])),
    ("chinese", "cjk", "chi_sim", sentences(texts.CHINESE)),
    ("japanese", "cjk", "jpn", sentences(texts.JAPANESE)),
)


def screens(*, every: int = 1) -> Iterator[Screen]:
    """All 360 screens, or one of `every`; the same each time on a computer with the same fonts."""
    number = -1
    for size in SIZES_PX:
        for scale in (1, 2):
            for dark in (0, 1):
                for kind in range(len(KINDS)):
                    number += 1
                    if number % every == 0:
                        yield render(number, kind, size, scale, dark)


def render(number: int, kind_number: int, size: int, scale: int, dark: int) -> Screen:
    kind, faces, languages, fill = KINDS[kind_number]
    rng = random.Random(number)
    theme = THEMES[dark + 2 * (number // 10 % 2 if scale == 1 else number // 20 % 2)]
    grow = max(1.0, size / 14) * scale
    image = Image.new("RGB", (round(WIDTH_PX * grow), round(HEIGHT_PX * grow)), theme.paper)
    name = f"{kind}-{size}px-{scale}x-{number}"
    screen = Screen(name, kind, size, scale, theme.name, languages, image)
    if faces == "cjk":
        font = (font_file(CJK), CJK_FACES[languages])
    else:
        fonts = installed(PROPORTIONAL if faces == "proportional" else MONOSPACED)
        font = (font_file(rng.choice(fonts)), 0)
    fill(Painter(screen, theme, font, subpixels=rng.random() < 0.3), rng)
    return screen
