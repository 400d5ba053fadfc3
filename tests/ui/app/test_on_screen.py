"""Every window and dialog lies within its screen, on real screens of several sizes and scales."""

from __future__ import annotations

import ast
import json
import multiprocessing
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMargins, QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import desktop_vlm.ui
from desktop_vlm.ui.widgets.on_screen import is_a_frame, keep_on_screen, moved_inside
from tools.screen import screen

UI = Path(desktop_vlm.ui.__file__).parent


def rect(box: list[int]) -> QRect:
    return QRect(*box)


@dataclass(frozen=True)
class Run:
    """One start of `every_window`: the screen, its scale, and how the program learns of the scale."""

    size: str
    scale: str
    variable: str = "QT_SCALE_FACTOR"


SCREENS = [Run("1366x768", "1"), Run("1280x720", "2")]
SCALED_SCREEN = Run("2560x1440", "2", "QT_SCREEN_SCALE_FACTORS")
"""Sizes without the scale: 1366x768, 640x360 and 1280x720. Each run opens all windows, which takes seconds."""
LARGE, SMALL = Run("2560x1440", "1"), Run("1024x700", "1")  # which is the smallest that is looked at without a scale

Windows = list[dict[str, Any]]
AT_ONCE = 4
"""Programs that run at the same time: most of the time each waits for its windows, and the last two go on for long."""

PROGRAMS = multiprocessing.get_context("forkserver")
"""Importing the program takes as long as opening its windows, so all are copies of a process that has only imported."""
PROGRAMS.set_forkserver_preload(["tests.ui.app.every_window"])


def open_every_window(home: str, environment: dict[str, str]) -> None:
    """What `python -m tests.ui.app.every_window HOME` does."""
    from tests.ui.app import every_window as program

    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [program.__file__, home]
    program.main()


def every_window(run: Run, home: Path) -> Windows:
    """What `every_window` writes on such a screen."""
    with screen(f"{run.size}x24") as display:
        environment = {**display.environment, run.variable: run.scale}
        program = PROGRAMS.Process(target=open_every_window, args=(str(home), environment), daemon=True)
        program.start()
        program.join(120)
        program.kill()  # if it is still there
        program.join()
        assert program.exitcode == 0
    return [json.loads(line) for line in (home / "windows.jsonl").read_text(encoding="utf-8").splitlines()]


def on_a_smaller_screen_later(home: Path) -> tuple[Windows, Windows]:
    """The same person's program on a large screen, then on a small one."""
    large = every_window(LARGE, home)
    (home / "windows.jsonl").unlink()
    return large, every_window(SMALL, home)


class Runs:
    """What each test looks at; all are under way from the beginning."""

    def __init__(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._home = partial(tmp_path_factory.mktemp, "home")
        self._smaller_later = [self._start_smaller_later()]
        self._of_screens = {run: self._start(run) for run in (*SCREENS, SCALED_SCREEN)}

    def take(self, run: Run) -> Windows:
        """What the program wrote on such a screen; a test that tries once more gets another run of it."""
        return (self._of_screens.pop(run, None) or self._start(run)).result()

    def take_smaller_later(self) -> tuple[Windows, Windows]:
        """The same of `on_a_smaller_screen_later`."""
        return (self._smaller_later.pop() if self._smaller_later else self._start_smaller_later()).result()

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _start(self, run: Run) -> Future[Windows]:
        return self._pool.submit(every_window, run, self._home())

    def _start_smaller_later(self) -> Future[tuple[Windows, Windows]]:
        return self._pool.submit(on_a_smaller_screen_later, self._home())


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    made = Runs(tmp_path_factory)
    yield made
    made.close()


def check(windows: Windows, on: Run) -> None:
    """Every frame is inside the screen, and what matters most of each window is wholly visible."""
    width, height = (round(int(side) / float(on.scale)) for side in on.size.split("x"))
    outside, cut = {}, {}
    for one in windows:
        area = rect(one["area"])
        assert abs(area.width() - width) <= 1, one
        assert abs(area.height() - height) <= 1, one
        if not area.contains(rect(one["frame"])):
            outside[one["name"]] = (one["frame"], one["area"])
        for inner, shown in zip(one["inner"], one["shown"], strict=True):
            if inner[2:] != shown[2:] or not area.contains(rect(inner)):
                cut[one["name"]] = (inner, shown)
    assert outside == {}
    assert cut == {}
    names = {one["name"] for one in windows}
    assert {"main welcome", "main panel", "viewer", "settings model", "settings about", "icon picker"} <= names
    assert {
        "models",
        "models details",
        "settings downloads",
        "shortcut sheet",
        "file dialog",
        "quick window",
        "quick answer",
        "page picker",
        "watch dialog",
        "recent captures",
    } <= names


@pytest.mark.parametrize("on", SCREENS, ids=lambda run: f"{run.size}-{run.scale}")
def test_every_window_is_within_its_screen(on: Run, runs: Runs) -> None:
    check(runs.take(on), on)


def test_a_scale_of_the_screen_itself_counts_like_one_of_the_program(runs: Runs) -> None:
    check(runs.take(SCALED_SCREEN), SCALED_SCREEN)


def test_a_place_on_a_larger_screen_is_brought_back_onto_this_one(runs: Runs) -> None:
    large, small = runs.take_smaller_later()

    assert large[0]["frame"][2] > 1100
    check(small, SMALL)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (QRect(10, 10, 50, 50), QRect(10, 10, 50, 50)),
        (QRect(-30, 80, 50, 50), QRect(0, 50, 50, 50)),
        (QRect(90, 90, 20, 20), QRect(80, 80, 20, 20)),
        (QRect(40, 40, 300, 50), QRect(0, 40, 300, 50)),
    ],
)
def test_a_rectangle_moves_no_further_than_it_must(before: QRect, after: QRect) -> None:
    assert moved_inside(before, QRect(0, 0, 100, 100)) == after


