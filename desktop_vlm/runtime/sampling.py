"""Choosing the next token: llama.cpp's own sampler chain, over what a constraint allows."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.api.errors import EngineError, UserError
from desktop_vlm.runtime import llama
from desktop_vlm.structured.constraint import Constraint, make_constraint

if TYPE_CHECKING:  # llguidance takes a moment to load, which only those pay who use it
    from desktop_vlm.runtime.token_constraint import TokenConstraint

_TOKEN_DATA = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
"""`llama_token_data`."""


@dataclass(frozen=True)
class SamplingOptions:
    """How to choose tokens; the names and meanings are llama.cpp's.

    Attributes:
        temperature: 0 takes the likeliest token always; all but the repeat penalty is then ignored.
        top_k: 0 switches it off, as 1.0 does for `top_p`, 0.0 for `min_p`, 1.0 for `repeat_penalty`.
        repeat_last_n: tokens that the penalty looks back over.
        seed: of the random choice; None draws one.
        json_schema: JSON schema (as JSON text) that the answer satisfies.
        regex: regular expression that the whole answer matches.
        choice: texts of which the answer is one.
        grammar: grammar that the answer follows, in llguidance's variant of Lark or in GBNF; "latex" for one of
            formulas. At most one of these four.
    """

    temperature: float = 0.6
    top_k: int = 40
    top_p: float = 0.9
    min_p: float = 0.0
    repeat_penalty: float = 1.0
    repeat_last_n: int = 64
    seed: int | None = None
    json_schema: str | None = None
    regex: str | None = None
    choice: Sequence[str] | None = None
    grammar: str | None = None

    def __post_init__(self) -> None:
        for name, value, least, most in (
            ("temperature", self.temperature, 0.0, 100.0),
            ("top_k", self.top_k, 0, 1 << 30),
            ("top_p", self.top_p, 0.0, 1.0),
            ("min_p", self.min_p, 0.0, 1.0),
            ("repeat_penalty", self.repeat_penalty, 0.01, 100.0),
            ("repeat_last_n", self.repeat_last_n, 0, 1 << 20),
            ("seed", self.seed if self.seed is not None else 0, 0, (1 << 32) - 1),
        ):
            if not least <= value <= most:
                raise UserError(f"The sampling setting {name} is {value}; it must be between {least} and {most}.")

    def constraint(self) -> Constraint | None:
        """What the answer is held to; None if to nothing.

        Raises:
            UserError: it cannot be followed.
        """
        return make_constraint(json_schema=self.json_schema, regex=self.regex, choice=self.choice, grammar=self.grammar)


class Sampler:
    """Draws tokens from logits under one set of options; has the memory that penalties and constraints need."""

    def __init__(self, options: SamplingOptions, n_vocab: int, constraint: TokenConstraint | None = None) -> None:
        self.constraint = constraint
        self._candidates = np.zeros(n_vocab, dtype=_TOKEN_DATA)
        self._ids = np.arange(n_vocab, dtype=np.int32)  # samplers sort the candidates in place
        self._takes_the_likeliest = options.temperature == 0 and options.repeat_penalty == 1.0
        self._chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        for sampler in _samplers(options, n_vocab):
            llama.llama_sampler_chain_add(self._chain, sampler)

    def close(self) -> None:
        if self._chain:
            llama.llama_sampler_free(self._chain)
        self._chain = None

    def sample(self, logits: NDArray[np.float32]) -> int:
        """The next token for `logits`, float32 (n_vocab,).

        Raises:
            EngineError: the constraint allows no token, or became too complex to follow.
        """
        token = self._choose(logits)
        if self.constraint:
            self.constraint.accept(token)
        llama.llama_sampler_accept(self._chain, token)
        return token

    def forced(self) -> list[int]:
        """The tokens that the constraint leaves no choice about, as if they had been sampled; often none."""
        tokens = self.constraint.forced() if self.constraint else []
        for token in tokens:
            llama.llama_sampler_accept(self._chain, token)
        return tokens

    def _choose(self, logits: NDArray[np.float32]) -> int:
        token = int(logits.argmax()) if self._takes_the_likeliest else self._draw(self._ids, logits)
        if self.constraint is None or self.constraint.allows(token):
            return token  # testing one token is much cheaper than testing the whole vocabulary, and mostly it passes
        ids = self.constraint.allowed()
        if not len(ids):
            raise EngineError("The schema or grammar allows no token of this model's vocabulary; use a simpler one.")
        return self._draw(ids, logits[ids])

    def _draw(self, ids: NDArray[np.int32], logits: NDArray[np.float32]) -> int:
        """One of the tokens `ids`, whose logits are given."""
        if self._takes_the_likeliest:
            return int(ids[logits.argmax()])
        candidates = self._candidates[: len(ids)]
        candidates["id"] = ids
        candidates["logit"] = logits
        candidates["p"] = 0
        array = _token_array(candidates)
        llama.llama_sampler_apply(self._chain, ctypes.byref(array))
        return int(array.data[array.selected].id)


def _token_array(candidates: NDArray[Any]) -> Any:
    data = candidates.ctypes.data_as(llama.llama_token_data_p)
    return llama.llama_token_data_array(data, len(candidates), -1, False)


def _samplers(options: SamplingOptions, n_vocab: int) -> list[Any]:
    """The chain in llama.cpp's own order: penalties, then what cuts the choice, then the choice."""
    samplers = []
    if options.repeat_penalty != 1.0:
        samplers.append(
            llama.llama_sampler_init_penalties(n_vocab, options.repeat_last_n, options.repeat_penalty, 0.0, 0.0)
        )
    if options.temperature == 0:
        return [*samplers, llama.llama_sampler_init_greedy()]
    if options.top_k > 0:
        samplers.append(llama.llama_sampler_init_top_k(options.top_k))
    if options.top_p < 1:
        samplers.append(llama.llama_sampler_init_top_p(options.top_p, 1))
    if options.min_p > 0:
        samplers.append(llama.llama_sampler_init_min_p(options.min_p, 1))
    samplers.append(llama.llama_sampler_init_temp(options.temperature))
    seed = llama.LLAMA_DEFAULT_SEED if options.seed is None else options.seed
    samplers.append(llama.llama_sampler_init_dist(seed))
    return samplers
