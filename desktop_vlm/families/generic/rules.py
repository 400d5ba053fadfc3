"""How encoders are run that no family here is made for: as libmtmd does by itself, within context and memory.

libmtmd resizes their images and says afterwards how many tokens an image takes. Where the size is dynamic, its limit is
given to the library; elsewhere an image has a fixed size, or is cut into slices of one.
"""

from __future__ import annotations

from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.families.llava15.correction import ClassLast
from desktop_vlm.families.mtmd.encode_hook import Correction
from desktop_vlm.families.mtmd.mmproj import VisionFile
from desktop_vlm.families.mtmd.rules import VisionRules

_QWEN = ("qwen2vl_merger", "qwen3vl_merger")
"""Resized as Qwen2.5-VL's images are."""

_DYNAMIC_TOKENS = {
    "glm4v": 4096,
    "kimivl": 1024,
    "kimik25": 4096,
    "gemma4v": 1120,
    "gemma4uv": 1120,
    "lightonocr": 4096,
    "ling3vl": 4096,
    "minimax_m3": 576,
}
"""Most tokens of an image in the library's own settings; more was not trained."""

_MERGED = {
    "gemma3": 4,
    "gemma4v": 3,
    "gemma4uv": 3,
    "glm4v": 2,
    "minimax_m3": 2,
    "ling3vl": 2,
    "qwen2vl_merger": 2,
    "qwen3vl_merger": 2,
}
_SEEN_AT_ONCE = ("gemma3", "gemma4v", "gemma4uv")
"""Their rows see each other, so all rows of an image must fit one batch."""


class GenericRules(VisionRules):
    """Whatever else libmtmd knows."""

    family = "generic"

    def __init__(self, file: VisionFile) -> None:
        super().__init__(file)
        self.rows_see_each_other = file.projector_type in _SEEN_AT_ONCE

    @property
    def sizing(self) -> ImageSizing:
        area = (self.file.patch_size * self.merge) ** 2
        kind = self.file.projector_type
        unit = self.file.patch_size * self.merge
        if kind in _QWEN:
            return ImageSizing("area", multiple=unit, min_pixels=4 * area, max_pixels=16384 * area, extra_tokens=2)
        return ImageSizing("library", multiple=unit, max_pixels=_DYNAMIC_TOKENS.get(kind, 0) * area)

    @property
    def merge(self) -> int:
        default = _MERGED.get(self.file.projector_type, 1)
        given = self.file.number("projector.scale_factor", self.file.number("spatial_merge_size", default))
        return max(1, given)

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """LLaVA 1.6 and its kin have LLaVA 1.5's defect; anything else does not have that node."""
        return (ClassLast(),)
