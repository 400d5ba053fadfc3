"""How a module of this program is run as a process of its own, so that nothing comes from the current folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_SAFE_PATH = "-P"
"""Python looks for modules neither in the current folder nor beside the script."""


def child_command(module: str) -> tuple[str, ...]:
    """The program and arguments that run one of our modules as a child; nothing of its work is among them."""
    return sys.executable, _SAFE_PATH, "-m", module


def script_command(script: Path) -> tuple[str, ...]:
    """The same for a file that imports nothing of this program."""
    return sys.executable, _SAFE_PATH, str(script)


def child_folder() -> str:
    """Where children run: a folder into which nobody else can put a library for ggml to find."""
    return str(Path(sys.executable).parent) if os.name == "nt" else "/"
