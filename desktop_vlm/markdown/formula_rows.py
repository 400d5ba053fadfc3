"""Rows of formulas, laid out once where once is enough.

ziamath lays out each row twice, all that is in it included: first to find how high brackets and other signs that
stretch have to be, then as it is drawn. So each level of a formula doubles the time: eight roots in each other take
half a second, twelve take eight. Most rows have nothing that stretches, and need the first time not; the drawing is
the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any
from xml.etree.ElementTree import Element

_NAME = "_get_height_nostretch"


@cache
def lay_out_rows_once() -> None:
    """From now on, in this process; nothing where the library is another than this was written for."""
    from ziamath import operators
    from ziamath.nodes.mrow import Mrow
    from ziamath.nodes.nodetools import elementtext

    def stretches(sign: Element) -> bool:
        known = operators.get_params(elementtext(sign), sign.get("form", "infix"))
        return bool(sign.get("stretchy", known.get("stretchy", "false")) != "false")

    measure: Callable[..., tuple[float, float]] | None = getattr(Mrow, _NAME, None)
    if measure is None:
        return

    @wraps(measure)
    def measure_if_needed(row: Any, line: list[Element], **settings: Any) -> tuple[float, float]:
        if any(stretches(sign) for part in line for sign in part.iter("mo")):
            return measure(row, line, **settings)
        return 0.0, 0.0

    setattr(Mrow, _NAME, measure_if_needed)
