"""The vision encoder and the projector: tiles of an image -> states that the text attends to.

Follows Meta's `models/llama3/reference_impl/multimodal` and transformers 4.54.1's `modeling_mllama.py`
(later releases take the intermediate states one layer late).

Order of tokens: tile by tile, each tile's class token first; the padding of all tiles comes last. Where
a token stands is free (positions are added before the layers), and this order turns the checkpoint's mask
into two attentions without a mask: tokens of tiles in use see everything, while empty tiles and padding
see only the tokens of tiles in use. (The original mask is an outer product that blocks only pairs of
padded tokens, so real tokens do attend to padding, and empty tiles must be encoded too.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial

import numpy as np
from gguf import GGMLQuantizationType as GgmlType
from numpy.typing import NDArray

from desktop_vlm.families.mllama.cpu_layer import CpuLayer, parts
from desktop_vlm.families.mllama.cuda.encoder_layer import CudaLayer
from desktop_vlm.families.mllama.encoded_image import TileStates
from desktop_vlm.families.mllama.image_embeddings import ImageEmbeddings
from desktop_vlm.families.mllama.image_processor import TiledImage
from desktop_vlm.families.mllama.mmproj import Mmproj, VisionEncoderConfig
from desktop_vlm.families.mllama.vision_weights import Resident, Streamed, VisionWeights
from desktop_vlm.runtime.ggml.device import Backend
from desktop_vlm.runtime.ggml.graph import (
    Graph,
    HostArray,
    Scratch,
    Tensor,
    TensorStore,
    get_tensor,
    key_type,
    set_tensor,
)
from desktop_vlm.runtime.vision_runner import EncodeProgress

_OUTER_NORM_EPS = 1e-5
"""Of the norms before and after the local layers; only those inside the layers follow `norm_eps`."""

PROJECTED_AT_ONCE = 512
"""Tokens whose states are made in one go."""

_HOST_ONLY = ("embd", "gate")
"""Tensors that are folded into per-image inputs on the host: embeddings and their gates."""


class VisionEncoder:
    """The encoder's weights on one device, and what runs it layer by layer: ggml's graphs, or our kernels."""

    def __init__(
        self,
        mmproj: Mmproj,
        backend: Backend,
        scratch: Scratch,
        on_bytes: Callable[[int], None] | None = None,
        *,
        resident: bool = True,
    ) -> None:
        """Load the weights.

        Args:
            mmproj: the file.
            backend: where to compute.
            scratch: memory there for intermediate results.
            on_bytes: given the size of each tensor that is there.
            resident: keep all weights on the device; else each layer's come from the file when its turn comes,
                which takes the memory of one layer and, for every image, the time to read the file.

        Raises:
            Cancelled: from `on_bytes`.
            EngineError: the device has no room.
            UserError: the file ends early.
        """
        self._config: VisionEncoderConfig = mmproj.vision
        self._mmproj = mmproj
        self._backend = backend
        self._scratch = scratch
        names = [name for name in mmproj.tensors if on_device(name)]
        kind = Resident if resident else Streamed
        self._weights: VisionWeights = kind(mmproj, names, backend, on_bytes)
        self._embeddings = ImageEmbeddings(mmproj)
        self._text_width = mmproj.tensors["mm.0.weight"].shape[1]
        self._kv_type = key_type(is_cpu=backend.device.is_cpu)
        self._positions_of = 0  # aspect ratios count from 1
        self._pixels: HostArray | None = None
        with ExitStack() as made:
            made.callback(self._weights.close)
            self._positions = HostArray(backend, self._config.n_tokens, self._config.hidden_size)
            made.callback(self._positions.close)
            self._cuda = CudaLayer.open(backend.device, self._config, mmproj.tensors)
            self._cpu = CpuLayer.open(backend.device, self._config, mmproj.tensors)
            made.pop_all()

    @property
    def n_bytes(self) -> int:
        """Device memory that the weights take."""
        return self._weights.n_bytes

    @property
    def pixels(self) -> NDArray[np.float32]:
        """Where `process_image` may put an image's tiles: the same memory for each, and near the device."""
        if self._pixels is None:
            config = self._config
            side = config.image_size
            self._pixels = HostArray(self._backend, config.max_num_tiles, config.num_channels, side, side)
        return self._pixels.values

    def close(self) -> None:
        self._weights.close()
        self._positions.close()
        if self._pixels:
            self._pixels.close()
        if self._cuda:
            self._cuda.close()

    def encode(self, image: TiledImage, progress: EncodeProgress | None = None) -> TileStates:
        """Run the encoder over one image; on a GPU the states stay there for now.

        Raises:
            Cancelled: from `progress`, or when the backend was asked to stop.
            EngineError: the device failed or has no room.
        """
        try:
            with _Pass(self._backend, self._config, image) as run:
                self._run_layers(run, image, progress or (lambda _done, _total: None))
                states = self._project(run)
        finally:
            self._weights.rest()
        if progress:
            progress(self._n_steps, self._n_steps)
        shape = (self._config.max_num_tiles, self._config.tokens_per_tile, self._text_width)
        return TileStates(states, shape, num_tiles=image.num_tiles, aspect_ratio_id=image.aspect_ratio_id)

    @property
    def _n_steps(self) -> int:
        return self._config.num_hidden_layers + self._config.num_global_layers + 1

    def _run_layers(self, run: _Pass, image: TiledImage, progress: EncodeProgress) -> None:
        config = self._config
        self._embed(run, image)
        with self._layers_on(run) as compute:
            for layer in range(config.num_hidden_layers):
                progress(layer, self._n_steps)
                if layer in config.intermediate_layers_indices:
                    self._keep(run, config.intermediate_layers_indices.index(layer))
                compute(f"v.blk.{layer}")
            self._wait()
            self._between(run, image)
            for layer in range(config.num_global_layers):
                progress(config.num_hidden_layers + layer, self._n_steps)
                compute(f"v.global.blk.{layer}")

    @contextmanager
    def _layers_on(self, run: _Pass) -> Iterator[Callable[[str], None]]:
        """What computes a block over `run.hidden`, in place; all are done when this is left."""
        if self._cuda is None:
            yield partial(self._layer, run) if self._cpu is None else partial(self._cpu_layer, self._cpu, run)
            return
        room = TensorStore(self._backend, self._cuda.shapes(run.n_all), weights=False)
        try:
            yield partial(self._cuda_layer, self._cuda, run, room)
        finally:
            try:
                self._wait()
            finally:
                room.close()

    def _wait(self) -> None:
        """Our kernels return before they are done, and ggml's stream knows nothing of them."""
        if self._cuda:
            self._cuda.wait()

    def _keep(self, run: _Pass, slot: int) -> None:
        """Copy the residual stream to where the projector will read it."""
        if self._cuda:
            self._cuda.keep(run.hidden, run.intermediate_address(slot))
            return
        with Graph(self._backend) as graph:
            graph.run_to(graph.copy(run.hidden, run.intermediate_slot(graph, slot)))
            self._scratch.place(graph)
            graph.compute()

    def _embed(self, run: _Pass, image: TiledImage) -> None:
        """Patches and positions -> the first layer's input, a tile at a time."""
        config, weights, n = self._config, self._weights.block("v"), self._config.tokens_per_tile
        self._set_positions(run.hidden, image.aspect_ratio_id)
        for tile, values in enumerate(image.pixels):
            with Graph(self._backend) as graph:
                pixels = graph.input(GgmlType.F32, *values.shape[::-1])  # [side, side, channels]
                hidden = graph.slice(run.hidden, 1, tile * n, (tile + 1) * n)  # [width, n]
                patches = graph.linear(weights["patch_embd.weight"], _patches(graph, pixels, config))  # [width, n - 1]
                x = graph.slice(hidden, 1, 1, n)  # [width, n - 1]: all but the class token
                graph.run_to(graph.add_to(x, patches))
                x = graph.layer_norm(
                    hidden, weights["pre_ln.weight"], weights["pre_ln.bias"], _OUTER_NORM_EPS
                )  # [width, n]
                graph.run_to(graph.copy(x, hidden))
                self._scratch.place(graph)
                set_tensor(pixels, values)
                graph.compute()

    def _set_positions(self, hidden: Tensor, aspect_ratio_id: int) -> None:
        """All that is added to the patches -> hidden; kept for the next image, which often has the same shape."""
        if self._positions_of != aspect_ratio_id:
            self._positions_of = 0  # should reading them fail halfway
            self._embeddings.write_positions(aspect_ratio_id, self._positions.values)
            self._positions_of = aspect_ratio_id
        set_tensor(hidden, self._positions.values)

    def _layer(self, run: _Pass, block: str) -> None:
        """One transformer layer over `run.hidden`, in place.

        The feed-forward part, which is wide, takes some tokens at a time.
        """
        config, weights = self._config, self._weights.block(block)
        gated = block.startswith("v.global")
        with Graph(self._backend) as graph:
            x = run.hidden  # [width, n_all]
            h = graph.layer_norm(
                x, weights["attn_norm.weight"], weights["attn_norm.bias"], config.norm_eps
            )  # [width, n_all]
            h = self._attention(graph, run, weights, h)  # [width, n_all]
            if gated:
                h = graph.scale(h, self._embeddings.gate(f"{block}.attn_gate"))  # [width, n_all]
            x = graph.add_to(x, h)  # [width, n_all]
            for start, stop in run.parts():
                part = graph.slice(x, 1, start, stop)  # [width, n]
                graph.run_to(graph.add_to(part, self._feed_forward(graph, weights, part, block, gated)))  # [width, n]
            self._scratch.place(graph)
            graph.compute()

    def _cuda_layer(self, cuda: CudaLayer, run: _Pass, room: TensorStore, block: str) -> None:
        """The same with our kernels, which may still be at it when this returns."""
        if self._weights.change_place:
            cuda.wait()
        cuda.run(run.hidden, room, self._weights.block(block), run.n_valid, *self._gates(block))

    def _cpu_layer(self, cpu: CpuLayer, run: _Pass, block: str) -> None:
        """The same with our kernels for processors."""
        with Graph(self._backend) as graph:
            cpu.build(graph, run.hidden, self._weights.block(block), run.n_valid, *self._gates(block))
            self._scratch.place(graph)
            graph.compute()

    def _gates(self, block: str) -> tuple[float, float]:
        """What attention and the feed-forward part of a block are multiplied with; 1 in the local layers."""
        if not block.startswith("v.global"):
            return 1.0, 1.0
        return self._embeddings.gate(f"{block}.attn_gate"), self._embeddings.gate(f"{block}.ffn_gate")

    def _feed_forward(self, graph: Graph, weights: Mapping[str, Tensor], x: Tensor, block: str, gated: bool) -> Tensor:
        """[width, n] -> what is added to it, [width, n]."""
        config = self._config
        h = graph.layer_norm(x, weights["ffn_norm.weight"], weights["ffn_norm.bias"], config.norm_eps)  # [width, n]
        h = graph.linear(weights["ffn_up.weight"], h, weights["ffn_up.bias"])  # [ffn, n]
        h = graph.activation(h, config.hidden_act)  # [ffn, n]
        h = graph.linear(weights["ffn_down.weight"], h, weights["ffn_down.bias"])  # [width, n]
        return graph.scale(h, self._embeddings.gate(f"{block}.ffn_gate")) if gated else h  # [width, n]

    def _attention(self, graph: Graph, run: _Pass, weights: Mapping[str, Tensor], h: Tensor) -> Tensor:
        """Self-attention of all tokens: [width, n_all] -> [width, n_all]."""
        config = self._config

        def heads(part: str) -> Tensor:
            y = graph.linear(weights[f"{part}.weight"], h)  # [width, n_all]
            y = graph.reshape(y, config.head_dim, config.num_attention_heads, run.n_all)  # [head_dim, n_heads, n_all]
            return graph.permute(y, 0, 2, 1, 3)  # [head_dim, n_all, n_heads]

        q = heads("attn_q")  # [head_dim, n_all, n_heads]
        k = graph.cast(heads("attn_k"), self._kv_type)  # [head_dim, n_all, n_heads]
        v = graph.cast(heads("attn_v"), self._kv_type)  # [head_dim, n_all, n_heads]
        scale = config.head_dim**-0.5
        seeing_all = graph.attention(
            graph.slice(q, 1, 0, run.n_valid), k, v, None, scale
        )  # [head_dim, n_heads, n_valid]
        seeing_valid = graph.attention(
            graph.slice(q, 1, run.n_valid, run.n_all),
            graph.slice(k, 1, 0, run.n_valid),
            graph.slice(v, 1, 0, run.n_valid),
            None,
            scale,
        )  # [head_dim, n_heads, n_all - n_valid]
        out = graph.concat(seeing_all, seeing_valid, 2)  # [head_dim, n_heads, n_all]
        out = graph.reshape(out, config.hidden_size, run.n_all)  # [width, n_all]
        return graph.linear(weights["attn_output.weight"], out)  # [width, n_all]

    def _between(self, run: _Pass, image: TiledImage) -> None:
        """Norm and tile embedding between the local and the global layers, in place."""
        config, weights = self._config, self._weights.block("v")
        with Graph(self._backend) as graph:
            table = graph.input(GgmlType.F32, config.hidden_size, config.max_num_tiles)
            tile_of_token = graph.input(GgmlType.I32, run.n_all)
            for start, stop in run.parts():
                hidden = graph.slice(run.hidden, 1, start, stop)  # [width, n]
                x = graph.layer_norm(
                    hidden, weights["post_ln.weight"], weights["post_ln.bias"], _OUTER_NORM_EPS
                )  # [width, n]
                x = graph.add(x, graph.rows(table, graph.slice(tile_of_token, 0, start, stop)))  # [width, n]
                graph.run_to(graph.copy(x, hidden))
            self._scratch.place(graph)
            set_tensor(table, self._embeddings.tiles("post", image.aspect_ratio_id))
            set_tensor(tile_of_token, run.tile_of_token())
            graph.compute()

    def _project(self, run: _Pass) -> NDArray[np.float32] | TensorStore:
        """Final and intermediate states -> those that the text attends to, some at a time.

        On the host as float32 (n_tokens, text width), on a GPU as float16 `states` [text_width, n_tokens].
        """
        tiles = [(at, min(at + PROJECTED_AT_ONCE, run.n_tokens)) for at in range(0, run.n_tokens, PROJECTED_AT_ONCE)]
        if self._backend.device.is_cpu:
            host = np.empty((run.n_tokens, self._text_width), dtype=np.float32)
            for start, stop in tiles:
                self._project_rows(run, start, stop, to_host=host[start:stop])
            return host
        shape = (self._text_width, run.n_tokens)
        store = TensorStore(self._backend, {"states": (GgmlType.F16, shape)}, weights=False)
        try:
            for start, stop in tiles:
                self._project_rows(run, start, stop, to_device=store["states"])
            self._backend.wait()
        except BaseException:
            store.close()
            raise
        return store

    def _project_rows(
        self,
        run: _Pass,
        start: int,
        stop: int,
        *,
        to_host: NDArray[np.float32] | None = None,
        to_device: Tensor | None = None,
    ) -> None:
        """`_project` for some tokens, into `to_host` (n, text width) or rows of `to_device`.

        The intermediate states are interleaved: feature `width + h * n + k` is feature h of state k.
        """
        config, weights, n = self._config, self._weights.block("mm.0"), stop - start
        n_kept = len(config.intermediate_layers_indices)
        with Graph(self._backend) as graph:
            features = graph.slice(run.hidden, 1, start, stop)  # [width, n]
            if n_kept:
                kept = graph.slice(run.intermediates, 1, start, stop)  # [width, n, n_kept]
                kept = graph.contiguous(graph.permute(kept, 1, 2, 0, 3))  # [n_kept, width, n]
                kept = graph.reshape(kept, n_kept * config.hidden_size, n)  # [n_kept*width, n]
                if run.kept_type != GgmlType.F32:
                    kept = graph.cast(kept, GgmlType.F32)
                features = graph.concat(features, kept, 0)  # [(1+n_kept)*width, n]
            states = self._linear(graph, weights, features)  # [text_width, n]
            graph.run_to(states if to_device is None else graph.copy(states, graph.slice(to_device, 1, start, stop)))
            self._scratch.place(graph)
            if to_host is None:
                graph.start()  # the next one's description is made meanwhile
            else:
                graph.compute()
                to_host[:] = get_tensor(states)

    def _linear(self, graph: Graph, weights: Mapping[str, Tensor], x: Tensor) -> Tensor:
        """The projector: float32 [n_in, n] -> [n_out, n]."""
        weight, bias = weights["weight"], weights["bias"]
        shape = (weight.contents.ne[0], weight.contents.ne[1])
        if self._cpu is None or not self._cpu.kernels.takes(GgmlType(weight.contents.type), shape):
            return graph.linear(weight, x, bias)
        kernels = self._cpu.kernels
        return kernels.product(graph, kernels.weights(graph, weight), kernels.rows(graph, x), bias)


