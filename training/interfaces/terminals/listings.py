"""Outputs that list things, a row for each: files, file systems, processes, commits, rows of a database."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from training.interfaces.terminals import phrasings as ways
from training.interfaces.terminals.view import Long

Ways = Sequence[str]


@dataclass
class Listing:
    """Rows of things.

    Attributes:
        noun: what the things are, several of them.
        columns: what they are called; `shown`: whether a header says so.
        key: the column that says which thing it is.
        rows: texts; `at`: the place of each in the output's lines.
        whole: whether all of the things are here, with nothing left out.
        ways: how people ask for a column, where they do it otherwise than by its name.
        header: the place of the header in the output's lines.
    """

    noun: str
    columns: tuple[str, ...]
    key: int
    rows: list[list[str]] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    shown: bool = False
    whole: bool = True
    ways: Mapping[int, Ways] = field(default_factory=dict)
    header: int = -1
    sizes: int = -1
    """The column with sizes, of which one may be the largest."""


_LONG = re.compile(
    r"^([-dlbcps][rwxsStT-]{9})[+.@]? +(\d+) +(\S+) +(\S+) +(\d[\d.]*[KMGT]?) +(\w{3} +\d+ +[\d:]+) (.+)$"
)
_FILE_WAYS = {0: ways.MODE, 1: ways.LINKS, 2: ways.OWNER, 3: ways.GROUP, 4: ways.SIZE, 5: ways.CHANGED}


def _rows_of(pattern: re.Pattern[str], lines: Sequence[Long], listing: Listing, skip: int = 0) -> Listing:
    for place, line in enumerate(lines):
        found = pattern.match(line.text.rstrip())
        if found:
            listing.rows.append([" ".join(one.split()) for one in found.groups("")])
            listing.at.append(place)
        elif place >= skip and line.text.strip() and not line.text.startswith("total "):
            listing.whole = False
    return listing


def _long_list(_: str, lines: Sequence[Long]) -> Listing:
    columns = ("permissions", "links", "owner", "group", "size", "date", "name")
    found = _rows_of(_LONG, lines, Listing("entries", columns, 6, ways=_FILE_WAYS, sizes=4))
    if any(row[6] == "." for row in found.rows):  # whether these two count is not clear
        found.whole = False
    found.rows, found.at = (list(one) for one in zip(
        *[(row, at) for row, at in zip(found.rows, found.at, strict=True) if row[6] not in (".", "..")], strict=True)
    ) if any(row[6] not in (".", "..") for row in found.rows) else ([], [])  # fmt: skip
    if all(row[0].startswith("-") for row in found.rows):
        found.noun = "files"
    return found


def _names(command: str, lines: Sequence[Long]) -> Listing:
    words = [(word, place) for place, line in enumerate(lines) for word in line.text.split()]
    noun = "directories" if "-d" in command.split() or "-type d" in command else "files and folders"
    noun = "files" if "-type f" in command or "tar" in command else noun
    return Listing(noun, ("name",), 0, [[word] for word, _ in words], [place for _, place in words])


def _paths(command: str, lines: Sequence[Long]) -> Listing:
    noun = "files" if "-type f" in command else "directories" if "-type d" in command else "paths"
    return Listing(noun, ("path",), 0, [[one.text.strip()] for one in lines], list(range(len(lines))))


def _sized(_: str, lines: Sequence[Long]) -> Listing:
    return _rows_of(re.compile(r"^ *(\d[\d.]*[KMGTi]*)\s+(\S.*)$"), lines,
                    Listing("entries", ("size", "name"), 1, ways={0: ways.SIZE}, sizes=0))  # fmt: skip


def _counted(_: str, lines: Sequence[Long]) -> Listing:
    return _rows_of(re.compile(r"^ *(\d+) +(\S.*)$"), lines, Listing("lines", ("count", "text"), 1))


_HEADERS: dict[str, tuple[str, str, int]] = {
    "df": ("file systems",
           "Filesystem|Type|Inodes|Size|1K-blocks|Used|Available|Avail|IUsed|IFree|Use%|IUse%|Mounted on", -1),
    "ps": ("processes", "", -1), "free": ("rows", "", 0), "lsblk": ("devices", "", 0), "vmstat": ("", "", 0),
    "ss": ("sockets", "", -1),
}  # fmt: skip


def _headed(
    noun: str, key: int, joined: Mapping[str, str] | None = None
) -> Callable[[str, Sequence[Long]], Listing | None]:
    """Rows of words below a header of words; the last column takes what is left of a row."""

    def find(_: str, lines: Sequence[Long]) -> Listing | None:
        head = next((place for place, line in enumerate(lines) if line.text.strip()), 0)
        title = lines[head].text
        for several, one in (joined or {}).items():
            title = title.replace(several, one)
        names = [name.replace("\0", " ") for name in title.split()]
        if len(names) < 2 or len(set(names)) < len(names) or not all(re.match(r"[%A-Za-z#]", name) for name in names):
            return None
        listing = Listing(noun, tuple(names), key % len(names), shown=True, header=head)
        for place, line in enumerate(lines):
            if place <= head or not line.text.strip() or re.fullmatch(r"[-+= ]+", line.text):
                continue
            parts = line.text.split(None, len(names) - 1)
            if len(parts) < len(names):
                return None
            listing.rows.append([" ".join(part.split()) for part in parts])
            listing.at.append(place)
        return listing

    return find


def _free(_: str, lines: Sequence[Long]) -> Listing | None:
    names = lines[0].text.split()
    listing = Listing("rows", ("", *names), 0, shown=True, header=0)
    for place, line in enumerate(lines[1:], 1):
        parts = line.text.split()
        if len(parts) < 4 or not parts[0].endswith(":"):
            return None
        listing.rows.append([parts[0].rstrip(":"), *parts[1:]])
        listing.at.append(place)
    return listing


def _aligned(noun: str) -> Callable[[str, Sequence[Long]], Listing | None]:
    """Columns that stand below their names, parted by two blanks at least, by bars, or by commas."""

    def find(_: str, lines: Sequence[Long]) -> Listing | None:
        listing: Listing | None = None
        for place, line in enumerate(lines):
            text = line.text.strip()
            if not re.search(r"\w", text):
                continue
            if "|" in text or "│" in text:
                cells = [one.strip() for one in re.split("[|│]", text.strip("|│"))]
            elif "," in text and "  " not in text:
                cells = text.split(",")
            else:
                cells = re.split(r" {2,}", text)
            if listing is None:
                if (
                    len(cells) < 2
                    or len(set(cells)) < len(cells)
                    or not all(re.fullmatch(r"[a-z_*()]+", one) for one in cells)
                ):
                    return None
                key = cells.index("name") if "name" in cells else 0
                listing = Listing(noun, tuple(cells), key, shown=True, header=place)
            elif len(cells) == len(listing.columns):
                listing.rows.append(cells)
                listing.at.append(place)
            else:
                return None
        return listing

    return find


def _commits(_: str, lines: Sequence[Long]) -> Listing:
    return _rows_of(re.compile(r"^(?:\* )?([0-9a-f]{7,10}) (?:\([^)]*\) )?(.+)$"), lines,
                    Listing("commits", ("hash", "message"), 0, ways={1: ways.SUBJECT}))  # fmt: skip


def _branches(_: str, lines: Sequence[Long]) -> Listing:
    return _rows_of(re.compile(r"^[* ] (\S+)$"), lines, Listing("branches", ("name",), 0))


def _unzipped(_: str, lines: Sequence[Long]) -> Listing:
    found = _rows_of(re.compile(r"^ +(\d+)  (\d{4}-\d\d-\d\d) (\d\d:\d\d)   (\S.*)$"), lines,
                     Listing("entries", ("Length", "Date", "Time", "Name"), 3, shown=True, sizes=0,
                             ways={0: ways.SIZE, 1: ways.CHANGED}))  # fmt: skip
    found.whole = True
    return found


def _archived(_: str, lines: Sequence[Long]) -> Listing:
    pattern = re.compile(r"^([-dl][rwx-]{9}) (\S+)/(\S+) +(\d+) (\d{4}-\d\d-\d\d) (\d\d:\d\d) (\S.*)$")
    return _rows_of(pattern, lines, Listing("entries", ("permissions", "owner", "group", "size", "date", "time",
                                                        "name"), 6,
                                            sizes=3, ways={**_FILE_WAYS, 3: ways.SIZE, 2: ways.GROUP, 1: ways.OWNER,
                                                           4: ways.CHANGED}))  # fmt: skip


def _installed(command: str, lines: Sequence[Long]) -> Listing:
    found = _rows_of(re.compile(r"^(?:ii|un|rc)  (\S+) +(\S+) +(\S+) +(\S.*)$"), lines,
                     Listing("packages", ("name", "version", "architecture", "description"), 0))  # fmt: skip
    found.whole = "tail" in command and len(found.rows) == len(lines)
    return found


FINDERS: tuple[tuple[str, Callable[[str, Sequence[Long]], Listing | None]], ...] = (
    (r"ls -\w*l", _long_list), (r"ls( -F| -1| -d \*/)?$", _names), (r"tar tvf", _archived), (r"unzip -l", _unzipped),
    (r"tar (tf|c\w*v|xv)", _names), (r"find ", _paths), (r"du |wc -[cl] \S+ \S|ls -s", _sized),
    (r"df", _headed("file systems", -1, {"Mounted on": "Mounted\0on"})), (r"ps", _headed("processes", -1)),
    (r"free", _free), (r".*uniq -c", _counted), (r"git log .*--oneline|git log --oneline", _commits),
    (r"git branch$", _branches), (r"sqlite3 -(header|box|table|markdown)|column -t|cat \S+\.csv", _aligned("rows")),
    (r"dpkg -l", _installed), (r"git tag$", lambda _, lines: Listing("tags", ("name",), 0,
                                                                     [[one.text.strip()] for one in lines],
                                                                  list(range(len(lines))))),
)  # fmt: skip


def listing_of(command: str, lines: Sequence[Long]) -> Listing | None:
    """What a command listed, where its output is one that is known here; things that are all different."""
    for pattern, find in FINDERS:
        if lines and re.match(pattern, command):
            found = find(command, lines)
            if found and found.rows and all(len(row) == len(found.columns) for row in found.rows):
                return found
            return None
    return None
