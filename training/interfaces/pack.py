"""Windows that others laid out, with their questions, in a file: `write_pack`; `training.screens.interfaces` reads it.

The file is like those of pages (`training.screens.webpages`): `index.json` has "phrasings" and "pages", and each page
has `NNNNN.webp` and `NNNNN.json`. A page's entry says more here: "program", "located" (whether "lines" has all
characters), "is_dialog", "letters" (their usual height, px). In "boxes", controls without a text have high letters.

    python -m training.interfaces.pack PACK.zip --sheets FOLDER --count 20

writes images of a pack with the controls' boxes and the questions, to be looked at.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from training.interfaces.questions.asking import Questioner
from training.interfaces.questions.contrast import seen_in
from training.interfaces.questions.sheet import Asked
from training.interfaces.records import Control, Interface
from training.screens.records import Question, Screen
from training.screens.webpages import INDEX, Line, questions_of

_MOST_BYTES = 400_000
"""Of an image: windows with more, such as photos, are left out."""
_LEAST_ASKED = 3
_LETTERS = 0.55
"""Of a control's height: its letters, where that is not known."""
_NO_LETTERS = 99.0
"""Height that is given for controls without a text, which can be seen where texts can be read."""


def write_pack(path: Path, shots: Iterable[tuple[Image.Image, Interface]], seed: int, *,
               ask: Callable[[Interface, Mapping[int, float]], list[Asked]] | None = None) -> int:  # fmt: skip
    """Windows into a zip file; those that say too little are left out. Returns how many there are.

    `ask` says what is asked about a window, given the contrasts of its controls; by itself a `Questioner` does.
    """
    ask = ask or Questioner(random.Random(seed)).of
    phrasings: dict[tuple[str, ...], int] = {}
    entries: list[dict[str, Any]] = []
    with zipfile.ZipFile(path, "w") as archive:
        for image, interface in shots:
            seen, contrasts = seen_in(image, interface)
            asked = ask(seen, contrasts)
            data = _as_webp(image)
            if len(asked) < _LEAST_ASKED or len(data) > _MOST_BYTES:
                continue
            name = f"{len(entries):05}"
            page = packed(seen, asked, phrasings)
            archive.writestr(f"{name}.webp", data)
            archive.writestr(f"{name}.json", json.dumps(page, separators=(",", ":")), zipfile.ZIP_DEFLATED, 9)
            entries.append({
                "name": name, "size": list(image.size), "noun": interface.noun, "kind": "interface",
                "title": "" if interface.framed else interface.title, "program": interface.program,
                "located": interface.located, "is_dialog": interface.is_dialog,
                "letters": _usual_letters(interface),
            })  # fmt: skip
        index = {"phrasings": [list(one) for one in phrasings], "pages": entries}
        archive.writestr(INDEX, json.dumps(index), zipfile.ZIP_DEFLATED, 9)
    return len(entries)


def packed(interface: Interface, asked: Iterable[Asked], phrasings: dict[tuple[str, ...], int]) -> dict[str, Any]:
    """What is kept of a window beside its image; new phrasings join the table.

    "boxes" are those of all controls. "texts" are what controls say, [text, place in "boxes", whether a mark may point
    at it, whether the box is a group's below that text], where the places of characters are not known.
    """
    places = {id(control): place for place, control in enumerate(interface.controls)}
    found = []
    for one in asked:
        reference: Any = one.phrasings
        if not isinstance(one.phrasings, str):
            reference = phrasings.setdefault(one.phrasings, len(phrasings))
        found.append([one.kind, one.answer, reference, one.slots, [places[id(control)] for control in one.needs]])
    return {"lines": [line.packed() for line in interface.lines], "boxes": [_box(one) for one in interface.controls],
            "asked": found, "texts": [] if interface.located else _texts(interface)}  # fmt: skip


def _box(control: Control) -> list[float]:
    high = control.box[3] - control.box[1]
    letters = control.letters or (min(high * _LETTERS, 16.0) if control.text.strip() else _NO_LETTERS)
    return [*(round(edge, 1) for edge in control.box), round(letters, 1)]


def _usual_letters(interface: Interface) -> float:
    """Height of the letters that three quarters of the texts have at least, px; 0 where there are none."""
    heights = sorted(_box(one)[4] for one in interface.controls if one.text.strip())
    return heights[len(heights) // 4] if heights else 0.0


_MARKED = frozenset({"button", "tool", "link", "checkbox", "radio", "field", "combo", "label", "heading", "tab", "menu",
                     "entry", "cell", "header"})  # fmt: skip
_WIDEST_MARKED = 360.0
"""Px of a control: in a wider one, its text may be far from where a mark is."""


def _texts(interface: Interface) -> list[list[Any]]:
    found: list[list[Any]] = []
    for place, one in enumerate(interface.controls):
        text = " ".join(one.text.split())
        if text:
            short = 2 <= len(text) <= 40 and one.box[2] - one.box[0] <= _WIDEST_MARKED
            marked = one.role in _MARKED and short and text.isascii() and text.isprintable()
            found.append([text, place, marked, one.role == "group"])
    return found


def _as_webp(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.convert("RGB").save(data, "WEBP", lossless=True, quality=60, method=3)
    return data.getvalue()


def write_sheets(path: Path, folder: Path, count: int, seed: int = 0) -> None:
    """Images of some of a pack's windows with the boxes of controls and characters, and all questions below."""
    from training.screens.__main__ import sheet

    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    with zipfile.ZipFile(path) as archive:
        index = json.loads(archive.read(INDEX))
        for entry in rng.sample(index["pages"], min(count, len(index["pages"]))):
            image = Image.open(io.BytesIO(archive.read(f"{entry['name']}.webp"))).convert("RGB")
            page = json.loads(archive.read(f"{entry['name']}.json"))
            draw = ImageDraw.Draw(image)
            for box in page["boxes"]:
                draw.rectangle(box[:4], None, (0, 160, 255))
            glyphs = tuple(glyph for line in page["lines"] for glyph in Line.unpacked(line).glyphs())
            questions = questions_of(rng, page["asked"], index["phrasings"], page["boxes"])
            about = tuple(Question("entry", f"{key}:", str(value)) for key, value in entry.items())
            screen = Screen(image, glyphs, (*about, *questions), entry["kind"], entry["noun"])
            sheet([screen], boxes=True, columns=1, width=max(image.width + 12, 900)).save(
                folder / f"{entry['name']}.png"
            )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pack", type=Path)
    parser.add_argument("--sheets", type=Path, required=True, help="a folder for images with boxes and questions")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    write_sheets(options.pack, options.sheets, options.count, options.seed)


if __name__ == "__main__":
    main()
