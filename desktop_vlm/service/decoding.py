"""Decoding images and PDF pages as `images.open` does, but in a process of its own. Not for the window's thread."""

from __future__ import annotations

import atexit
import io
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image

from desktop_vlm.images.open import OpenedPages
from desktop_vlm.images.pdf import is_pdf
from desktop_vlm.images.reading import MAX_FILE_BYTES, printable, read_image_bytes
from desktop_vlm.images.svg import drawn_as_png, is_svg
from desktop_vlm.service.decoder_client import DecoderClient
from desktop_vlm.service.decoder_frames import Opened

_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""How files begin that may have pages."""


@lru_cache(maxsize=1)
def _client() -> DecoderClient:
    made = DecoderClient()
    atexit.register(made.close)
    return made


def open_image(data: bytes, *, name: str = "the image", check: Callable[[], None] | None = None) -> Image.Image:
    """One image of a file, upright, as RGB or RGBA; see `images.open.open_image`.

    Args:
        data: the file.
        name: what sentences call it.
        check: called while it comes; what it raises ends the work.

    Raises:
        UserError: it cannot be decoded.
    """
    images, _ = _all_of(_drawn(_checked(data, name), name), name, "image", check=check)
    return images[0]


def open_pages(
    data: bytes | Path,
    *,
    name: str = "",
    pages: Sequence[int] | None = None,
    check: Callable[[], None] | None = None,
) -> OpenedPages:
    """The pages of a document, or a frame of an animation; see `images.open.open_pages`, and `open_image` for `check`.

    Raises:
        UserError: it cannot be read or decoded.
    """
    if isinstance(data, Path):
        name = printable(name or data.name)
        data = read_image_bytes(data, name)
    name = name or "the image"
    data = _drawn(_checked(data, name), name)
    images, opened = _all_of(data, name, "pages", pages, check)
    return OpenedPages(
        tuple(images), opened.numbers, opened.count, opened.kind_of_page, opened.left_out, opened.transparent
    )


def count_pages(data: bytes, *, name: str = "the image", password: str = "") -> int:
    """How many pages a document has, 1 for everything else; 0 where the password of a PDF is not the right one.

    Raises:
        UserError: it cannot be decoded.
    """
    data = _checked(data, name)
    may_have_several = is_pdf(data) or data.startswith(_TIFF)  # others are not worth the way to the process
    return _client().count(data, name, password) if may_have_several else 1


def pdf_pages(
    data: bytes, name: str, pages: Sequence[int] | None = None, password: str = ""
) -> Iterator[tuple[int, Image.Image] | int]:
    """The pages of a PDF as they are drawn, each with its number, then how many it has.

    Raises:
        UserError: it cannot be decoded.
    """
    for one in _client().images(data, name, what="pages", pages=pages, password=password):
        yield one.count if isinstance(one, Opened) else one


def small_pages(
    data: bytes, name: str, pages: Sequence[int], side: int, password: str = ""
) -> Iterator[tuple[int, Image.Image]]:
    """Small versions of pages or frames, each with its number; those that cannot be shown are left out.

    Args:
        data: the file.
        name: what sentences call it.
        pages: numbers from 1.
        side: the longer one, px.
        password: of a PDF.

    Raises:
        UserError: nothing of it can be decoded.
    """
    data = _drawn(_checked(data, name), name)
    for one in _client().images(data, name, what="pages", pages=pages, password=password, side=side):
        if not isinstance(one, Opened):
            yield one


def end_idle() -> None:
    """End the processes that have nothing to do, for callers that soon give up the right to."""
    _client().close()


def _drawn(data: bytes, name: str) -> bytes:
    """A drawing as PNG, which a process of its own makes of it; anything else as it is."""
    return drawn_as_png(data, name) if is_svg(data) else data


def _all_of(
    data: bytes,
    name: str,
    what: str,
    pages: Sequence[int] | None = None,
    check: Callable[[], None] | None = None,
) -> tuple[list[Image.Image], Opened]:
    images: list[Image.Image] = []
    for one in _client().images(data, name, what=what, pages=pages, check=check):
        if isinstance(one, Opened):
            return images, one
        images.append(one[1])
    raise AssertionError("unreachable: the last thing that comes is Opened")


def _checked(data: bytes, name: str) -> bytes:
    """The data, if it is not too large to be sent on; the sentences are those of `images.reading`."""
    if is_pdf(data) and len(data) <= MAX_FILE_BYTES:
        return data
    return read_image_bytes(io.BytesIO(data), name)
