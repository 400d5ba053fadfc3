"""What walks are made of: starting the program, an image of each step, what the program keeps, its end."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tools.desktops.desktop import PROGRAM, Desktop, wait_for
from tools.desktops.looking import DIMMED_PAPER, find

STEP_S = 4.0
"""After each step, so that a slow machine has drawn what came of it."""
_QUIT_S = 2.0
_MUCH = 10_000
"""Pixels of the other program; wallpapers have some of any colour."""


def start_program(desktop: Desktop) -> subprocess.Popen[bytes]:
    """Start our program, with a home of its own, in which it stands in the desktop's menu."""
    desktop.call(*PROGRAM, "install-desktop")
    program = desktop.program()
    wait_for((desktop.folder / "home/.local/state").exists, "the program")
    return program


def start_with_other(desktop: Desktop) -> subprocess.Popen[bytes]:
    """Start the program, and the other one in front of it; ours."""
    program = start_program(desktop)
    time.sleep(3 * STEP_S)
    desktop.settle()
    start_other(desktop, "other")
    time.sleep(STEP_S)
    return program


def start_other(desktop: Desktop, log: str) -> subprocess.Popen[bytes]:
    """Start the other program, which then has the keyboard."""
    return desktop.spawn(sys.executable, "-m", "tools.desktops.other_program", log=log)


def wait_for_overlay(desktop: Desktop) -> None:
    """Until our overlay is on the screen, with the other program under it."""
    wait_for(lambda: find(desktop.image("looking"), DIMMED_PAPER, _MUCH) is not None, "the overlay")
    time.sleep(STEP_S)  # on each screen


def seen(desktop: Desktop, name: str) -> Path:
    """An image of a step, to be looked at."""
    time.sleep(STEP_S)
    image = desktop.image(name)
    print(f"{desktop.name}: {image}", flush=True)
    return image


def ended(desktop: Desktop, program: subprocess.Popen[bytes], how: str) -> list[str]:
    """Wait until the program has ended; what is wrong with that."""
    took_s = wait_for(lambda: program.poll() is not None, f"the end by {how}", 30)
    print(f"{desktop.name}: {how} took {took_s:.1f} s", flush=True)
    return [f"{how} took {took_s:.1f} s"] if took_s > _QUIT_S else []


def images_of_draft(desktop: Desktop) -> list[tuple[int, int]]:
    """Sizes of the images in the question that is being written, in pixels."""
    history = desktop.folder / "history.db"  # a copy: the program has locked its own
    for end in ("", "-wal"):
        kept = desktop.folder / f"home/.local/share/desktop-vlm/history.db{end}"
        if kept.exists():
            shutil.copy(kept, f"{history}{end}")
    query = "SELECT width, height FROM draft_pictures JOIN pictures USING (sha256) ORDER BY position"
    with closing(sqlite3.connect(history)) as db:
        return [(width, height) for width, height in db.execute(query)]
