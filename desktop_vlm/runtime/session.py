"""The whole model: text half and vision half, with what they remember of the conversation.

A session holds one sequence. Evaluating a prompt keeps whatever of the last one is still valid: the KV
cache of the unchanged start, and for every picture seen lately its encoded states.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.families.mllama.encoded_image import EncodedImage
from desktop_vlm.families.mllama.mmproj import Mmproj
from desktop_vlm.families.mllama.runner import MllamaRunner
from desktop_vlm.families.mllama.vision_encoder import Progress as EncodeProgress
from desktop_vlm.runtime.eval_hook import Handler
from desktop_vlm.runtime.planner import Placement
from desktop_vlm.runtime.prompt import Prompt, Segment, common_prefix, segments
from desktop_vlm.runtime.text_model import TextModel

Progress = Callable[[str, float], None]
"""Called with a stage ("load", "encode" or "prefill") and its fraction, 0 to 1; may raise `Cancelled`."""


@dataclass
class Timing:
    """Seconds and tokens of one evaluation."""

    cached_tokens: int = 0
    computed_tokens: int = 0
    encode_s: float = 0.0
    prefill_s: float = 0.0


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
        vision: the vision half; None for a text-only session.
        image_token: the id of `<|image|>`, one past the vocabulary.
    """

    def __init__(
        self,
        text_path: Path,
        mmproj: Mmproj | None,
        placement: Placement,
        *,
        n_threads: int,
        progress: Progress | None = None,
    ) -> None:
        """Load both files.

        Raises:
            UserError: a file is missing, damaged, or the two do not belong together.
            EngineError: a device failed.
            OutOfMemoryError: a device has no room.
            Cancelled: from `progress`.
        """
        self._stop = threading.Event()
        self._evaluated: list[int | str] = []
        self._visible: tuple[str, ...] = ()  # pictures that the last evaluated token sees
        self.vision: MllamaRunner | None = None
        loading = _Loading(progress, text_path, mmproj)
        self.text = TextModel(
            text_path,
            n_ctx=placement.n_ctx,
            n_batch=placement.n_batch,
            n_gpu_layers=placement.n_gpu_layers,
            split=placement.split,
            n_threads=n_threads,
            kv_type=placement.kv_type,
            should_stop=self._stop.is_set,
            progress=loading.text,
        )
        self.image_token = self.text.n_vocab
        try:
            if mmproj:
                self.vision = MllamaRunner(mmproj, self.text, placement, n_threads, self._stop.is_set, loading.vision)
            loading.end()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Free everything; calling it again does nothing."""
        if self.vision:
            self.vision.close()
        self.text.close()

    @property
    def mmproj(self) -> Mmproj | None:
        """The vision half's opened file; None for a text-only session."""
        return self.vision.mmproj if self.vision else None

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

    # Pictures

    def encode(self, image: Image.Image, progress: EncodeProgress | None = None) -> EncodedImage:
        """Run the vision encoder on a picture, without remembering the result.

        Raises:
            UserError: the session has no vision half.
            Cancelled: stopped.
        """
        if self.vision is None:
            raise no_vision()
        return self.vision.encode(image, self._watched(progress or (lambda _done, _total: None)))

    def settle(self) -> None:
        """Do what is better done while nobody waits for an answer."""
        if self.vision:
            self.vision.settle()

    def _watched(self, progress: EncodeProgress) -> EncodeProgress:
        """`progress`, which also notices a stop."""

        def watch(done: int, total: int) -> None:
            self.check_stop()
            progress(done, total)

        return watch

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
        for start, stop, segment in self._chunks(prompt, keep, all_logits):
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
        handlers = self._handlers(self._visible, [])
        logits = self.text.decode([token], position, outputs="last", handlers=handlers)
        self._evaluated.append(token)
        last: NDArray[np.float32] = logits[0]
        return last

    def _chunks(self, prompt: Prompt, keep: int, all_logits: bool) -> list[tuple[int, int, Segment]]:
        """The rest of a prompt in pieces of one micro-batch and one set of visible pictures each."""
        size = self.text.max_outputs if all_logits else self.text.n_batch
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
        """Let the text see these pictures, on every device."""
        if not visible or self.vision is None:
            return
        started = perf_counter()
        tell = self._watched(lambda done, total: progress("encode", done / total) if progress else None)
        if self.vision.attend(visible, pictures, tell):
            timing.encode_s += perf_counter() - started

    def _decode(self, prompt: Prompt, start: int, stop: int, segment: Segment, outputs: str) -> NDArray[np.float32]:
        tokens = list(prompt.tokens[start:stop])
        rows = [i for i, token in enumerate(tokens) if token == self.image_token]
        for row in rows:
            tokens[row] = 0  # any valid id: the row is replaced before the first layer reads it
        return self.text.decode(tokens, start, outputs=outputs, handlers=self._handlers(segment.visible, rows))

    def _handlers(self, visible: tuple[str, ...], image_rows: list[int]) -> Mapping[bytes, Handler]:
        return self.vision.handlers(image_rows) if visible and self.vision else {}


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
