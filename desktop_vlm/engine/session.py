"""The whole model: text half, vision encoder and cross-attention layers, with what they remember.

A session holds one sequence. Evaluating a prompt keeps whatever of the last one is still valid: the KV
cache of the unchanged start, and for every picture seen lately its encoded states.
"""

from __future__ import annotations

import ctypes
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from gguf import GGMLQuantizationType as GgmlType
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.engine.cross_attention import CrossAttention, HiddenRows
from desktop_vlm.engine.eval_hook import Handler
from desktop_vlm.engine.ggml.device import Backend, Device, cpu_device, device_of_buffer, gpu_devices
from desktop_vlm.engine.ggml.graph import Scratch, set_tensor
from desktop_vlm.engine.ggml.library import TensorStruct
from desktop_vlm.engine.image_processor import process_image
from desktop_vlm.engine.mmproj import Mmproj, open_mmproj
from desktop_vlm.engine.native_stops import Launch
from desktop_vlm.engine.prompt import Prompt, Segment, common_prefix, segments
from desktop_vlm.engine.text_model import TextModel
from desktop_vlm.engine.vision_encoder import EncodedImage, VisionEncoder
from desktop_vlm.engine.vision_encoder import Progress as EncodeProgress
from desktop_vlm.errors import Cancelled, UserError

_LOG = logging.getLogger(__name__)

_EMBEDDINGS_NODE = b"embd"
_ENCODED_CACHE_BYTES = 512 << 20

Progress = Callable[[str, float], None]
"""Called with a stage ("load", "encode" or "prefill") and its fraction, 0 to 1; may raise `Cancelled`."""


@dataclass
class Timing:
    """Seconds and tokens of one evaluation."""

    cached_tokens: int = 0
    computed_tokens: int = 0
    encode_s: float = 0.0
    prefill_s: float = 0.0


@dataclass
class _Place:
    """A device in use: a stream of work, scratch memory and the cross-attention layers that live there."""

    backend: Backend
    scratch: Scratch
    cross_attention: CrossAttention | None = None
    attended: tuple[str, ...] = ()


class _CrossHandler:
    """The cross-attention layers that run after one node of llama.cpp's graph."""

    def __init__(self, layers: tuple[int, ...], attention: CrossAttention) -> None:
        self._layers = layers
        self._attention = attention
        self._last: HiddenRows | None = None

    def __call__(self, tensor: TensorStruct) -> None:
        if tensor.ne[1] == 0:
            return  # the last layer keeps only the rows whose logits are wanted
        self._last = hidden = HiddenRows(_buffer(tensor), tensor.data, tensor.ne[1])
        for layer in self._layers:
            self._attention.run(layer, hidden)

    @property
    def launch(self) -> Launch | None:
        """What the next call would do, if its rows lie where the last call's did."""
        return self._attention.launch(self._layers, self._last) if self._last else None


class _Loading:
    """One fraction for the loading of both files, by their sizes."""

    def __init__(self, progress: Progress | None, text_path: Path, mmproj: Mmproj | None) -> None:
        self._progress = progress
        self._text_bytes = text_path.stat().st_size if text_path.is_file() else 0
        vision_bytes = sum(info.n_bytes for info in mmproj.tensors.values()) if mmproj else 0
        self._total_bytes = self._text_bytes + vision_bytes or 1
        self._done_bytes = 0

    def text(self, fraction: float) -> None:
        self._done_bytes = int(fraction * self._text_bytes)
        self.vision(0)

    def vision(self, n_bytes: int) -> None:
        self._done_bytes += n_bytes
        if self._progress:
            self._progress("load", self._done_bytes / self._total_bytes)

    def end(self) -> None:
        if self._progress:
            self._progress("load", 1.0)


