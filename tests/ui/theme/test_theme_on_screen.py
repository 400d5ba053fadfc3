"""A change of theme reaches the screen, and so does all that changes after it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tools.screen import ROOT, Screen, screen


@pytest.fixture
def display() -> Iterator[Screen]:
    with screen("1024x700x24") as made:
        yield made


def test_the_screen_shows_what_the_window_looks_like(display: Screen) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.theme.theme_program"],
        env=display.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.stdout.split(), done.returncode) == (["True"] * 3, 0), done.stderr
