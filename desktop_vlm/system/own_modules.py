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


def forget_current_folder(package_folder: Path) -> None:
    """Have `python -m` find modules where they are installed only; it looks in the current folder before all others.

    Args:
        package_folder: of this program. Where it was itself found in the current folder, a checkout, that one stays,
            behind all others.
    """
    if sys.flags.safe_path or not sys.path:
        return
    first = Path(sys.path[0] or ".").absolute()
    if first == Path.cwd():
        del sys.path[0]
        if first == package_folder.parent and str(first) not in sys.path:
            sys.path.append(str(first))
