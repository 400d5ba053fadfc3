"""Weights between two runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")

from training.export import Run  # noqa: E402
from training.mix import mix  # noqa: E402
from training.vision_encoder import ModelConfig  # noqa: E402

MODEL = ModelConfig()


def run(value: float, step: int, model: ModelConfig = MODEL) -> Run:
    return Run({"weight": torch.full((2, 3), value)}, model, {"step": step})


def test_a_mixture_lies_between_both() -> None:
    found = mix(run(1.0, 7), run(3.0, 9), 0.25)
    assert found.weights["weight"].tolist() == [[1.5] * 3] * 2
    assert (found.model, found.progress) == (MODEL, {"step": 9})


def test_other_sizes_and_shares_are_refused() -> None:
    other = replace(MODEL, cross_after=(1, 2))
    with pytest.raises(ValueError, match="same model"):
        mix(run(1.0, 1, other), run(2.0, 2), 0.5)
    with pytest.raises(ValueError, match=r"between 0 and 1, not 1\.5"):
        mix(run(1.0, 1), run(2.0, 2), 1.5)
