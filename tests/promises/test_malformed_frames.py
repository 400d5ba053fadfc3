"""Promise 1: a process that says anything at all ends at most itself, and nobody waits for it in vain.

A fixed slice of what `python -m tests.fuzz.frames` does by the thousand (docs/promises.md), in a process of its own,
whose memory is looked at.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.frames.trial import TRIALS

EACH = 60
"""Trials of each protocol and direction."""


@pytest.mark.forks  # what a process says of its largest size includes that of its parent
def test_damaged_frames_end_at_most_whoever_sends_them() -> None:
    command = [sys.executable, "-m", "tests.fuzz.frames", "--seed", "17", "--count", str(EACH)]
    found = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    assert found.stdout == ""  # the bad ones, one a line
    assert found.returncode == 0, found.stderr[-2000:]
    lines = found.stderr.splitlines()
    assert len(lines) == len(TRIALS)
    assert sum(int(count) for line in lines for count in re.findall(r"': (\d+)", line)) == EACH * len(TRIALS) >= 500
    assert all(line.count("':") > 1 for line in lines)  # some of it is taken, some is refused
    assert max(int(re.findall(r"(\d+) MiB", line)[0]) for line in lines) < 500
