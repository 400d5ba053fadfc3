"""Answers leave: by the menu beside them, into files with progress and a way to stop, and by the printer."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.export import export
from desktop_vlm.history import History, MessageState
from desktop_vlm.ui.conversation.answer import AnswerWidget
from desktop_vlm.ui.window import conversation_actions
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts

JSON = '[{"name": "tea", "price": 3.20, "note": "=1+1"}, {"name": "milk", "price": 0.99}]'


def opened(window: MainWindow, parts: Parts, qtbot: QtBot, text: str, title: str = "Prices") -> AnswerWidget:
    """A conversation with this answer."""

    def work(history: History) -> int:
        made = history.create_conversation(title)
        question = history.add_message(made, None, "user", "What does it cost?")
        history.add_message(made, question.id, "assistant", text, state=MessageState.COMPLETE)
        return made

    parts.assistant.open(parts.history.fetch(work))

    def shown() -> list[AnswerWidget]:
        answers = [one for one in window.pane.widgets() if isinstance(one, AnswerWidget)]
        return [one for one in answers if one.message.text == text]

    qtbot.waitUntil(lambda: bool(shown()))
    return shown()[0]


def choose(answer: AnswerWidget, label: str) -> None:
    next(one for one in answer.menu().actions() if one.text() == label).trigger()


def labels(answer: AnswerWidget) -> list[str]:
    return [one.text() for one in answer.menu().actions() if not one.isSeparator()]


def test_the_menu_offers_what_the_answer_is_good_for(window: MainWindow, parts: Parts, qtbot: QtBot) -> None:
    usual = ["Copy with formatting", "Copy as Markdown"]
    leaving = ["Save text…", "Export as Markdown with pictures…", "Export as web page…", "Export as PDF…", "Print…"]
    assert labels(opened(window, parts, qtbot, "It is **3.20**.")) == [*usual, *leaving]
    assert labels(opened(window, parts, qtbot, JSON)) == [*usual, "Copy as CSV", "Save as CSV…", *leaving]
    assert labels(opened(window, parts, qtbot, f"Here:\n\n```json\n{JSON}\n```"))[2] == "Copy as CSV"


def test_an_answer_too_long_to_be_shown_says_so_and_can_be_saved_whole(
    window: MainWindow, parts: Parts, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_vlm.ui.markdown.view.MOST_SHOWN", 30_000)
    file = tmp_path / "whole.md"
    monkeypatch.setattr(conversation_actions, "ask_save", lambda *_args: file)
    text = "".join(f"line {number}\n" for number in range(4_000))
    answer = opened(window, parts, qtbot, text)
    assert not answer._too_long.isHidden()
    assert answer._too_long._text.text() == "This answer is too long to be shown whole: the first 77 % are here."
    answer._too_long.button.click()
    qtbot.waitUntil(file.exists)
    assert file.read_text("utf-8") == text
    assert opened(window, parts, qtbot, "short")._too_long.isHidden()


def test_an_answer_is_copied_with_its_looks_or_as_its_source(window: MainWindow, parts: Parts, qtbot: QtBot) -> None:
    answer = opened(window, parts, qtbot, "It is **3.20** <b>.")
    choose(answer, "Copy with formatting")
    data = QApplication.clipboard().mimeData()
    assert data.text() == "It is **3.20** <b>."
    assert "It is <b>3.20</b> &lt;b&gt;." in data.html()
    choose(answer, "Copy as Markdown")
    assert not QApplication.clipboard().mimeData().hasHtml()


def test_json_is_copied_and_saved_as_csv_and_what_is_guarded_is_said(
    window: MainWindow, parts: Parts, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = opened(window, parts, qtbot, JSON)
    choose(answer, "Copy as CSV")
    text = "name,price,note\r\ntea,3.20,'=1+1\r\nmilk,0.99,\r\n"
    assert QApplication.clipboard().text().replace("\r\n", "\n") == text.replace("\r\n", "\n")
    assert "1 cell would have been a formula" in window.toast._text.text()
    file = tmp_path / "out.csv"
    monkeypatch.setattr(conversation_actions, "ask_save", lambda *_args: file)
    choose(answer, "Save as CSV…")
    qtbot.waitUntil(file.exists)
    assert file.read_bytes() == b"\xef\xbb\xbf" + text.encode()
    qtbot.waitUntil(lambda: "formula" in window.toast._text.text() and "out.csv" in window.toast._text.text())


def test_json_that_is_no_table_says_so(window: MainWindow, parts: Parts, qtbot: QtBot) -> None:
    choose(opened(window, parts, qtbot, "[]"), "Copy as CSV")
    assert "no list of entries" in window.toast._text.text()


def test_one_answer_is_exported_alone(
    window: MainWindow, parts: Parts, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "answer.html"
    monkeypatch.setattr(conversation_actions, "ask_save", lambda *_args: file)
    choose(opened(window, parts, qtbot, "It is **3.20**."), "Export as web page…")
    qtbot.waitUntil(file.exists)
    page = file.read_text("utf-8")
    assert "It is <b>3.20</b>." in page
    assert "What does it cost?" not in page


def test_an_export_that_takes_long_shows_how_far_it_is_and_can_be_stopped(
    window: MainWindow, parts: Parts, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, may_go_on = tmp_path / "conversation.html", threading.Event()
    monkeypatch.setattr(conversation_actions, "ask_save", lambda *_args: file)
    whole = export

    def slow(*args: object, **more: object) -> Path:
        may_go_on.wait(20)
        return whole(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(conversation_actions, "export", slow)
    answer = opened(window, parts, qtbot, "It is **3.20**.")
    actions = window._conversation_actions
    actions.export(answer.message.conversation_id, "html", "Prices")
    qtbot.waitUntil(lambda: actions.job is not None and actions.job.dialog is not None)
    job = actions.job
    assert job is not None
    assert job.dialog is not None
    job.dialog.button.click()
    may_go_on.set()
    qtbot.waitUntil(lambda: job._is_over)
    assert not file.exists()
    assert [one for one in tmp_path.iterdir() if one.name.endswith(".partial")] == []
    assert "Exported" not in window.toast._text.text()


def test_a_conversation_is_printed(
    window: MainWindow, parts: Parts, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "printed.pdf"

    def ask(_window: object, chosen: object) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(file))
        assert callable(chosen)
        chosen(printer)

    monkeypatch.setattr(conversation_actions, "ask_printer", ask)
    answer = opened(window, parts, qtbot, "It is **3.20**.")
    window._conversation_actions.export(answer.message.conversation_id, "print", "Prices")
    qtbot.waitUntil(lambda: window.toast._text.text() == "Sent to the printer")
    assert file.read_bytes().startswith(b"%PDF")
