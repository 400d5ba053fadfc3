"""Puts the program into the desktop's menu, and takes it out again without a trace."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.border.files import utf8_or_refuse
from desktop_vlm.system.bounded.json_text import read_json
from desktop_vlm.system.desktop_files.entries import login_entry, menu_entry
from desktop_vlm.system.desktop_files.folders import DesktopFolders
from desktop_vlm.system.desktop_files.icons import icon_folder
from desktop_vlm.system.desktop_files.metainfo import metainfo
from desktop_vlm.system.desktop_files.program import program_command

_log = logging.getLogger(__name__)

_TOOL_PATIENCE_S = 20

Run = Callable[[Sequence[str]], None]


def run_if_present(words: Sequence[str]) -> None:
    """Run one of the desktop's own tools; without it the desktop finds out by itself, a little later."""
    tool = shutil.which(words[0])
    if tool is None:
        return
    try:
        subprocess.run([tool, *words[1:]], capture_output=True, check=False, timeout=_TOOL_PATIENCE_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.warning("%s did not work: %s", words[0], error)


@dataclass
class _Record:
    """What was made, in the order it was made.

    Attributes:
        files: written by us.
        caches: made by the desktop's tools because of our files.
        folders: made for them.
    """

    files: list[str] = field(default_factory=list)
    caches: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, file: Path) -> _Record:
        """The record of the last time; an empty one if there is none that can be read."""
        try:
            lists = read_json(file, "", most_bytes=1 << 20, file_names=True)
            return cls(*([str(Path(one)) for one in lists[name]] for name in ("files", "caches", "folders")))
        except (UserError, ValueError, KeyError, TypeError):
            return cls()

    def keep(self, file: Path) -> None:
        self.make_folder(file.parent)
        file.write_text(json.dumps(vars(self), indent=2) + "\n", encoding="utf-8")

    def make_folder(self, folder: Path) -> None:
        """Make a folder and those above it, remembering the new ones."""
        if folder.is_dir():
            return
        self.make_folder(folder.parent)
        folder.mkdir()
        if str(folder) not in self.folders:
            self.folders.append(str(folder))

    def write(self, file: Path, content: bytes) -> None:
        self.make_folder(file.parent)
        file.write_bytes(content)
        if str(file) not in self.files:
            self.files.append(str(file))


_PLACE = "The folder that the program is in has a name that is not UTF-8 text, which no menu entry can hold; move it."


def install(
    folders: DesktopFolders, *, at_login: bool = False, program: Sequence[str] = (), run: Run = run_if_present
) -> list[Path]:
    """Write the menu entry, the icons, the description and, if requested, what starts the program at login.

    May be done again, as after the program was moved. Returns the files.

    Raises:
        UserError: a file cannot be written.
    """
    program = program or program_command()
    files = {folders.menu_entry: utf8_or_refuse(menu_entry(program), _PLACE), folders.metainfo: metainfo().encode()}
    sources = icon_folder()
    if sources:
        files |= {place: source.read_bytes() for place, source in folders.icons(sources).items()}
    if at_login:
        files[folders.login_entry] = utf8_or_refuse(login_entry(program), _PLACE)
    record = _Record.read(folders.record)
    try:
        try:
            for file, content in files.items():
                record.write(file, content)
            _tell_desktop(folders, record, run)
        finally:  # half of it can be removed, too
            record.keep(folders.record)
    except OSError as error:
        raise UserError(f"{error.filename} could not be written: {error.strerror}.") from None
    return list(files)


def remove(folders: DesktopFolders, *, run: Run = run_if_present) -> list[Path]:
    """Delete what `install` wrote, and what starts the program at login; returns the files.

    Raises:
        UserError: a file cannot be deleted.
    """
    record = _Record.read(folders.record)
    removed = []
    try:
        for file in dict.fromkeys([*map(Path, record.files), folders.login_entry]):
            if file.exists():
                file.unlink()
                removed.append(file)
        if removed:
            _tell_desktop(folders, record, run)
        for cache in map(Path, record.caches):
            if cache.exists() and len(cache.read_text(encoding="utf-8").splitlines()) <= 1:  # nobody else's either
                cache.unlink()
        folders.record.unlink(missing_ok=True)
        for folder in sorted(map(Path, record.folders), reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
    except OSError as error:
        raise UserError(f"{error.filename} could not be deleted: {error.strerror}.") from None
    return removed


def _tell_desktop(folders: DesktopFolders, record: _Record, run: Run) -> None:
    """Have the desktop take notice: of file types by its tool, of icons by the age of the theme's folder."""
    applications = folders.menu_entry.parent
    cache = applications / "mimeinfo.cache"
    is_new = not cache.exists()
    if applications.is_dir():
        run(["update-desktop-database", str(applications)])
    if is_new and cache.exists() and str(cache) not in record.caches:
        record.caches.append(str(cache))
    if folders.icon_theme.is_dir():
        os.utime(folders.icon_theme)
