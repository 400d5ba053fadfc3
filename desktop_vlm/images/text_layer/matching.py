"""Finding a text in the text of an image."""

from __future__ import annotations

import unicodedata
from collections import OrderedDict
from functools import cached_property
from threading import Lock

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.text_layer.folded import FoldedText, Match, Place, exact_text, fold

__all__ = ["LayerIndex", "Match", "Place", "find_exact", "index_of"]

_KEPT = 64
"""Layers whose index is kept: a thread's images, each used again and again."""


class LayerIndex:
    """A layer made ready to be searched many times; may be used by several threads."""

    def __init__(self, layer: TextLayer) -> None:
        self.layer = layer

    @cached_property
    def exact(self) -> FoldedText:
        return exact_text(self.layer)


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
