"""How a page looks: fonts, sizes, colours, density, borders, as CSS."""

from __future__ import annotations

import colorsys
import random
from collections.abc import Sequence
from dataclasses import dataclass

from training.screens.typefaces import Family

Hex = str

NAMED = {"blue": "#1d6fd8", "green": "#228b3b", "red": "#cc2b2b", "orange": "#e07b00", "purple": "#7b3fb8",
         "yellow": "#e8c000", "grey": "#7a7f85", "black": "#151515", "pink": "#d8408c", "brown": "#7a4a22"}  # fmt: skip
"""Colours of buttons that questions call by name."""

_COMMON = ("DejaVu Sans", "Liberation Sans", "Arimo", "Noto Sans", "Open Sans", "Roboto", "Cantarell", "Inter", "FreeSans",
           "Liberation Serif", "Tinos", "DejaVu Serif", "Noto Serif")  # fmt: skip


@dataclass(frozen=True)
class Look:
    """What a page's CSS is made of; lengths in px.

    Attributes:
        ground, panel, ink, faint, line, accent, accent_ink: colours.
        size: of ordinary text.
        gap: between things.
    """

    ground: Hex
    panel: Hex
    ink: Hex
    faint: Hex
    line: Hex
    accent: Hex
    accent_ink: Hex
    bar: Hex
    bar_ink: Hex
    text: str
    heads: str
    mono: str
    size: int
    gap: int
    radius: int
    dark: bool


def _hex(hue: float, light: float, much: float) -> Hex:
    red, green, blue = colorsys.hls_to_rgb(hue, light, much)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def ink_on(colour: Hex) -> Hex:
    """Black or white, whichever is read better."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < 145 else "#111111"


def _family(rng: random.Random, families: Sequence[Family], *, mono: bool) -> str:
    fitting = [one.name for one in families if one.mono == mono and not one.bitmap]
    common = [name for name in fitting if name in _COMMON]
    return rng.choice(common if common and rng.random() < 0.5 else fitting)


def draw_look(rng: random.Random, families: Sequence[Family], width: int) -> Look:
    """A random look, light or dark, for a page of this width, px."""
    dark, hue = rng.random() < 0.32, rng.random()
    tint = rng.choice((0.0, 0.0, 0.05, 0.12, 0.25))
    if dark:
        base = rng.uniform(0.05, 0.18)
        ground, panel, ink = (
            _hex(hue, base, tint),
            _hex(hue, base + rng.choice((0, 0.03, 0.05)), tint),
            _hex(hue, rng.uniform(0.84, 1), 0.1),
        )
        faint, line = _hex(hue, rng.uniform(0.6, 0.75), 0.1), _hex(hue, base + rng.uniform(0.08, 0.2), tint)
    else:
        base = rng.choice((1.0, 1.0, 0.98, 0.96, 0.93, 0.86))
        ground, panel, ink = (
            _hex(hue, base, tint * 2),
            rng.choice(("#ffffff", _hex(hue, base, tint * 2))),
            _hex(hue, rng.uniform(0, 0.2), 0.2),
        )
        faint, line = _hex(hue, rng.uniform(0.3, 0.46), 0.1), _hex(hue, base - rng.uniform(0.08, 0.3), tint)
    accent = _hex(rng.random(), rng.uniform(0.3, 0.6), rng.uniform(0.4, 0.9))
    bar = rng.choice((panel, ground, accent, _hex(hue, 0.15, 0.2), _hex(hue, 0.9, 0.1)))
    text = _family(rng, families, mono=False) if rng.random() < 0.93 else _family(rng, families, mono=True)
    heads = text if rng.random() < 0.7 else _family(rng, families, mono=False)
    size = rng.choices((11, 12, 13, 14, 15, 16, 17, 18, 20), (5, 12, 20, 22, 14, 14, 5, 5, 3))[0]
    if width > 1500 and rng.random() < 0.6:
        size = max(size, 12) + rng.choice((2, 2, 3, 5))
    return Look(ground, panel, ink, faint, line, accent, ink_on(accent), bar, ink if bar in {panel, ground} else ink_on(bar),
                text, heads, _family(rng, families, mono=True), size, rng.choice((4, 6, 8, 8, 10, 12, 16)),
                rng.choice((0, 0, 2, 4, 6, 10, 16)), dark)  # fmt: skip


def stylesheet(rng: random.Random, look: Look) -> str:
    """CSS for the classes that views use."""
    gap, radius = look.gap, look.radius
    border = rng.choice((f"1px solid {look.line}", f"1px solid {look.line}", "0", f"2px solid {look.line}"))
    shadow = rng.choice(("none", "none", "0 1px 3px rgba(0,0,0,.25)", "0 4px 14px rgba(0,0,0,.18)"))
    zebra = f"background:{look.line}33" if rng.random() < 0.4 else ""
    lines = rng.choice((f"border-bottom:1px solid {look.line}", f"border:1px solid {look.line}", ""))
    heading = rng.choice((f"background:{look.line}", f"border-bottom:2px solid {look.accent}", f"color:{look.faint}",
                          f"background:{look.accent};color:{look.accent_ink}", ""))  # fmt: skip
    active = rng.choice((f"background:{look.accent};color:{look.accent_ink}",
                         f"background:{look.line};color:{look.ink};font-weight:bold",
                         f"border-left:4px solid {look.accent};background:{look.accent}22"))  # fmt: skip
    tab = rng.choice((f"border-bottom:3px solid {look.accent};font-weight:bold",
                      f"background:{look.accent};color:{look.accent_ink}"))  # fmt: skip
    head_size, split = rng.uniform(1.3, 2.4), rng.randint(15, 70)  # smooth colours would make files large
    return f"""
