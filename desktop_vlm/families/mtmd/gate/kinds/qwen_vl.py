"""The tensors of Qwen2.5-VL's mmproj, as tools/mtmd/models/qwen2vl.cpp uses them."""

from __future__ import annotations

from collections.abc import Iterator

from desktop_vlm.families.mtmd.gate.encoder_tensors import block_rules, check_without, patch_rules
from desktop_vlm.families.mtmd.gate.settings import EncoderSettings
from desktop_vlm.runtime.gate.refusal import fields_of
from desktop_vlm.runtime.gate.tables import Rule, exact
from desktop_vlm.runtime.gate.types import FLOATS
from desktop_vlm.runtime.ggml.gguf_fields import Fields
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

_MERGE = 2
"""Patches that become one token, in each direction; the graph knows no other number."""
_VISION = "clip.vision."
_FIRST = "qwen2vl_merger"
"""Qwen2-VL, which needs neither `projection_dim` nor windows."""
_UNKNOWN = ("v.patch_embd.bias", "v.class_embd")
"""What other encoders have, and this one's graph asserts that it has not."""


def tensor_rules(encoder: EncoderSettings, file: GgufFile) -> Iterator[Rule]:
    """Qwen2-VL's encoder and Qwen2.5-VL's, with two frames' patches and a merger."""
    _check_settings(encoder, fields_of(file))
    check_without(file, _UNKNOWN)
    yield from patch_rules(encoder)
    patch = encoder.patch_size
    yield Rule("v.patch_embd.weight.1", (patch, patch, 3, encoder.width), FLOATS)
    yield from block_rules(encoder, file, needs_biases=True)
    merged = encoder.width * _MERGE**2
    inner = file.tensors["mm.0.bias"].shape[0] if "mm.0.bias" in file.tensors else merged
    yield Rule("mm.0.weight", (merged, inner))
    yield exact("mm.0.bias", inner)
    last = file.tensors.get("mm.2.bias")
    text_width = last.shape[0] if last and encoder.kind == _FIRST else encoder.projection
    yield Rule("mm.2.weight", (inner, text_width))
    yield exact("mm.2.bias", text_width)


def _check_settings(encoder: EncoderSettings, fields: Fields) -> None:
    if encoder.head_length % 4:
        raise fields.bad(f"{_VISION}attention.head_count", "such that a head has a multiple of 4 numbers")
    if encoder.n_kv_heads != encoder.n_heads:
        raise fields.bad(f"{_VISION}attention.head_count_kv", f"{encoder.n_heads}, as attention.head_count")
    fields.integer(f"{_VISION}spatial_merge_size", _MERGE, least=_MERGE, most=_MERGE)
    fields.integer(f"{_VISION}window_size", _MERGE * encoder.patch_size, least=_MERGE * encoder.patch_size)
    if encoder.kind != _FIRST:
        fields.integer(f"{_VISION}n_wa_pattern", least=0, most=1024)
