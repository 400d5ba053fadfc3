"""What happens to an image: its colour's name is decoded in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.runtime.eval_hook import Handler
from desktop_vlm.runtime.memory import Need, Placement
from desktop_vlm.runtime.model_shape import TextShape
from desktop_vlm.runtime.text_model import TextModel
from desktop_vlm.runtime.vision_runner import EncodeProgress, ImageSpan
from tests.families.toy.palette import Palette


class PaletteNeeds:
    """What a palette takes of memory (`runtime.memory.VisionNeeds`)."""

    can_stream = False

    def __init__(self, n_bytes: int) -> None:
        self._n_bytes = n_bytes

    def add_to(
        self,
        needs: Mapping[str, Need],
        text: TextShape,  # noqa: ARG002
        placement: Placement,
        device_of: Sequence[str],  # noqa: ARG002
    ) -> None:
        needs[placement.vision_device].vision += self._n_bytes


class MeanColour:
    """The encoder's result (`runtime.vision_runner.EncodedImage`): float32 (1, 3)."""

    def __init__(self, image: Image.Image) -> None:
        pixels: NDArray[np.float32] = np.asarray(image.convert("RGB"), dtype=np.float32)
        self.states: NDArray[np.float32] = pixels.mean(axis=(0, 1), dtype=np.float32)[np.newaxis]


class ToyRunner:
    """Decodes the words for an image as the text model's own tokens (`runtime.vision_runner.VisionRunner`)."""

    attends_by_hook = False
    hook_nodes = ()

    def __init__(self, palette: Palette, text: TextModel) -> None:
        self._palette = palette
        self._text = text
        self.encoded: list[str] = []  # what was encoded, for tests

    def words(self, image: Image.Image) -> list[int]:
        """The tokens that stand for an image."""
        return self._text.tokenize(f"An image that is all {self._palette.nearest(image)}.\n")

    def measure(self, key: str, image: Image.Image) -> ImageSpan:
        n_tokens = len(self.words(image))
        return ImageSpan(key, n_tokens, n_tokens)

    def encode(self, image: Image.Image, progress: EncodeProgress) -> MeanColour:
        progress(1, 1)
        return MeanColour(image)

    def evaluate(self, span: ImageSpan, image: Image.Image, position: int, progress: EncodeProgress) -> bool:
        progress(0, 1)
        tokens = self.words(image)
        progress(1, 1)
        self.encoded.append(span.key)
        self._text.decode(tokens, position, outputs="last", handlers={})
        return True

    def attend(self, visible: tuple[str, ...], images: Mapping[str, Image.Image], progress: EncodeProgress) -> bool:
        raise NotImplementedError("images are decoded among the text")

    def handlers(self, image_rows: list[int]) -> Mapping[bytes, Handler]:
        raise NotImplementedError("images are decoded among the text")

    def settle(self) -> None:
        pass

    def forget(self) -> None:
        pass

    def close(self) -> None:
        pass
