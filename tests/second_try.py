"""Tests that failed once and passed at the second try: named after the run, and no more than a few are let through.

`make test` tries a test that failed once more (`--reruns 1`). Thousands of tests start programs, windows and threads,
and one that meets a machine's worst moment says nothing about the change that is tested. What needed its second try is
still a race, of the test or of the program: it is to be looked for, which is why it is printed with what it failed of.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

MOST = 3
"""Tests that may need their second try; more mean that something is wrong, and the run fails."""


class Rerun(Protocol):
    """What is used of pytest's report of a first try."""

    nodeid: str

    @property
    def longreprtext(self) -> str:
        """What it failed of."""


def lines(reports: Sequence[Rerun]) -> Iterator[str]:
    """Each test, the end of what it failed of, and the verdict; nothing where all passed at once."""
    for report in reports:
        yield report.nodeid
        yield from (f"    {line}" for line in report.longreprtext.splitlines()[-12:])
    if reports:
        verdict = "too many: the run fails" if is_too_many(reports) else "each is a race to be looked for"
        yield f"{len(reports)} of at most {MOST} tests needed a second try; {verdict}"


def is_too_many(reports: Sequence[Rerun]) -> bool:
    """Whether so many needed their second try that the run fails."""
    return len(reports) > MOST


def ask_at_once(config: Any) -> None:
    """Have a worker learn of earlier tries at once, by `config.failures_db` of pytest-rerunfailures.

    It tells the process that leads the workers of each test, then asks about the next one, in two small messages. TCP
    keeps the second back until the first is acknowledged (Nagle), which the other side puts off for 40 ms: for each of
    some ten thousand tests.
    """
    connection = getattr(getattr(config, "failures_db", None), "sock", None)
    if connection is not None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
