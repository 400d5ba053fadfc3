"""A language model's vocabulary: as many types and scores as tokens, no token twice, ends that are there.

llama.cpp asserts that no two tokens are the same text, and looks byte tokens up without asking whether they are there.
"""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
from gguf import GGUFValueType as ValueType
from gguf import Keys

from desktop_vlm.runtime.gate.refusal import fields_of, refused
from desktop_vlm.runtime.ggml.gguf_fields import Fields
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

_TOKENIZER = Keys.Tokenizer
_NO_VOCABULARY = ("none", "no_vocab")
_SENTENCE_PIECE = "llama"
_GREEDY = "rwkv"
_PAIR_MERGES = ("gpt2", "gemma4")
_ENDS = (_TOKENIZER.BOS_ID, _TOKENIZER.EOS_ID, _TOKENIZER.EOT_ID)
"""The ids that conversations are written with; llama.cpp passes over others that are out of range."""
_LAST_TYPE = 6
_ESCAPE = re.compile(rb"\\(x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPED = {b"t": b"\t", b"n": b"\n", b"r": b"\r"}
"""How RWKV's tokens are written down."""
_BYTE_TOKENS = [b"<0x%02X>" % number for number in range(256)]


def check_vocabulary(file: GgufFile) -> int:
    """Check the settings of the tokenizer, and return how many tokens there are.

    Raises:
        UserError: one contradicts another; the sentence names it.
    """
    fields = fields_of(file)
    kind = fields.text(_TOKENIZER.MODEL)
    if kind in _NO_VOCABULARY:
        raise fields.bad(_TOKENIZER.MODEL, "a tokenizer's name, as a model without a vocabulary cannot chat")
    tokens = _tokens(file, fields)
    _check_unique(file, tokens)
    _check_beside(file, fields, len(tokens))
    if kind == _SENTENCE_PIECE:
        _check_bytes(file, tokens)
    if kind == _GREEDY:
        _check_first_bytes(file, tokens)
    if kind in _PAIR_MERGES:
        _check_merges(file, fields)
    for key in (_TOKENIZER.PRE, _TOKENIZER.CHAT_TEMPLATE):
        fields.text(key, "")
    for key in _ENDS:
        fields.integer(key, 0, least=0, most=len(tokens) - 1)
    return len(tokens)


def _tokens(file: GgufFile, fields: Fields) -> list[bytes]:
    tokens = file.raw_texts(_TOKENIZER.LIST)
    if not tokens:
        raise fields.bad(_TOKENIZER.LIST, "a list of texts that is not empty")
    return tokens


def _check_unique(file: GgufFile, tokens: list[bytes]) -> None:
    """An empty token has a name of its own in llama.cpp."""
    if len(set(tokens)) == len(tokens):
        return
    named = [token or b"[EMPTY_%d]" % number for number, token in enumerate(tokens)]
    if len(set(named)) == len(named):
        return
    order = sorted(range(len(named)), key=lambda number: (named[number], number))
    first, second = next((a, b) for a, b in pairwise(order) if named[a] == named[b])
    text = named[first][:40].decode("utf-8", "replace")
    raise refused(file, f"the tokens {first} and {second} of {_TOKENIZER.LIST} are both {text!r} and must differ")


def _check_beside(file: GgufFile, fields: Fields, n_tokens: int) -> None:
    """The lists beside the tokens."""
    for key, kinds in (
        (_TOKENIZER.TOKEN_TYPE, (ValueType.INT32,)),
        (_TOKENIZER.SCORES, (ValueType.FLOAT32, ValueType.INT32)),
    ):
        setting = file.settings.get(key)
        if setting is None:
            continue
        if setting.item_type not in kinds or setting.count < n_tokens:
            raise fields.bad(key, f"a list of {n_tokens} numbers, one for each token")
        letters = "<f4" if setting.item_type is ValueType.FLOAT32 else "<i4"
        values = np.frombuffer(file.header, letters, n_tokens, setting.start)
        if key == _TOKENIZER.SCORES and np.isnan(values).any():
            raise refused(file, f"the score of token {int(np.isnan(values).argmax())} in {key} is no number")
        if key == _TOKENIZER.TOKEN_TYPE and (bad := (values < 0) | (values > _LAST_TYPE)).any():
            number = int(bad.argmax())
            raise refused(
                file, f"the type of token {number} in {key} is {values[number]} and must be from 0 to {_LAST_TYPE}"
            )


def _check_bytes(file: GgufFile, tokens: list[bytes]) -> None:
    """A vocabulary that spells unknown characters in bytes has all of them."""
    known = set(tokens)
    missing = [token for token in _BYTE_TOKENS if token not in known]
    if missing and len(missing) < len(_BYTE_TOKENS):
        raise refused(file, f"{_TOKENIZER.LIST} has byte tokens and must have all, but lacks {missing[0].decode()}")


def _check_first_bytes(file: GgufFile, tokens: list[bytes]) -> None:
    """RWKV's tokenizer takes the longest token that a text begins with, and loops where it finds but a part of one."""
    plain = {_ESCAPE.sub(_unescaped, token) for token in tokens}
    missing = {token[:1] for token in plain} - plain
    if missing - {b""}:
        number = min(missing - {b""})[0]
        raise refused(file, f"{_TOKENIZER.LIST} has tokens that begin with the byte {number}, which is no token itself")


def _unescaped(found: re.Match[bytes]) -> bytes:
    text = found[1]
    return bytes([int(text[1:], 16)]) if text.startswith(b"x") and len(text) == 3 else _ESCAPED.get(text, text)


def _check_merges(file: GgufFile, fields: Fields) -> None:
    key = _TOKENIZER.MERGES
    setting = file.settings.get(key)
    if setting is None:
        return  # some tokenizers do without, and llama.cpp says it of the others
    if setting.lengths is None:
        raise fields.bad(key, "a list of texts")
    lengths = np.frombuffer(setting.lengths, np.uint64).astype(np.int64)
    if not len(lengths):
        return
    starts = 8 + np.concatenate([[0], np.cumsum(lengths[:-1] + 8)])  # from that of the setting on
    ends = starts + lengths
    spaces = np.flatnonzero(np.frombuffer(file.header, np.uint8, int(ends[-1]), setting.start) == ord(" "))
    of = np.searchsorted(starts, spaces, "right") - 1
    has_one = np.zeros(len(starts), bool)
    has_one[of[(of >= 0) & (spaces > starts[of]) & (spaces < ends[of])]] = True
    if not has_one.all():
        number = int((~has_one).argmax())
        raise refused(file, f"the merge {number} in {key} has no space between its two parts")
