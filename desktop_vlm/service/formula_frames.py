"""What the window and the process that lays out formulas say to each other; `framing` tells how it travels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, get_args

from desktop_vlm.markdown.formula import MOST_SVG_CHARACTERS, FormulaDrawing
from desktop_vlm.service import framing

PROTOCOL = 1

Hello = framing.Hello
"""The first message of each side."""


@dataclass(frozen=True)
class LayOut:
    """Lay out a formula: `LaidOut`.

    Attributes:
        latex: the formula.
        size_px: of its text.
        display: whether it stands on a line of its own.
    """

    kind: ClassVar[str] = "lay-out"
    id: int
    latex: str
    size_px: float
    display: bool


@dataclass(frozen=True)
class LaidOut:
    """A formula as it is drawn; None where it cannot be."""

    kind: ClassVar[str] = "laid-out"
    id: int
    drawing: FormulaDrawing | None


ToFormulas = Hello | LayOut
"""What the parent may send."""
FromFormulas = Hello | LaidOut
"""What the process may send."""
Message = ToFormulas | FromFormulas
"""Whatever travels."""

MAX_HEADER_BYTES = MOST_SVG_CHARACTERS + 2**16
"""Of a message: an SVG, all of it ASCII but for letters in which it repeats the source, or that source."""


class FrameReader(framing.FrameReader[Message]):
    """Turns bytes, in whatever pieces they come, into messages: of both sides, or only those that one may send."""

    def __init__(self, sent: Any = Message) -> None:
        """`sent`: `Message`, `ToFormulas` or `FromFormulas`."""
        super().__init__(get_args(sent), most_header_bytes=MAX_HEADER_BYTES, most_blob_bytes=0)
