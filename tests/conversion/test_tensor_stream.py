"""Rows on their way into a file: reordered within heads, taken in turns, cut out, in pieces of any size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType as Type
from numpy.typing import NDArray

from desktop_vlm.conversion import tensor_stream
from desktop_vlm.conversion.checkpoint import Checkpoint, open_checkpoint
from desktop_vlm.conversion.gguf_file import PlacedTensor
from desktop_vlm.conversion.tensor_map import GgufTensor, Role, Slices
from desktop_vlm.conversion.tensor_names import TensorNames
from desktop_vlm.conversion.tensor_stream import TensorPacker
from tests.checkpoints.seeded import write_shards

HEADS, DIM, WIDTH, PATCH = 3, 8, 6, 4

Values = NDArray[np.float32]


@pytest.fixture
def values() -> dict[str, Values]:
    shapes = {"q": (HEADS * DIM, WIDTH), "q.bias": (HEADS * DIM,), "conv": (5, 3, 2, PATCH, PATCH), "qkv": (9, 3)}
    rng = np.random.default_rng(1)
    return {name: rng.standard_normal(shape, dtype=np.float32) for name, shape in shapes.items()}


@pytest.fixture
def checkpoint(values: dict[str, Values], tmp_path: Path) -> Checkpoint:
    write_shards(tmp_path, [{name: (v.shape, v.tobytes()) for name, v in values.items()}], "f32")
    return open_checkpoint(tmp_path, TensorNames())


def packed(checkpoint: Checkpoint, tensor: GgufTensor) -> Values:
    with TensorPacker(checkpoint, n_threads=2) as packer:
        pieces = list(packer.chunks(PlacedTensor(tensor, Type.F32, 0)))
    return np.concatenate(pieces).reshape(-1).view(np.float32).reshape(tensor.shape)


@pytest.mark.parametrize("chunk_bytes", [1, 200, 1 << 20])
def test_rows_and_values_are_interleaved_within_heads(
    checkpoint: Checkpoint, values: dict[str, Values], chunk_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tensor_stream, "CHUNK_BYTES", chunk_bytes)
    order = np.arange(HEADS * DIM).reshape(HEADS, 2, DIM // 2).swapaxes(1, 2).reshape(-1)
    shape = (HEADS * DIM, WIDTH)
    weight = GgufTensor("q", shape, Role.LINEAR, "q", shape, rotary_head_dim=DIM)
    np.testing.assert_array_equal(packed(checkpoint, weight), values["q"][order])
    bias = GgufTensor("b", shape[:1], Role.EXACT, "q.bias", shape[:1], rotary_head_dim=DIM)
    np.testing.assert_array_equal(packed(checkpoint, bias), values["q.bias"][order])


@pytest.mark.parametrize("chunk_bytes", [1, 300, 1 << 20])
@pytest.mark.parametrize("frame", [0, 1])
def test_tensors_that_take_turns(
    checkpoint: Checkpoint, values: dict[str, Values], chunk_bytes: int, frame: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tensor_stream, "CHUNK_BYTES", chunk_bytes)
    shape, slices = (5, 3, PATCH, PATCH), Slices(2, frame, PATCH)
    tensor = GgufTensor("conv", shape, Role.PATCHES, "conv", values["conv"].shape, slices=slices)
    np.testing.assert_array_equal(packed(checkpoint, tensor), values["conv"][:, :, frame])


def test_a_part_of_the_rows(checkpoint: Checkpoint, values: dict[str, Values]) -> None:
    tensor = GgufTensor("k", (3, 3), Role.LINEAR, "qkv", (9, 3), first_row=3)
    np.testing.assert_array_equal(packed(checkpoint, tensor), values["qkv"][3:6])
