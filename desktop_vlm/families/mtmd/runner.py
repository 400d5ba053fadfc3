"""The vision runner of all families that libmtmd encodes: images to rows, and the rows to the language model."""

from __future__ import annotations

import logging
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.api.errors import Cancelled, OutOfMemoryError, UserError
from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.families.mtmd.binding import Chunks, InputChunk, Projector, ProjectorOptions
from desktop_vlm.families.mtmd.encode_hook import Correction, EncodeHook
from desktop_vlm.families.mtmd.encoded_rows import EncodedRows
from desktop_vlm.families.mtmd.memory import EncoderShape
from desktop_vlm.families.mtmd.pixels import Color, encoder_pixels, encoder_size
from desktop_vlm.families.mtmd.rows import decode_rows
from desktop_vlm.runtime.eval_hook import Handler
from desktop_vlm.runtime.ggml.device import Device
from desktop_vlm.runtime.interrupts import deferred_interrupts
from desktop_vlm.runtime.load_errors import projector_error
from desktop_vlm.runtime.text_model import TextModel
from desktop_vlm.runtime.vision_runner import EncodeProgress, ImageSpan

_LOG = logging.getLogger(__name__)

_REMEMBERED_BYTES = 512 << 20
_PATCHES_PER_STOP = 1024
"""On a GPU each stop costs some microseconds, and the encoder of a small image a few milliseconds in all."""

CorrectRows = Callable[[NDArray[np.float32], tuple[int, int]], None]
"""Repairs an image's rows (n_tokens, width) in place, given the width and height of what was encoded."""


@dataclass(frozen=True)
class EncoderSetup:
    """How a family's encoder is to be run.

    Attributes:
        path: the mmproj file, or the copy to load in its place.
        name: of the person's file, for sentences.
        shape: what it takes of memory.
        sizing: how large an image reaches it.
        pad_color: around images that are padded to a square.
        flash_attention: in the encoder; None to let the library try.
        corrections: of what its graph reads and computes.
        correct_rows: repairs its output.
    """

    path: Path
    name: str
    shape: EncoderShape
    sizing: ImageSizing
    pad_color: Color = (0, 0, 0)
    flash_attention: bool | None = None
    corrections: tuple[Correction, ...] = ()
    correct_rows: CorrectRows | None = None


@dataclass(frozen=True)
class _Steps:
    """Progress within an image that is encoded in several parts: layers `first` to `first + n` of `total`."""

    progress: EncodeProgress
    first: int
    n: int
    total: int

    def layer_done(self, layer: int) -> None:
        self.progress(self.first + min(layer + 1, self.n), self.total)

    def all_done(self) -> None:
        self.progress(self.first + self.n, self.total)


