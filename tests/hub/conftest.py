"""A hub on this computer for every test, and the ways to it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants

from desktop_vlm.hub.access import Access, Patience
from tests.hub.server import HubServer

PATIENCE = Patience(connect_s=20.0, read_s=20.0, waits_s=(0.01, 0.01, 0.01, 0.01, 0.01), longest_s=5.0)
"""With which a test tries again soon; one that waits for nothing sets a shorter `read_s`."""
CONTENT = random.Random(1).randbytes(1_000_000)


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with HubServer() as server:
        yield server


@pytest.fixture
def access(hub: HubServer) -> Access:
    return Access(hub.endpoint, patience=PATIENCE)


@pytest.fixture
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that all programs share for what they download, for this test alone."""
    cache = tmp_path / "hub-cache"
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    return cache
