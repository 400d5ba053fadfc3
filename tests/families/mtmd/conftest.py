"""Tiny models of the families that libmtmd runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_vlm import backend
from desktop_vlm.runtime.session import Session
from tests.checkpoints.families import FAMILY_CHECKPOINTS
from tests.families.mtmd.gguf_pairs import write_pair
from tests.golden.make_family_inputs import RESIZED


@pytest.fixture(scope="session")
def family_files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Path]]:
    """Name of a tiny checkpoint -> its language model and vision projector in F32."""
    root = tmp_path_factory.mktemp("families")

    def files(name: str) -> tuple[Path, Path]:
        folder = root / name
        if not folder.exists():
            write_pair({**RESIZED, **FAMILY_CHECKPOINTS}[name], folder)
        return folder / "text.gguf", folder / "mmproj.gguf"

    return files


@pytest.fixture(scope="module")
def load_family(family_files: Callable[[str], tuple[Path, Path]]) -> Iterator[Callable[[str], backend.Model]]:
    """Name of a tiny checkpoint -> its F32 model, loaded once for a module."""
    loaded: dict[str, backend.Model] = {}

    def load(name: str) -> backend.Model:
        if name not in loaded:
            loaded[name] = backend.load(*family_files(name), n_ctx=512, n_threads=1)
        loaded[name].forget()
        return loaded[name]

    yield load
    for model in loaded.values():
        model.close()


def session_of(model: backend.Model) -> Session:
    """What a loaded model is made of."""
    return model._session
