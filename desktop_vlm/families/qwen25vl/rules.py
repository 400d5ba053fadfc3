"""How Qwen2.5-VL's encoder is run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_vlm.api.errors import EngineError
from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.families.mtmd.better_copy import better_copy
from desktop_vlm.families.mtmd.encode_hook import Correction
from desktop_vlm.families.mtmd.rules import VisionRules
from desktop_vlm.families.qwen25vl.windows import OwnWindows, has_own_windows, write_without_windows
from desktop_vlm.system.paths import Paths

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

    @property
    def corrections(self) -> tuple[Correction, ...]:
        return (OwnWindows(self.file),) if has_own_windows(self.file) else ()

    @contextmanager
    def loadable(self) -> Iterator[Path]:
        """Where all layers look at the whole image, a copy that says so; libmtmd would crash for lack of windows."""
        if self.file.number("n_wa_pattern") != 1:
            yield self.file.path
            return
        with better_copy(self.file.path, Paths.of_user().cache, write_without_windows, "cannot be run") as path:
            if path == self.file.path:
                raise EngineError(f"There is no room for a copy of {path.name} in {Paths.of_user().cache}; make some.")
            yield path
