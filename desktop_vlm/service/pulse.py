"""A sign of life that says how far the work is: common to all processes of this program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from desktop_vlm.system import steps
from desktop_vlm.system.effort import own_effort


@dataclass(frozen=True)
class Pulse:
    """A sign of life, each second while there is work. By itself it says no more than that the process is there.

    Attributes:
        steps: how many parts of its work are done (`system.steps`).
        busy_s, waited_s, reads: what it used of the machine since its start (`system.effort.Effort`).
        on_gpu: whether it may be waiting for a GPU, or for a driver that compiles for one.
    """

    kind: ClassVar[str] = "pulse"
    steps: int = 0
    busy_s: float = 0.0
    waited_s: float = 0.0
    reads: int = 0
    on_gpu: bool = False


def pulse() -> Pulse:
    """Of this process, now."""
    effort = own_effort()
    return Pulse(steps.counted(), effort.busy_s, effort.waited_s, effort.reads, steps.waits_for_gpu())
