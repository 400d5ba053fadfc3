"""Our engine as the benchmarks drive it: what an answer is made of, each step timed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from PIL import Image

from benchmarks.images import filling
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.families import loading
from desktop_vlm.families.mllama.family import MllamaProjector
from desktop_vlm.families.mllama.image_processor import TiledImage, process_image
from desktop_vlm.families.mllama.mmproj import open_mmproj
from desktop_vlm.families.mllama.vision_encoder import VisionEncoder
from desktop_vlm.images.identity import content_key
from desktop_vlm.runtime.ggml.device import Backend, cpu_device, gpu_devices
from desktop_vlm.runtime.ggml.graph import Scratch
from desktop_vlm.runtime.ggml.quantize import kv_cache_type
from desktop_vlm.runtime.prompt import Entry, Prompt
from desktop_vlm.runtime.session import Timing
from desktop_vlm.runtime.text_model import TextModel
from desktop_vlm.system.cores import usable_cores

_BATCH = 256
FILLING_SEED = 0
"""The image that stands in front of a long context; timed first tokens use other seeds."""
WARM_UP_TOKENS = 4
"""Decoded before those that count: what ran in between took the processor's caches."""


@dataclass(frozen=True)
class Settings:
    """How a model is loaded.

    Attributes:
        n_gpu_layers: negative for all, 0 for a processor only.
        kv_type: type of the language model's KV cache, or "auto".
        memory_share: how much of the free memory the planner counts on.
    """

    n_ctx: int
    n_gpu_layers: int
    kv_type: str = "auto"
    memory_share: float = 1.0

    @property
    def options(self) -> LoadOptions:
        return LoadOptions(
            n_ctx=self.n_ctx,
            n_gpu_layers=self.n_gpu_layers,
            n_batch=_BATCH,
            kv_type=self.kv_type,
            memory_share=self.memory_share,
        )


class PlainText:
    """The language model in llama.cpp as it is."""

    def __init__(self, text_path: Path, settings: Settings) -> None:
        self._model = TextModel(
            text_path,
            n_ctx=settings.n_ctx,
            n_batch=_BATCH,
            n_gpu_layers=settings.n_gpu_layers,
            n_threads=usable_cores(),
            kv_type=kv_cache_type(settings.kv_type),
            should_stop=lambda: False,
            with_hook=False,
        )
        self._n_context = 0

    def close(self) -> None:
        self._model.close()

    def fill(self, n_context: int) -> None:
        """Make the KV cache hold exactly `n_context` tokens."""
        self._model.forget_from(min(n_context, self._n_context))
        tokens = random_tokens(self._model.n_vocab, n_context)
        for at in range(min(n_context, self._n_context), n_context, _BATCH):
            self._model.decode(tokens[at : at + _BATCH], at, outputs="none", handlers={})
        self._n_context = n_context

    def decode(self, n_context: int, n_generate: int) -> float:
        """Seconds of `n_generate` tokens after `n_context` others, and a few that warm up."""
        self.fill(n_context)
        tokens = random_tokens(self._model.n_vocab, WARM_UP_TOKENS + n_generate)
        started = 0.0
        for i, token in enumerate(tokens):
            if i == WARM_UP_TOKENS:
                started = perf_counter()
            self._model.decode([token], n_context + i, outputs="last", handlers={})
        seconds = perf_counter() - started
        self._model.forget_from(n_context)
        return seconds


