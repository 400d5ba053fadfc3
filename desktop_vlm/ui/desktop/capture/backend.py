"""What takes screenshots on one kind of desktop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from desktop_vlm.ui.desktop.capture.mode import CaptureMode, Purpose
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.pictures.intake import NewPicture

Ask = Callable[[Callable[[], None]], None]
"""Has the desktop ask the person; what it is given is called afterwards, whatever was answered."""


@dataclass(frozen=True)
class Outcome:
    """What a backend calls when it is done: one of these, once, on the window's thread.

    Attributes:
        captured: with a picture to ask about.
        cancelled: the person gave up.
        failed: with a sentence.
        taken: with a picture that is to be copied or saved instead; None where that is not asked for, so that no tools
            for pictures are offered.
        shows_tools: whether a selection waits with tools beside it, and goes on at once with Shift; else it is the
            other way round.
        unasked: instead of all these: the desktop asks whether screenshots are allowed, but only while our window
            is in front. `start` is to be called again after that. None where that cannot be done.
    """

    captured: Callable[[NewPicture], None]
    cancelled: Callable[[], None]
    failed: Callable[[str], None]
    taken: Callable[[NewPicture, Purpose], None] | None = None
    shows_tools: bool = False
    unasked: Callable[[Ask], None] | None = None


class CaptureBackend(Protocol):
    """Takes screenshots."""

    def start(self, mode: CaptureMode, outcome: Outcome) -> None:
        """Capture; one at a time."""

    @property
    def last_region(self) -> Region | None:
        """Where the last capture was taken; None where the desktop does not say."""

    def cancel(self) -> None:
        """Give up what is under way, without an outcome."""
