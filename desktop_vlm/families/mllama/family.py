"""Llama 3.2 Vision: a Llama language model with cross-attention layers that read the states of an image's tiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.families.base import Family, KnownModel, ModelHeaders
from desktop_vlm.families.mllama.chat_format import Llama3, arrange
from desktop_vlm.families.mllama.guard import GuardFormat, is_guard
from desktop_vlm.families.mllama.memory import VisionShape, vision_shape
from desktop_vlm.families.mllama.mmproj import Mmproj, mmproj_of, open_mmproj
from desktop_vlm.families.mllama.pairing import misfit
from desktop_vlm.families.mllama.runner import MllamaRunner
from desktop_vlm.runtime.chat_format import ChatFormat, Turn
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile
from desktop_vlm.runtime.memory import ModelShape, Placement
from desktop_vlm.runtime.text_model import TextModel


@dataclass(frozen=True)
class MllamaProjector:
    """The opened mmproj (`runtime.vision_runner.VisionProjector`)."""

    mmproj: Mmproj
    attends_by_hook: bool = True

    @property
    def path(self) -> Path:
        return self.mmproj.path

    @cached_property
    def n_bytes(self) -> int:
        return sum(info.n_bytes for info in self.mmproj.tensors.values())

    @property
    def capabilities(self) -> Capabilities:
        """One image at a time: a row attends to the last image before it."""
        processor = self.mmproj.image_processor
        sizing = ImageSizing("tiles", side=processor.tile_size, max_tiles=processor.max_tiles)
        return Capabilities(MllamaFamily.name, 1, sizing)

    @cached_property
    def needs(self) -> VisionShape:
        return vision_shape(self.mmproj)

    def open_runner(
        self,
        text: TextModel,
        placement: Placement,
        n_threads: int,
        should_stop: Callable[[], bool],
        on_bytes: Callable[[int], None],
    ) -> MllamaRunner:
        return MllamaRunner(self.mmproj, text, placement, n_threads, should_stop, on_bytes)


class MllamaFamily(Family):
    """Llama 3.2 Vision (`families.base.Family`)."""

    name = "mllama"
    chat_formats = (Llama3(),)

    def recognises(self, headers: ModelHeaders) -> bool:
        return headers.mmproj is not None and headers.mmproj.projector_type == "mllama"

    def open_projector(self, path: Path) -> MllamaProjector:
        return MllamaProjector(open_mmproj(path))

    def check_projector(self, file: GgufFile) -> None:
        super().check_projector(file)
        mmproj_of(file)

    def misfit(self, text: GgufFile, mmproj: GgufFile) -> str:
        return misfit(text, mmproj)

    def chat_format(self, text: TextModel) -> ChatFormat | None:
        """Llama Guard has the same tokens as the models that chat."""
        return GuardFormat() if self.judges_safety(text) else None

    def judges_safety(self, text: TextModel) -> bool:
        return is_guard(text.setting("general.name"), text.setting("tokenizer.chat_template"))

    def arrange(self, turns: Sequence[Turn]) -> Sequence[Turn]:
        return arrange(turns)

    def known_models(self) -> Sequence[KnownModel]:
        from desktop_vlm.families.mllama.presets import known_models  # the converter's tables, which loading need not

        return known_models()

    def published_shape(self, name: str, text_type: str, vision_type: str) -> ModelShape | None:
        from desktop_vlm.families.mllama.presets import SHAPES, config_of, shape_of  # as above

        found = SHAPES.get(name)
        return shape_of(config_of(found), text_type, vision_type) if found else None
