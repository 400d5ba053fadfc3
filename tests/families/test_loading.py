"""A second try with less, when memory does not suffice after all."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from desktop_vlm import backend
from desktop_vlm.api.errors import OutOfMemoryError
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.convert import ModelFiles
from desktop_vlm.families import loading
from desktop_vlm.families.mllama.vision_weights import Resident
from desktop_vlm.runtime.memory import Placement
from desktop_vlm.runtime.session import Session


@pytest.fixture
def placements() -> list[Placement]:
    """The placements that were tried."""
    return []


def failing(placements: list[Placement], failures: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the first `failures` loads run out of memory."""

    def session(text: Any, mmproj: Any, placement: Placement, **rest: Any) -> Any:
        placements.append(placement)
        if len(placements) <= failures:
            raise OutOfMemoryError("CUDA0 has no room for 123 MiB more.")
        return Session(text, mmproj, placement, **rest)

    monkeypatch.setattr(loading, "Session", session)


def test_a_load_that_runs_out_of_memory_is_tried_once_with_less(
    model_files: Callable[..., ModelFiles], placements: list[Placement], monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(placements, 1, monkeypatch)
    files = model_files("alpha")
    with backend.load(files.text, files.mmproj, n_ctx=512) as model:
        assert [placement.vision_resident for placement in placements] == [True, False]
        assert "did not fit" in model.placement
        assert model.encode(Image.new("RGB", (30, 30))).states.shape[0] == 4


def test_the_second_failure_is_said(
    model_files: Callable[..., ModelFiles], placements: list[Placement], monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(placements, 2, monkeypatch)
    files = model_files("alpha")
    with pytest.raises(OutOfMemoryError, match="no room for 123 MiB"):
        backend.load(files.text, files.mmproj, n_ctx=512)
    assert len(placements) == 2


def test_where_nothing_can_be_left_out_there_is_no_second_try(
    model_files: Callable[..., ModelFiles], placements: list[Placement], monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(placements, 1, monkeypatch)
    with pytest.raises(OutOfMemoryError):
        backend.load(model_files("alpha").text, n_ctx=512)
    assert len(placements) == 1


def test_an_image_that_does_not_fit_beside_the_weights_is_encoded_without_them(
    model_files: Callable[..., ModelFiles], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = model_files("alpha")
    image = Image.linear_gradient("L").resize((90, 40))
    with backend.load(files.text, files.mmproj, n_ctx=512) as model:
        expected = model.encode(image).states

        def full(_self: Resident, name: str) -> Any:
            raise OutOfMemoryError(f"no room at {name}")

        monkeypatch.setattr(Resident, "block", full)
        assert np.array_equal(model.encode(image).states, expected)
        assert np.array_equal(model.encode(image).states, expected)


@pytest.mark.parametrize(("kind", "setting"), [("F32", "0"), ("Q8_0", None)])
def test_kernels_wait_for_each_other_where_weights_are_in_f32(
    kind: str, setting: str | None, model_files: Callable[..., ModelFiles], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GGML_CUDA_PDL", "1")  # so that it is put back
    monkeypatch.delenv("GGML_CUDA_PDL")
    text_path = model_files("alpha", kind).text
    loading.load(ModelRef(text_path), LoadOptions(n_ctx=64, n_batch=64, n_gpu_layers=0, n_threads=1)).session.close()
    assert os.environ.get("GGML_CUDA_PDL") == setting
