"""transformers' MllamaForConditionalGeneration with random weights, measured on request.

    python -m benchmarks.transformers_peer --shape mid --dtype bfloat16

Requests are lines of JSON on stdin, answers lines of JSON on stdout (`benchmarks/peer.py` asks); it is a process
of its own, so that torch's libraries and threads never meet ggml's. Needs torch and transformers, which the
package itself never does.

What favours transformers: greedy choice on the device without `generate`'s bookkeeping, no cross-attention mask
(every tile of the image is in use, so there is nothing to mask), and logits of the last token only.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any

import numpy as np
import torch
import transformers  # type: ignore[import-not-found]

from benchmarks.images import filling, screenshot
from benchmarks.peer import serve
from benchmarks.random_model import IMAGE_MEAN, IMAGE_STD, SHAPES, Shape
from desktop_vlm.system.cores import usable_cores

_PREFILL_CHUNK = 1024
WARM_UP_TOKENS = 4
"""Before those that count, as in `ours`."""


class TimedModel:
    """A model on a device, and one cache that holds an image and some context."""

    clock: Callable[[], float] = staticmethod(perf_counter)

    def __init__(self, model: Any, device: str, vocab_size: int) -> None:
        self._model = model
        self._device = device
        self._vocab_size = vocab_size
        self._cache: Any = None
        self._n_context = 0

    def forget(self) -> None:
        """Give the cache's memory back."""
        self._cache, self._n_context = None, 0
        gc.collect()
        if self._device == "cuda":
            torch.cuda.empty_cache()

    def _new_cache(self) -> Any:
        return transformers.DynamicCache(config=self._model.config.get_text_config())

    def _tokens(self, count: int) -> Any:
        values = np.random.default_rng(count).integers(0, self._vocab_size, (1, count))
        return torch.from_numpy(values).to(self._device)

    def _seconds(self, run: Callable[[], None]) -> float:
        self._wait()
        started = self.clock()
        run()
        self._wait()
        return self.clock() - started

    def _wait(self) -> None:
        if self._device == "cuda":
            torch.cuda.synchronize()


