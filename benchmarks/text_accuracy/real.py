"""`python -m benchmarks.text_accuracy.real`: the same for screenshots of real programs, whose text was checked by eye.

Their truth (`real.json`) has each line once, in no order of meaning, without icons, frames of buttons and thumbnails
that are too small to read; it has no places. Each line of it is looked for in the words that were read, and the nearest
stretch of them counts; what was read beyond that (icons as letters, mostly) is counted apart.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.text_accuracy.readers import READERS
from desktop_vlm.api.text_layer import TextLine
from desktop_vlm.images.open import open_image, to_rgb
from training.scoring import edit_distance

ROOT = Path(__file__).parents[2]
TRUTH = Path(__file__).with_name("real.json")


@dataclass(frozen=True)
class Found:
    """What was read of one image: characters of the truth, errors among them, characters beyond it."""

    characters: int
    errors: int
    beyond: int


def compare(truth: Sequence[str], lines: Sequence[TextLine]) -> Found:
    """The longest lines of the truth choose first."""
    read = [line.text.split(" ") for line in lines]
    errors = 0
    for text in sorted(truth, key=len, reverse=True):
        far, number, start, end = min(
            (
                (edit_distance(text, " ".join(words[start:end])), number, start, end)
                for number, words in enumerate(read)
                for start in range(len(words))
                for end in range(start + 1, len(words) + 1)
                if abs(len(" ".join(words[start:end])) - len(text)) < len(text)
            ),
            default=(len(text), 0, 0, 0),
        )
        errors += min(far, len(text))
        if far < len(text):
            read[number : number + 1] = [read[number][:start], read[number][end:]]
    beyond = sum(len(word) for words in read for word in words)
    return Found(sum(len(text) for text in truth), errors, beyond)


def main() -> None:
    images: dict[str, list[str]] = json.loads(TRUTH.read_text(encoding="utf-8"))
    print("| | character error rate | characters beyond the truth |\n|---|---|---|")
    for name in sys.argv[1:] or READERS:
        if name.startswith("tesseract") and not shutil.which("tesseract"):
            continue
        found = [
            compare(truth, READERS[name](to_rgb(open_image(ROOT / path)), "eng")) for path, truth in images.items()
        ]
        characters, errors = sum(one.characters for one in found), sum(one.errors for one in found)
        print(f"| {name} | {errors / characters:.2%} of {characters:,} | {sum(one.beyond for one in found):,} |")
        for path, one in zip(images, found, strict=True):
            print(f"  {path}: {one.errors} of {one.characters}, {one.beyond} beyond", file=sys.stderr)


if __name__ == "__main__":
    main()
