"""Scenes of what leaves: exports, answers, and everything in one file."""

from __future__ import annotations

import time
from collections.abc import Callable

from desktop_vlm.api.text_layer import Box
from desktop_vlm.backup import Contents
from desktop_vlm.images.text_layer.sensitive import Finding
from desktop_vlm.ui.conversation.answer import AnswerWidget
from desktop_vlm.ui.redaction.export_dialogs import ExportQuestion, ReadingProgress
from desktop_vlm.ui.window.backup_dialogs import RestoreQuestion, WorkProgress
from desktop_vlm.ui.window.export_job import ExportProgress
from tools.event_loop import spin
from tools.screens.materials import MARKDOWN, terminal
from tools.screens.scenes import scene
from tools.screens.stage import Stage

_WRITTEN_AT = time.mktime((2026, 11, 3, 18, 30, 0, 0, 0, -1))
_JSON = '```json\n{"shop": "Green Market", "items": [{"name": "Bread", "price": 3.2}]}\n```'


def _conversation(stage: Stage, answer: str = MARKDOWN) -> None:
    terminal(stage.folder / "build.png")
    stage.prepared("Why does the build fail?", "Why does the build fail?", answer, stage.folder / "build.png")
    spin(600)


@scene("export-menu", loads=False)
def export_menu(stage: Stage) -> Callable[[], object]:
    """The ways in which a conversation leaves."""
    _conversation(stage)
    button = stage.window.top_bar._export  # noqa: SLF001
    return lambda: button.menu().popup(button.mapToGlobal(button.rect().bottomLeft()))


@scene("export-question", loads=False)
def export_question(stage: Stage) -> None:
    """Private text was found in the images that are exported."""
    _conversation(stage)
    mail = Finding("email", "bob@example.com", (), (Box(0, 0, 10, 10),))
    phone = Finding("phone", "+49 30 1234567", (), (Box(0, 0, 10, 10),))
    question = ExportQuestion({"a": (mail, phone), "b": (mail,)}, stage.window)
    question.open()
    spin(300)


@scene("export-reading", loads=False)
def export_reading(stage: Stage) -> None:
    """Images are read before that."""
    _conversation(stage)
    reading = ReadingProgress(12, stage.window)
    reading.show_count(5)
    reading.open()
    spin(300)


@scene("export-progress", loads=False)
def export_progress(stage: Stage) -> None:
    """A long export."""
    _conversation(stage)
    progress = ExportProgress("Export", stage.window)
    progress.show_count(3, 8)
    progress.open()
    spin(300)


@scene("answer-menu", loads=False)
def answer_menu(stage: Stage) -> Callable[[], object]:
    """What can be done with an answer that holds JSON."""
    _conversation(stage, _JSON)
    answer = stage.window.findChildren(AnswerWidget)[-1]
    return answer._open_menu  # noqa: SLF001


@scene("backup-progress", loads=False)
def backup_progress(stage: Stage) -> None:
    """Everything is being written into one file."""
    _conversation(stage)
    progress = WorkProgress("Backing up", stage.window)
    progress.show_part(0.62)
    progress.open()
    spin(300)


@scene("restore-question", loads=False)
def restore_question(stage: Stage) -> None:
    """What a backup holds, and whether it is added or takes the place of what is here."""
    _conversation(stage)
    question = RestoreQuestion(Contents(_WRITTEN_AT, "0.9", 214, 82_000_000, ()), stage.window)
    question.open()
    spin(300)
