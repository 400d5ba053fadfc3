"""In which order workers take the test files: what waits long or computes much first, so that none is left for the end.

xdist by itself begins with the files of most tests. Those are quick, and the programs on real screens, of which a test
takes half a minute, came last: one worker was at them when the others had nothing left to do. Here they are spread over
what computes, from the beginning on: two thirds of their time they wait, and all of them at once leave cores idle.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent

LONG = ("promises", "ui/app", "ui/engine", "cli", "service", "conversion", "families", "history", "models", "runtime")
"""Folders of tests that start processes, kill them, convert or compute; so do files that lie in none."""


def long_files_first(items: list[pytest.Item]) -> None:
    """Sort by files: long ones, spread over them those on a screen, then others. A file's own order stays.

    Of each kind those of most tests come first.
    """
    counts = Counter(item.path for item in items)
    kinds = {item.path: _kind(item) for item in items}
    files: list[list[Path]] = [[], [], []]
    for path in sorted(counts, key=lambda path: (-counts[path], str(path))):
        files[kinds[path]].append(path)
    on_screen, long, others = files
    places = {path: place for place, path in enumerate([*_spread(on_screen, long), *others])}
    items.sort(key=lambda item: places[item.path])


def _spread(few: list[Path], many: list[Path]) -> list[Path]:
    """Both in their orders, the few at equal distances; the first of them is the first of all."""
    at = [(i / max(1, len(few)), 0, path) for i, path in enumerate(few)]
    at += [(i / max(1, len(many)), 1, path) for i, path in enumerate(many)]
    return [path for _, _, path in sorted(at)]


def _kind(item: pytest.Item) -> int:
    if item.get_closest_marker("screen"):
        return 0
    name = item.path.relative_to(ROOT).as_posix() if item.path.is_relative_to(ROOT) else ""
    return 1 if "/" not in name or name.startswith(tuple(f"{folder}/" for folder in LONG)) else 2
