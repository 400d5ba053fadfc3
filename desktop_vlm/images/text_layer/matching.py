"""Finding a text in the text of an image: as it is written, or within what OCR engines and models mix up."""

from __future__ import annotations

import re
import unicodedata
from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from functools import cached_property
from threading import Lock

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.text_layer.boundaries import Lost, parts_at, spaces_lost
from desktop_vlm.images.text_layer.characters import plain
from desktop_vlm.images.text_layer.dates import Moment, dates, only_moments, times
from desktop_vlm.images.text_layer.folded import FoldedText, Match, Part, Place, box_of, exact_text, fold
from desktop_vlm.images.text_layer.likeness import like_text, likeness, visual_rows
from desktop_vlm.images.text_layer.numerals import MONEY, Numeral, numerals, only_money, only_numeral

__all__ = ["LayerIndex", "Match", "Place", "find_exact", "find_fuzzy", "forget_index", "index_of"]

_KEPT = 16
"""Layers whose index is kept: those of a conversation, each used again and again; a large one takes a megabyte."""

_TELEPHONE = re.compile(r"\+?[\d\s().\-/]*")
_LEFT_OUT = re.compile(r"\s*(?:\[?\.{3,}\]?|\[?\u2026\]?)\s*")


class LayerIndex:
    """A layer made ready to be searched many times; may be used by several threads."""

    def __init__(self, layer: TextLayer) -> None:
        self.layer = layer
        self.plain = tuple(plain(line.text) for line in layer.lines)

    @cached_property
    def exact(self) -> FoldedText:
        return exact_text(self.layer)

    @cached_property
    def like(self) -> tuple[FoldedText, ...]:
        """The lines in reading order, and, where that is another, as they stand beside each other."""
        reading, beside = list(range(len(self.layer.lines))), visual_rows(self.layer)
        orders = [reading] if reading == beside else [reading, beside]
        return tuple(like_text(self.layer, order) for order in orders)

    @cached_property
    def numerals(self) -> dict[str, list[tuple[int, Numeral]]]:
        """By each value that a number may have: its line, and itself."""
        found: dict[str, list[tuple[int, Numeral]]] = defaultdict(list)
        for line, text in enumerate(self.plain):
            for numeral in numerals(text):
                for value in numeral.values:
                    found[value].append((line, numeral))
        return found

    @cached_property
    def moments(self) -> list[tuple[int, Moment]]:
        return [(line, moment) for line, text in enumerate(self.plain) for moment in (*dates(text), *times(text))]

    @cached_property
    def digits(self) -> FoldedText:
        """Digits with what may stand between those of one long number, such as a telephone number, left out."""
        return FoldedText.of(_digit_parts(self.plain))

    def place(self, line: int, start: int, end: int) -> Place:
        return Place(line, start, end, box_of(self.layer.lines[line], start, end))


_indexes: OrderedDict[int, LayerIndex] = OrderedDict()
_lock = Lock()


def index_of(layer: TextLayer) -> LayerIndex:
    """The index of a layer; the same one as long as it is in use."""
    with _lock:
        found = _indexes.get(id(layer))  # by identity: comparing thousands of words would cost more than the search
        if found is None or found.layer is not layer:
            found = _indexes[id(layer)] = LayerIndex(layer)
        _indexes.move_to_end(id(layer))
        while len(_indexes) > _KEPT:
            _indexes.popitem(last=False)
        return found


def forget_index(layer: TextLayer) -> None:
    """Keep nothing of a layer that is let go."""
    with _lock:
        found = _indexes.get(id(layer))
        if found is not None and found.layer is layer:
            del _indexes[id(layer)]


