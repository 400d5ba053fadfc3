"""The tokens of one answer, as text: several in one pass where they are forced, or where a draft of them was right.

A draft only decides what is computed ahead. Every token is chosen from the model's own logits, in order, by the same
sampler as without, so that answers are the same and chance is drawn as often.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.api.answer import most_characters
from desktop_vlm.runtime.draft_length import DraftLength
from desktop_vlm.runtime.draft_model import DraftModel
from desktop_vlm.runtime.lookup import Lookup
from desktop_vlm.runtime.sampling import Sampler
from desktop_vlm.runtime.session import Session
from desktop_vlm.runtime.text_stream import TextStream


class Drafts:
    """Where drafts of an answer come from, and how long they are: first what stood before, as it costs nothing."""

    def __init__(self, lookup: Lookup, length: DraftLength, model: DraftModel | None = None) -> None:
        """Begin an answer; `model` knows what stands before it."""
        self.lookup = lookup
        self.length = length
        self._model = model
        self._made = False

    def add(self, tokens: Sequence[int]) -> None:
        """Go on with the answer."""
        self.lookup.add(tokens)
        if self._model:
            self._model.follow(tokens)

    def draft(self, n_chosen: int, room: int) -> tuple[list[int], int]:
        """At most `room` tokens that may follow `n_chosen` new ones, and how many agree before them.

        Raises:
            Cancelled: stopped while a draft was made.
            EngineError: the draft model failed.
        """
        found, agreed = self.lookup.propose(room)
        draft = found[: self.length.choose(n_chosen, len(found), agreed)]
        self._made = False
        if not draft and self._model:
            draft = self._model.draft(n_chosen, room)
            self._made = self._model.making_s > 0
        return draft, agreed

    def note(self, n_chosen: int, n_drafted: int, n_right: int, agreed: int, seconds: float) -> None:
        """A pass took so long, and so many of its drafted tokens were right."""
        if self._made and self._model:
            self._model.note(n_chosen, n_drafted, n_right, seconds)
            return
        self.length.note(n_chosen, n_drafted, n_right, agreed, seconds)
        if self._model:
            self._model.pass_by(seconds, n_chosen + n_drafted)


class Generation:
    """One answer as it is made.

    Attributes:
        finish: "stop" (the model ended it, its constraint is complete, or a stop text was met) or "length"; "" before.
        n_tokens: how many it has, the end token included; `n_forced` of them were not sampled, and `n_drafted` were
            computed ahead in a pass of another token.
        n_passes: through the model.
        decode_s: seconds from the first choice to the last text.
    """

    def __init__(
        self,
        session: Session,
        sampler: Sampler,
        stream: TextStream,
        max_tokens: int,
        drafts: Drafts | None = None,
    ) -> None:
        self.finish = ""
        self.n_tokens = self.n_forced = self.n_drafted = self.n_passes = 0
        self.decode_s = 0.0
        self._session = session
        self._sampler = sampler
        self._stream = stream
        self._max_tokens = self._most = max_tokens
        self._characters_left = most_characters(max_tokens)
        self._drafts = drafts if session.most_at_once > 1 else None

    def run(self, logits: NDArray[np.float32]) -> Iterator[str]:
        """The answer's text in pieces, after a prompt whose last token has these logits: float32 (n_vocab,).

        Raises:
            Cancelled: stopped; what was made stays usable.
            EngineError: the engine failed, or the constraint became too complex to follow.
        """
        started = perf_counter()
        # The last token need not fit the context.
        self._most = min(self._max_tokens, self._session.text.n_ctx - self._session.n_evaluated + 1)
        chosen = self._forced()
        if chosen:
            piece = self._take(chosen)
        else:
            chosen, _, piece = self._choose(logits[np.newaxis], [])
        while True:
            self.decode_s = perf_counter() - started
            if piece:
                yield piece
            if self.finish:
                return
            self._session.check_stop()
            chosen, piece = self._pass(chosen)

    def _pass(self, chosen: list[int]) -> tuple[list[int], str]:
        """Compute chosen tokens, and a draft of more: what is chosen then but not computed, and all new text."""
        draft, agreed = self._draft(len(chosen))
        started = perf_counter()
        rows = self._session.extend(*chosen, draft=draft)
        seconds = perf_counter() - started
        left, n_right, piece = self._choose(rows if draft else rows[np.newaxis], draft)
        self._session.take_back(len(draft) - n_right)
        self.n_passes += 1
        self.n_drafted += n_right
        if self._drafts:
            self._drafts.note(len(chosen), len(draft), n_right, agreed, seconds)
        return left, piece

    def _draft(self, n_chosen: int) -> tuple[list[int], int]:
        if self._drafts is None:
            return [], 0
        most = min(self._session.most_at_once - n_chosen, self._most - self.n_tokens - 1)
        return self._drafts.draft(n_chosen, most)

    def _choose(self, rows: NDArray[np.float32], draft: Sequence[int]) -> tuple[list[int], int, str]:
        """Choose tokens from logits, float32 (1 + n_draft, n_vocab), for as long as they are those of the draft.

        Returns:
            The chosen tokens that are not of the draft, how many are, and the text of both.
        """
        n_right, pieces = 0, []
        left: list[int] = []
        while not left and not self.finish:
            tokens = [self._sampler.sample(rows[n_right]), *self._forced()]
            pieces.append(self._take(tokens))
            n_agreed = _n_agreeing(tokens, draft[n_right:])
            n_right += n_agreed
            left = tokens[n_agreed:]
        return left, n_right, "".join(pieces)

    def _forced(self) -> list[int]:
        tokens = self._sampler.forced()
        self.n_forced += len(tokens)
        return tokens

    def _take(self, tokens: list[int]) -> str:
        """Make tokens part of the answer, as far as there is room for them; the text that they settle."""
        fitting = tokens[: self._most - self.n_tokens]
        piece = self._bounded(self._read(fitting))
        if not self.finish:
            self._settle(is_whole=len(fitting) == len(tokens))
        if self._drafts:
            self._drafts.add(fitting)
        return piece

    def _read(self, tokens: list[int]) -> str:
        """The text of these tokens; sets `finish` where the answer ends with them."""
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

    def _settle(self, *, is_whole: bool) -> None:
        """Set `finish` where the answer ends although none of its tokens says so."""
        if is_whole and self._sampler.constraint and self._sampler.constraint.is_complete:
            self.finish = "stop"
        elif self.n_tokens >= self._most:
            self.finish = "length"


def _n_agreeing(tokens: Sequence[int], draft: Sequence[int]) -> int:
    """How many of the first tokens are those of the draft."""
    n = 0
    while n < min(len(tokens), len(draft)) and tokens[n] == draft[n]:
        n += 1
    return n
