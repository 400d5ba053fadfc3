"""What an answer claims to be in an image: what it quotes, numbers, and the values of tables and JSON.

An answer comes as passages, as they are read on the screen: no Markdown is parsed here. A claim is certain where its
form says that it was taken from the image: in quotation marks, a number with decimals, a value of JSON. Others are
claims only if they stand in the image, or if most of their kind do: a cell of a column, an item of a list. What is none
of these (a plain word, the "2" of "2 items", a year in a sentence, a number that is "about" something) is no claim.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from desktop_vlm.images.text_layer.dates import only_moments
from desktop_vlm.images.text_layer.json_claims import json_values
from desktop_vlm.images.text_layer.likeness import likeness
from desktop_vlm.images.text_layer.numerals import only_numeral
from desktop_vlm.images.text_layer.prose_claims import Found, prose_claims, tells_much


class PassageKind(Enum):
    """What a passage of an answer is."""

    PROSE = "prose"
    ITEM = "item"
    QUOTE = "quote"
    HEAD = "head"
    CELL = "cell"
    CODE = "code"
    JSON = "json"


@dataclass(frozen=True)
class Passage:
    """A part of an answer as it is read: a paragraph, an item, a cell, a block of code.

    Attributes:
        kind: what it is; HEAD and CELL are of tables.
        text: without marks of Markdown.
        group: passages of one list, or of one column of one table, have the same; "" for none.
        code: where code stands in prose: first character, and the first one after.
        language: of a code block.
    """

    kind: PassageKind
    text: str
    group: str = ""
    code: tuple[tuple[int, int], ...] = ()
    language: str = ""


@dataclass(frozen=True)
class Group:
    """Claims of one kind: where enough of them stand in an image, those that do not were invented.

    Attributes:
        key: the same for all of them.
        share: of them that must stand, 0 to 1.
        least: how many must stand.
        outer: key of all groups of one table or JSON: most of that stands in for a part of this group; "" for none.
    """

    key: str
    share: float
    least: int
    outer: str = ""


@dataclass(frozen=True)
class Claim:
    """A part of an answer that may stand in an image.

    Attributes:
        passage: number of the passage.
        start, end: its characters in the passage.
        text: what is looked for.
        certain: it claims to stand in the image; "not found" is worth saying.
        group: of claims that are judged together.
        inner: claims within it, which count if it does not stand as a whole.
    """

    passage: int
    start: int
    end: int
    text: str
    certain: bool
    group: Group | None = None
    inner: tuple[Claim, ...] = ()


_QUOTING = frozenset({"", "text", "txt", "plaintext", "plain", "console", "log", "output", "csv", "tsv"})
"""Languages of code blocks that hold text as it was found, and no program."""

_OWN_NAMES = re.compile(
    r"(?:field|property|attribute|key|details?|aspect|feature|category|element|information|component|section|part|what"
    r"|question|feld|eigenschaft|merkmal|champ|campo|)(?: name)?",
    re.IGNORECASE,
)
"""Heads of columns in which a model names things in its own words."""

_FEWEST_LETTERS = 6
"""Of a line or item that is looked for although nothing says that it is quoted."""

_MOST_WORDS = 12
"""A cell or item of more is a sentence."""


def claims_of(passages: Sequence[Passage], asked: Sequence[str] = ()) -> list[Claim]:
    """The claims of an answer, in its order.

    Args:
        passages: the answer.
        asked: what the person wrote: what an answer repeats of it is no claim about the image.
    """
    known = "\n".join(likeness(text) for text in asked)
    counted = _counting_columns(passages)
    named = {one.group for one in passages if one.kind is PassageKind.HEAD and _OWN_NAMES.fullmatch(one.text.strip())}
    found: list[Claim] = []
    for number, passage in enumerate(passages):
        if passage.kind is PassageKind.CELL and passage.group in counted:
            continue
        if passage.kind is PassageKind.CELL and passage.group in named:
            found += _head(number, passage)
            continue
        found += [_less_certain(claim, known) for claim in _CLAIMS[passage.kind](number, passage)]
    return found


def _less_certain(claim: Claim, known: str) -> Claim:
    inner = tuple(_less_certain(one, known) for one in claim.inner)
    repeated = bool(known) and likeness(claim.text) in known
    return replace(claim, inner=inner, certain=False, group=None) if repeated else replace(claim, inner=inner)


def _counting_columns(passages: Sequence[Passage]) -> set[str]:
    """Columns that only number their rows."""
    columns: dict[str, list[str]] = defaultdict(list)
    for passage in passages:
        if passage.kind is PassageKind.CELL:
            columns[passage.group].append(passage.text.strip().rstrip("."))
    return {
        group
        for group, cells in columns.items()
        if len(cells) > 1 and any(cells == [str(n + first) for n in range(len(cells))] for first in (0, 1))
    }


def _prose(number: int, passage: Passage) -> Iterator[Claim]:
    """Lines and what is claimed in them."""
    inside = [_claim(number, found) for found in prose_claims(passage.text, passage.code)]
    starts = [claim.start for claim in inside]
    at = 0
    for line in passage.text.split("\n"):
        start, end = _trimmed(passage.text, at, at + len(line))
        near = inside[bisect_left(starts, start) : bisect_left(starts, end)]
        inner = [claim for claim in near if claim.end <= end]
        at += len(line) + 1
        if _may_be_quoted(passage.text[start:end]):
            yield Claim(number, start, end, passage.text[start:end], False, _line_group(passage), tuple(inner))
        else:
            yield from inner
    yield from (claim for claim in inside if "\n" in passage.text[claim.start : claim.end])


def _may_be_quoted(line: str) -> bool:
    words = line.split()
    return len(likeness(line)) >= _FEWEST_LETTERS and len(words) <= 40 and not (len(words) == 1 and line.islower())


def _line_group(passage: Passage) -> Group | None:
    """Of lists and lines most of which are copied from the image."""
    text = passage.text.rstrip()
    is_sentence = text.endswith((".", ":", "?", "!")) and len(text.split()) > 3
    if is_sentence or len(text.split()) > _MOST_WORDS or passage.code:
        return None
    return Group(f"{passage.kind.value} {passage.group}", 0.7, 3)


def _quote(number: int, passage: Passage) -> Iterator[Claim]:
    """A block quote quotes, unless it is a note."""
    at = 0
    for line in passage.text.split("\n"):
        start, end = _trimmed(passage.text, at, at + len(line))
        at += len(line) + 1
        text = passage.text[start:end]
        if text.lower().startswith(("note", "tip", "warning", "important", "hint", "caution")):
            yield from (
                _claim(number, found)
                for found in prose_claims(passage.text, passage.code)
                if start <= found.start and found.end <= end
            )
        elif len(likeness(text)) >= 3:
            yield Claim(number, start, end, text, True)


def _head(number: int, passage: Passage) -> Iterator[Claim]:
    """Models name columns in their own words."""
    start, end = _trimmed(passage.text, 0, len(passage.text))
    if len(likeness(passage.text)) >= 3:
        yield Claim(number, start, end, passage.text[start:end], False)


def _cell(number: int, passage: Passage) -> Iterator[Claim]:
    start, end = _trimmed(passage.text, 0, len(passage.text))
    text = passage.text[start:end]
    inside = tuple(_claim(number, found) for found in prose_claims(passage.text, passage.code))
    group = Group(f"column {passage.group}", 0.5, 2, f"table {passage.group.rpartition('.')[0]}")
    if not likeness(text):
        return
    if len(text.split()) > _MOST_WORDS or passage.code or any(mark in text for mark in '\u201c\u201d"'):
        yield Claim(number, start, end, text, False, None, inside)
    elif only_moments(text) or (only_numeral(text) and tells_much(text)):
        yield Claim(number, start, end, text, True, group)
    else:
        yield Claim(number, start, end, text, False, group, inside)


def _code(number: int, passage: Passage) -> Iterator[Claim]:
    """Lines of text that was copied; of programs only those that stand in the image."""
    at = 0
    quotes = passage.language.lower() in _QUOTING
    for line in passage.text.split("\n"):
        start, end = _trimmed(passage.text, at, at + len(line))
        at += len(line) + 1
        if len(likeness(passage.text[start:end])) >= 4:
            group = Group(f"code {number}", 0.5, 2) if quotes else None
            yield Claim(number, start, end, passage.text[start:end], False, group)


def _json(number: int, passage: Passage) -> Iterator[Claim]:
    for value in json_values(passage.text):
        group = Group(f"json {number} {value.path}", 0.5, 2, f"json {number}") if value.path else None
        yield Claim(number, value.start, value.end, value.text, value.certain, group)


def _claim(number: int, found: Found) -> Claim:
    return Claim(number, found.start, found.end, found.text, found.certain)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without white space and what marks code at the ends."""
    part = text[start:end]
    lead = len(part) - len(part.lstrip(" \t\u2063"))
    return start + min(lead, len(part)), start + len(part.rstrip(" \t\u2063"))


_CLAIMS = {
    PassageKind.PROSE: _prose,
    PassageKind.ITEM: _prose,
    PassageKind.QUOTE: _quote,
    PassageKind.HEAD: _head,
    PassageKind.CELL: _cell,
    PassageKind.CODE: _code,
    PassageKind.JSON: _json,
}
