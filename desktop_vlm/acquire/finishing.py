"""The last steps of making a model, however it is made: checksums are reported, and its folder holds nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from desktop_vlm.acquire.pace import Pace
from desktop_vlm.api.progress import JobListener, JobProgress
from desktop_vlm.models.record import Record
from desktop_vlm.system import steps


def telling(total_bytes: int, progress: JobListener) -> Callable[[int], None]:
    """Adds up the bytes that were read, and reports."""
    done_bytes, pace = 0, Pace()

    def tell(n_bytes: int) -> None:
        nonlocal done_bytes
        done_bytes += n_bytes
        steps.count()
        progress(JobProgress("verify", done_bytes, total_bytes, *pace.at(done_bytes, total_bytes)))

    return tell


def clean(work: Path, record: Record) -> None:
    """Leave nothing in the folder but the model."""
    kept = {one.path for one in record.files}
    for path in list(work.iterdir()):
        if path.name not in kept:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
