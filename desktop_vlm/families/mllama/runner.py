"""The vision runner of a loaded model: encoder and cross-attention layers, each on its device, and encoded images."""

from __future__ import annotations

import ctypes
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PIL import Image

from desktop_vlm.api.errors import OutOfMemoryError, UserError
from desktop_vlm.families.mllama.cross_attention import CrossAttention, HiddenRows
from desktop_vlm.families.mllama.encoded_image import TileStates
from desktop_vlm.families.mllama.image_processor import TiledImage, process_image
from desktop_vlm.families.mllama.mmproj import Mmproj
from desktop_vlm.families.mllama.vision_encoder import VisionEncoder
from desktop_vlm.runtime.eval_hook import Handler
from desktop_vlm.runtime.ggml.device import Backend, Device, cpu_device, device_of_buffer, devices
from desktop_vlm.runtime.ggml.graph import Scratch, get_tensor, set_tensor
from desktop_vlm.runtime.ggml.library import TensorStruct
from desktop_vlm.runtime.memory import Placement
from desktop_vlm.runtime.native_stops import Launch
from desktop_vlm.runtime.text_model import TextModel
from desktop_vlm.runtime.vision_runner import EncodeProgress, ImageSpan

_LOG = logging.getLogger(__name__)

_EMBEDDINGS_NODE = b"embd"
_REMEMBERED_BYTES = 512 << 20


@dataclass
class DeviceContext:
    """A device in use: a stream of work, scratch memory and the cross-attention layers that live there."""

    backend: Backend
    scratch: Scratch
    cross_attention: CrossAttention | None = None
    attended: tuple[str, ...] = ()


