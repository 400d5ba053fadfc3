"""A whole loaded model: the language model and the vision runner, with what they remember of the conversation.

A session holds one sequence. Evaluating a prompt keeps whatever of the last one is still valid: the KV
cache of the unchanged start, and for every image seen lately its encoded states.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.api.capabilities import NO_VISION
from desktop_vlm.api.errors import Cancelled, EngineError, UserError
from desktop_vlm.api.progress import StageProgress
from desktop_vlm.runtime.eval_hook import Handler
from desktop_vlm.runtime.memory import CPU, Placement
from desktop_vlm.runtime.prompt import Entry, Prompt, common_prefix, n_tokens, positions, runs, segments
from desktop_vlm.runtime.text_model import TextModel
from desktop_vlm.runtime.vision_runner import EncodedImage, EncodeProgress, ImageSpan, VisionProjector, VisionRunner
from desktop_vlm.system import steps

_WARM_UP_PIXELS = (1120, 1120)
_WARM_UP_TOKENS = 64


@dataclass
class Timing:
    """Seconds and tokens of one evaluation."""

    cached_tokens: int = 0
    computed_tokens: int = 0
    encode_s: float = 0.0
    prefill_s: float = 0.0


@dataclass(frozen=True)
class _Step:
    """One computation: entries `start` to `stop` of a prompt, whose rows see the `visible` images."""

    start: int
    stop: int
    visible: tuple[str, ...] = ()


class _Loading:
    """One fraction for the loading of both files, by their sizes."""

    def __init__(self, progress: StageProgress | None, text_path: Path, projector: VisionProjector | None) -> None:
        self._progress = progress
        self._text_bytes = text_path.stat().st_size if text_path.is_file() else 0
        self._total_bytes = self._text_bytes + (projector.n_bytes if projector else 0) or 1
        self._done_bytes = 0

    def text(self, fraction: float) -> None:
        self._done_bytes = int(fraction * self._text_bytes)
        self.vision(0)

    def vision(self, n_bytes: int) -> None:
        self._done_bytes += n_bytes
        steps.count()
        if self._progress:
            self._progress("load", self._done_bytes / self._total_bytes)

    def end(self) -> None:
        if self._progress:
            self._progress("load", 1.0)


class Session:
    """One loaded model and one sequence.

    Attributes:
        text: the language model.
        projector: the vision projector's opened file; None for a text-only session.
        vision: what runs it; None for a text-only session.
        image_token: the id that stands for an image, one past the vocabulary.
    """

    def __init__(
        self,
        text_path: Path,
        projector: VisionProjector | None,
        placement: Placement,
        *,
        n_threads: int,
        progress: StageProgress | None = None,
    ) -> None:
        """Load both files.

        Raises:
            UserError: a file is missing, damaged, or the two do not belong together.
            EngineError: a device failed.
            OutOfMemoryError: a device has no room.
            Cancelled: from `progress`.
        """
        self._stop = threading.Event()
        self._evaluated: list[Entry] = []
        self._position = 0  # after the last of them
        self._n_cells = 0  # of the KV cache that they take
        self._visible: tuple[str, ...] = ()  # images that the last evaluated token sees
        self.projector = projector
        self.vision: VisionRunner | None = None
        loading = _Loading(progress, text_path, projector)
        self.text = TextModel(
            text_path,
            n_ctx=placement.n_ctx,
            n_batch=placement.n_batch,
            n_gpu_layers=placement.n_gpu_layers,
            split=placement.split,
            n_threads=n_threads,
            kv_type=placement.kv_type,
            should_stop=self.asked_to_stop,
            progress=loading.text,
            with_hook=projector is None or projector.attends_by_hook,
        )
        self.image_token = self.text.n_vocab
        try:
            if projector:
                self.vision = projector.open_runner(self.text, placement, n_threads, self.asked_to_stop, loading.vision)
                if placement.vision_device != CPU and placement.vision_resident:
                    self._warm_up()
            loading.end()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Free everything; calling it again does nothing."""
        if self.vision:
            self.vision.close()
        self.text.close()

    def _warm_up(self) -> None:
        """See an image and answer with a token: a GPU loads each kernel when it is first used.

        Without it the first image would take more than three times as long as the second.
        """
        image = Image.new("RGB", _WARM_UP_PIXELS)
        span = self.measure("", image)
        if span.n_tokens + _WARM_UP_TOKENS + 1 <= self.text.n_ctx:
            self.evaluate(Prompt((span, *[0] * _WARM_UP_TOKENS)), {"": image})
            self.extend(0)
        self.forget()
        self._runner().forget()

    # Stopping, from any thread

    def stop(self) -> None:
        """End the running computation soon; it raises `Cancelled`."""
        self._stop.set()

    def asked_to_stop(self) -> bool:
        """Asked by long computations after each of their parts, which is how they get on."""
        steps.count()
        return self._stop.is_set()

    def clear_stop(self) -> None:
        """Forget a stop that came before the work it was meant for."""
        self._stop.clear()

    def check_stop(self) -> None:
        """Raise `Cancelled` if `stop` was called."""
        if self.asked_to_stop():
            raise Cancelled("stopped")

    # Images

    def measure(self, key: str, image: Image.Image) -> ImageSpan:
        """The room that an image (RGB, with this content key) takes in a prompt.

        Raises:
            UserError: the session has no vision projector.
        """
        return self._runner().measure(key, image)

    def encode(self, image: Image.Image, progress: EncodeProgress | None = None) -> EncodedImage:
        """Run the vision encoder on an image, without remembering the result.

        Raises:
            UserError: the session has no vision projector.
            Cancelled: stopped.
        """
        return self._runner().encode(image, self._watched(progress or (lambda _done, _total: None)))

    def settle(self) -> None:
        """Do what is better done while nobody waits for an answer."""
        if self.vision:
            self.vision.settle()

    def _runner(self) -> VisionRunner:
        if self.vision is None:
            raise no_vision()
        return self.vision

    def _watched(self, progress: EncodeProgress) -> EncodeProgress:
        """`progress`, which also notices a stop."""

        def watch(done: int, total: int) -> None:
            self.check_stop()
            progress(done, total)

        return watch

    # Evaluating

    def forget(self) -> None:
        """Drop the sequence, so that the next evaluation starts from nothing. Encoded images stay."""
        self._keep(0)

    @property
    def n_evaluated(self) -> int:
        """Tokens in the KV cache: the cells that are taken."""
        return self._n_cells

    def evaluate(
        self,
        prompt: Prompt,
        images: Mapping[str, Image.Image],
        *,
        all_logits: bool = False,
        progress: StageProgress | None = None,
    ) -> tuple[NDArray[np.float32], Timing]:
        """Bring the KV cache to the end of `prompt`, computing only what is new.

        Args:
            prompt: at least one entry.
            images: content key -> image (RGB), for all images of the prompt.
            all_logits: return logits after every entry, which computes all of them again.
            progress: called during encoding and prefill.

        Returns:
            float32 (n_entries or 1, n_vocab), and what it took.

        Raises:
            UserError: the prompt does not fit the context.
            Cancelled: stopped; what was finished stays usable.
            EngineError: the engine failed.
        """
        entries = prompt.entries
        if not entries:
            raise UserError("There is nothing to compute: the prompt is empty.")
        if prompt.n_tokens > self.text.n_ctx:
            raise context_full(prompt.n_tokens, self.text.n_ctx)
        keep = self._keep(0 if all_logits else min(common_prefix(entries, self._evaluated), len(entries) - 1))
        timing = Timing(cached_tokens=self._n_cells, computed_tokens=prompt.n_tokens - self._n_cells)
        if progress:
            progress("prefill", 0.0)
        chunks: list[NDArray[np.float32]] = []
        for step in self._steps(entries, keep, all_logits):
            self.check_stop()
            outputs = "all" if all_logits else "last" if step.stop == len(entries) else "none"
            chunks.append(self._compute(step, entries, images, outputs, progress, timing))
            if progress:
                progress("prefill", (step.stop - keep) / (len(entries) - keep))
        return (np.concatenate(chunks) if all_logits else chunks[-1]), timing

    def extend(self, *tokens: int, draft: Sequence[int] = ()) -> NDArray[np.float32]:
        """Add generated text tokens, in one pass: float32 (n_vocab,) after the last of them.

        They see what the token before them saw. The logits are llama.cpp's own memory, good until the next call.

        Args:
            tokens: at least one.
            draft: tokens that perhaps come next; then the result is float32 (1 + n_draft, n_vocab), after the last
                token and after each of these, and `take_back` is for the ones that do not. All must fit
                `most_at_once`.

        Raises:
            UserError: the context is full.
            Cancelled: stopped; those of earlier batches stay.
        """
        rows = [*tokens, *draft]
        if self._n_cells + len(rows) > self.text.n_ctx:
            raise context_full(self._n_cells + len(rows), self.text.n_ctx)
        for start in range(0, len(rows), self.text.n_batch):
            batch = rows[start : start + self.text.n_batch]
            n_outputs = 1 + len(draft) if start + len(batch) == len(rows) else 0
            logits = self._decode(batch, n_outputs, self._handlers(self._visible, []), borrow=True)
            self._evaluated += batch
            self._position += len(batch)
            self._n_cells += len(batch)
        return logits if draft else logits[0]

    @property
    def most_at_once(self) -> int:
        """Tokens that one `extend` with a draft can take; 1 where nothing can be taken back."""
        return min(self.text.n_batch, self.text.max_outputs) if self.text.can_go_back else 1

    def take_back(self, n_tokens: int) -> None:
        """Drop the last `n_tokens` text tokens that were added."""
        if n_tokens:
            del self._evaluated[-n_tokens:]
            self._position -= n_tokens
            self._n_cells -= n_tokens
            if not self.text.forget_from(self._position):
                raise EngineError("The model could not go back to an earlier token; load it again.")

    def _keep(self, n_entries: int) -> int:
        """Drop what was evaluated after the first `n_entries`; the number that could be kept."""
        kept = self._evaluated[:n_entries]
        if not self.text.forget_from(positions(kept)[-1]):
            kept = []
            self.text.forget_from(0)
        self._evaluated = kept
        self._position, self._n_cells = positions(kept)[-1], n_tokens(kept)
        return len(kept)

    def _steps(self, entries: Sequence[Entry], keep: int, all_logits: bool) -> Iterator[_Step]:
        """The rest of a prompt in pieces: one micro-batch and one set of visible images each, or an image alone."""
        size = self.text.max_outputs if all_logits else self.text.n_batch
        if self.vision and not self.vision.attends_by_hook:
            pieces = [_Step(start, stop) for start, stop in runs(entries)]
        else:
            pieces = [_Step(segment.start, segment.stop, segment.visible) for segment in segments(entries)]
        for piece in pieces:
            for start in range(max(piece.start, keep), piece.stop, size):
                yield _Step(start, min(start + size, piece.stop), piece.visible)

    def _compute(
        self,
        step: _Step,
        entries: Sequence[Entry],
        images: Mapping[str, Image.Image],
        outputs: str,
        progress: StageProgress | None,
        timing: Timing,
    ) -> NDArray[np.float32]:
        """Do one step and note what it added to the KV cache."""
        part = entries[step.start : step.stop]
        encode = self._watched(lambda done, total: progress("encode", done / total) if progress else None)
        first = part[0]
        if isinstance(first, ImageSpan) and self.vision and not self.vision.attends_by_hook:
            logits = self._evaluate_image(first, images[first.key], outputs, encode, timing)
        else:
            self._attend(step.visible, images, encode, timing)
            started = perf_counter()
            logits = self._decode_part(part, step.visible, outputs)
            timing.prefill_s += perf_counter() - started
        self._evaluated += part
        self._position += positions(part)[-1]
        self._n_cells += n_tokens(part)
        self._visible = step.visible
        return logits

    def _evaluate_image(
        self, span: ImageSpan, image: Image.Image, outputs: str, progress: EncodeProgress, timing: Timing
    ) -> NDArray[np.float32]:
        """An image's own rows; the logits are those after the last of them."""
        started = perf_counter()
        encoded_at = started

        def note(done: int, total: int) -> None:
            nonlocal encoded_at
            encoded_at = perf_counter()
            progress(done, total)

        try:
            self._runner().evaluate(span, image, self._position, note)
        except BaseException:
            self._keep_position()
            raise
        timing.encode_s += encoded_at - started
        timing.prefill_s += perf_counter() - encoded_at
        none = np.empty((0, self.text.n_vocab), dtype=np.float32)
        return none if outputs == "none" else self._numbers(self.text.last_logits())

    def _attend(
        self, visible: tuple[str, ...], images: Mapping[str, Image.Image], progress: EncodeProgress, timing: Timing
    ) -> None:
        """Let the text see these images, on every device."""
        if not visible or self.vision is None:
            return
        started = perf_counter()
        if self.vision.attend(visible, images, progress):
            timing.encode_s += perf_counter() - started

    def _decode_part(self, part: Sequence[Entry], visible: tuple[str, ...], outputs: str) -> NDArray[np.float32]:
        """Text, with the rows of images that are looked at from between the layers."""
        rows = [i for i, entry in enumerate(part) if isinstance(entry, ImageSpan)]
        # Any valid id stands in for an image: the row is replaced before the first layer reads it.
        tokens = [0 if isinstance(entry, ImageSpan) else entry for entry in part]
        return self._decode(tokens, outputs, self._handlers(visible, rows))

    def _decode(
        self, tokens: list[int], outputs: str | int, handlers: Mapping[bytes, Handler], *, borrow: bool = False
    ) -> NDArray[np.float32]:
        try:
            logits = self.text.decode(tokens, self._position, outputs=outputs, handlers=handlers, borrow=borrow)
        except BaseException:
            self._keep_position()
            raise
        return self._numbers(logits)

    def _numbers(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits that are numbers; where they are none, what led to them goes, since NaN spreads to all that follows.

        One of a row tells of all: the last norm and the output layer mix everything in it.
        """
        if np.isnan(logits[:, :1]).any():
            self.text.clear()
            self._keep(0)
            if self.vision:
                self.vision.forget()
            raise EngineError(
                "The model computed something that is no number (NaN). Ask again; where that happens for every "
                "question, get the model in another type."
            )
        return logits

    def _keep_position(self) -> None:
        """Drop from the KV cache what a failed computation left there; nothing stays where that cannot be done."""
        if not self.text.forget_from(self._position):
            self._keep(0)

    def _handlers(self, visible: tuple[str, ...], image_rows: list[int]) -> Mapping[bytes, Handler]:
        return self.vision.handlers(image_rows) if visible and self.vision else {}


def no_vision() -> UserError:
    """The sentence for an image given to a model that was loaded without a vision projector."""
    return UserError(NO_VISION)


def context_full(n_tokens: int, n_ctx: int) -> UserError:
    """The sentence for a prompt that does not fit."""
    return UserError(
        f"The conversation needs {n_tokens:,} tokens but the context holds {n_ctx:,}; start a new conversation, "
        "let the oldest turns be dropped, or load the model with a longer context."
    )
