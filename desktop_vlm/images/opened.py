"""An image that is decoded and identified, once for all who use it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from desktop_vlm.images.identity import content_key
from desktop_vlm.images.open import open_image, to_rgb


@dataclass(frozen=True)
class OpenedImage:
    """An image as a model sees it.

    Attributes:
        pixels: mode RGB.
        key: `content_key` of the pixels.
    """

    pixels: Image.Image
    key: str

    @classmethod
    def of(cls, image: Image.Image) -> OpenedImage:
        """An image that is decoded already."""
        pixels = to_rgb(image)
        return cls(pixels, content_key(pixels))

    @classmethod
    def read(cls, source: Path | bytes, name: str | None = None) -> OpenedImage:
        """An image's file.

        Raises:
            UserError: see `open_image`.
        """
        return cls.of(open_image(source, name=name))

    @property
    def n_bytes(self) -> int:
        """Memory of the pixels."""
        return 3 * self.pixels.width * self.pixels.height
