"""Scenes of what goes wrong while a question is answered."""

from __future__ import annotations

import os
import signal

from desktop_vlm.ui.engine.local import LocalEngine
from tools.event_loop import spin
from tools.screens.scenes import scene
from tools.screens.stage import Stage, spin_until


@scene("engine-crashed")
def engine_crashed(stage: Stage) -> None:
    """The engine was killed in the middle of an answer."""
    stage.window.composer.text.setPlainText("Write a long story about a fox.")
    stage.window.draft.send()
    spin_until(lambda: bool(stage.assistant.messages) and len(stage.assistant.messages[-1].text) > 60)
    engine = stage.app.services.engine
    assert isinstance(engine, LocalEngine)
    os.kill(engine.pid, signal.SIGKILL)
    spin_until(lambda: not stage.assistant.busy)
    spin(500)


@scene("repeats-itself")
def repeats_itself(stage: Stage) -> None:
    """The answer went on with the same words, and was ended: the engine's are put in for the model's own."""
    engine = stage.app.services.engine
    assert isinstance(engine, LocalEngine)
    requests: list[int] = []
    engine.text_arrived.connect(lambda request, _text: requests.append(request))
    stage.window.composer.text.setPlainText("Tell me a long story about a fox.")
    stage.window.draft.send()
    spin_until(lambda: bool(requests))
    engine.text_arrived.emit(requests[0], " that is the latest news" * 30)
    spin_until(lambda: not stage.assistant.busy)
