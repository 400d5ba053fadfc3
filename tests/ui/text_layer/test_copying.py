"""All text of an image into the clipboard: when it is read, and only the last that was asked for."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.api.text_layer import Box, Code, TextLayer
from desktop_vlm.images.text_layer.selection import Copied
from desktop_vlm.ui.desktop import background_clipboard
from desktop_vlm.ui.desktop.background_clipboard import put_in_background
from desktop_vlm.ui.desktop.session import Session
from desktop_vlm.ui.text_layer.copying import CopiedText, Offer, TextCopier, announcement, copied_text
from desktop_vlm.ui.text_layer.layers import TextLayers
from tests.ui.text_layer.fake_reader import FakeReader, layer_of


def test_the_last_one_that_was_asked_for_is_copied(qtbot: QtBot) -> None:
    reader = FakeReader()
    put: list[Copied] = []
    copier = TextCopier(TextLayers(reader), put=put.append)
    copier.copy("a", b"")
    copier.copy("b", b"")
    reader.layers = {"a": layer_of(["first"]), "b": layer_of(["second"])}
    with qtbot.waitSignal(copier.copied) as copied:
        reader.answer("a")
        reader.answer("b")
    assert copied.args == [CopiedText("second")]
    assert put == [Copied("second")]
    assert not copier.is_busy


def test_what_nobody_waits_for_any_more_is_forgotten_too(qtbot: QtBot) -> None:
    reader = FakeReader()
    layers = TextLayers(reader)
    copier = TextCopier(layers, put=lambda _copied: None)
    copier.copy("first", b"", keep=False)
    copier.copy("second", b"", keep=False)
    assert reader.cancelled == ["first"]
    reader.layers = {"first": layer_of(["a"]), "second": layer_of(["b"])}
    with qtbot.waitSignal(copier.copied):
        reader.answer("first")
        reader.answer("second")
    assert (layers.layer("first"), layers.layer("second")) == (None, None)


def test_what_is_read_already_is_copied_at_once(qtbot: QtBot) -> None:
    reader = FakeReader()
    reader.layers["a"] = layer_of(["text"])
    layers = TextLayers(reader)
    layers.request("a", b"")
    qtbot.waitUntil(lambda: layers.layer("a") is not None)
    TextCopier(layers).copy("a", b"")
    assert QGuiApplication.clipboard().text() == "text"


def test_a_failure_is_forgotten_with_what_was_not_to_be_kept(qtbot: QtBot) -> None:
    reader = FakeReader()
    reader.failures["a"] = "It is damaged."
    layers = TextLayers(reader)
    copier = TextCopier(layers)
    with qtbot.waitSignal(copier.failed) as failed:
        copier.copy("a", b"", keep=False)
    assert failed.args == ["It is damaged."]
    assert layers.problem("a") == ""


def test_what_is_offered_besides() -> None:
    code = Code("EAN-13", "4006381333931", Box(0, 0, 9, 9))
    lines = layer_of(["A divid-", "ed word"]).lines
    assert copied_text(TextLayer(90, 90, lines, (0,), codes=(code,))) == CopiedText(
        "A divid-\ned word",
        (Offer("Join divided words", "A divided\nword"), Offer("Copy the code instead", "4006381333931")),
    )
    assert copied_text(TextLayer(90, 90)) == CopiedText("")


def test_an_announcement_is_one_short_line() -> None:
    assert announcement("Text copied", "two\n lines ") == "Text copied: two lines"
    assert announcement("Text copied", "x" * 90) == "Text copied: " + "x" * 79 + "\u2026"
    assert announcement("No text found", "") == "No text found"


def test_on_wayland_a_program_that_may_copies_for_us(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "wl-copy"
    program.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\ncat > {tmp_path}/text\nmv {tmp_path}/text {tmp_path}/done\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(background_clipboard, "current_session", lambda: Session.WAYLAND)
    monkeypatch.setattr(QGuiApplication, "applicationState", lambda: Qt.ApplicationState.ApplicationInactive)
    put_in_background(Copied("Zürich\n東京"))
    qtbot.waitUntil((tmp_path / "done").exists)
    assert (tmp_path / "done").read_text(encoding="utf-8") == "Zürich\n東京"
    assert (tmp_path / "arguments").read_text() == "--type text/plain;charset=utf-8\n"


def test_without_it_the_text_is_copied_once_a_window_is_active(monkeypatch: pytest.MonkeyPatch) -> None:
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(background_clipboard, "current_session", lambda: Session.WAYLAND)
    monkeypatch.setattr(QGuiApplication, "applicationState", lambda: Qt.ApplicationState.ApplicationInactive)
    put_in_background(Copied("later"))
    QGuiApplication.clipboard().clear()  # as if nobody had listened
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert QGuiApplication.clipboard().text() == ""
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert QGuiApplication.clipboard().text() == "later"
    QGuiApplication.clipboard().clear()
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert QGuiApplication.clipboard().text() == ""
