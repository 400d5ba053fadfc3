"""From a layer to what is private in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.text_layer.matching import find_exact, find_fuzzy
from desktop_vlm.images.text_layer.sensitive import network, payments, people, secrets
from desktop_vlm.images.text_layer.sensitive.kinds import KINDS, WORD, Finding, Passage, Span
from desktop_vlm.images.text_layer.sensitive.places import box_of, passages

__all__ = ["find", "find_words"]

_ORDER = (secrets, network, payments, people)  # imported for what they declare

_MOST_LINES = 120
"""Of one finding: a long private key has some fifty."""
_MOST_CHARS, _OVERLAP = 1500, 400


def find(layer: TextLayer, words: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Private text, in reading order; what codes hold comes last.

    Args:
        layer: of an image.
        words: what else counts, in any case, and misread a little; whole words, or several together.
    """
    found = _named(layer, words)
    for line, passage in enumerate(passages(layer)):
        for key, start, end in _in_passage(passage):
            found.append((key, [Span(line, start, end), *_rest(layer, key, line, end)]))
    kept = [_finding(layer, key, spans) for key, spans in _apart(found)]
    return (*kept, *_in_codes(layer, words))


def find_words(layer: TextLayer, words: Sequence[str]) -> tuple[Finding, ...]:
    """Only these words, also misread ones (`matching.find_fuzzy`)."""
    kept = [_finding(layer, key, spans) for key, spans in _apart(_named(layer, words))]
    codes = (code for code in layer.codes if _names_one(code.text, words))
    return (*kept, *(Finding(WORD.key, code.text, (), (code.box,)) for code in codes))


def _in_passage(passage: Passage) -> Iterator[tuple[str, int, int]]:
    """Lines of files that nobody vouches for may be as long as they like: they are taken in parts that overlap."""
    for first in range(0, max(1, len(passage.text) - _OVERLAP), _MOST_CHARS - _OVERLAP):
        part = passage
        if len(passage.text) > _MOST_CHARS:
            part = Passage(passage.text[first : first + _MOST_CHARS], "" if first else passage.before)
        for one in KINDS.values():
            for start, end in one.find(part):
                if start < end:
                    yield one.key, first + start, first + end


def _rest(layer: TextLayer, key: str, line: int, end: int) -> Iterator[Span]:
    """The lines below that belong to what ends with a line."""
    goes_on = KINDS[key].goes_on
    if goes_on is None or layer.lines[line].text[end:].strip():
        return
    for number in range(line + 1, min(line + _MOST_LINES, len(layer.lines))):
        above, here = layer.lines[number - 1], layer.lines[number]
        is_below = here.box.top >= above.box.top and here.box.left < above.box.right and above.box.left < here.box.right
        if not is_below or not goes_on(above.text, here.text):
            return
        yield Span(number, 0, len(here.text))


def _named(layer: TextLayer, words: Sequence[str]) -> list[tuple[str, list[Span]]]:
    return [
        (WORD.key, [Span(place.line, place.start, place.end) for place in match.places])
        for word in words
        for match in (*find_exact(layer, word, whole_words=True), *find_fuzzy(layer, word))
    ]


def _apart(found: list[tuple[str, list[Span]]]) -> list[tuple[str, list[Span]]]:
    """Of two that overlap the one with more characters counts, or else the first."""
    order = sorted(range(len(found)), key=lambda at: (-_length(found[at][1]), at))
    taken: dict[int, list[tuple[int, int]]] = {}
    kept = []
    for at in order:
        spans = found[at][1]
        if any(one.start < end and start < one.end for one in spans for start, end in taken.get(one.line, ())):
            continue
        for one in spans:
            taken.setdefault(one.line, []).append((one.start, one.end))
        kept.append(found[at])
    return sorted(kept, key=lambda one: (one[1][0].line, one[1][0].start))


def _length(spans: list[Span]) -> int:
    return sum(span.end - span.start for span in spans)


def _finding(layer: TextLayer, key: str, spans: list[Span]) -> Finding:
    text = "\n".join(layer.lines[one.line].text[one.start : one.end] for one in spans)
    boxes = tuple(box_of(layer.lines[one.line], one.start, one.end) for one in spans)
    return Finding(key, text, tuple(spans), boxes)


def _in_codes(layer: TextLayer, words: Sequence[str]) -> Iterator[Finding]:
    """Codes are hidden as a whole."""
    for code in layer.codes:
        found = next((key for line in code.text.splitlines() for key, _, _ in _in_passage(Passage(line))), None)
        if found is None and _names_one(code.text, words):
            found = WORD.key
        if found is not None:
            yield Finding(found, code.text, (), (code.box,))


def _names_one(text: str, words: Sequence[str]) -> bool:
    return any(word.strip() and word.casefold() in text.casefold() for word in words)
