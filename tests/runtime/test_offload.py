"""Where a model's layers are."""

from __future__ import annotations

import pytest

from desktop_vlm.runtime import offload
from desktop_vlm.runtime.offload import layers_on_gpu


@pytest.mark.parametrize(("asked", "there"), [(-1, 33), (0, 0), (7, 7), (33, 33), (99, 33)])
def test_layers_on_gpus_are_those_asked_for_as_far_as_there_are_any(
    asked: int, there: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offload, "gpu_devices", list)
    assert layers_on_gpu(asked, 32) == 0
    monkeypatch.setattr(offload, "gpu_devices", lambda: ["CUDA0"])
    assert layers_on_gpu(asked, 32) == there
