"""Answers drawn at random from what a constraint allows, by the program's own matcher."""

from __future__ import annotations

import numpy as np
from llguidance import LLTokenizer
from numpy.typing import NDArray

from desktop_vlm.runtime.token_constraint import TokenConstraint
from desktop_vlm.structured.constraint import Constraint

_POOL = 1 << 20
_POOLS: dict[float, NDArray[np.float32]] = {}


def _pool(temperature: float) -> NDArray[np.float32]:
    """Random logits at a temperature, with the Gumbel noise whose maximum is a draw from their softmax.

    Made once: drawn again for 49,152 tokens at every step, they would take 20 times as long as the matcher.
    """
    if temperature not in _POOLS:
        random = np.random.default_rng(14)
        _POOLS[temperature] = (random.normal(size=_POOL) / temperature + random.gumbel(size=_POOL)).astype(np.float32)
    return _POOLS[temperature]


class RandomAnswers:
    """Draws answers over one vocabulary."""

    def __init__(
        self, vocabulary: LLTokenizer, likely: dict[bytes, float] | None = None, *, hurry: float = 0.0
    ) -> None:
        """Read the vocabulary.

        Args:
            vocabulary: its tokens.
            likely: texts of tokens that random logits are raised for, and by how much.
            hurry: how many times as much after 100 tokens, less 1; so that answers come to an end.
        """
        self.vocabulary = vocabulary
        self._hurry = hurry / 100
        self._constraint: Constraint | None = None
        self._state: TokenConstraint | None = None
        self._raised = np.zeros(vocabulary.vocab_size, dtype=np.float32)
        texts = [vocabulary.decode_bytes([token]) for token in range(vocabulary.vocab_size)] if likely else []
        for part, by in (likely or {}).items():
            self._raised[[token for token, text in enumerate(texts) if part in text]] = by
        self._raised[vocabulary.eos_tokens] = 9.0

    def draw(
        self, constraint: Constraint, seed: int, *, temperature: float = 1.5, max_tokens: int = 300
    ) -> tuple[str, bool]:
        """An answer, and whether it is finished."""
        random = np.random.default_rng(seed)
        state = self._start(constraint)
        answer: list[int] = []
        while len(answer) < max_tokens:
            raised = (1 + self._hurry * len(answer)) / temperature
            tokens = state.forced() or [self._choose(state, random, _pool(temperature), raised)]
            if tokens[-1] in self.vocabulary.eos_tokens:
                return self._text(answer), True
            answer += tokens
            if state.guard and state.guard.exceeds(self.vocabulary.decode_bytes(tokens)):
                break
            if state.is_complete:
                return self._text(answer), True
        return self._text(answer), False

    def _start(self, constraint: Constraint) -> TokenConstraint:
        """The beginning of an answer; what the matcher has learned of a grammar it learns once."""
        state = TokenConstraint(constraint, self.vocabulary) if constraint != self._constraint else self._state
        assert state is not None
        state._matcher.reset()
        state.guard = constraint.guard() if constraint.guard else None
        self._constraint, self._state = constraint, state
        return state

    def _choose(
        self, state: TokenConstraint, random: np.random.Generator, pool: NDArray[np.float32], raised: float
    ) -> int:
        start = int(random.integers(len(pool) - len(self._raised)))
        drawn = pool[start : start + len(self._raised)] + raised * self._raised
        token = int(drawn.argmax())
        if not state.allows(token):  # the best of all is the best of those that are allowed, where it is one of them
            allowed = state.allowed()
            assert len(allowed), "a state without a way on"
            token = int(allowed[drawn[allowed].argmax()])
        state.accept(token)
        return token

    def _text(self, tokens: list[int]) -> str:
        return self.vocabulary.decode_bytes(tokens).decode("utf-8", "replace")
