"""What an answer may go on with: what came after the same tokens before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NO_TOKEN = -1
"""Stands for what is no text, such as an image: nothing agrees with it or goes on across it."""

_SHORTEST = 2
"""Tokens that must agree before a place counts: a single one agrees everywhere."""
_LONGEST = 8
"""Agreement beyond this does not make a place better."""
_MOST_PLACES = 16
"""Places looked at, latest first."""


class Lookup:
    """Finds drafts in texts that an answer may repeat: its prompt, what it quotes, and itself.

    The places of all pairs of tokens are kept; among those of the answer's last pair, the one wins before which most
    tokens agree, and of equal ones the latest.
    """

    def __init__(self, texts: Iterable[Sequence[int]] = ()) -> None:
        """Begin with texts, the likeliest to be repeated last; the answer follows the last one."""
        self._tokens: list[int] = []
        self._places: dict[tuple[int, int], list[int]] = {}
        for text in texts:
            self._append((NO_TOKEN,))
            self._append(text)

    def add(self, tokens: Iterable[int]) -> None:
        """Go on with the answer."""
        self._append(tokens)

    def propose(self, most: int) -> tuple[list[int], int]:
        """What may come next: at most `most` tokens, and how many agree before them (0 where nothing is found)."""
        end = len(self._tokens)
        if most < 1 or end < _SHORTEST:
            return [], 0
        best, agreed = -1, _SHORTEST - 1
        for place in reversed(self._places.get((self._tokens[-2], self._tokens[-1]), ())[-_MOST_PLACES - 1 :]):
            if place == end or self._tokens[place] == NO_TOKEN:
                continue
            length = self._agreement(place, end)
            if length > agreed:
                best, agreed = place, length
                if length == _LONGEST:
                    break
        if best < 0:
            return [], 0
        found = self._tokens[best : best + most]
        return (found[: found.index(NO_TOKEN)] if NO_TOKEN in found else found), agreed

    def _agreement(self, place: int, end: int) -> int:
        """How many tokens before `place` are those before `end`; at most `_LONGEST`."""
        length = 0
        while length < min(_LONGEST, place) and self._tokens[place - 1 - length] == self._tokens[end - 1 - length] >= 0:
            length += 1
        return length

    def _append(self, tokens: Iterable[int]) -> None:
        for token in tokens:
            self._tokens.append(token)
            if len(self._tokens) > 1:
                pair = (self._tokens[-2], token)
                self._places.setdefault(pair, []).append(len(self._tokens))
