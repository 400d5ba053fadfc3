"""Bounds and steps of numbers, narrowed to what every program reads alike."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from desktop_vlm.structured.keywords import MAX_NUMBER, shown
from desktop_vlm.structured.place import Place

_SMALLEST_STEP = Decimal("1e-9")
_LARGEST_STEP = 10_000
_EXACT_WITHIN = 10**9
"""Multiples with a fraction are kept within this: beyond, the validator's division is not exact."""


def lowered_numbers(schema: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The number keywords of a schema for llguidance.

    Raises:
        UserError: a bound is out of reach, or a step cannot be obeyed.
    """
    lowered: dict[str, Any] = {}
    for keyword, sign in (("minimum", -1), ("exclusiveMinimum", -1), ("maximum", 1), ("exclusiveMaximum", 1)):
        if keyword in schema:
            _bound(lowered, keyword, schema[keyword], sign, place)
    if "multipleOf" in schema:
        _step(lowered, schema, place)
    return lowered


def _bound(lowered: dict[str, Any], keyword: str, value: float, sign: int, place: Place) -> None:
    if sign * value < -MAX_NUMBER:
        raise place.refuse(keyword, f"is {shown(value)}; bounds can be obeyed up to {MAX_NUMBER:,}.")
    inclusive = "minimum" if sign < 0 else "maximum"
    bound = value if keyword == inclusive else _inside(value, sign)
    narrowest = min(sign * bound, sign * lowered.get(inclusive, bound), MAX_NUMBER)
    lowered[inclusive] = sign * narrowest


def _inside(bound: float, sign: int) -> float:
    """The nearest number within an exclusive bound that nothing rounds to the bound from: 2.99999999999999999 is 3."""
    exact = Decimal(repr(bound))
    step = max(Decimal(1).scaleb(exact.adjusted() - 14), _SMALLEST_STEP) if exact else _SMALLEST_STEP
    return float(exact - sign * step)


def _step(lowered: dict[str, Any], schema: Mapping[str, Any], place: Place) -> None:
    step = schema["multipleOf"]
    if step > _LARGEST_STEP:
        raise place.refuse("multipleOf", f"is {shown(step)}; steps can be obeyed up to {_LARGEST_STEP:,}.")
    if step == int(step):
        lowered["multipleOf"] = int(step)
        if schema.get("type") == "integer":
            return
    elif Fraction(str(step)) != Fraction(step):
        raise place.refuse(
            "multipleOf",
            f"{shown(step)} has no exact binary fraction, so that the validator refuses some multiples of it; use "
            "whole numbers of a smaller unit.",
        )
    lowered["multipleOf"] = step
    for keyword, sign in (("minimum", -1), ("maximum", 1)):
        bound = lowered.get(keyword, sign * _EXACT_WITHIN)
        lowered[keyword] = sign * min(sign * bound, _EXACT_WITHIN)
