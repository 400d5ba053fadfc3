"""Decoding an answer that is known: a sampler that writes one down, and one that takes its tokens again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.runtime.sampling import Sampler, SamplingOptions
from desktop_vlm.runtime.token_constraint import TokenConstraint


class Recorder(Sampler):
    """The program's own sampler, which writes down what it chose.

    Attributes:
        tokens: of the answer.
    """

    def __init__(self, options: SamplingOptions, n_vocab: int, constraint: TokenConstraint | None = None) -> None:
        super().__init__(options, n_vocab, constraint)
        self.tokens: list[int] = []

    def sample(self, logits: NDArray[np.float32]) -> int:
        token = super().sample(logits)
        self.tokens.append(token)
        return token

    def forced(self) -> list[int]:
        tokens = super().forced()
        self.tokens += tokens
        return tokens


class Teacher(Sampler):
    """Chooses as ever, then takes the next token of an answer that is known."""

    def __init__(
        self, options: SamplingOptions, n_vocab: int, tokens: Sequence[int], constraint: TokenConstraint | None = None
    ) -> None:
        super().__init__(options, n_vocab, constraint)
        self._left = iter(tokens)

    def forced(self) -> list[int]:
        return []

    def _choose(self, logits: NDArray[np.float32]) -> int:
        super()._choose(logits)
        return next(self._left)
