"""Questions about what went wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence

from training.interfaces.terminals import phrasings as ways
from training.interfaces.terminals.errors import Failure, failure_of
from training.interfaces.terminals.grid import Ran
from training.interfaces.terminals.view import Long, View, is_plain
from training.screens.pages import explained

_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?:^|[\s'])(?P<v>[^\s:']+)'?: No such file or directory", ways.MISSING_FILE),
    (r"cannot (?:access|stat|remove|open) '(?P<v>[^']+)'(?: for \w+)?: No such file", ways.MISSING_FILE),
    (r"(?:^|: )(?P<v>[\w.-]+): command not found", ways.MISSING_COMMAND),
    (r"No module named '(?P<v>[\w.]+)'", ways.MISSING_MODULE),
    (
        r"cannot (?:touch|create directory|open|remove|open directory) '?(?P<v>[^\s':]+)'?: Permission denied",
        ways.DENIED,
    ),
    (r"^(?:cat|bash|cp|ls): (?P<v>/[^\s:']+): Permission denied", ways.DENIED),
)
_SAID_SO = re.compile(r"error|denied|failed|cannot|no such|not found|fatal|refused|invalid|traceback", re.IGNORECASE)


def ask_errors(view: View) -> None:
    """Which commands failed and what they say; whether any did."""
    if view.grid.full:
        return
    seen = view.grid.seen()
    failing = [(one, view.printed(one)) for one in seen if one.status]
    known = [(one, lines, failure) for one, lines in failing if (failure := failure_of(lines, one.status))]
    commands = [one.command for one in seen]
    whole = len(seen) == len(view.grid.ran)
    if whole and len(known) == len(failing):
        said = any(_SAID_SO.search(line) for line in view.lines)
        if known or not said:
            view.yes_no(ways.FAILED, yes=bool(known), rows=None)
    if len(failing) == 1 and len(known) == 1:
        one, lines, failure = known[0]
        others = [line for number, line in enumerate(view.lines)
                  if not one.row <= number < one.end and _SAID_SO.search(line)]  # fmt: skip
        if not others:
            _ask_only(view, one, lines, failure, alone=len(seen) > 1)
            return
    for one, lines, failure in known:
        if commands.count(one.command) == 1 and is_plain(one.command) and "'" not in one.command:
            rows = _rows(lines, failure.lines)
            if failure.count == 1:
                view.ask("message", failure.message, ways.ERROR_OF, [one.row, *rows], c=one.command)


def ask_left_error(view: View, one: Ran) -> None:
    """The error at the end of an output whose beginning is not seen any more."""
    lines = view.printed(one)
    failure = failure_of(lines, one.status)
    if failure and failure.count == 1 and failure.kind and failure.file:
        _ask_only(view, one, lines, failure, alone=False)


def _rows(lines: Sequence[Long], places: Sequence[int]) -> list[int]:
    return [row for place in places for row in range(lines[place].first, lines[place].last + 1)]


def _ask_only(view: View, one: Ran, lines: Sequence[Long], failure: Failure, *, alone: bool) -> None:
    """The only command that failed."""
    first = _rows(lines, failure.lines if not failure.file else failure.lines[:1])
    _ask_message(view, one, failure, first)
    if alone and is_plain(one.command):
        view.ask("command", one.command, ways.WHICH_FAILED, [one.row, *first])
    _ask_place(view, failure, _rows(lines, failure.lines))
    if failure.kind:
        view.ask("value", failure.kind, ways.ERROR_KIND, first)
    for pattern, phrasings in _PARTS:
        found = re.search(pattern, failure.message)
        if found and failure.count == 1:
            view.ask("value", found["v"], phrasings, first)
            break


def _ask_message(view: View, one: Ran, failure: Failure, first: Sequence[int]) -> None:
    if failure.count == 1:
        view.ask("message", failure.message, ways.ERROR, first)
        if len(failure.message) <= 160 and is_plain(failure.message):
            view.ask("message", explained(failure.message, "terminal"), "prompt:explain-error", first)
    elif failure.count > 1:
        view.ask("message", failure.message, ways.FIRST_ERROR, first)
        if failure.count <= 12:
            view.ask("how_many", str(failure.count), ways.ERROR_COUNT, range(one.row, one.end))
    if failure.warnings >= 0 and failure.count and failure.warnings <= 12:
        view.ask("how_many", str(failure.warnings), ways.WARNING_COUNT, range(one.row, one.end))


def _ask_place(view: View, failure: Failure, rows: Sequence[int]) -> None:
    """The file, the line, the column and the function of an error."""
    name = failure.file.rsplit("/", 1)[-1]
    if failure.file and failure.count in (0, 1):
        if sum(name in line for line in view.lines) and " " not in name:
            view.ask("value", name if view.rng.random() < 0.8 else failure.file, ways.ERROR_FILE, rows)
        if failure.number:
            fitting = ways.ERROR_LINE if is_plain(name) else [one for one in ways.ERROR_LINE if "{f}" not in one]
            view.ask("value", failure.number, fitting, rows, f=name)
    if failure.column and failure.count == 1:
        view.ask("value", failure.column, ways.ERROR_COLUMN, rows)
    if failure.where and re.fullmatch(r"\w+", failure.where):
        view.ask("value", failure.where, ways.ERROR_WHERE, rows)
