"""The tensors of Pixtral's mmproj, as tools/mtmd/models/pixtral.cpp uses them."""

from __future__ import annotations

from collections.abc import Iterator

from desktop_vlm.families.mtmd.gate.encoder_tensors import block_rules, check_without, patch_rules
from desktop_vlm.families.mtmd.gate.settings import EncoderSettings
from desktop_vlm.runtime.gate.refusal import fields_of
from desktop_vlm.runtime.gate.tables import Rule, exact
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

_MERGER = "mm.patch_merger.weight"


def tensor_rules(encoder: EncoderSettings, file: GgufFile) -> Iterator[Rule]:
    """The encoder, a projector of two layers, and the patch merger of Mistral Small 3.1."""
    if encoder.head_length % 4:
        raise fields_of(file).bad("clip.vision.attention.head_count", "such that a head has a multiple of 4 numbers")
    unit = encoder.patch_size * encoder.merge
    if encoder.image_size < unit:
        raise fields_of(file).bad("clip.vision.image_size", f"at least {unit} (patch_size times spatial_merge_size)")
    if encoder.merge > 1 and _MERGER not in file.tensors:
        raise fields_of(file).bad("clip.vision.spatial_merge_size", f"1, as there is no tensor {_MERGER}")
    check_without(file, ["v.class_embd"])
    yield from patch_rules(encoder)
    yield from block_rules(encoder, file)
    if _MERGER in file.tensors:
        yield exact("mm.input_norm.weight", encoder.width)
        yield Rule(_MERGER, (encoder.width * encoder.merge**2, encoder.width))
    first, second = file.tensors.get("mm.1.weight"), file.tensors.get("mm.2.weight")
    inner = first.shape[1] if first and len(first.shape) > 1 else 0
    text_width = second.shape[1] if second and len(second.shape) > 1 else 0
    yield Rule("mm.1.weight", (encoder.width, inner))
    yield Rule("mm.2.weight", (inner, text_width))
    yield exact("mm.1.bias", inner, is_needed=False)
    yield exact("mm.2.bias", text_width, is_needed=False)
    yield exact("v.token_embd.img_break", text_width, is_needed=False)
