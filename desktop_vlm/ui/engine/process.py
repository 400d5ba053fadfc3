"""The engine's process: how it is run, and how patient to be with it."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_vlm.service.child import child_command


def worker_command() -> tuple[str, ...]:
    """The program and arguments that run `desktop_vlm.service.worker`."""
    return child_command("desktop_vlm.service.worker")


@dataclass(frozen=True)
class Limits:
    """How patient to be, in seconds.

    Attributes:
        start_s: until the process has said hello, which takes long from a cold disk.
        silence_s: without any sign of life while it works; it sends one each second.
        stop_s: until a stop has taken effect.
        crashes, crashes_s: so many crashes in so many seconds end the automatic restarts.
    """

    start_s: float = 60.0
    silence_s: float = 10.0
    stop_s: float = 2.0
    crashes: int = 3
    crashes_s: float = 60.0
