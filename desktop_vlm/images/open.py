"""Opening images that nobody vouches for: files, pasted bytes, dropped streams.

`open_image` and `open_pages` either return fully decoded 8-bit RGB or RGBA images that hold no file open, or raise a
`UserError` of one sentence. Memory and time are bounded by `MAX_FILE_BYTES`, `MAX_PIXELS` and
`time_limits`, and only the formats of `formats()` are tried, whatever the file is called (so nothing reaches Pillow's
Ghostscript bridge).
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from PIL import Image, UnidentifiedImageError

from desktop_vlm.api.errors import UserError
from desktop_vlm.images.decoding import Clock, TooSlowError, decode, sees_through
from desktop_vlm.images.formats import MAX_PIXELS, formats, missing_plugin
from desktop_vlm.images.page_list import Pages
from desktop_vlm.images.reading import MAX_FILE_BYTES, printable, read_image_bytes
from desktop_vlm.images.strips import strips
from desktop_vlm.images.svg import is_svg, render_svg
from desktop_vlm.images.time_limits import DEADLINE_S, PROCESSOR_S

__all__ = [
    "DEADLINE_S",
    "MAX_FILE_BYTES",
    "MAX_PAGES",
    "MAX_PIXELS",
    "PROCESSOR_S",
    "OpenedPages",
    "count_pages",
    "open_image",
    "open_pages",
    "to_rgb",
]

MAX_PAGES = 10
"""Taken of one file: more than a collage holds (nine), few enough that a book does not fill the memory."""

_Result = TypeVar("_Result")

# `warnings.catch_warnings` swaps process-wide state, so two threads must not be inside it at once.
_decoding = threading.Lock()


@dataclass(frozen=True)
class OpenedPages:
    """Images of one file.

    Attributes:
        images: RGB, or RGBA where they have transparency.
        numbers: of the pages or frames, from 1.
        count: of all that the file has; 1 for an ordinary image.
        kind: what they are: "page", or "frame" of an animation.
        left_out: a sentence for each thing of the file that is not among the images.
        transparent: whether something of an image shows the white that will be laid under it.
    """

    images: tuple[Image.Image, ...]
    numbers: tuple[int, ...]
    count: int
    kind: str
    left_out: tuple[str, ...]
    transparent: bool


def open_image(source: Path | bytes | BinaryIO, *, name: str | None = None, page: int | None = None) -> Image.Image:
    """One image of a file, upright by its EXIF orientation, as mode RGB, or RGBA where it has transparency.

    Args:
        source: the file, its bytes, or a stream.
        name: what messages call it; without it, the file's name or "the image".
        page: number of a page or frame, from 1; without it, the first that is no thumbnail and not invisible.

    Raises:
        UserError: missing, unreadable, not an ordinary file, empty, too large, too slow, not an image, damaged, or
            without that page.
    """
    name = _name_of(source, name)
    data = read_image_bytes(source, name)
    if is_svg(data):
        _one_page(name, page)
        return render_svg(data, name)
    return _guarded(data, name, lambda pages, clock: decode(pages.at(page), clock))


def open_pages(
    source: Path | bytes | BinaryIO, *, name: str | None = None, pages: Sequence[int] | None = None
) -> OpenedPages:
    """The pages of a document (TIFF), or the first visible frame of an animation; or those that are named.

    Args:
        source: the file, its bytes, or a stream.
        name: what messages call it.
        pages: numbers of pages or frames, from 1; at most `MAX_PAGES` are taken.

    Raises:
        UserError: see `open_image`.
    """
    name = _name_of(source, name)
    data = read_image_bytes(source, name)
    if is_svg(data):
        for number in pages or ():
            _one_page(name, number)
        image = render_svg(data, name)
        return OpenedPages((image,), (1,), 1, "page", (), sees_through(image))
    return _guarded(data, name, lambda found, clock: _take(found, clock, pages))


def count_pages(source: Path | bytes | BinaryIO, *, name: str | None = None) -> int:
    """How many pages a document (TIFF) has; 1 for everything else, animations too.

    Raises:
        UserError: see `open_image`.
    """
    name = _name_of(source, name)
    data = read_image_bytes(source, name)
    if is_svg(data):
        return 1
    return _guarded(data, name, lambda found, _clock: found.count if found.kind == "page" else 1)


def _take(found: Pages, clock: Clock, asked: Sequence[int] | None) -> OpenedPages:
    """Decode what is asked for, or what the kind of file suggests, as far as the pixels of one image at most go."""
    chosen = found.suggested() if asked is None else list(dict.fromkeys(asked))
    images: list[Image.Image] = []
    n_pixels = 0
    for number in chosen[:MAX_PAGES]:
        page = found.at(number)
        n_pixels += page.width * page.height
        if images and n_pixels > MAX_PIXELS:
            break
        images.append(decode(page, clock))
    numbers = tuple(chosen[: len(images)])
    transparent = any(sees_through(image) for image in images)
    return OpenedPages(tuple(images), numbers, found.count, found.kind, found.left_out(numbers), transparent)


def _name_of(source: Path | bytes | BinaryIO, name: str | None) -> str:
    return printable(name or (source.name if isinstance(source, Path) else "the image"))


def _one_page(name: str, page: int | None) -> None:
    if page not in {None, 1}:
        raise UserError(f"{name} has no page {page}; it has one.")


def _guarded(data: bytes, name: str, work: Callable[[Pages, Clock], _Result]) -> _Result:
    with _decoding, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what matters is raised below; the rest is about metadata
        return _in_sentences(data, name, work)


def _in_sentences(data: bytes, name: str, work: Callable[[Pages, Clock], _Result]) -> _Result:
    too_many = UserError(
        f"{name} has more than {MAX_PIXELS // 1_000_000} million pixels; save a smaller copy and use that."
    )
    clock = Clock(data)
    try:
        with Image.open(clock, formats=formats()) as image:
            if image.width * image.height > MAX_PIXELS:
                raise too_many
            return work(Pages(image, name), clock)
    except UserError:
        raise
    except TooSlowError as error:
        raise UserError(too_slow(name, error.limit_s)) from None
    except Image.DecompressionBombError as error:
        raise too_many from error
    except UnidentifiedImageError as error:
        if plugin := missing_plugin(data):
            raise UserError(
                f"{name} is {plugin}, which needs the extra `desktop-vlm[images]`; install it or save as JPEG."
            ) from None
        raise UserError(f"{name} is not an image this app can read; save it as PNG or JPEG and use that.") from error
    except MemoryError as error:
        raise UserError(f"{name} does not fit into memory; save a smaller copy and use that.") from error
    except Exception as error:  # decoders raise nearly anything on broken data (struct, zlib, Syntax, Index...)
        raise UserError(f"{name} is damaged or incomplete; save or download the image again.") from error


def too_slow(name: str, limit_s: float = PROCESSOR_S) -> str:
    """The sentence about a file that takes longer than a deadline."""
    return f"{name} takes more than {limit_s:.0f} seconds to decode; save it as PNG and use that."


def to_rgb(image: Image.Image) -> Image.Image:
    """Transparency laid over white, exactly as `convert_to_rgb` of transformers' image_processing_mllama does.

    In strips, each as one call would have made it, since that would hold four images at once.
    """
    if image.mode == "RGB":
        return image
    made = Image.new("RGB", image.size)
    for box in strips(image.size):
        rgba = image.crop(box).convert("RGBA")
        white = Image.new("RGBA", rgba.size, (255, 255, 255))
        made.paste(Image.alpha_composite(white, rgba).convert("RGB"), box[:2])
    return made
