"""How far work is, reported to whoever asked for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

StageProgress = Callable[[str, float], None]
"""Called with a stage ("load", "encode" or "prefill") and its fraction, 0 to 1; may raise `Cancelled`."""


@dataclass(frozen=True)
class JobProgress:
    """How far a long job is.

    Attributes:
        stage: `ask` (the hub is asked), `download`, `convert` (with downloading, where both go together), `verify`,
            `copy` or `scan`.
        done_bytes, total_bytes: of all stages that move bytes together; a total of 0 is not known.
        rate: bytes per second lately; 0 where not known.
        seconds_left: None where not known.
        note: what it is at, such as a file's name.
    """

    stage: str
    done_bytes: int = 0
    total_bytes: int = 0
    rate: float = 0.0
    seconds_left: float | None = None
    note: str = ""


JobListener = Callable[[JobProgress], None]
"""Called often; may raise `Cancelled`, which ends the job."""
