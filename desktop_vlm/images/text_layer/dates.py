"""Dates and times of day in the forms in which people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from desktop_vlm.images.text_layer.characters import plain

_NAMES = (
    "jan january januar janvier enero ene gennaio gen janeiro januari",
    "feb february februar février fevrier fev févr febrero febbraio fevereiro februari",
    "mar march märz maerz mrz mars marzo março marco maart mrt",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei",
    "jun june juni juin junio giugno giu junho",
    "jul july juli juillet juil julio luglio lug julho",
    "aug august août aout agosto ago augustus",
    "sep sept september septembre septiembre settembre set setembro",
    "oct october okt oktober octobre octubre ottobre ott outubro out",
    "nov november novembre noviembre novembro",
    "dec december dez dezember décembre decembre diciembre dic dicembre dezembro",
)
_MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d|'\d\d)(?!\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º|\.)?(?!\d)"
_TIME = re.compile(
    r"(?<![\d.,:])(?P<hour>[0-2]?\d)[:h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d%]|[.,:]\d)"
    r"(?: ?(?P<half>[ap])\.?m\b\.?)?",
    re.IGNORECASE,
)
_LONGEST = 60
_ISO = re.compile(r"(?P<date>\d{4}-\d\d-\d\d)[T ](?P<time>\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?")


@dataclass(frozen=True)
class Moment:
    """A date or a time of day in a text.

    Attributes:
        start, end: its place.
        readings: what it may be: (year, month, day) with year 0 where none is written, or (hour, minute).
        is_date: or else a time.
    """

    start: int
    end: int
    readings: frozenset[tuple[int, ...]]
    is_date: bool


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    """With all names of months in them they take long to compile, and the window starts without them."""
    return tuple(
        re.compile(form, re.IGNORECASE)
        for form in (
            r"(?<!\d)(?P<year>(?:19|20)\d\d)[-/.](?P<n1>[01]?\d)[-/.](?P<day>[0-3]?\d)(?!\d)",
            r"(?<!\d)(?P<year>(?:19|20)\d\d) ?[年년] ?(?P<n1>[01]?\d) ?[月월] ?(?P<day>[0-3]?\d) ?[日일]",
            r"(?<!\d)(?<!\d[-/.])(?P<a>[0-3]?\d)(?P<mark>[-/.])(?P<b>[0-3]?\d)(?P=mark)(?P<year>(?:19|20)?\d\d)(?!\d|[-/.]\d)",
            rf"(?<!\d){_DAY}[ -]?(?:of |de |di )?{_MONTH},?(?:[ -]?(?:de |del )?{_YEAR})?",
            rf"\b{_MONTH}[ -]?{_DAY}(?:,? ?{_YEAR})?",
        )
    )


def dates(text: str) -> Iterator[Moment]:
    """The dates of a text; 03/04/2025 is read both ways."""
    shown = plain(text)
    taken: list[tuple[int, int]] = []
    for form in _forms():
        for match in form.finditer(shown):
            free = all(match.end() <= start or match.start() >= end for start, end in taken)
            readings = _readings(match) if free else frozenset()
            if readings:
                taken.append(match.span())
                yield Moment(*match.span(), readings, is_date=True)


def times(text: str) -> Iterator[Moment]:
    """The times of day of a text, by 24 hours; without "am" or "pm" they are what they say."""
    for match in _TIME.finditer(plain(text)):
        hour, half = int(match["hour"]), (match["half"] or "").lower()
        if (half and not 1 <= hour <= 12) or hour > 23:
            continue
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        yield Moment(*match.span(), frozenset({(hour, int(match["minute"]))}), is_date=False)


def only_moments(text: str) -> tuple[Moment, ...]:
    """The date, the time, or both, that a text is, with nothing beside them; empty if it is none."""
    shown = plain(text).strip()
    if len(shown) > _LONGEST or not any(map(str.isdigit, shown)):
        return ()
    iso = _ISO.fullmatch(shown)
    if iso:
        shown = f"{iso['date']} {iso['time']}"
    found = (*dates(shown), *times(shown))
    rest = shown
    for moment in found:
        rest = rest[: moment.start] + "\0" * (moment.end - moment.start) + rest[moment.end :]
    return found if found and not re.sub(r"\0|[\s,]|\bat\b|\bum\b|\bà\b|Uhr", "", rest) else ()


def _readings(match: re.Match[str]) -> frozenset[tuple[int, ...]]:
    parts = match.groupdict()
    year = _year(parts["year"])
    if "a" in parts:
        first, second = int(parts["a"]), int(parts["b"])
        return frozenset((year, m, d) for m, d in ((first, second), (second, first)) if _is_day(m, d))
    month = int(parts["n1"]) if "n1" in parts else _MONTHS[parts["month"].lower()]
    day = int(parts["day"])
    return frozenset({(year, month, day)}) if _is_day(month, day) else frozenset()


def _year(written: str | None) -> int:
    if written is None:
        return 0
    digits = written.lstrip("'")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _is_day(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31
