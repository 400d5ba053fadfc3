"""Choosing the next token: llama.cpp's own sampler chain, and grammars."""

from __future__ import annotations

import ctypes
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.runtime import llama

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
        grammar: GBNF that the answer must follow.
        json_schema: JSON schema (as JSON text) that the answer must follow; not with `grammar`.
    """

    temperature: float = 0.6
    top_k: int = 40
    top_p: float = 0.9
    min_p: float = 0.0
    repeat_penalty: float = 1.0
    repeat_last_n: int = 64
    seed: int | None = None
    grammar: str | None = None
    json_schema: str | None = None

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
        if self.grammar is not None and self.json_schema is not None:
            raise UserError("Give a grammar or a JSON schema, not both.")


class Sampler:
    """Draws tokens from logits under one set of options; has the memory that penalties and grammars need."""

    def __init__(self, options: SamplingOptions, vocab: Any, n_vocab: int) -> None:
        """Build the chain.

        Raises:
            UserError: the grammar or the schema cannot be used.
        """
        self._candidates = np.zeros(n_vocab, dtype=_TOKEN_DATA)
        self._ids = np.arange(n_vocab, dtype=np.int32)  # samplers sort the candidates in place
        self._takes_the_likeliest = options.temperature == 0 and options.repeat_penalty == 1.0
        self._grammar = _make_grammar(options, vocab)
        self._chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        for sampler in _samplers(options, n_vocab):
            llama.llama_sampler_chain_add(self._chain, sampler)

    def close(self) -> None:
        for sampler in (self._chain, self._grammar):
            if sampler:
                llama.llama_sampler_free(sampler)
        self._chain = self._grammar = None

    def sample(self, logits: NDArray[np.float32]) -> int:
        """The next token for `logits`, float32 (n_vocab,)."""
        token = self._draw(logits, constrained=False)
        if self._grammar and not self._allowed(token):
            # Testing one token is much cheaper than testing the whole vocabulary, and mostly it passes.
            token = self._draw(logits, constrained=True)
        if self._grammar:
            llama.llama_sampler_accept(self._grammar, token)
        llama.llama_sampler_accept(self._chain, token)
        return token

    def _draw(self, logits: NDArray[np.float32], *, constrained: bool) -> int:
        if self._takes_the_likeliest and not constrained:
            return int(logits.argmax())  # a tenth of the time that a list of all candidates takes
        candidates = self._candidates
        candidates["id"] = self._ids
        candidates["logit"] = logits
        candidates["p"] = 0
        array = _token_array(candidates)
        if constrained:
            llama.llama_sampler_apply(self._grammar, ctypes.byref(array))
        llama.llama_sampler_apply(self._chain, ctypes.byref(array))
        return int(array.data[array.selected].id)

    def _allowed(self, token: int) -> bool:
        one = np.array([(token, 1.0, 0.0)], dtype=_TOKEN_DATA)
        llama.llama_sampler_apply(self._grammar, ctypes.byref(_token_array(one)))
        return bool(np.isfinite(one["logit"][0]))


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


def _make_grammar(options: SamplingOptions, vocab: Any) -> Any:
    text = options.grammar
    if options.json_schema is not None:
        text = schema_grammar(options.json_schema)
    if text is None:
        return None
    grammar = llama.llama_sampler_init_grammar(vocab, text.encode(), b"root")
    if not grammar:
        raise UserError("The grammar is not valid GBNF with a rule named root; correct it.")
    return grammar


def schema_grammar(schema: str) -> str:
    """GBNF for a JSON schema given as JSON text.

    Raises:
        UserError: the text is not JSON, or the schema uses something that cannot be turned into a grammar.
    """
    try:
        parsed = json.loads(schema)
    except ValueError as error:
        raise UserError(f"The JSON schema is not valid JSON ({error}); correct it.") from None
    if not isinstance(parsed, dict):
        raise UserError('The JSON schema must be a JSON object such as {"type": "object"}.')
    try:
        return llama.json_schema_to_gbnf(schema)
    except Exception as error:
        raise UserError(
            f"The JSON schema cannot be used ({str(error) or type(error).__name__}); simplify it."
        ) from error
