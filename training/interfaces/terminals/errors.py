"""What a command's output says went wrong: the message, the file and the line, as compilers and shells write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from training.interfaces.terminals.view import Long


@dataclass(frozen=True)
class Failure:
    """An error that is reported. `count`: how many errors are, where that is known; `lines`: which of the output."""

    message: str
    lines: tuple[int, ...]
    file: str = ""
    number: str = ""
    column: str = ""
    kind: str = ""
    where: str = ""
    count: int = 1
    warnings: int = -1


_COMPILER = re.compile(r"^(?P<f>[\w./+-]+):(?P<n>\d+):(?:(?P<c>\d+):)? (?:fatal )?error: (?P<m>.+)")
_WARNING = re.compile(r"^[\w./+-]+:\d+:(?:\d+:)? warning: ")
_EXCEPTION = re.compile(r"^(?P<k>(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Interrupt|Exit|Found))(?:: (?P<m>.*))?$")
_FRAME = re.compile(r'^  File "(?P<f>[^"]+)", line (?P<n>\d+)(?:, in (?P<w>\S+))?')
_ONE_LINE: tuple[re.Pattern[str], ...] = tuple(re.compile(one) for one in (
    r"^(?:PHP )?(?P<k>Parse|Fatal) error: +(?P<m>.+) in (?P<f>\S+) on line (?P<n>\d+)",
    r"^(?P<f>[\w./-]+\.rb):(?P<n>\d+):(?:in [`'](?P<w>[^`']+)':)? (?P<m>.+?)(?: \((?P<k>\w+)\))?$",
    r"^lua\S*: (?P<f>[\w./-]+\.lua):(?P<n>\d+): (?P<m>.+)$",
    r"^(?P<m>.+) at (?P<f>[\w./-]+\.pl) line (?P<n>\d+)(?:, near .*)?\.?$",
    r"^(?P<f>[\w./-]+): line (?P<n>\d+): (?P<m>.+)$",
    r"^(?:\./)?(?P<f>[\w/-]+\.go):(?P<n>\d+):(?P<c>\d+): (?P<m>.+)$",
    r"^(?P<f>[Mm]akefile):(?P<n>\d+): \*\*\* (?P<m>.+)$",
))  # fmt: skip
_THROWN = re.compile(
    r"^(?:Uncaught )?(?:Exception in thread \"main\" )?(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception)(?: \[\w+\])?:? "
)
_SAYS_SO = re.compile(
    r"(?:\b|^)(?:error|fatal|cannot|can't|couldn't|could not|denied|no such|not found|failed|failure|invalid|unable"
    r"|refused|unknown|unrecognized|missing|not permitted|does not exist|unexpected|E: |exists|not a "
    r"|no space|must be|unavailable|no crontab|division by|requires|bad |Segmentation|usage error)",
    re.IGNORECASE,
)
_TRY = re.compile(r"^(?:Try '|Usage:|usage:|hint:|See '|For more|Run '|\s)")


def failure_of(lines: Sequence[Long], status: int) -> Failure | None:
    """The first error of an output, or the only one; None where none is known for certain."""
    texts = [line.text.rstrip() for line in lines]
    if not status or not texts:
        return None
    if texts[0].startswith("curl: ("):  # it wraps its messages by itself
        return Failure(" ".join(text.strip() for text in texts), tuple(range(len(texts))))
    for find in (_traceback, _compiled, _rusty, _scripted, _one_line):
        found = find(texts)
        if found:
            return found
    return _plain(texts)


def _traceback(texts: Sequence[str]) -> Failure | None:
    ends = [place for place, text in enumerate(texts) if _EXCEPTION.match(text)]
    frames = [(place, match) for place, text in enumerate(texts) if (match := _FRAME.match(text))]
    if len(ends) != 1 or not frames or texts[-1] != texts[ends[0]]:
        return None
    place, frame = frames[-1]
    kind = _EXCEPTION.match(texts[ends[0]])
    where = frame["w"] or ""
    return Failure(texts[ends[0]], (ends[0], place), frame["f"], frame["n"], kind=kind["k"] if kind else "",
                   where="" if where.startswith("<") else where)  # fmt: skip


def _compiled(texts: Sequence[str]) -> Failure | None:
    found = [(place, match) for place, text in enumerate(texts) if (match := _COMPILER.match(text))]
    if not found:
        return None
    place, match = found[0]
    count = len(found) if not any(" error: " in text for text in texts if not _COMPILER.match(text)) else 0
    warnings = sum(bool(_WARNING.match(text)) for text in texts)
    return Failure(match["m"], (place,), match["f"], match["n"], match["c"] or "", count=count, warnings=warnings)


def _rusty(texts: Sequence[str]) -> Failure | None:
    heads = [
        place for place, text in enumerate(texts) if re.match(r"^error(\[E\d+\])?: ", text) and "aborting" not in text
    ]
    places = [(place, match) for place, text in enumerate(texts)
              if (match := re.match(r"^ *--> (?P<f>\S+):(?P<n>\d+):(?P<c>\d+)$", text))]  # fmt: skip
    if not heads or not places or places[0][0] < heads[0]:
        return None
    place, match = places[0]
    message = texts[heads[0]].partition(": ")[2]
    warnings = sum(text.startswith("warning: ") and "emitted" not in text for text in texts)
    return Failure(message, (heads[0], place), match["f"], match["n"], match["c"], count=len(heads), warnings=warnings)


def _scripted(texts: Sequence[str]) -> Failure | None:
    """As Node and Java report."""
    heads = [place for place, text in enumerate(texts) if _THROWN.match(text)]
    if len(heads) != 1:
        return None
    place = heads[0]
    kind = re.search(r"[A-Z]\w*(?:Error|Exception)", texts[place])
    at = next(((number, match) for number, text in enumerate(texts)
               if (match := re.match(r"^(?P<f>/\S+\.js):(?P<n>\d+)$", text)
                   or re.match(r"^\tat .*\((?P<f>\w+\.java):(?P<n>\d+)\)$", text))), None)  # fmt: skip
    if not at or at[1]["f"].startswith("/internal"):
        return Failure(texts[place], (place,), kind=kind[0] if kind else "")
    return Failure(texts[place], (place, at[0]), at[1]["f"], at[1]["n"], kind=kind[0] if kind else "")


def _one_line(texts: Sequence[str]) -> Failure | None:
    for pattern in _ONE_LINE:
        found = [(place, match) for place, text in enumerate(texts) if (match := pattern.match(text))]
        if not found:
            continue
        place, match = found[0]
        parts = match.groupdict()
        kind = parts.get("k") or ""
        return Failure(match["m"], (place,), match["f"], match["n"], parts.get("c") or "",
                       kind=kind if kind.endswith("Error") else "", where=parts.get("w") or "",
                       count=1 if len(found) == 1 else 0)  # fmt: skip
    return None


def _plain(texts: Sequence[str]) -> Failure | None:
    filled = [(place, text) for place, text in enumerate(texts) if text.strip() and not _TRY.match(text)]
    if not filled:
        return None
    said = [(place, text) for place, text in filled if _SAYS_SO.search(text)]
    if len(said) == 1:
        return Failure(said[0][1].strip(), (said[0][0],))
    return None
