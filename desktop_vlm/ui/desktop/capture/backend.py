"""What takes screenshots on one kind of desktop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from desktop_vlm.ui.desktop.capture.mode import CaptureMode
from desktop_vlm.ui.pictures.intake import NewPicture


@dataclass(frozen=True)
class Outcome:
    """What a backend calls when it is done: one of these, once, on the window's thread."""

    captured: Callable[[NewPicture], None]
    cancelled: Callable[[], None]
    failed: Callable[[str], None]


class CaptureBackend(Protocol):
    """Takes screenshots."""

    def start(self, mode: CaptureMode, outcome: Outcome) -> None:
        """Capture; one at a time."""

    def cancel(self) -> None:
        """Give up what is under way, without an outcome."""
