"""What a way to a picture of the screen is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from desktop_vlm.ui.desktop.capture.mode import CaptureMode
from desktop_vlm.ui.pictures.intake import NewPicture


@dataclass(frozen=True)
class Outcome:
    """What a way calls when it is done: one of these, once, on the window's thread."""

    captured: Callable[[NewPicture], None]
    cancelled: Callable[[], None]
    failed: Callable[[str], None]


class CaptureWay(Protocol):
    """One way to a picture of the screen."""

    def start(self, mode: CaptureMode, outcome: Outcome) -> None:
        """Capture; one at a time."""

    def cancel(self) -> None:
        """Give up what is under way, without an outcome."""