class Session:
    """One loaded model and one sequence.

    Attributes:
        text: the text half.
        mmproj: the opened vision file; None for a text-only session.
        image_token: the id of `<|image|>`, one past the vocabulary.
    """

    def __init__(
        self,
        text_path: Path,
        mmproj_path: Path | None,
        *,
        n_ctx: int,
        n_batch: int,
        n_gpu_layers: int,
        n_threads: int,
        kv_type: GgmlType | None,
        progress: Progress | None = None,
    ) -> None:
        """Load both files.

        Raises:
            UserError: a file is missing, damaged, or the two do not belong together.
            EngineError: memory or a device failed.
            Cancelled: from `progress`.
        """
        self._stop = threading.Event()
        self._places: dict[str, _Place] = {}
        self._encoder: VisionEncoder | None = None
        self._encoded: OrderedDict[str, EncodedImage] = OrderedDict()
        self._evaluated: list[int | str] = []
        self._visible: tuple[str, ...] = ()  # pictures that the last evaluated token sees
        self._points: dict[bytes, tuple[int, ...]] = {}
        self._cross_handlers: dict[bytes, Handler] = {}
        self._n_threads = n_threads
        self._use_gpu = n_gpu_layers != 0
        self.mmproj = open_mmproj(mmproj_path) if mmproj_path else None
        loading = _Loading(progress, text_path, self.mmproj)
        self.text = TextModel(
            text_path,
            n_ctx=n_ctx,
            n_batch=n_batch,
            n_gpu_layers=n_gpu_layers,
            n_threads=n_threads,
            kv_type=kv_type,
            should_stop=self._stop.is_set,
            progress=loading.text,
        )
        self.image_token = self.text.n_vocab
        try:
            if self.mmproj:
                _check_pair(self.text, self.mmproj)
                self._load_vision(self.mmproj, loading)
            loading.end()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Free everything; calling it again does nothing."""
        if self._encoder:
            self._encoder.close()
            self._encoder = None
        for place in self._places.values():
            if place.cross_attention:
                place.cross_attention.close()
            place.scratch.close()
            place.backend.close()
        self._places.clear()
        self.text.close()

    # Stopping, from any thread

    def stop(self) -> None:
        """End the running computation soon; it raises `Cancelled`."""
        self._stop.set()

    def clear_stop(self) -> None:
        """Forget a stop that came before the work it was meant for."""
        self._stop.clear()

    def check_stop(self) -> None:
        """Raise `Cancelled` if `stop` was called."""
        if self._stop.is_set():
            raise Cancelled("stopped")

    @property
    def hook_nodes(self) -> tuple[bytes, ...]:
        """The nodes of llama.cpp's graph after which cross-attention layers run."""
        return tuple(self._points)

    # Loading the vision half

    def _load_vision(self, mmproj: Mmproj, loading: _Loading) -> None:
        self._image_row = mmproj.read_row("token_embd.extra.weight", 0)[0]  # (width,)
        self._points = _hook_points(mmproj.cross_attention.cross_attention_layers)
        by_device: dict[str, tuple[Device, list[int]]] = {}
        for layer, device in self._find_layer_devices().items():
            by_device.setdefault(device.name, (device, []))[1].append(layer)
        for device, layers in by_device.values():
            place = self._place(device)
            place.cross_attention = CrossAttention(mmproj, tuple(layers), place.backend, place.scratch, loading.vision)
            for node, after in self._points.items():
                if after[0] in layers:  # llama.cpp keeps a node's rows on one device, so all are
                    self._cross_handlers[node] = _CrossHandler(after, place.cross_attention)
        vision_place = self._place(gpu_devices()[0] if self._use_gpu and gpu_devices() else cpu_device())
        self._encoder = VisionEncoder(mmproj, vision_place.backend, vision_place.scratch, loading.vision)

    def _find_layer_devices(self) -> dict[int, Device]:
        """Run one token to see where llama.cpp keeps the rows that each cross-attention layer changes."""
        found: dict[int, Device] = {}

        def note(layers: tuple[int, ...]) -> Handler:
            def handler(tensor: TensorStruct) -> None:
                device = device_of_buffer(_buffer(tensor))
                found.update(dict.fromkeys(layers, device))

            return handler

        handlers = {node: note(layers) for node, layers in self._points.items()}
        self.text.decode([0], 0, outputs="last", handlers=handlers)
        self.text.forget_from(0)
        return found

    def _place(self, device: Device) -> _Place:
        if device.name not in self._places:
            # On a graphics device llama.cpp's own stream: in order with the text, and memory pools shared with it.
            # A processor's would have llama.cpp's callback for stops.
            scheduler = self.text.scheduler if device.is_gpu else None
            borrowed = scheduler.stream_on(device) if scheduler else None
            backend = Backend(device, self._n_threads, self._stop.is_set, borrowed=borrowed)
            self._places[device.name] = _Place(backend, Scratch(backend))
        return self._places[device.name]

    # Pictures

    def encode(self, image: Image.Image, progress: EncodeProgress | None = None) -> EncodedImage:
        """Run the vision encoder on a picture, without remembering the result.

        Raises:
            UserError: the session has no vision half.
            Cancelled: stopped.
        """
        if self._encoder is None or self.mmproj is None:
            raise no_vision()

        def watch(done: int, total: int) -> None:
            self.check_stop()
            if progress:
                progress(done, total)

        self._expect_moves()
        return self._encoder.encode(process_image(image, self.mmproj.image_processor), watch)

    def _encoded_image(self, key: str, image: Image.Image, progress: Progress | None, timing: Timing) -> EncodedImage:
        if key in self._encoded:
            self._encoded.move_to_end(key)
            return self._encoded[key]
        started = perf_counter()
        encoded = self.encode(image, (lambda done, total: progress("encode", done / total)) if progress else None)
        timing.encode_s += perf_counter() - started
        self._encoded[key] = encoded
        while len(self._encoded) > 1 and sum(e.states.nbytes for e in self._encoded.values()) > _ENCODED_CACHE_BYTES:
            self._encoded.popitem(last=False)
        return encoded

    # Evaluating

    def forget(self) -> None:
        """Drop the sequence, so that the next evaluation starts from nothing. Encoded pictures stay."""
        self.text.forget_from(0)
        self._evaluated = []

    @property
    def n_evaluated(self) -> int:
        """Tokens in the KV cache."""
        return len(self._evaluated)

    def evaluate(
        self,
        prompt: Prompt,
        pictures: Mapping[str, Image.Image],
        *,
        all_logits: bool = False,
        progress: Progress | None = None,
    ) -> tuple[NDArray[np.float32], Timing]:
        """Bring the KV cache to the end of `prompt`, computing only what is new.

        Args:
            prompt: at least one token.
            pictures: content key -> picture, for all pictures of the prompt.
            all_logits: return logits of every token, which computes all of them anew.
            progress: told about encoding and prefill.

        Returns:
            float32 (n_tokens or 1, n_vocab), and what it took.

        Raises:
            UserError: the prompt does not fit the context.
            Cancelled: stopped; what was finished stays usable.
            EngineError: the engine failed.
        """
        if not len(prompt):
            raise UserError("There is nothing to compute: the prompt is empty.")
        if len(prompt) > self.text.n_ctx:
            raise context_full(len(prompt), self.text.n_ctx)
        entries = prompt.entries()
        keep = 0 if all_logits else min(common_prefix(entries, self._evaluated), len(entries) - 1)
        self.text.forget_from(keep)
        self._evaluated = self._evaluated[:keep]
        timing = Timing(cached_tokens=keep, computed_tokens=len(entries) - keep)
        if progress:
            progress("prefill", 0.0)
        chunks: list[NDArray[np.float32]] = []
        for start, stop, segment in self._chunks(prompt, keep):
            self.check_stop()
            self._attend(segment.visible, pictures, progress, timing)
            started = perf_counter()
            outputs = "all" if all_logits else "last" if stop == len(entries) else "none"
            chunks.append(self._decode(prompt, start, stop, segment, outputs))
            self._evaluated += entries[start:stop]
            self._visible = segment.visible
            timing.prefill_s += perf_counter() - started
            if progress:
                progress("prefill", (stop - keep) / (len(entries) - keep))
        return np.concatenate(chunks), timing

    def extend(self, token: int) -> NDArray[np.float32]:
        """Add one generated text token: float32 (n_vocab,). It sees what the token before it saw.

        Raises:
            UserError: the context is full.
        """
        position = len(self._evaluated)
        if position >= self.text.n_ctx:
            raise context_full(position + 1, self.text.n_ctx)
        handlers = self._handlers([]) if self._visible else {}
        logits = self.text.decode([token], position, outputs="last", handlers=handlers)
        self._evaluated.append(token)
        last: NDArray[np.float32] = logits[0]
        return last

    def _chunks(self, prompt: Prompt, keep: int) -> list[tuple[int, int, Segment]]:
        """The rest of a prompt in pieces of one micro-batch and one set of visible pictures each."""
        size = self.text.n_batch
        pieces = []
        for segment in segments(prompt):
            first = max(segment.start, keep)
            pieces += [(start, min(start + size, segment.stop), segment) for start in range(first, segment.stop, size)]
        return pieces

    def _attend(
        self,
        visible: tuple[str, ...],
        pictures: Mapping[str, Image.Image],
        progress: Progress | None,
        timing: Timing,
    ) -> None:
        """Make the keys and values of the visible pictures the current ones on every device."""
        if not visible or all(place.attended == visible for place in self._cross_places()):
            return
        encoded = [self._encoded_image(key, pictures[key], progress, timing) for key in visible]
        states = np.concatenate([image.visible for image in encoded])
        started = perf_counter()
        self._expect_moves()
        for place in self._cross_places():
            place.attended = ()
            assert place.cross_attention is not None
            place.cross_attention.attend_to(states)
            place.attended = visible
        timing.encode_s += perf_counter() - started

    def _expect_moves(self) -> None:
        """Scratch memory, keys and values may move from here on: what was ready to be launched is so no more."""
        if self.text.hook:
            self.text.hook.invalidate()

    def _cross_places(self) -> list[_Place]:
        return [place for place in self._places.values() if place.cross_attention]

    def _decode(self, prompt: Prompt, start: int, stop: int, segment: Segment, outputs: str) -> NDArray[np.float32]:
        tokens = list(prompt.tokens[start:stop])
        rows = [i for i, token in enumerate(tokens) if token == self.image_token]
        for row in rows:
            tokens[row] = 0  # any valid id: the row is replaced before the first layer reads it
        handlers = self._handlers(rows) if segment.visible else {}
        return self.text.decode(tokens, start, outputs=outputs, handlers=handlers)

    def _handlers(self, image_rows: list[int]) -> Mapping[bytes, Handler]:
        """What to do between llama.cpp's layers for rows that see a picture; `image_rows` are image tokens."""
        if not image_rows:
            return self._cross_handlers
        cross = self._cross_handlers.get(_EMBEDDINGS_NODE)

        def place_images(tensor: TensorStruct, /) -> None:
            for row in image_rows:
                _set_row(tensor, row, self._image_row)
            if cross:
                cross(tensor)

        return {**self._cross_handlers, _EMBEDDINGS_NODE: place_images}


