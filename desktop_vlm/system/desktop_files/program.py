"""How the desktop starts this very program: the absolute path of what runs now, and options."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path


def program_command() -> list[str]:
    """The words that start the installed program.

    The script beside the interpreter where there is one: its name is what task managers show. On Windows the
    interpreter without a console, since the script would open one.
    """
    interpreter = Path(sys.executable)
    if sys.platform == "win32":
        quiet = interpreter.with_name("pythonw.exe")
        return [str(quiet if quiet.exists() else interpreter), "-m", "desktop_vlm"]
    script = interpreter.with_name("desktop-vlm")
    return [str(script)] if script.exists() else [str(interpreter), "-m", "desktop_vlm"]


def window_command(*options: str, program: Sequence[str] = ()) -> list[str]:
    """The words that start the window, or reach the one that runs."""
    return [*(program or program_command()), "window", *options]
