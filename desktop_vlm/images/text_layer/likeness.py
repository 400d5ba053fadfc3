"""A text in which everything that OCR engines and language models take for one another is the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.text_layer.characters import alike, plain
from desktop_vlm.images.text_layer.folded import FoldedText, Part
from desktop_vlm.images.text_layer.numerals import MONEY, NUMBER, numerals, shortest


@lru_cache(maxsize=4096)
def likeness(text: str) -> str:
    """What a text is compared by: without spaces, case, accents, most punctuation and the currency beside numbers."""
    return "".join(part for part, _, _, _ in like_parts(text))


def like_text(layer: TextLayer, order: Iterable[int]) -> FoldedText:
    """Some lines of a layer, one after the other, as `likeness` would have them."""
    return FoldedText.of(part for line in order for part in like_parts(layer.lines[line].text, line))


def like_parts(text: str, line: int = 0) -> Iterator[Part]:
    """The characters of `likeness`, each with its place."""
    shown = plain(text)
    instead = _numbers(shown) if any(map(str.isdigit, shown)) else {}
    found: list[list[object]] = []
    for place, char in enumerate(shown):
        written = instead.get(place)
        if written is None:
            written = _between(shown, place) if char in "-:.|" else char
        like = "".join(map(alike, written)) if written not in {".", "-", ":"} else written
        if like:
            found.append([like, line, place, place + 1])
        elif found and place in instead and char in "0O.,":  # ".00" belongs to the number before it
            found[-1][3] = place + 1
    return (tuple(part) for part in found)  # type: ignore[misc]


def visual_rows(layer: TextLayer) -> list[int]:
    """Numbers of the lines as they stand beside each other: from top to bottom, each row from left to right."""
    rows: list[list[int]] = []
    bottom = middle = 0.0
    for number in sorted(range(len(layer.lines)), key=lambda n: _middle(layer, n)):
        box = layer.lines[number].box
        if rows and box.top < middle and _middle(layer, number) < bottom:
            rows[-1].append(number)
        else:
            rows.append([number])
            bottom, middle = box.bottom, _middle(layer, number)
    return [number for row in rows for number in sorted(row, key=lambda n: layer.lines[n].box.left)]


def _middle(layer: TextLayer, number: int) -> float:
    box = layer.lines[number].box
    return (box.top + box.bottom) / 2


def _numbers(shown: str) -> dict[int, str]:
    """What to write in place of characters of numbers, and of currencies beside them."""
    instead: dict[int, str] = {}
    for match in NUMBER.finditer(shown):
        instead |= dict(enumerate(shortest(match[0]), match.start()))
    for numeral in numerals(shown) if MONEY.search(shown) else ():
        instead |= dict.fromkeys(range(*numeral.money_span), "")
    return instead


def _between(shown: str, place: int) -> str:
    """A mark that means something: between digits, a minus before one, a bar that is no line between words."""
    before, after = shown[place - 1 : place], shown[place + 1 : place + 2]
    if shown[place] == "|":
        return "|" if before.isalnum() or after.isalnum() else ""
    means = not before.isalnum() if shown[place] == "-" else before.isdigit()
    return shown[place] if means and after.isdigit() else ""
