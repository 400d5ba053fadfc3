"""The encoder with our kernels for processors: as near to float32 as with ggml's operations, in the planned memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing

import numpy as np
import pytest
from gguf import GGMLQuantizationType as GgmlType
from numpy.typing import NDArray

from desktop_vlm import backend
from desktop_vlm.convert import ModelFiles
from desktop_vlm.families.mllama.cpu_layer import CpuLayer, parts, scratch_bytes
from desktop_vlm.families.mllama.mmproj import TensorInfo, VisionEncoderConfig
from desktop_vlm.runtime.ggml.cpu_kernels import cpu_kernels, why_unavailable
from desktop_vlm.runtime.ggml.device import Backend, Device, cpu_device
from desktop_vlm.runtime.ggml.graph import Graph, Scratch, TensorStore
from tests.goldens import deviation
from tests.stepwise import WIDE, tile_states

needs_kernels = pytest.mark.skipif(cpu_kernels() is None, reason=why_unavailable())


@pytest.fixture
def layers(monkeypatch: pytest.MonkeyPatch) -> list[CpuLayer | None]:
    """What models that are loaded from now on compute their layers with."""
    opened: list[CpuLayer | None] = []
    open_layer = CpuLayer.open

    def noting(device: Device, config: VisionEncoderConfig, tensors: Mapping[str, TensorInfo]) -> CpuLayer | None:
        opened.append(open_layer(device, config, tensors))
        return opened[-1]

    monkeypatch.setattr(CpuLayer, "open", noting)
    return opened


def states_of(files: ModelFiles, n_threads: int = 2) -> NDArray[np.float32]:
    with closing(backend.load(files.text, files.mmproj, n_ctx=256, n_threads=n_threads)) as model:
        return tile_states(model, WIDE).states.copy()


@needs_kernels
@pytest.mark.parametrize("kind", ["BF16", "Q8_0", "Q6_K", "Q4_0"])
def test_no_further_from_float32_than_ggml(
    model_files: Callable[..., ModelFiles],
    layers: list[CpuLayer | None],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    files = model_files("alpha", kind)
    ours = states_of(files)
    assert layers[0] is not None
    monkeypatch.setattr(CpuLayer, "open", lambda *_: None)
    ggmls, exact = states_of(files), states_of(model_files("alpha", "F32"))
    assert not (ours == ggmls).all()
    assert 0 < deviation(ours, exact) <= 1.25 * deviation(ggmls, exact)


@needs_kernels
def test_threads_change_nothing(model_files: Callable[..., ModelFiles], layers: list[CpuLayer | None]) -> None:
    files = model_files("alpha", "Q8_0")
    assert (states_of(files, 1) == states_of(files, 3)).all()
    assert None not in layers


@pytest.mark.parametrize("kind", ["F32", "F16"])
def test_weights_that_ggml_multiplies_more_exactly_are_left_to_it(
    model_files: Callable[..., ModelFiles], layers: list[CpuLayer | None], kind: str
) -> None:
    states_of(model_files("alpha", kind))
    assert layers == [None]


@needs_kernels
@pytest.mark.parametrize(
    ("width", "feed_forward", "n_heads", "side"),
    [(1280, 5120, 16, 16), (640, 2560, 8, 40), (160, 640, 2, 8), (64, 128, 2, 4), (96, 96, 12, 8), (256, 64, 2, 8)],
)
def test_a_layer_works_in_the_memory_that_is_planned(width: int, feed_forward: int, n_heads: int, side: int) -> None:
    config, kernels = shape(width, n_heads, side), cpu_kernels()
    assert kernels is not None
    kinds: dict[str, tuple[GgmlType, tuple[int, ...]]]
    kinds = {f"attn_{name}.weight": (GgmlType.Q8_0, (width, width)) for name in ("q", "k", "v", "output")}
    kinds["ffn_up.weight"] = GgmlType.Q8_0, (width, feed_forward)
    kinds["ffn_down.weight"] = GgmlType.Q8_0, (feed_forward, width)
    vectors = {f"{part}_norm.{name}": width for part in ("attn", "ffn") for name in ("weight", "bias")}
    vectors |= {"ffn_up.bias": feed_forward, "ffn_down.bias": width}
    tensors = {f"v.blk.0.{name}": TensorInfo(*of, offset=0, n_bytes=0) for name, of in kinds.items()}
    kinds |= {name: (GgmlType.F32, (n,)) for name, n in vectors.items()}
    with ExitStack() as stack:
        device = stack.enter_context(closing(Backend(cpu_device(), 1, lambda: False)))
        weights = stack.enter_context(closing(TensorStore(device, kinds, weights=True)))
        stream = TensorStore(device, {"x": (GgmlType.F32, (width, config.n_all))}, weights=False)
        x = stack.enter_context(closing(stream))["x"]
        scratch = stack.enter_context(closing(Scratch(device)))
        graph = stack.enter_context(Graph(device))
        CpuLayer(kernels, config).build(graph, x, weights.tensors, config.n_tokens, 0.5, 0.5)
        scratch.place(graph)
        assert scratch.n_bytes <= scratch_bytes(config, tensors) <= 1.5 * scratch.n_bytes + 65536


def shape(width: int, n_heads: int, side: int) -> VisionEncoderConfig:
    """An encoder whose tiles are `side` patches wide and high."""
    return VisionEncoderConfig(
        hidden_size=width,
        num_attention_heads=n_heads,
        num_hidden_layers=1,
        num_global_layers=1,
        intermediate_layers_indices=(0,),
        norm_eps=1e-5,
        hidden_act="gelu",
        image_size=14 * side,
        patch_size=14,
        num_channels=3,
        max_num_tiles=4,
    )


def test_parts_start_where_attention_can_start() -> None:
    assert parts(6432) == [(0, 1632), (1632, 3264), (3264, 4896), (4896, 6432)]
    assert parts(100) == [(0, 96), (96, 100)]
