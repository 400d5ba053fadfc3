"""The hub's fixtures, for checkpoints that come from there."""

from __future__ import annotations

from tests.hub.conftest import access, hub, hub_cache

__all__ = ["access", "hub", "hub_cache"]
