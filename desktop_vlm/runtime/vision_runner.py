"""What a family's vision side looks like to the session: the only thing that `runtime` knows of a family.

A `VisionProjector` is the opened mmproj file; a `VisionRunner` is what it becomes beside a loaded language model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.runtime.eval_hook import Handler
from desktop_vlm.runtime.memory import Placement, VisionNeeds
from desktop_vlm.runtime.text_model import TextModel

EncodeProgress = Callable[[int, int], None]
"""Called with the steps of encoding that are done and all of them; may raise `Cancelled`."""


@dataclass(frozen=True)
class ImageSpan:
    """An image in a prompt.

    Attributes:
        key: its content key (`images.identity.content_key`).
        n_tokens: cells of the KV cache that it takes, with all that the family puts around and between its rows.
        n_positions: positions that it advances the sequence by; fewer than `n_tokens` with M-RoPE.
    """

    key: str
    n_tokens: int
    n_positions: int


class EncodedImage(Protocol):
    """What the encoder makes of an image."""

    @property
    def states(self) -> NDArray[np.float32]:
        """Float32 (..., text width): what the language model gets or attends to."""
        ...


class VisionRunner(Protocol):
    """Encodes images and brings them to the language model.

    There are two ways. Where `attends_by_hook` is true, an image is one row of the text's own batches, and what the
    rows see of it happens in `handlers` between llama.cpp's layers (cross-attention). Where it is false, `evaluate`
    decodes the image's rows by itself (embeddings among the text's).

    Attributes:
        hook_nodes: the nodes of llama.cpp's graph that `handlers` knows; none for `attends_by_hook` false.
    """

    @property
    def attends_by_hook(self) -> bool: ...

    @property
    def hook_nodes(self) -> tuple[bytes, ...]: ...

    def measure(self, key: str, image: Image.Image) -> ImageSpan:
        """What the image (RGB) takes of the context, without encoding it."""
        ...

    def encode(self, image: Image.Image, progress: EncodeProgress) -> EncodedImage:
        """Run the encoder, without remembering the result.

        Raises:
            Cancelled: from `progress`, or stopped.
            OutOfMemoryError: a device has no room.
        """
        ...

    def evaluate(self, span: ImageSpan, image: Image.Image, position: int, progress: EncodeProgress) -> bool:
        """Decode an image's rows at `position`; encodes it unless that was done lately. For `attends_by_hook` false.

        Whatever the family puts around the rows is decoded too, `span.n_tokens` cells in all. The logits of the last
        row are there afterwards (`TextModel.last_logits`), as an image may be the end of a prompt.

        Returns:
            Whether it was encoded.

        Raises:
            Cancelled: from `progress`, or stopped; the session drops what was decoded from `position` on.
            OutOfMemoryError: a device has no room.
        """
        ...

    def attend(self, visible: tuple[str, ...], images: Mapping[str, Image.Image], progress: EncodeProgress) -> bool:
        """Make these images (content keys) the ones that rows see from here on. For `attends_by_hook` true.

        Returns:
            Whether anything had to be done for it.

        Raises:
            Cancelled: from `progress`, or stopped.
            OutOfMemoryError: a device has no room.
        """
        ...

    def handlers(self, image_rows: list[int]) -> Mapping[bytes, Handler]:
        """What to do between the layers for rows that see an image; `image_rows` are image tokens."""
        ...

    def settle(self) -> None:
        """Do what is better done while nobody waits for an answer."""
        ...

    def forget(self) -> None:
        """Drop what is remembered of images; nothing of the sequence may see one."""
        ...

    def close(self) -> None:
        """Free everything; calling it again does nothing."""
        ...


class VisionProjector(Protocol):
    """An opened mmproj file: what its header says, no weights in memory.

    Attributes:
        path: the file.
        n_bytes: of all its tensors, for the progress of loading.
        capabilities: what a model with it can do.
        needs: what it takes of memory.
        attends_by_hook: see `VisionRunner`; a language model without such a runner is loaded without an evaluation
            callback.
    """

    @property
    def path(self) -> Path: ...

    @property
    def n_bytes(self) -> int: ...

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def needs(self) -> VisionNeeds: ...

    @property
    def attends_by_hook(self) -> bool: ...

    def open_runner(
        self,
        text: TextModel,
        placement: Placement,
        n_threads: int,
        should_stop: Callable[[], bool],
        on_bytes: Callable[[int], None],
    ) -> VisionRunner:
        """Load it beside `text`.

        Args:
            text: the loaded language model.
            placement: what is put where.
            n_threads: processor threads.
            should_stop: to be asked during long computations.
            on_bytes: to be given the size of each tensor that is there, or was read; `n_bytes` in the sum.

        Raises:
            UserError: the two files do not belong together, or this one ends early.
            EngineError: a device failed.
            OutOfMemoryError: a device has no room.
            Cancelled: from `on_bytes`.
        """
        ...
