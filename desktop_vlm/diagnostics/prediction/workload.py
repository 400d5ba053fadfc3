"""What a model and a question ask of a GPU: layers that are started, bytes that are read, products that are made."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_vlm.runtime.attention_memory import kv_cache_bytes
from desktop_vlm.runtime.image_work import ImageWork, TellsWork
from desktop_vlm.runtime.memory import ModelShape, Placement
from desktop_vlm.runtime.model_shape import TextShape

SCREEN = (1920, 1080)
"""Pixels of the image that is predicted: a whole screen."""
N_CONTEXT = 512
"""Tokens before those that are decoded, beside the image's."""
N_PROMPT, N_NEXT = 64, 32
"""Tokens of the first question, with the image, and of the second one."""


@dataclass(frozen=True)
class Pass:
    """One pass of the language model, or several of them in sum.

    Attributes:
        n_layers: that are started.
        n_bytes: of weights and KV cache that are read.
        flops: of all rows.
        n_passes: how many.
    """

    n_layers: int
    n_bytes: float
    flops: float
    n_passes: int = 1


@dataclass(frozen=True)
class Workload:
    """A model as it is placed, and one image.

    Attributes:
        image: None for text only, and for a family that does not tell.
    """

    text: TextShape
    placement: Placement
    image: ImageWork | None

    @property
    def n_image_tokens(self) -> int:
        """Cells of the KV cache that the image takes."""
        return self.image.n_tokens if self.image else 0

    def token(self, n_before: int) -> Pass:
        """Decoding one token after so many, the image seen."""
        between = self.image
        n_layers = len(self.text.layer_bytes) + (between.between_layers if between else 0)
        n_bytes = self._weights + self._kv_bytes(n_before) + (between.row_bytes if between else 0)
        return Pass(n_layers, n_bytes, 0.0)

    def rows(self, n_rows: int, n_before: int = 0, *, at_once: int = 0) -> Pass:
        """Computing rows of a prompt after so many others, the image seen; `at_once` of them in a pass, 0 for all."""
        one = self.token(0)
        n_passes = -(-n_rows // (at_once or n_rows))
        layer = self.text
        attended = n_rows * (n_before + n_rows / 2)  # pairs of rows: each sees those before it
        flops = n_rows * self._row_flops + 4.0 * attended * layer.n_heads * layer.head_dim * len(layer.layer_bytes)
        return Pass(one.n_layers * n_passes, one.n_bytes * n_passes, flops, n_passes)

    @property
    def _weights(self) -> float:
        return sum(self.text.layer_bytes) + self.text.output_bytes

    @property
    def _row_flops(self) -> float:
        text = self.text
        attention = text.width * (2 * text.n_heads * text.head_dim + 2 * text.kv_width)
        of_layer = attention + 3 * text.width * text.feed_forward
        return 2.0 * of_layer * len(text.layer_bytes) + (self.image.row_flops if self.image else 0.0)

    def _kv_bytes(self, n_tokens: int) -> int:
        text = self.text
        of_layer = kv_cache_bytes(
            self.placement.kv_type,
            n_ctx=n_tokens,
            n_kv_heads=text.kv_width // text.head_dim,
            head_dim=text.head_dim,
        )
        return of_layer * len(text.layer_bytes)


def workload(shape: ModelShape, placement: Placement, size: tuple[int, int] = SCREEN) -> Workload:
    """Of a model where it is placed, and an image of `size` (width, height) pixels."""
    vision = shape.vision
    image = vision.image_work(shape.text, placement, *size) if isinstance(vision, TellsWork) else None
    return Workload(shape.text, placement, image)
