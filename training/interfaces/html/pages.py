"""Pages that others wrote, rendered by Chromium: `python -m training.interfaces.html.pages PAGES OUT.zip --count 300`.

PAGES is a folder with folders of HTML files, such as unpacked npm packages of templates and Debian's documentation.
Their texts are replaced by ours for a good part, their states are changed, and they are shown in our fonts at sizes of
windows. Nothing is read from the network. Needs Debian's `chromium` and the fonts of `training.fonts`.
"""

from __future__ import annotations

import argparse
import base64
import functools
import io
import itertools
import json
import logging
import math
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image

from training.interfaces.html.texts import Rewriter
from training.interfaces.questions.asking import Questioner
from training.interfaces.questions.sheet import Asked
from training.interfaces.records import Control, Interface
from training.screens.typefaces import load_families
from training.screens.webpages import Line
from training.web.chromium import Chromium, draw_smoothing, installed_families
from training.web.pack import is_legible

_PAGES_OF_A_BROWSER = 60
_MOST_RENDERINGS = 6
"""Of one page."""
_MOST_FILES = {"": 90, "doc": 24}
"""Of one folder; a few of each package of documentation."""
_LEAST_TEXT = 300
_LEAST_ASKED = 5
_MOST_BYTES = {"": 900_000, "doc": 160_000}
"""Of a page; long documents take long and look like short ones."""
_MOST_IMAGE = 560_000
"""Characters of a PNG in base64: pages with more, such as photos, are left out."""
_MOST_FOREIGN = 0.03
"""Of a page's characters: those that are no ASCII."""
_LOAD_S, _SETTLE_S = 4.0, 0.05
_HEADING = 0.93
"""Of the height of the letters of a page's only heading: other texts are smaller."""
_VIEWS = 6
"""Of a page that has been loaded."""
_LEAST_CONTROLS, _MOST_CUT = 3, 40
_TEMPLATES = ("{{", "{%", "<%", "@@", "ng-app", "<router-outlet", "v-for=", "<?php", 'http-equiv="refresh"', "{#")
_QUIET = """
for (const name of ["fillText", "strokeText"]) CanvasRenderingContext2D.prototype[name] = () => {};
for (const name of ["alert", "confirm", "prompt", "open"]) window[name] = () => null;
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) { return attach.call(this, {...options, mode: "open"}); };
"""
"""Runs before a page's own scripts: charts draw no characters, of which nobody would know the places."""
_DARK = """
const root = document.documentElement;
for (const name of ["bsTheme", "theme", "colorScheme", "colorMode", "mode"]) root.dataset[name] = "dark";
root.classList.add("dark");
"""
"""As frameworks name it."""
_WIDE = 0.3
"""Of views that are 1500 px wide and more whatever the other sizes are."""
_SCALES = ((1.0, 44), (0.9, 16), (0.85, 10), (1.1, 12), (1.2, 8), (1.3, 6), (1.5, 4))
_COMMON = frozenset("DejaVu Sans|Liberation Sans|Arimo|Noto Sans|Open Sans|Roboto|Cantarell|Inter|FreeSans".split("|"))  # noqa: SIM905
_log = logging.getLogger(__name__)


