"""Small repositories on a hub on this computer, and a models folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_vlm.convert import ModelFiles
from desktop_vlm.hub.access import Access, Patience
from desktop_vlm.models.library import ModelsFolder
from tests.hub.server import HubServer

PATIENCE = Patience(connect_s=1.0, read_s=0.5, waits_s=(0.01, 0.01), longest_s=1.0)
"""With which a test gives up soon."""
PAIR, CHECKPOINT = "some-org/Tiny-GGUF", "some-org/Tiny"


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with HubServer() as server:
        yield server


@pytest.fixture
def access(hub: HubServer) -> Access:
    return Access(hub.endpoint, patience=PATIENCE)


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
def hub_with_checkpoint(hub: HubServer, checkpoint_folder: Callable[[str], Path]) -> HubServer:
    """A checkpoint that can be converted."""
    found = checkpoint_folder("alpha")
    hub.add(CHECKPOINT, {path.name: path for path in found.iterdir() if path.is_file()})
    return hub
