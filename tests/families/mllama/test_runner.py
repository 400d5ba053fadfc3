"""Cross-attention layers on one device, rows on another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from desktop_vlm.api.errors import OutOfMemoryError
from desktop_vlm.backend import Model
from desktop_vlm.families.mllama.runner import MllamaRunner
from desktop_vlm.runtime.ggml.device import cpu_device

IMAGE = Image.linear_gradient("L").resize((112, 56))


def test_rows_on_another_device_travel_to_the_weights_and_back(
    load_model: Callable[[str], Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when llama.cpp computes a long prompt's layers on a GPU whose weights are the processor's."""
    model = load_model("alpha")
    ids = [5, 6, model.n_vocab, *range(20, 60)]
    expected = model.next_logits(ids, IMAGE)
    model.forget()
    elsewhere = replace(cpu_device(), name="CUDA0")
    monkeypatch.setattr("desktop_vlm.families.mllama.runner.device_of_buffer", lambda _: elsewhere)
    assert np.array_equal(model.next_logits(ids, IMAGE), expected)
    one_more = model.next_logits([*ids, 60], IMAGE)
    monkeypatch.undo()
    model.forget()
    model.next_logits(ids, IMAGE)
    assert np.array_equal(model.next_logits([*ids, 60], IMAGE), one_more)


def test_a_stream_that_is_not_llama_cpps_is_waited_for(
    load_model: Callable[[str], Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, whose library does not show llama.cpp's streams."""
    model = load_model("alpha")
    ids = [5, model.n_vocab, *range(20, 30)]
    expected = [model.next_logits(ids[:end], IMAGE) for end in range(4, len(ids) + 1)]
    model.forget()
    vision = model._session.vision
    assert isinstance(vision, MllamaRunner)
    waits: list[None] = []
    for context in vision._cross_contexts():
        monkeypatch.setattr(context.backend, "in_order", False)
        monkeypatch.setattr(context.backend, "wait", lambda: waits.append(None))
    for end, logits in zip(range(4, len(ids) + 1), expected, strict=True):
        assert np.array_equal(model.next_logits(ids[:end], IMAGE), logits)
    assert len(waits) == 2 * len(expected)  # cross-attention layers, passes
    assert all(getattr(handler, "launch", None) is None for handler in vision._cross_handlers.values())


def test_an_encoder_that_could_not_be_made_is_made_for_the_next_image(
    load_model: Callable[[str], Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load_model("alpha")
    expected = model.encode(IMAGE).states
    vision = model._session.vision
    assert isinstance(vision, MllamaRunner)
    assert vision._encoder is not None
    make = vision._make_encoder

    def no_room(*_: object) -> None:
        raise OutOfMemoryError("no room")

    monkeypatch.setattr(vision._encoder, "encode", no_room)
    monkeypatch.setattr(vision, "_make_encoder", no_room)
    with pytest.raises(OutOfMemoryError):
        model.encode(IMAGE)
    assert vision._encoder is None
    monkeypatch.setattr(vision, "_make_encoder", make)
    assert np.array_equal(model.encode(IMAGE).states, expected)
    vision._encoder_is_resident = True
