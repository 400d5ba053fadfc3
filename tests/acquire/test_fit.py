"""How a plan is said to a person."""

from __future__ import annotations

import pytest

from desktop_vlm.acquire.fit import fit_of
from desktop_vlm.api.options import LoadOptions
from desktop_vlm.families.registry import families
from desktop_vlm.models.catalogue import find
from desktop_vlm.runtime.planner import DeviceBudget, plan

GB = 10**9


@pytest.mark.parametrize(
    ("gpu_gb", "main_gb", "kind", "words"),
    [
        (24, 64, "gpu", ["Fits CUDA0: ", " GB of it."]),
        (6, 64, "partly", ["Fits CUDA0 partly: ", " of 33 layers, ", "the rest is in main memory."]),
        (0, 64, "cpu", ["Runs on the processor, in 8"]),
        (0, 4, "no", ["Too large for this computer: main memory has 4.0 GB free of the "]),
    ],
)
def test_a_plan_becomes_a_sentence(gpu_gb: int, main_gb: int, kind: str, words: list[str]) -> None:
    model = find("llama-3.2-11b-vision")
    assert model
    usual = model.types[0]
    shapes = [one.published_shape(model.published, usual.text, usual.vision) for one in families()]
    (shape,) = [one for one in shapes if one]
    gpus = [DeviceBudget("CUDA0", gpu_gb * GB)] if gpu_gb else []
    chosen = plan(shape, gpus, main_gb * GB, LoadOptions())
    found = fit_of(model, usual, shape, chosen, gpus, main_gb * GB)
    assert (found.name, found.text_type, found.kind) == (model.name, "Q4_K_M", kind)
    for one in words:
        assert one in found.sentence
    assert 6.9 * GB < found.needed_bytes < 10 * GB  # at its most modest, the encoder is streamed
