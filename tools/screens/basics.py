"""Scenes of the first minute: nothing asked yet, a conversation, what the model sees, an error."""

from __future__ import annotations

from collections.abc import Callable

from tools.event_loop import spin
from tools.screens.materials import MARKDOWN, dialog, terminal
from tools.screens.scenes import scene
from tools.screens.stage import Stage, spin_until


@scene("welcome")
def welcome(_stage: Stage) -> None:
    """The demo is loaded, nothing was asked."""


@scene("loading", loads=False)
def nothing_loaded(_stage: Stage) -> None:
    """Before a model is loaded."""


@scene("conversation")
def conversation(stage: Stage) -> None:
    """An answer with code and a table, and others in the list."""
    for title in ("Totals of March", "Which button saves?", "Formula on page 4"):
        stage.kept(title, [("What is this?", "A dialog with two buttons.")])
    terminal(stage.folder / "build.png")
    stage.prepared("Why does the build fail?", "Why does the build fail?", MARKDOWN, stage.folder / "build.png")


@scene("question-with-images")
def question_with_images(stage: Stage) -> None:
    """Images in the question, and the panel of what the model sees."""
    files = []
    for name, pixmap in {
        "disk full.png": dialog("Disk full", "Save to another drive and try again.", "Retry", "Cancel"),
        "update.png": dialog("Update ready", "Restart to finish the update.", "Later", "Restart"),
    }.items():
        pixmap.save(str(stage.folder / name))
        files.append(stage.folder / name)
    stage.attach(*files)
    stage.window.composer.text.setPlainText("Which of these two can wait?")
    stage.window.toggle_panel()
    spin_until(lambda: not stage.assistant.pictures.view.is_preparing)


@scene("broken-image")
def broken_image(stage: Stage) -> None:
    """A file that is no image was dropped."""
    file = stage.folder / "notes.png"
    file.write_bytes(b"not an image")
    stage.window.draft.take_files([file])
    spin(1500)


@scene("row-menu")
def row_menu(stage: Stage) -> Callable[[], object]:
    """The context menu of a conversation."""
    stage.kept("Totals of March", [("What is this?", "A dialog with two buttons.")])
    stage.assistant.conversations_changed.emit()
    spin(500)
    sidebar = stage.window.sidebar
    row = sidebar.list.visualRect(sidebar.list.model().index(1, 0)).center()
    return lambda: sidebar.list.customContextMenuRequested.emit(row)
