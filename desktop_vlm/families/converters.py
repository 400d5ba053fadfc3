"""The converters that there are, in the order in which a checkpoint is shown to them."""

from __future__ import annotations

from desktop_vlm.conversion.recipe import Converter
from desktop_vlm.families.llava15.convert.converter import LlavaConverter
from desktop_vlm.families.mllama.convert.converter import MllamaConverter
from desktop_vlm.families.pixtral.convert.converter import PixtralConverter
from desktop_vlm.families.qwen25vl.convert.converter import QwenConverter

CONVERTERS: tuple[Converter, ...] = (MllamaConverter(), PixtralConverter(), LlavaConverter(), QwenConverter())
