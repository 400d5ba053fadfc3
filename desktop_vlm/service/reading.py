"""What the text reader's process does with one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from PIL import Image

from desktop_vlm.api.errors import Cancelled, EngineError, UserError
from desktop_vlm.api.text_layer import Box, Code, TextLayer, TextLine, Word
from desktop_vlm.images.open import open_pages
from desktop_vlm.service import reader_frames as frames
from desktop_vlm.system.text_extra import INSTALL, missing_packages

Stop = Callable[[], bool]
"""Whether nobody needs the result any more; asked at least every half second."""

_Region = tuple[int, int, int, int]


class MissingExtra(UserError):  # noqa: N818 - as UserError's other kinds are named by what is wrong
    """What reads images is not installed."""


def read_file(job: frames.Read, stop: Stop) -> Iterator[frames.PageRead | frames.Done]:
    """The text of each page, then what was left out.

    Raises:
        UserError: the file, its pages or the region are wrong.
        EngineError: what reads images cannot be loaded.
        Cancelled: `stop` said so.
    """
    (data,) = job.blobs
    check_extra()
    opened = open_pages(data, name=job.name, pages=job.pages or None)
    for number, image in zip(opened.numbers, opened.images, strict=True):
        if stop():
            raise Cancelled("stopped")
        layer = read_image(image, job, stop)
        yield frames.PageRead(job.id, number, opened.count, (frames.encode_layer(layer),))
    yield frames.Done(job.id, opened.left_out)


def check_extra() -> None:
    """Raises MissingExtra where images cannot be read."""
    if missing_packages():
        raise MissingExtra(f"Reading text in images needs the extra desktop-vlm[text]: {INSTALL}.")


def prepare() -> None:
    """Load what reading images takes: about a second.

    Raises:
        EngineError: it cannot be loaded.
    """
    try:
        from desktop_vlm.images.text_layer import recognition  # a second, and half of what the process uses

        recognition.prepare()
    except (ImportError, OSError, RuntimeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise EngineError(
            f"What reads text in images cannot be loaded ({reason}); install desktop-vlm[text] again."
        ) from error


def read_image(image: Image.Image, job: frames.Read, stop: Stop) -> TextLayer:
    """The text of an image, or of the job's region of it; places are the whole image's."""
    region = _region(job, image.size)
    prepare()
    from desktop_vlm.images.text_layer import recognition

    if region is None:
        return recognition.recognise(image, should_stop=stop)
    found = recognition.recognise(image.crop(region), should_stop=stop)
    return moved(found, region[0], region[1], *image.size)


def _region(job: frames.Read, size: tuple[int, int]) -> _Region | None:
    if not job.region:
        return None
    left, top, right, bottom = job.region
    width, height = size
    left, top, right, bottom = max(0, left), max(0, top), min(right, width), min(bottom, height)
    if left >= right or top >= bottom:
        raise UserError(f"The region lies outside of {job.name}, which has {width} x {height} pixels.")
    return left, top, right, bottom


def moved(layer: TextLayer, left: int, top: int, width: int, height: int) -> TextLayer:
    """The layer of a part, as one of the whole image of which the part begins at (left, top)."""

    def box(at: Box) -> Box:
        return Box(at.left + left, at.top + top, at.right + left, at.bottom + top)

    def word(of: Word) -> Word:
        return replace(of, box=box(of.box))

    def line(of: TextLine) -> TextLine:
        return replace(of, box=box(of.box), words=tuple(word(one) for one in of.words))

    def code(of: Code) -> Code:
        return replace(of, box=box(of.box))

    return replace(
        layer,
        width=width,
        height=height,
        lines=tuple(line(one) for one in layer.lines),
        codes=tuple(code(one) for one in layer.codes),
    )
