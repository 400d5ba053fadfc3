"""What a sentence quotes, and the numbers in it that claim to stand in an image."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desktop_vlm.images.text_layer.characters import plain
from desktop_vlm.images.text_layer.dates import dates, times
from desktop_vlm.images.text_layer.likeness import likeness
from desktop_vlm.images.text_layer.numerals import numerals, only_numeral


@dataclass(frozen=True)
class Found:
    """A claim in a text; `certain` as in `Claim`."""

    start: int
    end: int
    text: str
    certain: bool


_QUOTED = re.compile(
    r'(?<![\w"])"(?=\S)(?P<a>[^"]{1,400}?)(?<=\S)"(?!\w)'
    r"|\u201c(?P<b>[^\u201c\u201d]{1,400})\u201d"
    r"|\u201e(?P<c>[^\u201e\u201c\u201d\"]{1,400})[\u201c\u201d\"]"
    r"|\u00ab\s?(?P<d>[^\u00ab\u00bb]{1,400}?)\s?\u00bb|\u00bb(?P<e>[^\u00ab\u00bb]{1,400})\u00ab"
    r"|\u300c(?P<f>[^\u300c\u300d]{1,400})\u300d|\u300e(?P<g>[^\u300e\u300f]{1,400})\u300f"
    r"|\u2018(?P<h>[^\u2018\u2019]{1,400})\u2019(?!\w)"
    r"|(?<![\w'])'(?=\S)(?P<i>[^'\n]{1,200}?)(?<=\S)'(?!\w)"
)
_CODELIKE = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*(?![\w-])")
_TELEPHONE = re.compile(r"(?<![A-Za-z0-9.,-])\+?(?:\(\d+\)|\d+)(?:[ ().\-/]{1,2}\d+){1,6}(?![A-Za-z0-9]|[.,]\d)")
_COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})(?!\w)")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+|\bhttps?://[^\s<>\"]+|\bwww\.[^\s<>\"]+")
_END = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bz\.B)[.!?\u3002\uff01\uff1f](?=\s|\Z)|\n")

_NOT_THERE = re.compile(
    r"\b(?:no(?!\W{0,2}[:.#])|not|never|without|missing|lacks?|neither|nor|absent|kein\w*|nicht|ohne|pas|sans|sin"
    r"|senza|n\u00e3o)\b"
    r"|n['\u2019]t\b",
    re.IGNORECASE,
)
_TO_DO = re.compile(
    r"\b(?:rename\w*|chang\w+|replac\w+|instead of|rather than|typ(?:e|ing)|enter|writ\w+|search\w* for|means?|meaning"
    r"|translat\w+|stands for|should|could|would|might|try|set|add|append|insert|known as|so-called|bedeutet|hei\u00dft"
    r"|signifie|significa)\b(?!\W{0,2}:)(?:\W+\w+){0,4}\W*\Z",
    re.IGNORECASE,
)
_TO_SET = re.compile(
    r"\b(?:set|chang\w+|increas\w+|reduc\w+|adjust\w*|rais\w+|lower\w*)\b.{1,80}\bto\W*\Z"
    r"|\b(?:should|could|would|might)\b(?!\W{0,2}:)(?:\W+\w+){0,4}\W*\Z",
    re.IGNORECASE,
)
_TO_RUN = re.compile(
    r"\b(?:e\.g\.|for example|convert|fix|wrap|update|remove|delete|run|running"
    r"|use|using|execut\w+|install\w*|call\w*|with|via|command|option|flag|you can|you may|import|check"
    r"|open|create|edit|press|method|function|in order to|to)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:\b(?:about|around|approximately|approx\.?|roughly|nearly|almost|over|under|more than|less than|up to|at least"
    r"|at most|circa|ca\.?|c\.|some|etwa|rund|ungef\u00e4hr|environ|about|between|within|maximum of|minimum of)"
    r"|[~\u2248<>\u2264\u2265])\s*[^\w\s]?\s?\Z",
    re.IGNORECASE,
)
_COMPUTED = re.compile(
    r"\b(?:difference|calculat\w+|comput\w+|adds? up|adding|sums? (?:up )?to|combined"
    r"|together|increase[ds]?|decrease[ds]?|growth|twice|half|double|convert\w*|equals?|equivalent|rounded"
    r"|(?:percent\w*|%) of|differenz|durchschnitt\w*|zusammen)\b|\d\s*[+\u00d7*\u00f7=]\s*\W?\d",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[:=]\s*\W{0,3}\Z")
_VERSION = re.compile(r"(?<=\w )[A-Z][\w+#]*\s\Z")
_FAR = 160
"""Characters of a sentence that are looked at, before a claim and behind it."""

_PERCENT = re.compile(r"\s?%")
_YEAR = re.compile(r"(?:19|20)\d\d")


def prose_claims(text: str, code: Sequence[tuple[int, int]] = ()) -> list[Found]:
    """The claims of a passage, in its order; none lies within another."""
    shown = plain(text)
    taken: list[Found] = []
    covered = bytearray(len(text))
    for found in (*_code_spans(text, code), *_quotes(text), *_figures(shown)):
        if found.text and not any(covered[found.start : found.end]):
            covered[found.start : found.end] = b"\1" * (found.end - found.start)
            taken.append(found)
    return sorted(taken, key=lambda one: one.start)


def tells_much(number: str) -> bool:
    """Whether a number is not one that stands in any image: it has decimals, a currency, or three digits."""
    digits = sum(map(str.isdigit, number))
    numeral = only_numeral(number)
    return digits >= 3 or bool(
        numeral and (numeral.money or "." in number.strip(".") or "%" in number or "," in number)
    )


def _code_spans(text: str, code: Sequence[tuple[int, int]]) -> Iterator[Found]:
    for start, end in code:
        sentence = _sentence_before(text, start)
        certain = (
            len(likeness(text[start:end])) >= 3
            and not _NOT_THERE.search(sentence)
            and not _TO_DO.search(sentence)
            and not _TO_RUN.search(sentence)
        )
        yield Found(start, end, text[start:end], certain)


def _quotes(text: str) -> Iterator[Found]:
    for match in _QUOTED.finditer(text):
        name = match.lastgroup or "a"
        start, end = match.span(name)
        said = likeness(match[name])
        if not said:
            continue
        sentence = _sentence_before(text, match.start())
        denied = _NOT_THERE.search(sentence[-60:]) or _TO_DO.search(sentence)
        enough = len(said) >= 3 or not said.isascii()
        yield Found(start, end, match[name], enough and not denied)


def _figures(text: str) -> Iterator[Found]:
    """Addresses, dates, times, codes and numbers, those first that hold others."""
    for match in _ADDRESS.finditer(text):
        yield Found(*match.span(), match[0].rstrip(".,;"), False)
    for moment in (*dates(text), *times(text)):
        exact = not moment.is_date or all(reading[0] for reading in moment.readings)
        yield _figure(text, moment.start, moment.end, certain=exact)
    for match in _COLOUR.finditer(text):
        yield Found(*match.span(), match[0], False)
    for match in _CODELIKE.finditer(text):
        if only_numeral(match[0]) is None or match[0][0].isalpha():
            yield _figure(text, *match.span(), certain=len(match[0]) >= 5 and sum(map(str.isdigit, match[0])) >= 3)
    for match in _TELEPHONE.finditer(text):
        if sum(map(str.isdigit, match[0])) >= 7:
            yield _figure(text, *match.span(), certain=True)
    for numeral in sorted(numerals(text), key=lambda one: one.start - one.end):
        start, end = _with_signs(text, *numeral.whole)
        if found := _number(text, start, end):
            yield found


def _number(text: str, start: int, end: int) -> Found | None:
    """A number that tells something; a small one only where a label says what it is."""
    written = text[start:end]
    digits = sum(map(str.isdigit, written))
    labelled = bool(_LABEL.search(text[max(start - 8, 0) : start])) and digits >= 2
    if not tells_much(written) and not labelled:
        return None
    version = bool(re.fullmatch(r"\d{1,2}\.\d", written) and _VERSION.search(text[max(start - 40, 0) : start]))
    general = (bool(_YEAR.fullmatch(written)) and not labelled) or version
    return _figure(text, start, end, certain=not general and written not in {"100%", "100 %"})


def _figure(text: str, start: int, end: int, *, certain: bool) -> Found:
    if not certain:
        return Found(start, end, text[start:end], False)
    sentence = _sentence_before(text, start)
    ending = _END.search(text, end, end + _FAR)
    rest = text[end : ending.start() if ending else end + _FAR]
    around = sentence + text[start:end] + rest
    guessed = _ABOUT.search(sentence) or _TO_SET.search(sentence) or _COMPUTED.search(around)
    return Found(start, end, text[start:end], not guessed)


def _with_signs(text: str, start: int, end: int) -> tuple[int, int]:
    """The place of a number with its minus and percent."""
    if text[start - 1 : start] == "-" and not text[start - 2 : start - 1].isalnum():
        start -= 1
    percent = _PERCENT.match(text, end)
    return start, percent.end() if percent else end


def _sentence_before(text: str, place: int) -> str:
    """What stands before a place in its sentence."""
    begin = max(place - _FAR, 0)
    ends = [match.end() for match in _END.finditer(text, begin, place)]
    return text[(ends[-1] if ends else begin) : place]
