"""The images that the engine's process has decoded, by the SHA-256 of their files."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection

from desktop_vlm.images.opened import OpenedImage

_MOST_BYTES = 384 * 2**20
"""Of pixels: some fifteen screenshots of 4K, or one image of the most pixels that may be opened."""


class ImageCache:
    """Keeps what was used last, within a limit on memory."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._images: OrderedDict[str, OpenedImage] = OrderedDict()

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._images

    def __len__(self) -> int:
        return len(self._images)

    def add(self, sha256: str, file: bytes) -> None:
        """Decode an image's file, unless it is here already.

        Raises:
            UserError: it cannot be opened.
        """
        if sha256 not in self._images:
            self._images[sha256] = OpenedImage.read(file, "an image of the conversation")
        self._images.move_to_end(sha256)

    def take(self, needed: Collection[str]) -> dict[str, OpenedImage]:
        """The images that are needed now; others give way where there are too many, these never."""
        for sha256 in needed:
            self._images.move_to_end(sha256)
        n_bytes = sum(image.n_bytes for image in self._images.values())
        for sha256 in [one for one in self._images if one not in needed]:
            if n_bytes <= self._most_bytes:
                break
            n_bytes -= self._images.pop(sha256).n_bytes
        return {sha256: self._images[sha256] for sha256 in needed}
