"""How far a conversion is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop_vlm.hub.progress import DownloadProgress


@dataclass(frozen=True)
class Progress:
    """What has been written so far, over all files of the run that are not finished already.

    Attributes:
        done_bytes: written.
        total_bytes: to be written in all.
        current: name of the tensor being written; empty when a file is complete.
        file: name of the file being written.
        download: of a checkpoint that is fetched at the same time, how far that is.
    """

    done_bytes: int
    total_bytes: int
    current: str
    file: str
    download: DownloadProgress | None = None


Listener = Callable[[Progress], None]
"""Called after every few megabytes; it may raise `desktop_vlm.api.errors.Cancelled` to stop the conversion."""
