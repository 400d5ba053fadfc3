"""The whole program with an engine that says what a test wants, and that tells what is on the screen.

`python -m tests.ui.app.keys.scripted_window`, with the home folder in DESKTOP_VLM_HOME. It answers each line of JSON
that comes from standard input with one line on standard output:

- `{"see": true}`: what can be seen (`seen`).
- `{"say": TEXT}`, `{"end": true}`, `{"fail": SENTENCE}`: what the engine does with the question that it was asked. A
  question that has "Wait" in it is answered by these alone; all others at once, with the last of what `replies` has.
- `{"running": true}`: the question that is answered now, or "".
- `{"asked": true}`: the questions that the engine got: their last text, the sizes of their images, and options.
- `{"sent": true}`: the images of the last question, as they were sent, in base64.
- `{"refuse": SENTENCE}`: why models cannot be loaded from now on; "" lets them.
- `{"replies": TEXT}`: what other questions are answered with.

Nothing else comes from outside: keys, mouse and drops are the screen's.
"""

from __future__ import annotations

import base64
import io
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import QObject, QPoint, QRect, QSocketNotifier, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from desktop_vlm.api.options import ModelRef
from desktop_vlm.ui.app import program
from desktop_vlm.ui.desktop.instance import Command
from desktop_vlm.ui.engine.protocol import ChatRequest, EngineState
from desktop_vlm.ui.models.protocol import Survey
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.fake_engine import FakeEngine
from tests.ui.models.fake_models import SURVEY, FakeModels, installed

_HELD = "Wait"


class ScriptedEngine(FakeEngine):
    """Loads at once, and answers at once what it is not asked to wait with."""

    def __init__(self) -> None:
        super().__init__(is_loaded=False, by_itself=True)
        self.reply = "The answer."
        self.running = ""
        self.refusal = ""

    @property
    def is_answering(self) -> bool:
        return self.state is EngineState.ANSWERING

    def _load(self) -> None:
        if self.refusal:
            self.fail_load(self.refusal)
        else:
            super()._load()

    def _say_words(self, left: int) -> None:
        del left
        self.running = question_of(self.asked[-1])
        if _HELD not in self.running:
            self._later(self._reply)

    def _reply(self) -> None:
        self.say(self.reply)
        self.end()


def question_of(request: ChatRequest) -> str:
    """The last text that a person wrote."""
    return request.messages[-1].text


def reported(request: ChatRequest) -> dict[str, Any]:
    """What a test wants to know of a question."""
    return {
        "text": question_of(request),
        "system": [one.text for one in request.messages if one.role == "system"],
        "images": [Image.open(io.BytesIO(data)).size for data in request.images.values()],
        "sampling": dict(request.sampling),
    }


# What can be seen


def seen() -> dict[str, Any]:
    """Every control, text and row on the screen, by window, and what has the focus."""
    things: list[dict[str, Any]] = []
    for window in QApplication.topLevelWidgets():
        if window.isVisible():
            for widget in [window, *window.findChildren(QWidget)]:
                if widget.isVisible() and widget.window() is window:
                    things += _things(widget, window)
    focus = QApplication.focusWidget()
    active = QApplication.activeWindow()
    modal = QApplication.activeModalWidget()
    return {
        "things": things,
        "focus": _name(focus) if focus is not None else "",
        "active": active.windowTitle() if active is not None else "",
        "popup": QApplication.activePopupWidget() is not None,
        "modal": modal is not None,
        "is_heard": modal is None or active is modal,
        "title": next((one.windowTitle() for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)), ""),
    }


