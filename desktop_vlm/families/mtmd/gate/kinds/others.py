"""Tensors that the graphs of other kinds assert to be there, or not to be: tools/mtmd/models/*.cpp."""

from __future__ import annotations

from collections.abc import Iterator

from desktop_vlm.families.mtmd.gate.encoder_tensors import check_without
from desktop_vlm.families.mtmd.gate.settings import EncoderSettings
from desktop_vlm.runtime.gate.refusal import refused
from desktop_vlm.runtime.gate.tables import Rule
from desktop_vlm.runtime.gate.types import FLOATS
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

_PATCHES, _BIAS = "v.patch_embd.weight", "v.patch_embd.bias"
_CLASS, _POSITIONS = "v.class_embd", "v.position_embd.weight"

_NEEDED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("cogvlm", "internvl", "llama4", "nemotron_v2_vl"), (_CLASS, _POSITIONS)),
    "deepseekocr": (_CLASS,),
    "glm4v": (_BIAS,),
    "glm5v": (_BIAS,),
    "granite4_vision": ("v.image_newline", _POSITIONS),
    "ling3vl": ("mm.input_norm.weight",),
    "mimovl": ("v.patch_embd.weight.1",),
    "qwen3vl_merger": (_BIAS, _POSITIONS),
    "step3vl": (_POSITIONS,),
}
_ABSENT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("exaone4_5", "minimax_m3"), (_BIAS, _CLASS)),
    **dict.fromkeys(("glm4v", "glm5v", "granite4_vision", "ling3vl", "mimovl", "resampler"), (_CLASS,)),
    **dict.fromkeys(("qwen3vl_merger", "step3vl", "youtuvl"), (_CLASS,)),
}
_WITHOUT_CONVOLUTION = frozenset({"gemma3nv", "gemma4uv", "youtuvl", "llama4"})
"""Whose patches are multiplied, or come from another network."""


def tensor_rules(encoder: EncoderSettings, file: GgufFile) -> Iterator[Rule]:
    """What a kind's graph asserts, and the kernel of the first convolution."""
    check_without(file, _ABSENT.get(encoder.kind, ()))
    for name in _NEEDED.get(encoder.kind, ()):
        if name not in file.tensors:
            raise refused(file, f"the tensor {name} is missing")
    if encoder.kind not in _WITHOUT_CONVOLUTION:
        yield Rule(_PATCHES, (None, None, None, None), FLOATS, is_needed=False)