@pytest.mark.parametrize(
    ("margins", "is_one"),
    [
        (QMargins(4, 36, 4, 6), True),
        (QMargins(0, 26, 0, 0), True),
        (QMargins(), False),  # not yet known
        (QMargins(74, 15, 607, 367), False),  # to the edges of the screen
        (QMargins(-10, 20, 1, 1), False),
    ],
)
def test_what_cannot_be_a_frame_makes_no_window_small(margins: QMargins, is_one: bool) -> None:
    assert is_a_frame(margins) is is_one


def test_minimum_sizes_give_way_to_the_screen(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setMinimumSize(5000, 4000)
    keep_on_screen(window, QSize(6000, 300))
    window.move(QPoint(-50, -20))
    window.show()
    qtbot.waitExposed(window)
    area = window.screen().availableGeometry()

    assert area.contains(QRect(QPoint(0, 0), window.size()))
    qtbot.waitUntil(lambda: area.contains(window.frameGeometry()))


def test_no_window_is_left_out() -> None:
    """A class that is a window, or that makes a dialog of Qt's, has itself kept on the screen."""
    windows = {"QDialog", "QMainWindow", "QMessageBox", "QFileDialog", "QInputDialog", "QWizard", "QProgressDialog"}
    missing = []
    for path in sorted(UI.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        names = [
            ast.unparse(base)
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.ClassDef | ast.Call)
            for base in (node.bases if isinstance(node, ast.ClassDef) else [node.func])
        ]
        statics = [name for name in names if name.split(".")[0] in windows and "." in name]
        if windows & set(names) and "keep_on_screen(" not in source:
            missing.append(path.name)
        assert statics == [], f"{path.name}: dialogs that are made by a static function cannot be kept on the screen"
    assert missing == []


def test_a_window_that_became_nothing_gets_its_size_back(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    keep_on_screen(window, QSize(300, 200))
    window.show()
    qtbot.waitExposed(window)
    window.resize(0, 0)  # as X11 does it
    qtbot.waitUntil(lambda: window.size() == QSize(300, 200))
    window.resize(250, 180)
    window.hide()
    window.resize(0, 0)  # nobody sees that
    qtbot.wait(20)
    assert window.size() == QSize(0, 0)


def test_a_window_that_is_nothing_when_it_is_shown_gets_its_size(qtbot: QtBot) -> None:
    """GIVEN a window of which nobody heard that it has no size THEN it gets that which it would like."""
    window = QWidget()
    qtbot.addWidget(window)
    keep_on_screen(window, QSize(300, 200))
    window.resize(0, 0)
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: window.size() == QSize(300, 200))