class MtmdRunner:
    """An encoder beside its language model (`runtime.vision_runner.VisionRunner`).

    Attributes:
        setup: how the encoder is run.
        sizing: how large an image reaches the encoder, within what memory and context allow.
        n_encoded: images that were encoded so far.
    """

    attends_by_hook = False
    hook_nodes: tuple[bytes, ...] = ()

    def __init__(
        self,
        setup: EncoderSetup,
        text: TextModel,
        device: Device,
        n_threads: int,
        should_stop: Callable[[], bool],
        on_bytes: Callable[[int], None],
    ) -> None:
        """Load the encoder onto `device`.

        Raises:
            UserError: the files do not belong together, or this one cannot be loaded.
            OutOfMemoryError: the device has no room.
            Cancelled: from `on_bytes`.
        """
        self.sizing = setup.sizing
        self.n_encoded = 0
        self._reserved_bytes = 0
        self.setup = setup
        self._text = text
        self._device = device
        self._should_stop = should_stop
        self._remembered: OrderedDict[str, EncodedRows] = OrderedDict()
        self._borrowing: weakref.ref[EncodedRows] | None = None  # the last image encoded
        self._measured: dict[tuple[int, int], tuple[int, int]] = {}
        self._hook = EncodeHook(setup.corrections)
        self._projector: Projector | None = None
        self._check_room(setup.shape.weights_bytes, f"load {setup.name}")
        self._projector = self._open(n_threads, on_bytes)
        if not self._projector.sees_images:
            self.close()
            raise UserError(f"{setup.name} listens to sound only; give the mmproj file of a model that sees images.")

    def _open(self, n_threads: int, on_bytes: Callable[[int], None]) -> Projector:
        total, failure, done = self.setup.shape.weights_bytes, [], [0]

        def progress(fraction: float) -> bool:
            upto = int(fraction * total)
            try:
                on_bytes(upto - done[0])
            except BaseException as error:  # noqa: BLE001 - must not travel through C
                failure.append(error)
            done[0] = upto
            return not failure

        options = ProjectorOptions(
            device=self._device.handle if self._device.is_gpu else None,
            n_threads=n_threads,
            flash_attention=self.setup.flash_attention,
            min_tokens=1,
            max_tokens=self.setup.shape.library_tokens(self.setup.sizing),
            callback=self._hook.callback,
            user_data=self._hook.user_data,
            progress=progress,
        )
        try:
            with deferred_interrupts():
                return Projector(self.setup.path, self._text.model_handle, options)
        except ValueError as error:
            if failure:
                raise failure[0] from None
            raise projector_error(self.setup.name, self._text.path.name, str(error)) from error

    def close(self) -> None:
        """Free everything; calling it again does nothing."""
        self.settle()
        self._remembered.clear()
        if self._projector:
            self._projector.close()
            self._projector = None

    @property
    def _opened(self) -> Projector:
        if self._projector is None:
            raise RuntimeError("the runner is closed")
        return self._projector

    # Sizes

    def measure(self, key: str, image: Image.Image) -> ImageSpan:
        """What the image takes of the context, without encoding it."""
        size = encoder_size(self.sizing, *image.size)
        if size not in self._measured:
            with self._opened.chunks(*size) as chunks:
                self._measured[size] = chunks.n_tokens, chunks.n_positions
        return ImageSpan(key, *self._measured[size])

    # Encoding

    def encode(self, image: Image.Image, progress: EncodeProgress) -> EncodedRows:
        """Run the encoder, without remembering the result.

        Raises:
            Cancelled: from `progress`, or stopped.
            OutOfMemoryError: the device has no room.
            EngineError: the encoder failed.
        """
        pixels = encoder_pixels(image, self.sizing, self.setup.pad_color)
        height, width = pixels.shape[:2]
        needed_bytes = self._encoding_bytes(width, height)
        self._check_room(needed_bytes - self._reserved_bytes, "look at this image")
        self.settle()
        self._hook.begin(pixels)
        with self._opened.chunks(width, height, pixels) as chunks:
            parts = [chunk for chunk in chunks if chunk.is_image]
            n_layers = self.setup.shape.n_layers
            rows: list[NDArray[np.float32]] = []
            for index, part in enumerate(parts):
                rows[-1:] = [one.copy() for one in rows[-1:]]  # the next one is encoded to the same memory
                steps = _Steps(progress, index * n_layers, n_layers, len(parts) * n_layers)
                rows.append(self._encode_chunk(part, (width, height), steps))
        self.n_encoded += 1
        self._reserved_bytes = max(self._reserved_bytes, needed_bytes)  # the library keeps it for the next image
        encoded = EncodedRows(rows, borrows_last=bool(rows))
        self._borrowing = weakref.ref(encoded)
        return encoded

    def _encode_chunk(self, chunk: InputChunk, size: tuple[int, int], steps: _Steps) -> NDArray[np.float32]:
        def on_layer(layer: int) -> None:
            if self._should_stop():
                raise Cancelled("stopped")
            steps.layer_done(layer)

        def compute() -> int:
            with deferred_interrupts():
                return self._opened.encode(chunk)

        status = self._hook.run(compute, (size, chunk.n_tokens), self._layers_to_stop_at(size), on_layer)
        if status:
            raise OutOfMemoryError(
                f"{self.setup.name} failed to encode an image of {size[0]} x {size[1]} pixels, most likely for lack "
                f"of memory on {self._device.name}; close other programs, or load with fewer layers on the GPU."
            )
        steps.all_done()
        rows = self._opened.output(chunk)
        if self.setup.correct_rows:
            self.setup.correct_rows(rows, size)
        return rows

    def _layers_to_stop_at(self, size: tuple[int, int]) -> range:
        n_layers = self.setup.shape.n_layers
        if not self._device.is_gpu:
            return range(n_layers)
        n_stops = min(n_layers, self.setup.shape.n_patches(*size) // _PATCHES_PER_STOP)
        return range(n_layers - 1, -1, -(n_layers // n_stops)) if n_stops else range(0)

    def _encoding_bytes(self, width: int, height: int) -> int:
        """What an image of this size takes; one that the library resizes, no more than the largest that it makes."""
        shape = self.setup.shape
        needed = shape.encoding_bytes(width, height)
        most = shape.encoding_bytes(*shape.largest(self.sizing))
        return min(needed, most) if self.sizing.kind == "library" else needed

    def _check_room(self, n_bytes: int, what: str) -> None:
        free_bytes, _ = self._device.memory()
        if n_bytes > free_bytes:
            raise OutOfMemoryError(
                f"There is not enough memory on {self._device.name} to {what} ({n_bytes / 2**30:.1f} GiB needed, "
                f"{free_bytes / 2**30:.1f} GiB free); close other programs, or load the model with a shorter context "
                "or fewer layers on the GPU."
            )

    # To the language model

    def evaluate(self, span: ImageSpan, image: Image.Image, position: int, progress: EncodeProgress) -> bool:
        """Decode an image's rows, and what the family puts around them, at `position`.

        Returns:
            Whether it was encoded; false where that was done lately.

        Raises:
            Cancelled: from `progress`, or stopped.
            OutOfMemoryError: a device has no room.
            EngineError: llama.cpp failed.
        """
        known = span.key in self._remembered
        if known:
            self._remembered.move_to_end(span.key)
        else:
            self._remember(span.key, self.encode(image, progress))
        rows = iter(self._remembered[span.key].parts)
        with self._opened.chunks(*encoder_size(self.sizing, *image.size)) as chunks:
            self._decode(chunks, rows, position)
        return not known

    def _decode(self, chunks: Chunks, rows: Iterator[NDArray[np.float32]], position: int) -> None:
        pieces = list(chunks)
        for index, chunk in enumerate(pieces):
            is_last = index == len(pieces) - 1
            if chunk.is_image:
                decode_rows(self._text, self._opened, chunk, next(rows), position, with_logits=is_last)
            else:
                outputs = "last" if is_last else "none"
                for start in range(0, chunk.n_tokens, self._text.n_batch):
                    part = chunk.tokens[start : start + self._text.n_batch]
                    self._text.decode(part, position + start, outputs=outputs, handlers={})
            position += chunk.n_positions

    def _remember(self, key: str, encoded: EncodedRows) -> None:
        self._remembered[key] = encoded
        while len(self._remembered) > 1 and sum(one.n_bytes for one in self._remembered.values()) > _REMEMBERED_BYTES:
            self._remembered.popitem(last=False)

    # Not for this kind of model

    def attend(self, visible: tuple[str, ...], images: Mapping[str, Image.Image], progress: EncodeProgress) -> bool:
        raise NotImplementedError("the rows of an image stand among the text's")

    def handlers(self, image_rows: list[int]) -> Mapping[bytes, Handler]:  # noqa: ARG002
        return {}

    def settle(self) -> None:
        """Copy the last image's rows out of the library's memory, if anybody still has them."""
        encoded = self._borrowing() if self._borrowing else None
        if encoded:
            encoded.keep()
        self._borrowing = None

    def forget(self) -> None:
        """Drop what is remembered of images."""
        self._remembered.clear()