*{{box-sizing:border-box}} html,body{{margin:0;height:100%}}
body{{background:{look.ground};color:{look.ink};font:{look.size}px/{rng.choice((1.2, 1.35, 1.5, 1.6))} '{look.text}';overflow:hidden;
 letter-spacing:{rng.choice((0, 0, 0, 0, 0, 0.2))}px}}
h1,h2,h3{{font-family:'{look.heads}';font-weight:{rng.choice((400, 700, 700))};margin:{gap}px 0;line-height:1.2}}
h1{{font-size:{head_size:.2f}em}} h2{{font-size:{1 + (head_size - 1) * 0.6:.2f}em}} h3{{font-size:1.1em}}
p{{margin:{gap}px 0}} a{{color:{look.accent if not look.dark else look.ink};text-decoration:{rng.choice(("none", "underline"))}}}
table{{border-collapse:collapse;{rng.choice(("width:100%", "", ""))}}} th{{text-align:left;{heading}}}
td,th{{padding:{max(2, gap // 2)}px {gap + rng.choice((2, 8, 16))}px;{lines};vertical-align:top}} tbody tr:nth-child(even){{{zebra}}}
.panel{{background:{look.panel};color:{look.ink};border:{border};border-radius:{radius}px;box-shadow:{shadow};padding:{gap}px {gap + 4}px}}
.muted{{color:var(--faint,{look.faint})}} .small{{font-size:.88em}} .big{{font-size:{rng.uniform(1.5, 2.6):.2f}em;font-weight:bold}}
.b{{font-weight:bold}} .i{{font-style:normal}} .mono{{font-family:'{look.mono}'}} .accent{{color:{look.accent}}}
.row{{display:flex;gap:{gap}px;align-items:center}} .top{{align-items:flex-start}} .wrap{{flex-wrap:wrap}} .col{{display:flex;flex-direction:column;gap:{gap}px}}
.spread{{justify-content:space-between}} .grow{{flex:1;min-width:0}} .grid{{display:grid;gap:{gap + 4}px}}
.btn{{display:inline-block;padding:{max(2, gap // 2)}px {gap + 8}px;border:1px solid {look.line};border-radius:{radius}px;background:{look.panel};color:{look.ink};font:inherit}}
.input{{display:block;padding:{max(3, gap // 2)}px {gap}px;border:1px solid {look.faint};border-radius:{min(radius, 8)}px;background:{look.panel};color:{look.ink};min-height:1.9em;white-space:nowrap;overflow:hidden}}
.badge{{display:inline-block;padding:0 {max(4, gap - 2)}px;border-radius:{radius}px;background:{look.line};color:{look.ink};font-size:.9em}}
.bar{{background:{look.bar};color:{look.bar_ink};padding:{gap}px {gap + 8}px}} .bar a{{color:inherit}}
.bar .tab.on{{box-shadow:inset 0 -3px 0 {look.bar_ink}}}
.active{{{active}}} .tab{{padding:{max(3, gap // 2)}px {gap + 4}px}} .tab.on{{{tab}}}
.item{{padding:{max(2, gap // 2)}px {gap}px;border-radius:{radius // 2}px}} .rule{{border-bottom:1px solid {look.line}}}
.pre{{font-family:'{look.mono}';white-space:pre;{rng.choice(("background:#101418;color:#d6dde4", f"background:{look.panel};color:{look.ink}"))};padding:{gap}px}}
dl{{display:grid;grid-template-columns:max-content 1fr;gap:{max(2, gap // 2)}px {gap + 12}px;margin:{gap}px 0}} dt{{color:{look.faint};{rng.choice(("", "font-weight:bold", "text-align:right"))}}} dd{{margin:0}}
.field-error{{color:{"#ff8a80" if look.dark else "#b3261e"}}} .alert{{background:{"#5c1a1a" if look.dark else "#fde2e0"};color:{"#ffe0dd" if look.dark else "#6b120c"};padding:{gap}px;border-radius:{radius}px}}
.shot{{border-radius:{radius}px;background:linear-gradient({rng.choice((0, 90, 115, 160))}deg,{_hex(rng.random(), 0.6, 0.5)} {split}%,{_hex(rng.random(), 0.35, 0.5)} {split}%)}}
"""


def icon(rng: random.Random, colour: Hex = "currentColor", px: int = 16) -> str:
    """A small drawing, of nothing in particular, as icons are."""
    shapes = (
        "<circle cx='8' cy='8' r='6'/>", "<rect x='2' y='3' width='12' height='10' rx='2'/>", "<path d='M2 13L8 3l6 10z'/>",
        "<path d='M2 4h12M2 8h12M2 12h12'/>", "<path d='M3 8l4 4 7-8'/>", "<path d='M8 2v12M2 8h12'/>",
        "<path d='M2 6h5l2-2h5v9H2z'/>", "<circle cx='7' cy='7' r='4'/><path d='M10 10l4 4'/>",
        "<path d='M8 2l2 4 4 .5-3 3 1 4.500-4-2-4 2 1-4.500-3-3 4-.5z'/>", "<path d='M3 7l5-4 5 4v6H3z'/>",
        "<path d='M4 2h6l3 3v9H4z'/><path d='M10 2v3h3'/>", "<circle cx='8' cy='5' r='3'/><path d='M2 14c1-5 11-5 12 0'/>",
    )  # fmt: skip
    filled = rng.random() < 0.3
    paint = f"fill='{colour}'" if filled else f"fill='none' stroke='{colour}' stroke-width='1.5'"
    return f"<svg width='{px}' height='{px}' viewBox='0 0 16 16' {paint} style='flex:none;vertical-align:-2px'>{rng.choice(shapes)}</svg>"
