"""What is known to be on the disk, kept beside it, so that a run which was killed anywhere is continued by the next."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.gguf_file import flush_folder
from desktop_vlm.system.bounded.json_text import read_json_object

_FORMAT = 1
_MOST_BYTES, _MOST_TASKS = 64 << 20, 10_000_000


@dataclass
class Ledger:
    """What is done and never has to be done again, unless a file turns out to be damaged.

    Attributes:
        plan: what it is about; another plan's ledger is worth nothing.
        done: numbers of the tasks that are done.
        current: number of the task that is not done, but was begun; -1 for none.
        current_rows: how many of its rows are done.
        hashed: of every file, how many bytes are hashed, and the state of the hash there.
        damaged: files that arrived damaged once.
    """

    plan: str
    done: set[int] = field(default_factory=set)
    current: int = -1
    current_rows: int = 0
    hashed: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    damaged: set[str] = field(default_factory=set)

    def rows_done(self, task: int) -> int:
        """How many rows are done of a task that is not done."""
        return self.current_rows if task == self.current else 0

    def note(self, task: int, rows: int, *, is_done: bool) -> None:
        """So many rows of a task are done; perhaps all."""
        if is_done:
            self.done.add(task)
        self.current, self.current_rows = (-1, 0) if is_done else (task, rows)

    def forget_tasks(self, tasks: Iterable[int]) -> None:
        """They have to be done again."""
        forgotten = set(tasks)
        self.done -= forgotten
        if self.current in forgotten:
            self.current, self.current_rows = -1, 0

    def save(self, path: Path) -> None:
        """Write it so that it is never half there, and is on the disk afterwards.

        Raises:
            OSError: the disk is full, or cannot be written.
        """
        content = {
            "format": _FORMAT,
            "plan": self.plan,
            "done": _runs(self.done),
            "current": [self.current, self.current_rows],
            "hashed": {file: [n_bytes, state.hex()] for file, (n_bytes, state) in self.hashed.items()},
            "damaged": sorted(self.damaged),
        }
        fresh = path.with_name(f"{path.name}.new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        flush_folder(path.parent)

    @classmethod
    def load(cls, path: Path, plan: str) -> Ledger | None:
        """The ledger at `path`; `None` where there is none of this plan."""
        try:
            content = read_json_object(path, "", most_bytes=_MOST_BYTES, file_names=True)
            if content["format"] != _FORMAT or content["plan"] != plan:
                return None
            runs = [(int(first), int(end)) for first, end in content["done"]]
            if sum(max(0, end - first) for first, end in runs) > _MOST_TASKS:
                return None
            done = {number for first, end in runs for number in range(first, end)}
            hashed = {file: (int(n), bytes.fromhex(state)) for file, (n, state) in content["hashed"].items()}
            current, rows = content["current"]
            return cls(plan, done, int(current), int(rows), hashed, set(content["damaged"]))
        except (UserError, ValueError, KeyError, TypeError, AttributeError):
            return None


def _runs(numbers: Iterable[int]) -> list[list[int]]:
    """Sorted numbers as [first, end) pairs."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number:
            runs[-1][1] += 1
        else:
            runs.append([number, number + 1])
    return runs
