"""Where the running program listens: a place that belongs to this person alone."""

from __future__ import annotations

import getpass
import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from desktop_vlm.system.paths import HOME_VARIABLE, Paths

_NAME = "desktop-vlm"


def instance_name(environment: Mapping[str, str] = os.environ) -> str:
    """Path of the socket; on Windows the pipe's name.

    It has no version in it, so that an update meets the program that still runs. Another `DESKTOP_VLM_HOME` is
    another program: it has conversations of its own.
    """
    paths = Paths.of_user(environment)
    home = _short_hash(str(paths.config)) if environment.get(HOME_VARIABLE) else ""
    name = "-".join(filter(None, [_NAME, home]))
    if sys.platform == "win32":  # names of pipes are shared by everybody on the machine
        return f"{name}-{_short_hash(getpass.getuser())}"
    return str(_private_folder(environment, paths) / f"{name}.socket")


def _private_folder(environment: Mapping[str, str], paths: Paths) -> Path:
    """The first folder that nobody else can put a socket into."""
    runtime = environment.get("XDG_RUNTIME_DIR")
    if runtime and _is_private(Path(runtime)):
        return Path(runtime)
    # Under `su` and in bare sessions there is none, or it is another person's. A path of a socket must be short
    # (104 bytes on macOS), so the folder for temporary files comes before our own.
    temporary = Path(tempfile.gettempdir()) / f"{_NAME}-{os.getuid()}"
    for folder in (temporary, paths.state):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        if _is_private(folder):
            return folder
    return paths.state


def _is_private(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & 0o077


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:12]
