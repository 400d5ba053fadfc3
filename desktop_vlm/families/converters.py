"""The converters that there are, in the order in which a checkpoint is shown to them."""

from __future__ import annotations

from desktop_vlm.conversion.recipe import Converter
from desktop_vlm.families.mllama.convert.converter import MllamaConverter

CONVERTERS: tuple[Converter, ...] = (MllamaConverter(),)
