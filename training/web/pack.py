"""Pages for training, rendered by Chromium: `python -m training.web.pack OUT.zip --count 2000 --seed 1`.

Needs Debian's `chromium` and the fonts of `training.fonts`, whose training families are used as the system has them.
What the file holds, and who reads it: `training.screens.webpages`. `--megabytes` and `--minutes` end it earlier;
`--sheets FOLDER` writes images with the characters' boxes and the questions, to be looked at.
"""

from __future__ import annotations

import argparse
import functools
import io
import json
import math
import random
import re
import time
import zipfile
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from training.screens.asking import PHRASINGS
from training.screens.records import Screen
from training.screens.typefaces import load_families
from training.screens.webpages import INDEX, Line, questions_of
from training.web.board import Ask
from training.web.chromium import Chromium, draw_smoothing, installed_families
from training.web.pages import Page, draw_page

_PAGES_OF_A_BROWSER = 150
_MOST_BYTES = 110_000
"""Of an image: pages with more are left out."""
_LEAST_ASKED = 4
_LEAST_CONTRAST = 60
"""Between ink and ground, of 255."""
_LONGEST_ANSWER = 900
_COUNTED = re.compile(r",? (?:with|and|of) \d+ \w+")


@dataclass(frozen=True)
class Rendered:
    """A page as it came out.

    Attributes:
        lines: the characters that are seen.
        asks: those of its questions whose texts are seen.
        seen: by its id, the box of every text that is seen as a whole, and the height of its letters.
    """

    page: Page
    image: Image.Image
    lines: list[Line]
    asks: list[Ask]
    seen: dict[str, list[float]]


@functools.cache
def page_script() -> str:
    """JavaScript that tells what is seen of a page."""
    return Path(__file__).with_name("extract.js").read_text(encoding="utf-8")


def render(browser: Chromium, page: Page) -> Rendered:
    """Lay a page out and look at it."""
    found, png = browser.render(page.html, page.width, page.height, page_script())
    texts = page.board.texts
    seen = {name: list(box) for name, (whole, text, box) in found["texts"].items()
            if whole and text.split() == texts.get(name, "").split()}  # fmt: skip
    image = Image.open(io.BytesIO(png)).convert("RGB")
    seen = {name: box for name, box in seen.items() if is_legible(image, box)}
    lines = [Line(text, tuple(edges), top, bottom) for text, edges, top, bottom in found["lines"]]
    hidden = any(name not in seen for name in page.board.texts)  # below an edge, or a dialog
    asks = kept_asks(page.board.asks, set(seen), cut=found["over"] or hidden)
    return Rendered(page, image, lines, asks, seen)


def is_legible(image: Image.Image, box: Sequence[float]) -> bool:
    """Whether what is in a box, px, has ink that differs from its ground."""
    left, top, right, bottom = (round(edge) for edge in box[:4])
    if right <= left or bottom <= top:
        return False
    inside = np.asarray(image.crop((left, top, right, bottom)).convert("L"), np.int16)
    return bool(inside.max() - inside.min() >= _LEAST_CONTRAST)


def kept_asks(asks: Sequence[Ask], seen: set[str], *, cut: bool) -> list[Ask]:
    """Those that the page answers, with one answer each; `cut`: not all of the page is seen."""
    answers: dict[str, set[str]] = {}
    for ask in asks:
        for said in _texts(ask):
            answers.setdefault(said, set()).add(ask.answer)
    kept, before = [], set()
    for ask in (uncounted(one) if cut and not one.needs else one for one in asks):
        whole = all(name in seen for name in ask.needs)
        if not whole or not 0 < len(ask.answer) <= _LONGEST_ANSWER:
            continue
        clear = [n for n, said in enumerate(_texts(ask)) if len(answers[said]) == 1]
        said = _sample(ask)
        if clear and said not in before:
            kept.append(_narrowed(ask, clear))
            before.add(said)
    yes = {ask.phrasings for ask in kept if ask.kind == "present" and ask.answer == "Yes"}
    no = {ask.phrasings for ask in kept if ask.kind == "present" and ask.answer == "No"}
    return [ask for ask in kept if ask.kind != "present" or ask.phrasings in yes & no]


def uncounted(ask: Ask) -> Ask:
    """A description without numbers of things, of which some are not seen."""
    return replace(ask, answer=_COUNTED.sub("", ask.answer))


def _texts(ask: Ask) -> list[str]:
    """The question in all its phrasings."""
    options = ask.phrasings
    if isinstance(options, str):
        if options not in PHRASINGS:
            return [options]
        options = PHRASINGS[options]
    return [option.format(**ask.slots) for option in options]


