"""A PDF file: its pages, their images and the characters that they carry, by pypdfium2 (PDFium).

PDFium decodes what nobody vouches for, so this runs in a process of its own; and from one thread only.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from PIL import Image

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.pdf import page_scale

_T = TypeVar("_T")

_FINER = 256
"""PDFium gives places in whole pixels, so they are asked for on a page so many times as large."""

_INVISIBLE_MODES = (3, 7)
"""Text that is drawn without being seen, as scanners put it over what they read; and text that only clips."""


@dataclass(frozen=True)
class Char:
    """A character of a page, in the order of its content.

    Attributes:
        text: the character, or "\\n" where PDFium sees the end of a line, or " " where it sees a gap.
        box: of its ink, px of the page's image; None for what is not drawn.
        height: of its font, px: from the lowest descender to the highest ascender.
        is_sideways: whether its text runs up or down the image.
        is_visible: whether its text is drawn at all.
        is_known: whether the file says which character it is.
    """

    text: str
    box: Box | None
    height: float = 0.0
    is_sideways: bool = False
    is_visible: bool = True
    is_known: bool = True


class WrongPasswordError(UserError):
    """The file is protected by a password, and another one than was given."""


class PdfFile:
    """An open file; `with` closes it."""

    def __init__(self, data: bytes, name: str, password: str = "") -> None:
        """Open it.

        Raises:
            UserError: it is damaged or protected, or pypdfium2 is not installed.
        """
        try:
            import pypdfium2
        except ImportError:
            raise UserError(f"{name} is a PDF, and the package pypdfium2 that reads them is not installed.") from None
        self.name = name
        self._error = pypdfium2.PdfiumError
        self._document: Any = self._guarded(lambda: pypdfium2.PdfDocument(data, password=password or None))
        self._guarded(self._document.init_forms)  # else pages are drawn without what is filled in
        self.n_pages: int = self._guarded(lambda: len(self._document))
        if not self.n_pages:
            self.close()
            raise UserError(_damaged(name))

    def __enter__(self) -> PdfFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._document.close()

    def page(self, number: int) -> PdfPage:
        """A page, by its number from 1.

        Raises:
            UserError: there is none, or it is damaged.
        """
        if not 1 <= number <= self.n_pages:
            has = "one" if self.n_pages == 1 else str(self.n_pages)
            raise UserError(f"{self.name} has no page {number}; it has {has}.")
        return self._guarded(lambda: PdfPage(self._document, number - 1))

    def _guarded(self, work: Callable[[], _T]) -> _T:
        try:
            return work()
        except self._error as error:
            if "password" in str(error).lower():
                raise WrongPasswordError(
                    f"{self.name} is protected by a password; save a copy without one and use that."
                ) from None
            raise UserError(_damaged(self.name)) from error


class PdfPage:
    """A page, as the image that `images.pdf` makes of it.

    Attributes:
        width, height: of the image, px.
    """

    def __init__(self, document: Any, index: int) -> None:
        self._document, self._index = document, index
        self._page = document[index]
        points = self._page.get_size()
        self._scale = page_scale(*points)
        self.width, self.height = (max(1, math.ceil(side * self._scale)) for side in points)

    def __enter__(self) -> PdfPage:
        return self

    def __exit__(self, *_: object) -> None:
        self._page.close()

    def image(self, side: int = 0) -> Image.Image:
        """As the window shows it; or a small version, whose longer side is `side` px."""
        scale = min(self._scale, self._scale * side / max(self.width, self.height)) if side else self._scale
        image: Image.Image = self._page.render(scale=scale).to_pil()
        return image.convert("RGB")

    def images(self) -> list[Box]:
        """Where images are drawn, px."""
        import pypdfium2.raw as pdfium

        kinds = [pdfium.FPDF_PAGEOBJ_IMAGE]
        found = []
        for one in self._page.get_objects(max_depth=1):
            is_image = one.type in kinds
            if not is_image and one.type == pdfium.FPDF_PAGEOBJ_FORM:
                is_image = next(self._page.get_objects(filter=kinds, form=one, level=1), None) is not None
            if is_image:
                found.append(self._box(*one.get_bounds()))
        return [box for box in found if box.width > 0 and box.height > 0]

    def chars(self) -> Iterator[Char]:
        """All characters, annotations and fields included."""
        import pypdfium2.raw as pdfium

        if pdfium.FPDFPage_Flatten(self._page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS:
            self._page.close()  # their text has become the page's own, which shows when it is loaded again
            self._page = self._document[self._index]
        text = self._page.get_textpage()
        units: list[int] = []  # the first half of a surrogate pair, until the second comes
        try:
            for index in range(text.count_chars()):
                code = pdfium.FPDFText_GetUnicode(text, index)
                if 0xD800 <= code < 0xDC00:
                    units = [code]
                    continue
                if 0xDC00 <= code < 0xE000 and units:
                    code = 0x10000 + ((units[0] - 0xD800) << 10) + code - 0xDC00
                units = []
                char = self._char(text, index, code)
                yield char
                if char.box and char.text == "-" and _ends_line(text, index, code):
                    yield Char("\n", None)
        finally:
            text.close()

    def _char(self, text: Any, index: int, code: int) -> Char:
        import pypdfium2.raw as pdfium

        if code in {10, 13}:
            return Char("\n", None)
        if pdfium.FPDFText_IsGenerated(text, index) == 1 or chr(code).isspace():
            return Char(" ", None)
        is_hyphen = _ends_line(text, index, code)
        shown, is_known = ("-", True) if is_hyphen else _character(code)
        loose = self._box(*text.get_charbox(index, loose=True))
        found = pdfium.FPDFText_GetTextObject(text, index)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(found) if found else 0
        quarters = round((math.degrees(pdfium.FPDFText_GetCharAngle(text, index)) + self._page.get_rotation()) / 90)
        return Char(
            shown,
            self._box(*text.get_charbox(index)),
            height=loose.width if quarters % 2 else loose.height,
            is_sideways=bool(quarters % 2),
            is_visible=mode not in _INVISIBLE_MODES,
            is_known=is_known and pdfium.FPDFText_HasUnicodeMapError(text, index) != 1,
        )

    def _box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A rectangle of the page, in points from its lower left corner, on the image."""
        import pypdfium2

        place = (0, 0, self.width * _FINER, self.height * _FINER, 0)
        to_image = pypdfium2.PdfPosConv(self._page, place).to_bitmap
        corners = [to_image(left, top), to_image(right, bottom)]
        (x1, x2), (y1, y2) = (sorted(corner[axis] / _FINER for corner in corners) for axis in (0, 1))
        return Box(x1, y1, x2, y2)


_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
"""Whoever searches or copies text means its letters."""

UNKNOWN = "\ufffd"
"""In place of a character that nobody knows."""

_JOINERS = (0x200C, 0x200D)
"""Without them, words of some scripts are other words."""


def _ends_line(text: Any, index: int, code: int) -> bool:
    """Whether this is a hyphen that divides a word at the end of a line: PDFium says so, and of the end nothing."""
    import pypdfium2.raw as pdfium

    return code == 2 or pdfium.FPDFText_IsHyphen(text, index) == 1


def _character(code: int) -> tuple[str, bool]:
    """What stands for a code in text that may go to a terminal, and whether it is known which character it is."""
    if code in _LIGATURES:
        return _LIGATURES[code], True
    char = chr(code) if 0 < code < 0x110000 else UNKNOWN
    kind = unicodedata.category(char)
    if kind == "Cf" and code not in _JOINERS:  # it is not drawn, and could turn what follows it around
        return "", True
    return (char, char != UNKNOWN) if kind[0] != "C" or code in _JOINERS else (UNKNOWN, False)


def _damaged(name: str) -> str:
    return f"{name} is damaged or not a PDF this app can read; save or export it again."
