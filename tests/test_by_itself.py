"""Tests that fork, in a process for each file."""

from __future__ import annotations

from collections.abc import Sequence

from tests.by_itself import ByItself, Found


class Process:
    """Stands in for pytest: what came of each test in each run; a test that is missing ended the process."""

    def __init__(self, *runs: Found) -> None:
        self._left = list(runs)
        self.ran: list[Sequence[str]] = []

    def run(self, tests: Sequence[str]) -> tuple[Found, str]:
        self.ran.append(tests)
        return self._left.pop(0), "Aborted"


def test_all_of_a_file_run_together_once() -> None:
    process = Process({"a": "", "b": "assert 1 == 2"}, {"c": ""})
    tests = ByItself(process.run)
    assert tests.outcome("a", ["a", "b"]) == ""
    assert tests.outcome("b", ["a", "b"]) == "assert 1 == 2"
    assert tests.outcome("c", ["c"]) == ""
    assert process.ran == [["a", "b"], ["c"]]


def test_a_second_try_is_a_run_of_its_own() -> None:
    process = Process({"a": "assert 1 == 2", "b": ""}, {"a": ""})
    tests = ByItself(process.run)
    assert tests.outcome("a", ["a", "b"]) == "assert 1 == 2"
    assert tests.outcome("a", ["a", "b"]) == ""
    assert tests.outcome("b", ["a", "b"]) == ""
    assert process.ran == [["a", "b"], ["a"]]


def test_one_that_ends_the_process_takes_no_other_with_it() -> None:
    process = Process({"a": ""}, {}, {"c": ""})
    tests = ByItself(process.run)
    assert tests.outcome("a", ["a", "b", "c"]) == ""
    assert tests.outcome("b", ["a", "b", "c"]) == "The process ended before: Aborted"
    assert tests.outcome("c", ["a", "b", "c"]) == ""
    assert process.ran == [["a", "b", "c"], ["b"], ["c"]]
