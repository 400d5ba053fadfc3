"""The readers that are compared: an image and its languages -> lines."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeAlias

from PIL import Image

from desktop_vlm.api.text_layer import Box, TextLine, Word
from desktop_vlm.images.text_layer.recognition import recognise

Reader: TypeAlias = Callable[[Image.Image, str], Sequence[TextLine]]


def ours(image: Image.Image, languages: str) -> Sequence[TextLine]:  # noqa: ARG001 - it does not ask for the language
    return recognise(image, codes=False).lines


def tesseract(to_width_px: int = 0) -> Reader:
    """Tesseract, which knows the languages from us; its manual advises to enlarge screens (`to_width_px`, about)."""

    def read(image: Image.Image, languages: str) -> Sequence[TextLine]:
        enlarged = max(1, round(to_width_px / image.width))
        if enlarged > 1:
            image = image.resize((image.width * enlarged, image.height * enlarged), Image.Resampling.BICUBIC)
        data = io.BytesIO()
        image.save(data, "png")
        command = ["tesseract", "stdin", "stdout", "-l", languages, "--psm", "11", "tsv"]
        done = subprocess.run(command, input=data.getvalue(), capture_output=True, check=True)
        return _lines(done.stdout.decode(), enlarged)

    return read


def _lines(table: str, enlarged: int) -> list[TextLine]:
    """Words of its table by line; a line's words are as high as the line."""
    found: dict[tuple[str, ...], list[Word]] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == "5" and row["text"].strip():
            left, top = int(row["left"]) / enlarged, int(row["top"]) / enlarged
            width, height = int(row["width"]) / enlarged, int(row["height"]) / enlarged
            key = (row["block_num"], row["par_num"], row["line_num"])
            found.setdefault(key, []).append(Word(row["text"].strip(), Box(left, top, left + width, top + height)))
    return [_line(words) for words in found.values()]


def _line(words: list[Word]) -> TextLine:
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    high = tuple(Word(word.text, Box(word.box.left, box.top, word.box.right, box.bottom)) for word in words)
    text = words[0].text
    for before, word in pairwise(words):
        # Chinese and Japanese come as words of their own, with no space between them on the screen.
        close = ord(before.text[-1]) >= 0x2E80 and ord(word.text[0]) >= 0x2E80
        text += word.text if close else f" {word.text}"
    return TextLine(text, box, high, 1.0)


READERS: dict[str, Reader] = {"ours": ours, "tesseract": tesseract(), "tesseract, enlarged": tesseract(2000)}
