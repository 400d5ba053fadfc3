"""Watchers of an answer that grows: what goes on beyond what a reader could take is cut off there."""

from __future__ import annotations

import codecs
import re
from typing import Protocol


class Guard(Protocol):
    """Sees every byte of one answer."""

    def exceeds(self, new: bytes) -> bool:
        """Whether the answer, with these bytes added, has to be cut off."""


class JsonGuard:
    """JSON that `json.loads` and a validator can read: not nested without end, no numbers without end.

    Python's readers follow brackets on their own stack, and refuse numbers of more than 4,300 digits.
    """

    MAX_DEPTH = 64
    MAX_DIGITS = 1_000

    def __init__(self) -> None:
        self._depth = 0
        self._digits = 0
        self._in_string = False
        self._escaped = False

    def exceeds(self, new: bytes) -> bool:
        for byte in new:
            self._step(byte)
            if self._depth > self.MAX_DEPTH or self._digits > self.MAX_DIGITS:
                return True
        return False

    def _step(self, byte: int) -> None:
        if self._in_string:
            self._in_string = self._escaped or byte != 0x22
            self._escaped = byte == 0x5C and not self._escaped
            return
        self._digits = self._digits + 1 if 0x30 <= byte <= 0x39 else 0
        if byte == 0x22:
            self._in_string = True
        elif byte in b"[{":
            self._depth += 1
        elif byte in b"]}":
            self._depth -= 1


_WIDE = (
    "pm mp div star oplus ominus otimes odot leq le geq ge neq ne equiv simeq approx cong propto prec succ ll gg "
    "supset subset supseteq subseteq sim perp mid in ni notin parallel leftarrow rightarrow to gets "
    "leftrightarrow Leftarrow Rightarrow Leftrightarrow mapsto longrightarrow longleftarrow Longrightarrow "
    "hookrightarrow rightharpoonup rightleftharpoons implies iff sum prod coprod int iint iiint oint bigcap "
    "bigcup bigoplus bigotimes sin cos tan cot sec csc log ln lg exp lim max min sup inf det dim ker arg gcd Pr "
    "top therefore because quad xrightarrow xleftarrow pmod"
)
_WIDEST = "arcsin arccos arctan sinh cosh tanh coth limsup liminf qquad"
_WIDTHS_EM = dict.fromkeys(_WIDE.split(), 2) | dict.fromkeys(_WIDEST.split(), 3)


def width_em(symbol: str) -> int:
    """About the most room that a symbol or a command takes, in em."""
    return _WIDTHS_EM.get(symbol.removeprefix("\\"), 1) if len(symbol) > 2 else 1


class FormulaGuard:
    """Formulas that fit a screen: what has more symbols than any page repeats itself without end.

    A wide symbol counts as two or three: the renderer draws nothing that is wider than 400 em.
    """

    MAX_SYMBOLS = 380
    MAX_NESTED = 40
    MAX_LENGTH = 3_500

    _SYMBOL = re.compile(r"\\[a-zA-Z]+|\\.|[^\s{}^_&$\\]")

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")  # of a character only a part may be there
        self._formula = ""
        self._begin()

    def _begin(self) -> None:
        self._counted = 0  # characters, up to a symbol that can grow no more
        self._width = self._nested = 0  # of these

    def exceeds(self, new: bytes) -> bool:
        self._formula += self._decoder.decode(new)
        if "$$" in self._formula[2:]:  # a formula has ended, or two have: what follows is counted by itself
            self._formula = self._formula[self._formula.rindex("$$") :]
            self._begin()
        width, nested = self._width, self._nested
        for found in self._SYMBOL.finditer(self._formula, self._counted):
            width += width_em(found[0])
            nested += found[0].startswith((r"\left", r"\begin"))
            if found.end() < len(self._formula):
                self._counted, self._width, self._nested = found.end(), width, nested
        return len(self._formula) > self.MAX_LENGTH or nested > self.MAX_NESTED or width > self.MAX_SYMBOLS
