"""Text, lists and links: what is shown, copied, and never opened."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.markdown import MarkdownView
from desktop_vlm.ui.markdown.prose import Prose
from tests.ui.markdown.seen import actions, clipboard, only, picture


def test_copied_prose_keeps_markers_and_formulas(view: MarkdownView, qtbot: QtBot) -> None:
    view.set_markdown("Is $x^2$ `so`\n\n1. one\n   - two")
    prose = only(view, Prose)
    prose.selectAll()
    qtbot.keyClick(prose, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard() == "Is $x^2$ so\n1. one\n  \u2022 two"
    data = QApplication.clipboard().mimeData()
    assert data.formats() == ["text/plain", "text/html"]
    assert '<p dir="auto">Is $x^2$ <code' in data.html()
    assert "\u2022 two</p>" in data.html()


def test_links_are_never_opened_but_can_be_copied(
    view: MarkdownView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    view.set_markdown("[the whole manual](https://example.org/m)")
    picture(view)
    prose = only(view, Prose)
    assert prose.anchorAt(QPoint(20, 12)) == "https://example.org/m"
    qtbot.mouseClick(prose.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 12))
    actions(prose, QPoint(20, 12))["Copy link address"].trigger()
    assert clipboard() == "https://example.org/m"
    assert opened == []


def test_nothing_is_loaded_whatever_the_text_says(view: MarkdownView, tmp_path: Path) -> None:
    asked: list[object] = []
    image = tmp_path / "secret.png"
    QImage(30, 30, QImage.Format.Format_RGB32).save(str(image))
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    port = server.getsockname()[1]
    view.set_markdown(
        f"![a]({image}) ![b](http://127.0.0.1:{port}/x.png) <img src='{image}'> <img src='http://127.0.0.1:{port}/y'>\n\n"
        f"$\\includegraphics{{{image}}}$ $\\href{{http://127.0.0.1:{port}/z}}{{x}}$\n\n<script>alert(1)</script>"
    )
    prose = only(view, Prose)
    prose.loadResource = lambda *args: asked.append(args)  # type: ignore[method-assign]
    picture(view)
    with server, pytest.raises(TimeoutError):
        server.accept()
    assert asked == []
    assert prose.document().toPlainText().startswith(f"a ({image}) b (http://127.0.0.1:{port}/x.png) <img src=")


@pytest.mark.parametrize("number", [7, 38, 100, 2026])
def test_long_numbers_of_a_list_are_not_cut_off(view: MarkdownView, number: int) -> None:
    view.set_markdown(f"{number}. Entry")
    image = picture(view)
    background = image.pixelColor(image.width() - 1, 2)

    rows = range(image.height())
    inked = [x for x in range(30) if any(image.pixelColor(x, y) != background for y in rows)]
    assert inked, "no number"
    assert inked[0] >= 1
