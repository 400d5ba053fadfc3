"""Scenes of the quick window, over everything else, and of the notice beside it."""

from __future__ import annotations

from desktop_vlm.images.legibility import TOO_SMALL_ANSWER
from desktop_vlm.ui.app.quick_questions import QuickQuestions
from desktop_vlm.ui.pictures.intake import NewPicture, read_source
from desktop_vlm.ui.pictures.sources import FileSource
from desktop_vlm.ui.quick_window import QuickWindow
from desktop_vlm.ui.quick_window.text_notice import TextNotice
from tools.event_loop import spin
from tools.screens.materials import MARKDOWN, dialog
from tools.screens.scenes import scene
from tools.screens.stage import Stage, spin_until


def open_quick(stage: Stage) -> QuickWindow:
    """With a capture, and nothing asked yet."""
    integration = stage.app.open_desktop_integration(lambda: None)
    questions: QuickQuestions = integration._questions  # noqa: SLF001
    quick = questions._quick  # noqa: SLF001
    file = stage.folder / "update.png"
    dialog("Update ready", "Restart to finish the update.", "Later", "Restart").save(str(file))
    picture = next(one for one in read_source(FileSource(file)) if isinstance(one, NewPicture))
    questions.open_with(picture)
    spin_until(quick.isVisible)
    spin(600)
    return quick


@scene("quick", loads=False)
def quick(stage: Stage) -> None:
    """A capture, and nothing asked yet."""
    open_quick(stage)


@scene("quick-asked", loads=False)
def quick_asked(stage: Stage) -> None:
    """The model reads the image."""
    shown = open_quick(stage)
    shown.answer.show_question("What does it say?")
    shown.show_progress("Looking at the picture, 40 %")
    spin(300)


@scene("quick-answer")
def quick_answer(stage: Stage) -> None:
    """The answer of the bundled model, to its end."""
    shown = open_quick(stage)
    shown.prompt.field.setPlainText("What is the title?")
    shown.prompt.entered.emit()
    spin_until(lambda: stage.assistant.busy)
    spin_until(lambda: not stage.assistant.busy)
    spin(500)


@scene("quick-too-small", loads=False)
def quick_too_small(stage: Stage) -> None:
    """The text was too small for the model: the picture can be cropped."""
    shown = open_quick(stage)
    shown.answer.show_question("What is the total?")
    shown.show_answer(TOO_SMALL_ANSWER, streaming=False)
    shown.offer_crop(is_marked=False)
    spin(500)


@scene("quick-long-answer", loads=False)
def quick_long_answer(stage: Stage) -> None:
    """An answer that is longer than its room."""
    shown = open_quick(stage)
    shown.answer.show_question("Why does the build fail?")
    shown.show_answer("\n\n".join([MARKDOWN] * 3), streaming=False)
    spin(800)


@scene("quick-error", loads=False)
def quick_error(stage: Stage) -> None:
    """The engine crashed."""
    shown = open_quick(stage)
    shown.answer.show_question("What does it say?")
    shown.show_error("The engine crashed (signal 9). Ask again: it starts again.")
    spin(300)


@scene("text-notice", loads=False)
def text_notice(stage: Stage) -> None:
    """Text of the screen was copied."""
    notice = TextNotice(stage.app.services.theme)
    notice.say(
        "scan-text", "Text copied", "Update ready\nRestart to finish the update.", [("As a table", lambda: None)]
    )
    spin(400)
