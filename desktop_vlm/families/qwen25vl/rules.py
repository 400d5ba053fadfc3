"""How Qwen2.5-VL's encoder is run."""

from __future__ import annotations

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.families.mtmd.mmproj import VisionFile
from desktop_vlm.families.mtmd.rules import VisionRules

_MIN_TOKENS, _MAX_TOKENS = 4, 16384
"""Of an image, in the preprocessor's settings of the published models."""
_WINDOW = 112
"""Side of libmtmd's windows in pixels."""
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


def check_windows(file: VisionFile) -> None:
    """See that the layers look at windows that libmtmd computes: its own size, whatever the file says.

    Raises:
        UserError: the file was made for other ones.
    """
    window, pattern = file.number("window_size", _WINDOW), file.number("n_wa_pattern")
    per_window = 2 * file.patch_size
    if pattern and window // per_window != _WINDOW // per_window:
        raise UserError(
            f"{file.path.name} looks at windows of {window} pixels, but this llama.cpp computes windows of {_WINDOW} "
            "pixels only; use one of the published Qwen2.5-VL models."
        )
    if pattern == 1:
        raise UserError(
            f"{file.path.name} says that every layer looks at the whole image, which this llama.cpp cannot read in "
            "this form; use one of the published Qwen2.5-VL models."
        )