def _narrowed(ask: Ask, clear: Sequence[int]) -> Ask:
    """In those phrasings alone that have one answer on the page."""
    options = PHRASINGS.get(ask.phrasings, ()) if isinstance(ask.phrasings, str) else ask.phrasings
    return ask if len(clear) >= len(options) else replace(ask, phrasings=tuple(options[n] for n in clear))


def _sample(ask: Ask) -> str:
    """The question in one phrasing."""
    return ask.phrasings if isinstance(ask.phrasings, str) else ask.phrasings[0].format(**ask.slots)


def packed(rendered: Rendered, phrasings: dict[tuple[str, ...], int]) -> dict[str, Any]:
    """What is kept of a page beside its image; new phrasings with slots join the table."""
    boxes: dict[str, int] = {}
    asked: list[Any] = []
    for ask in rendered.asks:
        reference: Any = ask.phrasings
        if not isinstance(ask.phrasings, str) and ask.slots:
            reference = phrasings.setdefault(ask.phrasings, len(phrasings))
        places = [boxes.setdefault(name, len(boxes)) for name in ask.needs]
        asked.append([ask.kind, ask.answer, reference, ask.slots, places])
    at = [[round(edge, 1) for edge in rendered.seen[name]] for name in boxes]
    return {"lines": [line.packed() for line in rendered.lines], "boxes": at, "asked": asked}


def draw_pages(rng: random.Random) -> Generator[Rendered, None, None]:
    """Pages without end; browsers come and go, each with its own way of smoothing fonts."""
    families = [family for family in load_families("train") if family.name in installed_families()]
    while True:
        with Chromium([family.name for family in families], draw_smoothing(rng)) as browser:
            known = browser.families([family.name for family in families])
            usable = [family for family in families if family.name in known]
            for _ in range(_PAGES_OF_A_BROWSER):
                rendered = render(browser, draw_page(rng, usable))
                if len(rendered.asks) >= _LEAST_ASKED:
                    yield rendered


def as_webp(image: Image.Image) -> bytes:
    """The image without loss."""
    data = io.BytesIO()
    image.save(data, "WEBP", lossless=True, quality=60, method=3)
    return data.getvalue()


def write_pack(out: Path, pages: Iterator[Rendered], *, count: int, most_bytes: int, seconds: float = math.inf,
               sheets: Path | None = None) -> int:  # fmt: skip
    """Pages into a file, until there are `count`, it has `most_bytes` or time is up; returns how many there are."""
    began = time.monotonic()
    phrasings: dict[tuple[str, ...], int] = {}
    entries: list[dict[str, Any]] = []
    with zipfile.ZipFile(out, "w") as archive:
        for rendered in pages:
            image = as_webp(rendered.image)
            if len(image) > _MOST_BYTES:
                continue
            name = f"{len(entries):05}"
            page = packed(rendered, phrasings)
            if sheets:
                write_sheet(rendered, sheets / f"{name}.png")
            archive.writestr(f"{name}.webp", image)
            archive.writestr(f"{name}.json", json.dumps(page, separators=(",", ":")), zipfile.ZIP_DEFLATED, 9)
            entries.append({"name": name, "size": list(rendered.image.size), "noun": rendered.page.board.noun,
                            "kind": rendered.page.name, "title": "" if rendered.page.board.whole else rendered.page.board.title})  # fmt: skip
            if len(entries) >= count or out.stat().st_size > most_bytes or time.monotonic() - began > seconds:
                break
        index = {"phrasings": [list(one) for one in phrasings], "pages": entries}
        archive.writestr(INDEX, json.dumps(index), zipfile.ZIP_DEFLATED, 9)
    return len(entries)


def write_sheet(rendered: Rendered, path: Path) -> None:
    """An image to check the places of characters and the answers by."""
    from training.screens.__main__ import sheet

    glyphs = tuple(glyph for line in rendered.lines for glyph in line.glyphs())
    phrasings: dict[tuple[str, ...], int] = {}
    page = packed(rendered, phrasings)
    questions = questions_of(random.Random(0), page["asked"], list(phrasings), page["boxes"])
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet([Screen(rendered.image, glyphs, questions, rendered.page.name, rendered.page.board.noun)], boxes=True).save(
        path
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--megabytes", type=float, default=1000)
    parser.add_argument("--minutes", type=float, default=math.inf)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sheets", type=Path, help="a folder for images with boxes and questions")
    options = parser.parse_args()
    began = time.monotonic()
    pages = draw_pages(random.Random(options.seed))
    count = write_pack(
        options.out,
        pages,
        count=options.count,
        most_bytes=int(options.megabytes * 1e6),
        seconds=60 * options.minutes,
        sheets=options.sheets,
    )
    pages.close()  # ends the browser
    took = time.monotonic() - began
    print(f"{count:,} pages, {options.out.stat().st_size / 1e6:.1f} MB, {count / took:.1f} a second")


if __name__ == "__main__":
    main()
