"""A second try is named with what the first failed of, and only a few are let through."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Any

import pytest

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


def test_no_test_waits_for_an_acknowledgement(pytestconfig: Any) -> None:
    if not pytestconfig.pluginmanager.hasplugin("xdist"):
        pytest.skip("nobody is asked")
    assert pytestconfig.failures_db.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
