"""The one door to the engine: load a model, chat with it, look inside it.

with backend.load(text_path, mmproj_path) as model:
    for chunk in model.chat([{"role": "user", "content": [{"type": "image", "image": image},
                                                         {"type": "text", "text": "What is this?"}]}]):
        print(chunk.text, end="", flush=True)
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from gguf import LlamaFileType
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.api.answer import Chunk, Usage
from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.api.progress import StageProgress
from desktop_vlm.families import loading
from desktop_vlm.images.opened import OpenedImage
from desktop_vlm.runtime.chat_format import Turn, render
from desktop_vlm.runtime.draft_length import DraftLength
from desktop_vlm.runtime.generation import Drafts, Generation
from desktop_vlm.runtime.ggml.device import Device, devices
from desktop_vlm.runtime.lookup import NO_TOKEN, Lookup
from desktop_vlm.runtime.pass_times import pass_times
from desktop_vlm.runtime.prompt import Prompt
from desktop_vlm.runtime.read_messages import MessageReader, opened
from desktop_vlm.runtime.sampling import Sampler, SamplingOptions
from desktop_vlm.runtime.session import Session, context_full, no_vision
from desktop_vlm.runtime.text_stream import TextStream
from desktop_vlm.runtime.vision_runner import EncodedImage, EncodeProgress
from desktop_vlm.structured.closing import close_json
from desktop_vlm.structured.constraint import Constraint

if TYPE_CHECKING:
    from desktop_vlm.runtime.token_constraint import TokenConstraint

__all__ = [
    "Chunk",
    "Device",
    "EncodedImage",
    "Model",
    "OpenedImage",
    "SamplingOptions",
    "Usage",
    "close_json",
    "devices",
    "load",
    "load_model",
]

OneOrMoreImages = Image.Image | OpenedImage | Sequence[Image.Image | OpenedImage]


def load(
    text_path: str | Path,
    mmproj_path: str | Path | None = None,
    *,
    draft_path: str | Path | None = None,
    progress: StageProgress | None = None,
    **options: Any,
) -> Model:
    """Load a language model GGUF and, to see images, its vision projector GGUF.

    Args:
        text_path: the language model.
        mmproj_path: the projector made with it; None for text only.
        draft_path: a smaller language model with the same tokenizer, which makes answers quicker where it guesses them.
        progress: called with ("load", fraction) while loading; may raise `Cancelled`.
        options: the fields of `LoadOptions`: `n_ctx`, `n_gpu_layers`, ...

    Raises:
        UserError: a file is missing or damaged, the two do not belong together, or an option is wrong.
        EngineError: a device failed.
        OutOfMemoryError: there is no room even with as little as possible on GPUs.
    """
    files = (Path(path) if path else None for path in (mmproj_path, draft_path))
    ref = ModelRef(Path(text_path), *files)
    return load_model(ref, LoadOptions(**options), progress)


def load_model(ref: ModelRef, options: LoadOptions, progress: StageProgress | None = None) -> Model:
    """As `load`, for those who have a `ModelRef` and `LoadOptions`."""
    return Model(loading.load(ref, options, progress))


class Model:
    """A loaded model. One call at a time; only `stop` may come from another thread meanwhile."""

    def __init__(self, loaded: loading.Loaded) -> None:
        self._session: Session = loaded.session
        self._loaded = loaded
        self._reader = MessageReader(self.capabilities)
        self._busy = threading.Lock()
        times = loaded.draft.times if loaded.draft else pass_times(on_gpu=loaded.session.text.n_gpu_layers > 0)
        self._draft_length = DraftLength(times=times)
        self._vocabulary: Any = None  # as llguidance reads it, once an answer is constrained

    def __enter__(self) -> Model:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the model; calling it again does nothing."""
        self._vocabulary = None
        self._loaded.close()

    @property
    def n_vocab(self) -> int:
        """Size of the text vocabulary; this number is also the id that stands for one image with all around it."""
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
        """Layers of the language model that can be on a GPU; the output counts as one."""
        return self._session.text.n_layer + 1

    @property
    def n_gpu_layers(self) -> int:
        """How many of them are."""
        return self._session.text.n_gpu_layers

    @property
    def placement(self) -> str:
        """What was put where, and why, in one sentence."""
        return self._loaded.plan.reason

    @property
    def capabilities(self) -> Capabilities:
        """What this model can do."""
        projector, family = self._session.projector, self._loaded.family
        known = projector.capabilities if projector else Capabilities(family.name)
        text = self._session.text
        return replace(known, judges_safety=family.judges_safety(text), uses_quoted_text=family.uses_quoted_text(text))

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
        """The states of an image: what the language model gets, or attends to.

        Raises:
            UserError: the model was loaded without its vision projector.
            Cancelled: `stop` was called, or `progress` raised it.
        """
        with self._working():
            return self._session.encode(image, progress)

    def logits(self, token_ids: Sequence[int], image: OneOrMoreImages | None = None) -> NDArray[np.float32]:
        """Logits after every token of a sequence, computed afresh: float32 (n_tokens, n_vocab).

        Args:
            token_ids: ids; `n_vocab` stands for an image with all that its family puts around it.
            image: an image for each such token, in order.
        """
        prompt, images = self._prompt(token_ids, image)
        with self._working():
            return self._session.evaluate(prompt, images, all_logits=True)[0]

    def next_logits(self, token_ids: Sequence[int], image: OneOrMoreImages | None = None) -> NDArray[np.float32]:
        """Logits after a sequence, reusing what earlier calls left: float32 (n_vocab,).

        Who calls it token by token gives an `OpenedImage`, or the image is identified every time.
        """
        prompt, images = self._prompt(token_ids, image)
        with self._working():
            logits, _ = self._session.evaluate(prompt, images)
        last: NDArray[np.float32] = logits[-1]
        return last

    def forget(self) -> None:
        """Drop the KV cache, so that the next call computes its whole prompt."""
        self._session.forget()

    def _prompt(self, token_ids: Sequence[int], image: OneOrMoreImages | None) -> tuple[Prompt, dict[str, Image.Image]]:
        given = [] if image is None else image if isinstance(image, Sequence) else [image]
        shown = [opened(one) for one in given]
        n_marks = sum(token == self.n_vocab for token in token_ids)
        if n_marks != len(shown):
            raise UserError(f"There are {n_marks} image tokens but {len(shown)} images; give one for each.")
        if shown and not self.capabilities.max_images:
            raise no_vision()
        if not all(0 <= token <= self.n_vocab for token in token_ids):
            raise UserError(f"Token ids must lie between 0 and {self.n_vocab}.")
        spans = [self._session.measure(one.key, one.pixels) for one in shown]
        return Prompt.of(token_ids, spans, self.n_vocab), {one.key: one.pixels for one in shown}

    # Chat

    def chat(
        self,
        messages: Sequence[Mapping[str, Any] | ChatMessage],
        *,
        images: Mapping[str, OpenedImage] | None = None,
        max_tokens: int = 512,
        stop: Sequence[str] = (),
        drop_oldest: bool = False,
        lookup: bool = True,
        repeatable: Sequence[str] = (),
        progress: StageProgress | None = None,
        **sampling: Any,
    ) -> Iterator[Chunk]:
        """Stream an answer to a conversation.

        Args:
            messages: dictionaries with `role` and `content`; the content is text or a list of parts
                {"type": "text", "text": ...}, {"type": "image", "image": ...} (a PIL image, an `OpenedImage`, path
                or bytes) or {"type": "image_url", "image_url": {"url": "data:..."}}; or `ChatMessage`s. Where
                `capabilities.composes_images`, several images of one message become one; else each stays in its place.
            images: those that `ChatMessage`s name.
            max_tokens: longest answer.
            stop: texts that end the answer; they are not part of it.
            drop_oldest: leave out the oldest turns when the conversation outgrows the context.
            lookup: compute several tokens at once where the answer repeats what stood before (lookup decoding), or a
                draft model guesses it. The tokens are chosen in the same way, one after the other.
            repeatable: texts that the answer may repeat beside its prompt, such as what was read in an image. The
                model does not see them; they only make answers quicker.
            progress: called with ("encode" or "prefill", fraction).
            sampling: the fields of `SamplingOptions`; the family's own where they are not given. With `json_schema`,
                an answer that ends with "stop" is JSON that satisfies the schema; `close_json` makes JSON of others.

        Yields:
            Chunks; the last has `finish_reason` and `usage`.

        Raises:
            UserError: a message, an image or an option is wrong, or the conversation outgrew the context.
            EngineError: the engine failed; the model stays usable.
        """
        options = _sampling_options(self._loaded.family.sampling, sampling)
        if max_tokens < 1:
            raise UserError(f"The setting max_tokens is {max_tokens}; it must be at least 1.")
        constraint = options.constraint()
        if constraint and stop:
            raise UserError("Texts that end the answer cannot go with a schema or grammar, which they would cut off.")
        turns, shown = self._reader.read(messages, images)
        prompt, dropped = self._fit(turns, shown, max_tokens, drop_oldest)
        drafts = self._drafts(prompt, repeatable) if lookup else None
        return self._answer(prompt, shown, options, constraint, max_tokens, stop, dropped, progress, drafts)

    def _drafts(self, prompt: Prompt, repeatable: Sequence[str]) -> Drafts:
        text = self._session.text
        before = [entry if isinstance(entry, int) else NO_TOKEN for entry in prompt.entries]
        # Text at the start of a line has other tokens than behind a space.
        known = [text.tokenize(separator.join(("", *repeatable))) for separator in ("\n ", "\n") if repeatable]
        if self._loaded.draft:
            self._loaded.draft.begin(before)
        return Drafts(Lookup([*known, before]), self._draft_length, self._loaded.draft)

    def _fit(
        self, turns: list[Turn], images: Mapping[str, Image.Image], max_tokens: int, drop_oldest: bool
    ) -> tuple[Prompt, int]:
        """The prompt for as many of the latest turns as fit, and how many were left out."""
        loaded, text, judged = self._loaded, self._session.text, self.capabilities.judges_safety
        # What is judged stays as it is: a system message moved into what the user said would be judged, too.
        arrange = _as_they_are if judged else loaded.family.arrange
        room = min(max_tokens, self.n_ctx // 4) if drop_oldest else 1
        spans = {key: self._session.measure(key, image) for key, image in images.items()}
        head = [turn for turn in turns[:1] if turn.role == "system"]
        rest = turns[len(head) :]

        def prompt_without(dropped: int) -> Prompt:
            turns_left = [*head, *rest[dropped:]]
            tokens, keys = render(loaded.chat_format, arrange, text, self.n_vocab, turns_left, judged=judged)
            return Prompt.of(tokens, [spans[key] for key in keys], self.n_vocab)

        prompt = prompt_without(0)
        if prompt.n_tokens + room <= self.n_ctx:
            return prompt, 0
        # Searched by halves: tokenising a long history again for each turn of it would take minutes.
        starts = [i for i, turn in enumerate(rest) if i > 0 and turn.role == "user"] if drop_oldest else []
        at = bisect_left(starts, True, key=lambda start: prompt_without(start).n_tokens + room <= self.n_ctx)
        if at == len(starts):
            prompt = prompt_without(starts[-1]) if starts else prompt
            raise context_full(prompt.n_tokens + room, self.n_ctx)
        return prompt_without(starts[at]), starts[at]

    def _answer(
        self,
        prompt: Prompt,
        images: Mapping[str, Image.Image],
        options: SamplingOptions,
        constraint: Constraint | None,
        max_tokens: int,
        stop: Sequence[str],
        dropped: int,
        progress: StageProgress | None,
        drafts: Drafts | None,
    ) -> Iterator[Chunk]:
        sampler = Sampler(options, self.n_vocab, self._constraint(constraint))
        stream = TextStream(stop)
        generation = Generation(self._session, sampler, stream, max_tokens, drafts)
        timing = None
        try:
            with self._working():
                logits, timing = self._session.evaluate(prompt, images, progress=progress)
                self._draft_length.note_prefill(timing.computed_tokens, timing.prefill_s)
                if self._loaded.draft:
                    self._loaded.draft.pass_by(timing.encode_s + timing.prefill_s)
                for piece in generation.run(logits[-1]):
                    yield Chunk(piece)
        except Cancelled:
            generation.finish = "cancelled"
        finally:
            sampler.close()
        yield Chunk(
            stream.flush(),
            generation.finish,
            Usage(
                prompt_tokens=prompt.n_tokens,
                generated_tokens=generation.n_tokens,
                cached_tokens=timing.cached_tokens if timing else 0,
                dropped_messages=dropped,
                encode_s=timing.encode_s if timing else 0.0,
                prefill_s=timing.prefill_s if timing else 0.0,
                decode_s=generation.decode_s,
            ),
        )

    def _constraint(self, constraint: Constraint | None) -> TokenConstraint | None:
        if constraint is None:
            return None
        # llguidance and a model's vocabulary for it take a second or two, which only those pay who use them.
        from desktop_vlm.runtime.token_constraint import TokenConstraint, read_vocabulary

        if self._vocabulary is None:
            self._vocabulary = read_vocabulary(self._session.text)
        return TokenConstraint(constraint, self._vocabulary)

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


def _as_they_are(turns: Sequence[Turn]) -> Sequence[Turn]:
    return turns


def _sampling_options(usual: SamplingOptions, given: Mapping[str, Any]) -> SamplingOptions:
    unknown = sorted(set(given) - set(SamplingOptions.__dataclass_fields__))
    if unknown:
        raise UserError(
            f"There is no sampling setting {unknown[0]}; they are {', '.join(SamplingOptions.__dataclass_fields__)}."
        )
    return replace(usual, **given)
