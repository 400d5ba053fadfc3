"""How far work is, reported to whoever asked for it."""

from __future__ import annotations

from collections.abc import Callable

StageProgress = Callable[[str, float], None]
"""Called with a stage ("load", "encode" or "prefill") and its fraction, 0 to 1; may raise `Cancelled`."""
