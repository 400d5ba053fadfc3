"""The engine's process: how it is run, and how patient to be with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject

from desktop_vlm.service import frames, watchdog
from desktop_vlm.service.child import child_command
from desktop_vlm.ui.child_process import ChildProcess


def worker_command() -> tuple[str, ...]:
    """The program and arguments that run `desktop_vlm.service.worker`."""
    return child_command("desktop_vlm.service.worker")


@dataclass(frozen=True)
class Limits:
    """How patient to be, in seconds.

    Attributes:
        start_s: until the process has said hello, which takes long from a cold disk.
        silence_s: without any sign of life while it works; it sends one each second.
        idle_s, computing_s: without getting on while it does nothing, or computes (`service.watchdog.Patience`).
        idle_on_gpu_s, computing_on_gpu_s: the same where a GPU may be at work.
        stop_s: until a stop has taken effect.
        crashes, crashes_s: so many crashes in so many seconds end the automatic restarts.
    """

    start_s: float = 60.0
    silence_s: float = 10.0
    idle_s: float = watchdog.IDLE_S
    computing_s: float = watchdog.COMPUTING_S
    idle_on_gpu_s: float = watchdog.IDLE_ON_GPU_S
    computing_on_gpu_s: float = watchdog.COMPUTING_ON_GPU_S
    stop_s: float = 2.0
    crashes: int = 3
    crashes_s: float = 60.0

    @property
    def patience(self) -> watchdog.Patience:
        """With work under way."""
        return watchdog.Patience(
            self.silence_s, self.idle_s, self.computing_s, self.idle_on_gpu_s, self.computing_on_gpu_s
        )


def worker_process(command: Sequence[str], limits: Limits, parent: QObject) -> ChildProcess:
    """A process of the engine that is not started yet; of answers' text the one who asks knows how much may come."""
    return ChildProcess(
        command,
        frames.FrameReader(frames.FromEngine),
        start_s=limits.start_s,
        patience=limits.patience,
        uncounted=(frames.Chunk,),
        parent=parent,
    )
