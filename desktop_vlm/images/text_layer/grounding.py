"""Which claims of an answer stand in the images, and where."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.text_layer.claims import Claim, Group
from desktop_vlm.images.text_layer.dates import only_moments
from desktop_vlm.images.text_layer.likeness import likeness
from desktop_vlm.images.text_layer.matching import Match, find_fuzzy
from desktop_vlm.images.text_layer.numerals import only_numeral

_MOST_PLACES = 24
"""Of one claim in one image: "0.00" may stand in every row."""
_OUTER_SHARE = 0.6
_PIECES = re.compile(r"\s*[,\n|\t\u2022\u00b7]\s+|\n|\s+[-\u2013\u2014]\s+|:\s+")


class Standing(Enum):
    """What is known of a claim.

    STANDS: it stands in an image. ABSENT: it claims to, and no image shows it. UNCHECKED: it may be no claim about the
    images, or an image is not read yet.
    """

    STANDS = "stands"
    ABSENT = "absent"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class Spot:
    """Where a claim stands: number of the image, and the place in it."""

    image: int
    match: Match


@dataclass(frozen=True)
class Finding:
    """A claim, and what is known of it."""

    claim: Claim
    standing: Standing
    spots: tuple[Spot, ...] = ()


def check(claims: Sequence[Claim], layers: Sequence[TextLayer | None]) -> list[Finding]:
    """What is known of each claim, in their order; a claim with others within it may become several or none.

    Args:
        claims: of one answer.
        layers: the text of each image that the model saw; None where it is not read.
    """
    return _Check(claims, layers).run()


class _Check:
    def __init__(self, claims: Sequence[Claim], layers: Sequence[TextLayer | None]) -> None:
        self._claims = claims
        self._layers = [(number, layer) for number, layer in enumerate(layers) if layer is not None]
        self._all_read = len(self._layers) == len(layers)
        self._known: dict[str, tuple[Spot, ...]] = {}

    def run(self) -> list[Finding]:
        if not self._layers:
            return []
        copied = self._copied_groups()
        return [finding for claim in self._claims for finding in self._judge(claim, copied)]

    def _judge(self, claim: Claim, copied: set[str]) -> list[Finding]:
        spots = self._spots(claim.text)
        if spots:
            return [Finding(claim, Standing.STANDS, spots)]
        quoted = claim.group is not None and claim.group.key in copied
        inner = [finding for one in claim.inner for finding in self._judge(one, copied)]
        says_more = any(one.standing is Standing.ABSENT for one in inner)
        if inner and (says_more or not (quoted and claim.group and claim.group.outer)):
            return inner
        invented = claim.certain or quoted
        return [Finding(claim, Standing.ABSENT if invented and self._all_read else Standing.UNCHECKED)]

    def _copied_groups(self) -> set[str]:
        """Those of which so much stands in the images that all of it claims to."""
        groups: dict[Group, list[bool]] = defaultdict(list)
        outer: dict[str, list[bool]] = defaultdict(list)
        for claim in self._claims:
            if claim.group is not None:
                stands = bool(self._spots(claim.text))
                groups[claim.group].append(stands)
                outer[claim.group.outer].append(stands)
        return {
            group.key
            for group, stand in groups.items()
            if _enough(stand, group.share, group.least)
            or (group.outer and _enough(outer[group.outer], _OUTER_SHARE, 4) and _enough(stand, group.share / 2, 1))
        }

    def _spots(self, text: str) -> tuple[Spot, ...]:
        if text not in self._known:
            self._known[text] = self._find(text) or self._find_pieces(text)
        return self._known[text]

    def _find(self, text: str) -> tuple[Spot, ...]:
        return tuple(
            Spot(number, match) for number, layer in self._layers for match in find_fuzzy(layer, text)[:_MOST_PLACES]
        )

    def _find_pieces(self, text: str) -> tuple[Spot, ...]:
        """Where the lines of an address, or a label and its value, stand apart; all of them in one image."""
        if only_moments(text) or only_numeral(text):
            return ()
        pieces = [piece for piece in _PIECES.split(text) if likeness(piece)]
        if len(pieces) < 2 or any(len(likeness(piece)) < 2 for piece in pieces):
            return ()
        for number, layer in self._layers:
            matches = [find_fuzzy(layer, piece)[:1] for piece in pieces]
            if all(matches):
                return (Spot(number, Match(tuple(place for found in matches for place in found[0].places))),)
        return ()


def _enough(stand: Sequence[bool], share: float, least: int) -> bool:
    return sum(stand) >= max(least, share * len(stand))
