"""An engine's process that follows a script: `python scripted_worker.py SCRIPT`.

SCRIPT is Python that is run for each question, with `send(message)`, `frames` and the question's `id`.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import Any

from desktop_vlm import __version__
from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.loaded_model import LoadedModel
from desktop_vlm.service import frames
from desktop_vlm.service.pipes import Pipes, prepare_process, take_stdio

MODEL = LoadedModel("scripted", "", 4096, Capabilities("any"), (), 1, 0, False, "Nowhere.", 0.0, 0, 0)


class Scripted:
    def __init__(self, pipes: Pipes[frames.Message]) -> None:
        self._pipes = pipes

    def receive(self, message: frames.Message) -> None:
        if isinstance(message, frames.Load):
            self._pipes.send(frames.Loaded(message.id, MODEL))
        elif isinstance(message, frames.Chat):
            threading.Thread(target=self._answer, args=(message.id,), daemon=True).start()

    def _answer(self, question: int) -> None:
        names: dict[str, Any] = {"send": self._pipes.send, "frames": frames, "id": question, "time": time, "os": os}
        exec(sys.argv[1], names)


if __name__ == "__main__":
    pipes = Pipes(*take_stdio(), frames.FrameReader(frames.ToEngine))
    prepare_process()
    pipes.send(frames.Hello(__version__, frames.PROTOCOL))
    pipes.receive(Scripted(pipes).receive)
