"""Whether other processes still run."""

from __future__ import annotations

from pathlib import Path


def is_running(pid: int) -> bool:
    """Whether that process exists and has not ended; one that its parent has not collected yet has ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False  # there is none, or it was collected while we were reading
    return stat.rpartition(")")[2].split()[0] not in "ZX"
