"""One line around what was found in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop_vlm.history.folding import spans

HIT_BEGIN, HIT_END = "\x02", "\x03"
"""Around what was found in a snippet; never in it otherwise."""

SNIPPET_CHARS = 160

_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f]+")


def one_line(text: str) -> str:
    """Without line breaks and characters that cannot be seen, so without the marks of hits, too."""
    return _UNSEEN.sub(" ", text).strip()


def around(text: str, sought: Sequence[str]) -> str:
    """A snippet of plain text around the first of the words that it holds."""
    text = one_line(text)
    for word in sought:
        hit = re.search(re.escape(word), text, re.IGNORECASE)
        if place := hit.span() if hit else next(iter(spans(text, [word])), None):
            begin, end = max(0, place[0] - SNIPPET_CHARS // 4), place[1] + SNIPPET_CHARS // 2
            before = ("…" if begin else "") + text[begin : place[0]]
            after = text[place[1] : end] + ("…" if end < len(text) else "")
            return f"{before}{HIT_BEGIN}{text[slice(*place)]}{HIT_END}{after}"
    return text[:SNIPPET_CHARS]
