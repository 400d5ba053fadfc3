"""Answers drawn at random from what a constraint allows, by the program's own matcher."""

from __future__ import annotations

import numpy as np
from llguidance import LLTokenizer

from desktop_vlm.runtime.token_constraint import TokenConstraint
from desktop_vlm.structured.constraint import Constraint


class RandomAnswers:
    """Draws answers over one vocabulary.

    Attributes:
        likely: texts of tokens that random logits are raised for, and by how much.
    """

    def __init__(self, vocabulary: LLTokenizer, likely: dict[bytes, float] | None = None) -> None:
        self.vocabulary = vocabulary
        self._end = vocabulary.eos_token
        self._raised = np.zeros(vocabulary.vocab_size, dtype=np.float32)
        for text, by in (likely or {}).items():
            for token in range(vocabulary.vocab_size):
                if text in vocabulary.decode_bytes([token]):
                    self._raised[token] = by
        self._raised[vocabulary.eos_tokens] = 9.0

    def draw(
        self, constraint: Constraint, seed: int, *, temperature: float = 1.5, max_tokens: int = 300
    ) -> tuple[str, bool]:
        """An answer, and whether it is finished."""
        random = np.random.default_rng(seed)
        state = TokenConstraint(constraint, self.vocabulary)
        answer: list[int] = []
        while len(answer) < max_tokens:
            tokens = state.forced() or [self._choose(state, random, temperature)]
            if tokens[-1] in self.vocabulary.eos_tokens:
                return self._text(answer), True
            answer += tokens
            if state.guard and state.guard.exceeds(self.vocabulary.decode_bytes(tokens)):
                break
            if state.is_complete:
                return self._text(answer), True
        return self._text(answer), False

    def _choose(self, state: TokenConstraint, random: np.random.Generator, temperature: float) -> int:
        allowed = state.allowed()
        assert len(allowed), "a state without a way on"
        logits = random.normal(scale=1.0, size=len(allowed)) + self._raised[allowed]
        token = int(allowed[(logits / temperature + random.gumbel(size=len(allowed))).argmax()])
        state.accept(token)
        return token

    def _text(self, tokens: list[int]) -> str:
        return self.vocabulary.decode_bytes(tokens).decode("utf-8", "replace")
