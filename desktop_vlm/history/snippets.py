"""One line around what was found in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop_vlm.history.folding import spans

HIT_BEGIN, HIT_END = "\x02", "\x03"
"""Around what was found in a snippet; never in it otherwise."""

SNIPPET_CHARS = 160

_NEAR_CHARS = 2 * SNIPPET_CHARS

_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f]+")


def one_line(text: str) -> str:
    """Without line breaks and characters that cannot be seen, so without the marks of hits, too."""
    return _UNSEEN.sub(" ", text).strip()


def around(text: str, sought: Sequence[str]) -> str:
    """A snippet of plain text around the first of the words that it holds."""
    for word in sought:
        hit = re.search(re.escape(word), text, re.IGNORECASE)
        if place := hit.span() if hit else next(iter(spans(text, [word])), None):
            return (
                f"{_before(text, place[0])}{HIT_BEGIN}{one_line(text[slice(*place)])}{HIT_END}{_after(text, place[1])}"
            )
    return one_line(text)[:SNIPPET_CHARS]


def marked(title: str, sought: Sequence[str]) -> str:
    """All of a title, with all that was found in it marked; "" where nothing was."""
    line = one_line(title)
    parts, after = [], 0
    for begin, end in spans(line, sought):
        parts += [line[after:begin], HIT_BEGIN, line[begin:end], HIT_END]
        after = end
    return "".join([*parts, line[after:]]) if parts else ""


def _before(text: str, end: int) -> str:
    """Only what is near is looked at: hundreds of long texts are shown at once."""
    begin = max(0, end - _NEAR_CHARS)
    near = _UNSEEN.sub(" ", text[begin:end])
    near = near if begin else near.lstrip()
    shown = near[-(SNIPPET_CHARS // 4) :]
    return ("…" if begin or len(near) > len(shown) else "") + shown


def _after(text: str, begin: int) -> str:
    end = begin + _NEAR_CHARS
    near = _UNSEEN.sub(" ", text[begin:end])
    near = near if end < len(text) else near.rstrip()
    shown = near[: SNIPPET_CHARS // 2]
    return shown + ("…" if end < len(text) or len(near) > len(shown) else "")
