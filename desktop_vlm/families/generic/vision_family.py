"""Vision models that no other family is made for, run as libmtmd runs them, with the chat template of their file."""

from __future__ import annotations

from desktop_vlm.families.generic.rules import GenericRules
from desktop_vlm.families.jinja_template.chat_format import find_format_of
from desktop_vlm.families.mtmd.family import MtmdFamily
from desktop_vlm.runtime.chat_format import ChatFormat
from desktop_vlm.runtime.text_model import TextModel

_VISION = """adapter cogvlm deepseek4v deepseekocr deepseekocr2 dots3note_v dots_ocr exaone4_5 gemma3 gemma3nv gemma4uv
gemma4v glm4v glm5v granite4_vision hunyuanvl idefics3 internvl janus_pro kimik25 kimivl ldp ldpv2 lfm2 lightonocr
ling3vl llama4 mimovl minicpmv4_6 minimax_m3 muse-glimmer nemotron_v2_vl paddleocr phi4 qwen2.5o qwen2vl_merger
qwen3vl_merger resampler step3vl yasa2 youtuvl"""
_SOUND = """dots3note_a gemma3na gemma4a gemma4ua glma granite_speech lfm2a meralion mimo_audio musicflamingo parakeet
qwen2a qwen3a ultravox voxtral"""
"""Known as well, so that such a file is named for what it is."""


class GenericVisionFamily(MtmdFamily):
    """All other projectors of the pinned libmtmd (`families.base.Family`)."""

    name = "generic"
    projector_types = frozenset([*_VISION.split(), *_SOUND.split()])
    rules = GenericRules

    def chat_format(self, text: TextModel) -> ChatFormat | None:
        return find_format_of(text)
