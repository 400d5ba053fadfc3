"""Which programs are run for `programs.py`: how each is started, what people call it, and what is never clicked."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from training.interfaces.running.examples import EXAMPLES
from training.interfaces.running.games import GAMES
from training.interfaces.running.listed import LISTED


@dataclass(frozen=True)
class Program:
    """A program.

    Attributes:
        command: its name and arguments; `{text}` and the like become a file of `files.py`.
        noun: what people call its window.
        name: how its windows' titles call it.
    """

    command: str
    noun: str
    name: str

    @property
    def binary(self) -> str:
        """What is started, which may be a path."""
        return shlex.split(self.command)[0]

    @property
    def key(self) -> str:
        """What it is called in names of files."""
        return Path(self.binary).name


def _parsed(lines: str) -> tuple[Program, ...]:
    return tuple(Program(*(part.strip() for part in line.split("|"))) for line in lines.strip().splitlines())


PROGRAMS = (*_parsed(LISTED), *_parsed(GAMES), *_parsed(EXAMPLES))

NEVER = ("quit", "exit", "close", "log out", "restart", "shut", "delete", "remove", "erase", "trash", "print", "web",
         "online", "homepage", "donate", "report", "bug", "contents", "handbook", "kill", "stop", "end process", "burn",
         "format", "minimize", "maximize", "fullscreen", "full screen", "hide", "eject", "send", "about qt", "mail",
         "terminal", "file manager", "folder", "language", "translate", "community", "switch application")  # fmt: skip
"""Parts of what controls say that are not clicked, in lower case."""

WELCOME = ("preferences", "settings", "configure", "options", "about", "find", "search", "replace", "new", "properties",
           "add", "import", "export", "customize", "shortcuts", "plugins", "filter", "go to", "sort", "insert",
           "save as", "open", "edit", "statistics", "information", "manage", "tools", "profile", "rename",
           "columns")  # fmt: skip
"""Parts of menu entries that are likely to open a dialog."""