class MllamaRunner:
    """Encodes images, and shows them to the text between llama.cpp's layers (`runtime.vision_runner.VisionRunner`).

    Attributes:
        mmproj: the opened file.
        hook_nodes: the nodes of llama.cpp's graph after which cross-attention layers run.
    """

    attends_by_hook = True

    def __init__(
        self,
        mmproj: Mmproj,
        text: TextModel,
        placement: Placement,
        n_threads: int,
        should_stop: Callable[[], bool],
        on_bytes: Callable[[int], None] | None = None,
    ) -> None:
        """Load it beside `text`; `on_bytes` is given the size of each tensor that is there.

        Raises:
            UserError: the two files do not belong together, or the file ends early.
            EngineError: a device failed.
            OutOfMemoryError: a device has no room.
            Cancelled: from `on_bytes`.
        """
        _check_pair(text, mmproj)
        self.mmproj = mmproj
        self._text = text
        self._n_threads = n_threads
        self._should_stop = should_stop
        self._contexts: dict[str, DeviceContext] = {}
        self._encoder: VisionEncoder | None = None
        self._encoder_is_resident = placement.vision_resident
        self._remembered: OrderedDict[str, TileStates] = OrderedDict()
        self._image_row = mmproj.read_row("token_embd.extra.weight", 0)[0]  # (width,)
        self._points = _hook_points(mmproj.cross_attention.cross_attention_layers)
        self.hook_nodes = tuple(self._points)
        self._cross_handlers: dict[bytes, Handler] = {}
        try:
            self._load_cross_attention(on_bytes)
            vision_device = next((one for one in devices() if one.name == placement.vision_device), cpu_device())
            self._vision_context = self._context_on(vision_device)
            self._encoder = self._make_encoder(on_bytes)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Free everything; calling it again does nothing."""
        self._drop_remembered()
        if self._encoder:
            self._encoder.close()
            self._encoder = None
        for context in self._contexts.values():
            if context.cross_attention:
                context.cross_attention.close()
            context.scratch.close()
            context.backend.close()
        self._contexts.clear()

    # Loading

    def _load_cross_attention(self, on_bytes: Callable[[int], None] | None) -> None:
        by_device: dict[str, tuple[Device, list[int]]] = {}
        for layer, device in self._find_layer_devices().items():
            by_device.setdefault(device.name, (device, []))[1].append(layer)
        for device, layers in by_device.values():
            context = self._context_on(device)
            attention = CrossAttention(self.mmproj, tuple(layers), context.backend, context.scratch, on_bytes)
            context.cross_attention = attention
            for node, after in self._points.items():
                if after[0] in layers:  # llama.cpp keeps a node's rows on one device, so all are
                    self._cross_handlers[node] = _CrossHandler(after, attention)

    def _find_layer_devices(self) -> dict[int, Device]:
        """Run one token to see where llama.cpp keeps the rows that each cross-attention layer changes."""
        found: dict[int, Device] = {}

        def note(layers: tuple[int, ...]) -> Handler:
            def handler(tensor: TensorStruct, /) -> None:
                found.update(dict.fromkeys(layers, device_of_buffer(_buffer(tensor))))

            return handler

        handlers = {node: note(layers) for node, layers in self._points.items()}
        self._text.decode([0], 0, outputs="last", handlers=handlers)
        self._text.forget_from(0)
        return found

    def _make_encoder(self, on_bytes: Callable[[int], None] | None = None) -> VisionEncoder:
        context = self._vision_context
        return VisionEncoder(
            self.mmproj, context.backend, context.scratch, on_bytes, resident=self._encoder_is_resident
        )

    def _context_on(self, device: Device) -> DeviceContext:
        if device.name not in self._contexts:
            # On a GPU llama.cpp's own stream: in order with the text, and memory pools shared with it.
            # A processor's would have llama.cpp's callback for stops.
            scheduler = self._text.scheduler if device.is_gpu else None
            borrowed = scheduler.stream_on(device) if scheduler else None
            backend = Backend(device, self._n_threads, self._should_stop, borrowed=borrowed)
            self._contexts[device.name] = DeviceContext(backend, Scratch(backend))
        return self._contexts[device.name]

    # Images

    def measure(self, key: str, image: Image.Image) -> ImageSpan:  # noqa: ARG002
        """One token, whatever the image."""
        return ImageSpan(key, 1, 1)

    def evaluate(self, span: ImageSpan, image: Image.Image, position: int, progress: EncodeProgress) -> bool:
        raise NotImplementedError("images are attended to from between the layers")

    def encode(self, image: Image.Image, progress: EncodeProgress | None = None) -> TileStates:
        """Run the encoder on an image, without remembering the result.

        Raises:
            Cancelled: from `progress`, or stopped.
            OutOfMemoryError: the device has no room.
        """
        encoded = self._encode(image, progress)
        encoded.leave_device()
        return encoded

    def _encode(self, image: Image.Image, progress: EncodeProgress | None) -> TileStates:
        """Where the device turns out to have no room, the encoder's weights leave it for good and it tries again."""
        if self._encoder is None:  # it could not be made the last time
            self._encoder = self._make_encoder()
        tiles = self._tiles(image, self._encoder)
        self.settle()
        self._expect_moves()
        self._drop_keys()  # the encoder needs the room, and then others are made anyway
        try:
            return self._encoder.encode(tiles, progress)
        except OutOfMemoryError as error:
            if not self._encoder_is_resident:
                raise
            _LOG.warning("%s; the vision weights are streamed from disk per image from here on", error)
        self._encoder.close()
        self._encoder, self._encoder_is_resident = None, False
        self._encoder = self._make_encoder()
        return self._encoder.encode(self._tiles(image, self._encoder), progress)

    def _tiles(self, image: Image.Image, encoder: VisionEncoder) -> TiledImage:
        """What an encoder gets of an image; good until its next one."""
        return process_image(image, self.mmproj.image_processor, encoder.pixels)

    def attend(
        self,
        visible: tuple[str, ...],
        images: Mapping[str, Image.Image],
        progress: EncodeProgress | None,
    ) -> bool:
        """Make the visible images (content keys) the ones that the text sees; false where they already were.

        Raises:
            Cancelled: from `progress`, or stopped.
            OutOfMemoryError: a device has no room.
        """
        if not visible or all(context.attended == visible for context in self._cross_contexts()):
            return False
        encoded = [self._remembered_or_encoded(key, images[key], progress) for key in visible]
        self._expect_moves()
        for context in self._cross_contexts():
            context.attended = ()
            assert context.cross_attention is not None
            context.cross_attention.attend_to(encoded)
            context.attended = visible
        return True

    def _remembered_or_encoded(self, key: str, image: Image.Image, progress: EncodeProgress | None) -> TileStates:
        if key in self._remembered:
            self._remembered.move_to_end(key)
            return self._remembered[key]
        self._remembered[key] = encoded = self._encode(image, progress)
        while len(self._remembered) > 1 and _n_bytes(self._remembered) > _REMEMBERED_BYTES:
            self._remembered.popitem(last=False)[1].close()
        return encoded

    def settle(self) -> None:
        """Bring encoded images that are still on a GPU to main memory: for when nobody waits."""
        for encoded in self._remembered.values():
            encoded.leave_device()

    def forget(self) -> None:
        """Drop what is remembered of images; nothing of the sequence may see one."""
        self._expect_moves()
        self._drop_keys()
        self._drop_remembered()

    def _drop_keys(self) -> None:
        for context in self._cross_contexts():
            context.attended = ()
            assert context.cross_attention is not None
            context.cross_attention.forget()

    def _drop_remembered(self) -> None:
        while self._remembered:
            self._remembered.popitem()[1].close()

    def _expect_moves(self) -> None:
        """Scratch memory, keys and values may move from here on: what was ready to be launched is so no more."""
        if self._text.hook:
            self._text.hook.invalidate()

    def _cross_contexts(self) -> list[DeviceContext]:
        return [context for context in self._contexts.values() if context.cross_attention]

    # Between llama.cpp's layers

    def handlers(self, image_rows: list[int]) -> Mapping[bytes, Handler]:
        """What to do between the layers for rows that see an image; `image_rows` are image tokens."""
        if not image_rows:
            return self._cross_handlers
        cross = self._cross_handlers.get(_EMBEDDINGS_NODE)

        def place_images(tensor: TensorStruct, /) -> None:
            for row in image_rows:
                set_tensor(ctypes.pointer(tensor), self._image_row, row * tensor.nb[1])
            if cross:
                cross(tensor)

        return {**self._cross_handlers, _EMBEDDINGS_NODE: place_images}


