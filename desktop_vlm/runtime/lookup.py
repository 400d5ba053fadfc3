"""What an answer may go on with: what came after the same tokens before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NO_TOKEN = -1
"""Stands for what is no text, such as an image: nothing agrees with it or goes on across it."""

_LONGEST = 8
"""Tokens that agree; more do not make a place better."""
_MOST_PLACES = 16
"""Places looked at, latest first."""
_RARE = 3
"""A single token that agrees counts only where it stands so seldom."""


class Lookup:
    """Finds drafts in texts that an answer may repeat: what it quotes, its prompt, and itself.

    Of the places after the answer's last token, the one wins before which most tokens agree, and of equal ones the
    latest.
    """

    def __init__(self, texts: Iterable[Sequence[int]] = ()) -> None:
        """Begin with texts, the likeliest to be repeated last; the answer follows the last one."""
        self._tokens: list[int] = []
        self._places: dict[int, list[int]] = {}
        self._pairs: dict[tuple[int, int], list[int]] = {}
        for text in texts:
            self._append((NO_TOKEN,))
            self._append(text)

    def add(self, tokens: Iterable[int]) -> None:
        """Go on with the answer."""
        self._append(tokens)

    def propose(self, most: int) -> tuple[list[int], int]:
        """What may come next: at most `most` tokens, and how many agree before them (0 where nothing is found)."""
        if most < 1 or not self._tokens:
            return [], 0
        best, agreed = -1, 0
        for place in reversed(self._candidates()):
            if self._tokens[place] == NO_TOKEN:
                continue
            length = self._agreement(place)
            if length > agreed:
                best, agreed = place, length
                if length == _LONGEST:
                    break
        if best < 0:
            return [], 0
        found = self._tokens[best : best + most]
        return (found[: found.index(NO_TOKEN)] if NO_TOKEN in found else found), agreed

    def _candidates(self) -> list[int]:
        """The latest places after the last two tokens, or after the last one where that is rare; not the end."""
        end = len(self._tokens)
        before = self._tokens[-2] if end > 1 else NO_TOKEN
        pairs = self._others(self._pairs.get((before, self._tokens[-1]), []), end)
        if pairs:
            return pairs
        singles = self._others(self._places.get(self._tokens[-1], []), end)
        return singles if len(singles) <= _RARE else []

    @staticmethod
    def _others(places: Sequence[int], end: int) -> list[int]:
        return [place for place in places[-_MOST_PLACES - 1 :] if place != end]

    def _agreement(self, place: int) -> int:
        """How many tokens before `place` are those at the end; at most `_LONGEST`."""
        end, length = len(self._tokens), 0
        while length < min(_LONGEST, place) and self._tokens[place - 1 - length] == self._tokens[end - 1 - length] >= 0:
            length += 1
        return length

    def _append(self, tokens: Iterable[int]) -> None:
        for token in tokens:
            before = self._tokens[-1] if self._tokens else NO_TOKEN
            self._tokens.append(token)
            if token != NO_TOKEN:
                self._places.setdefault(token, []).append(len(self._tokens))
                if before != NO_TOKEN:
                    self._pairs.setdefault((before, token), []).append(len(self._tokens))
