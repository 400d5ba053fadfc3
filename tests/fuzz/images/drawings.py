"""SVG drawings, and damage to their elements and attributes."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from xml.etree import ElementTree

_PLAIN = """
0 -1 1 0.5 1e-9 1e9 1e308 1e999 nan inf 99999999999 -2147483648 2147483647 50% 10000% 1em x # none url(#a)
url(http://127.0.0.1:9/)
"""
_TAGS = """
g use path rect circle text tspan image pattern mask clipPath filter marker linearGradient stop style symbol switch a
animate set script foreignObject feGaussianBlur feTurbulence feImage textArea polygon defs svg
"""
_ATTRIBUTES = """
width height viewBox transform d points href id fill stroke stroke-width stroke-dasharray font-size style opacity x y r
cx gradientUnits spreadMethod offset mask filter clip-path begin dur repeatCount stdDeviation preserveAspectRatio
"""
NUMBERS = (*_PLAIN.split(), "", "1 2 3 4")
TAGS, ATTRIBUTES = _TAGS.split(), _ATTRIBUTES.split()
TRANSFORMS = (
    *("scale(1e9)", "scale(0)", "rotate(1e300)", "matrix(1 2 3)", "matrix(nan 0 0 1 0 0)", "translate(1e38,1e38)"),
)
PATHS = (
    *("M0 0", "M0 0L1e38 1e38", "M0 0A1e9 1e9 0 1 1 9 9", "M0 0C1 2 3", "M" + "0 0L9 9" * 2000, "m0 0" + "h1v1" * 5000),
    *("M0 0A0 0 0 0 0 0 0z" * 300, "M nan nan L inf 0"),
)

DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="120" height="60" viewBox="0
0 120 60"><defs><linearGradient id="a" x1="0" x2="1"><stop offset="0" stop-color="red"/><stop offset="1"
stop-color="#00f"/></linearGradient><radialGradient id="b" xlink:href="#a" r="0.5"/><pattern id="p" width="9"
height="9" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="green"/></pattern><filter
id="f"><feGaussianBlur stdDeviation="2"/></filter><mask id="m"><rect width="60" height="60"
fill="#fff"/></mask><symbol id="s"><circle r="5"/> </symbol><marker id="k"><path d="M0 0L9
9"/></marker></defs><style>rect { stroke: red } .c { fill: blue }</style> <rect class="c" x="1" y="1" width="40"
height="20" rx="3" fill="url(#a)" stroke-width="2"/><use href="#s" x="60" y="20"/> <g transform="rotate(10)
scale(1.5)" opacity="0.5" mask="url(#m)"><path d="M10 10C20 20 40 20 50 10A5 5 0 0 1 9 9z" stroke="#000"
marker-end="url(#k)" stroke-dasharray="3 2" fill="url(#p)"/><polygon points="1,1 9,9 1,9" filter="url(#f)"/></g><text
x="10" y="50" font-size="12" font-family="serif">Hello <tspan fill="red">you</tspan></text> <image width="9"
height="9" xlink:href="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4
2mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="/> <circle cx="90" cy="30" r="10"><animate attributeName="r" values="1;9"
dur="1s" repeatCount="indefinite"/></circle></svg>"""


def change_attribute(root: ElementTree.Element, rng: random.Random) -> str:
    element = rng.choice(list(root.iter()))
    name = rng.choice(list(element.attrib) or ATTRIBUTES) if rng.random() < 0.7 else rng.choice(ATTRIBUTES)
    value = rng.choice((rng.choice(NUMBERS), rng.choice(NUMBERS), rng.choice(TRANSFORMS), rng.choice(PATHS)))
    element.set(name, value)
    return f"{element.tag}: {name} = {value[:40]}"


def change_tag(root: ElementTree.Element, rng: random.Random) -> str:
    element = rng.choice(list(root.iter()))
    if element is root and rng.random() < 0.8:
        return ""
    old, element.tag = element.tag, "{http://www.w3.org/2000/svg}" + rng.choice(TAGS)
    return f"{old} is {element.tag}"


def move(root: ElementTree.Element, rng: random.Random) -> str:
    """An element, and all in it, stands once more somewhere else."""
    found = list(root.iter())
    one, place = rng.choice(found), rng.choice(found)
    if any(inner is place for inner in one.iter()):
        return ""
    place.append(one)
    return f"{one.tag} in {place.tag}"


def drop(root: ElementTree.Element, rng: random.Random) -> str:
    parent = rng.choice(list(root.iter()))
    if len(parent):
        parent.remove(parent[rng.randrange(len(parent))])
    return f"less in {parent.tag}"


def nest(root: ElementTree.Element, rng: random.Random) -> str:
    depth, at = rng.choice((10, 300, 3000)), rng.choice(list(root.iter()))
    tag = rng.choice(("g", "svg", "text", "pattern", "mask"))
    for _ in range(depth):
        at = ElementTree.SubElement(at, "{http://www.w3.org/2000/svg}" + tag)
    return f"{depth} {tag} in each other"


def use_again(root: ElementTree.Element, rng: random.Random) -> str:
    """Elements that use others several times, or themselves."""
    depth, times = rng.choice(((3, 4), (6, 5), (12, 3), (1, 500)))
    for level in range(depth):
        group = ElementTree.SubElement(root, "{http://www.w3.org/2000/svg}g", id=f"u{level}")
        for _ in range(times):
            target = f"#u{level - 1}" if level and rng.random() < 0.98 else rng.choice(("#s", f"#u{level}", "#u0"))
            ElementTree.SubElement(group, "{http://www.w3.org/2000/svg}use", href=target)
    return f"{times} uses, {depth} deep"


def much(root: ElementTree.Element, rng: random.Random) -> str:
    at, count = rng.choice(list(root.iter())), rng.choice((100, 3000))
    tag, attributes = rng.choice(TAGS), {rng.choice(ATTRIBUTES): rng.choice(NUMBERS) for _ in range(3)}
    for _ in range(count):
        ElementTree.SubElement(at, "{http://www.w3.org/2000/svg}" + tag, attributes)
    return f"{count} {tag}"


MUTATIONS: tuple[Callable[[ElementTree.Element, random.Random], str], ...] = (
    *(change_attribute, change_attribute, change_attribute, change_tag, move, drop, nest, use_again, much),
)


def damaged_drawing(seed: int) -> tuple[str, bytes]:
    """What was done, and the damaged file."""
    rng = random.Random(seed)
    root = ElementTree.fromstring(DRAWING)
    done = [rng.choice(MUTATIONS)(root, rng) for _ in range(rng.choice((1, 2, 4, 8)))]
    try:
        data = ElementTree.tostring(root)
    except RecursionError:
        return "; ".join([*done, "too deep to be written"]), DRAWING.encode()
    return "; ".join(done), _damaged_text(data, rng)


def _damaged_text(data: bytes, rng: random.Random) -> bytes:
    dice = rng.random()
    if dice < 0.05:
        return data[: rng.randrange(len(data))]
    if dice < 0.12:
        at = rng.randrange(len(data))
        return data[:at] + rng.randbytes(rng.choice((1, 3))) + data[at + 1 :]
    if dice < 0.15:
        return b'<?xml version="1.0" encoding="utf-16"?>' + data
    if dice < 0.18:
        return re.sub(rb"<(ns\d:)?svg", rb'<!DOCTYPE svg [<!ENTITY a "aaaa">]>\g<0>', data, count=1)
    return data
