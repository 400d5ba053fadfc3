"""`contains` as alternatives of arrays in which the items that fit stand at certain places."""

from __future__ import annotations

import itertools
import math

from desktop_vlm.structured.judge import Schema
from desktop_vlm.structured.negation import negated
from desktop_vlm.structured.part import Part

_MOST_PLACES = 16
"""Items among which those that fit are; there may be more items behind them."""

_MOST_ALTERNATIVES = 150


def containing(part: Part, least: int, most: int | None) -> list[Schema]:
    """Lowered alternatives: arrays with `least` to `most` items that fit `contains` of the part, all among the first.

    Raises:
        UserError: there would be too many places, or the opposite of `contains` cannot be written down.
    """
    schema, place = part.schema, part.place.of_part(f"the items of {part.place.where}")
    if most is not None and most < least:
        return [{"type": ["object", "string", "number", "boolean", "null"]}]
    place.judge.is_narrowed = True
    fits = part.refer(schema["contains"], place)
    others: Schema = True if most is None else part.refer(negated(schema["contains"], place, "contains"), place)
    counts = [least] if most is None else range(least, most + 1)
    n_places = min(_MOST_PLACES, int(schema.get("maxItems", _MOST_PLACES)))
    while n_places and sum(math.comb(n_places, count) for count in counts) > _MOST_ALTERNATIVES:
        n_places -= 1
    if n_places < min(least + 1, int(schema.get("maxItems", least + 1))):
        raise part.place.refuse("contains", "asks for so many items that their places are too many; ask for fewer.")
    alternatives: list[Schema] = []
    for count in counts:
        for chosen in itertools.combinations(range(n_places), count):
            last = chosen[-1] + 1 if chosen else 0
            first = [fits if at in chosen else others for at in range(last)]
            alternatives.append(
                {"prefixItems": first, "items": others, "minItems": last} if first else {"items": others}
            )
    return alternatives
