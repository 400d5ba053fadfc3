"""A history of its own for each test, with a clock that ticks once a call."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_vlm.history import History


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.db"


@pytest.fixture
def clock() -> Callable[[], float]:
    """1000.0, 1001.0, ... seconds."""
    ticks = itertools.count(1000)
    return lambda: float(next(ticks))


@pytest.fixture
def history(path: Path, clock: Callable[[], float]) -> Iterator[History]:
    with History(path, clock=clock) as opened:
        yield opened
