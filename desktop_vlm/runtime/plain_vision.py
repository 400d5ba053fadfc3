"""llama.cpp's own way with images, where it has one: what speed is compared with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from PIL import Image

from desktop_vlm.runtime.memory import Placement
from desktop_vlm.runtime.text_model import TextModel


class PlainVision(Protocol):
    """An encoder beside a language model, as llama.cpp's own programs run it: nothing is mended or remembered."""

    def encode(self, image: Image.Image) -> None:
        """Run the encoder on an image (RGB) of just the size that it gets."""
        ...

    def evaluate(self, image: Image.Image, position: int) -> int:
        """Encode such an image and decode its rows at `position`; the position after it."""
        ...

    def close(self) -> None:
        """Free it; calling it again does nothing."""
        ...


@runtime_checkable
class OpensPlain(Protocol):
    """A `VisionProjector` whose file llama.cpp can run by itself."""

    def open_plain(
        self, text: TextModel, placement: Placement, n_threads: int, should_stop: Callable[[], bool]
    ) -> PlainVision:
        """Load it a second time, beside `text`.

        Raises:
            OutOfMemoryError: there is no room for it.
        """
        ...

    def final_size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of what the encoder gets for an image."""
        ...
