"""What to capture, and what for."""

from __future__ import annotations

from enum import StrEnum


class CaptureMode(StrEnum):
    """What to capture; the values are for command lines and settings.

    REGION: what the person selects.
    SCREEN: the whole screen under the pointer, at once.
    WINDOW: the window under the pointer with its title bar, at once; where windows are not known (Windows, macOS)
        or none is there, the person selects.
    LAST: the same region as the last time, at once; the person selects if there was none.
    """

    REGION = "region"
    SCREEN = "screen"
    WINDOW = "window"
    LAST = "last"


class Purpose(StrEnum):
    """What becomes of a capture.

    ASK: it goes where the caller wants it, to be asked about.
    COPY: into the clipboard.
    SAVE: into a file.
    """

    ASK = "ask"
    COPY = "copy"
    SAVE = "save"
