"""How Qwen2.5-VL's encoder is run."""

from __future__ import annotations

from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.families.mtmd.rules import VisionRules

_MIN_TOKENS, _MAX_TOKENS = 4, 16384
"""Of an image, in the preprocessor's settings of the published models."""
_AROUND = 2  # <|vision_start|> and <|vision_end|>, which libmtmd adds


class QwenRules(VisionRules):
    """Any size within limits of the area, which the file may tell."""

    family = "qwen25vl"
    before_activations = ("mm.0.bias",)

    @property
    def sizing(self) -> ImageSizing:
        unit = self.file.patch_size * self.merge
        return ImageSizing(
            "area",
            multiple=unit,
            min_pixels=self.file.number("image_min_pixels", _MIN_TOKENS * unit**2),
            max_pixels=self.file.number("image_max_pixels", _MAX_TOKENS * unit**2),
            extra_tokens=_AROUND,
        )

    @property
    def merge(self) -> int:
        return max(1, self.file.number("spatial_merge_size", 2))
