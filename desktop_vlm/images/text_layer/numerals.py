"""Numbers as people write them: 1,234.50 is 1.234,50 is 1234.5, with or without a currency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from desktop_vlm.images.text_layer.characters import LIKE_DIGITS, plain

_CORE = r"\d+(?:[.,']\d+)*"
_MISREAD = r"(?<![^\W_])(?<!\d[.,'])(?=[OolI|SB]{0,12}\d)[0-9OolI|SB]+(?:[.,'][0-9OolI|SB]+)*(?![^\W_]|[.,']\d)"
NUMBER = re.compile(rf"{_MISREAD}|{_CORE}")
"""In plain text: digits with their marks, or what an OCR engine makes of them."""

_MARKS = re.compile(r"[.,']")
_THREES = re.compile(r" \d{3}(?!\d)")
_SPACED = re.compile(
    r"(?<![\d.,'])\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?(?!\d)"
    r"|(?<=[$€£¥])\d{1,3} \d{1,3}[.,]\d\d(?!\d)"  # blanks that the OCR engine saw: nobody writes them there
    r"|(?<![\d.,])\d{1,3}[.,] \d\d(?![\d.,])"
)
_CODES = """USD EUR GBP JPY CNY RMB CHF SEK NOK DKK PLN CZK HUF CAD AUD NZD INR KRW BRL MXN RUB TRY ZAR SGD HKD
    ILS UAH""".split()  # noqa: SIM905 - fits the line
_SIGNS = {"$": "$", "€": "EUR", "£": "GBP", "¥": "¥", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₪": "ILS"}
_KINDS = {"USD": "$", "CAD": "$", "AUD": "$", "NZD": "$", "MXN": "$", "SGD": "$", "HKD": "$", "JPY": "¥", "CNY": "¥"}
_KINDS |= {"RMB": "¥", "R$": "BRL", "円": "¥", "元": "¥", "kr": "kr", "SEK": "kr", "NOK": "kr", "DKK": "kr"}
_KINDS |= {"zł": "PLN", "Kč": "CZK", "Ft": "HUF", "₴": "UAH"}
CURRENCY = rf"(?:R\$|(?:US|CA|AU|NZ|HK|S)?\$|[€£¥₹₩₽₺₪₴円元]|(?:{'|'.join(_CODES)}|kr|zł|Kč|Ft)(?![^\W\d_]))"
MONEY = re.compile(CURRENCY)
_BEFORE = re.compile(rf"(?P<sign>[-+(]\s?)?(?:(?<![^\W\d_])(?P<money>{CURRENCY})\s?)?(?P<inner>-\s?)?\Z")
_AFTER = re.compile(rf"\s?(?P<money>{CURRENCY})|(?P<scale>[kKMGTB])(?![^\W_])")


@dataclass(frozen=True)
class Numeral:
    """A number in a text.

    Attributes:
        start, end: its digits' place, without sign and currency.
        values: what it may be, each as the shortest decimal writing; "1.234" may be "1234" or "1.234".
        negative: a minus before it, or parentheses around.
        money: kind of currency beside it, "" for none; all dollars are one kind.
        scale: letter right behind, such as "k" or "M"; "" for none.
        money_span: where the currency is written.
    """

    start: int
    end: int
    values: frozenset[str]
    negative: bool = False
    money: str = ""
    scale: str = ""
    money_span: tuple[int, int] = (0, 0)

    @property
    def whole(self) -> tuple[int, int]:
        """Its place with its currency."""
        if self.money_span == (0, 0):
            return self.start, self.end
        return min(self.start, self.money_span[0]), max(self.end, self.money_span[1])

    def agrees_with(self, shown: Numeral) -> bool:
        """Whether this, from an answer, may be what the image shows."""
        return (
            bool(self.values & shown.values)
            and (not self.negative or shown.negative)
            and not (self.money and shown.money and self.money != shown.money)
            and not (self.scale and shown.scale and self.scale != shown.scale)
        )


def numerals(text: str) -> Iterator[Numeral]:
    """The numbers of a text; digits that spaces part in threes also as one number."""
    shown = plain(text)
    for match in NUMBER.finditer(shown):
        if found := _numeral(shown, match.start(), match.end()):
            yield found
    for match in _SPACED.finditer(shown):
        if found := _numeral(shown, match.start(), match.end()):
            yield found


def only_numeral(text: str) -> Numeral | None:
    """The number that a text is, with nothing beside it but sign, currency, percent and a short unit."""
    shown = plain(text).strip()
    spaced = _SPACED.search(shown)
    match = spaced or NUMBER.search(shown)
    if match is None or not _AROUND.fullmatch(shown[: match.start()] + "\0" + shown[match.end() :]):
        return None
    return _numeral(shown, match.start(), match.end())


_UNIT = r"[^\W\d_]{1,3}|percent|bytes?|hours?|mins?|minutes|seconds|days|pixels"
_AROUND = re.compile(rf"[-+(~]?\s?(?:{CURRENCY}\s?)?-?\0\s?(?:%|{CURRENCY}|°[CF]?|{_UNIT})?\s?\)?")


@lru_cache(maxsize=8192)
def values_of(core: str) -> frozenset[str]:
    """What digits with marks may mean; empty where they are no number, as in a date or an address."""
    spaced = core.replace(" ", "'") if _THREES.search(core) else core.replace(" ", "")
    core = spaced.translate(LIKE_DIGITS)
    marks = [char for char in core if not char.isdigit()]
    groups = _MARKS.split(core)
    if not marks:
        return frozenset({core})
    found = set()
    if _in_groups(groups) and len(set(marks)) == 1:
        found.add("".join(groups))
    decimal = marks[-1]
    if decimal != "'" and decimal not in marks[:-1] and len(set(marks[:-1])) <= 1:
        whole = groups[:-1]
        if len(whole) == 1 or _in_groups(whole):
            found.add(_shortest("".join(whole), groups[-1]))
    return frozenset(found)


def _in_groups(groups: list[str]) -> bool:
    """Whether marks part thousands; in India all but the last three digits come in pairs."""
    first, *rest = groups
    if not 1 <= len(first) <= 3 or first == "0" or not rest or len(rest[-1]) != 3:
        return False
    return all(len(group) == 3 for group in rest) or all(len(group) == 2 for group in rest[:-1])


def _shortest(whole: str, fraction: str) -> str:
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _numeral(text: str, start: int, end: int) -> Numeral | None:
    core = text[start:end]
    digits, marks = sum(map(str.isdigit, core)), sum(map(core.count, ".,' "))
    values = values_of(core) if 2 * digits + bool(marks) > len(core) - marks else frozenset()
    if not values:
        return None
    before, after = _BEFORE.search(text, max(start - 8, 0), start), _AFTER.match(text, end)
    sign = before and (before["sign"] or before["inner"] or "")
    signed = bool(sign) and before is not None and not text[: before.start()][-1:].isalnum()
    negative = (
        signed and (sign or "").strip() in {"-", "("} and ("(" not in (sign or "") or text[end:].lstrip()[:1] == ")")
    )
    beside = next((match for match in (before, after) if match and match["money"]), None)
    money, span = (beside["money"], beside.span("money")) if beside else ("", (0, 0))
    scale = (after and after["scale"]) or ""
    return Numeral(start, end, values, negative, money_kind(money), scale.lower(), span)


@lru_cache(maxsize=8192)
def shortest(core: str) -> tuple[str, ...]:
    """Digits with marks, character by character, as they stand in the shortest writing: "" for what is left out."""
    digits = core.translate(LIKE_DIGITS)
    values = values_of(core)
    whole = digits.replace(".", "").replace(",", "").replace("'", "")
    if whole in values:
        return tuple(char if char.isdigit() else "" for char in digits)
    if not values:
        return tuple("." if char in ".,'" else char for char in digits)
    mark = max(digits.rfind("."), digits.rfind(","))
    fraction = digits[mark + 1 :].rstrip("0")
    before = (char if char.isdigit() else "" for char in digits[:mark])
    return (*before, "." if fraction else "", *fraction, *[""] * (len(digits) - mark - 1 - len(fraction)))


def money_kind(written: str) -> str:
    """The kind of a currency by its sign or code: the same for "$", "US$" and "USD"."""
    if written.endswith("$") and written != "R$":
        return "$"
    return _KINDS.get(written, _SIGNS.get(written, written))


def only_money(text: str) -> str:
    """The kind of the currency that a text is, "" if it is none."""
    bare = text.strip()
    return money_kind(bare) if MONEY.fullmatch(bare) else ""