def find_exact(layer: TextLayer, text: str, *, whole_words: bool = False) -> tuple[Match, ...]:
    """Every place where a text stands, in reading order; none overlaps another.

    Upper and lower case are the same, and so are all spaces and line breaks, of which one is as good as many.

    Args:
        layer: where to look.
        text: what to look for; nothing is found of one that is empty or white space.
        whole_words: find "art" in "state of the art" but not in "start".
    """
    index = index_of(layer)
    sought = fold(text)
    found = []
    start = index.exact.text.find(sought) if sought else -1
    while start >= 0:
        end = start + len(sought)
        if _is_whole(index.exact.text, start, end, whole_words=whole_words):
            found.append(index.exact.match(layer, start, end))
            start = index.exact.text.find(sought, end)
        else:
            start = index.exact.text.find(sought, start + 1)
    return tuple(found)


def find_fuzzy(layer: TextLayer, text: str) -> tuple[Match, ...]:
    """Every place where a text may stand that was misread a little, or is written in another form.

    Letters and digits that look alike are the same (0 and O, 1, l, I and |, 5 and S, 8 and B, rn and m, cl and d), and
    so are quotes, dashes, full-width forms, accents or none, spaces or none. No digit is ever taken for another. A
    number is found in any form (1,234.50 is 1.234,50), with a currency or without but not with another, a date or time
    of day in any of the usual forms, a telephone number with or without its marks. What a text leaves out with "..."
    may stand there. Only whole words are found, and whole numbers.
    """
    index = index_of(layer)
    parts = [part for part in _LEFT_OUT.split(text) if part.strip()]
    if len(parts) > 1:
        pieces = [find_fuzzy(layer, part)[:1] for part in parts]
        return (_joined(*(match for piece in pieces for match in piece)),) if all(pieces) else ()
    numeral = only_numeral(text)
    if numeral is not None:
        found = _find_numeral(index, numeral)
    elif moments := only_moments(text):
        found = _find_moments(index, moments) or _find_like(index, text)
    elif money := only_money(text):
        found = find_exact(layer, text, whole_words=True) or _find_money(index, money)
    else:
        found = _find_like(index, text)
    return found or _find_telephone(index, text)


def _find_numeral(index: LayerIndex, numeral: Numeral) -> tuple[Match, ...]:
    places = {
        index.place(line, *shown.whole): None
        for value in numeral.values
        for line, shown in index.numerals.get(value, ())
        if numeral.agrees_with(shown)
    }
    return tuple(Match((place,)) for place in sorted(places, key=lambda place: (place.line, place.start)))


def _find_money(index: LayerIndex, money: str) -> tuple[Match, ...]:
    spans = {
        (line, numeral.money_span): None
        for same in index.numerals.values()
        for line, numeral in same
        if numeral.money == money
    }
    return tuple(Match((index.place(line, *span),)) for line, span in sorted(spans))


def _find_moments(index: LayerIndex, moments: tuple[Moment, ...]) -> tuple[Match, ...]:
    """A date with its time is found where both stand, together or not."""
    found = [list(_places_of(index, moment)) for moment in moments]
    if not all(found):
        return ()
    if len(found) == 1:
        return tuple(Match((place,)) for place in found[0])
    return (Match(tuple(places[0] for places in found)),)


def _places_of(index: LayerIndex, moment: Moment) -> Iterator[Place]:
    for line, shown in index.moments:
        if shown.is_date == moment.is_date and any(
            _is_same(mine, theirs, index) for mine in moment.readings for theirs in shown.readings
        ):
            yield index.place(line, shown.start, shown.end)


def _is_same(mine: tuple[int, ...], theirs: tuple[int, ...], index: LayerIndex) -> bool:
    """Whether two readings agree; the year may stand elsewhere in the image."""
    if len(mine) == 2 or mine[0] == theirs[0] or not mine[0]:
        return mine[-2:] == theirs[-2:]
    return not theirs[0] and mine[1:] == theirs[1:] and str(mine[0]) in index.numerals


def _find_telephone(index: LayerIndex, text: str) -> tuple[Match, ...]:
    digits = "".join(filter(str.isdigit, plain(text)))
    if len(digits) < 7 or not _TELEPHONE.fullmatch(plain(text).strip()):
        return ()
    return tuple(_matches(index, index.digits, digits, Lost.NOWHERE))


