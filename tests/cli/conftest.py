"""A hub on this computer, for the commands that download."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_vlm.convert import ModelFiles
from desktop_vlm.models.library import ModelsFolder
from tests.hub.conftest import hub, hub_cache
from tests.hub.server import HubServer

__all__ = ["hub", "hub_cache"]

REPO = "some-org/Tiny-GGUF"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelsFolder:
    """A person's own folders, all empty; the models folder of them."""
    monkeypatch.setenv("DESKTOP_VLM_HOME", str(tmp_path / "home"))
    return ModelsFolder(tmp_path / "home" / "data" / "models")


@pytest.fixture
def hub_with_pair(hub: HubServer, model_files: Callable[..., ModelFiles], monkeypatch: pytest.MonkeyPatch) -> HubServer:
    """A repository of finished files, which the environment leads to."""
    files = model_files("alpha")
    hub.add(REPO, {"tiny-Q4_K_M.gguf": files.text, "mmproj-tiny-Q8_0.gguf": files.mmproj})
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setattr("desktop_vlm.hub.tokens.stored_token", lambda _: None)
    return hub
