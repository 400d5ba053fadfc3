"""The vision half of a loaded model: encoder and cross-attention layers, each on its device, and encoded pictures."""

from __future__ import annotations

import ctypes
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PIL import Image

from desktop_vlm.api.errors import OutOfMemoryError, UserError
from desktop_vlm.families.mllama.cross_attention import CrossAttention, HiddenRows
from desktop_vlm.families.mllama.encoded_image import EncodedImage
from desktop_vlm.families.mllama.image_processor import process_image
from desktop_vlm.families.mllama.mmproj import Mmproj
from desktop_vlm.families.mllama.vision_encoder import Progress, VisionEncoder
from desktop_vlm.runtime.eval_hook import Handler
from desktop_vlm.runtime.ggml.device import Backend, Device, cpu_device, device_of_buffer, devices
from desktop_vlm.runtime.ggml.graph import Scratch, get_tensor, set_tensor
from desktop_vlm.runtime.ggml.library import TensorStruct
from desktop_vlm.runtime.native_stops import Launch
from desktop_vlm.runtime.planner import Placement
from desktop_vlm.runtime.text_model import TextModel

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
    """Encodes pictures, and shows them to the text between llama.cpp's layers.

    Attributes:
        mmproj: the opened file.
        hook_nodes: the nodes of llama.cpp's graph after which cross-attention layers run.
    """

    def __init__(
        self,
        mmproj: Mmproj,
        text: TextModel,
        placement: Placement,
        n_threads: int,
        should_stop: Callable[[], bool],
        on_bytes: Callable[[int], None] | None = None,
    ) -> None:
        """Load it beside `text`; `on_bytes` is told the size of each tensor that is there.

        Raises:
            UserError: the two halves do not belong together, or the file ends early.
            EngineError: a device failed.
            OutOfMemoryError: a device has no room.
            Cancelled: from `on_bytes`.
        """
        _check_pair(text, mmproj)
        self.mmproj = mmproj
        self._text = text
        self._n_threads = n_threads
        self._should_stop = should_stop
        self._places: dict[str, DeviceContext] = {}
        self._encoder: VisionEncoder | None = None
        self._encoder_is_resident = placement.vision_resident
        self._remembered: OrderedDict[str, EncodedImage] = OrderedDict()
        self._image_row = mmproj.read_row("token_embd.extra.weight", 0)[0]  # (width,)
        self._points = _hook_points(mmproj.cross_attention.cross_attention_layers)
        self.hook_nodes = tuple(self._points)
        self._cross_handlers: dict[bytes, Handler] = {}
        try:
            self._load_cross_attention(on_bytes)
            vision_device = next((one for one in devices() if one.name == placement.vision_device), cpu_device())
            self._vision_place = self._place(vision_device)
            self._encoder = self._make_encoder(on_bytes)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Free everything; calling it again does nothing."""
        while self._remembered:
            self._remembered.popitem()[1].close()
        if self._encoder:
            self._encoder.close()
            self._encoder = None
        for place in self._places.values():
            if place.cross_attention:
                place.cross_attention.close()
            place.scratch.close()
            place.backend.close()
        self._places.clear()

    # Loading

    def _load_cross_attention(self, on_bytes: Callable[[int], None] | None) -> None:
        by_device: dict[str, tuple[Device, list[int]]] = {}
        for layer, device in self._find_layer_devices().items():
            by_device.setdefault(device.name, (device, []))[1].append(layer)
        for device, layers in by_device.values():
            place = self._place(device)
            attention = CrossAttention(self.mmproj, tuple(layers), place.backend, place.scratch, on_bytes)
            place.cross_attention = attention
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
        place = self._vision_place
        return VisionEncoder(self.mmproj, place.backend, place.scratch, on_bytes, resident=self._encoder_is_resident)

    def _place(self, device: Device) -> DeviceContext:
        if device.name not in self._places:
            # On a graphics device llama.cpp's own stream: in order with the text, and memory pools shared with it.
            # A processor's would have llama.cpp's callback for stops.
            scheduler = self._text.scheduler if device.is_gpu else None
            borrowed = scheduler.stream_on(device) if scheduler else None
            backend = Backend(device, self._n_threads, self._should_stop, borrowed=borrowed)
            self._places[device.name] = DeviceContext(backend, Scratch(backend))
        return self._places[device.name]

    # Pictures

    def encode(self, image: Image.Image, progress: Progress | None = None) -> EncodedImage:
        """Run the encoder on a picture, without remembering the result.

        Raises:
            Cancelled: from `progress`, or stopped.
            OutOfMemoryError: the device has no room.
        """
        encoded = self._encode(image, progress)
        encoded.leave_device()
        return encoded

    def _encode(self, image: Image.Image, progress: Progress | None) -> EncodedImage:
        """Where the device turns out to have no room, the encoder's weights leave it for good and it tries again."""
        if self._encoder is None:  # it could not be made the last time
            self._encoder = self._make_encoder()
        tiles = process_image(image, self.mmproj.image_processor)
        self.settle()
        self._expect_moves()
        for place in self._cross_places():  # the encoder needs the room, and then others are made anyway
            place.attended = ()
            assert place.cross_attention is not None
            place.cross_attention.forget()
        try:
            return self._encoder.encode(tiles, progress)
        except OutOfMemoryError as error:
            if not self._encoder_is_resident:
                raise
            _LOG.warning("%s; the vision weights are read anew for every picture from here on", error)
        self._encoder.close()
        self._encoder, self._encoder_is_resident = None, False
        self._encoder = self._make_encoder()
        return self._encoder.encode(tiles, progress)

    def attend(
        self,
        visible: tuple[str, ...],
        pictures: Mapping[str, Image.Image],
        progress: Progress | None,
    ) -> bool:
        """Make the visible pictures (content keys) the ones that the text sees; false where they already were.

        Raises:
            Cancelled: from `progress`, or stopped.
            OutOfMemoryError: a device has no room.
        """
        if not visible or all(place.attended == visible for place in self._cross_places()):
            return False
        encoded = [self._remembered_or_encoded(key, pictures[key], progress) for key in visible]
        self._expect_moves()
        for place in self._cross_places():
            place.attended = ()
            assert place.cross_attention is not None
            place.cross_attention.attend_to(encoded)
            place.attended = visible
        return True

    def _remembered_or_encoded(self, key: str, image: Image.Image, progress: Progress | None) -> EncodedImage:
        if key in self._remembered:
            self._remembered.move_to_end(key)
            return self._remembered[key]
        self._remembered[key] = encoded = self._encode(image, progress)
        while len(self._remembered) > 1 and _n_bytes(self._remembered) > _REMEMBERED_BYTES:
            self._remembered.popitem(last=False)[1].close()
        return encoded

    def settle(self) -> None:
        """Bring encoded pictures that are still on a graphics device to main memory: for when nobody waits."""
        for encoded in self._remembered.values():
            encoded.leave_device()

    def _expect_moves(self) -> None:
        """Scratch memory, keys and values may move from here on: what was ready to be launched is so no more."""
        if self._text.hook:
            self._text.hook.invalidate()

    def _cross_places(self) -> list[DeviceContext]:
        return [place for place in self._places.values() if place.cross_attention]

    # Between llama.cpp's layers

    def handlers(self, image_rows: list[int]) -> Mapping[bytes, Handler]:
        """What to do between the layers for rows that see a picture; `image_rows` are image tokens."""
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
    processor on a graphics card. Then the rows travel to the weights and back.
    """

    def __init__(self, layers: tuple[int, ...], attention: CrossAttention) -> None:
        self._layers = layers
        self._attention = attention
        self._last: HiddenRows | None = None

    def __call__(self, tensor: TensorStruct, /) -> None:
        if tensor.ne[1] == 0:
            return  # the last layer keeps only the rows whose logits are wanted
        hidden = HiddenRows(_buffer(tensor), tensor.data, tensor.ne[1])
        self._last = hidden if device_of_buffer(hidden.buffer) == self._attention.device else None
        if self._last:
            self._run(hidden)
            return
        rows = get_tensor(ctypes.pointer(tensor)).reshape(tensor.ne[1], -1)
        with self._attention.guests(rows) as guests:
            self._run(guests.hidden)
            set_tensor(ctypes.pointer(tensor), guests.rows())

    def _run(self, hidden: HiddenRows) -> None:
        for layer in self._layers:
            self._attention.run(layer, hidden)

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


def _n_bytes(remembered: Mapping[str, EncodedImage]) -> int:
    return sum(encoded.n_bytes for encoded in remembered.values())
