"""Where a text stands in an image: it is drawn with Pango in the fonts that a window may use, and looked for.

What a program says about itself may be a tooltip, scrolled away, or cut off. What is found here is seen.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from training.screens.records import Box

_Font: TypeAlias = "tuple[str, float, bool, bool]"
"""Family, pt, whether it is bold, whether its letters are fitted to whole pixels."""
_HALF = 0.5
_END, _LEAST_LIKE_AT_ENDS = 14, 0.42
"""Width of a text's ends, px, and the correlation that they must have by themselves."""
_FEW = 3
LEAST_LIKE, LEAST_LIKE_OF_FEW = 0.66, 0.82
"""Correlation from which on a text counts as found; of three letters and less another."""
_MOST_WIDE = 900
_AS_OTHERS = 0.6
"""Likeness on average from which on a font is that of texts that were not found; some are cut off, or behind others."""
_AS_BEFORE = 0.93
"""Likeness of a window's texts on average from which on the font of the window before is taken to be its font."""


@dataclass(frozen=True)
class Found:
    """A text in an image: its ink's box, px, its letters' height, px, and how large and bold its font is."""

    box: Box
    letters: float
    size: float
    is_bold: bool


@dataclass(frozen=True)
class _Drawn:
    ink: Any
    letters: float


class Finder:
    """Looks for texts in the fonts of a window.

    Args:
        family: the font that the window was given to use; it may use another.
        size: its size, pt at 96 dpi.
    """

    def __init__(self, family: str, size: float) -> None:
        families = dict.fromkeys((family, "DejaVu Sans", "Noto Sans", "Cantarell"))
        sizes = dict.fromkeys((size, 10.0, 9.0, size - 1, size + 1))
        self._tried: list[_Font] = [
            (one, pt, False, full) for one in families for pt in sizes for full in (True, False)
        ]
        self._fonts: list[_Font] = []
        wide = ("Monospace", "Liberation Mono", "Noto Sans Mono", "FreeMono")
        sizes_of_others = dict.fromkeys((9.0, 10.0, 11.0, 12.0, 8.0, 13.0, 14.0, size))
        self._others: list[_Font] = [(one, pt, False, False) for one in wide for pt in sizes_of_others]
        self._others += [(one, pt, bold, False) for one in families for pt in sizes_of_others for bold in (True, False)]
        self._more: list[_Font] = []
        self._cache: dict[tuple[str, _Font], _Drawn | None] = {}

    def choose(self, pixels: Any, texts: Sequence[tuple[str, Box]]) -> None:
        """Find out which font a window uses, by short texts and where they are, px."""
        parts = [(text, _Part(pixels, box)) for text, box in texts]
        if self._fonts and parts and self._score(self._fonts[0], parts) > _AS_BEFORE * len(parts):
            return
        scores = {font: self._score(font, parts) for font in self._tried}
        chosen = sorted(scores, key=lambda font: -scores[font])[:2]
        family, size, _, full = chosen[0]
        scales = ((1.0, True), (1.2, True), (0.83, False), (0.9, False), (1.2, False), (1.1, True))
        others: list[_Font] = [(family, round(size * scale, 1), bold, full) for scale, bold in scales]
        self._fonts = [*chosen, *others, ("Monospace", size, False, full)]

    def choose_more(self, pixels: Any, texts: Sequence[tuple[str, Box]]) -> None:
        """Another font, of tables and boxes of text whose texts are not found in those of the window.

        Args:
            pixels: as of `find`.
            texts: some that were not found, and where they are, px.
        """
        parts = [(text, _Part(pixels, box)) for text, box in texts]
        least = _AS_OTHERS * len(parts)
        for font in self._more:
            if self._score(font, parts) >= least:
                self._fonts.insert(2, font)
                return
        scores = {font: self._score(font, parts) for font in self._others if font not in self._fonts}
        best = max(scores, key=scores.__getitem__)
        if scores[best] >= least:
            self._more.append(best)
            self._fonts.insert(2, best)

    def _score(self, font: _Font, parts: Sequence[tuple[str, _Part]]) -> float:
        """How well texts in a font fit: the sum of their likenesses."""
        total = 0.0
        for text, part in parts:
            drawn = self._drawn(text, font)
            if drawn is not None and part.has_room_for(drawn):
                like = part.best(drawn.ink)[0]
                total += like if like > _HALF else 0.0
        return total

    def find(self, pixels: Any, text: str, box: Box) -> Found | None:
        """A text of one line in a part of an image; None where it is not seen.

        Args:
            pixels: the image's brightness, (height, width), float.
            text: what is looked for.
            box: where, px; the text may pass it by two pixels.
        """
        part = _Part(pixels, box)
        for font in self._fonts:
            drawn = self._drawn(text, font)
            if drawn is None or not part.has_room_for(drawn):
                continue
            like, down, across = part.best(drawn.ink)
            if like >= (LEAST_LIKE if len(text) > _FEW else LEAST_LIKE_OF_FEW):
                high, wide = drawn.ink.shape
                if not _has_both_ends(part.pixels[down : down + high, across : across + wide], drawn.ink):
                    continue
                at = (float(part.left + across), float(part.top + down))
                _, size, bold, _ = font
                return Found((*at, at[0] + wide, at[1] + high), drawn.letters, size, bold)
        return None

    def find_lines(self, pixels: Any, text: str, box: Box) -> Found | None:
        """A text that may be wrapped: all its words, each below or to the right of the one before it."""
        whole = self.find(pixels, text, box) if "\n" not in text and len(text) < 120 else None
        if whole is not None or " " not in text.strip():
            return whole
        words = text.split()
        found: list[Found] = []
        line_top, left = box[1], box[0]
        for word in words:
            one = self.find(pixels, word, (left, line_top - 3, box[2], line_top + 40)) if found else None
            if one is None:
                below = found[-1].box[3] - 4 if found else box[1]
                one = self.find(pixels, word, (box[0], below, box[2], min(box[3], below + 60)))
            if one is None:
                return None
            found.append(one)
            line_top, left = one.box[1] - 6, one.box[2] + 1
        boxes = [one.box for one in found]
        around = (
            min(b[0] for b in boxes),
            min(b[1] for b in boxes),
            max(b[2] for b in boxes),
            max(b[3] for b in boxes),
        )
        return Found(around, found[0].letters, found[0].size, found[0].is_bold)

    def _drawn(self, text: str, font: _Font) -> _Drawn | None:
        if (text, font) not in self._cache:
            self._cache[text, font] = _draw(text, font)
        return self._cache[text, font]


