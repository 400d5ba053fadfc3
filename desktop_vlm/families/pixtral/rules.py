"""How Pixtral's encoder is run; that of Mistral Small 3.1 as well, which merges patches."""

from __future__ import annotations

from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.families.mtmd.rules import VisionRules
from desktop_vlm.families.pixtral.correction import BreakRows

_BREAK = "v.token_embd.img_break"
_LONGEST_SIDE = 1024


class PixtralRules(VisionRules):
    """Any size up to a longest side, which the file tells."""

    family = "pixtral"
    before_activations = ("mm.1.bias",)

    @property
    def sizing(self) -> ImageSizing:
        longest = self.file.number("preproc_image_size") or self.file.number("image_size", _LONGEST_SIDE)
        return ImageSizing("longest", side=longest, multiple=self._unit)

    @property
    def merge(self) -> int:
        return max(1, self.file.number("spatial_merge_size", 1))

    @property
    def row_correction(self) -> BreakRows | None:
        if _BREAK not in self.file.tensors:
            return None
        return BreakRows(self.file.rows(_BREAK).reshape(-1), self._unit)

    @property
    def _unit(self) -> int:
        return self.file.patch_size * self.merge
