"""Images put together from what the decoder's process sends, which may be anything."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

from desktop_vlm.images.open import MAX_PIXELS
from desktop_vlm.service import decoder_frames as frames
from desktop_vlm.service.framing import ProtocolError

_BYTES = {"RGB": 3, "RGBA": 4}
"""Of a pixel."""


class Assembly:
    """The images of one file: each is whole, none larger than may be decoded, and no more than were asked for."""

    def __init__(self, most_images: int, least_images: int = 0) -> None:
        self._least_images, self._most_images = least_images, most_images
        self._numbers: list[int] = []
        self._current: Image.Image | None = None
        self._n_rows = 0  # of the current one that have come

    def take(self, message: frames.Message) -> Iterator[tuple[int, Image.Image] | frames.Opened]:
        """What a message completes: an image with its number, or what there is to say about the file.

        Raises:
            ProtocolError: it does not belong here.
        """
        if isinstance(message, frames.Image):
            self._begin(message)
        elif isinstance(message, frames.Strip):
            image = self._add(message)
            if self._n_rows == image.height:
                self._current = None
                yield self._numbers[-1], image
        elif isinstance(message, frames.Opened):
            self._check_end(message)
            yield message
        else:
            raise ProtocolError(f"a {message.kind} message among images")

    def _begin(self, message: frames.Image) -> None:
        if self._current is not None:
            raise ProtocolError("an image before the last one's end")
        if len(self._numbers) >= self._most_images:
            raise ProtocolError(f"more than {self._most_images} images")
        is_possible = message.width > 0 and message.height > 0 and message.width * message.height <= MAX_PIXELS
        if message.mode not in _BYTES or not is_possible:
            raise ProtocolError(f"an image of {message.width} x {message.height} pixels")
        self._numbers.append(message.number)
        self._current = Image.new(message.mode, (message.width, message.height))
        self._n_rows = 0

    def _add(self, message: frames.Strip) -> Image.Image:
        image = self._current
        if image is None or message.top != self._n_rows or not 0 < message.n_rows <= image.height - self._n_rows:
            raise ProtocolError("rows of no image")
        n_bytes = image.width * message.n_rows * _BYTES[image.mode]
        if len(message.blobs) != 1 or len(message.blobs[0]) != n_bytes:
            raise ProtocolError("rows of another length")
        rows = Image.frombytes(image.mode, (image.width, message.n_rows), message.blobs[0])
        image.paste(rows, (0, message.top))
        self._n_rows += message.n_rows
        return image

    def _check_end(self, message: frames.Opened) -> None:
        is_short = len(self._numbers) < self._least_images
        if is_short or self._current is not None or message.numbers != tuple(self._numbers):
            raise ProtocolError("other images than were announced")
        if message.count < len(self._numbers):
            raise ProtocolError(f"{message.count} pages in all")
