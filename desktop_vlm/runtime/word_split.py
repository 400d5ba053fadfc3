"""Cutting a text into words exactly as the `tekken` pattern does, where llama.cpp's own is not exact.

llama.cpp knows which characters are letters, but not their case or which are marks: it takes every letter outside
ASCII for upper and lower case at once, and cuts before every mark (src/unicode.cpp). The pattern of the tokenizer is

    [^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+
    |[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*
    |\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+

Python's `re` has no categories, so every character is first replaced by the letter of its class, and the pattern is
matched against those.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_WHITESPACE = frozenset(
    "\t\v\f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
)

# u upper case, l lower case, o letters without case, m marks, n numbers, r line ends, s whitespace, p all others;
# a space and a slash stand for themselves.
_CLASSES = {"Lu": "u", "Lt": "u", "Ll": "l", "Lm": "o", "Lo": "o", "Mn": "m", "Mc": "m", "Me": "m"}
_PATTERN = re.compile(
    r"[^ruoln]?[uom]*[lom]+"
    r"|[^ruoln]?[uom]+[lom]*"
    r"|n"
    r"| ?[^ sruoln]+[r/]*"
    r"|[ sr]*r+"
    r"|[ sr]+(?![^ sr])"
    r"|[ sr]+"
)


@lru_cache(maxsize=1 << 12)
def _class_of(character: str) -> str:
    if character in "\r\n":
        return "r"
    if character in " /":
        return character
    if character in _WHITESPACE:
        return "s"
    category = unicodedata.category(character)
    return _CLASSES.get(category, "n" if category.startswith("N") else "p")


def words(text: str) -> Iterator[str]:
    """The words of `text`, which together are all of it."""
    for found in _PATTERN.finditer("".join(map(_class_of, text))):
        yield text[found.start() : found.end()]


def is_cut_differently(text: str) -> bool:
    """Whether llama.cpp may cut `text`, or a single word, elsewhere: it has marks, or cased letters beyond ASCII."""
    return not text.isascii() and any(_class_of(character) in "ulm" for character in text if character > "\x7f")
