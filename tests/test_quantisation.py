"""Every type converts and loads, and the finer ones stay closer to F32."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm import backend
from desktop_vlm.convert import FILE_TYPES, ModelFiles
from tests.goldens import prompt

SLOW = tuple(kind for kind in FILE_TYPES if kind.startswith("IQ"))
"""Types whose values are searched for, twenty times as long as others: with a smaller model."""

SHORT = [1, 5, 9, 70, 200, 300]
"""A prompt for it."""


def divergence(files: ModelFiles, ids: list[int], images: list[Image.Image], expected: NDArray[np.float32]) -> float:
    """Mean Kullback-Leibler divergence from the F32 distribution over the prompt's tokens, in nats."""
    found = logits(files, ids, images)

    def log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
        x: NDArray[np.float64] = logits.astype(np.float64) - logits.max(-1, keepdims=True)
        x -= np.log(np.exp(x).sum(-1, keepdims=True))
        return x

    p, q = log_softmax(expected), log_softmax(found)
    return float((np.exp(p) * (p - q)).sum(-1).mean())


def logits(files: ModelFiles, ids: list[int], images: list[Image.Image]) -> NDArray[np.float32]:
    with backend.load(files.text, files.mmproj, n_ctx=256, n_threads=1) as model:
        found: NDArray[np.float32] = model.logits(ids, images)
    return found


def test_divergence_from_f32(model_files: Callable[..., ModelFiles], capsys: pytest.CaptureFixture[str]) -> None:
    ids, images, expected = prompt("alpha", "picture")
    found: dict[str, float] = {}
    sizes: dict[str, int] = {}
    for kind in (one for one in FILE_TYPES if one not in SLOW):
        files = model_files("alpha", kind)
        sizes[kind] = files.text.stat().st_size + files.mmproj.stat().st_size
        found[kind] = divergence(files, ids, images, expected)
    with capsys.disabled():
        print(f"\n{'type':8}{'bytes':>12}{'divergence from F32, nats':>28}")
        for kind in sorted(found, key=lambda kind: found[kind]):
            print(f"{kind:8}{sizes[kind]:12,}{found[kind]:28.6f}")
    assert found["F32"] < 1e-9
    order = ["F32", "F16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "Q3_K_M", "Q2_K"]
    assert [found[kind] for kind in order] == sorted(found[kind] for kind in order)
    for better, worse in (("F16", "BF16"), ("Q6_K", "Q5_0"), ("Q5_0", "Q4_0"), ("Q5_1", "Q4_1")):
        assert found[better] < found[worse]


def test_divergence_of_types_that_are_searched_for(model_files: Callable[..., ModelFiles]) -> None:
    exact = logits(model_files("delta"), SHORT, [])
    found = {kind: divergence(model_files("delta", kind), SHORT, [], exact) for kind in (*SLOW, "Q8_0", "Q2_K")}
    assert len(SLOW) == 4
    for kind in SLOW:
        assert found["Q8_0"] < found[kind] < found["Q2_K"]
    assert max(found["IQ4_NL"], found["IQ4_XS"]) < min(found["IQ3_M"], found["IQ3_S"])
