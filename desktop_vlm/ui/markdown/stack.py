"""Parts that stand one below the other, very many of them: where each is, without looking at all of them again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import add


class Stack:
    """Heights of parts and the gaps above them, px."""

    def __init__(self) -> None:
        self._gaps: list[int] = []
        self._heights: list[int] = []
        self._known_bottoms: list[int] | None = None

    def __len__(self) -> int:
        return len(self._heights)

    @property
    def total(self) -> int:
        """Height of all of them."""
        return self._bottoms[-1] if self._heights else 0

    def cut(self, keep: int) -> None:
        """Only the first `keep` stay."""
        del self._gaps[keep:], self._heights[keep:]
        self._known_bottoms = None

    def extend(self, gaps: Sequence[int], heights: Sequence[int]) -> None:
        """More of them below."""
        self._gaps += gaps
        self._heights += heights
        self._known_bottoms = None

    def set_height(self, number: int, height: int) -> None:
        """One turned out to be of another height."""
        if self._heights[number] != height:
            self._heights[number] = height
            self._known_bottoms = None

    def height(self, number: int) -> int:
        return self._heights[number]

    def top(self, number: int) -> int:
        return self._bottoms[number] - self._heights[number]

    def first_below(self, y: int) -> int:
        """The first part that ends below a height; their number where none does."""
        return bisect_right(self._bottoms, y)

    @property
    def _bottoms(self) -> list[int]:
        if self._known_bottoms is None:
            self._known_bottoms = list(accumulate(map(add, self._gaps, self._heights)))
        return self._known_bottoms