class TransformersPeer(TimedModel):
    """Llama 3.2 Vision."""

    def __init__(self, shape: Shape, device: str, dtype: str) -> None:
        """Make a random model.

        Args:
            shape: whose layers.
            device: "cpu" or "cuda".
            dtype: name of a torch type, of weights and activations.
        """
        self._dtype = getattr(torch, dtype)
        super().__init__(_random_model(shape, device, self._dtype), device, shape.text["vocab_size"])
        self._tile_size = shape.vision["image_size"]
        self._cross_layers = set(shape.text["cross_attention_layers"])
        self._processor = _image_processor_class()(
            size={"height": self._tile_size, "width": self._tile_size},
            max_image_tiles=shape.vision["max_num_tiles"],
            image_mean=IMAGE_MEAN,
            image_std=IMAGE_STD,
        )

    def encode(self, n_tiles: int = 4) -> float:
        """Seconds of vision model and projector for an image whose pixels are on the device already."""
        inputs = self._process(filling(self._tile_size, n_tiles, seed=0))
        core = self._model.model

        def run() -> None:
            states = core.vision_model(**inputs).last_hidden_state
            core.multi_modal_projector(states)

        return self._seconds(run)

    def first_token(self, seed: int, n_prompt: int) -> float:
        """Seconds from a new image on the host and `n_prompt` tokens to the first token of the answer."""
        image, tokens = screenshot(self._tile_size, seed), self._tokens(n_prompt)

        def run() -> None:
            self._forward(tokens, self._new_cache(), self._process(image))

        return self._seconds(run)

    def second_question(self, seed: int, n_prompt: int) -> float:
        """The same again: as `generate`'s caller keeps nothing, the image is encoded a second time."""
        return self.first_token(seed, n_prompt)

    def fill(self, n_context: int) -> None:
        """Make the cache hold an image and `n_context` tokens."""
        if self._cache is None or n_context < self._n_context:
            self._cache = self._new_cache()
            inputs = self._process(filling(self._tile_size, 4, seed=0))
            self._forward(self._tokens(1), self._cache, inputs)
            self._n_context = 1
        while self._n_context < n_context:
            count = min(_PREFILL_CHUNK, n_context - self._n_context)
            self._forward(self._tokens(count), self._cache)
            self._n_context += count

    def decode(self, n_context: int, n_generate: int) -> float:
        """Seconds of `n_generate` tokens one by one after `n_context` tokens with an image."""
        self.fill(n_context)
        first = self._tokens(1)
        for _ in range(WARM_UP_TOKENS):
            first = self._forward(first, self._cache)

        def run() -> None:
            token = first
            for _ in range(n_generate):
                token = self._forward(token, self._cache)

        seconds = self._seconds(run)
        for index, layer in enumerate(self._cache.layers):
            if index not in self._cross_layers:
                layer.crop(-WARM_UP_TOKENS - n_generate)
        return seconds

    def _forward(self, tokens: Any, cache: Any, inputs: dict[str, Any] | None = None) -> Any:
        """Next tokens (1, 1) after `tokens` (1, n)."""
        output = self._model(
            input_ids=tokens, past_key_values=cache, use_cache=True, logits_to_keep=1, **(inputs or {})
        )
        return output.logits[:, -1:].argmax(dim=-1)

    def _process(self, image: Any) -> dict[str, Any]:
        """`pixel_values` (1, 1, tiles, 3, side, side) and what goes with them, on the device."""
        features = self._processor(images=[image], return_tensors="pt")
        return {
            "pixel_values": features["pixel_values"].to(self._device, self._dtype),
            "aspect_ratio_ids": features["aspect_ratio_ids"].to(self._device),
            "aspect_ratio_mask": features["aspect_ratio_mask"].to(self._device),
        }


def _image_processor_class() -> Any:
    """The image processor that works with Pillow; releases before 5 have no other."""
    found = getattr(transformers, "MllamaImageProcessorPil", None)
    return transformers.MllamaImageProcessor if found is None else found


def _random_model(shape: Shape, device: str, dtype: Any) -> Any:
    control = {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 2}  # the defaults exceed a small vocabulary
    config = transformers.MllamaConfig(
        text_config=shape.text | control,
        vision_config=dict(shape.vision),
        image_token_index=shape.text["vocab_size"],
        tie_word_embeddings=False,
    )
    model = random_model(transformers.MllamaForConditionalGeneration, config, device, dtype)
    for name, weight in model.named_parameters():
        if name.endswith("gate"):
            weight.data.fill_(0.5)
    return model


def random_model(model_class: Any, config: Any, device: str, dtype: Any) -> Any:
    """A model of `model_class` with sdpa attention, its matrices drawn at random on the device."""
    config._attn_implementation = "sdpa"  # noqa: SLF001 - the way that transformers documents for a config
    torch.set_default_dtype(dtype)
    with torch.device(device):
        model = model_class(config)
    for weight in model.parameters():
        if weight.ndim >= 2:
            weight.data.normal_(0, 0.02)
    return model.eval()


def main() -> None:
    """Make the model, say so with a line, and serve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", choices=SHAPES, default="mid")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="bfloat16")
    parser.add_argument("--processor-time", action="store_true", help="measure the time of processors")
    args = parser.parse_args()
    answers, sys.stdout = sys.stdout, sys.stderr  # what libraries print must not look like an answer
    torch.set_num_threads(usable_cores())
    torch.manual_seed(0)
    peer = TransformersPeer(SHAPES[args.shape], args.device, args.dtype)
    peer.clock = process_time if args.processor_time else perf_counter
    names = ("encode", "first_token", "second_question", "fill", "decode", "forget")
    with torch.inference_mode():
        serve({name: getattr(peer, name) for name in names}, sys.stdin, answers)


if __name__ == "__main__":
    main()
