"""The family: how its files are known, and what it does with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.families.base import Family, ModelHeaders
from desktop_vlm.families.generic.chat_format import ChatMl
from desktop_vlm.runtime.memory import Placement
from desktop_vlm.runtime.text_model import TextModel
from tests.families.toy.palette import MAX_IMAGES, Palette, read_palette
from tests.families.toy.runner import PaletteNeeds, ToyRunner


class ToyProjector:
    """The opened palette (`runtime.vision_runner.VisionProjector`)."""

    attends_by_hook = False

    def __init__(self, path: Path, palette: Palette) -> None:
        self.path = path
        self._palette = palette
        self.n_bytes = palette.n_bytes
        self.needs = PaletteNeeds(palette.n_bytes)
        self.capabilities = Capabilities("toy", MAX_IMAGES, ImageSizing("square", side=palette.side))

    def open_runner(
        self,
        text: TextModel,
        placement: Placement,  # noqa: ARG002 - a palette is nowhere but here
        n_threads: int,  # noqa: ARG002
        should_stop: Callable[[], bool],  # noqa: ARG002
        on_bytes: Callable[[int], None],
    ) -> ToyRunner:
        on_bytes(self.n_bytes)
        return ToyRunner(self._palette, text)


class ToyFamily(Family):
    """Any language model, which is given the colours of its images in words."""

    name = "toy"
    chat_formats = (ChatMl(),)

    def recognises(self, headers: ModelHeaders) -> bool:
        return headers.mmproj is not None and headers.mmproj.projector_type == "toy"

    def open_projector(self, path: Path) -> ToyProjector:
        return ToyProjector(path, read_palette(path))
