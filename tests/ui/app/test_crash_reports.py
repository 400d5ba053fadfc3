"""The offer after a crash, and the report: what is shown is what is saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.system.crash_notes import CrashNotes
from desktop_vlm.ui.app import crash_reports
from desktop_vlm.ui.app.crash_reports import CrashReports
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.toast import Toast


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> QWidget:
    assert theme
    made = QWidget()
    qtbot.addWidget(made)
    QVBoxLayout(made).addWidget(QWidget())
    made.resize(700, 500)
    made.show()
    return made


@pytest.fixture
def toast(window: QWidget) -> Toast:
    return Toast(window, window)


def crashed(folder: Path) -> CrashNotes:
    folder.mkdir()
    left = 'Fatal Python error: Segmentation fault\n\n  File "/x/desktop_vlm/ui/a.py", line 3 in paint\n'
    (folder / "fatal.txt").write_text(left, encoding="utf-8")
    return CrashNotes(folder)


def test_after_a_crash_the_report_is_shown_and_saved_as_it_is_shown(
    window: QWidget, toast: Toast, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = CrashReports(window, toast, crashed(tmp_path / "crashes"))
    qtbot.waitUntil(toast.isVisible)
    assert toast._text.text() == "Desktop VLM crashed the last time. Your conversations are here."
    assert reports.dialog is None  # nothing opens by itself
    toast._button.click()
    assert reports.dialog is not None
    shown = reports.dialog.text.toPlainText()
    assert "Fatal Python error: Segmentation fault\n  desktop_vlm/ui/a.py:3 in paint" in shown
    saved = tmp_path / "report.txt"
    monkeypatch.setattr(crash_reports, "ask_save", lambda *_: saved)
    reports.dialog.save_button.click()
    assert saved.read_text(encoding="utf-8") == shown
    assert toast._text.text() == "The report was saved as report.txt."


def test_an_error_is_offered_once(window: QWidget, toast: Toast, qtbot: QtBot, tmp_path: Path) -> None:
    notes = CrashNotes(tmp_path)
    reports = CrashReports(window, toast, notes)
    notes.note(ValueError, None)
    qtbot.waitUntil(toast.isVisible)
    assert toast._text.text() == "Something went wrong: this is a bug in Desktop VLM."
    toast.hide()
    notes.note(KeyError, None)
    qtbot.wait(0)
    assert not toast.isVisible()
    reports.show()
    assert reports.dialog is not None
    assert "In this run:\nValueError\n\nIn this run:\nKeyError\n" in reports.dialog.text.toPlainText()
    reports.dialog.close()


def test_without_a_crash_nothing_is_said(window: QWidget, toast: Toast, qtbot: QtBot, tmp_path: Path) -> None:
    CrashReports(window, toast, CrashNotes(tmp_path))
    qtbot.wait(0)
    assert not toast.isVisible()


def test_what_cannot_be_saved_is_said(
    window: QWidget, toast: Toast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = CrashReports(window, toast, CrashNotes(tmp_path))
    reports.show()
    assert reports.dialog is not None
    monkeypatch.setattr(crash_reports, "ask_save", lambda *_: tmp_path / "no" / "report.txt")
    reports.dialog.save_button.click()
    assert toast._text.text() == "The report cannot be saved (No such file or directory)."
    monkeypatch.setattr(crash_reports, "ask_save", lambda *_: None)
    reports.dialog.save_button.click()
    reports.dialog.close()
