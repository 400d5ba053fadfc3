"""Where the words of a search stand in a picture."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_vlm.api.text_layer import Box, TextLayer
from desktop_vlm.history.folding import UNSPACED, spans
from desktop_vlm.images.text_layer.folded import box_of


@dataclass(frozen=True)
class _Piece:
    """A line, without the hyphen that its last word is divided by."""

    line: int
    text: str
    joins: bool
    """The next line goes on without a space."""


def found_places(layer: TextLayer, words: Sequence[str]) -> tuple[Box, ...]:
    """Places of all the words, px of the picture, as the history's search finds them; of codes that hold one, too."""
    boxes: list[Box] = []
    run: list[_Piece] = []
    for piece in _pieces(layer):
        run.append(piece)
        if not piece.joins:
            boxes += _boxes(layer, run, words)
            run = []
    return (*boxes, *(code.box for code in layer.codes if spans(code.text, words)))


def _pieces(layer: TextLayer) -> list[_Piece]:
    """Lines in reading order; the last joins nothing."""
    pieces = []
    following = [line.text for line in layer.lines[1:]]
    for number, (line, after) in enumerate(itertools.zip_longest(layer.lines, following, fillvalue="")):
        assert not isinstance(line, str)
        text = line.text
        if len(text.strip()) > 1 and text.rstrip().endswith("-") and after[:1].islower():
            pieces.append(_Piece(number, text.rstrip()[:-1], True))
        else:
            dense = bool(after and text and UNSPACED.match(text[-1]) and UNSPACED.match(after))
            pieces.append(_Piece(number, text, dense))
    return pieces


def _boxes(layer: TextLayer, run: Sequence[_Piece], words: Sequence[str]) -> list[Box]:
    """Of a run of lines that are read as one."""
    starts = [0, *itertools.accumulate(len(piece.text) for piece in run)]
    found = []
    for begin, end in spans("".join(piece.text for piece in run), words):
        for piece, start in zip(run, starts, strict=False):
            first, last = max(begin - start, 0), min(end - start, len(piece.text))
            if first < last:
                found.append(box_of(layer.lines[piece.line], first, last))
    return found
