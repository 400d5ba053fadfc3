"""Which tokens may come next: llguidance's matcher over llama.cpp's vocabulary."""

from __future__ import annotations

from typing import Any

import numpy as np
from llguidance import LLMatcher, LLTokenizer
from numpy.typing import NDArray

from desktop_vlm.api.errors import EngineError
from desktop_vlm.runtime import llama
from desktop_vlm.runtime.text_model import TextModel
from desktop_vlm.structured.constraint import Constraint

_MOST_FORCED = 256  # in one pass
_SPECIAL = b"\xff"
"""Marks what is no text for llguidance: such tokens are allowed only where a grammar names them."""


def read_vocabulary(text: TextModel) -> LLTokenizer:
    """A model's vocabulary for llguidance, which takes a second or two: make it once a model.

    It points into the model, so it must not be used after that was closed. llguidance's own reader of llama.cpp's
    vocabularies calls a function that is deprecated, with a warning for every token.
    """
    control = llama.LLAMA_TOKEN_ATTR_CONTROL
    tokens = []
    for token in range(text.n_vocab):
        data = text.token_bytes(token, special=True)
        attributes = llama.llama_vocab_get_attr(text.vocab_handle, token)
        looks_special = data.startswith(b"<") and data.endswith(b">")
        if attributes & control or (attributes & llama.LLAMA_TOKEN_ATTR_USER_DEFINED and looks_special):
            data = _SPECIAL + data
        tokens.append(data)
    reader: Any = LLTokenizer  # its declarations lack this way to make one
    vocabulary: LLTokenizer = reader.from_llamacpp(
        tokens=tokens,
        vocab_ptr=text.vocab_handle,
        tokenize_fptr=llama.tokenize_address(),
        eos_token=[token for token in range(text.n_vocab) if text.is_end(token)],
    )
    return vocabulary


class TokenConstraint:
    """What one answer is held to, token by token."""

    def __init__(self, constraint: Constraint, vocabulary: LLTokenizer) -> None:
        """Start at the beginning of an answer.

        Raises:
            EngineError: the grammar does not fit this vocabulary.
        """
        self._matcher = LLMatcher(vocabulary, constraint.grammar, log_level=0)
        self._n_vocab = vocabulary.vocab_size
        self._bits = np.zeros((self._n_vocab + 31) // 32, dtype=np.uint32)
        self.guard = constraint.guard() if constraint.guard else None
        self._check()

    @property
    def is_complete(self) -> bool:
        """Whether the answer is complete and nothing can be added to it."""
        return bool(self._matcher.is_stopped()) and not self._matcher.is_error()

    def allows(self, token: int) -> bool:
        """Whether this token may come next; much cheaper than `allowed`."""
        return bool(self._matcher.validate_tokens([token]) == 1)

    def allowed(self) -> NDArray[np.int32]:
        """The tokens that may come next: int32 ids, ascending.

        Raises:
            EngineError: the constraint became too complex to follow.
        """
        self._matcher.unsafe_compute_mask_ptr(self._bits.ctypes.data, self._bits.nbytes)
        self._check()
        words = np.flatnonzero(self._bits)
        if len(words) > len(self._bits) // 8:
            bits = np.unpackbits(self._bits.view(np.uint8), count=self._n_vocab, bitorder="little")
            return np.flatnonzero(bits.view(np.bool_)).astype(np.int32)
        bits = np.unpackbits(self._bits[words].view(np.uint8), bitorder="little")  # of few words only: mostly so
        found = np.flatnonzero(bits.view(np.bool_))
        ids = (words[found // 32] * 32 + found % 32).astype(np.int32)
        return ids[: int(np.searchsorted(ids, self._n_vocab))]

    def accept(self, token: int) -> None:
        """Go on to the state after `token`.

        Raises:
            EngineError: it is not allowed, or the constraint became too complex to follow.
        """
        self._matcher.consume_token(token)
        self._check()

    def forced(self) -> list[int]:
        """The tokens that must come next whatever the model likes, accepted."""
        if self.is_complete:
            return []
        tokens: list[int] = self._matcher.compute_ff_tokens()[:_MOST_FORCED]
        if tokens:
            self._matcher.consume_tokens(tokens)
        self._check()
        return tokens

    def _check(self) -> None:
        if self._matcher.is_error():
            reason = " ".join(self._matcher.get_error().split())[:200]
            raise EngineError(f"The schema or grammar became too complex to follow ({reason}); use a simpler one.")
