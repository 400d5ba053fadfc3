"""The key/value part of a GGUF file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gguf import GGML_QUANT_VERSION, GGUFValueType, Keys

from desktop_vlm.conversion.decoder import Decoder
from desktop_vlm.conversion.quant_types import FileType
from desktop_vlm.conversion.tokenizer import Tokenizer

FINGERPRINT_KEY = "desktop_vlm.source_fingerprint"

TEXT_FORM_KEY = "desktop_vlm.tokenizer.text_form"
"""What is done with a text before llama.cpp tokenises it: see `runtime.tokenizer`."""


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


def u32(key: str, value: int) -> KeyValue:
    """A whole number of 32 bits."""
    return KeyValue(key, value, GGUFValueType.UINT32)


def f32(key: str, value: float) -> KeyValue:
    """A number."""
    return KeyValue(key, value, GGUFValueType.FLOAT32)


def boolean(key: str, value: bool) -> KeyValue:
    """Yes or no."""
    return KeyValue(key, value, GGUFValueType.BOOL)


def string(key: str, value: str) -> KeyValue:
    """A text."""
    return KeyValue(key, value, GGUFValueType.STRING)


def array(key: str, values: list[Any], item_type: GGUFValueType) -> KeyValue:
    """A list of values of one type."""
    return KeyValue(key, values, GGUFValueType.ARRAY, item_type)


def ints(key: str, values: list[int]) -> KeyValue:
    """A list of whole numbers."""
    return array(key, values, GGUFValueType.INT32)


def general(arch: str, kind: str, file_type: FileType, origin: Origin) -> list[KeyValue]:
    """The entries that every file has."""
    entries = [
        string(Keys.General.ARCHITECTURE, arch),
        string(Keys.General.TYPE, kind),
        string(Keys.General.NAME, origin.name),
        u32(Keys.General.FILE_TYPE, int(file_type.number)),
        u32(Keys.General.QUANTIZATION_VERSION, GGML_QUANT_VERSION),
        string(FINGERPRINT_KEY, origin.fingerprint),
    ]
    if origin.hub_id:
        entries.append(string(Keys.General.SOURCE_URL, f"https://huggingface.co/{origin.hub_id}"))
    return entries


def tokenizer_metadata(tokenizer: Tokenizer) -> list[KeyValue]:
    """The entries of a tokenizer."""
    entries = [
        string(Keys.Tokenizer.MODEL, tokenizer.model),
        string(Keys.Tokenizer.PRE, tokenizer.pre),
        array(Keys.Tokenizer.LIST, tokenizer.tokens, GGUFValueType.STRING),
        ints(Keys.Tokenizer.TOKEN_TYPE, [int(kind) for kind in tokenizer.types]),
    ]
    if tokenizer.scores:
        entries.append(array(Keys.Tokenizer.SCORES, tokenizer.scores, GGUFValueType.FLOAT32))
        entries.append(boolean(Keys.Tokenizer.ADD_PREFIX, not tokenizer.text_form))
    else:
        entries.append(array(Keys.Tokenizer.MERGES, tokenizer.merges, GGUFValueType.STRING))
    entries.append(boolean(Keys.Tokenizer.ADD_BOS, tokenizer.add_bos))
    entries.append(boolean(Keys.Tokenizer.ADD_EOS, tokenizer.add_eos))
    for key, token in (
        (Keys.Tokenizer.BOS_ID, tokenizer.bos),
        (Keys.Tokenizer.EOS_ID, tokenizer.eos),
        (Keys.Tokenizer.EOT_ID, tokenizer.eot),
        (Keys.Tokenizer.EOM_ID, tokenizer.eom),
        (Keys.Tokenizer.PAD_ID, tokenizer.pad),
        (Keys.Tokenizer.UNK_ID, tokenizer.unk),
    ):
        if token is not None:
            entries.append(u32(key, token))
    if tokenizer.text_form:
        entries.append(string(TEXT_FORM_KEY, tokenizer.text_form))
    if tokenizer.chat_template:
        entries.append(string(Keys.Tokenizer.CHAT_TEMPLATE, tokenizer.chat_template))
    return entries


def decoder_metadata(decoder: Decoder) -> list[KeyValue]:
    """The entries that describe a dense decoder to llama.cpp."""
    arch = decoder.arch
    entries = [
        u32(f"{arch}.block_count", decoder.n_layers),
        u32(f"{arch}.context_length", decoder.context_length),
        u32(f"{arch}.embedding_length", decoder.width),
        u32(f"{arch}.feed_forward_length", decoder.ffn_width),
        u32(f"{arch}.attention.head_count", decoder.n_heads),
        u32(f"{arch}.attention.head_count_kv", decoder.n_heads_kv),
        u32(f"{arch}.attention.key_length", decoder.head_dim),
        u32(f"{arch}.attention.value_length", decoder.head_dim),
        f32(f"{arch}.attention.layer_norm_rms_epsilon", decoder.rms_eps),
        f32(f"{arch}.rope.freq_base", decoder.rope_theta),
        u32(f"{arch}.rope.dimension_count", decoder.head_dim),
        u32(f"{arch}.vocab_size", decoder.vocab_size),
    ]
    if decoder.rope_factor != 1.0:
        entries.append(string(f"{arch}.rope.scaling.type", "linear"))
        entries.append(f32(f"{arch}.rope.scaling.factor", decoder.rope_factor))
    if decoder.rope_sections:
        sections = [*decoder.rope_sections, 0, 0, 0, 0][:4]
        entries.append(ints(f"{arch}.rope.dimension_sections", sections))
    return entries
