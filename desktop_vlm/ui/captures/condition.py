"""What is worth telling of the answers about a watched region."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]  # how a pattern is built tells what it may cost
from typing import Any

from PySide6.QtCore import QCoreApplication

from desktop_vlm.api.errors import UserError

KINDS = ("changes", "contains", "matches", "field")
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    ">": lambda found, given: found > given,
    "<": lambda found, given: found < given,
}
"""Of numbers; besides, a field may change, or be ("=") or hold ("contains") a text."""
FIELD_TESTS = ("changes", "=", "contains", *COMPARISONS)

_OF_ONE_LETTER = {_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN}
_MOST_LINE = 120
"""Letters of a line that a pattern is tried on at once."""
_MOST_PARTS = 40
_MOST_STEPS = 2e4
"""Ways that a pattern may have through such a part: two * or + that could share out letters in many ways."""


@dataclass(frozen=True)
class Condition:
    """When to tell.

    Attributes:
        kind: one of `KINDS`: the answer changes, contains a text, matches a pattern, or a field of its JSON does.
        text: that is contained, the pattern, or what a field is compared with.
        field: the way to a field: names and numbers, parted by dots.
        test: one of `FIELD_TESTS`.
    """

    kind: str = "changes"
    text: str = ""
    field: str = ""
    test: str = "changes"

    def check(self) -> None:
        """Say what is missing or wrong, before anything is watched.

        Raises:
            UserError: with the sentence.
        """
        if self.kind in {"contains", "matches"} and not self.text.strip():
            raise UserError(_tr("Write the text that the answer is to contain."))
        if self.kind == "matches":
            _check_pattern(self.text)
        if self.kind == "field":
            if not self.field.strip():
                raise UserError(_tr("Name the field of the answer, such as total or items.0.price."))
            if self.test in COMPARISONS and _number(self.text) is None:
                raise UserError(_tr("Write a number that the field is compared with."))

    def is_met(self, answer: str, before: str | None) -> bool:
        """Whether an answer is worth telling; `before` is the one before it, None for the first.

        What holds on is reported once: an answer that contains a text is worth telling if the one before did not.
        """
        if self.kind == "changes":
            return before is not None and _plain(answer) != _plain(before)
        if self.kind == "field" and self.test == "changes":
            found, earlier = _field(answer, self.field), _field(before or "", self.field)
            return before is not None and found != earlier
        return self._holds(answer) and not (before is not None and self._holds(before))

    def _holds(self, answer: str) -> bool:
        if self.kind == "contains":
            return _plain(self.text) in _plain(answer)
        if self.kind == "matches":
            pattern = re.compile(self.text, re.IGNORECASE)
            return any(pattern.search(part) for part in _parts(answer))
        found = _field(answer, self.field)
        if found is None:
            return False
        if self.test in COMPARISONS:
            value, given = _number(found), _number(self.text)
            return value is not None and given is not None and COMPARISONS[self.test](value, given)
        text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
        if self.test == "contains":
            return _plain(self.text) in _plain(text)
        return _plain(text) == _plain(self.text)


def _plain(text: str) -> str:
    """How a text is compared: breaks and capitals are no difference."""
    return " ".join(text.casefold().split())


def _parts(answer: str) -> list[str]:
    """The lines of an answer, long ones in pieces that overlap by half."""
    parts: list[str] = []
    for line in answer.splitlines()[:_MOST_PARTS]:
        step = _MOST_LINE // 2
        parts += [line[at : at + _MOST_LINE] for at in range(0, max(1, len(line) - step), step)]
    return parts[:_MOST_PARTS]


def _field(answer: str, path: str) -> Any:
    """The value at the end of a way through JSON; None where there is none."""
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    for name in path.strip().split("."):
        if isinstance(found, dict):
            found = found.get(name)
        elif isinstance(found, list) and re.fullmatch(r"\d{1,6}", name) and int(name) < len(found):
            found = found[int(name)]
        else:
            return None
    return found


def _number(value: object) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(str(value).strip().replace(",", "."))
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") else None  # noqa: PLR0124 - not a number


def _check_pattern(pattern: str) -> None:
    """Refuse what is no pattern, and what may take forever on a text that nobody has seen yet.

    Raises:
        UserError: with the sentence.
    """
    try:
        re.compile(pattern)
        cost = _cost(_parser.parse(pattern), within_repeat=False, is_whole=True)
    except (re.error, RecursionError, OverflowError) as error:
        raise UserError(_tr("This is no regular expression: {0}.").format(error)) from None
    if cost > _MOST_STEPS:
        raise UserError(_tr("This pattern could take forever: use fewer * and +, and none inside another."))


def _cost(parts: Any, *, within_repeat: bool, is_whole: bool = False) -> float:
    """How many ways a pattern could go through a line, at most; `is_whole`: nothing comes after it."""
    cost = 1.0
    parts = list(parts)
    for at, (kind, value) in enumerate(parts):
        if kind in {_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT}:
            least, most, inside = value
            varies = most != least
            if varies and within_repeat:
                return float("inf")
            is_clear = at + 1 == len(parts) if is_whole else False
            is_clear = is_clear or (at + 1 < len(parts) and _ends_before(inside, parts[at + 1]))
            cost *= min(_MOST_LINE, int(most) + 1) if varies and not is_clear else 1
            cost *= _cost(inside, within_repeat=within_repeat or int(most) > 1)
        elif kind is _constants.BRANCH:
            if within_repeat:
                return float("inf")
            cost *= sum(_cost(one, within_repeat=within_repeat) for one in value[1])
        elif kind in {_constants.GROUPREF, _constants.GROUPREF_EXISTS}:
            return float("inf")
        else:
            for inside in _inside(value):
                cost *= _cost(inside, within_repeat=within_repeat)
    return cost


def _ends_before(repeated: Any, following: Any) -> bool:
    """Whether a repeat can end only at what follows it: a letter that it cannot hold itself."""
    kind, letter = following
    if kind is not _constants.LITERAL or len(repeated) != 1 or repeated[0][0] not in _OF_ONE_LETTER:
        return False
    one = _compiler.compile(repeated, re.IGNORECASE)
    return one.fullmatch(chr(letter)) is None


def _inside(value: Any) -> list[Any]:
    """The patterns that a part is made of."""
    if isinstance(value, _parser.SubPattern):
        return [value]
    return [one for one in value if isinstance(one, _parser.SubPattern)] if isinstance(value, (tuple, list)) else []


def _tr(text: str) -> str:
    return QCoreApplication.translate("Watches", text)
