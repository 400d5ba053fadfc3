"""libmtmd as llama.cpp's own programs use it: its encoder and its rows, without our corrections and memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from desktop_vlm.api.errors import Cancelled, OutOfMemoryError
from desktop_vlm.families.mtmd.binding import Chunks, InputChunk, Projector, ProjectorOptions
from desktop_vlm.families.mtmd.encode_hook import EncodeHook
from desktop_vlm.families.mtmd.memory import EncoderShape
from desktop_vlm.families.mtmd.rows import decode_rows
from desktop_vlm.runtime import llama
from desktop_vlm.runtime.ggml.device import Device
from desktop_vlm.runtime.interrupts import deferred_interrupts
from desktop_vlm.runtime.text_model import TextModel


class PlainEncoder:
    """One encoder (`runtime.plain_vision.PlainVision`).

    On a GPU nothing watches it. On a processor, where an image can take minutes, each layer asks whether to stop,
    which takes some microseconds.
    """

    def __init__(
        self,
        path: Path,
        text: TextModel,
        device: Device,
        n_threads: int,
        should_stop: Callable[[], bool],
        *,
        shape: EncoderShape,
        flash_attention: bool | None,
        max_tokens: int,
    ) -> None:
        """Load the encoder onto `device`.

        Raises:
            OutOfMemoryError: the library refused, and the same file was loaded before.
        """
        self._text = text
        self._n_layers = shape.n_layers
        self._should_stop = should_stop
        self._hook = None if device.is_gpu else EncodeHook()
        options = ProjectorOptions(
            device=device.handle if device.is_gpu else None,
            n_threads=n_threads,
            flash_attention=flash_attention,
            min_tokens=1,
            max_tokens=max_tokens,
            callback=self._hook.callback if self._hook else llama.ggml_backend_sched_eval_callback(),
            user_data=self._hook.user_data if self._hook else None,
            progress=lambda _fraction: True,
        )
        try:
            with deferred_interrupts():
                self._projector = Projector(path, text.model_handle, options)
        except ValueError as error:
            raise OutOfMemoryError(f"There is no room for {path.name} a second time.") from error

    def close(self) -> None:
        self._projector.close()

    def encode(self, image: Image.Image) -> None:
        with self._chunks(image) as chunks:
            for chunk in chunks:
                if chunk.is_image:
                    self._encode(chunk, image.size)

    def evaluate(self, image: Image.Image, position: int) -> int:
        with self._chunks(image) as chunks:
            for chunk in chunks:
                if chunk.is_image:
                    self._encode(chunk, image.size)
                    rows = self._projector.output(chunk)
                    decode_rows(self._text, self._projector, chunk, rows, position, with_logits=False)
                else:
                    self._decode(chunk, position)
                position += chunk.n_positions
        return position

    def _chunks(self, image: Image.Image) -> Chunks:
        return self._projector.chunks(*image.size, np.asarray(image, np.uint8))

    def _encode(self, chunk: InputChunk, size: tuple[int, int]) -> None:
        def compute() -> int:
            with deferred_interrupts():
                return self._projector.encode(chunk)

        if self._hook:
            status = self._hook.run(compute, (size, chunk.n_tokens), range(self._n_layers), self._check_stop)
        else:
            status = compute()
        if status:
            raise OutOfMemoryError(f"llama.cpp failed to encode an image of {size[0]} x {size[1]} pixels.")

    def _check_stop(self, _layer: int) -> None:
        if self._should_stop():
            raise Cancelled("stopped")

    def _decode(self, chunk: InputChunk, position: int) -> None:
        size = self._text.n_batch
        for start in range(0, chunk.n_tokens, size):
            self._text.decode(chunk.tokens[start : start + size], position + start, outputs="none", handlers={})
