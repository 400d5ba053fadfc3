"""A layer of the vision encoder on an NVIDIA GPU: our kernels, cuBLAS for the matrix products, float16 between them.

Chosen where it can be had; everywhere else, and for weights of other types, `vision_encoder` computes the same with
ggml's operations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from ctypes import c_float, c_int, c_uint64, c_void_p
from math import e, log2

from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.api.errors import EngineError
from desktop_vlm.families.mllama.cuda.cublas import WORKSPACE_BYTES, Cublas, loaded_cublas
from desktop_vlm.families.mllama.cuda.driver import Argument, Gpu
from desktop_vlm.families.mllama.cuda.kernels import PTX
from desktop_vlm.families.mllama.cuda.requirements import (
    ACTIVATIONS,
    HEAD_DIM,
    UnavailableError,
    check_capability,
    check_weights,
    cuda_ordinal,
    log_once,
)
from desktop_vlm.families.mllama.mmproj import TensorInfo, VisionEncoderConfig
from desktop_vlm.runtime.ggml.device import Device
from desktop_vlm.runtime.ggml.graph import Tensor, TensorStore

_QUERIES = 128  # in a unit of the attention kernel, and threads in its blocks
_BLOCKS = 2  # of it that a multiprocessor runs at once
_THREADS = 256
_PER_THREAD = 8
PARTS_BYTES = 32 << 20
"""What `parts` takes on the largest GPUs."""

_FFN_PARTS = 2
"""Pieces of the tokens in the feed-forward part, so that it takes no more room than the attention's inputs."""

_FAILURES = (OSError, AttributeError, ValueError, EngineError)
"""What opening a GPU raises: no driver, a driver without a function that we call, or one that refuses."""

_KERNELS = ("layer_norm", "add_bias_and_activate", "round_to_f16", "unpack_q8_0", "attention", "join_attention")


