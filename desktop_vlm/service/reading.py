"""What the text reader's process does with one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PIL import Image

from desktop_vlm.api.errors import Cancelled, EngineError, UserError
from desktop_vlm.api.text_layer import Box, TextLayer
from desktop_vlm.images.open import PROCESSOR_S, open_pages
from desktop_vlm.images.pdf import is_pdf
from desktop_vlm.images.text_layer.moving import moved
from desktop_vlm.service import reader_frames as frames
from desktop_vlm.service.framing import ProtocolError
from desktop_vlm.system.sandbox import less_memory, limit_processor_time, unlimited_processor_time
from desktop_vlm.system.text_extra import INSTALL, missing_packages

Stop = Callable[[], bool]
"""Whether nobody needs the result any more; asked at least every half second."""

PDF_MEMORY_BYTES = 4 * 2**30
"""Of the address space while a PDF page is read; OCR takes most of it."""

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
    if is_pdf(data):
        yield from _read_pdf(job, data, stop)
        return
    check_extra()
    with limit_processor_time(PROCESSOR_S + 1):  # decoding has a sentence for it, if it is asked in time
        opened = open_pages(data, name=job.name, pages=job.pages or None)
    for number, image in zip(opened.numbers, opened.images, strict=True):
        _check(stop)
        yield _page_read(job, number, opened.count, _read_image(image, job, stop))
    yield frames.Done(job.id, opened.left_out)


def _read_pdf(job: frames.Read, data: bytes, stop: Stop) -> Iterator[frames.PageRead | frames.Done]:
    from desktop_vlm.images.text_layer.pdf_file import PdfFile  # numpy and PDFium, which a greeting need not wait for
    from desktop_vlm.images.text_layer.pdf_reading import read_page

    def recognise(image: Image.Image) -> TextLayer:
        check_extra()
        with unlimited_processor_time():  # it is done in parts, and can be stopped
            return _recognise(image, stop)

    with limit_processor_time(PROCESSOR_S):
        file = PdfFile(data, job.name, job.password)
    with file:
        for number in job.pages or range(1, file.n_pages + 1):
            _check(stop)
            memory = less_memory(PDF_MEMORY_BYTES + 2 * len(data))
            with memory, limit_processor_time(PROCESSOR_S), file.page(number) as page:
                layer = read_page(page, recognise, lambda: _check(stop), can_recognise=not missing_packages())
                region = _region(job, (page.width, page.height))
            yield _page_read(job, number, file.n_pages, layer if region is None else _in_region(layer, region))
    yield frames.Done(job.id)


def _in_region(layer: TextLayer, region: _Region) -> TextLayer:
    """What of a layer stands within a region, by the words' centres."""
    from desktop_vlm.images.text_layer.pdf_reading import part_of

    return part_of(layer, Box(*map(float, region)))


def _page_read(job: frames.Read, number: int, n_pages: int, layer: TextLayer) -> frames.PageRead:
    try:
        return frames.PageRead(job.id, number, n_pages, (frames.encode_layer(layer),))
    except ProtocolError:
        raise UserError(f"{job.name} holds too much text for one page; read a region of it.") from None


def _check(stop: Stop) -> None:
    if stop():
        raise Cancelled("stopped")


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


def _read_image(image: Image.Image, job: frames.Read, stop: Stop) -> TextLayer:
    """The text of an image, or of the job's region of it; places are the whole image's."""
    region = _region(job, image.size)
    if region is None:
        return _recognise(image, stop)
    return moved(_recognise(image.crop(region), stop), region[0], region[1], *image.size)


def _recognise(image: Image.Image, stop: Stop) -> TextLayer:
    prepare()
    from desktop_vlm.images.text_layer import recognition

    return recognition.recognise(image, should_stop=stop)


def _region(job: frames.Read, size: tuple[int, int]) -> _Region | None:
    if not job.region:
        return None
    left, top, right, bottom = job.region
    width, height = size
    left, top, right, bottom = max(0, left), max(0, top), min(right, width), min(bottom, height)
    if left >= right or top >= bottom:
        raise UserError(f"The region lies outside of {job.name}, which has {width} x {height} pixels.")
    return left, top, right, bottom