@functools.cache
def _script(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class View:
    """How a page is shown: the image's size, px, its scale, and where it is scrolled to, from 0 to 1."""

    width: int
    height: int
    scale: float = 1.0
    scroll: float = 0.0
    dark: bool = False
    modal: bool = False
    flips: float = 1.0
    share: float = 0.6
    """Of the texts that change."""
    prose: bool = False
    """Documentation, which stays much as it is."""


def draw_view(rng: random.Random, *, prose: bool) -> View:
    """A random one."""
    sizes = ((1366, 660), (1900, 960), (1280, 690), (1440, 790), (1024, 660), (1600, 800), (1680, 920))
    width, height = rng.choice(sizes) if rng.random() < 0.4 else (rng.randint(1100, 1900), rng.randint(600, 1000))
    if rng.random() < _WIDE:
        width = rng.randint(1500, 1900)
    scale = rng.choices([one for one, _ in _SCALES], [weight for _, weight in _SCALES])[0]
    if width / scale < 760:
        scale = 1.0
    scroll = 0.0 if rng.random() < (0.35 if prose else 0.55) else rng.random()
    share = 0.0 if prose else rng.uniform(0.45, 0.9)
    return View(width, height, scale, scroll, dark=rng.random() < 0.25, modal=rng.random() < 0.07,
                flips=rng.choice((0.0, 0.6, 1.0)), share=share, prose=prose)  # fmt: skip


def find_pages(folder: Path) -> dict[Path, list[Path]]:
    """Files of finished pages, by the folder two levels below that they are in; templates of generators are none."""
    found: dict[Path, list[Path]] = {}
    for path in sorted(path for path in folder.rglob("*.htm*") if path.suffix in (".htm", ".html")):
        parts = path.relative_to(folder).parts
        if {"node_modules", "bower_components", "snippets", "partials", "_includes", "landing"} & set(parts) or (
            not path.is_file() or path.stat().st_size > _MOST_BYTES["doc" if "deb" in parts else ""]
        ):
            continue
        found.setdefault(folder.joinpath(*parts[:2]), []).append(path)
    kept: dict[Path, list[Path]] = {}
    for group, paths in found.items():
        most = _MOST_FILES["doc" if _is_prose(group) else ""]
        random.Random(str(group)).shuffle(paths)
        good: list[Path] = []
        for path in paths:
            html = path.read_text(encoding="utf-8", errors="replace") if len(good) < most else ""
            if html and is_page(html, bare=_is_prose(group)):
                good.append(path)
        if good:
            kept[group] = good
    return kept


def is_page(html: str, *, bare: bool = False) -> bool:
    """Whether it is a whole page with a style and some text, and no template; `bare`: it may have no style."""
    low = html.lower()
    language = re.search(r"<html[^>]*\blang=[\"']?([a-z]+)", low)
    if language and language[1] != "en":
        return False
    if (
        "<body" not in low
        or not (bare or "stylesheet" in low or "<style" in low)
        or any(one in html for one in _TEMPLATES)
    ):
        return False
    body = re.sub(
        r"<(script|style)\b.*?</\1>|<[^>]+>|\s+", " ", html[low.index("<body") :], flags=re.DOTALL | re.IGNORECASE
    )
    return len(body.split()) > _LEAST_TEXT / 6


class Renderer:
    """Shows pages in one browser."""

    def __init__(self, browser: Chromium, fonts: dict[str, list[str]]) -> None:
        self.browser, self.fonts = browser, fonts
        browser.call("Page.enable")
        browser.call("Network.enable")
        browser.call("Network.setBlockedURLs", urls=["http://*", "https://*", "ws://*", "wss://*"])
        browser.call("Page.addScriptToEvaluateOnNewDocument", source=_QUIET)

    def _run(self, script: str, options: Any = None) -> Any:
        """What a script evaluates to; with options: what the function returns that the script is."""
        text = script.strip() if options is None else f"{script.strip().removesuffix(';')}({json.dumps(options)})"
        found = self.browser.call("Runtime.evaluate", expression=text, returnByValue=True)
        if "exceptionDetails" in found:
            raise RuntimeError(
                f"The page's script failed: {found['exceptionDetails'].get('exception', {}).get('description')}"
            )
        return found["result"].get("value")

    def render(self, rng: random.Random, page: Path, views: Sequence[View]) -> Iterator[tuple[Image.Image, Interface]]:
        """The page's images and what is seen in them, each with other texts; those that show too little are left out.

        The scale, colours and whether it is prose are the first view's.
        """
        first = views[0]
        self._size(first, first.scale)
        media = {"prefers-color-scheme": "dark" if first.dark else "light", "prefers-reduced-motion": "reduce"}
        self.browser.call("Emulation.setEmulatedMedia", features=[{"name": one, "value": media[one]} for one in media])
        self.browser.call("Page.navigate", url=page.resolve().as_uri())
        self._wait()
        if first.dark:
            self._run(_DARK)
        options = {"seed": rng.randrange(2**31), "fonts": self.fonts, "prose": first.prose}
        known = self._run(_script("prepare.js"), options)
        if known["foreign"] > _MOST_FOREIGN or known["bare"]:
            return
        for view in views:
            if view is not first:
                self._size(view, first.scale)
            shown = self._show(rng, known, view, first.scale)
            if shown:
                yield shown

    def _size(self, view: View, scale: float) -> None:
        self.browser.call("Emulation.setDeviceMetricsOverride", width=round(view.width / scale),
                          height=round(view.height / scale), deviceScaleFactor=scale, mobile=False)  # fmt: skip

    def _show(self, rng: random.Random, known: dict[str, Any], view: View,
              scale: float) -> tuple[Image.Image, Interface] | None:  # fmt: skip
        rewriter = Rewriter(rng, view.share, prose=view.prose)
        changed = rewriter.changed(known["texts"])
        options = {"texts": changed, "flips": view.flips, "modal": view.modal, "scroll": view.scroll}
        self._run(_script("change.js"), options)
        time.sleep(_SETTLE_S)
        found = self._run(_script("controls.js").replace("/* documents.js */", _script("documents.js")))
        if found["bad"] > _MOST_CUT or len(found["controls"]) < _LEAST_CONTROLS:
            return None
        shot = self.browser.call("Page.captureScreenshot", format="png", optimizeForSpeed=True)
        if len(shot["data"]) > _MOST_IMAGE:
            return None
        image = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
        image = image.crop((0, 0, view.width, view.height))
        title = rewriter.title(known["title"], dict(changed).get(known["heading"], ""))
        return image, described(image, found, title, scale)

    def _wait(self) -> None:
        began = time.monotonic()
        while time.monotonic() - began < _LOAD_S:
            time.sleep(0.1)
            state = self.browser.call(
                "Runtime.evaluate", expression="document.readyState + location.protocol", returnByValue=True
            )
            if state["result"].get("value") == "completefile:":
                break
        time.sleep(0.15)


def described(image: Image.Image, found: dict[str, Any], title: str, scale: float) -> Interface:
    """What `controls.js` found, in px of the image; controls that nobody could read are left out."""
    lines, faint = [], []
    for text, edges, top, bottom in found["lines"]:
        box = (edges[0] * scale, top * scale, edges[-1] * scale, bottom * scale)
        if text.strip() and is_legible(image, box):
            lines.append(Line(text, tuple(edge * scale for edge in edges), top * scale, bottom * scale))
        elif text.strip():
            faint.append(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
    controls = []
    for one in found["controls"]:
        box = tuple(edge * scale for edge in one["box"])
        unseen = any(box[0] < across < box[2] and box[1] < down < box[3] for across, down in faint)
        if one["text"] and (unseen or not (_is_plain(one["text"]) and is_legible(image, box))):
            found["cut"] += [one.get("container", ""), ""]
            continue
        controls.append(Control(
            role=one["role"], text=one["text"], box=(box[0], box[1], box[2], box[3]), letters=one["letters"] * scale,
            label=one.get("label", ""), is_on=one.get("is_on"), selected=bool(one.get("selected")),
            enabled=one.get("enabled", True), container=one.get("container", ""), called=one.get("called", ""),
            row=one.get("row", -1), column=one.get("column", -1), wrapped=tuple(one.get("lines", ()))))  # fmt: skip
    headings = [one for one in controls if one.role == "heading"]
    if len(headings) == 1 and not is_largest(headings[0], lines):
        controls = [replace(one, role="label") if one is headings[0] else one for one in controls]
    controls = _in_rows(controls, 6 * scale)
    return Interface(
        "browser", title, False, "", tuple(controls), tuple(lines), located=True, cut=frozenset(found["cut"])
    )


def is_largest(heading: Control, lines: Sequence[Line]) -> bool:
    """Whether no other text is as large as a page's only heading: people would take it for one, too."""
    left, top, right, bottom = heading.box
    return all(
        (left - 2 < line.edges[0] < right + 2 and top - 2 < (line.top + line.bottom) / 2 < bottom + 2)
        or line.bottom - line.top < _HEADING * heading.letters
        for line in lines
    )


def _in_rows(controls: Sequence[Control], apart: float) -> list[Control]:
    """As they are read: from top to bottom, and those whose tops are not so many px apart from left to right."""
    rows: list[list[Control]] = []
    for one in sorted(controls, key=lambda one: one.box[1]):
        if rows and one.box[1] - rows[-1][0].box[1] < apart:
            rows[-1].append(one)
        else:
            rows.append([one])
    return [one for row in rows for one in sorted(row, key=lambda one: one.box[0])]


def _is_plain(text: str) -> bool:
    return text.isascii() and text.replace("\n", "").isprintable()


def draw_pages(rng: random.Random, folder: Path) -> Iterator[tuple[Image.Image, Interface]]:
    """Pages of a folder without end, or until each has been shown often enough."""
    groups = find_pages(folder)
    shown: dict[Path, int] = {}
    families = [family for family in load_families("train") if family.name in installed_families()]
    worth = {
        page: _worth(page.read_text(encoding="utf-8", errors="replace")) for some in groups.values() for page in some
    }
    names = list(groups)
    while names:
        with Chromium([family.name for family in families], draw_smoothing(rng)) as browser:
            known = browser.families([family.name for family in families])
            renderer = Renderer(browser, _sorted([family.name for family in families if family.name in known]))
            for _ in range(_PAGES_OF_A_BROWSER):
                if not names:
                    break
                group = rng.choices(names, [math.sqrt(sum(map(worth.__getitem__, groups[one]))) for one in names])[0]
                page = rng.choices(groups[group], list(map(worth.__getitem__, groups[group])))[0]
                shown[page] = shown.get(page, 0) + _VIEWS
                prose, images = _is_prose(group), 0
                views = [draw_view(rng, prose=prose) for _ in range(_VIEWS)]
                views = [replace(one, modal=False) for one in views[:-1]] + views[-1:]
                try:
                    for shot in renderer.render(rng, page, views):
                        images += 1
                        yield shot
                except (RuntimeError, KeyError, TypeError) as error:
                    _log.warning("%s: %s", page, str(error)[:200])
                    break
                finally:
                    if not images or shown[page] >= _MOST_RENDERINGS:
                        groups[group].remove(page)
                        names = [one for one in names if groups[one]]


def _is_prose(group: Path) -> bool:
    return "deb" in group.parts


_WORTH = {"<table": (3, 1.5), "<input": (8, 0.4), "<select": (4, 0.6), "<pre": (3, 0.7), "<dt": (6, 0.4),
          "alert": (3, 0.4), "admonition": (3, 0.7), "breadcrumb": (1, 1.0), "badge": (4, 0.3), "col-": (6, 0.1),
          'type="radio"': (4, 0.4),
          'type="checkbox"': (4, 0.4), "nav-tabs": (1, 1.0), 'role="tab"': (1, 1.0), "price": (4, 0.5)}  # fmt: skip
"""What is asked about in other ways than texts: how many of a page count, and how much each makes it come oftener."""


_MORE = 1.6
"""Power of that: so many more pages have tables and forms than have texts alone."""


def _worth(html: str) -> float:
    """How often a page is shown, compared with one that has only texts."""
    low = html.lower()
    worth = 1 + sum(each * min(most, low.count(sign)) for sign, (most, each) in _WORTH.items())
    return float(worth**_MORE)


def _sorted(names: Sequence[str]) -> dict[str, list[str]]:
    """Families by sort; sans-serif ones that desktops have come more often."""
    serif = [
        name
        for name in names
        if re.search(r"Serif|Tinos|Garamond|Termes|Roman|Bookman|Schola|Pagella|Charis|STIX|Bonum|Libertine", name)
    ]
    mono = [name for name in names if re.search(r"Mono|Code|Cursor|Courier|Hack|Inconsolata|Typewriter", name)]
    common = [name for name in names if name in _COMMON]
    plain = [name for name in names if name not in serif and name not in mono]
    return {"serif": serif or list(names[:1]), "mono": mono or list(names[:1]), "sans": common * 6 + plain}


def _until(shots: Iterable[tuple[Image.Image, Interface]], end: float) -> Iterator[tuple[Image.Image, Interface]]:
    """Those that are there by a time of the monotonic clock."""
    return itertools.takewhile(lambda _: time.monotonic() < end, shots)


def _enough(asker: Questioner) -> Callable[[Interface, Mapping[int, float]], list[Asked]]:
    """Asks about a page; nothing where that is little: there are enough pages that say more."""

    def ask(page: Interface, contrasts: Mapping[int, float]) -> list[Asked]:
        asked = asker.of(page, contrasts)
        return asked if len(asked) >= _LEAST_ASKED else []

    return ask


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=300, help="pages of a part")
    parser.add_argument("--parts", type=int, default=1, help="several files: OUT-1.zip, OUT-2.zip, ...")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--sheets", type=Path, help="a folder for images with boxes and questions")
    options = parser.parse_args()
    from training.interfaces.pack import write_pack, write_sheets

    began = time.monotonic()

    pages = draw_pages(random.Random(options.seed), options.pages)
    counts = []
    for part in range(1, options.parts + 1):
        if time.monotonic() - began > 60 * options.minutes:
            break
        path = options.out if options.parts == 1 else options.out.with_stem(f"{options.out.stem}-{part}")
        shots = itertools.islice(pages, options.count)
        unfinished = path.with_suffix(".unfinished")
        asker = Questioner(random.Random(options.seed + part))
        counts.append(write_pack(unfinished, _until(shots, began + 60 * options.minutes), options.seed + part,
                                 ask=_enough(asker)))  # fmt: skip
        unfinished.rename(path)
        print(f"{path.name}: {counts[-1]:,} pages, {time.monotonic() - began:.0f} s", flush=True)
        if options.sheets:
            write_sheets(path, options.sheets, 30, options.seed)
    pages.close()  # type: ignore[attr-defined]
    print(f"{sum(counts):,} pages, {sum(counts) / (time.monotonic() - began):.1f} a second")


if __name__ == "__main__":
    main()
