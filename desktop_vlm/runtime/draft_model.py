"""A small language model beside the large one: it says what may come next, and the large one checks several at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.progress import StageProgress
from desktop_vlm.runtime.draft_length import DraftLength, Making
from desktop_vlm.runtime.memory import Placement
from desktop_vlm.runtime.pass_times import PassTimes, pass_times
from desktop_vlm.runtime.session import Session
from desktop_vlm.runtime.text_model import TextModel
from desktop_vlm.system import steps

_LEAST_LIKELY = 0.5
"""A draft ends before a token that the small model itself does not take to be so likely."""
_REMEMBERED = 0.998
"""Weight of what was before, with each pass: a long prompt is read for a first draft once that much may be lost."""
_AGREED = 4
"""`DraftLength` keeps how often drafts are right by tokens that agree; these are all of one kind."""
_KEPT_TIME = 0.7
_FEW = 64
"""Tokens at the end of a long text that are read in its place, where reading all of it would not be worth its time."""
_FEWEST_READ = 8
"""Tokens read at once whose time says what one of them takes."""
_WARM_UPS = 3


def load_draft(
    path: Path, large: Session, placement: Placement, n_threads: int, progress: StageProgress | None
) -> DraftModel:
    """Load a draft model for the large one of a session, whose stop ends its work, too.

    Raises:
        UserError: the file is damaged.
        EngineError: a device failed.
        OutOfMemoryError: there is no room for it.
        Cancelled: from `progress`.
    """

    def loading(_fraction: float) -> None:
        steps.count()
        if progress:
            progress("load", 1.0)

    text = TextModel(
        path,
        n_ctx=large.text.n_ctx,
        n_batch=large.text.n_batch,
        n_gpu_layers=placement.n_gpu_layers,
        split=placement.split,
        n_threads=n_threads,
        kv_type=placement.kv_type,
        should_stop=large.asked_to_stop,
        progress=loading,
        with_hook=False,
    )
    try:
        if not text.can_go_back:
            raise UserError(f"{path.name} cannot draft, as it cannot go back to an earlier token; choose another one.")
        times = pass_times(on_gpu=large.text.n_gpu_layers > 0)
        return DraftModel(text, times, large.text.n_vocab, text.n_parameters / max(1, large.text.n_parameters))
    except BaseException:
        text.close()
        raise


class DraftModel:
    """One small model for one large one, with its own KV cache of the text alone: it sees no images.

    Attributes:
        times: of the large model's passes.
        making_s: seconds that the last draft took, as far as they are not a stall or for something that is done once; 0
            where there was none.
        n_right, n_drafted: tokens of all drafts so far.
    """

    def __init__(self, text: TextModel, times: PassTimes, n_vocab: int, relative_size: float) -> None:
        """Run it a few times, which tells what a token takes.

        Args:
            text: the small model, loaded.
            times: of the large model's passes.
            n_vocab: of the large model; tokens beyond are never drafted.
            relative_size: of the small model's parameters to the large one's.
        """
        self.making_s = 0.0
        self.n_right = self.n_drafted = 0
        self._text = text
        self.times = times
        self._length = DraftLength(times=times, remembered=_REMEMBERED)
        self._n_vocab = min(n_vocab, text.n_vocab)
        self._relative_size = relative_size
        self._sequence: list[int] = []  # the text so far
        self._start = 0  # of what was read of it
        self._held: list[int] = []  # what the KV cache holds, from there on
        self._n_same = 0  # where the text and that part
        self._step_s = min(self._timed([0], position) for position in range(_WARM_UPS))
        self._row_s = self._measured_row() if text.n_gpu_layers > 0 else None
        self._usual_s = self._step_s, self._row_s
        text.forget_from(0)

    def close(self) -> None:
        """Free it; calling it again does nothing."""
        self._text.close()

    @property
    def name(self) -> str:
        """Of its file."""
        return self._text.path.name

    # What the answer is so far

    def begin(self, tokens: Sequence[int]) -> None:
        """An answer begins behind these."""
        self._sequence = [token for token in tokens if 0 <= token < self._n_vocab]
        if self._start:
            self._held.clear()
        self._start = 0
        self._n_same = 0

    def follow(self, tokens: Sequence[int]) -> None:
        """It goes on with these."""
        self._sequence += [token for token in tokens if 0 <= token < self._n_vocab]

    # Drafting

    def draft(self, n_chosen: int, most: int) -> list[int]:
        """Tokens that may follow, at most `most` and as many as are likely to pay; none where none are.

        Raises:
            Cancelled: stopped.
            EngineError: the device failed.
        """
        self.making_s = 0.0
        self._match()
        n_behind = len(self._sequence) - self._n_same
        most = min(most, self._text.n_ctx - len(self._sequence) - 1)
        if most < 1 or not n_behind:
            return []
        for n_read in sorted({n_behind, min(n_behind, _FEW)}, reverse=True):
            making = Making((n_read - 1) * self._read_s(), self._step_s)
            if n_tokens := self._length.choose(n_chosen, most, _AGREED, making):
                expected_s = making.first_s + n_tokens * making.each_s
                started = perf_counter()
                found = self._propose(n_tokens, n_read)
                self.making_s = min(perf_counter() - started, 2 * expected_s)
                return found
        return []

    def _match(self) -> None:
        """Go on comparing the text with what the KV cache holds; its last token is read again, for what follows it."""
        n, most = self._n_same, min(len(self._sequence) - 1, self._start + len(self._held))
        while n < most and self._sequence[n] == self._held[n - self._start]:
            n += 1
        self._n_same = n

    def _measured_row(self) -> float:
        """Seconds for each token but one of several that are read at once: on a GPU far from those of one alone.

        Passes of all sizes come first, since it loads each kernel when that is first used, which can take longer than
        answers gain. A processor would need as long for it as for an answer; there the large model's figure serves.
        """
        n_tokens = most = max(2, min(self._text.n_batch, self._text.n_ctx - _WARM_UPS))
        while n_tokens > 1:
            self._timed([0] * n_tokens, 0)
            n_tokens //= 2
        n_tokens = min(_FEW, most)
        return self._per_row(n_tokens, min(self._timed([0] * n_tokens, 0) for _ in range(_WARM_UPS)))

    def _per_row(self, n_tokens: int, seconds: float) -> float:
        return max(0.0, seconds - self._step_s) / (n_tokens - 1)

    def _read_s(self) -> float:
        """Seconds for each token that is read before a draft, but one."""
        if self._row_s is not None:
            return self._row_s
        return min(self._step_s, self.times.row_s * self._relative_size)

    def _propose(self, n_tokens: int, n_read: int) -> list[int]:
        """Read what is new of the text, or only its last `n_read` tokens, and guess."""
        if n_read < len(self._sequence) - self._n_same:
            self._start = self._n_same = len(self._sequence) - n_read
            self._held.clear()
        kept = self._n_same - self._start
        self._text.forget_from(kept)
        del self._held[kept:]
        logits = self._read(self._sequence[self._n_same :])
        self._n_same = len(self._sequence)
        found: list[int] = []
        while True:
            token = _likely(logits[: self._n_vocab])
            if token is None:
                return found
            found.append(token)
            if len(found) == n_tokens:
                return found
            started = perf_counter()
            logits = self._decode([token])
            self._step_s += (1 - _KEPT_TIME) * (min(perf_counter() - started, 2 * self._step_s) - self._step_s)

    def _read(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        started = perf_counter()
        size = self._text.n_batch
        for at in range(0, len(tokens), size):
            logits = self._decode(tokens[at : at + size])
        if len(tokens) >= _FEWEST_READ:
            seconds = perf_counter() - started
            if self._row_s is None:
                self._row_s = self._per_row(len(tokens), seconds)
            else:  # a stall says little, nor does what is done once
                expected_s = self._step_s + (len(tokens) - 1) * self._row_s
                read_s = self._per_row(len(tokens), min(seconds, 2 * expected_s))
                self._row_s += (1 - _KEPT_TIME) * (read_s - self._row_s)
        return logits

    def _decode(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """Logits after the last of them: float32 (n_vocab,), good until the next call."""
        logits = self._text.decode(tokens, len(self._held), outputs="last", handlers={}, borrow=True)
        self._held += tokens
        row: NDArray[np.float32] = logits[0]
        return row

    def _timed(self, tokens: Sequence[int], position: int) -> float:
        self._text.forget_from(position)
        started = perf_counter()
        self._text.decode(tokens, position, outputs="last", handlers={}, borrow=True)
        return perf_counter() - started

    # Learning

    def note(self, n_chosen: int, n_drafted: int, n_right: int, seconds: float) -> None:
        """The pass that checked the last draft took so long, and so many of its tokens were right."""
        self.n_drafted += n_drafted
        self.n_right += n_right
        self._length.note(n_chosen, n_drafted, n_right, _AGREED, seconds, self.making_s)

    def pass_by(self, seconds: float, rows: int = 0) -> None:
        """A pass with so many tokens but no draft from here took so long, or a prompt, which has no `rows`.

        What drafts took is forgotten slowly: they are tried again.
        """
        self._length.spend(seconds, rows)
        self._length.forget_a_little()
        step_s, row_s = self._usual_s
        self._step_s += (1 - _REMEMBERED) * (step_s - self._step_s)
        if self._row_s is not None and row_s is not None:
            self._row_s += (1 - _REMEMBERED) * (row_s - self._row_s)


def _likely(logits: NDArray[np.float32]) -> int | None:
    """The likeliest token, where it is likely enough."""
    token = int(logits.argmax())
    return token if 1 / float(np.exp(logits - logits[token]).sum()) >= _LEAST_LIKELY else None
