r"""Regular expressions of a schema (or of `--regex`) -> the dialect of llguidance, with the narrowest common meaning.

JSON Schema's patterns are ECMAScript's, the validator reads them with Python's `re`, and llguidance with Rust's
`regex-syntax`. An answer must satisfy all of them, so what the three read differently is narrowed (`\d` to ASCII
digits, `\D` to what is a digit in no alphabet), and what only some of them know is refused.
"""

from __future__ import annotations

import re
import warnings

_LONGEST = 2_000
_MOST_REPEATS = 10_000
"""Of one quantifier and those within it, multiplied."""

_NARROW = {
    "d": "0-9",
    "w": "0-9A-Za-z_",
    "s": r"\x{20}\t\n\x{0b}\f\r",
    "D": r"\P{Nd}",
    "W": r"[^\p{L}\p{M}\p{N}\p{Pc}\p{Alphabetic}]",
    "S": r"[^\s\x{1c}-\x{1f}\x{85}\x{feff}]",
}
"""What every dialect counts as one of the class."""

_WIDE = {
    "d": r"\p{Nd}",
    "w": r"\p{L}\p{M}\p{N}\p{Pc}\p{Alphabetic}",
    "s": r"\s\x{1c}-\x{1f}\x{85}\x{feff}",
    "D": "[^0-9]",
    "W": "[^0-9A-Za-z_]",
    "S": r"[^\x{20}\t\n\x{0b}\f\r]",
}
"""What any dialect counts as one of the class: for classes that are negated."""

_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_QUANTIFIER = re.compile(r"\{(\d+)(?:(,)(\d*))?\}|[*+?]")
_PROPERTY = re.compile(r"(\\\\)|\\[pP]\{\w+(?:=\w+)?\}")
_HEX = {"x": re.compile("[0-9A-Fa-f]{2}"), "u": re.compile("[0-9A-Fa-f]{4}")}
_GROUPS = {"(?=": "lookahead", "(?!": "lookahead", "(?<=": "lookbehind", "(?<!": "lookbehind"}


class PatternError(ValueError):
    """Why a pattern cannot be used, as the rest of a sentence about it."""