class CudaLayer:
    """Runs layers one after the other on the residual stream, float32 (n_all, width) in ggml's memory."""

    def __init__(self, gpu: Gpu, cublas: Cublas, config: VisionEncoderConfig, feed_forward: int) -> None:
        self._gpu = gpu
        self._cublas = cublas
        self._config = config
        self._feed_forward = feed_forward
        self._kernels = gpu.load(PTX.read_bytes(), _KERNELS)

    @classmethod
    def open(cls, device: Device, config: VisionEncoderConfig, tensors: Mapping[str, TensorInfo]) -> CudaLayer | None:
        """One for `device`; None where device, driver or the weights are not those that it takes, which is logged."""
        try:
            with ExitStack() as opened:
                gpu, cublas = _open(device, opened, lambda: check_weights(config, tensors))
                layer = cls(gpu, cublas, config, tensors["v.blk.0.ffn_up.weight"].shape[1])
                opened.pop_all()
                return layer
        except (*_FAILURES, UnavailableError) as reason:
            if not device.is_cpu:
                log_once(device.name, str(reason))
            return None

    def close(self) -> None:
        with suppress(EngineError):
            self._gpu.enter()  # the thread may have been at another one
        self._cublas.close()
        self._gpu.close()

    def shapes(self, n_all: int) -> dict[str, tuple[GgmlType, tuple[int, ...]]]:
        """What `run` works in, for one image of `n_all` tokens."""
        width, ffn = self._config.hidden_size, self._feed_forward
        wide = max(3 * width * n_all, ffn * -(-n_all // _FFN_PARTS))
        return {
            "normed": (GgmlType.F16, (width, n_all)),
            "wide": (GgmlType.F16, (wide,)),
            "unpacked": (GgmlType.F16, (width * ffn,)),
            "parts": (GgmlType.F32, (2 * self._n_pieces(n_all) * _QUERIES * (HEAD_DIM + 2),)),
            "workspace": (GgmlType.F16, (WORKSPACE_BYTES // 2,)),
        }

    def run(
        self,
        hidden: Tensor,
        room: TensorStore,
        weights: Mapping[str, Tensor],
        n_valid: int,
        attn_gate: float,
        ffn_gate: float,
    ) -> None:
        """Put one layer behind what was started before, in place on `hidden`, and be at most one layer ahead.

        Args:
            hidden: float32 [width, n_all].
            room: what `shapes` asks for.
            weights: the block's tensors, which must stay until `wait`.
            n_valid: the first tokens, which see all; those after them see only these.
            attn_gate: factor on what attention adds, and `ffn_gate` on what the feed-forward part adds.
            ffn_gate: see `attn_gate`.

        Raises:
            EngineError: the GPU failed.
        """
        self._gpu.enter()
        self._cublas.lend(_address(room["workspace"]))
        layer = _Layer(self, hidden, room, weights)
        layer.attention(n_valid, attn_gate)
        layer.feed_forward(ffn_gate)
        self._gpu.wait_for_the_mark_before()

    def keep(self, hidden: Tensor, address: int) -> None:
        """Write `hidden` as float16 to another address, in order with the layers."""
        count = hidden.contents.ne[0] * hidden.contents.ne[1]
        self._gpu.enter()
        self.start_for_each(
            "round_to_f16", count, c_void_p(_address(hidden)), c_void_p(address), c_uint64(count), per_thread=4
        )

    def start_for_each(self, name: str, count: int, *arguments: Argument, per_thread: int = _PER_THREAD) -> None:
        """Start a kernel whose threads take `per_thread` of `count` numbers each."""
        self._gpu.start(self._kernels[name], (-(-count // (_THREADS * per_thread)), 1), _THREADS, *arguments)

    def _n_pieces(self, n_all: int) -> int:
        """Blocks that share the attention."""
        return min(_BLOCKS * self._gpu.n_multiprocessors, self._config.num_attention_heads * -(-n_all // _QUERIES))

    def wait(self) -> None:
        """Until all layers that were started are done."""
        self._gpu.enter()
        self._gpu.wait()


class _Layer:
    """One layer's steps; shapes are NumPy's, rows first."""

    def __init__(self, owner: CudaLayer, hidden: Tensor, room: TensorStore, weights: Mapping[str, Tensor]) -> None:
        self._gpu, self._cublas, self._kernels = owner._gpu, owner._cublas, owner._kernels  # noqa: SLF001
        self._config, self._ffn = owner._config, owner._feed_forward  # noqa: SLF001
        self._owner = owner
        self._weights = weights
        self._width = self._config.hidden_size
        self._hidden, self._normed = _address(hidden), _address(room["normed"])
        self._wide, self._unpacked = _address(room["wide"]), _address(room["unpacked"])
        self._parts = _address(room["parts"])
        self._n_all = hidden.contents.ne[1]
        self._n_pieces = owner._n_pieces(self._n_all)  # noqa: SLF001

    def attention(self, n_valid: int, gate: float) -> None:
        width, n_all = self._width, self._n_all
        self._normalise("attn_norm", None, 0.0)
        for k, part in enumerate(("attn_q", "attn_k", "attn_v")):  # side by side: (n_all, 3 * width)
            self._linear(part, self._normed, self._wide + 2 * k * width, n_rows=n_all, stride=3 * width)
        self._attend(n_valid)
        self._linear("attn_output", self._normed, self._hidden, n_rows=n_all, stride=width, factor=gate, add=True)

    def feed_forward(self, gate: float) -> None:
        width, ffn, n_all = self._width, self._ffn, self._n_all
        self._normalise("ffn_norm", self._weights["ffn_down.bias"], gate)
        size = -(-n_all // _FFN_PARTS)
        for start in range(0, n_all, size):
            n = min(size, n_all - start)
            self._linear("ffn_up", self._normed + 2 * start * width, self._wide, n_rows=n, stride=ffn)
            self._activate(n)
            hidden = self._hidden + 4 * start * width
            self._linear("ffn_down", self._wide, hidden, n_rows=n, stride=width, factor=gate, add=True)

    def _normalise(self, part: str, later: Tensor | None, factor: float) -> None:
        """Hidden -> normed; then `factor` * `later` is added to hidden."""
        weight, bias = self._weights[f"{part}.weight"], self._weights[f"{part}.bias"]
        self._gpu.start(
            self._kernels["layer_norm"],
            (self._n_all, 1),
            -(-self._width // 128) * 32,
            c_void_p(self._hidden),
            c_void_p(self._normed),
            c_void_p(_address(weight)),
            c_void_p(_address(bias)),
            c_float(self._config.norm_eps),
            c_void_p(_address(later) if later else None),
            c_float(factor),
            c_int(self._width),
        )

    def _attend(self, n_valid: int) -> None:
        """Queries, keys and values in wide -> normed."""
        width, n_heads, factor = self._width, self._config.num_attention_heads, self._config.head_dim**-0.5 * log2(e)
        tokens = c_int(n_valid), c_int(self._n_all)
        self._gpu.start(
            self._kernels["attention"],
            (self._n_pieces, 1),
            _QUERIES,
            *(c_void_p(self._wide + 2 * k * width) for k in range(3)),
            c_void_p(self._normed),
            c_void_p(self._parts),
            c_int(n_heads),
            *tokens,
            c_int(3 * width),
            c_int(width),
            c_float(factor),
        )
        self._gpu.start(
            self._kernels["join_attention"],
            (-(-self._n_all // _QUERIES), n_heads),
            _THREADS,
            c_void_p(self._normed),
            c_void_p(self._parts),
            c_int(self._n_pieces),
            *tokens,
            c_int(width),
            c_float(factor),
        )

    def _activate(self, n_rows: int) -> None:
        count = n_rows * self._ffn
        self._owner.start_for_each(
            "add_bias_and_activate",
            count,
            c_void_p(self._wide),
            c_void_p(_address(self._weights["ffn_up.bias"])),
            c_int(self._ffn),
            c_uint64(count),
            c_int(ACTIVATIONS[self._config.hidden_act]),
        )

    def _linear(
        self, part: str, x: int, out: int, *, n_rows: int, stride: int, factor: float = 1.0, add: bool = False
    ) -> None:
        weight = self._weights[f"{part}.weight"]
        n_in, n_out = weight.contents.ne[0], weight.contents.ne[1]
        self._cublas.linear(
            self._as_f16(weight),
            x,
            out,
            n_in=n_in,
            n_out=n_out,
            n_rows=n_rows,
            out_stride=stride,
            factor=factor,
            add_to_f32=add,
        )

    def _as_f16(self, weight: Tensor) -> int:
        """Where the weight is in f16: good until the next call, in order with the stream."""
        contents = weight.contents
        if contents.type == GgmlType.F16:
            return _address(weight)
        count = contents.ne[0] * contents.ne[1]
        arguments = c_void_p(contents.data), c_void_p(self._unpacked), c_uint64(count)
        self._owner.start_for_each("unpack_q8_0", count, *arguments)
        return self._unpacked


def why_unavailable(device: Device) -> str:
    """Why the kernels cannot be used on a device, whatever the weights; empty where they can."""
    try:
        with ExitStack() as opened:
            gpu, _ = _open(device, opened)
            gpu.load(PTX.read_bytes(), _KERNELS)
    except (*_FAILURES, UnavailableError) as reason:
        return str(reason).rstrip(".")
    return ""


def _open(device: Device, opened: ExitStack, check: Callable[[], None] = lambda: None) -> tuple[Gpu, Cublas]:
    """The GPU and its cuBLAS, which `opened` closes.

    Args:
        device: ggml's.
        opened: what has to be closed.
        check: called before anything is opened; may raise `UnavailableError`.

    Raises:
        UnavailableError: something that the kernels need is missing.
        One of `_FAILURES`: the driver refused.
    """
    ordinal = cuda_ordinal(device)
    check()
    library = loaded_cublas()
    if library is None:
        raise UnavailableError("ggml did not load cuBLAS, or a release that we do not know")
    gpu = Gpu(ordinal)
    opened.callback(gpu.close)
    check_capability(gpu.capability)
    cublas = Cublas(library, gpu)
    opened.callback(cublas.close)
    return gpu, cublas


def _address(tensor: Tensor) -> int:
    address: int = tensor.contents.data
    return address