def _digit_parts(lines: tuple[str, ...]) -> Iterator[Part]:
    for line, text in enumerate(lines):
        for run in re.finditer(r"\d[\d\s().\-/]*", text):
            for place in range(run.start(), run.end()):
                if text[place].isdigit():
                    yield text[place], line, place, place + 1
            yield "\n", line, run.end(), run.end()


def _find_like(index: LayerIndex, text: str) -> tuple[Match, ...]:
    sought = likeness(text)
    if not sought:
        return ()
    bare = plain(text)
    moneys = {numeral.money for numeral in numerals(bare)} - {""} if MONEY.search(bare) else set()
    lost = spaces_lost(bare, len(sought))
    for lines in index.like:
        found = tuple(
            match
            for match in _matches(index, lines, sought, lost)
            if _has_digits_of(index, match, bare) and not (moneys and _other_money(index, match, moneys))
        )
        if found:
            return found
    return _find_path(index, text) if "\\" in text else ()


def _find_path(index: LayerIndex, text: str) -> tuple[Match, ...]:
    """A path of Windows, whose backslashes OCR engines read as l or not at all."""
    steps = [re.escape(step) for step in map(likeness, text.split("\\")) if step]
    pattern = re.compile("l?".join(steps))
    found = pattern.finditer(index.like[0].text) if steps else ()
    return tuple(
        index.like[0].match(index.layer, one.start(), one.end())
        for one in found
        if _begins(index, index.like[0], one.start(), Lost.NOWHERE)
        and _ends(index, index.like[0], one.end(), Lost.NOWHERE)
    )


def _matches(index: LayerIndex, lines: FoldedText, sought: str, lost: Lost) -> Iterator[Match]:
    start = lines.text.find(sought)
    while start >= 0:
        end = start + len(sought)
        if _begins(index, lines, start, lost) and _ends(index, lines, end, lost):
            yield lines.match(index.layer, start, end)
            start = lines.text.find(sought, end)
        else:
            start = lines.text.find(sought, start + 1)


def _begins(index: LayerIndex, lines: FoldedText, start: int, lost: Lost) -> bool:
    """Whether a number or word begins here, or, where spaces may be lost, can begin."""
    line, place = lines.lines[start], lines.starts[start]
    if start and lines.lines[start - 1] == line and lines.starts[start - 1] == place:
        return False  # inside a character that is written as two
    return parts_at(index.plain[line], place, lost, -1)


def _ends(index: LayerIndex, lines: FoldedText, end: int, lost: Lost) -> bool:
    line, place = lines.lines[end - 1], lines.ends[end - 1]
    if end < len(lines.text) and lines.lines[end] == line and lines.starts[end] == lines.starts[end - 1]:
        return False
    return parts_at(index.plain[line], place, lost, 1)


def _has_digits_of(index: LayerIndex, match: Match, text: str) -> bool:
    """Whether a number of the text stands as one: "50" is not the word "so"."""
    if any(char.isalpha() for char in text):
        return True
    return any(map(str.isdigit, text)) <= any(
        char.isdigit() for place in match.places for char in index.plain[place.line][place.start : place.end]
    )


def _other_money(index: LayerIndex, match: Match, moneys: set[str]) -> bool:
    """Whether the numbers that were found stand beside another currency."""
    shown = {
        numeral.money
        for place in match.places
        for numeral in numerals(index.plain[place.line])
        if place.start <= numeral.start < place.end and numeral.money
    }
    return bool(shown) and not shown & moneys


def _joined(*matches: Match) -> Match:
    return Match(tuple(place for match in matches for place in match.places))


def _is_whole(text: str, start: int, end: int, *, whole_words: bool) -> bool:
    """Whether no accent is cut off, and no part of a word where words are to be whole."""
    after = text[end : end + 1]
    if after and unicodedata.combining(after):
        return False
    return not whole_words or not (_joins(text[start - 1 : start], text[start]) or _joins(text[end - 1], after))


def _joins(left: str, right: str) -> bool:
    return _in_word(left) and _in_word(right)


def _in_word(char: str) -> bool:
    return char.isalnum() or bool(char and unicodedata.combining(char))
