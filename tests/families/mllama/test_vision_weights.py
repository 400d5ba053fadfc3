"""Weights that stay, and weights that come when their turn comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PIL import Image

from desktop_vlm.convert import ModelFiles
from desktop_vlm.families.mllama.image_processor import process_image
from desktop_vlm.families.mllama.mmproj import Mmproj, open_mmproj
from desktop_vlm.families.mllama.vision_encoder import VisionEncoder, on_device
from desktop_vlm.families.mllama.vision_weights import Resident, Streamed
from desktop_vlm.runtime.ggml.device import Backend, cpu_device
from desktop_vlm.runtime.ggml.graph import Scratch, get_tensor


@pytest.fixture
def mmproj(model_files: Callable[..., ModelFiles]) -> Mmproj:
    return open_mmproj(model_files("alpha").mmproj)


@pytest.fixture
def backend() -> Iterator[Backend]:
    made = Backend(cpu_device(), 2, lambda: False)
    yield made
    made.close()


def names(mmproj: Mmproj) -> list[str]:
    return [name for name in mmproj.tensors if on_device(name)]


def test_both_give_the_same_states(mmproj: Mmproj, backend: Backend) -> None:
    scratch = Scratch(backend)
    image = process_image(Image.linear_gradient("L").resize((90, 40)), mmproj.image_processor)
    states = []
    for resident in (True, False, False):
        encoder = VisionEncoder(mmproj, backend, scratch, resident=resident)
        states.append(encoder.encode(image).states)
        encoder.close()
    scratch.close()
    assert np.array_equal(states[0], states[1])
    assert np.array_equal(states[0], states[2])


def test_streamed_weights_take_one_block_and_afterwards_none(mmproj: Mmproj, backend: Backend) -> None:
    seen: list[int] = []
    streamed = Streamed(mmproj, names(mmproj), backend, seen.append)
    resident = Resident(mmproj, names(mmproj), backend, None)
    assert sum(seen) == sum(mmproj.tensors[name].n_bytes for name in names(mmproj))
    at_rest = streamed.n_bytes
    for block in ("v.blk.1", "v.blk.2", "v.global.blk.0", "mm.0", "v"):
        brought, there = streamed.block(block), resident.block(block)
        assert brought.keys() == there.keys()
        for part, tensor in brought.items():
            if tensor.contents.type == 0:
                assert np.array_equal(get_tensor(tensor), get_tensor(there[part])), (block, part)
    assert at_rest < streamed.n_bytes < resident.n_bytes / 2
    streamed.rest()
    assert streamed.n_bytes == at_rest
    streamed.close()
    resident.close()
