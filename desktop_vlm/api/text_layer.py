"""The exact text of an image, with its places: what an OCR engine read, or what a PDF page carries.

Lengths and places are pixels of the image as `images.open` gives it: upright, from its top left corner. Lines come in
reading order.
"""

from __future__ import annotations

from dataclasses import dataclass

READER_VERSION = 1
"""Counts up when images are read better than before: what an older reader found is kept until it is read again."""


@dataclass(frozen=True)
class Box:
    """A rectangle, px; right and bottom are the first pixels outside."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def union(self, other: Box) -> Box:
        """The smallest rectangle around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True)
class Word:
    """A word of a line. A script that is written without spaces has a "word" for each character."""

    text: str
    box: Box


@dataclass(frozen=True)
class TextLine:
    """One line of text.

    Attributes:
        text: as it is read, with its spaces.
        box: around all of it.
        words: from left to right; their texts stand in `text` in this order.
        confidence: 0 to 1; 1 for text that was not recognised but carried by the file.
    """

    text: str
    box: Box
    words: tuple[Word, ...]
    confidence: float


@dataclass(frozen=True)
class Table:
    """Lines that stand as a table.

    Attributes:
        first, last: numbers of the lines it is made of; they follow each other in reading order.
        rows: each row's cells, each with the numbers of its lines; every row has the same number of cells.
    """

    first: int
    last: int
    rows: tuple[tuple[tuple[int, ...], ...], ...]


@dataclass(frozen=True)
class Code:
    """A QR code or barcode.

    Attributes:
        symbology: its kind by its usual name: "QR Code", "EAN-13".
        text: what it holds.
    """

    symbology: str
    text: str
    box: Box


@dataclass(frozen=True)
class TextLayer:
    """All text of an image.

    Attributes:
        width, height: of the image, px.
        lines: in reading order.
        paragraphs: numbers of the first lines of paragraphs, ascending; the first is 0 where there are lines.
        tables: in reading order.
        codes: QR codes and barcodes.
        language: most likely language or script as a BCP 47 tag; "" where nothing tells.
        source: "ocr" or "pdf".
    """

    width: int
    height: int
    lines: tuple[TextLine, ...] = ()
    paragraphs: tuple[int, ...] = ()
    tables: tuple[Table, ...] = ()
    codes: tuple[Code, ...] = ()
    language: str = ""
    source: str = "ocr"