def _things(widget: QWidget, window: QWidget) -> list[dict[str, Any]]:
    place = _place(widget, widget.visibleRegion().boundingRect())
    basis = {"kind": type(widget).__name__, "window": window.windowTitle() or type(window).__name__}
    thing = {
        **basis,
        "name": _name(widget),
        "text": _text(widget),
        "place": place,
        "size": [widget.width(), widget.height()],
        "enabled": widget.isEnabled(),
        "lit": _lit(widget),
        "checked": isinstance(widget, QAbstractButton) and widget.isChecked(),
    }
    rows: list[tuple[str, QRect, bool, QWidget]] = []
    if isinstance(widget, QMenu):
        rows = [
            (one.text().replace("&", ""), widget.actionGeometry(one), one.isEnabled(), widget)
            for one in widget.actions()
            if one.isVisible() and not one.isSeparator()
        ]
    elif isinstance(widget, QAbstractItemView):
        model = widget.model()
        for number in range(min(model.rowCount() if model is not None else 0, 200)):
            index = model.index(number, 0)
            spoken = index.data(Qt.ItemDataRole.AccessibleTextRole) or index.data() or ""
            enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
            visible = widget.visualRect(index).intersected(widget.viewport().rect())
            rows.append((str(spoken), visible, enabled, widget.viewport()))
    of_rows = [
        {**thing, "kind": "row", "name": text, "text": text, "place": _place(where, rect), "enabled": enabled}
        for text, rect, enabled, where in rows
    ]
    return [thing, *of_rows]


def _place(widget: QWidget, rect: QRect) -> list[int] | None:
    """x, y, width and height on the screen, in its pixels; None for what is out of sight."""
    if rect.isEmpty():
        return None
    ratio = widget.devicePixelRatioF()
    corner = widget.mapToGlobal(QPoint(0, 0)) + rect.topLeft()
    return [round(side * ratio) for side in (corner.x(), corner.y(), rect.width(), rect.height())]


def _name(widget: QWidget) -> str:
    return (widget.accessibleName() or _text(widget) or type(widget).__name__).strip()


def _text(widget: QWidget) -> str:
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        return widget.toPlainText()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QLabel | QLineEdit | QAbstractButton):
        return widget.text().replace("\u00a0", " ").replace("&", "")
    own = getattr(widget, "plain_text", None)
    return str(own()) if callable(own) else ""


def _lit(widget: QWidget) -> list[str]:
    """The words that are lit up in a text."""
    if isinstance(widget, QTextEdit):
        return [one.cursor.selectedText() for one in widget.extraSelections()]
    return []


# What is asked of it


class Door(QObject):
    """Takes the lines of a test, and answers them."""

    def __init__(self, engine: ScriptedEngine, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self._left = b""
        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    def _read(self) -> None:
        came = os.read(0, 65536)
        if not came:
            self._notifier.setEnabled(False)
            QApplication.quit()
            return
        *lines, self._left = (self._left + came).split(b"\n")
        for line in lines:
            answer = self._do(json.loads(line))
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()

    def _do(self, request_line: dict[str, Any]) -> Any:
        engine = self._engine
        if "see" in request_line:
            return seen()
        if "asked" in request_line:
            return [reported(one) for one in engine.asked]
        if "sent" in request_line:
            return [base64.b64encode(data).decode() for data in engine.asked[-1].images.values()]
        if "running" in request_line:
            return engine.running if engine.is_answering else ""
        if "replies" in request_line:
            engine.reply = request_line["replies"]
        if "refuse" in request_line:
            engine.refusal = request_line["refuse"]
        if "say" in request_line:
            engine.say(request_line["say"])
        if "end" in request_line and engine.is_answering:
            engine.end()
        if "fail" in request_line:
            engine.fail(request_line["fail"])
        return True


class ScriptedApp(program.App):
    """The program, with the door beside it."""

    def __init__(self, qt: QApplication, *arguments: Any) -> None:
        super().__init__(qt, *arguments)
        engine = self.services.engine
        assert isinstance(engine, ScriptedEngine)
        QTimer.singleShot(0, lambda: Door(engine, self.window))


def survey(home: Path) -> Survey:
    """The usual one, with a model that is in the home folder besides."""
    files = ModelRef(home / "small.gguf", home / "mmproj.gguf")
    return replace(SURVEY, installed=(*SURVEY.installed, installed("small", "Small model", "LLaVA", files=files)))


if __name__ == "__main__":
    home = Path(os.environ["DESKTOP_VLM_HOME"])
    program.App = ScriptedApp  # type: ignore[assignment,misc] # that is what `run` makes
    program.LocalEngine = ScriptedEngine  # type: ignore[attr-defined,assignment]
    program.LocalModels = lambda *_: FakeModels(survey(home))  # type: ignore[attr-defined,assignment]
    sys.exit(program.run(str(home / "instance"), Command("show")))
