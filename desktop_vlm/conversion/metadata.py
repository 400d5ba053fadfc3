"""The key/value part of both GGUF files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gguf import GGML_QUANT_VERSION, GGUFValueType, Keys

from desktop_vlm.conversion.config import ModelConfig
from desktop_vlm.conversion.quant_types import FileType
from desktop_vlm.conversion.tokenizer import Tokenizer

FINGERPRINT_KEY = "desktop_vlm.source_fingerprint"


@dataclass(frozen=True)
class KeyValue:
    """One entry; for an array, `value` is a list and `item_type` its items' type."""

    key: str
    value: Any
    type: GGUFValueType
    item_type: GGUFValueType | None = None


@dataclass(frozen=True)
class Origin:
    """What a file was made from: the model, its hub repository if any, the checkpoint's fingerprint."""

    name: str
    hub_id: str | None
    fingerprint: str


def _u32(key: str, value: int) -> KeyValue:
    return KeyValue(key, value, GGUFValueType.UINT32)


def _f32(key: str, value: float) -> KeyValue:
    return KeyValue(key, value, GGUFValueType.FLOAT32)


def _bool(key: str, value: bool) -> KeyValue:
    return KeyValue(key, value, GGUFValueType.BOOL)


def _str(key: str, value: str) -> KeyValue:
    return KeyValue(key, value, GGUFValueType.STRING)


def _array(key: str, values: list[Any], item_type: GGUFValueType) -> KeyValue:
    return KeyValue(key, values, GGUFValueType.ARRAY, item_type)


def _ints(key: str, values: list[int]) -> KeyValue:
    return _array(key, values, GGUFValueType.INT32)


def _general(arch: str, kind: str, file_type: FileType, origin: Origin) -> list[KeyValue]:
    entries = [
        _str(Keys.General.ARCHITECTURE, arch),
        _str(Keys.General.TYPE, kind),
        _str(Keys.General.NAME, origin.name),
        _u32(Keys.General.FILE_TYPE, int(file_type.number)),
        _u32(Keys.General.QUANTIZATION_VERSION, GGML_QUANT_VERSION),
        _str(FINGERPRINT_KEY, origin.fingerprint),
    ]
    if origin.hub_id:
        entries.append(_str(Keys.General.SOURCE_URL, f"https://huggingface.co/{origin.hub_id}"))
    return entries


def text_metadata(config: ModelConfig, tokenizer: Tokenizer, file_type: FileType, origin: Origin) -> list[KeyValue]:
    """The entries of the text GGUF: a plain `llama` model of the self-attention layers."""
    text = config.text
    return [
        *_general("llama", "model", file_type, origin),
        _u32("llama.block_count", len(text.self_layers)),
        _u32("llama.context_length", text.context_length),
        _u32("llama.embedding_length", text.width),
        _u32("llama.feed_forward_length", text.ffn_width),
        _u32("llama.attention.head_count", text.n_heads),
        _u32("llama.attention.head_count_kv", text.n_heads_kv),
        _f32("llama.attention.layer_norm_rms_epsilon", text.rms_eps),
        _f32("llama.rope.freq_base", text.rope_theta),
        _u32("llama.rope.dimension_count", text.head_dim),
        _u32("llama.vocab_size", text.vocab_size),
        *_tokenizer(tokenizer),
    ]


def _tokenizer(tokenizer: Tokenizer) -> list[KeyValue]:
    entries = [
        _str(Keys.Tokenizer.MODEL, "gpt2"),
        _str(Keys.Tokenizer.PRE, tokenizer.pre),
        _array(Keys.Tokenizer.LIST, tokenizer.tokens, GGUFValueType.STRING),
        _ints(Keys.Tokenizer.TOKEN_TYPE, [int(kind) for kind in tokenizer.types]),
        _array(Keys.Tokenizer.MERGES, tokenizer.merges, GGUFValueType.STRING),
        _bool(Keys.Tokenizer.ADD_BOS, tokenizer.add_bos),
        _bool(Keys.Tokenizer.ADD_EOS, tokenizer.add_eos),
    ]
    for key, token in (
        (Keys.Tokenizer.BOS_ID, tokenizer.bos),
        (Keys.Tokenizer.EOS_ID, tokenizer.eos),
        (Keys.Tokenizer.EOT_ID, tokenizer.eot),
        (Keys.Tokenizer.EOM_ID, tokenizer.eom),
        (Keys.Tokenizer.PAD_ID, tokenizer.pad),
    ):
        if token is not None:
            entries.append(_u32(key, token))
    if tokenizer.chat_template:
        entries.append(_str(Keys.Tokenizer.CHAT_TEMPLATE, tokenizer.chat_template))
    return entries


def mmproj_metadata(config: ModelConfig, file_type: FileType, origin: Origin) -> list[KeyValue]:
    """The entries of the mmproj GGUF: the usual `clip.vision.*`, and what only mllama has."""
    text, vision = config.text, config.vision
    return [
        *_general("clip", "mmproj", file_type, origin),
        _bool("clip.has_vision_encoder", True),
        _str("clip.projector_type", "mllama"),
        _bool("clip.use_gelu", vision.activation != "quick_gelu"),
        _u32("clip.vision.image_size", vision.tile_px),
        _u32("clip.vision.patch_size", vision.patch_px),
        _u32("clip.vision.num_channels", vision.n_channels),
        _u32("clip.vision.embedding_length", vision.width),
        _u32("clip.vision.feed_forward_length", vision.ffn_width),
        _u32("clip.vision.block_count", vision.n_layers),
        _u32("clip.vision.global_block_count", vision.n_global_layers),
        _u32("clip.vision.projection_dim", text.width),
        _u32("clip.vision.attention.head_count", vision.n_heads),
        _f32("clip.vision.attention.layer_norm_epsilon", vision.norm_eps),
        _str("clip.vision.hidden_act", vision.activation),
        _ints("clip.vision.intermediate_layers_indices", list(vision.taps)),
        _u32("clip.vision.max_num_tiles", vision.max_tiles),
        _ints("clip.vision.aspect_ratios", [side for pair in vision.aspect_ratios for side in pair]),
        _array("clip.vision.image_mean", list(config.image_mean), GGUFValueType.FLOAT32),
        _array("clip.vision.image_std", list(config.image_std), GGUFValueType.FLOAT32),
        _u32("mllama.block_count", len(text.self_layers)),
        _u32("mllama.embedding_length", text.width),
        _u32("mllama.feed_forward_length", text.ffn_width),
        _u32("mllama.attention.head_count", text.n_heads),
        _u32("mllama.attention.head_count_kv", text.n_heads_kv),
        _f32("mllama.attention.layer_norm_rms_epsilon", text.rms_eps),
        _u32("mllama.vocab_size", text.vocab_size),
        _u32("mllama.image_token_id", config.image_token),
        _ints("mllama.cross_attention_layers", list(text.cross_layers)),
    ]
