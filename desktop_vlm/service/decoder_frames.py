"""What the window and the process that decodes its images say to each other; `framing` tells how it travels.

Pixels travel in strips, so that neither side holds a large image twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, get_args

from desktop_vlm.service import framing

PROTOCOL = 2

Hello = framing.Hello
"""The first message of each side."""


# Messages to the decoder


@dataclass(frozen=True)
class Open:
    """Decode a file: `Image`s with their `Strip`s, then `Opened`; or `Failed`.

    Attributes:
        name: what sentences call it.
        what: "image" for one image as `open_image` gives it, "pages" for those of `open_pages`.
        pages: numbers from 1; None for those that the kind of file suggests.
        password: of a PDF.
        side: 0 for all pixels of an image; else the longer side, px, of small versions of pages, of which those that
            cannot be shown are left out.
        blobs: the file.
    """

    kind: ClassVar[str] = "open"
    id: int
    name: str
    what: str
    pages: tuple[int, ...] | None
    password: str
    side: int
    blobs: tuple[bytes, ...]


@dataclass(frozen=True)
class Count:
    """Say how many pages a document has: `Counted` or `Failed`."""

    kind: ClassVar[str] = "count"
    id: int
    name: str
    password: str
    blobs: tuple[bytes, ...]


# Messages from the decoder


@dataclass(frozen=True)
class Image:
    """An image begins; its strips follow from the top down.

    Attributes:
        number: of the page or frame, from 1.
        mode: "RGB" or "RGBA".
        width, height: px.
    """

    kind: ClassVar[str] = "image"
    id: int
    number: int
    mode: str
    width: int
    height: int


@dataclass(frozen=True)
class Strip:
    """Rows of the image that began last; `blobs` is one, rows without padding."""

    kind: ClassVar[str] = "strip"
    id: int
    top: int
    n_rows: int
    blobs: tuple[bytes, ...]


@dataclass(frozen=True)
class Opened:
    """All images of a file have come; the fields are those of `images.open.OpenedPages`."""

    kind: ClassVar[str] = "opened"
    id: int
    numbers: tuple[int, ...]
    count: int
    kind_of_page: str
    left_out: tuple[str, ...]
    transparent: bool


@dataclass(frozen=True)
class Counted:
    """How many pages there are; 0 where the password is not the right one."""

    kind: ClassVar[str] = "counted"
    id: int
    count: int


@dataclass(frozen=True)
class Failed:
    """A file cannot be decoded; `blame` is "user" or "bug"."""

    kind: ClassVar[str] = "failed"
    id: int
    sentence: str
    blame: str


ToDecoder = Hello | Open | Count
"""What the parent may send."""
FromDecoder = Hello | Image | Strip | Opened | Counted | Failed
"""What the process may send."""
Message = ToDecoder | FromDecoder
"""Whatever travels."""

MAX_STRIP_BYTES = 64 * 2**20
"""Of one message's pixels: a row of an image of 16 million pixels' width."""


MAX_ANSWER_HEADER_BYTES = 2**20
"""Of a message from the process: sentences."""


class FrameReader(framing.FrameReader[Message]):
    """Turns bytes, in whatever pieces they come, into messages: of both sides, or only those that one may send."""

    def __init__(self, sent: Any = Message) -> None:
        """`sent`: `Message`, `ToDecoder` or `FromDecoder`."""
        if sent is FromDecoder:
            super().__init__(get_args(sent), most_header_bytes=MAX_ANSWER_HEADER_BYTES, most_blob_bytes=MAX_STRIP_BYTES)
        else:
            super().__init__(get_args(sent))