class _Part:
    """A part of the pixels with two more on each side, where inks are looked for.

    Attributes:
        pixels: the part's brightness.
        left: where it begins in the image, px.
        top: where it begins in the image, px.
    """

    def __init__(self, pixels: Any, box: Box) -> None:
        height, width = pixels.shape
        self.left, self.top = max(0, int(box[0]) - 2), max(0, int(box[1]) - 2)
        self.pixels = pixels[self.top : min(height, int(box[3]) + 3), self.left : min(width, int(box[2]) + 3)]
        self._known: tuple[Any, Any, Any, tuple[int, int]] | None = None

    def has_room_for(self, drawn: _Drawn) -> bool:
        return bool(drawn.ink.shape[0] <= self.pixels.shape[0] and drawn.ink.shape[1] <= self.pixels.shape[1])

    def best(self, ink: Any) -> tuple[float, int, int]:
        """The largest correlation of the ink with a place here, light on dark or dark on light, and that place."""
        if self._known is None:
            even = (self.pixels - self.pixels.mean()).astype(np.float64)
            shape = (_smooth(even.shape[0]), _smooth(even.shape[1]))
            self._known = np.fft.rfft2(even, shape), _totals(even), _totals(even**2), shape
        transformed, totals, squares, shape = self._known
        template = ink - ink.mean()
        # No place that counts reaches over an edge, so that the transform needs no margin.
        product = np.fft.irfft2(transformed * np.conj(np.fft.rfft2(template, shape)), shape)
        down, across = self.pixels.shape[0] - ink.shape[0] + 1, self.pixels.shape[1] - ink.shape[1] + 1
        sums = _sums(totals, ink.shape)
        spread = np.sqrt(np.maximum(_sums(squares, ink.shape) - sums**2 / ink.size, 1e-3))
        like = np.abs(product[:down, :across]) / (spread * np.sqrt((template**2).sum()))
        like[spread < 4 * np.sqrt(ink.size) * 0.2] = 0.0  # nearly flat
        place = int(like.argmax())
        return float(like.flat[place]), place // across, place % across


