"""What a process used of the machine: by it, one that waits for a slow disk or computes differs from one that hangs."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Effort:
    """What a process used since its start.

    Attributes:
        busy_s: of processors, all its threads together.
        waited_s: for a turn on a processor, because others had theirs; 0 where the system does not say.
        reads: how often something had to be brought from a disk or the network: pages of files and blocks.
    """

    busy_s: float = 0.0
    waited_s: float = 0.0
    reads: int = 0


def own_effort() -> Effort:
    """Of this process."""
    reads = 0
    if sys.platform != "win32":
        import resource  # not on Windows

        used = resource.getrusage(resource.RUSAGE_SELF)
        reads = used.ru_majflt + used.ru_inblock
    return Effort(time.process_time(), _waited_s("self"), reads)


def effort_of(pid: int) -> Effort:
    """Of another process; nothing where the system does not say, or it has ended. Linux only."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        # Its name, in parentheses, may hold anything; what follows are numbers (proc_pid_stat(5)).
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])
        return Effort(ticks / os.sysconf("SC_CLK_TCK"), _waited_s(str(pid)), int(fields[9]))
    return Effort()


def _waited_s(process: str) -> float:
    """The second number of every thread's `schedstat`: nanoseconds on a run queue."""
    waited_ns = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            with contextlib.suppress(OSError):
                waited_ns += int((thread / "schedstat").read_text(encoding="ascii").split()[1])
    return waited_ns / 1e9
