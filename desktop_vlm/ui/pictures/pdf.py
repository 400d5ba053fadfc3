"""Pages of a PDF as pictures, by pypdfium2 (PDFium, the renderer of Chromium)."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from PIL import Image

from desktop_vlm.api.errors import UserError
from desktop_vlm.images.pdf import page_scale
from desktop_vlm.ui.pictures.wording import tr

MAX_PAGES = 10
"""More than a composite holds anyway (nine), few enough that a book does not fill the memory."""


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


# PDFium is not safe to use from several threads at once, not even on different documents.
_rendering = threading.Lock()


def page_count(data: bytes, name: str, password: str = "") -> int:
    """How many pages there are; 0 where the password is not the right one. Raises UserError."""
    try:
        import pypdfium2
    except ImportError:
        return 1  # said by `page_pictures`
    with _rendering:
        try:
            document = pypdfium2.PdfDocument(data, password=password or None)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                return 0
            raise UserError(_unreadable(name, locked=False)) from error
        try:
            return len(document) or 1
        finally:
            document.close()


def page_pictures(
    data: bytes, name: str, pages: Sequence[int] | None = None, password: str = ""
) -> Iterator[tuple[int, Image.Image] | str]:
    """(Number, picture) of the first pages; then a sentence if there are more. Raises UserError."""
    try:
        import pypdfium2
    except ImportError:
        raise UserError(
            tr("{name} is a PDF, and the package pypdfium2 that reads them is not installed.").format(name=name)
        ) from None
    with _rendering:
        try:
            document = pypdfium2.PdfDocument(data, password=password or None)
        except pypdfium2.PdfiumError as error:
            raise UserError(_unreadable(name, locked="password" in str(error).lower())) from error
    try:
        count = len(document)
        if not count:
            raise UserError(_unreadable(name, locked=False))
        chosen = range(1, min(count, MAX_PAGES) + 1) if pages is None else pages
        for index in (number - 1 for number in chosen if number <= count):
            with _rendering:
                try:
                    picture = _render(document, index)
                except pypdfium2.PdfiumError as error:
                    raise UserError(_unreadable(name, locked=False)) from error
            yield index + 1, picture
        if count > MAX_PAGES and pages is None:
            yield tr("{name} has {count} pages; the first {most} were added.").format(
                name=name, count=count, most=MAX_PAGES
            )
    finally:
        with _rendering:
            document.close()


def _render(document: object, index: int) -> Image.Image:
    page = document[index]  # type: ignore[index]
    try:
        image: Image.Image = page.render(scale=page_scale(*page.get_size())).to_pil()
        return image.convert("RGB")
    finally:
        page.close()


def _unreadable(name: str, *, locked: bool) -> str:
    if locked:
        return tr("{name} is protected by a password; save a copy without one and use that.").format(name=name)
    return tr("{name} is damaged or not a PDF this app can read; save or export it again.").format(name=name)