@functools.cache
def _smooth(size: int) -> int:
    """The next size without a prime factor above 5, which is quick to transform."""
    rest = size
    for factor in (2, 3, 5):
        while rest % factor == 0:
            rest //= factor
    return size if rest == 1 else _smooth(size + 1)


@functools.cache
def _pango() -> Any:
    """Cairo, Pango and PangoCairo."""
    import cairo  # type: ignore[import-not-found, unused-ignore]
    import gi  # type: ignore[import-not-found, unused-ignore]

    gi.require_version("PangoCairo", "1.0")
    gi.require_version("Pango", "1.0")
    from gi.repository import Pango, PangoCairo  # type: ignore[import-not-found, unused-ignore]

    return cairo, Pango, PangoCairo


def _draw(text: str, font: _Font) -> _Drawn | None:
    """The text's ink from 0 to 1 with a margin of a pixel; None for nothing to see or too much."""
    cairo, Pango, PangoCairo = _pango()  # noqa: N806
    family, size, bold, full = font
    surface = cairo.ImageSurface(cairo.FORMAT_A8, _MOST_WIDE + 60, 80)
    context = cairo.Context(surface)
    layout = PangoCairo.create_layout(context)
    options = cairo.FontOptions()
    options.set_antialias(cairo.ANTIALIAS_GRAY)
    options.set_hint_style(cairo.HINT_STYLE_FULL if full else cairo.HINT_STYLE_SLIGHT)
    options.set_hint_metrics(cairo.HINT_METRICS_ON)
    PangoCairo.context_set_font_options(layout.get_context(), options)
    PangoCairo.context_set_resolution(layout.get_context(), 96)
    layout.set_font_description(Pango.FontDescription(f"{family} {'Bold ' if bold else ''}{size:g}"))
    layout.set_text(text, -1)
    if layout.get_pixel_size()[0] > _MOST_WIDE:
        return None
    context.move_to(20, 10)
    PangoCairo.show_layout(context, layout)
    surface.flush()
    wide = min(surface.get_width(), layout.get_pixel_size()[0] + 40)
    ink = np.ndarray((80, surface.get_stride()), np.uint8, surface.get_data())[:, :wide]
    rows, columns = np.nonzero(ink.max(1) > 51)[0], np.nonzero(ink.max(0) > 51)[0]
    if not len(rows) or len(columns) < 2:
        return None
    part = ink[rows[0] - 1 : rows[-1] + 2, columns[0] - 1 : columns[-1] + 2].astype(np.float32) / 255
    layout.set_text("dp", -1)
    return _Drawn(part, float(layout.get_pixel_extents()[0].height))


def _has_both_ends(part: Any, ink: Any) -> bool:
    """Whether a text is not cut off: its first and its last letters are there too."""
    wide = ink.shape[1]
    end = max(_END, wide // 5)
    if wide < 2 * end:
        return True
    whole = float(np.sign(((part - part.mean()) * (ink - ink.mean())).sum()))
    # The end has another letter less or more beside it, so that it may be a pixel away.
    for columns in (slice(0, end), slice(wide - end, wide)):
        one, other = part[:, columns], ink[:, columns]
        shifts = (np.roll(other, shift, axis=1) for shift in (-1, 0, 1))
        if max(whole * _like(one, shifted) for shifted in shifts) < _LEAST_LIKE_AT_ENDS:
            return False
    return True


def _like(one: Any, other: Any) -> float:
    one, other = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / spread if spread > 1 else 0.0


def _totals(values: Any) -> Any:
    """Sums of all that is above and left of each place."""
    return np.pad(values, ((1, 0), (1, 0))).cumsum(0).cumsum(1)


def _sums(totals: Any, shape: Any) -> Any:
    """Of each window of a shape."""
    high, wide = shape
    return totals[high:, wide:] - totals[:-high, wide:] - totals[high:, :-wide] + totals[:-high, :-wide]
