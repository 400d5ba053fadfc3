"""The decoder's process: `python -m desktop_vlm.service.decoder`, spoken to over its pipes in `decoder_frames`.

Images and PDF files that nobody vouches for are decoded here, in a process that can open no file and no connection,
and whose memory is bounded. It does one thing after the other, and ends with its input. Nothing of a file goes to
stderr.
"""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Iterator

from PIL import Image

from desktop_vlm import __version__
from desktop_vlm.api.errors import UserError
from desktop_vlm.images.open import MAX_PAGES, PROCESSOR_S, count_pages, open_image, open_pages
from desktop_vlm.images.pdf import is_pdf
from desktop_vlm.images.strips import strips
from desktop_vlm.images.text_layer.pdf_file import PdfFile, WrongPasswordError
from desktop_vlm.service import decoder_frames as frames
from desktop_vlm.service.framing import ProtocolError
from desktop_vlm.service.pipes import Pipes, prepare_process, take_stdio
from desktop_vlm.system.sandbox import Needs, confine, less_memory, limit_memory, limit_processor_time

MAX_MEMORY_BYTES = 4 * 2**30
"""Of the address space: an image of the most pixels that are allowed, decoded and turned, takes 2."""

PDF_MEMORY_BYTES = 3 * 2**29
"""Of the address space for a PDF file beside its own bytes: a page takes 0.3, and PDFium does not know when to stop."""

PDF_S = 9.0
"""Processor time for all pages of a PDF file; each of them may take `PROCESSOR_S`."""

_BUG = "Something went wrong with {name}: this is a bug in Desktop VLM; see the log."


class Decoder:
    """Decodes files, one after the other."""

    def __init__(self, pipes: Pipes[frames.Message]) -> None:
        self._pipes = pipes

    def run(self) -> None:
        """Work until the input ends, which ends the process."""
        self._pipes.send(frames.Hello(__version__, frames.PROTOCOL))
        self._pipes.receive(self._receive)

    def _receive(self, message: frames.Message) -> None:
        if isinstance(message, frames.Hello):
            self._meet(message)
        elif isinstance(message, frames.Open | frames.Count) and len(message.blobs) == 1:
            self._pipes.send(self._answer(message))
        else:
            raise ProtocolError(f"a {message.kind} message to the decoder")

    def _meet(self, hello: frames.Hello) -> None:
        if (hello.version, hello.protocol) != (__version__, frames.PROTOCOL):
            raise ProtocolError(f"a window of version {hello.version}; this is {__version__}")

    def _answer(self, job: frames.Open | frames.Count) -> frames.Message:
        try:
            (data,) = job.blobs
            if is_pdf(data):
                with less_memory(PDF_MEMORY_BYTES + 2 * len(data)):
                    return self._answer_about_pdf(job, data)
            with limit_processor_time(PROCESSOR_S + 1):  # decoding has a sentence for it, if it is asked in time
                return self._answer_about_image(job, data)
        except UserError as error:
            return frames.Failed(job.id, str(error), "user")
        except MemoryError:
            sentence = f"{job.name} does not fit into memory; save a smaller copy and use that."
            return frames.Failed(job.id, sentence, "user")
        except Exception as error:  # noqa: BLE001 - reported as a bug; the next file may well work
            stack = "".join(traceback.format_tb(error.__traceback__))  # without its words, which may quote the file
            os.write(2, f"{stack}{type(error).__name__}\n".encode("utf-8", "replace"))
            return frames.Failed(job.id, _BUG.format(name=job.name), "bug")

    def _answer_about_image(self, job: frames.Open | frames.Count, data: bytes) -> frames.Message:
        if isinstance(job, frames.Count):
            return frames.Counted(job.id, count_pages(data, name=job.name))
        if job.what == "image":
            self._send_image(job.id, 1, open_image(data, name=job.name))
            return frames.Opened(job.id, (1,), 1, "page", (), transparent=False)
        found = open_pages(data, name=job.name, pages=job.pages)
        for number, image in zip(found.numbers, found.images, strict=True):
            self._send_image(job.id, number, _at_most(image, job.side))
        return frames.Opened(job.id, found.numbers, found.count, found.kind, found.left_out, found.transparent)

    def _answer_about_pdf(self, job: frames.Open | frames.Count, data: bytes) -> frames.Message:
        end_s = time.process_time() + PDF_S
        try:
            with limit_processor_time(PROCESSOR_S):
                file = PdfFile(data, job.name, job.password)
        except WrongPasswordError:
            if isinstance(job, frames.Open):
                raise
            return frames.Counted(job.id, 0)
        with file:
            if isinstance(job, frames.Count):
                return frames.Counted(job.id, file.n_pages)
            chosen = range(1, min(file.n_pages, MAX_PAGES) + 1) if job.pages is None else job.pages
            numbers = tuple(number for number in chosen if 1 <= number <= file.n_pages)
            shown = tuple(number for number in numbers if self._send_page(job, file, number, end_s))
            return frames.Opened(job.id, shown, file.n_pages, "page", (), transparent=False)

    def _send_page(self, job: frames.Open, file: PdfFile, number: int, end_s: float) -> bool:
        """Whether the page could be drawn; only small versions may be missing."""
        most_s = min(PROCESSOR_S, max(0.1, end_s - time.process_time()))
        try:
            with limit_processor_time(most_s), file.page(number) as page:
                image = page.image(job.side)
        except UserError:
            if not job.side:
                raise
            return False
        self._send_image(job.id, number, image)
        return True

    def _send_image(self, job_id: int, number: int, image: Image.Image) -> None:
        self._pipes.send(frames.Image(job_id, number, image.mode, image.width, image.height))
        for box, rows in _rows(image):
            self._pipes.send(frames.Strip(job_id, box[1], box[3] - box[1], (rows,)))


def _at_most(image: Image.Image, side: int) -> Image.Image:
    """A smaller version whose longer side is this, or all pixels for 0."""
    if side and max(image.size) > side:
        image.thumbnail((side, side), Image.Resampling.BOX, reducing_gap=2.0)
    return image


def _rows(image: Image.Image) -> Iterator[tuple[tuple[int, int, int, int], bytes]]:
    for box in strips(image.size):
        yield box, image.crop(box).tobytes()


def main() -> None:
    """Decode what comes on this process's stdin."""
    pipes = Pipes(*take_stdio(), frames.FrameReader(frames.ToDecoder))
    prepare_process()
    limit_memory(MAX_MEMORY_BYTES)
    confine(Needs())
    Decoder(pipes).run()


if __name__ == "__main__":
    main()
