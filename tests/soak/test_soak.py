"""A short slice of every program of this folder; `make soak` runs them whole (docs/promises.md has the figures)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.soak import disk, display, engines, races, stores  # noqa: F401 - each enters its programs
from tests.soak.report import SOAKS, slope

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ON_LINUX = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="figures of Linux")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One for the models of all, which are written once."""
    yield tmp_path_factory.mktemp("soak")
    engines.close_shared()


@ON_LINUX
@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", SOAKS)
def test_a_slice(name: str, folder: Path, tmp_path: Path) -> None:
    of_an_engine = SOAKS[name].__module__ == engines.__name__
    report = SOAKS[name](folder if of_an_engine else tmp_path, True)
    assert report.bad == []
    assert report.figures


def test_a_slope_is_that_of_the_line() -> None:
    assert slope([3.0, 5.0, 7.0, 9.0]) == pytest.approx(2.0)
    assert slope([4.0, 4.0, 4.0]) == 0.0
    assert slope([0.0, 1.0, 0.0]) == 0.0
