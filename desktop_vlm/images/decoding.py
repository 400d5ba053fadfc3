"""One page of a file that Pillow has open, decoded to 8 bits, in bounded time and memory."""

from __future__ import annotations

import io
import time

from PIL import Image

from desktop_vlm.images.time_limits import DEADLINE_S, PROCESSOR_S
from desktop_vlm.images.turning import decode_on_its_side, orientation_of, upright
from desktop_vlm.images.wide_colour import is_wide_colour, low_bytes

MOST_PASSES = 4_000_000_000
"""Pixels times scans of a JPEG, which may go over its pixels thousands of times; the largest photo has a third."""

_PROGRESSIVE_BLOCK = 512
"""Bytes given to the decoder at once: a scan over all pixels can be as short as some hundred."""


_READS_UNCHECKED = 16
"""Some files have Pillow read them byte by byte, and asking for the time takes longer than that."""


class TooSlowError(Exception):
    """A deadline has passed.

    Attributes:
        limit_s: of so many seconds.
    """

    def __init__(self, limit_s: float) -> None:
        super().__init__(f"more than {limit_s} s")
        self.limit_s = limit_s


class Clock(io.BytesIO):
    """A file that can no longer be read once the deadline has passed; decoders read as they go."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._n_reads = 0
        self._n_scans = data.count(b"\xff\xda")
        self._end_s = time.monotonic() + DEADLINE_S
        self._end_processor_s = time.thread_time() + PROCESSOR_S

    def read(self, size: int | None = -1) -> bytes:
        self._n_reads += 1
        if self._n_reads % _READS_UNCHECKED == 0:
            self.check()
        return super().read(size)

    def check(self) -> None:
        """Raises TooSlowError after a deadline."""
        if time.thread_time() > self._end_processor_s:
            raise TooSlowError(PROCESSOR_S)
        if time.monotonic() > self._end_s:
            raise TooSlowError(DEADLINE_S)

    def check_scans(self, n_pixels: int) -> None:
        """Raises TooSlowError where a JPEG of so many pixels cannot be decoded before the deadline."""
        if n_pixels * self._n_scans > MOST_PASSES:
            raise TooSlowError(PROCESSOR_S)


def decode(image: Image.Image, clock: Clock) -> Image.Image:
    """Every pixel of the page that the file stands at, upright, as RGB or RGBA; a cut-off file raises here."""
    clock.check()
    if image.info.get("progressive"):
        image.decodermaxblock = _PROGRESSIVE_BLOCK  # type: ignore[attr-defined]
        clock.check_scans(image.width * image.height)
    if is_wide_colour(image):
        made = _wide_colour(image, clock)
    elif turned := decode_on_its_side(image):
        return turned
    else:
        image.load()
        made = _eight_bit(image)
    return upright(made, orientation_of(image))


def sees_through(image: Image.Image) -> bool:
    """Whether any pixel is not opaque."""
    return image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255)


def _wide_colour(image: Image.Image, clock: Clock) -> Image.Image:
    """Pillow keeps the upper 8 of 16 bits; where these are all but unused, the file is decoded for the lower ones."""
    from desktop_vlm.images import depth  # and NumPy, which takes longer to load than all else here

    position = image.tell()
    image.load()
    if not depth.uses_low_bits_only(image):
        return _eight_bit(image)
    clock.seek(0)
    with Image.open(clock, formats=[image.format or ""]) as again:
        if position:
            again.seek(position)
        low_bytes(again)
        again.load()
        made = depth.scaled_colour(image, again)
    return _eight_bit(made)


def _eight_bit(image: Image.Image) -> Image.Image:
    """Any mode that Pillow decodes to, as RGB or RGBA; pixels that are so already are not copied."""
    made = image
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        from desktop_vlm.images import depth  # see `_wide_colour`

        made = depth.grey_from_wide(image)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if made.mode != mode:
        made = made.convert(mode)
    # An image of its own, which keeps nothing of the file. Several pages would be decoded into the same pixels.
    is_one_of_many = made is image and image.format != "MPO" and getattr(image, "n_frames", 1) > 1
    return made.copy() if is_one_of_many else Image.Image()._new(made.im)  # noqa: SLF001 - Pillow's own way, no copy
