"""Small repositories on a hub on this computer, and a models folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_vlm.convert import ModelFiles
from desktop_vlm.models.library import ModelsFolder
from tests.hub.conftest import access, hub, hub_cache
from tests.hub.server import HubServer

__all__ = ["access", "hub", "hub_cache"]

PAIR, CHECKPOINT = "some-org/Tiny-GGUF", "some-org/Tiny"


@pytest.fixture
def folder(tmp_path: Path) -> ModelsFolder:
    return ModelsFolder(tmp_path / "models")


@pytest.fixture
def pair(model_files: Callable[..., ModelFiles]) -> ModelFiles:
    """A tiny language model and its vision projector."""
    return model_files("alpha")


@pytest.fixture
def hub_with_pair(hub: HubServer, pair: ModelFiles) -> HubServer:
    """The pair as a repository of finished files, in two types by their names."""
    files: dict[str, bytes | Path] = {
        "README.md": b"# Tiny",
        "tiny-Q4_K_M.gguf": pair.text,
        "tiny-f16.gguf": pair.text,
        "mmproj-tiny-Q8_0.gguf": pair.mmproj,
    }
    hub.add(PAIR, files)
    return hub


@pytest.fixture
def hub_with_checkpoint(hub: HubServer, hub_cache: Path, checkpoint_folder: Callable[[str], Path]) -> HubServer:
    """A checkpoint that can be converted."""
    assert not hub_cache.exists()
    found = checkpoint_folder("alpha")
    hub.add(CHECKPOINT, {path.name: path for path in found.iterdir() if path.is_file()})
    return hub
