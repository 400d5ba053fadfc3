"""What a family's vision side looks like to the session: the only thing that `runtime` knows of a family."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from desktop_vlm.runtime.eval_hook import Handler

EncodeProgress = Callable[[int, int], None]
"""Called with the layers that are done and all layers; may raise `Cancelled`."""


@dataclass(frozen=True)
class ImageSpan:
    """An image in a prompt.

    Attributes:
        key: its content key (`images.open.content_key`).
        n_tokens: cells of the KV cache that it takes, with all that the family puts around and between its rows.
        n_positions: positions that it advances the sequence by; fewer than `n_tokens` with M-RoPE.
    """

    key: str
    n_tokens: int
    n_positions: int


class VisionRunner(Protocol):
    """Encodes images and brings them to the language model.

    There are two ways. Where `attends_by_hook` is true, an image is one row of the text's own batches, and what the
    rows see of it happens in `handlers` between llama.cpp's layers (cross-attention). Where it is false, `evaluate`
    decodes the image's rows by itself (embeddings among the text's).
    """

    attends_by_hook: bool

    def measure(self, key: str, image: Image.Image) -> ImageSpan:
        """What the image takes of the context, without encoding it."""
        ...

    def evaluate(self, span: ImageSpan, image: Image.Image, position: int, progress: EncodeProgress) -> bool:
        """Decode an image's rows at `position`; encodes it unless that was done lately. For `attends_by_hook` false.

        Returns:
            Whether it was encoded.

        Raises:
            Cancelled: from `progress`, or stopped; the KV cache is as before.
            OutOfMemoryError: a device has no room.
        """
        ...

    def attend(
        self, visible: tuple[str, ...], images: Mapping[str, Image.Image], progress: EncodeProgress | None
    ) -> bool:
        """Make these images (content keys) the ones that rows see from here on. For `attends_by_hook` true.

        Returns:
            Whether anything had to be done for it.
        """
        ...

    def handlers(self, image_rows: list[int]) -> Mapping[bytes, Handler]:
        """What to do between the layers for rows that see an image; `image_rows` are image tokens."""
        ...

    def settle(self) -> None:
        """Do what is better done while nobody waits for an answer."""
        ...

    def close(self) -> None:
        """Free everything; calling it again does nothing."""
        ...
