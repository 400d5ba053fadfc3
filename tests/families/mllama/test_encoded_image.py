"""An image's states, in main memory and on the device that made them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.families.mllama.encoded_image import TileStates
from desktop_vlm.runtime.ggml.device import Backend, cpu_device
from desktop_vlm.runtime.ggml.graph import TensorStore, set_tensor

TILES, TOKENS, WIDTH = SHAPE = (3, 5, 8)
VALUES = np.random.RandomState(7).standard_normal((TILES * TOKENS, WIDTH)).astype(np.float32)
HALVES = VALUES.astype(np.float16)
SEEN = 2 * TOKENS


@pytest.fixture
def store() -> Iterator[TensorStore]:
    """The states on the processor, as a GPU has them."""
    backend = Backend(cpu_device(), 1, lambda: False)
    made = TensorStore(backend, {"states": (GgmlType.F16, (WIDTH, TILES * TOKENS))}, weights=False)
    set_tensor(made["states"], HALVES)
    yield made
    made.close()
    backend.close()


@pytest.fixture
def on_device(store: TensorStore) -> TileStates:
    return TileStates(store, SHAPE, num_tiles=2, aspect_ratio_id=3)


def test_states_in_main_memory() -> None:
    image = TileStates(VALUES, SHAPE, num_tiles=2, aspect_ratio_id=3)
    assert (image.num_tiles, image.aspect_ratio_id, image.n_visible) == (2, 3, SEEN)
    assert np.array_equal(image.states, VALUES.reshape(SHAPE))
    assert np.array_equal(image.visible, VALUES[:SEEN])
    assert image.n_bytes == VALUES.nbytes
    assert image.visible_on(cpu_device()) is None
    image.close()
    assert np.array_equal(image.visible, VALUES[:SEEN])


def test_states_on_a_device_are_read_there_only(on_device: TileStates, store: TensorStore) -> None:
    found = on_device.visible_on(cpu_device())
    assert found is store["states"]
    assert on_device.visible_on(replace(cpu_device(), handle=1, name="CUDA0")) is None
    assert on_device.n_visible == SEEN


def test_leaving_the_device_keeps_the_numbers(on_device: TileStates, store: TensorStore) -> None:
    n_bytes = on_device.n_bytes
    assert n_bytes == HALVES.nbytes
    on_device.leave_device()
    assert store._buffer == 0
    assert on_device.visible_on(cpu_device()) is None
    assert np.array_equal(on_device.visible, HALVES[:SEEN])
    assert on_device.n_bytes == n_bytes
    on_device.leave_device()
    on_device.close()
    assert np.array_equal(on_device.visible, HALVES[:SEEN])


def test_asking_for_the_numbers_brings_them(on_device: TileStates, store: TensorStore) -> None:
    states = on_device.states
    assert states.dtype == np.float32
    assert np.array_equal(states, HALVES.astype(np.float32).reshape(SHAPE))
    assert store._buffer == 0


def test_closing_gives_the_devices_memory_back(on_device: TileStates, store: TensorStore) -> None:
    on_device.close()
    on_device.close()
    assert store._buffer == 0
    assert on_device.visible_on(cpu_device()) is None
