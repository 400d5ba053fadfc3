"""Scenes of asking: questions that wait, an edited question, and one that came back with its quick action."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tools.event_loop import spin
from tools.screens.materials import receipt
from tools.screens.scenes import scene
from tools.screens.stage import Stage, spin_until

_LONG = "Write a long story about a fox."


def _send(stage: Stage, text: str) -> None:
    stage.window.composer.text.setPlainText(text)
    stage.window.draft.send()
    spin(300)


def _fill_queue(stage: Stage) -> None:
    """One conversation is answered, another waits, a third is unread."""
    stage.ask("Say yes.")
    stage.window.new_conversation()
    _send(stage, _LONG)
    stage.window.new_conversation()
    _send(stage, "What is on the screen?")
    _send(stage, "And in one word?")


@scene("queue")
def queue(stage: Stage) -> None:
    """Questions wait; rows of the list say so, and stop and send are both there."""
    _fill_queue(stage)
    stage.window.composer.text.setPlainText("A third one")
    spin(200)


@scene("queue-left")
def queue_left(stage: Stage) -> None:
    """What waited when the program ended."""
    _fill_queue(stage)
    stage.assistant.queue.clear()
    stage.assistant.stop()
    spin_until(lambda: not stage.assistant.busy)
    spin(200)


@scene("editing")
def editing(stage: Stage) -> None:
    """A question is being changed."""
    stage.ask("Say yes.")
    stage.window.pane.edit_last_question()
    stage.window.setFocus(Qt.FocusReason.OtherFocusReason)
    stage.window.pane.edit_last_question()
    spin(200)


@scene("taken-back")
def taken_back(stage: Stage) -> None:
    """A question came back with its picture and its quick action."""
    _send(stage, _LONG)
    file = stage.folder / "receipt.png"
    receipt(file)
    stage.attach(file)
    action = next(one for one in stage.app.services.offered_actions if one.id == "describe")
    stage.window.draft.run_action(action)
    spin_until(lambda: bool(stage.assistant.queue.waiting))
    stage.assistant.withdraw(stage.assistant.queue.waiting[0].answer_id)
    spin_until(lambda: bool(stage.window.composer.pictures))
    spin(300)
