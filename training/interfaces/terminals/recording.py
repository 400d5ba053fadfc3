"""Shells that really run in a pseudo-terminal, and what stands on their screens then: `pyte` keeps the grid."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import tempfile
import termios
import time
from dataclasses import dataclass, field
from pathlib import Path

import pyte

from training.interfaces.terminals.grid import Cell, Grid, Ran

_MARK = re.compile(rb"\x1b\]777;(\d+);([^\x07]*)\x07|\x1b\]778;\x07")
"""What the shell writes before its prompt (exit status and folder) and behind it; nobody sees it."""
_OTHER_SCREEN = re.compile(rb"\x1b\[\?(?:1049|1047|47)h")
_IGNORED = re.compile(
    rb"\x1b\[\?(?:1049|1047|47)l|\x1b\[\?(?:100\d|101\d|2004|12|25|69)[hl]|\x1b\[>?[0-9;]*c|\x1b\[[56]n"
    rb"|\x1b\][0-9]+;[^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[=>]|\x1bP[^\x1b]*\x1b\\|\x1b\[[0-9;]*t|\x1bk[^\x1b]*\x1b\\|\x07"
)
"""Questions to the terminal, titles, bells and modes, of which nothing is seen."""
_QUIET_S = 0.05
_PART = re.compile(rb"\x1b(?:[\[(>?0-9;]*|\][^\x07\x1b]{0,300})$")


class ShellError(RuntimeError):
    """A command did not come to its end."""


@dataclass
class Person:
    """Who is logged in where. `home` is a real folder; `lock`: an open file that says that the person is taken.

    One who is called root seems to be root, but is somebody else for the system.
    """

    name: str
    uid: int
    gid: int
    home: Path
    host: str
    lock: int = -1


@dataclass
class Shell:
    """One that waits for commands.

    Attributes:
        prompt: as bash writes PS1, `\\H` being the host's name.
        data: all bytes that an emulator is to show.
        ran: commands with the rows that they printed, counted from the very first.
    """

    person: Person
    folder: Path
    prompt: str
    columns: int
    rows: int
    variables: dict[str, str] = field(default_factory=dict)
    data: bytes = b""
    ran: list[Ran] = field(default_factory=list)
    full: str = ""
    """The command of the program that has the whole screen, if one has."""

    def __post_init__(self) -> None:
        self._screen = pyte.HistoryScreen(self.columns, self.rows, history=4000, ratio=0.5)
        self._stream = pyte.ByteStream(self._screen)
        self._rest = b""
        self._ends: list[tuple[int, str, int]] = []
        self._asked = 0
        self._place = (0, 0)
        self._settings = Path(tempfile.mkdtemp(prefix="shell-"))
        self._settings.chmod(0o755)
        start = self._settings / "start"
        start.write_text(self._script())
        start.chmod(0o644)
        environment = {
            "HOME": str(self.person.home), "USER": self.person.name, "LOGNAME": self.person.name,
            "SHELL": "/bin/bash",
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/games:/usr/sbin:/sbin", "TERM": "screen-256color",
            "LANG": "C.UTF-8", "PAGER": "cat", "GIT_PAGER": "cat", "LESS": "", "MANPAGER": "less", "NO_COLOR_": "1",
            "NO_AT_BRIDGE": "1", "GIT_CONFIG_NOSYSTEM": "1", **self.variables,
        }  # fmt: skip
        self._pid, self._file = pty.fork()
        if self._pid == 0:
            try:
                os.chdir(self.folder)
                os.setgroups([])
                os.setgid(self.person.gid)
                os.setuid(self.person.uid)
                shell = ["bash", "--rcfile", str(start), "-i"]
                if self.person.name == "root":  # in a namespace of its own, where it may do no more than the person
                    shell = ["unshare", "--map-root-user", *shell]
                os.execvpe(shell[0], shell, environment)
            finally:
                os._exit(1)
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", self.rows, self.columns, 0, 0))
        self._await(6.0)

    def _script(self) -> str:
        prompt = self.prompt.replace("\\H", self.person.host)
        return (
            "bind 'set enable-bracketed-paste off'\nHISTFILE=\nPROMPT_COMMAND='"
            r'printf "\033]777;%s;%s\007" "$?" "$PWD"'
            f"'\nPS1='{prompt}\\[\\e]778;\\a\\]'\nalias ls='ls --color=auto' grep='grep --color=auto'\n"
            "unset MAILCHECK command_not_found_handle\nshopt -s checkwinsize\n"
        )

    def close(self) -> None:
        """End it with all that it started."""
        for group in (self._group(), self._pid):
            with contextlib.suppress(OSError):
                os.killpg(group, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self._file)
        shutil.rmtree(self._settings, ignore_errors=True)

    def _group(self) -> int:
        try:
            return os.tcgetpgrp(self._file)
        except OSError:
            return self._pid

    def run(self, command: str, *, most_s: float = 20.0) -> Ran:
        """Type a command and wait for the prompt after it. Raises ShellError."""
        row, column = self._place
        _, folder, began = self._ends[-1]
        lines = self.lines()
        prompts = lines[began - self.before : row - self.before + 1] if began >= self.before else []
        os.write(self._file, command.encode())
        self._read(_QUIET_S, 2.0)
        end = self._row()
        shown = self.lines()[row - self.before] if row >= self.before else ""
        os.write(self._file, b"\r")
        self._await(most_s)
        status, _, stopped = self._ends[-1]
        ran = Ran(command, shown[:column], tuple(prompts), row, end + 1, stopped, status, folder)
        self.ran.append(ran)
        return ran

    def show(self, command: str, keys: tuple[str, ...] = (), *, wait_s: float = 0.5, most_s: float = 5.0) -> None:
        """Start a program that takes the whole screen, and press keys in it, one after the other."""
        os.write(self._file, command.encode())
        self._read(_QUIET_S, 2.0)
        os.write(self._file, b"\r")
        self._read(wait_s, most_s)
        for key in keys:
            os.write(self._file, key.encode())
            self._read(wait_s / 2, most_s)
        self.full = command
        if len(self._ends) > len(self.ran) + 1:
            raise ShellError(f"{command} is over: {self.lines()}")

    @property
    def before(self) -> int:
        """How many rows have left the screen at its top."""
        return len(self._screen.history.top)

    def _row(self) -> int:
        return int(self.before + self._screen.cursor.y)

    @property
    def lines_written(self) -> int:
        return self._row() + 1

    @property
    def folder_now(self) -> str:
        return self._ends[-1][1]

    def lines(self) -> list[str]:
        """What stands on the screen, without blanks at the ends."""
        return [line.rstrip() for line in self._screen.display]

    def grid(self) -> Grid:
        """The screen as it is now."""
        rows = []
        for number in range(self.rows):
            line = self._screen.buffer[number]
            rows.append(tuple(_cell(line[column]) for column in range(self.columns)))
        ran = tuple(one.moved(-self.before) for one in self.ran)
        place = (self._screen.cursor.y, min(self._screen.cursor.x, self.columns - 1))
        prompt = "" if self.full else self.lines()[place[0]][: self._screen.cursor.x]
        _, folder, began = self._ends[-1]
        return Grid(tuple(rows), place, ran, prompt, self.full, self.person.name, self.person.host, folder,
                    began - self.before, str(self.person.home))  # fmt: skip

    def _await(self, most_s: float) -> None:
        """Read until the next prompt."""
        self._asked += 1
        limit = time.monotonic() + most_s
        while self._count < self._asked:
            if time.monotonic() > limit or not self._some(max(0.0, limit - time.monotonic())):
                raise ShellError("no prompt came")

    def _read(self, quiet_s: float, most_s: float) -> None:
        """Read until nothing has come for so long."""
        limit = time.monotonic() + most_s
        while time.monotonic() < limit and self._some(quiet_s):
            pass

    _count = 0

    def _some(self, wait_s: float) -> bool:
        """Read what there is; whether there was something."""
        if not select.select([self._file], [], [], wait_s)[0]:
            return False
        try:
            part = os.read(self._file, 65536)
        except OSError:
            raise ShellError("the shell ended") from None
        if not part:
            return False
        self._feed(self._rest + part)
        return True

    def _feed(self, data: bytes) -> None:
        cut = _PART.search(data)
        self._rest = data[cut.start() :] if cut else b""
        data = data[: cut.start()] if cut else data
        at = 0
        for mark in _MARK.finditer(data):
            self._show(data[at : mark.start()])
            at = mark.end()
            if mark[1] is not None:
                self._ends.append((int(mark[1]), os.fsdecode(mark[2]), self._row()))
            else:
                self._place = (self._row(), self._screen.cursor.x)
                self._count += 1
        self._show(data[at:])

    def _show(self, data: bytes) -> None:
        data = _IGNORED.sub(b"", _OTHER_SCREEN.sub(b"\x1b[H\x1b[2J", data))
        self.data += data
        self._stream.feed(data)


def _cell(char: pyte.screens.Char) -> Cell:
    hidden = char.fg == char.bg != "default"
    return Cell(
        " " if hidden else char.data or " ",
        (char.fg, char.bg, char.bold, char.reverse, char.underscore or char.strikethrough),
    )
