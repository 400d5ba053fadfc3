"""Where a model's layers are."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from desktop_vlm.runtime import offload
from desktop_vlm.runtime.offload import layers_on_gpu, n_devices


@pytest.mark.parametrize(("asked", "there"), [(-1, 33), (0, 0), (7, 7), (33, 33), (99, 33)])
def test_layers_on_gpus_are_those_asked_for_as_far_as_there_are_any(
    asked: int, there: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offload, "gpu_devices", list)
    assert layers_on_gpu(asked, 32) == 0
    monkeypatch.setattr(offload, "gpu_devices", lambda: ["CUDA0"])
    assert layers_on_gpu(asked, 32) == there


@pytest.mark.parametrize(
    ("on_gpus", "split", "n_gpus", "expected"),
    [
        (0, (), 0, 1),
        (0, (), 2, 1),
        (33, (), 1, 1),
        (32, (), 1, 2),  # the output layer stays with the processor
        (33, (), 2, 2),
        (33, (33, 0), 2, 1),
        (33, (20, 13), 2, 2),
        (20, (10, 10), 2, 3),
    ],
)
def test_devices_that_hold_layers_are_counted(
    on_gpus: int, split: Sequence[int], n_gpus: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offload, "gpu_devices", lambda: ["GPU"] * n_gpus)
    assert n_devices(on_gpus, 32, split) == expected