class _CrossHandler:
    """The cross-attention layers that run after one node of llama.cpp's graph.

    The node lies where its layer does, with one exception: for a long prompt llama.cpp computes layers of the
    processor on a GPU. Then the rows travel to the weights and back.
    """

    def __init__(self, layers: tuple[int, ...], attention: CrossAttention) -> None:
        self._layers = layers
        self._attention = attention
        self._last: HiddenRows | None = None

    def __call__(self, tensor: TensorStruct, /) -> None:
        if tensor.ne[1] == 0:
            return  # the last layer keeps only the rows whose logits are asked for
        hidden = HiddenRows(_buffer(tensor), tensor.data, tensor.ne[1])
        self._last = hidden if device_of_buffer(hidden.buffer) == self._attention.device else None
        if self._last:
            self._run(hidden)
            return
        rows = get_tensor(ctypes.pointer(tensor)).reshape(tensor.ne[1], -1)
        with self._attention.stage(rows) as staged:
            self._run(staged.hidden)
            set_tensor(ctypes.pointer(tensor), staged.rows())

    def _run(self, hidden: HiddenRows) -> None:
        for layer in self._layers:
            self._attention.run(layer, hidden)

    def stream(self, tensor: TensorStruct, /) -> int | None:
        """Where the layers are put behind the rows of a node; None where the rows travel, or a device is waited for."""
        stays = tensor.ne[1] > 0 and device_of_buffer(_buffer(tensor)) == self._attention.device
        return self._attention.stream if stays else None

    @property
    def launch(self) -> Launch | None:
        """What the next call would do, if its rows lie where the last call's did."""
        return self._attention.launch(self._layers, self._last) if self._last else None


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
    if text.architecture != "llama":
        raise UserError(
            f"{text.path.name} is a {text.architecture} model; the language model of Llama 3.2 Vision, which "
            f"{mmproj.path.name} is for, is a llama model."
        )
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


def _n_bytes(remembered: Mapping[str, TileStates]) -> int:
    return sum(encoded.n_bytes for encoded in remembered.values())
