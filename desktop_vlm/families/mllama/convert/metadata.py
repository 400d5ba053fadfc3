"""The key/value part of both GGUF files of an mllama checkpoint."""

from __future__ import annotations

from gguf import GGUFValueType

from desktop_vlm.conversion.metadata import KeyValue, array, boolean, f32, ints, string, u32
from desktop_vlm.families.mllama.convert.config import ModelConfig


def text_metadata(config: ModelConfig) -> list[KeyValue]:
    """The entries of the text GGUF: a plain `llama` model of the self-attention layers."""
    text = config.text
    return [
        u32("llama.block_count", len(text.self_layers)),
        u32("llama.context_length", text.context_length),
        u32("llama.embedding_length", text.width),
        u32("llama.feed_forward_length", text.ffn_width),
        u32("llama.attention.head_count", text.n_heads),
        u32("llama.attention.head_count_kv", text.n_heads_kv),
        f32("llama.attention.layer_norm_rms_epsilon", text.rms_eps),
        f32("llama.rope.freq_base", text.rope_theta),
        u32("llama.rope.dimension_count", text.head_dim),
        u32("llama.vocab_size", text.vocab_size),
    ]


def mmproj_metadata(config: ModelConfig) -> list[KeyValue]:
    """The entries of the mmproj GGUF: the usual `clip.vision.*`, and what only mllama has."""
    text, vision = config.text, config.vision
    return [
        boolean("clip.has_vision_encoder", True),
        string("clip.projector_type", "mllama"),
        boolean("clip.use_gelu", vision.activation != "quick_gelu"),
        u32("clip.vision.image_size", vision.tile_px),
        u32("clip.vision.patch_size", vision.patch_px),
        u32("clip.vision.num_channels", vision.n_channels),
        u32("clip.vision.embedding_length", vision.width),
        u32("clip.vision.feed_forward_length", vision.ffn_width),
        u32("clip.vision.block_count", vision.n_layers),
        u32("clip.vision.global_block_count", vision.n_global_layers),
        u32("clip.vision.projection_dim", text.width),
        u32("clip.vision.attention.head_count", vision.n_heads),
        f32("clip.vision.attention.layer_norm_epsilon", vision.norm_eps),
        string("clip.vision.hidden_act", vision.activation),
        ints("clip.vision.intermediate_layers_indices", list(vision.taps)),
        u32("clip.vision.max_num_tiles", vision.max_tiles),
        ints("clip.vision.aspect_ratios", [side for pair in vision.aspect_ratios for side in pair]),
        array("clip.vision.image_mean", list(config.image_mean), GGUFValueType.FLOAT32),
        array("clip.vision.image_std", list(config.image_std), GGUFValueType.FLOAT32),
        u32("mllama.block_count", len(text.self_layers)),
        u32("mllama.embedding_length", text.width),
        u32("mllama.feed_forward_length", text.ffn_width),
        u32("mllama.attention.head_count", text.n_heads),
        u32("mllama.attention.head_count_kv", text.n_heads_kv),
        f32("mllama.attention.layer_norm_rms_epsilon", text.rms_eps),
        u32("mllama.vocab_size", text.vocab_size),
        u32("mllama.image_token_id", config.image_token),
        ints("mllama.cross_attention_layers", list(text.cross_layers)),
    ]
