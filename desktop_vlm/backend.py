"""The one door to the engine: load a model, chat with it, look inside it.

with backend.load(text_path, mmproj_path) as model:
    for chunk in model.chat([{"role": "user", "content": [{"type": "image", "image": picture},
                                                         {"type": "text", "text": "What is this?"}]}]):
        print(chunk.text, end="", flush=True)
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from gguf import LlamaFileType
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.api.answer import Chunk, Usage
from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.families.loading import open_session
from desktop_vlm.families.mllama.encoded_image import EncodedImage
from desktop_vlm.families.mllama.vision_encoder import Progress as EncodeProgress
from desktop_vlm.images.open import content_key, to_rgb
from desktop_vlm.images.opened import OpenedImage
from desktop_vlm.images.sizing import ImageSizing
from desktop_vlm.runtime.chat_format import Turn, choose_template, render
from desktop_vlm.runtime.ggml.device import Device, devices
from desktop_vlm.runtime.ggml.quantize import kv_cache_type
from desktop_vlm.runtime.planner import Plan
from desktop_vlm.runtime.prompt import Prompt
from desktop_vlm.runtime.read_messages import read_messages
from desktop_vlm.runtime.sampling import Sampler, SamplingOptions
from desktop_vlm.runtime.session import Progress, Session, context_full, no_vision
from desktop_vlm.runtime.text_stream import TextStream
from desktop_vlm.system.cores import usable_cores

__all__ = ["Chunk", "Device", "EncodedImage", "Model", "SamplingOptions", "Usage", "devices", "load"]

_DEFAULT_BATCH = 512


def load(
    text_path: str | Path,
    mmproj_path: str | Path | None = None,
    *,
    n_ctx: int = 4096,
    n_gpu_layers: int = -1,
    n_threads: int | None = None,
    n_batch: int = _DEFAULT_BATCH,
    kv_type: str = "auto",
    memory_share: float = 1.0,
    progress: Progress | None = None,
) -> Model:
    """Load a text GGUF and, to see pictures, its vision projector GGUF.

    Args:
        text_path: a `llama`-architecture GGUF.
        mmproj_path: the projector made with it; None for text only.
        n_ctx: context length in tokens; 0 for the length that the model was trained with.
        n_gpu_layers: layers on graphics devices; negative for as many as fit, 0 for none.
        n_threads: processor threads; None for one per usable core.
        n_batch: most tokens computed at once, fewer on a processor; a stop is noticed between batches.
        kv_type: type of the KV cache: F32, F16, Q8_0, ..., or "auto" for the best that fits.
        memory_share: how much of the free memory to count on; less, where counting on all of it went wrong.
        progress: told ("load", fraction) while loading; may raise `Cancelled`.

    Raises:
        UserError: a file is missing or damaged, or the two do not belong together.
        EngineError: a device failed.
        OutOfMemoryError: there is no room even with as little as possible on graphics devices.
    """
    cache_type = kv_cache_type(kv_type)
    for name, value, least in (("n_ctx", n_ctx, 0), ("n_batch", n_batch, 1), ("n_threads", n_threads or 1, 1)):
        if value < least:
            raise UserError(f"The setting {name} is {value}; it must be at least {least}.")
    session, plan = open_session(
        Path(text_path),
        Path(mmproj_path) if mmproj_path else None,
        n_ctx=n_ctx,
        n_batch=n_batch,
        n_gpu_layers=n_gpu_layers,
        n_threads=n_threads or usable_cores(),
        kv_type=cache_type,
        memory_share=memory_share,
        progress=progress,
    )
    return Model(session, plan)


class Model:
    """A loaded model. One call at a time; only `stop` may come from another thread meanwhile."""

    def __init__(self, session: Session, plan: Plan) -> None:
        self._session = session
        self._plan = plan
        self._template = choose_template(session.text)
        self._busy = threading.Lock()

    def __enter__(self) -> Model:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the model; calling it again does nothing."""
        self._session.close()

    @property
    def n_vocab(self) -> int:
        """Size of the text vocabulary; this number is also the id of `<|image|>`."""
        return self._session.text.n_vocab

    @property
    def n_ctx(self) -> int:
        """Tokens that fit the context."""
        return self._session.text.n_ctx

    @property
    def name(self) -> str:
        """What the file calls itself; its file name where it has no name."""
        return self._session.text.setting("general.name") or self._session.text.path.stem

    @property
    def quantization(self) -> str:
        """Type of most weights, such as `Q4_K_M`; empty when the file does not say."""
        file_type = self._session.text.setting("general.file_type")
        names: dict[str, str] = {str(int(kind)): kind.name for kind in LlamaFileType}
        return names.get(file_type, "").removeprefix("MOSTLY_").removeprefix("ALL_")

    @property
    def n_layers(self) -> int:
        """Layers of the text half that can be on a graphics device; the output counts as one."""
        return self._session.text.n_layer + 1

    @property
    def n_gpu_layers(self) -> int:
        """How many of them are."""
        return self._session.text.n_gpu_layers

    @property
    def placement(self) -> str:
        """What was put where, and why, in one sentence."""
        return self._plan.reason

    @property
    def sees_pictures(self) -> bool:
        return self._session.mmproj is not None

    @property
    def capabilities(self) -> Capabilities:
        """What this model can do."""
        if self._session.mmproj is None:
            return Capabilities("text")
        tile_size, max_tiles = self.canvas
        return Capabilities("mllama", 1, ImageSizing("tiles", side=tile_size, max_tiles=max_tiles))

    @property
    def canvas(self) -> tuple[int, int]:
        """Tile size in pixels, and most tiles that a picture may take.

        Raises:
            UserError: the model was loaded without its vision half.
        """
        if self._session.mmproj is None:
            raise no_vision()
        processor = self._session.mmproj.image_processor
        return processor.tile_size, processor.max_tiles

    def stop(self) -> None:
        """End the running answer soon, from any thread; what was computed stays usable."""
        self._session.stop()

    def tokenize(self, text: str, *, special: bool = False) -> list[int]:
        """Token ids of `text`; `special` lets names of control tokens stand for those tokens."""
        return self._session.text.tokenize(text, special=special)

    def detokenize(self, tokens: Sequence[int]) -> str:
        """The text of `tokens`, without control tokens."""
        return b"".join(self._session.text.token_bytes(token) for token in tokens).decode("utf-8", "replace")

    # Inside the model

    def encode(self, image: Image.Image, progress: EncodeProgress | None = None) -> EncodedImage:
        """The states of a picture that the text attends to: float32 (max_tiles, tokens_per_tile, text width).

        Raises:
            UserError: the model was loaded without its vision half.
            Cancelled: `stop` was called, or `progress` raised it.
        """
        with self._working():
            return self._session.encode(image, progress)

    def logits(
        self, token_ids: Sequence[int], image: Image.Image | Sequence[Image.Image] | None = None
    ) -> NDArray[np.float32]:
        """Logits of every token of a sequence, computed afresh: float32 (n_tokens, n_vocab).

        Args:
            token_ids: ids; `n_vocab` stands for `<|image|>`.
            image: a picture for each image token, in order.
        """
        prompt, pictures = self._prompt(token_ids, image)
        with self._working():
            return self._session.evaluate(prompt, pictures, all_logits=True)[0]

    def next_logits(
        self, token_ids: Sequence[int], image: Image.Image | Sequence[Image.Image] | None = None
    ) -> NDArray[np.float32]:
        """Logits after a sequence, reusing what earlier calls left: float32 (n_vocab,)."""
        prompt, pictures = self._prompt(token_ids, image)
        with self._working():
            logits, _ = self._session.evaluate(prompt, pictures)
        last: NDArray[np.float32] = logits[-1]
        return last

    def forget(self) -> None:
        """Drop the KV cache, so that the next call computes its whole prompt."""
        self._session.forget()

    def _prompt(
        self, token_ids: Sequence[int], image: Image.Image | Sequence[Image.Image] | None
    ) -> tuple[Prompt, dict[str, Image.Image]]:
        images = [] if image is None else [image] if isinstance(image, Image.Image) else list(image)
        pictures = [to_rgb(picture) for picture in images]
        keys = tuple(content_key(picture) for picture in pictures)
        n_marks = sum(token == self.n_vocab for token in token_ids)
        if n_marks != len(keys):
            raise UserError(f"There are {n_marks} image tokens but {len(keys)} pictures; give one for each.")
        if keys:
            _ = self.canvas  # says plainly when there is no vision half
        if not all(0 <= token <= self.n_vocab for token in token_ids):
            raise UserError(f"Token ids must lie between 0 and {self.n_vocab}.")
        return Prompt(tuple(token_ids), keys, self.n_vocab), dict(zip(keys, pictures, strict=True))

    # Chat

    def chat(
        self,
        messages: Sequence[Mapping[str, Any] | ChatMessage],
        *,
        images: Mapping[str, OpenedImage] | None = None,
        max_tokens: int = 512,
        stop: Sequence[str] = (),
        drop_oldest: bool = False,
        progress: Progress | None = None,
        **sampling: Any,
    ) -> Iterator[Chunk]:
        """Stream an answer to a conversation.

        Args:
            messages: dictionaries with `role` and `content`; the content is text or a list of parts
                {"type": "text", "text": ...}, {"type": "image", "image": picture, path or bytes} or
                {"type": "image_url", "image_url": {"url": "data:..."}}; or `ChatMessage`s. Several pictures of one
                message are composed into one.
            images: the images that `ChatMessage`s name.
            max_tokens: longest answer.
            stop: texts that end the answer; they are not part of it.
            drop_oldest: leave out the oldest turns when the conversation outgrows the context.
            progress: told ("encode" or "prefill", fraction).
            sampling: the fields of `SamplingOptions`.

        Yields:
            Chunks; the last has `finish_reason` and `usage`.

        Raises:
            UserError: a message, a picture or an option is wrong, or the conversation outgrew the context.
            EngineError: the engine failed; the model stays usable.
        """
        options = _sampling_options(sampling)
        if max_tokens < 1:
            raise UserError(f"The setting max_tokens is {max_tokens}; it must be at least 1.")
        turns, pictures = read_messages(messages, self.canvas if self.sees_pictures else None, images or {})
        prompt, dropped = self._fit(turns, max_tokens, drop_oldest)
        return self._answer(prompt, pictures, options, max_tokens, stop, dropped, progress)

    def _fit(self, turns: list[Turn], max_tokens: int, drop_oldest: bool) -> tuple[Prompt, int]:
        """The prompt for as many of the latest turns as fit, and how many were left out."""
        room = min(max_tokens, self.n_ctx // 4) if drop_oldest else 1
        head = [turn for turn in turns[:1] if turn.role == "system"]
        rest = turns[len(head) :]

        def prompt_without(dropped: int) -> Prompt:
            turns_left = [*head, *rest[dropped:]]
            return Prompt(*render(self._template, self._session.text, self.n_vocab, turns_left), self.n_vocab)

        prompt = prompt_without(0)
        if len(prompt) + room <= self.n_ctx:
            return prompt, 0
        # Searched by halves: tokenising a long history anew for each turn of it would take minutes.
        starts = [i for i, turn in enumerate(rest) if i > 0 and turn.role == "user"] if drop_oldest else []
        at = bisect_left(starts, True, key=lambda start: len(prompt_without(start)) + room <= self.n_ctx)
        if at == len(starts):
            prompt = prompt_without(starts[-1]) if starts else prompt
            raise context_full(len(prompt) + room, self.n_ctx)
        return prompt_without(starts[at]), starts[at]

    def _answer(
        self,
        prompt: Prompt,
        pictures: Mapping[str, Image.Image],
        options: SamplingOptions,
        max_tokens: int,
        stop: Sequence[str],
        dropped: int,
        progress: Progress | None,
    ) -> Iterator[Chunk]:
        text = self._session.text
        sampler = Sampler(options, text.vocab_handle, text.n_vocab)
        stream = TextStream(stop)
        timing, generated, decode_s = None, 0, 0.0
        finish = "length"
        try:
            with self._working():
                logits, timing = self._session.evaluate(prompt, pictures, progress=progress)
                last = logits[-1]
                started = perf_counter()
                while True:
                    token = sampler.sample(last)
                    generated += 1
                    if text.is_end(token):
                        finish = "stop"
                        break
                    piece = stream.feed(text.token_bytes(token))
                    decode_s = perf_counter() - started
                    if piece:
                        yield Chunk(piece)
                    if stream.ended:
                        finish = "stop"
                        break
                    if generated >= max_tokens or self._session.n_evaluated >= self.n_ctx:
                        break
                    self._session.check_stop()
                    last = self._session.extend(token)
        except Cancelled:
            finish = "cancelled"
        finally:
            sampler.close()
        yield Chunk(
            stream.flush(),
            finish,
            Usage(
                prompt_tokens=len(prompt),
                generated_tokens=generated,
                cached_tokens=timing.cached_tokens if timing else 0,
                dropped_messages=dropped,
                encode_s=timing.encode_s if timing else 0.0,
                prefill_s=timing.prefill_s if timing else 0.0,
                decode_s=decode_s,
            ),
        )

    def _working(self) -> _Working:
        return _Working(self._busy, self._session)


class _Working:
    """One piece of work at a time; a stop that came before it began does not end it."""

    def __init__(self, busy: threading.Lock, session: Session) -> None:
        self._busy = busy
        self._session = session

    def __enter__(self) -> None:
        if not self._busy.acquire(blocking=False):
            raise RuntimeError("the model is busy with another call")
        self._session.clear_stop()

    def __exit__(self, *_: object) -> None:
        try:
            self._session.settle()
        finally:
            self._busy.release()


def _sampling_options(sampling: Mapping[str, Any]) -> SamplingOptions:
    unknown = sorted(set(sampling) - set(SamplingOptions.__dataclass_fields__))
    if unknown:
        raise UserError(
            f"There is no sampling setting {unknown[0]}; they are {', '.join(SamplingOptions.__dataclass_fields__)}."
        )
    return SamplingOptions(**sampling)
