"""A file that is being fetched, as the threads share it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from desktop_vlm.hub.listing import HubFile
from desktop_vlm.hub.partial import Part, Partial
from desktop_vlm.hub.refusals import About


@dataclass
class FileTask:
    """A file to be fetched.

    Attributes:
        file: as listed.
        target: where it belongs.
        url: where to ask for it.
        about: what to say when it cannot be had.
        partial: its content so far.
        waiting: parts that nobody fetches yet.
        running: how many threads are at it.
        is_known: a server has begun to send it in this run.
        restarts: how often its content was dropped.
        was_damaged: its digest was wrong once.
    """

    file: HubFile
    target: Path
    url: str
    about: About
    partial: Partial
    waiting: deque[Part] = field(default_factory=deque)
    running: int = 0
    is_known: bool = False
    restarts: int = 0
    was_damaged: bool = False

    @property
    def is_free(self) -> bool:
        """Whether another thread can do something for it."""
        return not self.running or (self.is_known and bool(self.waiting))
