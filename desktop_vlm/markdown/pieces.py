"""Where a long answer is cut, so that no more of it is parsed at once than the window can wait for.

Cuts are places at which Markdown falls apart anyway: blank lines, items of a list, the beginning of code or of a table;
where there is none, the end of a line or of a word. Code and tables that are larger than a piece are never parsed as
Markdown: code is taken part by part, and a table as it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PIECE = 8_000
"""Characters parsed at once."""

PIECE_LINES = 200
"""Lines parsed at once."""

ENOUGH = 2_500
ENOUGH_LINES = 60
"""Characters and lines from which on a piece ends at the next good place, a blank line or an item of a list."""

CODE_PART = 3_000
"""Characters of a part of code that is shown in parts."""

CODE_PART_LINES = 80

MOST_COLUMNS = 60
MOST_CELLS = 300
"""Of a table that is laid out as a whole; others scroll in a frame of their own."""

_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})([^\n`]*)(?:\n|\Z)")
_ANY_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_ITEM = re.compile(r"(?:[-*+]|(?!0*1[.)])\d{1,9}[.)])[ \t]")  # a list that is cut goes on with that number
_ANY_ITEM = re.compile(r"(?:([-*+])|(\d{1,9})([.)]))(?:[ \t]|\n|\Z)")
_DELIMITER = re.compile(r" {0,3}(?=[^\n]*\|)\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*(?:\n|\Z)")
_TABLE_END = re.compile(r"\n(?=[ \t]*(?:\n|\Z))|\n(?=[^|\n]+(?:\n|\Z))")


@dataclass(frozen=True)
class Fence:
    """Code that is taken part by part.

    Attributes:
        closing: finds the line that ends it, from the end of the line before.
        language: as it stands behind the fence.
    """

    closing: re.Pattern[str]
    language: str


def large_fence(source: str, start: int) -> tuple[Fence, int] | None:
    """Code that begins here and is larger than a piece, and where its first line is."""
    found = _FENCE.match(source, start)
    if found is None:
        return None
    mark = found[2]
    closing = re.compile(rf"(?:\n|\A) {{0,3}}{re.escape(mark[0])}{{{len(mark)},}}[ \t]*(?=\n|\Z)")
    end = closing.search(source, found.end() - 1, start + PIECE)
    is_small = end is not None or len(source) - start <= PIECE
    lines = source.count("\n", start, end.start() if end else len(source))
    if is_small and lines <= CODE_PART_LINES * 2:
        return None
    words = found[3].split()
    return Fence(closing, words[0] if words else ""), found.end()


def code_part(source: str, start: int, fence: Fence) -> tuple[int, int, bool]:
    """The next part of code: where it ends, where what follows begins, and whether the code goes on there.

    The end of the source ends a part as well, which then may grow.
    """
    limit = min(start + CODE_PART, len(source))
    closing = fence.closing.search(source, max(start - 1, 0), limit + len("\n   ````````"))
    if closing and closing.start() <= limit:
        after = closing.end() + (source[closing.end() : closing.end() + 1] == "\n")
        return max(closing.start(), start), after, False
    end = _line_limit(source, start, limit, CODE_PART_LINES)
    if end == len(source):
        return end, end, True
    newline = source.rfind("\n", start, end)
    if newline >= 0:
        blank = source.rfind("\n\n", start + (newline - start) // 2, newline)
        end = (blank + 1 if blank >= 0 else newline) + 1
    return end, end, True


def _line_limit(source: str, start: int, limit: int, lines: int) -> int:
    """The end of so many lines, or the limit where that comes first."""
    if source.count("\n", start, limit) < lines:
        return limit
    at = start
    for _ in range(lines):
        at = source.index("\n", at) + 1
    return min(at, limit)


def table_columns(source: str, start: int) -> int:
    """How many columns a table has that begins here; 0 where none does."""
    head_end = source.find("\n", start)
    if head_end < 0 or "|" not in source[start : min(head_end, start + 100_000)]:
        return 0
    if len(source[start:head_end]) - len(source[start:head_end].lstrip(" ")) > 3:
        return 0
    delimiter = _DELIMITER.match(source, head_end + 1)
    return delimiter[0].strip().strip("|").count("|") + 1 if delimiter else 0


def large_table(source: str, start: int, scanned: int) -> int | None:
    """Where a table ends that begins here and is too large to be laid out as a whole; `scanned` is a place in it."""
    columns = table_columns(source, start)
    if not columns:
        return None
    first = source.index("\n", start)
    found = _TABLE_END.search(source, max(first, scanned))
    end = found.start() + 1 if found else len(source)
    rows = source.count("\n", start, end)
    is_large = columns > MOST_COLUMNS or columns * rows > MOST_CELLS or rows > PIECE_LINES or end - start > PIECE
    return end if is_large else None


def cut(source: str, start: int, most: int = PIECE) -> int:
    """Where the piece that begins here ends; the end of the source where all of the rest is small enough."""
    limit = _line_limit(source, start, min(start + most, len(source)), PIECE_LINES)
    is_small = limit - start <= ENOUGH and source.count("\n", start, limit) <= ENOUGH_LINES
    if limit == len(source) and is_small and not _holds_large(source, start):
        return limit
    return start + _Cutter(source[start:limit], source, start).place()


def _holds_large(source: str, start: int) -> bool:
    """Whether something in the rest, not at its beginning, is to be taken apart from it."""
    return any(large_table(source, found.start() + 1, 0) is not None for found in _table_starts(source, start))


_TABLE_START = re.compile(r"\n(?=[^\n]*\|[^\n]*\n {0,3}\|?[ \t]*:?-)")


def _table_starts(source: str, start: int) -> list[re.Match[str]]:
    return list(_TABLE_START.finditer(source, start))[:8]


class _Cutter:
    """Looks through the lines of a piece for the best place to cut it."""

    def __init__(self, window: str, source: str, start: int) -> None:
        self._window, self._source, self._start = window, source, start
        self._boundary = self._item = self._line_start = 0
        self._fence = ""
        self._fence_at = 0
        self._after_blank = False
        self._in_table = False
        self._lines = 0
        self._good = 0  # the last place where nothing changes that is cut there
        self._list = ""  # the mark of its items: "-", "*", "+", "." or ")"; "?" where that is not certain
        self._number = 0  # that its last item shows

    def place(self) -> int:
        """Characters from the beginning of the piece; at least one."""
        whole = self._start + len(self._window) == len(self._source)
        for found in _LINE.finditer(self._window):
            if not found[0]:
                break
            if self._take(found.start(), found[0]):
                return found.start()
            self._lines += 1
            if self._good == found.start() > 0 and (self._good > ENOUGH or self._lines > ENOUGH_LINES):
                return self._good
        if whole:
            return len(self._window)
        if self._fence and self._fence_at:
            return self._fence_at
        enough = len(self._window) // 3
        for at in (self._boundary, self._item, self._line_start):
            if at > enough:
                return at
        return max(self._boundary, self._item) or self._line_start or self._word() or len(self._window)

    def _take(self, at: int, line: str) -> bool:
        """Look at a line; True: something large begins here, that is to be taken by itself."""
        fence = _ANY_FENCE.match(line)
        if self._fence:
            if fence and fence[1].startswith(self._fence):
                self._fence = ""
                self._after_blank = True  # what comes next is something new
            return False
        if fence:
            self._fence, self._fence_at = fence[1], at
            if at and line[:1] in "`~ ":
                self._boundary = self._good = at
                return large_fence(self._source, self._start + at) is not None
            return False
        if "|" in line and not self._in_table and at and table_columns(self._source, self._start + at):
            self._in_table, self._boundary = True, at
            self._good = at if self._after_blank else self._good
            self._after_blank = False
            return large_table(self._source, self._start + at, 0) is not None
        self._in_table = self._in_table and "|" in line
        if not line.strip():
            self._after_blank = True
            return False
        goes_on = self._goes_on_with_a_list(at, line)
        if self._after_blank and not line[0].isspace():
            self._boundary = at
            self._good = at if not _ANY_ITEM.match(line) else self._good  # else it may go on with a list
        elif _ITEM.match(line):
            self._item = at
            self._good = at if goes_on else self._good  # in a paragraph the line may be text
        elif not self._in_table:
            self._line_start = at
        self._after_blank = False
        return False

    def _goes_on_with_a_list(self, at: int, line: str) -> bool:
        """Whether a line is another item of the list that the lines before it are in, and shows its own number."""
        item = _ANY_ITEM.match(line)
        if item is None:
            if self._after_blank and not line[0].isspace():
                self._list = ""
            return False
        mark, number = item[1] or item[3], int(item[2] or 0)
        if mark == self._list:
            self._number += 1
            return not item[2] or self._number == number
        is_certain = not at or (self._after_blank and self._list != "?")
        self._list, self._number = mark if is_certain else "?", number
        return False

    def _word(self) -> int:
        return self._window.rfind(" ", len(self._window) // 2) + 1
