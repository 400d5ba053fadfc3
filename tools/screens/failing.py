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
