"""A session bus that the desktop's own programs are not on."""

from __future__ import annotations

import subprocess
from pathlib import Path

_CONFIGURATION = Path(__file__).with_name("session_bus.conf")


class SessionBus:
    """A session bus of our own, which starts no programs.

    Attributes:
        address: for programs that shall use it.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [
                "dbus-run-session",
                f"--config-file={_CONFIGURATION}",
                "--",
                "sh",
                "-c",
                "echo $DBUS_SESSION_BUS_ADDRESS; exec cat",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()

    def end(self) -> None:
        if self._process.returncode is None:
            self._process.communicate(timeout=60)  # its input ends, and the session with it