class _Pass:
    """State of one image's way through the encoder: the residual stream and the kept intermediate states."""

    def __init__(self, backend: Backend, config: VisionEncoderConfig, image: TiledImage) -> None:
        self._config = config
        self.n_tokens = config.n_tokens
        self.n_valid = image.num_tiles * config.tokens_per_tile
        self.n_all = config.n_all
        self.kept_type = GgmlType.F32 if backend.device.is_cpu else GgmlType.F16
        shapes: dict[str, tuple[GgmlType, tuple[int, ...]]] = {}
        shapes["hidden"] = (GgmlType.F32, (config.hidden_size, self.n_all))
        n_kept = len(config.intermediate_layers_indices)
        if n_kept:
            shapes["intermediates"] = (self.kept_type, (config.hidden_size, self.n_all, n_kept))
        self._store = TensorStore(backend, shapes, weights=False)
        self._store.clear()  # padding starts as zeros
        self.hidden = self._store["hidden"]  # [width, n_all]
        self.intermediates = self._store.tensors.get("intermediates")  # [width, n_all, n_kept]

    def __enter__(self) -> _Pass:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def parts(self) -> list[tuple[int, int]]:
        """All tokens, in pieces."""
        return parts(self.n_all, multiple=1)

    def intermediate_address(self, slot: int) -> int:
        """Where a kept state is, on a device whose memory has addresses."""
        assert self.intermediates is not None
        contents = self.intermediates.contents
        address: int = contents.data + slot * contents.nb[2]
        return address

    def intermediate_slot(self, graph: Graph, slot: int) -> Tensor:
        return graph.slice(self.intermediates, 2, slot, slot + 1)  # [width, n_all, 1]

    def tile_of_token(self) -> NDArray[np.int32]:
        """The tile of every token, padding included: int32 (n_all,)."""
        tiles = np.arange(self._config.max_num_tiles, dtype=np.int32)
        return np.concatenate(
            [np.repeat(tiles, self._config.tokens_per_tile), np.repeat(tiles, self._config.padding_per_tile)]
        )


def on_device(name: str) -> bool:
    """Whether a tensor of the vision file is one of the encoder's weights, and not used up on the host."""
    part_of_encoder = name.startswith(("v.", "mm."))
    return part_of_encoder and (name == "v.patch_embd.weight" or not any(word in name for word in _HOST_ONLY))


def _patches(graph: Graph, pixels: Tensor, config: VisionEncoderConfig) -> Tensor:
    """Cut a tile into columns for the patch convolution, each in the order of a flattened convolution kernel.

    [side, side, channels] -> [patch * patch * channels, n_patches].
    """
    size, channels = config.patch_size, config.num_channels
    n = pixels.contents.ne[0] // size
    x = graph.reshape(pixels, size, n, size, n * channels)  # [x in patch, patch, y in patch, row of patches]
    x = graph.contiguous(graph.permute(x, 0, 2, 1, 3))  # [x, y, patch, row of patches]
    x = graph.reshape(x, size * size, n * n, channels)
    x = graph.contiguous(graph.permute(x, 0, 2, 1, 3))  # [x and y, channels, n_patches]
    return graph.reshape(x, size * size * channels, n * n)
