"""The tokens of one answer, as text: sampled one by one, forced ones in one pass with the one before them."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.api.answer import most_characters
from desktop_vlm.runtime.sampling import Sampler
from desktop_vlm.runtime.session import Session
from desktop_vlm.runtime.text_stream import TextStream


class Generation:
    """One answer as it is made.

    Attributes:
        finish: "stop" (the model ended it, its constraint is complete, or a stop text was met) or "length"; "" before.
        n_tokens: how many it has, the end token included; `n_forced` of them were not sampled.
        decode_s: seconds from the first choice to the last text.
    """

    def __init__(self, session: Session, sampler: Sampler, stream: TextStream, max_tokens: int) -> None:
        self.finish = ""
        self.n_tokens = self.n_forced = 0
        self.decode_s = 0.0
        self._session = session
        self._sampler = sampler
        self._stream = stream
        self._max_tokens = max_tokens
        self._characters_left = most_characters(max_tokens)

    def run(self, logits: NDArray[np.float32]) -> Iterator[str]:
        """The answer's text in pieces, after a prompt whose last token has these logits: float32 (n_vocab,).

        Raises:
            Cancelled: stopped; what was made stays usable.
            EngineError: the engine failed, or the constraint became too complex to follow.
        """
        started = perf_counter()
        tokens = self._forced()
        while True:
            if not tokens:
                tokens = [self._sampler.sample(logits), *self._forced()]
            fitting = tokens[: self._room()]
            piece = self._bounded(self._read(fitting))
            self._settle(len(fitting), is_whole=len(fitting) == len(tokens))
            self.decode_s = perf_counter() - started
            if piece:
                yield piece
            if self.finish:
                return
            self._session.check_stop()
            logits, tokens = self._session.extend(*fitting), []

    def _forced(self) -> list[int]:
        tokens = self._sampler.forced()
        self.n_forced += len(tokens)
        return tokens

    def _room(self) -> int:
        """Tokens that may be added; the last one need not fit the context."""
        return min(self._max_tokens - self.n_tokens, self._session.text.n_ctx - self._session.n_evaluated + 1)

    def _read(self, tokens: list[int]) -> str:
        """The text that these tokens settle; sets `finish` where the answer ends with them."""
        text, constraint = self._session.text, self._sampler.constraint
        pieces = []
        for token in tokens:
            self.n_tokens += 1
            if text.is_end(token):
                self.finish = "stop"
                break
            data = text.token_bytes(token)
            if constraint and constraint.guard and constraint.guard.exceeds(data):
                self.finish = "length"
                break
            pieces.append(self._stream.feed(data))
            if self._stream.ended:
                self.finish = "stop"
                break
        return "".join(pieces)

    def _bounded(self, piece: str) -> str:
        """As much of the text as an answer may have; sets `finish` where it is cut off."""
        if len(piece) > self._characters_left:
            piece, self.finish = piece[: self._characters_left], "length"
        self._characters_left -= len(piece)
        return piece

    def _settle(self, n_read: int, *, is_whole: bool) -> None:
        """Set `finish` where the answer ends although none of its tokens says so."""
        if self.finish:
            return
        if is_whole and self._sampler.constraint and self._sampler.constraint.is_complete:
            self.finish = "stop"
        elif self.n_tokens >= self._max_tokens or self._session.n_evaluated + n_read > self._session.text.n_ctx:
            self.finish = "length"
