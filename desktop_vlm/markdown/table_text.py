"""The lines of a table's Markdown: its cells, as they are written and as they are read."""

from __future__ import annotations

import re

_PIPE = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_LOOKS = re.compile(r"(?<![\\\w])(\*\*|__|~~|[*`])(?=\S)(.+?)(?<=\S)\1(?!\w)")
_MARK = re.compile(r"[*`_~\\]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def rows_of(source: str) -> list[str]:
    """The lines below the header."""
    return [line for line in source.split("\n")[2:] if line.strip()]


def cells_of(line: str) -> list[str]:
    """The cells of a line, as they are written."""
    text = line.strip().removeprefix("|")
    if text.endswith("|") and not text.endswith("\\|"):
        text = text[:-1]
    if "\\" not in text:
        return [cell.strip() for cell in text.split("|")]
    parts = _PIPE.sub("\\1\n", text).split("\n")
    return [part.strip().replace("\\|", "|") for part in parts]


def plain_cell(cell: str) -> str:
    """A cell as it is read: without the marks of bold, italic and code."""
    if not _MARK.search(cell):
        return cell
    return _ESCAPE.sub(r"\1", _LOOKS.sub(r"\2", cell))


def plain_cells(line: str) -> list[str]:
    """The cells of a line, as they are read."""
    cells = cells_of(line)
    return [plain_cell(cell) for cell in cells] if _MARK.search(line) else cells
