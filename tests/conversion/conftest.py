"""The hub's fixtures, for checkpoints that come from there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop_vlm.conversion.streaming.limits import Limits
from tests.hub.conftest import access, hub, hub_cache

__all__ = ["access", "hub", "hub_cache"]

BEGINNING_BYTES = 16 << 10
"""Of tiny files, so much is read for their headers."""


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    """Pieces and a window for tiny files; a test may choose others."""

    def choose(piece_bytes: int, window_bytes: int) -> None:
        limits = Limits(piece_bytes, window_bytes, save_bytes=window_bytes // 4)
        monkeypatch.setattr("desktop_vlm.conversion.streaming.run.LIMITS", limits)
        monkeypatch.setattr("desktop_vlm.conversion.streaming.remote_weights.BEGINNING_BYTES", BEGINNING_BYTES)

    choose(200_000, 800_000)
    return choose
