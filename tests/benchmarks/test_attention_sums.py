"""The table of ways to compute attention: all of them compute it, and one that does not is found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from benchmarks.attention_sums import BOUND, WAYS, Attention, chosen, fused, parts


@pytest.fixture
def attention() -> Iterator[Attention]:
    with closing(Attention("cpu", 1, n_states=130)) as made:
        yield made


@pytest.mark.parametrize("kind", ["random 1", "equal 10000", "signs 10000", "halves 10000"])
def test_every_way_computes_attention(attention: Attention, kind: str) -> None:
    found = [*attention.cross(kind, 3, WAYS), *attention.encoder(kind, {"fused": fused, "parts": parts})]
    assert len(found) == len(WAYS) + 2
    assert max(one.deviation for one in found) <= 1e-5


def test_one_that_is_wrong_is_beyond_the_bound(attention: Attention) -> None:
    ways = {
        "more": lambda graph, *given: graph.scale(chosen(graph, *given), 1 + 2 * BOUND),
        "none": lambda graph, *given: graph.scale(chosen(graph, *given), float("nan")),
    }
    assert [one.is_right for one in attention.cross("equal 1", 2, ways)] == [False, False]
