"""Markers that follow from where a test is and what it uses; `tests/conftest.py` sets them on every test."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tools.screen import Screen

ROOT = Path(__file__).parent

FAST = (
    "diagnostics",
    "export",
    "history",
    "images",
    "system",
    "test_quick_actions.py",
    "test_settings.py",
    "tools",
    "ui/conversation",
    "ui/quick_actions",
    "ui/theme",
)
"""Folders and files whose tests run in a minute all together: `make test-fast`."""

GPU = ("test_gpu.py", "ui/engine/test_vulkan_faults.py", "vulkan")


def mark(items: Iterable[pytest.Item]) -> None:
    """Set `gpu`, `screen` (the module drives programs on a real screen) and `fast`."""
    of_files: dict[Path, str] = {}
    for item in items:
        if item.path not in of_files:
            of_files[item.path] = _marker(item)
        if name := of_files[item.path]:
            item.add_marker(name)


def _marker(item: pytest.Item) -> str:
    """The marker of all tests of a file; empty for none."""
    name = item.path.relative_to(ROOT).as_posix() if item.path.is_relative_to(ROOT) else ""
    if _is_in(name, GPU):
        return "gpu"
    if any(one is Screen for one in vars(getattr(item, "module", None) or object).values()):
        return "screen"
    return "fast" if _is_in(name, FAST) else ""


def _is_in(name: str, places: Iterable[str]) -> bool:
    return any(name == place or name.startswith(place + "/") for place in places)


if __name__ == "__main__":  # for make: collecting all tests to leave out most of them takes longer than to run the rest
    print(*(ROOT / place for place in FAST))
