"""Pages of a PDF as pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from PIL import Image

from desktop_vlm.images.open import MAX_PAGES
from desktop_vlm.ui.pictures.decoding import count_pages, pdf_pages
from desktop_vlm.ui.plural import plural

__all__ = ["MAX_PAGES", "PdfPage", "page_count", "page_pictures"]


@dataclass(frozen=True)
class PdfPage:
    """Where the picture of a page comes from: what is carried there as text need not be recognised.

    Attributes:
        data: the PDF file.
        number: of the page, from 1.
    """

    data: bytes = field(repr=False)
    number: int
    password: str = field(default="", repr=False)


def page_count(data: bytes, name: str, password: str = "") -> int:
    """How many pages there are; 0 where the password is not the right one. Raises UserError."""
    return count_pages(data, name=name, password=password)


def page_pictures(
    data: bytes, name: str, pages: Sequence[int] | None = None, password: str = ""
) -> Iterator[tuple[int, Image.Image] | str]:
    """(Number, picture) of the first pages; then a sentence if there are more. Raises UserError."""
    for page in pdf_pages(data, name, range(1, MAX_PAGES + 1) if pages is None else pages, password):
        if not isinstance(page, int):
            yield page
        elif page > MAX_PAGES and pages is None:
            too_many = "{name} has {n} pages; the first {most} were added."
            yield plural("Pictures", page, too_many, too_many).format(name=name, most=MAX_PAGES)
