"""Processes of this program by themselves, and what the system's tables say of one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import TracebackType

import pytest

from desktop_vlm import __version__
from desktop_vlm.service import frames
from desktop_vlm.system.own_modules import child_command

_LISTEN = "0A"


class Child:
    """One of the program's processes; `with` ends it."""

    def __init__(self, module: str) -> None:
        self._process = subprocess.Popen(
            child_command(f"desktop_vlm.service.{module}"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._module = module

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    @property
    def pid(self) -> int:
        return self._process.pid

    def greets(self) -> bool:
        """Whether it says something: those that are spoken to first are."""
        assert self._process.stdin
        assert self._process.stdout
        if self._module == "worker":
            for piece in frames.encode(frames.Hello(__version__, frames.PROTOCOL)):
                self._process.stdin.write(piece)
            self._process.stdin.flush()
        if self._module == "job":  # which answers to its job only
            return True
        return bool(os.read(self._process.stdout.fileno(), 1))


def words_of(pid: int) -> list[str]:
    """The arguments of a process."""
    return [os.fsdecode(word) for word in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[:-1]]


def listening(pid: int) -> list[str]:
    """Where a process listens: addresses of TCP, and the names of local sockets."""
    own = set()
    try:
        links = list(Path(f"/proc/{pid}/fd").iterdir())
    except PermissionError:
        pytest.skip("the process hides from everybody but root what it has open")
    for link in links:
        target = str(link.readlink()) if link.is_symlink() else ""
        if target.startswith("socket:["):
            own.add(target[8:-1])
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/self/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTEN and fields[9] in own:
                found.append(fields[1])
    for line in Path("/proc/self/net/unix").read_text(encoding="utf-8", errors="replace").splitlines()[1:]:
        fields = line.split()
        if fields[3] == "00010000" and fields[6] in own:
            found.append(fields[7] if len(fields) > 7 else "unnamed")
    return found
