"""The settings of Ollama's files as those of a checkpoint, which our own metadata and tensors are made from."""

from __future__ import annotations

from desktop_vlm.api.image_sizing import supported_aspect_ratios
from desktop_vlm.families.mllama.convert.config import ModelConfig, TextConfig, VisionConfig
from desktop_vlm.families.mllama.ollama.layout import CROSS_LAYERS
from desktop_vlm.runtime.ggml.gguf_fields import Fields
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

REMEDY = "get the file again"

_MAX_LAYERS = 4096
_CHANNELS = 3
_CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
_CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
"""Which Ollama does not store: all models of this family have CLIP's."""


def read_config(model: GgufFile, vision: GgufFile) -> ModelConfig:
    """What the two files say; they may be one.

    Raises:
        UserError: a setting is missing or makes no sense; the sentence names file and key.
    """
    text = _text_config(Fields(model, REMEDY), model)
    return ModelConfig(text, _vision_config(Fields(vision, REMEDY)), text.vocab_size, _CLIP_MEAN, _CLIP_STD)


def _text_config(fields: Fields, model: GgufFile) -> TextConfig:
    n_layers = fields.integer("mllama.block_count", most=_MAX_LAYERS)
    cross = fields.integers(CROSS_LAYERS, least=0, most=n_layers - 1)
    width, n_heads = fields.integer("mllama.embedding_length"), fields.integer("mllama.attention.head_count")
    n_heads_kv = fields.integer("mllama.attention.head_count_kv")
    head_dim = width // n_heads
    output = model.tensors.get("output.weight")
    for key, good in (
        (CROSS_LAYERS, 0 < len(set(cross)) == len(cross) < n_layers),
        ("mllama.attention.head_count", width % n_heads == 0 and head_dim % 2 == 0),
        ("mllama.attention.head_count_kv", n_heads % n_heads_kv == 0),
        ("mllama.rope.dimension_count", fields.integer("mllama.rope.dimension_count", head_dim) == head_dim),
        ("mllama.attention.key_length", fields.integer("mllama.attention.key_length", head_dim) == head_dim),
    ):
        if not good:
            raise fields.bad(key)
    return TextConfig(
        vocab_size=fields.integer("mllama.vocab_size", output.n_rows if output else None),
        width=width,
        n_layers=n_layers,
        n_heads=n_heads,
        n_heads_kv=n_heads_kv,
        ffn_width=fields.integer("mllama.feed_forward_length"),
        context_length=fields.integer("mllama.context_length"),
        rms_eps=fields.number("mllama.attention.layer_norm_rms_epsilon"),
        rope_theta=fields.number("mllama.rope.freq_base", below=1e12),
        rope_scaling=None,  # its factors are a tensor of the file
        cross_layers=tuple(sorted(cross)),
        bos=None,
        eos=(),
        pad=None,
    )


def _vision_config(fields: Fields) -> VisionConfig:
    prefix = "mllama.vision."
    width, n_heads = fields.integer(f"{prefix}embedding_length"), fields.integer(f"{prefix}attention.head_count")
    n_layers = fields.integer(f"{prefix}block_count", most=_MAX_LAYERS)
    taps = fields.integers(f"{prefix}intermediate_layers_indices", least=0, most=n_layers - 1)
    tile_px = fields.integer(f"{prefix}image_size", most=1 << 14)
    patch_px = fields.integer(f"{prefix}patch_size", most=1 << 14)
    max_tiles = fields.integer(f"{prefix}max_num_tiles", most=64)
    for key, good in (("attention.head_count", width % n_heads == 0), ("patch_size", tile_px % patch_px == 0)):
        if not good:
            raise fields.bad(prefix + key)
    return VisionConfig(
        width=width,
        n_layers=n_layers,
        n_global_layers=fields.integer(f"{prefix}global.block_count", least=0, most=_MAX_LAYERS),
        n_heads=n_heads,
        n_channels=fields.integer(f"{prefix}num_channels", _CHANNELS, least=_CHANNELS, most=_CHANNELS),
        ffn_width=fields.integer(f"{prefix}feed_forward_length"),
        output_width=width * (1 + len(taps)),
        tile_px=tile_px,
        patch_px=patch_px,
        norm_eps=fields.number(f"{prefix}attention.layer_norm_epsilon"),
        max_tiles=max_tiles,
        taps=taps,
        aspect_ratios=supported_aspect_ratios(max_tiles),
        activation="gelu",
    )
