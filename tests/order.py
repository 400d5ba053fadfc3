"""In which order workers take the test files: what waits long or computes much first, so that none is left for the end.

xdist by itself begins with the files of most tests. Those are quick, and the programs on real screens, of which a test
takes half a minute, came last: one worker was at them when the others had nothing left to do. Here they are first,
when there is most beside them that uses the time in which they wait.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent

LONG = ("promises", "ui/app", "ui/engine", "cli", "service", "conversion", "families", "history", "models", "runtime")
"""Folders of tests that start processes, kill them, convert or compute; so do files that lie in none."""


def long_files_first(items: list[pytest.Item]) -> None:
    """Sort by files: on a screen, long, others; of each kind those of most tests first. A file's own order stays."""
    counts = Counter(item.path for item in items)
    items.sort(key=lambda item: (_kind(item), -counts[item.path], str(item.path)))


def _kind(item: pytest.Item) -> int:
    if item.get_closest_marker("screen"):
        return 0
    name = item.path.relative_to(ROOT).as_posix() if item.path.is_relative_to(ROOT) else ""
    return 1 if "/" not in name or name.startswith(tuple(f"{folder}/" for folder in LONG)) else 2
