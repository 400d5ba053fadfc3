"""A second try is named with what the first failed of, and only a few are let through."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from tests import second_try


@dataclass
class Report:
    nodeid: str = "tests/test_it.py::test_it"
    longreprtext: str = "first line\n" * 20 + "assert 0 < 0"


def test_what_needed_it_is_named_with_its_failure() -> None:
    found = list(second_try.lines([Report()]))
    assert found[0] == "tests/test_it.py::test_it"
    assert found[-2:] == [
        "    assert 0 < 0",
        "1 of at most 3 tests needed a second try; each is a race to be looked for",
    ]
    assert len(found) == 14


def test_more_than_a_few_fail_the_run() -> None:
    assert not second_try.is_too_many([Report()] * 3)
    assert second_try.is_too_many([Report()] * 4)
    assert list(second_try.lines([Report()] * 4))[-1].endswith("too many: the run fails")


def test_nothing_is_said_where_all_passed_at_once() -> None:
    assert not list(second_try.lines([]))


def worker(number: int, sock: socket.socket) -> Any:
    """The configuration of one of two workers, or of one in the place of either."""
    ids = {"workerid": f"gw{number}", "workercount": "2"}
    return SimpleNamespace(workerinput=ids, failures_db=SimpleNamespace(sock=sock))


def test_a_worker_tells_and_asks_nobody() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        config = worker(1, ours)
        second_try.count_alone(config)
        config.failures_db.set_test_reruns(Report.nodeid, 1)
        assert config.failures_db.get_test_failures(Report.nodeid) == 0
        assert theirs.recv(1) == b""  # nothing came, and nothing will


def test_a_worker_in_the_place_of_another_asks_and_waits_for_no_acknowledgement() -> None:
    with socket.socket() as sock:
        config = worker(2, sock)
        second_try.count_alone(config)
        assert config.failures_db.sock is sock
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_the_process_that_leads_the_workers_counts_for_them() -> None:
    database = object()
    config = SimpleNamespace(failures_db=database)
    second_try.count_alone(config)
    assert config.failures_db is database