def portable(pattern: str, *, with_properties: bool = False) -> str:
    """The pattern for llguidance; it accepts nothing that Python or ECMAScript would not.

    Args:
        pattern: as it is written.
        with_properties: whether properties of Unicode may be used, which Python's `re` does not know: `\\p{L}`.

    Raises:
        PatternError: it is no regular expression, or uses what cannot be followed.
    """
    if len(pattern) > _LONGEST:
        raise PatternError(f"is longer than {_LONGEST:,} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(_PROPERTY.sub(lambda found: found[0] if found[1] else "a", pattern))
    except (re.error, FutureWarning, OverflowError, RecursionError) as error:
        raise PatternError(f"is not a regular expression ({error})") from None
    return _Translation(pattern, with_properties).run()


class _Translation:
    """One walk through a pattern that Python takes."""

    def __init__(self, pattern: str, with_properties: bool) -> None:
        self._pattern = pattern
        self._with_properties = with_properties
        self._at = 0
        self._out: list[str] = []
        self._repeats = [1]  # of the open groups: the largest product of quantifiers within
        self._last_repeats = 1  # of what was just read

    def run(self) -> str:
        while self._at < len(self._pattern):
            self._step(self._pattern[self._at])
        return "".join(self._out)

    def _step(self, char: str) -> None:
        quantifier = _QUANTIFIER.match(self._pattern, self._at)
        if quantifier:
            self._quantify(quantifier)
        elif char == "(":
            self._open()
        elif char == ")":
            self._at += 1
            self._last_repeats = self._repeats.pop()
            self._note_repeats()
            self._out.append(")")
        elif char == "[":
            self._class()
        elif char == "\\":
            self._at += 1
            self._atom(self._escape(negated=False, in_class=False))
        else:
            self._at += 1
            self._plain(char)

    def _atom(self, text: str) -> None:
        self._last_repeats = 1
        self._out.append(text)

    def _plain(self, char: str) -> None:
        if char == ".":
            self._atom(r"[^\n\r\x{2028}\x{2029}]")
        elif char in "^$|":
            self._out.append(char)
        elif char == "{" and self._pattern[self._at : self._at + 1] == ",":
            raise PatternError('uses "{,"; write the least number too')
        else:
            self._atom(_literal(ord(char)))

    def _open(self) -> None:
        head = self._pattern[self._at :]
        for start, name in _GROUPS.items():
            if head.startswith(start):
                raise PatternError(f"uses a {name}, which cannot be followed")
        named = re.match(r"\(\?P<\w+>", head)
        if head.startswith("(?") and not head.startswith("(?:") and not named:
            raise PatternError(f'uses "{head[:3]}", which cannot be followed')
        self._at += named.end() if named else 3 if head.startswith("(?:") else 1
        self._repeats.append(1)
        self._out.append("(?:")

    def _quantify(self, found: re.Match[str]) -> None:
        self._at = found.end()
        if self._pattern[self._at : self._at + 1] == "+":
            raise PatternError("uses a possessive quantifier, which cannot be followed")
        if self._pattern[self._at : self._at + 1] == "?":
            self._at += 1  # lazy: the same texts
        self._out.append(found[0])
        self._last_repeats *= max(int(found[3] or found[1] or 1), 1)
        if self._last_repeats > _MOST_REPEATS:
            raise PatternError(f"repeats something more than {_MOST_REPEATS:,} times")
        self._note_repeats()

    def _note_repeats(self) -> None:
        self._repeats[-1] = max(self._repeats[-1], self._last_repeats)

    def _escape(self, *, negated: bool, in_class: bool) -> str:
        """What stands for the escape at hand, of which the backslash has been read."""
        char = self._pattern[self._at]
        self._at += 1
        if char in _NARROW:
            text = (_WIDE if negated else _NARROW)[char]
            return text if in_class else f"[{text}]"
        if char in "pP" and (found := _PROPERTY.match(self._pattern, self._at - 2)):
            if not self._with_properties:
                raise PatternError(f'uses "{found[0]}", which the validator cannot read')
            self._at = found.end()
            return found[0]
        return _literal(self._escaped_code(char))

    def _escaped_code(self, char: str) -> int:
        if char in _CONTROLS:
            return _CONTROLS[char]
        digits = _HEX[char].match(self._pattern, self._at) if char in _HEX else None
        if digits:
            self._at = digits.end()
            return int(digits[0], 16)
        if char.isascii() and char.isalnum():
            raise PatternError(f'uses "\\{char}", which cannot be followed')
        return ord(char)

    def _class(self) -> None:
        self._at += 1
        negated = self._pattern.startswith("^", self._at)
        self._at += negated
        if self._pattern.startswith("]", self._at):
            raise PatternError('has a class that starts with "]"; write "\\]" in it')
        parts: list[str] = []
        while self._pattern[self._at] != "]":
            parts.append(self._class_part(negated))
        self._at += 1
        self._atom(f"[{'^' * negated}{''.join(parts)}]")

    def _class_part(self, negated: bool) -> str:
        first = self._class_member(negated)
        ends_here = self._pattern[self._at] != "-" or self._pattern[self._at + 1] == "]"
        if ends_here:
            return first
        self._at += 1
        return f"{first}-{self._class_member(negated)}"  # Python has seen that both are characters, in order

    def _class_member(self, negated: bool) -> str:
        char = self._pattern[self._at]
        self._at += 1
        return self._escape(negated=negated, in_class=True) if char == "\\" else _literal(ord(char))


def _literal(code: int) -> str:
    if code == 0 or 0xD800 <= code <= 0xDFFF:
        raise PatternError("names a character that no answer can hold (NUL or half of a surrogate pair)")
    char = chr(code)
    return char if char.isascii() and char.isalnum() else f"\\x{{{code:x}}}"
