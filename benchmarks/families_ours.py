"""Our engine with a model that libmtmd encodes for, as `families` drives it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from PIL import Image

from benchmarks.images import SCREEN, smooth_noise
from benchmarks.mtmd_peer import WARM_UP_TOKENS, MtmdSettings
from benchmarks.ours import random_tokens
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.families import loading
from desktop_vlm.families.mtmd.pixels import encoder_size
from desktop_vlm.families.mtmd.runner import MtmdRunner
from desktop_vlm.images.identity import content_key
from desktop_vlm.runtime.ggml.device import has_amx
from desktop_vlm.runtime.prompt import Prompt
from desktop_vlm.runtime.session import Timing
from desktop_vlm.system.cores import usable_cores

_FIRST_SEED = 0
"""The image that stands in front of a long context; timed first tokens use other seeds."""


class FamilyModel:
    """A session, and the size that the image of a whole screen gets.

    Attributes:
        session, plan: of the loaded model.
        size: width and height of what the encoder gets.
        n_image_tokens: what that takes of the context.
    """

    def __init__(self, text_path: Path, mmproj_path: Path, options: LoadOptions) -> None:
        self._paths = text_path, mmproj_path
        loaded = loading.load(ModelRef(text_path, mmproj_path), options)
        self.session, self.plan = loaded.session, loaded.plan
        assert isinstance(self.session.vision, MtmdRunner)
        self._runner = self.session.vision
        self.size = encoder_size(self._runner.sizing, *SCREEN)
        self.n_image_tokens = self.session.measure("", smooth_noise(*self.size, _FIRST_SEED)).n_tokens

    def close(self) -> None:
        self.session.close()

    def mtmd_settings(self, n_gpu_layers: int) -> MtmdSettings:
        """The settings of this session, for llama.cpp without us."""
        placement, setup = self.plan.placement, self._runner.setup
        flash_attention = setup.flash_attention
        return MtmdSettings(
            text=str(self._paths[0]),
            mmproj=str(self._paths[1]),
            size=self.size,
            n_ctx=self.session.text.n_ctx,
            n_batch=self.session.text.n_batch,
            n_gpu_layers=n_gpu_layers,
            n_threads=usable_cores(),
            kv_type=int(placement.kv_type),
            encoder_flash_attention=-1 if flash_attention is None else int(flash_attention),
            max_tokens=setup.shape.library_tokens(setup.sizing),
            extra_buffers=not has_amx(),
        )

    def size_of(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of what the encoder gets for an image."""
        return encoder_size(self._runner.sizing, width, height)

    def encode(self, n: int, size: tuple[int, int] | None = None) -> float:
        """Seconds from an image's final pixels to its rows, the mean of `n` times; `size` is another than its own."""
        image = smooth_noise(*(size or self.size), _FIRST_SEED)
        started = perf_counter()
        for _ in range(n):
            self.session.encode(image)
        return (perf_counter() - started) / n

    def first_token(self, seed: int, n_prompt: int, *, whole_screen: bool) -> float:
        """Seconds from a new image, which may have to be resized, and `n_prompt` tokens to the first token."""
        return self._first([smooth_noise(*(SCREEN if whole_screen else self.size), seed)], n_prompt)

    def several(self, seed: int, n_images: int, size: tuple[int, int], n_prompt: int) -> float:
        """The same with several images of one size."""
        return self._first([smooth_noise(*size, seed + i) for i in range(n_images)], n_prompt)

    def _first(self, images: Sequence[Image.Image], n_prompt: int) -> float:
        self.session.forget()
        started = perf_counter()
        logits, _ = self.session.evaluate(*self._prompt(images, n_prompt))
        logits[-1].argmax()
        return perf_counter() - started

    def fill(self, image: Image.Image, n_context: int) -> Timing:
        """Make the KV cache hold an image and `n_context` tokens after it."""
        return self.session.evaluate(*self._prompt([image], n_context))[1]

    def decode(self, n_context: int, n_generate: int, size: tuple[int, int] | None = None) -> float:
        """Seconds of `n_generate` tokens after an image and `n_context` other tokens."""
        self.fill(smooth_noise(*(size or self.size), _FIRST_SEED), n_context)
        return self.extend(n_generate)

    def extend(self, n_generate: int) -> float:
        """Seconds of `n_generate` tokens after what the KV cache holds, and a few that warm up."""
        tokens = random_tokens(self.session.text.n_vocab, WARM_UP_TOKENS + n_generate)
        for token in tokens[:WARM_UP_TOKENS]:
            self.session.extend(token)
        started = perf_counter()
        for token in tokens[WARM_UP_TOKENS:]:
            self.session.extend(token)
        return perf_counter() - started

    def _prompt(self, images: Sequence[Image.Image], n_tokens: int) -> tuple[Prompt, dict[str, Image.Image]]:
        """Images and tokens after them, and the images by their keys; none is the same as another."""
        by_key = {content_key(image): image for image in images}
        spans = [self.session.measure(key, image) for key, image in by_key.items()]
        return Prompt((*spans, *random_tokens(self.session.text.n_vocab, n_tokens))), by_key
