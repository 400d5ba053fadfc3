"""Both sides, loaded once: Desktop VLM, and llama.cpp as it is over the same weights; what is timed of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from time import perf_counter

import numpy as np
from PIL import Image

from desktop_vlm.api.errors import OutOfMemoryError, UserError
from desktop_vlm.api.options import LoadOptions
from desktop_vlm.diagnostics.speed.known_answer import Recorder, Teacher
from desktop_vlm.families.loading import Loaded
from desktop_vlm.images.identity import content_key
from desktop_vlm.runtime.draft_length import DraftLength
from desktop_vlm.runtime.eval_hook import Handler
from desktop_vlm.runtime.generation import Drafts, Generation
from desktop_vlm.runtime.lookup import Lookup
from desktop_vlm.runtime.pass_times import ROWS
from desktop_vlm.runtime.plain_context import PlainContext
from desktop_vlm.runtime.plain_vision import OpensPlain, PlainVision
from desktop_vlm.runtime.prompt import Entry, Prompt
from desktop_vlm.runtime.sampling import SamplingOptions
from desktop_vlm.runtime.session import Session
from desktop_vlm.runtime.text_model import TextModel
from desktop_vlm.runtime.text_stream import TextStream
from desktop_vlm.system import steps
from desktop_vlm.system.cores import usable_cores

_SIDE = 560
"""Of the image for a model that takes any size, in pixels."""
_SECOND_QUESTION = 32
_REPEATED_AFTER = 32
"""Tokens of prompt before an answer that is repeated."""
_QUESTION = """The report of last month says: sales in the north rose by 12 percent to 4,310 units, sales in the south
fell by 3 percent to 2,870 units, and the new office opened on the first of June with eleven people. Costs stayed where
they were, but for travel, which doubled.