class WithImage:
    """Language model and projector in one session."""

    def __init__(self, text_path: Path, mmproj_path: Path, settings: Settings) -> None:
        loaded = loading.load(ModelRef(text_path, mmproj_path), settings.options)
        self.session, self.plan = loaded.session, loaded.plan
        assert isinstance(self.session.projector, MllamaProjector)
        self.mmproj = self.session.projector.mmproj

    def close(self) -> None:
        self.session.close()

    def first_token(self, image: Image.Image, n_prompt: int) -> tuple[float, Timing]:
        """Seconds from an image on the host and `n_prompt` tokens to the first token, nothing known before."""
        self.session.forget()
        self.session.settle()
        started = perf_counter()
        key = content_key(image)
        timing = self._answer_first(self._entries(key, image, n_prompt), key, image)
        return perf_counter() - started, timing

    def second_question(self, image: Image.Image, n_before: int, n_new: int) -> tuple[float, Timing]:
        """Seconds to the first token of `n_new` more tokens after the `n_before` tokens of `first_token`.

        The image was identified for the first one, as in a chat.
        """
        key = content_key(image)
        entries = self._entries(key, image, n_before) + random_tokens(self.session.text.n_vocab, n_new)
        started = perf_counter()
        timing = self._answer_first(entries, key, image)
        return perf_counter() - started, timing

    def fill(self, n_context: int, *, n_tiles: int) -> Timing:
        """Make the KV cache hold `n_context` tokens; those after the first see an image unless `n_tiles` is 0."""
        if n_tiles == 0:
            prompt, images = Prompt(tuple(random_tokens(self.session.text.n_vocab, n_context))), {}
        else:
            image = filling(self.mmproj.vision.image_size, n_tiles, FILLING_SEED)
            key = content_key(image)
            prompt, images = Prompt(tuple(self._entries(key, image, n_context))), {key: image}
        return self.session.evaluate(prompt, images)[1]

    def decode(self, n_context: int, n_generate: int, *, n_tiles: int) -> float:
        """Seconds of `n_generate` tokens after `n_context` tokens with an image of `n_tiles` tiles (0: none)."""
        self.fill(n_context, n_tiles=n_tiles)
        tokens = random_tokens(self.session.text.n_vocab, WARM_UP_TOKENS + n_generate)
        for token in tokens[:WARM_UP_TOKENS]:
            self.session.extend(token)
        started = perf_counter()
        for token in tokens[WARM_UP_TOKENS:]:
            self.session.extend(token)
        return perf_counter() - started

    def _answer_first(self, entries: Sequence[Entry], key: str, image: Image.Image) -> Timing:
        logits, timing = self.session.evaluate(Prompt(tuple(entries)), {key: image})
        logits[-1].argmax()
        return timing

    def _entries(self, key: str, image: Image.Image, count: int) -> list[Entry]:
        """An image and random tokens after it, `count` in all."""
        span = self.session.measure(key, image)
        return [span, *random_tokens(self.session.text.n_vocab, count)[1:]]


class Encoder:
    """A vision encoder alone, for images that are cut into tiles already."""

    def __init__(self, mmproj_path: Path, device: str, *, kernels: bool = True) -> None:
        """Load it; `device` is "cpu" or "gpu". Without `kernels`, ggml's operations compute on a processor."""
        self.mmproj = open_mmproj(mmproj_path)
        place = gpu_devices()[0] if device == "gpu" else cpu_device()
        self._backend = Backend(place, usable_cores(), lambda: False)
        self._scratch = Scratch(self._backend)
        self._encoder = VisionEncoder(self.mmproj, self._backend, self._scratch)
        if not kernels:
            self._encoder._cpu = None  # noqa: SLF001 - nobody else wants it

    def close(self) -> None:
        self._encoder.close()
        self._scratch.close()
        self._backend.close()

    def tiles(self, n_tiles: int) -> TiledImage:
        """An image that fills `n_tiles` tiles, processed."""
        return process_image(filling(self.mmproj.vision.image_size, n_tiles, FILLING_SEED), self.mmproj.image_processor)

    def encode(self, tiles: TiledImage) -> float:
        """Seconds from processed tiles to the states, which are on the device then."""
        started = perf_counter()
        encoded = self._encoder.encode(tiles)
        seconds = perf_counter() - started
        encoded.close()
        return seconds


def n_gpu_layers(device: str) -> int:
    """All layers on a GPU, or none."""
    if device == "gpu" and not gpu_devices():
        raise SystemExit("This llama-cpp-python knows no GPU; use --device cpu.")
    return -1 if device == "gpu" else 0


def random_tokens(n_vocab: int, count: int) -> list[int]:
    """The same `count` ids each time; a longer list starts with a shorter one."""
    return [int(token) for token in np.random.RandomState(0).randint(0, n_vocab, count)]
