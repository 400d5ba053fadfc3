"""How LLaVA 1.5's encoder is run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.families.llava15.correction import ClassLast
from desktop_vlm.families.llava15.legacy_file import n_layers_run, with_feature_layer
from desktop_vlm.families.mtmd.encode_hook import Correction
from desktop_vlm.families.mtmd.mmproj import VisionFile
from desktop_vlm.families.mtmd.pixels import Color
from desktop_vlm.families.mtmd.rules import VisionRules
from desktop_vlm.system.paths import Paths

_CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)


class LlavaRules(VisionRules):
    """One square of fixed size, padded with the mean color as LLaVA's own code does, so that no edge is lost."""

    family = "llava15"

    def __init__(self, file: VisionFile) -> None:
        super().__init__(file)
        self.before_activations = ("mm.0.bias", *(f"v.blk.{layer}.ffn_up.bias" for layer in range(file.n_layers)))

    @property
    def sizing(self) -> ImageSizing:
        return ImageSizing("square", side=self.file.number("image_size", 336), multiple=self.file.patch_size)

    @property
    def n_layers(self) -> int:
        return n_layers_run(self.file)

    @property
    def pad_color(self) -> Color:
        red, green, blue = self.file.settings.get("clip.vision.image_mean") or _CLIP_MEAN
        return int(red * 255), int(green * 255), int(blue * 255)

    @property
    def corrections(self) -> tuple[Correction, ...]:
        return (ClassLast(),)

    @contextmanager
    def loadable(self) -> Iterator[Path]:
        with with_feature_layer(self.file, Paths.of_user().cache) as path:
            yield path
