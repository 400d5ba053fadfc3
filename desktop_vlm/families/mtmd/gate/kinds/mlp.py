"""The tensors of LLaVA's mmproj, as tools/mtmd/models/llava.cpp uses them."""

from __future__ import annotations

from collections.abc import Iterator

from desktop_vlm.families.mtmd.gate.encoder_tensors import block_rules, patch_rules
from desktop_vlm.families.mtmd.gate.settings import EncoderSettings
from desktop_vlm.runtime.gate.refusal import fields_of, refused
from desktop_vlm.runtime.gate.tables import Rule, exact
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

_FEATURE_LAYERS = "clip.vision.feature_layer"
_POSITIONS = "v.position_embd.weight"


def tensor_rules(encoder: EncoderSettings, file: GgufFile) -> Iterator[Rule]:
    """CLIP, and a projector of two layers, with norms in Yi's."""
    _check_positions(encoder, file)
    yield from patch_rules(encoder)
    yield exact("v.class_embd", encoder.width, is_needed=False)
    yield Rule(_POSITIONS, (encoder.width, None))
    yield from block_rules(encoder, file)
    text_width = _width_of("mm.0.bias", file)
    yield Rule("mm.0.weight", (encoder.width * _n_features(file), text_width))
    yield exact("mm.0.bias", text_width)
    if "mm.3.weight" not in file.tensors:
        yield Rule("mm.2.weight", (text_width, _width_of("mm.2.bias", file)))
        yield exact("mm.2.bias", None)
        return
    for norm, width in (("mm.1", text_width), ("mm.4", _width_of("mm.3.bias", file))):
        yield exact(f"{norm}.weight", width)
        yield exact(f"{norm}.bias", width)
    yield Rule("mm.3.weight", (text_width, _width_of("mm.3.bias", file)))
    yield exact("mm.3.bias", None)


def _check_positions(encoder: EncoderSettings, file: GgufFile) -> None:
    """The encoder looks up a position for each patch, and one for the class."""
    if not encoder.image_size:
        raise fields_of(file).bad("clip.vision.image_size", f"at least {encoder.patch_size} (patch_size)")
    place = file.tensors.get(_POSITIONS)
    needed = encoder.n_patches + ("v.class_embd" in file.tensors)
    if place is not None and place.n_rows < needed:
        raise refused(file, f"the tensor {_POSITIONS} has {place.n_rows} rows and must have {needed}")


def _n_features(file: GgufFile) -> int:
    """Layers whose states are given to the projector side by side."""
    layers = file.value(_FEATURE_LAYERS)
    return max(1, len({layer for layer in layers if layer >= 0})) if isinstance(layers, list) else 1


def _width_of(bias: str, file: GgufFile) -> int | None:
    place = file.tensors.get(bias)
    return place.shape[0] if place else None
