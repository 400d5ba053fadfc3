"""Small byte-level BPE tokenizers: Qwen2's, Pixtral's, and Mistral's own form of the latter (tekken.json)."""

from __future__ import annotations

import base64
from typing import Any

from tests.checkpoints.byte_pairs import byte_level_merges
from tests.checkpoints.tokenizer import added_token, byte_alphabet

N_MERGES = 400
QWEN2_REGEX = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_UPPER, _LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
TEKKEN_REGEX = (
    rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+|[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*"
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN_SPECIAL = (
    *("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>"),
    *("<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>"),
    *("<|image_pad|>", "<|video_pad|>"),
)
QWEN_NOT_SPECIAL = ("<tool_call>", "</tool_call>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>")
"""Added tokens that Qwen's files mark as not special."""

PIXTRAL_SPECIAL = (
    *("<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]"),
    *("[/TOOL_RESULTS]", "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]", "[IMG_END]", "[PREFIX]", "[MIDDLE]"),
    *("[SUFFIX]", *(f"<SPECIAL_{i}>" for i in range(17, 24))),
)


def byte_tokens(n_merges: int = N_MERGES) -> list[str]:
    """The ordinary tokens by rank: 256 bytes, then what the merges make."""
    merged = ["".join(pair) for pair in byte_level_merges(n_merges)]
    return [*(byte_alphabet()[byte] for byte in range(256)), *merged]


def qwen_token_id(token: str, n_merges: int = N_MERGES) -> int:
    """Id of an added token of the tiny Qwen vocabulary; they follow the ordinary ones."""
    return 256 + n_merges + (*QWEN_SPECIAL, *QWEN_NOT_SPECIAL).index(token)


def qwen_tokenizer_json(n_merges: int = N_MERGES) -> dict[str, Any]:
    """Content of tokenizer.json."""
    added = [
        {"id": qwen_token_id(token, n_merges), **added_token(token), "special": token in QWEN_SPECIAL}
        for token in (*QWEN_SPECIAL, *QWEN_NOT_SPECIAL)
    ]
    vocab = {token: i for i, token in enumerate(byte_tokens(n_merges))}
    merges = [" ".join(pair) for pair in byte_level_merges(n_merges)]
    return {
        **_byte_level(added, vocab, merges, QWEN2_REGEX, ignore_merges=False),
        "normalizer": {"type": "NFC"},
        "post_processor": _BYTE_LEVEL,
    }


def qwen_tokenizer_config(chat_template: str = "", n_merges: int = N_MERGES) -> dict[str, Any]:
    """Content of tokenizer_config.json."""
    added = {
        str(qwen_token_id(token, n_merges)): {**added_token(token), "special": token in QWEN_SPECIAL}
        for token in (*QWEN_SPECIAL, *QWEN_NOT_SPECIAL)
    }
    template = {"chat_template": chat_template} if chat_template else {}
    return {
        "add_bos_token": False,
        "add_prefix_space": False,
        "added_tokens_decoder": added,
        "bos_token": None,
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "tokenizer_class": "Qwen2Tokenizer",
        "unk_token": None,
        **template,
    }


def pixtral_merges(n_merges: int = N_MERGES) -> list[tuple[str, str]]:
    """Every way to make a token of two others, by the rank of what it makes: as a tekken vocabulary implies them."""
    ranks = {token: rank for rank, token in enumerate(byte_tokens(n_merges))}
    found = []
    for token in ranks:
        ways = [(token[:i], token[i:]) for i in range(1, len(token)) if token[:i] in ranks and token[i:] in ranks]
        found += sorted(ways, key=lambda way: (ranks[way[0]], ranks[way[1]]))
    return found


def pixtral_tokenizer_json(n_merges: int = N_MERGES) -> dict[str, Any]:
    """Content of tokenizer.json: special tokens first, in the vocabulary too."""
    added = [{"id": i, **added_token(token)} for i, token in enumerate(PIXTRAL_SPECIAL)]
    vocab = {token: i for i, token in enumerate([*PIXTRAL_SPECIAL, *byte_tokens(n_merges)])}
    bos = {"SpecialToken": {"id": "<s>", "type_id": 0}}
    template = {
        "type": "TemplateProcessing",
        "single": [bos, {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [bos, {"Sequence": {"id": "A", "type_id": 0}}, bos, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}},
    }
    merges = [list(pair) for pair in pixtral_merges(n_merges)]
    return {
        **_byte_level(added, vocab, merges, TEKKEN_REGEX, ignore_merges=True),
        "post_processor": {"type": "Sequence", "processors": [_BYTE_LEVEL, template]},
    }


def pixtral_tokenizer_config(chat_template: str = "") -> dict[str, Any]:
    """Content of tokenizer_config.json."""
    template = {"chat_template": chat_template} if chat_template else {}
    return {
        "added_tokens_decoder": {str(i): added_token(token) for i, token in enumerate(PIXTRAL_SPECIAL)},
        "bos_token": "<s>",
        "eos_token": "</s>",
        "pad_token": "<pad>",
        "processor_class": "PixtralProcessor",
        "tokenizer_class": "PreTrainedTokenizerFast",
        "unk_token": "<unk>",
        **template,
    }


def tekken_json(vocab_size: int, n_merges: int = N_MERGES, n_spare: int = 30) -> dict[str, Any]:
    """Content of tekken.json; like the published file it holds more tokens than `vocab_size` lets in."""
    alphabet = {character: byte for byte, character in byte_alphabet().items()}
    vocab = []
    for rank, token in enumerate([*byte_tokens(n_merges), *(f"unused{i}" for i in range(n_spare))]):
        raw = bytes(alphabet[character] for character in token)
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text = None
        vocab.append({"rank": rank, "token_bytes": base64.b64encode(raw).decode(), "token_str": text})
    return {
        "config": {
            "pattern": TEKKEN_REGEX,
            "num_vocab_tokens": len(vocab),
            "default_vocab_size": vocab_size,
            "default_num_special_tokens": len(PIXTRAL_SPECIAL),
            "version": "v3",
        },
        "vocab": vocab,
        "multimodal": {"image_patch_size": 16, "max_image_size": 1024},
    }


_BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}


def _byte_level(
    added: list[dict[str, Any]], vocab: dict[str, int], merges: list[Any], pattern: str, *, ignore_merges: bool
) -> dict[str, Any]:
    split = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, byte_level]},
        "post_processor": None,
        "decoder": _BYTE_LEVEL,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": ignore_merges,
            "vocab": vocab,
            "merges": merges,
        },
    }
