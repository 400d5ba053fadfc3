"""Formulas of the answers on the screen, laid out by a process of their own while a thread waits for it."""

from __future__ import annotations

import atexit
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache, partial

from desktop_vlm.markdown.beside import Beside
from desktop_vlm.markdown.formula import FormulaKey, is_laid_out, keep
from desktop_vlm.service.formula_client import ClosedError, FormulaClient

_waiting = Beside("formulas", computes=False)


@lru_cache(maxsize=1)
def _client() -> FormulaClient:
    made = FormulaClient()
    atexit.register(made.close)
    return made


def lay_out_beside(keys: Iterable[FormulaKey]) -> None:
    """Have formulas laid out, the latest first; `markdown.formula.is_laid_out` tells when one is."""
    _waiting.do((key, partial(_lay_out, key)) for key in keys)


def make_ready() -> None:
    """Start the process, so that the first formula need not wait for that."""
    lay_out_beside([("x", 14.0, False)])


def _lay_out(key: FormulaKey) -> None:
    latex, size_px, display = key
    if not is_laid_out(latex, size_px, display=display):
        with suppress(ClosedError):  # the program ends
            keep(key, _client().lay_out(latex, size_px, display=display))
