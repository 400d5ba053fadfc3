"""Where a text stands in an image: it is drawn with Pango in the fonts that a window may use, and looked for.

What a program says about itself may be a tooltip, scrolled away, or cut off. What is found here is seen.
"""

from __future__ import annotations

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
        sizes = dict.fromkeys((size, 10.0, size - 1, size + 1))
        self._tried: list[_Font] = [
            (one, pt, False, full) for one in families for pt in sizes for full in (True, False)
        ]
        self._fonts: list[_Font] = []
        self._cache: dict[tuple[str, _Font], _Drawn | None] = {}

    def choose(self, pixels: Any, texts: Sequence[tuple[str, Box]]) -> None:
        """Find out which font a window uses, by short texts and where they are, px."""
        scores = dict.fromkeys(self._tried, 0.0)
        for text, box in texts:
            part, _, _ = _part(pixels, box)
            for font in self._tried:
                drawn = self._drawn(text, font)
                if drawn is not None and _fits(drawn, part):
                    like = _best(part, drawn.ink)[0]
                    scores[font] += like if like > _HALF else 0.0
        chosen = sorted(scores, key=lambda font: -scores[font])[:2]
        family, size, _, full = chosen[0]
        scales = ((1.0, True), (1.2, True), (0.83, False), (0.9, False), (1.2, False), (1.1, True))
        others: list[_Font] = [(family, round(size * scale, 1), bold, full) for scale, bold in scales]
        self._fonts = [*chosen, *others, ("Monospace", size, False, full)]

    def find(self, pixels: Any, text: str, box: Box) -> Found | None:
        """A text of one line in a part of an image; None where it is not seen.

        Args:
            pixels: the image's brightness, (height, width), float.
            text: what is looked for.
            box: where, px; the text may pass it by two pixels.
        """
        part, left, top = _part(pixels, box)
        for font in self._fonts:
            drawn = self._drawn(text, font)
            if drawn is None or not _fits(drawn, part):
                continue
            like, down, across = _best(part, drawn.ink)
            if like >= (LEAST_LIKE if len(text) > _FEW else LEAST_LIKE_OF_FEW):
                high, wide = drawn.ink.shape
                if not _has_both_ends(part[down : down + high, across : across + wide], drawn.ink):
                    continue
                at = (float(left + across), float(top + down))
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


def _part(pixels: Any, box: Box) -> tuple[Any, int, int]:
    """A part of the pixels with two more on each side, and its left and top."""
    height, width = pixels.shape
    left, top = max(0, int(box[0]) - 2), max(0, int(box[1]) - 2)
    return pixels[top : min(height, int(box[3]) + 3), left : min(width, int(box[2]) + 3)], left, top


def _fits(drawn: _Drawn, part: Any) -> bool:
    return bool(drawn.ink.shape[0] <= part.shape[0] and drawn.ink.shape[1] <= part.shape[1])


def _draw(text: str, font: _Font) -> _Drawn | None:
    """The text's ink from 0 to 1 with a margin of a pixel; None for nothing to see or too much."""
    import cairo  # type: ignore[import-not-found, unused-ignore]
    import gi  # type: ignore[import-not-found, unused-ignore]

    gi.require_version("PangoCairo", "1.0")
    gi.require_version("Pango", "1.0")
    from gi.repository import Pango, PangoCairo  # type: ignore[import-not-found, unused-ignore]

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
    ink = np.ndarray((80, surface.get_stride()), np.uint8, surface.get_data())[:, : surface.get_width()] / 255.0
    rows, columns = np.nonzero(ink.max(1) > 0.2)[0], np.nonzero(ink.max(0) > 0.2)[0]
    if not len(rows) or len(columns) < 2:
        return None
    part = ink[rows[0] - 1 : rows[-1] + 2, columns[0] - 1 : columns[-1] + 2].astype(np.float32)
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


def _best(part: Any, ink: Any) -> tuple[float, int, int]:
    """The largest correlation of the ink with a place of the part, light on dark or dark on light, and that place."""
    shape = (part.shape[0] + ink.shape[0], part.shape[1] + ink.shape[1])
    count = ink.size
    template = ink - ink.mean()
    part = part - part.mean()
    product = np.fft.irfft2(np.fft.rfft2(part, shape) * np.conj(np.fft.rfft2(template, shape)), shape)
    down, across = part.shape[0] - ink.shape[0] + 1, part.shape[1] - ink.shape[1] + 1
    sums, squares = (_sums(values, ink.shape) for values in (part, part**2))
    spread = np.sqrt(np.maximum(squares - sums**2 / count, 1e-3))
    like = np.abs(product[:down, :across]) / (spread * np.sqrt((template**2).sum()))
    like[spread < 4 * np.sqrt(count) * 0.2] = 0.0  # nearly flat
    place = int(like.argmax())
    return float(like.flat[place]), place // across, place % across


def _sums(values: Any, shape: tuple[int, int]) -> Any:
    """Of each window of a shape."""
    total = np.pad(values, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    high, wide = shape
    return total[high:, wide:] - total[:-high, wide:] - total[high:, :-wide] + total[:-high, :-wide]
