"""Exchanges as tokens, and sequences that hold one or several of them, with NumPy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Exchange:
    """A question with its answer as tokens; the first `n_prompt` are given."""

    ids: tuple[int, ...]
    n_prompt: int
    kind: str


Packed = list[Exchange]
"""Exchanges that share a sequence, in their order."""


def first_fit(exchanges: Sequence[Exchange], n_sequences: int, n_tokens: int) -> list[Packed]:
    """Exchanges, in order, each in the first of `n_sequences` with room for it; without room it is left out."""
    sequences: list[Packed] = [[] for _ in range(n_sequences)]
    room = [n_tokens] * n_sequences
    for exchange in exchanges:
        place = next((place for place, left in enumerate(room) if len(exchange.ids) <= left), None)
        if place is not None:
            sequences[place].append(exchange)
            room[place] -= len(exchange.ids)
    return sequences


def write(sequences: Sequence[Packed], n_tokens: int) -> tuple[Arrays, tuple[str, ...]]:
    """Sequences as a `Batch` has them, `tokens` and `positions` as [S, L]; an empty one has an exchange of no kind.

    Without packing that makes one exchange for every sequence.
    """
    tokens = np.zeros((len(sequences), n_tokens), dtype=np.int64)
    positions = np.tile(np.arange(n_tokens), (len(sequences), 1))  # [S, L]
    kinds: list[str] = []
    rows: list[int] = []
    targets: list[int] = []
    counts: list[int] = []
    for number, sequence in enumerate(sequences):
        start = 0
        for exchange in sequence:
            ids, n_prompt = exchange.ids, exchange.n_prompt
            tokens[number, start : start + len(ids)] = ids
            positions[number, start:] = np.arange(n_tokens - start)
            first_row = number * n_tokens + start
            rows += range(first_row + n_prompt - 1, first_row + len(ids) - 1)
            targets += ids[n_prompt:]
            counts.append(len(ids) - n_prompt)
            kinds.append(exchange.kind)
            start += len(ids)
        if not sequence:
            counts.append(0)
            kinds.append("")
    arrays: Arrays = {
        "tokens": tokens,
        "positions": positions,
        "answer_rows": np.array(rows, dtype=np.int64),
        "answer_targets": np.array(targets, dtype=np.int64),
        "answer_exchanges": np.repeat(np.arange(len(counts)), counts),
        "answer_counts": np.array(counts, dtype=np.int64),
    }
    return arrays, tuple(kinds)
