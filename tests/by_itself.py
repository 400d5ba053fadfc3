"""Tests that fork run by themselves: threads of earlier tests may hold locks that nobody in the child releases.

All of a file that are marked `forks` share one process, which imports everything once. What came of each is a line of a
file, so that one that ends the process takes no other with it: those behind it get a process of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

OUTCOMES = "DESKTOP_VLM_TEST_OUTCOMES"
"""Names, in the environment of such a process, the file of outcomes."""

Found = dict[str, str]
"""Of each test that came to an end what it failed of, or ""."""


class ByItself:
    """What came of the tests that were run so, until each is asked for."""

    def __init__(self, run: Callable[[Sequence[str]], tuple[Found, str]]) -> None:
        """`run` runs tests in a process, and returns what came of them and what it wrote."""
        self._run = run
        self._begun: set[str] = set()
        self._found: Found = {}
        self._written = ""

    def outcome(self, test: str, of_its_file: Sequence[str]) -> str:
        """What a test failed of, or ""; the first that is asked for runs all others of its file, too.

        One that is asked for once more is run once more.
        """
        if test not in self._found:
            together = [test] if test in self._begun else [one for one in of_its_file if one not in self._begun]
            self._begun.update(together)
            found, self._written = self._run(together)
            self._found |= found
        return self._found.pop(test, f"The process ended before: {self._written}")


def note(report: pytest.TestReport) -> None:
    """In such a process: write down what came of a test."""
    if (file := os.environ.get(OUTCOMES)) and (report.failed or report.when == "call"):
        with Path(file).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps([report.nodeid, report.longreprtext if report.failed else ""]) + "\n")


def run(tests: Sequence[str], root: Path, outcomes: Path) -> tuple[Found, str]:
    """Run tests in one process; what came of each, and the end of what it wrote."""
    outcomes.write_text("", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", *tests],
        cwd=root,
        env={**environment, OUTCOMES: str(outcomes)},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    found: Found = {}
    for test, failure in map(json.loads, outcomes.read_text(encoding="utf-8").splitlines()):
        found[test] = found.get(test) or failure
    return found, done.stdout[-6000:] + done.stderr[-2000:]
