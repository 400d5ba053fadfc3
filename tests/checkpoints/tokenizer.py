"""A small byte-level BPE tokenizer in the form of Llama 3's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from tests.checkpoints.configs import IMAGE_TOKEN, SPECIAL_TOKENS, TinyCheckpoint, special_token_id

LLAMA3_REGEX = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)

# In the vocabulary without a path of merges: only `ignore_merges` finds them.
UNMERGED_WORDS = (" picture", "777", "assistant")

MERGED_WORDS = (
    *("  ", "    ", "\n\n", " the", " a", " is", " of", " and", " in", " to", "user", "The", " this", "What"),
    *("00", "12", "123", "202", "ing", " image", "tion", " with", "Hello", " world", "'s", "é", "日", "..."),
    *("():", " that", " for", " you", " are", "def", "return", " on", "100", "system", " it", " or"),
    *("Describe", " can", " from", " not", "999", " an", "ed", "er", "ly", " dog", " cat", " red", " blue"),
    *("import", "本", "😀", "=="),
)

# The published template, without tools: text or parts, <|image|> where the image stands.
CHAT_TEMPLATE = """\
{{- bos_token }}
{%- set image_ns = namespace(has_images=false) %}
{%- for message in messages %}
    {%- if message['content'] is not string %}
        {%- for content in message['content'] %}
            {%- if content['type'] == 'image' %}
                {%- set image_ns.has_images = true %}
            {%- endif %}
        {%- endfor %}
    {%- endif %}
{%- endfor %}
{%- if image_ns.has_images and messages[0]['role'] == 'system' %}
    {{- raise_exception("Prompting with images is incompatible with system messages.") }}
{%- endif %}
{%- for message in messages %}
    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' }}
    {%- if message['content'] is string %}
        {{- message['content'] | trim }}
    {%- else %}
        {%- for content in message['content'] %}
            {%- if content['type'] == 'image' %}
                {{- '<|image|>' }}
            {%- elif content['type'] == 'text' %}
                {{- content['text'] | trim }}
            {%- endif %}
        {%- endfor %}
    {%- endif %}
    {{- '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
"""


@cache
def byte_alphabet() -> Mapping[int, str]:
    """GPT-2's printable character for every byte, in the order of the vocabulary's first 256 ids."""
    plain = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [byte for byte in range(256) if byte not in plain]
    made = {byte: chr(byte) for byte in plain} | {byte: chr(256 + i) for i, byte in enumerate(rest)}
    return MappingProxyType(made)


def _merge(parts: list[str], pair: tuple[str, str]) -> list[str]:
    merged: list[str] = []
    for part in parts:
        if merged and (merged[-1], part) == pair:
            merged[-1] += part
        else:
            merged.append(part)
    return merged


def vocabulary(size: int) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Byte-level BPE vocabulary of `size` ordinary tokens, and its merges in order of rank."""
    alphabet = byte_alphabet()
    tokens = list(alphabet.values())
    tokens += ["".join(alphabet[byte] for byte in word.encode()) for word in UNMERGED_WORDS]
    merges: list[tuple[str, str]] = []
    for word in MERGED_WORDS:
        parts = [alphabet[byte] for byte in word.encode()]
        while (known := [pair for pair in pairwise(parts) if pair in merges]) != []:
            parts = _merge(parts, min(known, key=merges.index))
        while len(parts) > 1 and len(tokens) < size:
            pair = (parts[0], parts[1])
            merges.append(pair)
            tokens.append(parts[0] + parts[1])
            parts = _merge(parts, pair)
    if len(tokens) != size or len(set(tokens)) != size:
        message = f"the word lists give {len(set(tokens))} tokens, {size} are needed"
        raise ValueError(message)
    return {token: index for index, token in enumerate(tokens)}, merges


def added_token(content: str) -> dict[str, Any]:
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {"content": content, **flags}


def tokenizer_json(ckpt: TinyCheckpoint) -> dict[str, Any]:
    """Content of `tokenizer.json`, in Llama 3's form.

    Merges are `"a b"` strings under the old naming and `["a", "b"]` pairs under the new one: both exist.
    """
    vocab_size = ckpt.config["text_config"]["vocab_size"]
    vocab, merges = vocabulary(vocab_size - len(SPECIAL_TOKENS))
    added = [*SPECIAL_TOKENS, IMAGE_TOKEN]
    pattern = {"Regex": LLAMA3_REGEX}
    byte_level = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
    bos = SPECIAL_TOKENS[0]
    bos_piece = {"SpecialToken": {"id": bos, "type_id": 0}}
    pieces = [{"Sequence": {"id": name, "type_id": kind}} for kind, name in enumerate("AB")]
    second_bos = {"SpecialToken": {"id": bos, "type_id": 1}}
    bos_entry = {"id": bos, "ids": [special_token_id(vocab_size, bos)], "tokens": [bos]}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": special_token_id(vocab_size, t), **added_token(t)} for t in added],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Split", "pattern": pattern, "behavior": "Isolated", "invert": False},
                {**byte_level, "add_prefix_space": False, "use_regex": False},
            ],
        },
        "post_processor": {
            "type": "Sequence",
            "processors": [
                {**byte_level, "trim_offsets": False},
                {
                    "type": "TemplateProcessing",
                    "single": [bos_piece, pieces[0]],
                    "pair": [bos_piece, pieces[0], second_bos, pieces[1]],
                    "special_tokens": {bos: bos_entry},
                },
            ],
        },
        "decoder": byte_level,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": True,
            "vocab": vocab,
            "merges": [" ".join(pair) if ckpt.naming == "old" else list(pair) for pair in merges],
        },
    }


def tokenizer_config(vocab_size: int) -> dict[str, Any]:
    added = [*SPECIAL_TOKENS, IMAGE_TOKEN]
    return {
        "added_tokens_decoder": {str(special_token_id(vocab_size, t)): added_token(t) for t in added},
        "bos_token": "<|begin_of_text|>",
        "chat_template": CHAT_TEMPLATE,
        "clean_up_tokenization_spaces": True,
        "eos_token": "<|eot_id|>",
        "model_input_names": ["input_ids", "attention_mask"],
        "model_max_length": 131072,
        "pad_token": "<|finetune_right_pad_id|>",
        "processor_class": "MllamaProcessor",
        "tokenizer_class": "PreTrainedTokenizerFast",
    }
