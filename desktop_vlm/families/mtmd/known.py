"""Published models of a libmtmd family as `doctor` tells of them: their mmproj files, without the files."""

from __future__ import annotations

from pathlib import Path

from desktop_vlm.conversion.gguf_file import lay_out
from desktop_vlm.families.base import KnownModel
from desktop_vlm.families.mtmd.mmproj import TensorInfo, VisionFile
from desktop_vlm.families.mtmd.projector import MtmdProjector
from desktop_vlm.families.mtmd.rules import VisionRules
from desktop_vlm.models.published import (
    PublishedModel,
    mmproj_settings,
    mmproj_tensors,
    models_of,
    text_shape,
)
from desktop_vlm.runtime.memory import ModelShape

TEXT_TYPE, VISION_TYPE = "Q4_K_M", "F16"
"""The types that most people load."""


def known_models(rules: type[VisionRules]) -> list[KnownModel]:
    """The published models of the family that these rules are for, in the types that most people load."""
    return [
        KnownModel(f"{model.name} {TEXT_TYPE}, vision {VISION_TYPE}", shape_of(model, rules, TEXT_TYPE, VISION_TYPE))
        for model in models_of(rules.family)
    ]


def shape_of(model: PublishedModel, rules: type[VisionRules], text_type: str, vision_type: str) -> ModelShape:
    """What `families.loading.open_files` would read from the model's two files.

    Raises:
        UserError: there is no such type.
    """
    projector = MtmdProjector(rules(_vision_file(model, vision_type)))
    return ModelShape(text_shape(model.language, text_type), projector)


def _vision_file(model: PublishedModel, type_name: str) -> VisionFile:
    placed = lay_out([], mmproj_tensors(model, type_name)).tensors
    tensors = {one.tensor.name: TensorInfo(one.tensor.shape, one.type, one.n_bytes) for one in placed}
    return VisionFile(Path(), mmproj_settings(model), tensors)
