"""LaTeX to a drawing in SVG, laid out by ziamath.

What cannot be laid out is None, and shown as its source. Formulas come from a model that read a screen, so their
size, their depth and what the SVG may contain are bounded.
"""

from __future__ import annotations

import re
import warnings
from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeAlias

from desktop_vlm.markdown.formula_rows import lay_out_rows_once

_LONGEST = 4_000
_DEEPEST = 60
_DEEPEST_FENCES = 8  # around each other, each of which doubles the library's time
_WIDEST_EM = 400
MOST_SVG_CHARACTERS = 1_000_000  # of a drawing; usual ones have 3,000 to 50,000
MARGIN = 2.0  # of the SVG in pixels, so that no edge of a glyph is cut
_INK = "#010203"  # stands for the text colour in the SVG
_ELEMENTS = {"svg", "g", "path", "rect", "line", "polyline", "polygon"}
_ELEMENT = re.compile(r"<([a-zA-Z]+)")
_SIGN = re.compile(r"(^|(?<!\\)[=({\[,&]|\\\\)\s*-\s*(?=[\w\\])")
_BINOM = r"\binom{"
_SIZED_BINOM = re.compile(r"\\[dt]binom\{")
_FENCE = re.compile(r"\\(left|right|begin|end)(?![a-zA-Z])")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_TEXT_COMMAND = re.compile(r"(\\(?:text|mbox|mathrm)\s*\{[^{}]*\})")


@dataclass(frozen=True)
class FormulaDrawing:
    """A formula laid out; lengths in pixels, `ascent` above and `descent` below its baseline."""

    svg: str
    width: float
    ascent: float
    descent: float

    @property
    def height(self) -> float:
        return self.ascent + self.descent

    def colored(self, color: str) -> str:
        """The SVG in a colour, #rrggbb."""
        return self.svg.replace(_INK, color)


FormulaKey: TypeAlias = "tuple[str, float, bool]"
"""LaTeX, size in pixels, and whether it is displayed; see `lay_out`."""

_laid_out: OrderedDict[FormulaKey, FormulaDrawing | None] = OrderedDict()
_MOST_KEPT = 4_096


def lay_out(latex: str, size_px: float, *, display: bool) -> FormulaDrawing | None:
    """The formula at a text size, or None when it cannot be drawn; one that is not known yet takes 20 ms and more."""
    key = (latex, size_px, display)
    if key not in _laid_out:
        keep(key, lay_out_uncached(latex, size_px, display=display))
    _laid_out.move_to_end(key)
    return _laid_out[key]


def keep(key: FormulaKey, picture: FormulaDrawing | None) -> None:
    """Have `lay_out` return this for a formula that was laid out elsewhere."""
    _laid_out[key] = picture
    while len(_laid_out) > _MOST_KEPT:
        _laid_out.popitem(last=False)


def is_laid_out(latex: str, size_px: float, *, display: bool) -> bool:
    """Whether `lay_out` returns at once."""
    return (latex, size_px, display) in _laid_out


def lay_out_uncached(latex: str, size_px: float, *, display: bool) -> FormulaDrawing | None:
    """See `lay_out`; nothing of it is kept."""
    if not latex.strip() or len(latex) > _LONGEST or _depth(latex) > _DEEPEST or _fences(latex) > _DEEPEST_FENCES:
        return None
    try:
        picture = _ziamath(latex, size_px, display)
    except Exception:  # noqa: BLE001 - two libraries that raise whatever a malformed formula leads them to
        return None
    return picture if is_drawable(picture, size_px) else None


def is_drawable(picture: FormulaDrawing, size_px: float) -> bool:
    """Whether it is a drawing of shapes alone, and of a size that a formula can have."""
    if len(picture.svg) > MOST_SVG_CHARACTERS or set(_ELEMENT.findall(picture.svg)) - _ELEMENTS:
        return False
    limit = _WIDEST_EM * size_px
    return 0 < picture.width < limit and 0 < picture.height < limit


def _ziamath(latex: str, size_px: float, display: bool) -> FormulaDrawing:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import ziamath

        lay_out_rows_once()
        ziamath.config.svg2 = False  # paths in place: QtSvg need not resolve <use>
        math = ziamath.Latex(_prepared(latex), size=size_px, color=_INK, inline=not display, margin=MARGIN)
        width, height = math.getsize()
        descent = -math.getyofst()
        svg = math.svg().replace('fill="black"', f'fill="{_INK}"')
    return FormulaDrawing(svg, width, height - descent, descent)


def _prepared(latex: str) -> str:
    """latex2mathml writes < and > into its XML as they are; and "\\text" knows no \\lt."""
    parts = _TEXT_COMMAND.split(_without_binom(latex.strip()))
    for index, part in enumerate(parts):
        if index % 2:
            parts[index] = part.replace("<", "\u2039").replace(">", "\u203a")
        else:
            parts[index] = _SIGN.sub(r"\1{-}", part).replace("<", r"\lt ").replace(">", r"\gt ")
    return "".join(parts)


def _without_binom(latex: str) -> str:
    """Write binomials as ziamath does, which ends the lower part at the first brace, also one within."""
    latex = _SIZED_BINOM.sub(lambda _: _BINOM, latex)
    start = latex.rfind(_BINOM)
    while start >= 0:  # the last one first: none is left within its parts
        middle = _group_end(latex, start + len(_BINOM) - 1)
        end = _group_end(latex, middle) if latex[middle : middle + 1] == "{" else 0
        if end:
            upper, lower = latex[start + len(_BINOM) : middle - 1], latex[middle + 1 : end - 1]
            latex = rf"{latex[:start]}\left( {upper} \atop {lower} \right){latex[end:]}"
        start = latex.rfind(_BINOM, 0, start)
    return latex


def _group_end(latex: str, start: int) -> int:
    """Where the text after the group in braces at `start` begins; 0 if it has no end."""
    depth = 0
    for match in _BRACE.finditer(latex, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return 0


def _fences(latex: str) -> int:
    """How many brackets that stretch, or matrices, are around each other at most."""
    deepest = depth = 0
    for match in _FENCE.finditer(latex):
        depth = max(0, depth + (1 if match[1] in {"left", "begin"} else -1))
        deepest = max(deepest, depth)
    return deepest


def _depth(latex: str) -> int:
    deepest = depth = 0
    for char in latex:
        if char == "{":
            depth += 1
            deepest = max(deepest, depth)
        elif char == "}":
            depth -= 1
    return deepest + latex.count(r"\left") + latex.count(r"\begin")
