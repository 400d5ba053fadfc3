"""Every window and dialog lies within its screen, on real screens of several sizes and scales."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import desktop_vlm.ui
from desktop_vlm.ui.widgets.on_screen import keep_on_screen, moved_inside
from tools.screen import screen

SCREENS = [
    ("1024x700", "1"),
    ("1366x768", "1"),
    ("1366x768", "2"),
    ("1280x720", "1"),
    ("1280x720", "2"),
    ("2560x1440", "2"),
    ("2560x1440", "3"),
]
UI = Path(desktop_vlm.ui.__file__).parent


def rect(box: list[int]) -> QRect:
    return QRect(*box)


def every_window(size: str, scale: str, home: Path, variable: str = "QT_SCALE_FACTOR") -> list[dict[str, Any]]:
    """What `every_window` writes on such a screen."""
    with screen(f"{size}x24") as display:
        program = display.start(["-m", "tests.ui.app.every_window", str(home)], **{variable: scale})
        assert program.wait(120) == 0
    return [json.loads(line) for line in (home / "windows.jsonl").read_text(encoding="utf-8").splitlines()]


def check(windows: list[dict[str, Any]], size: str, scale: str) -> None:
    """Every frame is inside the screen, and what matters most of each window is wholly visible."""
    width, height = (round(int(side) / float(scale)) for side in size.split("x"))
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
    assert {"shortcut sheet", "file dialog", "quick window", "quick answer"} <= names


@pytest.mark.parametrize(("size", "scale"), SCREENS)
def test_every_window_is_within_its_screen(size: str, scale: str, tmp_path: Path) -> None:
    check(every_window(size, scale, tmp_path), size, scale)


def test_a_scale_of_the_screen_itself_counts_like_one_of_the_program(tmp_path: Path) -> None:
    check(every_window("2560x1440", "2", tmp_path, "QT_SCREEN_SCALE_FACTORS"), "2560x1440", "2")


def test_a_place_on_a_larger_screen_is_brought_back_onto_this_one(tmp_path: Path) -> None:
    large = every_window("2560x1440", "1", tmp_path)
    (tmp_path / "windows.jsonl").unlink()
    small = every_window("1024x700", "1", tmp_path)

    assert large[0]["frame"][2] > 1100
    check(small, "1024x700", "1")


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
