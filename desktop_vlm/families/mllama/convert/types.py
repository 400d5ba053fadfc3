"""Which ggml type every tensor of an mllama mmproj file gets."""

from __future__ import annotations

from gguf import GGMLQuantizationType as Type

from desktop_vlm.conversion.quant_types import FileType, LayerStack, fitting, mixed
from desktop_vlm.conversion.tensor_map import GgufTensor, Role
from desktop_vlm.families.mllama.convert.config import TextConfig


def self_attention_stack(config: TextConfig) -> LayerStack:
    """The layers of the text file. The 90B's are 80, so llama.cpp calls it "70B"."""
    return LayerStack(len(config.self_layers), config.n_heads // config.n_heads_kv)


def mmproj_type(tensor: GgufTensor, vision: FileType, cross: FileType, config: TextConfig) -> Type:
    """The type of a tensor of the mmproj GGUF: `vision` for the encoder, `cross` for the cross-attention layers.

    Matrices get the base type; in the mixed types (`_M`, `_S`, ...) the cross-attention layers' values and
    `ffn_down` get the extra bits that the same tensors of a text model of as many layers would get. The
    convolution stays F16, the large table of tile positions gets 8 bits in every quantised file (it is only
    looked up and scaled by a small gate). What is added to activations stays F32.
    """
    if tensor.role is Role.EXACT:
        return Type.F32
    file_type = cross if tensor.name.startswith("blk.") else vision
    if not file_type.is_quantised:
        return file_type.base
    if tensor.role is Role.PATCHES:
        return Type.F16
    if tensor.role is Role.POSITIONS:
        return fitting(Type.Q8_0, tensor.n_per_row)
    stack = LayerStack(len(config.cross_layers), config.n_heads // config.n_heads_kv)
    return fitting(mixed(file_type, tensor.role, tensor.layer, stack), tensor.n_per_row)