def no_vision() -> UserError:
    """The sentence for a picture given to a model that was loaded without eyes."""
    return UserError(
        "This model was loaded without its vision half; load the mmproj file with it to ask about pictures."
    )


def context_full(n_tokens: int, n_ctx: int) -> UserError:
    """The sentence for a prompt that does not fit."""
    return UserError(
        f"The conversation needs {n_tokens:,} tokens but the context holds {n_ctx:,}; start a new conversation, "
        "let the oldest turns be dropped, or load the model with a longer context."
    )


def _hook_points(cross_attention_layers: tuple[int, ...]) -> dict[bytes, tuple[int, ...]]:
    """The node of llama.cpp's graph after which each cross-attention layer runs.

    The k-th cross-attention layer c stands after c - k self-attention layers, so after `l_out-(c-k-1)`;
    before the first self-attention layer stand the embeddings.
    """
    points: dict[bytes, list[int]] = {}
    for k, layer in enumerate(cross_attention_layers):
        before = layer - k - 1
        node = b"l_out-%d" % before if before >= 0 else _EMBEDDINGS_NODE
        points.setdefault(node, []).append(layer)
    return {node: tuple(layers) for node, layers in points.items()}


def _check_pair(text: TextModel, mmproj: Mmproj) -> None:
    cross = mmproj.cross_attention
    for what, of_text, of_mmproj in (
        ("hidden width", text.n_embd, cross.hidden_size),
        ("number of self-attention layers", text.n_layer, cross.num_self_attention_layers),
    ):
        if of_text != of_mmproj:
            raise UserError(
                f"{text.path.name} and {mmproj.path.name} do not belong together: the {what} is {of_text} in the "
                f"first and {of_mmproj} in the second; use two files from one conversion."
            )


def _buffer(tensor: TensorStruct) -> int:
    """The buffer that holds a tensor's memory; a view's is its source's."""
    owner = tensor.view_src.contents if tensor.view_src else tensor
    buffer: int = owner.buffer
    return buffer


def _set_row(tensor: TensorStruct, row: int, values: NDArray[np.float32]) -> None:
    set_tensor(ctypes.pointer(tensor), values, row * tensor.nb[1])
