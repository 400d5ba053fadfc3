"""Start at login, as a switch: one small class for each platform, and the two functions for the settings.

Those of Windows and macOS are tested against fakes only, on no real machine.
"""

from __future__ import annotations

import configparser
import importlib
import plistlib
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.bounded.files import read_bytes, read_text
from desktop_vlm.system.desktop_files import APPLICATION_ID
from desktop_vlm.system.desktop_files.entries import NAME, login_entry
from desktop_vlm.system.desktop_files.folders import DesktopFolders
from desktop_vlm.system.desktop_files.program import program_command, window_command


class Autostart(Protocol):
    """What every platform can do."""

    def is_on(self) -> bool: ...

    def set_on(self, on: bool) -> None:
        """Raises OSError when the platform refuses."""


def is_on() -> bool:
    """Whether the program starts at login."""
    return _of_platform().is_on()


def set_on(on: bool) -> None:
    """Have the program start at login, hidden, or not any more.

    Raises:
        UserError: the platform refuses.
    """
    try:
        _of_platform().set_on(on)
    except OSError as error:
        raise UserError(f"Start at login could not be changed: {error.strerror or error}.") from None


def _of_platform() -> Autostart:
    if sys.platform == "win32":
        return RunKey(importlib.import_module("winreg"), program_command())
    if sys.platform == "darwin":
        return LaunchAgent(Path.home() / "Library" / "LaunchAgents", program_command())
    return LoginEntry(DesktopFolders.of_user().login_entry, program_command())


class LoginEntry:
    """Linux: an entry in the folder `autostart`."""

    def __init__(self, file: Path, program: Sequence[str]) -> None:
        self._file = file
        self._program = program

    def is_on(self) -> bool:
        """Desktops switch an entry off by a key inside it rather than by deleting it."""
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string(read_text(self._file, most_bytes=1 << 20))
            entry = parser["Desktop Entry"]
        except (UserError, ValueError, KeyError, configparser.Error):
            return False
        return entry.get("Hidden", "") != "true" and entry.get("X-GNOME-Autostart-enabled", "") != "false"

    def set_on(self, on: bool) -> None:
        if not on:
            self._file.unlink(missing_ok=True)
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(login_entry(self._program), encoding="utf-8")


class RunKey:
    """Windows: a value of the key `Run` of this person's registry."""

    _KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"

    def __init__(self, winreg: Any, program: Sequence[str]) -> None:
        self._winreg = winreg
        self._program = program

    def is_on(self) -> bool:
        try:
            with self._winreg.OpenKey(self._winreg.HKEY_CURRENT_USER, self._KEY) as key:
                self._winreg.QueryValueEx(key, NAME)
        except FileNotFoundError:
            return False
        return True

    def set_on(self, on: bool) -> None:
        with self._winreg.CreateKeyEx(self._winreg.HKEY_CURRENT_USER, self._KEY, 0, self._winreg.KEY_SET_VALUE) as key:
            if on:
                line = subprocess.list2cmdline(window_command("--hidden", program=self._program))
                self._winreg.SetValueEx(key, NAME, 0, self._winreg.REG_SZ, line)
                return
            with suppress(FileNotFoundError):  # it was off
                self._winreg.DeleteValue(key, NAME)


class LaunchAgent:
    """macOS: a property list in the folder `LaunchAgents`, read at the next login."""

    def __init__(self, folder: Path, program: Sequence[str]) -> None:
        self._file = folder / f"{APPLICATION_ID}.plist"
        self._program = program

    def is_on(self) -> bool:
        try:
            agent = plistlib.loads(read_bytes(self._file, 1 << 20))
        except (UserError, ValueError, plistlib.InvalidFileException):
            return False
        return bool(agent.get("RunAtLoad", False)) and not agent.get("Disabled", False)

    def set_on(self, on: bool) -> None:
        if not on:
            self._file.unlink(missing_ok=True)
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        agent = {
            "Label": APPLICATION_ID,
            "ProgramArguments": window_command("--hidden", program=self._program),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
        self._file.write_bytes(plistlib.dumps(agent))
