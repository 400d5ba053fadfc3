"""Words of the command line as text. Paths stay as Python gives them: it turns them back into the same bytes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping


def as_text(word: str) -> str:
    """What a person typed, also in another encoding than the one that Python took it for.

    Bytes that were not valid stand in `word` as halves of surrogate pairs. They are UTF-8 where the locale says ASCII,
    and otherwise what Windows and older Unix systems write, Windows-1252 or Latin-1.
    """
    if not any("\ud800" <= char <= "\udfff" for char in word):
        return word
    if sys.platform == "win32":  # UTF-16 with half of a pair: there are no bytes behind it
        return word.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    raw = word.encode(sys.getfilesystemencoding(), "surrogateescape")
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def environment_text(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """A variable of the environment as text; "" where there is none."""
    return as_text(environment.get(name, ""))
