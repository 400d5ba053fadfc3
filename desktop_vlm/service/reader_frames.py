"""What the text reader's process and its parent say to each other; `framing` tells how it becomes bytes on a pipe.

Each side begins with `Hello`. Then the parent may `Prepare`, and sends one `Read` after the other, the next one when
the last was answered: with a `PageRead` for each page and `Done`, with `Failed`, or with `Cancelled`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, get_args

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.service import framing, pulse
from desktop_vlm.service.framing import ProtocolError

PROTOCOL = 2
"""Raised when a message changes so that an older other side would misread it."""


@dataclass(frozen=True)
class Hello:
    """The first message of each side; both must carry the same numbers.

    Attributes:
        is_background: of the parent: nobody waits for single images, so the process gives way to all others.
        missing: of the process: packages of `desktop-vlm[text]` that are not installed; then it reads the text of PDF
            pages, and no image's.
    """

    kind: ClassVar[str] = "hello"
    version: str
    protocol: int
    is_background: bool = False
    missing: tuple[str, ...] = ()


# Messages to the process


@dataclass(frozen=True)
class Prepare:
    """Load what reading images takes; nothing answers it."""

    kind: ClassVar[str] = "prepare"


@dataclass(frozen=True)
class Read:
    """Read the text of a file: an image, pages of a TIFF or a PDF.

    Attributes:
        name: what sentences call it.
        pages: numbers from 1; () for all of a PDF, and else for what `images.open_pages` takes by itself.
        region: left, top, right, bottom, px: the part of each page to read; () for all of it.
        password: of a PDF.
        blobs: the file.
    """

    kind: ClassVar[str] = "read"
    id: int
    name: str
    blobs: tuple[bytes, ...]
    pages: tuple[int, ...] = ()
    region: tuple[int, ...] = ()
    password: str = ""


@dataclass(frozen=True)
class Cancel:
    """Nobody needs this any more: answered within a second, by `Cancelled` or the process's end."""

    kind: ClassVar[str] = "cancel"
    id: int


# Messages from the process


@dataclass(frozen=True)
class PageRead:
    """The text of a page.

    Attributes:
        page: its number, from 1.
        n_pages: of the file.
        blobs: its `TextLayer`, as `encode_layer` makes it; decoding it is not for a window's thread.
    """

    kind: ClassVar[str] = "page-read"
    id: int
    page: int
    n_pages: int
    blobs: tuple[bytes, ...]


@dataclass(frozen=True)
class Done:
    """All pages were read.

    Attributes:
        left_out: a sentence for each thing of the file that was not read.
    """

    kind: ClassVar[str] = "done"
    id: int
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cancelled:
    """Nothing more comes of this one."""

    kind: ClassVar[str] = "cancelled"
    id: int


@dataclass(frozen=True)
class Failed:
    """A file could not be read.

    Attributes:
        id: of the `Read`; 0 where the process cannot work at all.
        sentence: what is wrong and the way out.
        blame: `user` (the file), `missing` (the extra is not installed), `engine` (the machine), or `bug`.
    """

    kind: ClassVar[str] = "failed"
    id: int
    sentence: str
    blame: str


Pulse = pulse.Pulse
"""A sign of life, each second while there is work, that says how far it is."""


ToReader = Hello | Prepare | Read | Cancel
"""What the parent may send."""
FromReader = Hello | PageRead | Done | Cancelled | Failed | Pulse
"""What the process may send."""
Message = ToReader | FromReader
"""Whatever travels."""

MAX_LAYER_BYTES = 16 * 2**20
"""Of a page: more than 100,000 words."""


MAX_ANSWER_HEADER_BYTES = 2**20
"""Of a message from the process: sentences."""


class FrameReader(framing.FrameReader[Message]):
    """Turns bytes, in whatever pieces they come, into messages: of both sides, or only those that one may send."""

    def __init__(self, sent: Any = Message) -> None:
        """`sent`: `Message`, `ToReader` or `FromReader`."""
        if sent is FromReader:
            super().__init__(get_args(sent), most_header_bytes=MAX_ANSWER_HEADER_BYTES, most_blob_bytes=MAX_LAYER_BYTES)
        else:
            super().__init__(get_args(sent))


# Layers


@dataclass(frozen=True)
class _Layer:
    kind: ClassVar[str] = "layer"
    layer: TextLayer


def encode_layer(layer: TextLayer) -> bytes:
    """A layer as bytes of its own: a page has thousands of words, and making them takes longer than a frame may.

    Raises:
        ProtocolError: it is too large.
    """
    data = b"".join(framing.encode(_Layer(layer)))
    if len(data) > MAX_LAYER_BYTES:
        raise ProtocolError(f"a text layer of {len(data):,} bytes; the limit is {MAX_LAYER_BYTES:,}")
    return data


def decode_layer(data: bytes) -> TextLayer:
    """What `encode_layer` made.

    Raises:
        ProtocolError: it is something else.
    """
    found = list(framing.FrameReader([_Layer]).feed(data))
    if len(found) != 1:
        raise ProtocolError("not one text layer")
    return found[0].layer
