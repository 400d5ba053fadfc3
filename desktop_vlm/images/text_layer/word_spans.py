"""Words in a text, as a double click and the keyboard mean them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

from desktop_vlm.images.text_layer.folded import is_dense

_SCRIPTS = ("KATAKANA", "HIRAGANA", "THAI", "LAO", "KHMER", "MYANMAR")
"""In the names of their characters; all others that are written without spaces count as Chinese."""


def word_span(text: str, at: int) -> tuple[int, int]:
    """The word around a caret, as the first of its characters and the first one after it.

    What is written together is one word ("a@b.org", "12.50"), without the punctuation around it. In scripts that are
    written without spaces, characters of the same script are.
    """
    if not text:
        return 0, 0
    at = min(at, len(text) - 1)
    if text[at].isspace() and at > 0 and not text[at - 1].isspace():
        at -= 1
    kind = _kind(text[at])
    start, end = _run(text, at, lambda char: _kind(char) == kind)
    if kind != "word":
        return start, end
    first, last = start, end
    while first < last and not text[first].isalnum():
        first += 1
    while last > first and not text[last - 1].isalnum():
        last -= 1
    return (first, last) if first <= at < last else (start, end)


def next_word(text: str, at: int) -> int:
    """The end of the word at or after a caret."""
    while at < len(text) and text[at].isspace():
        at += 1
    return _run(text, at, lambda char: _kind(char) == _kind(text[at]))[1] if at < len(text) else at


def previous_word(text: str, at: int) -> int:
    """The beginning of the word at or before a caret."""
    while at > 0 and text[at - 1].isspace():
        at -= 1
    return _run(text, at - 1, lambda char: _kind(char) == _kind(text[at - 1]))[0] if at > 0 else 0


def written_apart(text: str) -> Iterator[tuple[int, int]]:
    """What stands between spaces; of scripts that are written without them every character."""
    start = 0
    for at in range(len(text) + 1):
        is_end = at == len(text) or text[at].isspace()
        if is_end or is_dense(text[at]) or is_dense(text[at - 1]):
            if at > start:
                yield start, at
            start = at + (at < len(text) and text[at].isspace())


def _run(text: str, at: int, belongs: Callable[[str], bool]) -> tuple[int, int]:
    start = end = at
    while start > 0 and belongs(text[start - 1]):
        start -= 1
    while end < len(text) and belongs(text[end]):
        end += 1
    return start, end


def _kind(char: str) -> str:
    """What a character is together with: a gap, a word, or a script without spaces."""
    if char.isspace():
        return "gap"
    if not is_dense(char):
        return "word"
    if not char.isalnum() and char not in "\u30fc\u3005":  # long vowels and repeated characters belong to words
        return "mark"
    name = unicodedata.name(char, "")
    return next(
        (script for script in ("KATAKANA", "HIRAGANA", "THAI", "LAO", "KHMER", "MYANMAR") if script in name), "han"
    )
