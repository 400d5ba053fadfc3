"""Cross-attention layers on one device, rows on another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from desktop_vlm.backend import Model
from desktop_vlm.engine.ggml.device import cpu_device

PICTURE = Image.linear_gradient("L").resize((112, 56))


def test_rows_on_another_device_travel_to_the_weights_and_back(
    load_model: Callable[[str], Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when llama.cpp computes a long prompt's layers on a graphics card whose weights are the processor's."""
    model = load_model("alpha")
    ids = [5, 6, model.n_vocab, *range(20, 60)]
    expected = model.next_logits(ids, PICTURE)
    model.forget()
    elsewhere = replace(cpu_device(), name="CUDA0")
    monkeypatch.setattr("desktop_vlm.engine.vision_half.device_of_buffer", lambda _: elsewhere)
    assert np.array_equal(model.next_logits(ids, PICTURE), expected)
    one_more = model.next_logits([*ids, 60], PICTURE)
    monkeypatch.undo()
    model.forget()
    model.next_logits(ids, PICTURE)
    assert np.array_equal(model.next_logits([*ids, 60], PICTURE), one_more)
