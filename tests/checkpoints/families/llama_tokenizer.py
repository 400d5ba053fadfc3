"""A small SentencePiece BPE tokenizer with byte fallback, as tokenizer.json and as tokenizer.model."""

from __future__ import annotations

import struct
from functools import cache
from typing import Any

from tests.checkpoints.byte_pairs import CORPUS, sentence_piece_merges
from tests.checkpoints.tokenizer import added_token

N_MERGES = 420
UNK, BOS, EOS = "<unk>", "<s>", "</s>"
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6  # SentencePiece's kinds of pieces


@cache
def pieces(n_merges: int = N_MERGES) -> tuple[tuple[str, float, int], ...]:
    """(piece, score, kind) by id: special pieces, bytes, merged pieces by rank, single characters."""
    made = [(UNK, 0.0, UNKNOWN), (BOS, 0.0, CONTROL), (EOS, 0.0, CONTROL)]
    made += [(f"<0x{byte:02X}>", 0.0, BYTE) for byte in range(256)]
    merged = ["".join(pair) for pair in sentence_piece_merges(n_merges)]
    characters = sorted({"▁", *CORPUS} - {" ", "\n"} - {"😀", "½", "→", "画", "描"})  # some only as bytes
    made += [(piece, -float(rank), NORMAL) for rank, piece in enumerate([*merged, *characters])]
    return tuple(made)


def merges(n_merges: int = N_MERGES) -> list[tuple[str, str]]:
    """Every way to make a piece of two others, by the rank of what it makes: as transformers derives them."""
    ids = {piece: i for i, (piece, _, kind) in enumerate(pieces(n_merges)) if kind == NORMAL}
    found = []
    for piece in ids:
        ways = [(piece[:i], piece[i:]) for i in range(1, len(piece)) if piece[:i] in ids and piece[i:] in ids]
        found += sorted(ways, key=lambda way: (ids[way[0]], ids[way[1]]))
    return found


def trained_merges(n_merges: int = N_MERGES) -> tuple[tuple[str, str], ...]:
    """One way to make each piece, as it was learnt."""
    return sentence_piece_merges(n_merges)


def added_tokens(n_merges: int = N_MERGES) -> dict[str, int]:
    """Tokens beside the pieces, by id: the image's and the padding."""
    first = len(pieces(n_merges))
    return {"<image>": first, "<pad>": first + 1}


def tokenizer_json(*, pairs: bool = False, n_merges: int = N_MERGES) -> dict[str, Any]:
    """Content of tokenizer.json; merges as pairs or as `"a b"` strings."""
    special = {UNK: 0, BOS: 1, EOS: 2, **added_tokens(n_merges)}
    bos = {"SpecialToken": {"id": BOS, "type_id": 0}}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": i, **added_token(token)} for token, i in special.items()],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Prepend", "prepend": "▁"},
                {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
            ],
        },
        "pre_tokenizer": None,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [bos, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [bos, {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {BOS: {"id": BOS, "ids": [1], "tokens": [BOS]}},
        },
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
                {"type": "Strip", "content": " ", "start": 1, "stop": 0},
            ],
        },
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": UNK,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": True,
            "byte_fallback": True,
            "vocab": {piece: i for i, (piece, _, _) in enumerate(pieces(n_merges))},
            "merges": [list(pair) if pairs else " ".join(pair) for pair in merges(n_merges)],
        },
    }


def tokenizer_config(chat_template: str = "", n_merges: int = N_MERGES) -> dict[str, Any]:
    """Content of tokenizer_config.json."""
    special = {UNK: 0, BOS: 1, EOS: 2, **added_tokens(n_merges)}
    template = {"chat_template": chat_template} if chat_template else {}
    return {
        "add_bos_token": True,
        "add_eos_token": False,
        "added_tokens_decoder": {str(i): added_token(token) for token, i in special.items()},
        "bos_token": BOS,
        "eos_token": EOS,
        "legacy": False,
        "pad_token": "<pad>",
        "processor_class": "LlavaProcessor",
        "tokenizer_class": "LlamaTokenizer",
        "unk_token": UNK,
        **template,
    }


def tokenizer_model(n_merges: int = N_MERGES) -> bytes:
    """Content of tokenizer.model: a SentencePiece ModelProto (sentencepiece_model.proto)."""
    all_pieces = pieces(n_merges)
    encoded = [_message(1, _piece(*piece)) for piece in all_pieces]
    trainer = _number(3, 2) + _number(4, len(all_pieces)) + _number(35, 1)  # BPE, vocab_size, byte_fallback
    normalizer = _text(1, "identity") + _number(3, 1) + _number(4, 0) + _number(5, 1)
    return b"".join(encoded) + _message(2, trainer) + _message(3, normalizer)


def _piece(piece: str, score: float, kind: int) -> bytes:
    return _text(1, piece) + _varint(2 << 3 | 5) + struct.pack("<f", score) + _number(3, kind)


def _text(field: int, text: str) -> bytes:
    return _message(field, text.encode())


def _message(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])