Summary of the report in three sentences:
"""
"""What a draft model is tried with; what it guesses of random tokens would say nothing."""
_LIKELIEST = SamplingOptions(temperature=0.0)

Taken = dict[str, float]
"""Seconds by what took them."""
Step = Callable[[], Taken]


class Sides:
    """A loaded model and plain llama.cpp.

    Attributes:
        session: of the model.
        image_size: of the image; None without a vision projector.
        n_second: tokens of a second question; 0 where the context has no room for one.
        notes: what cannot be measured, and why.
    """

    def __init__(
        self, loaded: Loaded, options: LoadOptions, size: tuple[int, int] | None, n_prompt: int, n_generate: int
    ) -> None:
        """Make plain llama.cpp's context; `size` is of the image, None for the model's own choice.

        Raises:
            OutOfMemoryError: there is no room for it.
        """
        self.session = loaded.session
        self._draft = loaded.draft
        self.notes: list[str] = []
        self._n_prompt, self._n_generate = n_prompt, n_generate
        threads, placement = options.n_threads or usable_cores(), loaded.plan.placement
        self._plain = PlainContext(
            self.session.text, n_threads=threads, kv_type=placement.kv_type, should_stop=_asked_to_stop
        )
        self._plain_vision: PlainVision | None = None
        self._n_images = 0
        self._lengths = DraftLength(on_gpu=self.session.text.n_gpu_layers > 0)
        try:
            self.image_size = _final_size(self.session, size)
            self.n_second = min(_SECOND_QUESTION, self._room())
            self._open_plain_vision(loaded, threads)
            self._tokens = _tokens(self.session.text, n_prompt + n_generate + _SECOND_QUESTION)
        except BaseException:
            self.close()
            raise

    def _open_plain_vision(self, loaded: Loaded, n_threads: int) -> None:
        projector, placement = self.session.projector, loaded.plan.placement
        if isinstance(projector, OpensPlain):
            try:
                self._plain_vision = projector.open_plain(self._plain, placement, n_threads, _asked_to_stop)
            except OutOfMemoryError as error:
                self.notes.append(f"{error} So images are not compared with llama.cpp.")
        elif projector:
            self.notes.append("llama.cpp itself cannot run this vision projector, so images stand alone.")

    def close(self) -> None:
        """Free plain llama.cpp's part; the model stays."""
        if self._plain_vision:
            self._plain_vision.close()
        self._plain.close()

    def _room(self) -> int:
        """What the context has beside the image, which takes the place of a token of the prompt, and all tokens.

        Raises:
            UserError: it is too short for them.
        """
        n_image = self.session.measure("", self._image()).n_tokens if self.image_size else 1
        needed, n_ctx = n_image - 1 + self._n_prompt + self._n_generate, self.session.text.n_ctx
        if needed > n_ctx:
            raise UserError(
                f"The image takes {n_image:,} tokens, {needed:,} with the prompt and the answer, but the context has "
                f"{n_ctx:,}; choose a longer one (--ctx), a smaller image (--image) or fewer tokens."
            )
        return n_ctx - needed

    @property
    def stops_between_layers(self) -> bool:
        """Whether the family steps in between the language model's layers."""
        return bool(self.session.vision and self.session.vision.hook_nodes)

    def steps(self) -> dict[str, Step]:
        """What a turn consists of, by what a person reads meanwhile."""
        text = self.session.text
        found: dict[str, Step] = {
            "plain llama.cpp": lambda: self._text("plain", self._plain, {}),
            "text": lambda: self._text("hooked", text, {}),
        }
        if self.session.vision and self.stops_between_layers:
            stops = dict.fromkeys(self.session.vision.hook_nodes, _do_nothing)
            found["text"] = lambda: self._text("hooked", text, {}) | self._text("stopped", text, stops)
        if self.image_size:
            found["images"] = self._with_image
        if self._plain_vision:
            found["images in plain llama.cpp"] = self._plain_with_image
        if self._draft:
            found["the draft model"] = self._drafted
        if self.session.most_at_once > 1:
            found["several tokens at once"] = lambda: self._repeated() | self._passes()
        return found

    # The language model alone

    def _text(self, name: str, model: TextModel, handlers: Mapping[bytes, Handler]) -> Taken:
        self.session.forget()
        model.forget_from(0)
        started = perf_counter()
        _prefill(model, self._tokens[: self._n_prompt], 0, handlers)
        prefilled = perf_counter()
        _decode(model, self._answer, self._n_prompt, handlers)
        return {f"prefill, {name}": prefilled - started, f"decode, {name}": perf_counter() - prefilled}

    @property
    def _answer(self) -> Sequence[int]:
        return self._tokens[self._n_prompt : self._n_prompt + self._n_generate]

    def _repeated(self) -> Taken:
        """An answer that repeats what stood before, word by word."""
        prompt = self._tokens[: min(self._n_prompt, _REPEATED_AFTER)]
        drafts = Drafts(Lookup([self._answer, prompt]), self._lengths)
        stream, sampler = TextStream(()), Teacher(_LIKELIEST, self.session.text.n_vocab, self._answer)
        generation = Generation(self.session, sampler, stream, self._n_generate, drafts)
        with closing(sampler):
            logits, timing = self.session.evaluate(Prompt(tuple(prompt)), {})
            self._lengths.note_prefill(timing.computed_tokens, timing.prefill_s)
            for _piece in generation.run(logits[-1]):
                pass
        return {"repeated": generation.decode_s}

    def _drafted(self) -> Taken:
        """A real answer, with the draft model; plain llama.cpp decodes the same tokens."""
        assert self._draft
        text = self.session.text
        prompt = ([text.bos] if text.bos is not None else []) + text.tokenize(_QUESTION)
        prompt = prompt[: max(1, text.n_ctx - self._n_generate - 1)]
        sampler = Recorder(_LIKELIEST, text.n_vocab)
        self._draft.begin(prompt)
        drafts = Drafts(Lookup(), self._lengths, self._draft)
        generation = Generation(self.session, sampler, TextStream(()), self._n_generate, drafts)
        with closing(sampler):
            logits, timing = self.session.evaluate(Prompt(tuple(prompt)), {})
            self._draft.pass_by(timing.prefill_s)
            for _piece in generation.run(logits[-1]):
                pass
        self._plain.forget_from(0)
        _prefill(self._plain, prompt, 0, {})
        started = perf_counter()
        _decode(self._plain, sampler.tokens, len(prompt), {})
        n = len(sampler.tokens)
        return {"drafted": generation.decode_s / n, "decode, plain drafted": (perf_counter() - started) / n}

    @property
    def drafted(self) -> str:
        """What the draft model guessed so far, in a sentence; empty without one."""
        if not self._draft:
            return ""
        n_right, n_drafted = self._draft.n_right, self._draft.n_drafted
        return f"{self._draft.name} guessed {n_drafted:,} tokens, of which {n_right:,} were right."

    def _passes(self) -> Taken:
        """Passes of several tokens, behind those."""
        taken, room = {}, self.session.text.n_ctx - self.session.n_evaluated
        for rows in ROWS:
            if rows <= min(self.session.most_at_once, room):
                token, *draft = (self._tokens * rows)[:rows]
                started = perf_counter()
                self.session.extend(token, draft=draft)
                taken[pass_of(rows)] = perf_counter() - started
                self.session.take_back(rows)
        return taken

    # With an image

    def _image(self) -> Image.Image:
        """One that was never seen before, of just the size that the encoder gets."""
        assert self.image_size
        self._n_images += 1
        image = Image.linear_gradient("L").resize(self.image_size).convert("RGB")
        image.putpixel((0, 0), (self._n_images % 256, self._n_images // 256 % 256, 0))
        return image

    def _with_image(self) -> Taken:
        session, image = self.session, self._image()
        started = perf_counter()
        session.encode(image)
        encoded = perf_counter()
        session.forget()
        if session.vision:
            session.vision.forget()
        before = perf_counter()
        key = content_key(image)
        prompt: tuple[Entry, ...] = (session.measure(key, image), *self._tokens[1 : self._n_prompt])
        logits, timing = session.evaluate(Prompt(prompt), {key: image})
        logits[-1].argmax()
        taken = {"encode": encoded - started, "first token": perf_counter() - before, "prefill": timing.prefill_s}
        if self.n_second:
            before = perf_counter()
            more = (*prompt, *self._tokens[-self.n_second :])
            session.evaluate(Prompt(more), {key: image})[0][-1].argmax()
            taken["second question"] = perf_counter() - before
        before = perf_counter()
        for token in self._answer:
            session.extend(token)
        return taken | {"decode": perf_counter() - before}

    def _plain_with_image(self) -> Taken:
        """The same, but for the second question: llama.cpp's own programs encode the image again."""
        assert self._plain_vision
        plain, image = self._plain, self._image()
        started = perf_counter()
        self._plain_vision.encode(image)
        encoded = perf_counter()
        plain.forget_from(0)
        before = perf_counter()
        position = self._plain_vision.evaluate(image, 0)
        _prefill(plain, self._tokens[1 : self._n_prompt], position, {})
        first = perf_counter()
        position += self._n_prompt - 1
        if self.n_second:  # the decoded tokens stand behind as many
            _prefill(plain, self._tokens[-self.n_second :], position, {})
            position += self.n_second
        ready = perf_counter()
        _decode(plain, self._answer, position, {})
        return {
            "encode, plain": encoded - started,
            "first token, plain": first - before,
            "decode, plain image": perf_counter() - ready,
        }


def pass_of(rows: int) -> str:
    """The name of what a pass of several tokens takes."""
    return f"a pass of {rows}"


def _prefill(model: TextModel, tokens: Sequence[int], position: int, handlers: Mapping[bytes, Handler]) -> None:
    for at in range(0, len(tokens), model.n_batch):
        model.decode(tokens[at : at + model.n_batch], position + at, outputs="last", handlers=handlers)


def _decode(model: TextModel, tokens: Sequence[int], position: int, handlers: Mapping[bytes, Handler]) -> None:
    for at, token in enumerate(tokens):
        model.decode([token], position + at, outputs="last", handlers=handlers)


def _tokens(text: TextModel, count: int) -> list[int]:
    """Random ones, none of which ends an answer."""
    drawn = np.random.RandomState(0).randint(0, text.n_vocab, 2 * count + 16)
    return [int(token) for token in drawn if not text.is_end(int(token))][:count]


def _final_size(session: Session, size: tuple[int, int] | None) -> tuple[int, int] | None:
    """Of the image: what the encoder gets of one of `size`; else all tiles, or the whole square."""
    projector = session.projector
    if projector is None:
        return None
    sizing = projector.capabilities.sizing
    assert sizing is not None
    side = sizing.side or _SIDE
    width, height = size or (side * sizing.max_tiles, side)
    return projector.final_size(width, height) if isinstance(projector, OpensPlain) else (width, height)


def _do_nothing(_tensor: object) -> None:
    pass


def _asked_to_stop() -> bool:
    """Never, as Ctrl+C ends it otherwise; it is asked after each part of a computation."""
    steps.count()
    return False
