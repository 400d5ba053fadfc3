"""Promise 10: what stands on a screen, and so in an answer, can only produce text.

Every way to say "load this" or "open this" in Markdown, HTML and LaTeX, with every kind of address, shown and clicked.
That special tokens, typed or read, stay plain text is `tests/runtime/test_chat_format.py`,
`tests/families/jinja_template/test_jinja_format.py` and `tests/images/text_layer/test_quoting.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.markdown import MarkdownView, preload
from desktop_vlm.ui.markdown.prose import Prose
from desktop_vlm.ui.theme import Theme, ThemeChoice
from desktop_vlm.ui.theme.theme import DEFAULT_TEXT_PX

_TARGETS = r"""
{file}
file://{file}
http://127.0.0.1:9/x.png
https://example.org/?q={word}
//example.org/x
javascript:alert(1)
data:text/html,<script>alert(1)</script>
qrc:/x
\\server\share\x
mailto:a@b
ftp://127.0.0.1/x
smb://server/x
vbscript:x
file:///proc/self/environ
desktop-vlm://ask?x
"""
TARGETS = _TARGETS.split()
FORMS = r"""![a](@)
[a](@)
<@>
@
![a][b]|[b]: @
[![a](@)](@)
<img src='@'>
<a href='@'>a</a>
<iframe src='@'></iframe>
<object data='@'></object>
<link rel=stylesheet href='@'>
<svg><image href='@'/>
<style>body { background: url(@) }</style>
$\includegraphics{@}$
$\href{@}{a}$
$$|\input{@}|$$
> [a](@)
- <video src='@' autoplay>
```html|<img src='@'>|```
[a]: @|[a]""".splitlines()
WATCHED = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "webbrowser.", "shutil.", "os.remove")

_seen: list[str] = []
_watching: list[bool] = []
_installed: list[bool] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    """A hook of Python cannot be taken back, only be silent."""
    if _watching and (event.startswith(WATCHED) or (event == "open" and "w" in str(arguments[1] or ""))):
        _seen.append(f"{event} {arguments!r}"[:200])


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """All that is opened, started, written or asked for."""
    if not _installed:
        sys.addaudithook(_watch)
        _installed.append(True)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: _seen.append(f"opened {url}"))
    monkeypatch.setattr(Prose, "loadResource", lambda _self, kind, url: _seen.append(f"loaded {kind} {url}"))
    _seen.clear()
    yield _seen
    _watching.clear()


def test_nothing_but_text_comes_of_an_answer(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, watched: list[str]
) -> None:
    preload()
    theme = Theme(qapp)
    theme.apply(ThemeChoice.LIGHT, DEFAULT_TEXT_PX)
    view = MarkdownView(theme)
    qtbot.addWidget(view)
    view.resize(500, 300)
    view.show()
    secret = tmp_path / "secret.png"
    QImage(9, 9, QImage.Format.Format_RGB32).save(str(secret))
    QApplication.clipboard().setText("mine")
    view.set_markdown("```html\na\n```\n\n$x$ | [a](b)")  # what is loaded for the first of its kind
    view.grab()
    _watching.append(True)
    n_attacks = 0
    for form in FORMS:
        answer = "\n\n".join(
            form.replace("|", "\n").replace("@", target.replace("{file}", str(secret)).replace("{word}", "word"))
            for target in TARGETS
        )
        n_attacks += len(TARGETS)
        for length in (len(answer) // 3, len(answer)):
            view.set_markdown(answer[:length], streaming=length < len(answer))
        view.resize(500, max(300, view.heightForWidth(500)))
        view.grab()
        for part in view.parts():
            if isinstance(part, Prose):
                for y in range(5, part.height(), 40):
                    qtbot.mouseClick(part.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(12, y))  # type: ignore[no-untyped-call]
    assert n_attacks == 300
    assert watched == []
    assert QApplication.clipboard().text() == "mine"
    assert [one.name for one in tmp_path.iterdir()] == ["secret.png"]
    view.set_markdown("")


def test_whoever_opens_something_is_seen(tmp_path: Path, watched: list[str]) -> None:
    """What the test above rests on."""
    _watching.append(True)
    (tmp_path / "new").write_text("x", encoding="utf-8")
    QDesktopServices.openUrl("http://example.org/")
    assert [line.split()[0] for line in watched] == ["open", "opened"]
