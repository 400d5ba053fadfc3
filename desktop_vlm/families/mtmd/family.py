"""What the families that libmtmd runs have in common."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.families.base import Family, KnownModel, ModelHeaders
from desktop_vlm.families.mtmd.gate.projector import check_projector
from desktop_vlm.families.mtmd.mmproj import open_vision_file
from desktop_vlm.families.mtmd.projector import MtmdProjector
from desktop_vlm.families.mtmd.rules import VisionRules
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile
from desktop_vlm.runtime.memory import ModelShape


class MtmdFamily(Family):
    """A family whose images libmtmd encodes; inherit and say which.

    Attributes:
        projector_types: of its mmproj files.
        rules: how its encoder is run.
    """

    projector_types: frozenset[str] = frozenset()
    rules: type[VisionRules] = VisionRules

    def recognises(self, headers: ModelHeaders) -> bool:
        return headers.mmproj is not None and headers.mmproj.projector_type in self.projector_types

    def open_projector(self, path: Path) -> MtmdProjector:
        file = open_vision_file(path)
        if not file.has_vision:
            raise UserError(
                f"{path.name} listens to sound and sees no images (clip.has_vision_encoder), which this program cannot "
                "use; give the mmproj file of a vision model."
            )
        return MtmdProjector(self.rules(file))

    def check_projector(self, file: GgufFile) -> None:
        check_projector(file)

    def known_models(self) -> Sequence[KnownModel]:
        from desktop_vlm.families.mtmd.known import known_models  # the converter's tables, which loading need not

        return known_models(self.rules)

    def published_shape(self, name: str, text_type: str, vision_type: str) -> ModelShape | None:
        from desktop_vlm.families.mtmd.known import shape_of  # as above
        from desktop_vlm.models.published import PUBLISHED, READY_PAIRS

        model = (PUBLISHED | READY_PAIRS).get(name)
        return shape_of(model, self.rules, text_type, vision_type) if model and model.family == self.name else None
