"""Tests that failed once and passed at the second try: named after the run, and no more than a few are let through.

`make test` tries a test that failed once more (`--reruns 1`). Thousands of tests start programs, windows and threads,
and one that meets a machine's worst moment says nothing about the change that is tested. What needed its second try is
still a race, of the test or of the program: it is to be looked for, which is why it is printed with what it failed of.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from pytest_rerunfailures import StatusDB

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


def count_alone(config: Any) -> None:
    """Have a worker count tries by itself, not in `config.failures_db` of the process that leads the workers.

    pytest-rerunfailures would tell and ask that process of each test, a byte at a time: a millisecond of the processor,
    some ten thousand times. A worker in the place of one that a test ended asks, so that no test ends all of them. TCP
    keeps its second message back until the first is acknowledged (Nagle), which the other side puts off for 40 ms.
    """
    worker, database = getattr(config, "workerinput", None), getattr(config, "failures_db", None)
    if worker is None or database is None:
        return
    if int(worker["workerid"].removeprefix("gw")) < int(worker["workercount"]):
        database.sock.close()
        config.failures_db = StatusDB()
    else:
        database.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
