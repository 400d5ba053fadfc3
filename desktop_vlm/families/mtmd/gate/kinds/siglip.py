"""The tensors of plain vision transformers, as `clip_graph::build_vit` and tools/mtmd/models/siglip.cpp use them."""

from __future__ import annotations

from collections.abc import Iterator

from desktop_vlm.families.mtmd.gate.encoder_tensors import block_rules, check_without, patch_rules
from desktop_vlm.families.mtmd.gate.settings import EncoderSettings
from desktop_vlm.runtime.gate.refusal import fields_of
from desktop_vlm.runtime.gate.tables import Rule, exact
from desktop_vlm.runtime.gate.types import FLOATS
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

_AVERAGED = 4
"""Patches in each direction that become one token, where the file says nothing."""


def plain_rules(encoder: EncoderSettings, file: GgufFile) -> Iterator[Rule]:
    """The encoder; what comes behind it is different in each kind."""
    yield from patch_rules(encoder)
    yield from block_rules(encoder, file)


def averaged_rules(encoder: EncoderSettings, file: GgufFile) -> Iterator[Rule]:
    """Gemma 3's, whose patches are averaged in squares."""
    key, side = "clip.vision.projector.scale_factor", encoder.image_size // encoder.patch_size
    fields = fields_of(file)
    if not side:
        raise fields.bad("clip.vision.image_size", f"at least {encoder.patch_size} (patch_size)")
    if side % fields.integer(key, _AVERAGED):
        raise fields.bad(key, f"a divisor of {side}, the patches in a row")
    check_without(file, ["v.class_embd"])
    yield from patch_rules(encoder, n_positions=encoder.n_patches)
    yield from block_rules(encoder, file)
    yield exact("mm.soft_emb_norm.weight", encoder.width)
    yield Rule("mm.input_projection.weight", (None, encoder.width), FLOATS)
