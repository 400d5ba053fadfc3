"""A session while it is made: files for it, the shell, and the commands that are typed."""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from training.interfaces.terminals.grid import Ran
from training.interfaces.terminals.people import draw_prompt
from training.interfaces.terminals.recording import Person, Shell
from training.screens.phrases import Writer

_YEAR_S = 365 * 86400


@dataclass
class Maker:
    """Makes one session.

    Attributes: `work`: the folder in which it takes place; `kind`: which sort of session it is; `notes`: what
    is known of a program that has the whole screen; `filled`: whether what is made should fill the screen.
    """

    rng: random.Random
    writer: Writer
    person: Person
    geometry: tuple[int, int]
    kind: str = ""
    work: Path = Path()
    variables: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    filled: bool = False
    _shell: Shell | None = None

    @property
    def shell(self) -> Shell:
        if self._shell is None:
            self.begin()
        assert self._shell
        return self._shell

    @property
    def columns(self) -> int:
        return self.geometry[0]

    @property
    def rows(self) -> int:
        return self.geometry[1]

    def folder(self, name: str = "") -> Path:
        """Make a folder in the home, which is where the session takes place."""
        self.work = self.person.home / (name or self.noun())
        self.work.mkdir(parents=True, exist_ok=True)
        for parent in (self.work, *self.work.parents):
            if parent != self.person.home and self.person.home in parent.parents:
                self._owned(parent)
        if self._shell and self._shell.folder_now != str(self.work):
            self.run(f"cd {self._way()}")
        return self.work

    def _way(self) -> str:
        """The shortest way to the folder from where the shell is."""
        now = self._shell.folder_now if self._shell else ""
        if str(self.work).startswith(now + "/"):
            return str(self.work)[len(now) + 1 :]
        if self.work == self.person.home:
            return self.rng.choice(("", "~")) or "~"
        return f"~/{self.work.relative_to(self.person.home)}"

    def begin(self, prompt: str = "", *, walk: float = 0.4) -> None:
        """Start the shell there, or at home: then its first command goes there."""
        if self.work == Path():
            self.work = self.person.home
        walks = self.work != self.person.home and self.rng.random() < walk
        prompt = prompt or draw_prompt(self.rng, root=self.person.name == "root")
        start = self.person.home if walks else self.work
        self._shell = Shell(self.person, start, prompt, *self.geometry, variables=self.variables)
        if walks:
            self.run(f"cd {self.work.relative_to(self.person.home)}")

    def close(self) -> None:
        """End the shell and set the person free."""
        if self._shell:
            self._shell.close()
        if self.person.lock >= 0:
            os.close(self.person.lock)

    def many(self, least: int, most: int) -> int:
        """How many lines or things there are: so many, or as many as fill the screen."""
        if self.filled:
            return self.rng.randint(max(least, int(0.7 * self.rows)), max(most, self.rows + 8))
        return self.rng.randint(least, most)

    def noun(self) -> str:
        return str(self.writer.slot("noun"))

    def nouns(self, count: int) -> list[str]:
        """Different ones."""
        found = list(dict.fromkeys(self.noun() for _ in range(3 * count)))
        return [one for one in found if one.isascii() and one.isalpha()][:count]

    def name(self, *endings: str) -> str:
        """A file's name with one of these endings."""
        stem = self.noun()
        if self.rng.random() < 0.35:
            stem += self.rng.choice("_-") + self.rng.choice((self.noun(), str(self.rng.randrange(1, 2027))))
        return stem + self.rng.choice(endings or (".txt", ".md", ".csv", ".log", ".pdf", ".png", ".json", ".py", ".sh"))

    def file(self, name: str, text: str | bytes = "", *, mode: int = 0o644, old: bool = False) -> Path:
        """Write a file below the folder; an `old` one has some date of the last years."""
        path = self.work / name
        for parent in reversed(path.relative_to(self.work).parents):
            (self.work / parent).mkdir(exist_ok=True)
            self._owned(self.work / parent)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        path.chmod(mode)
        self._owned(path)
        if old:
            self.age(path)
        return path

    def age(self, path: Path) -> None:
        then = time.time() - self.rng.random() ** 2 * 3 * _YEAR_S
        os.utime(path, (then, then))

    def _owned(self, path: Path) -> None:
        os.chown(path, self.person.uid, self.person.gid)

    def before(self, *commands: Sequence[str], **variables: str) -> None:
        """Run something that is not seen, as the person, in the folder."""
        environment = {"HOME": str(self.person.home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", **variables}
        for command in commands:
            subprocess.run(command, cwd=self.work, env=environment, user=self.person.uid, group=self.person.gid,
                           capture_output=True, timeout=20, check=False)  # fmt: skip

    def run(self, command: str) -> Ran:
        return self.shell.run(command)

    def some(self, commands: Sequence[str], least: int, most: int) -> None:
        """Run some of these, in this order."""
        count = min(len(commands), self.rng.randint(least, most))
        chosen = sorted(self.rng.sample(range(len(commands)), count))
        for place in chosen:
            self.run(commands[place])

    def show(self, command: str, *keys: str, wait_s: float = 0.5) -> None:
        self.shell.show(command, keys, wait_s=wait_s)
