"""In which order the rows of the cross-attention's queries and keys are stored, decided from the weights themselves.

Converters of llama models interleave the rows of q and k within each head, for the sake of rotary embeddings. Cross-
attention has none, but the rule of some converters goes by names and hits its q and k, too, though not the weights of
the norms that follow (one number for each place in a head, shared by all heads). Which converter wrote a file it does
not say. But a norm's weight and the rows it scales are trained together: gradient descent on a product w·(row) changes
w² and |row|² by equal amounts, so places with a large weight get large rows. In the right order the two profiles over
the places of a head agree, layer after layer; in the wrong order they do not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Order = Literal["interleaved", "plain"]

_CERTAIN = 5.0
"""Standard deviations from chance that the better order must have ..."""

_APART = 3.0
"""... and those that must lie between the two."""

_FEWEST_PLACES = 16
_MOST = 1.0 - 1e-9


@dataclass(frozen=True)
class Profile:
    """One projection of one layer.

    Attributes:
        norm: the norm's weights, float32 (head_dim,).
        rows: of the projection, as they are stored: their `head_profile`.
    """

    norm: Floats
    rows: Floats


@dataclass(frozen=True)
class Evidence:
    """How far from chance the agreement is in each order, in standard deviations."""

    interleaved: float
    plain: float

    @property
    def order(self) -> Order | None:
        """The order that the weights show; None where they do not tell."""
        better, worse = sorted((abs(self.interleaved), abs(self.plain)), reverse=True)
        if better < _CERTAIN or better - worse < _APART:
            return None
        return "interleaved" if better == abs(self.interleaved) else "plain"

    def __str__(self) -> str:
        return f"{self.interleaved:+.1f} standard deviations from chance interleaved, {self.plain:+.1f} plain"


def plain_order(head_dim: int) -> tuple[int, ...]:
    """Where each row of a head is among interleaved ones: (head_dim,)."""
    return tuple(int(i) for i in np.arange(head_dim).reshape(-1, 2).T.reshape(-1))


def weigh(profiles: Sequence[Profile]) -> Evidence:
    """Compare both orders over all projections."""
    if not profiles:
        return Evidence(0.0, 0.0)
    order = list(plain_order(len(profiles[0].norm)))
    return Evidence(
        interleaved=_agreement([(one.norm, one.rows[order]) for one in profiles]),
        plain=_agreement([(one.norm, one.rows) for one in profiles]),
    )


def _agreement(pairs: Sequence[tuple[Floats, Floats]]) -> float:
    """Stouffer's sum of Fisher's z of all correlations: by chance, a normal number of variance 1."""
    scores = [_fisher(np.abs(norm), rows) for norm, rows in pairs]
    return sum(scores) / math.sqrt(len(scores))


def _fisher(norm: Floats, rows: Floats) -> float:
    """Fisher's z of the rank correlation over its deviation: single large places do not decide."""
    first, second = _ranks(norm), _ranks(rows)
    spread = first.std() * second.std()
    if len(norm) < _FEWEST_PLACES or spread == 0:
        return 0.0
    correlation = float(((first - first.mean()) * (second - second.mean())).mean() / spread)
    return math.atanh(max(-_MOST, min(correlation, _MOST))) * math.sqrt(len(norm) - 3)


def _ranks(values: Floats) -> NDArray[np.float64]:
    """Ranks; equal values share the middle one of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: NDArray[np.float64] = np.cumsum(counts) - (counts - 1) / 2
    return ranks[inverse]


def head_profile(values: Floats, head_dim: int) -> Floats:
    """How large the rows at each place of a head are, relative to their head: float32 (head_dim,).

    Args:
        values: rows of whole heads, float32 (rows, any).
        head_dim: rows per head.
    """
    size = np.sqrt(np.square(values, dtype=np.float64).mean(axis=1)).reshape(-1, head_dim)
    logs = np.log(np.maximum(size, np.finfo(np.float32).tiny))
    profile: Floats = (logs - logs.mean(axis=1, keepdims=True)).mean(axis=0).astype(np.float32)
    return profile
