"""What stands in a window's boxes of text: prose, logs, source code, settings, lists, as wide as there is room for."""

from __future__ import annotations

import random

from training.interfaces.qt.values import Filler
from training.screens.line_contents import write_log, write_session, write_text
from training.screens.panes.code import write_source

_LANGUAGES = ("python", "python", "c", "js", "conf")


def prose(filler: Filler, least: int, most: int) -> str:
    """Sentences in one paragraph."""
    return " ".join(filler.plain_sentence(9) for _ in range(filler.rng.randint(least, most)))


def lines(filler: Filler, called: str, columns: int, count: int) -> list[str]:
    """Lines of a log, a source file, a session or notes, none wider than so many columns and none empty."""
    rng, writer, low = filler.rng, filler.writer, " " + called.lower()
    kinds = ["text", "log", "code", "session", "notes"]
    weights = [3, 3, 3, 1, 4]
    if any(word in low for word in ("log", "output", "console", "message", "debug", "report")):
        weights = [0, 8, 0, 2, 1]
    elif any(word in low for word in ("code", " script", "source", "sql", "query", "expression", "editor")):
        weights = [0, 0, 8, 0, 0]
    elif any(word in low for word in ("description", "comment", "note", "about", "text")):
        weights = [3, 0, 0, 0, 7]
    kind = rng.choices(kinds, weights)[0]
    if kind == "log":
        found = write_log(rng, writer, columns, count)
    elif kind == "code":
        found = write_source(rng, writer, rng.choice(_LANGUAGES), count).lines
    elif kind == "session":
        found = write_session(rng, writer, columns, count).lines
    elif kind == "text":
        found = write_text(rng, writer, columns, count)
    else:
        found = [_short(rng, filler, columns) for _ in range(count)]
    kept = [line.rstrip() for line in found if line.strip() and len(line) <= columns and line.isascii()]
    return kept[:count] or [writer.word()[:columns]]


def _short(rng: random.Random, filler: Filler, columns: int) -> str:
    text = filler.plain_sentence(rng.randint(4, 9))
    return text if len(text) <= columns else " ".join(text[: columns - 1].split()[:-1]) or text[:columns]
