"""LLaVA 1.5, Pixtral and Qwen2.5-VL in transformers with random weights, measured on request.

    python -m benchmarks.families_transformers --model qwen2.5-vl-7b --device cuda --width 1932 --height 1092

As `transformers_peer`, with the same things in its favour, and two more: images are normalised and cut into patches on
the device, and Qwen's positions are given to it, so that it need not search for images.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import numpy as np
import torch
import transformers  # type: ignore[import-not-found]
from PIL import Image

from benchmarks.images import SCREEN, smooth_noise
from benchmarks.peer import serve
from benchmarks.random_families import MODELS
from benchmarks.transformers_peer import WARM_UP_TOKENS, TimedModel, random_model
from desktop_vlm.models.published import IMAGE_MEAN, IMAGE_STD, LanguageModel, PublishedModel
from desktop_vlm.system.cores import usable_cores

_CONTROL = 8
"""Ids at the vocabulary's end that no text has: the last stands for an image's row, those before it stand around."""


class FamilyPeer(TimedModel):
    """One of `random_families.MODELS`, beside an image of one size."""

    def __init__(self, model: PublishedModel, device: str, dtype: str, size: tuple[int, int]) -> None:
        """Make a random model.

        Args:
            model: whose layers.
            device: "cpu" or "cuda".
            dtype: name of a torch type, of weights and activations.
            size: width and height of the image as the encoder gets it, in pixels.
        """
        self._dtype = getattr(torch, dtype)
        self._published, self._size = model, size
        vocab_size = model.language.vocab_size
        super().__init__(_random_model(model, device, self._dtype), device, vocab_size - _CONTROL)
        self._image_id, self._around_id = vocab_size - 1, vocab_size - 4
        self._mean, self._std = (torch.tensor(v, device=device).view(3, 1, 1) for v in (IMAGE_MEAN, IMAGE_STD))
        unit = model.encoder.patch_px * model.encoder.merge
        self._columns, self._rows = size[0] // unit, size[1] // unit
        self._position = 0

    def encode(self, n: int) -> float:
        """Seconds of vision model and projector for pixels that are on the device already, the mean of `n` times."""
        inputs = self._process(smooth_noise(*self._size, seed=0))

        def run() -> None:
            for _ in range(n):
                self._model.model.get_image_features(**inputs)

        return self._seconds(run) / n

    def first_token(self, seed: int, n_prompt: int, *, whole_screen: bool) -> float:
        """Seconds from a new image on the host, which may have to be resized, and `n_prompt` tokens to the first."""
        image = smooth_noise(*(SCREEN if whole_screen else self._size), seed)
        tokens = self._with_image(n_prompt)
        return self._seconds(lambda: self._see(tokens, image, self._new_cache()))

    def decode(self, n_context: int, n_generate: int) -> float:
        """Seconds of `n_generate` tokens one by one after an image and `n_context` tokens."""
        if self._n_context != n_context:
            self._cache = self._new_cache()
            self._see(self._with_image(n_context), smooth_noise(*self._size, seed=0), self._cache)
            self._n_context, self._position = n_context, self._image_positions + n_context
        token = self._tokens(1)
        for i in range(WARM_UP_TOKENS):
            token = self._next(token, self._position + i)

        def run() -> None:
            last = token
            for i in range(n_generate):
                last = self._next(last, self._position + WARM_UP_TOKENS + i)

        seconds = self._seconds(run)
        for layer in self._cache.layers:
            layer.crop(-WARM_UP_TOKENS - n_generate)
        return seconds

    def _see(self, tokens: Any, image: Image.Image, cache: Any) -> Any:
        """Next token (1, 1) after `tokens` (1, n), which begin with an image."""
        positions = self._positions(tokens.shape[1]) if self._has_mrope else None
        return self._forward(tokens, cache, positions, self._process(image))

    def _next(self, token: Any, position: int) -> Any:
        positions = torch.full((3, 1, 1), position, device=self._device) if self._has_mrope else None
        return self._forward(token, self._cache, positions, {})

    def _forward(self, tokens: Any, cache: Any, positions: Any, inputs: dict[str, Any]) -> Any:
        output = self._model(
            input_ids=tokens, past_key_values=cache, use_cache=True, logits_to_keep=1, position_ids=positions, **inputs
        )
        return output.logits[:, -1:].argmax(dim=-1)

    # An image in the sequence

    @property
    def _has_mrope(self) -> bool:
        return bool(self._published.language.rope_sections)

    @property
    def _image_positions(self) -> int:
        if self._has_mrope:
            return max(self._columns, self._rows) + 2
        return len(self._image_ids())

    def _image_ids(self) -> list[int]:
        """The ids that stand for an image; Pixtral's rows each end with a token, Qwen's image is between two."""
        n_rows = self._columns * self._rows
        if self._published.family == "pixtral":
            return ([self._image_id] * self._columns + [self._around_id]) * self._rows
        if self._has_mrope:
            return [self._around_id, *[self._image_id] * n_rows, self._around_id]
        return [self._image_id] * n_rows

    def _with_image(self, n_tokens: int) -> Any:
        image = torch.tensor([self._image_ids()], device=self._device)
        return torch.cat([image, self._tokens(n_tokens)], dim=1)

    def _positions(self, n_all: int) -> Any:
        """Qwen's positions of an image and what follows: (3, 1, n_all), by time, row and column."""
        row, column = np.indices((self._rows, self._columns)).reshape(2, -1)
        image = 1 + np.stack([np.zeros_like(row), row, column])
        n_after = n_all - image.shape[1] - 1
        after = np.arange(n_after) + 1 + max(self._columns, self._rows)
        found = np.concatenate([np.zeros((3, 1), np.int64), image, np.stack([after] * 3)], axis=1)
        return torch.from_numpy(found).unsqueeze(1).to(self._device)

    def _process(self, image: Image.Image) -> dict[str, Any]:
        """Normalised pixels, and what goes with them, on the device."""
        if image.size != self._size:
            image = image.resize(self._size, Image.Resampling.BICUBIC)
        bytes_on_device = torch.from_numpy(np.array(image)).to(self._device)
        pixels = ((bytes_on_device.permute(2, 0, 1) / 255 - self._mean) / self._std).to(self._dtype)
        if self._published.family == "qwen25vl":
            return self._patches(pixels)
        inputs = {"pixel_values": pixels.unsqueeze(0)}
        if self._published.family == "pixtral":
            inputs["image_sizes"] = torch.tensor([[self._size[1], self._size[0]]], device=self._device)
        return inputs

    def _patches(self, pixels: Any) -> dict[str, Any]:
        """Patches of (3, height, width) in Qwen's order, where those that become one token follow each other."""
        size, merge = self._published.encoder.patch_px, self._published.encoder.merge
        grid = pixels.view(3, self._rows, merge, size, self._columns, merge, size).permute(1, 4, 2, 5, 0, 3, 6)
        two_frames = grid.unsqueeze(5).expand(-1, -1, -1, -1, -1, 2, -1, -1)
        return {
            "pixel_values": two_frames.reshape(-1, 3 * 2 * size * size),
            "image_grid_thw": torch.tensor([[1, self._rows * merge, self._columns * merge]], device=self._device),
        }


def _random_model(model: PublishedModel, device: str, dtype: Any) -> Any:
    if model.family == "qwen25vl":
        return random_model(transformers.Qwen2_5_VLForConditionalGeneration, _qwen_config(model), device, dtype)
    return random_model(transformers.LlavaForConditionalGeneration, _llava_config(model), device, dtype)


def _text_settings(language: LanguageModel) -> dict[str, Any]:
    """Settings that all language models share; the control tokens' defaults exceed a small vocabulary."""
    return {
        "vocab_size": language.vocab_size,
        "hidden_size": language.width,
        "intermediate_size": language.feed_forward,
        "num_hidden_layers": language.n_layers,
        "num_attention_heads": language.n_heads,
        "num_key_value_heads": language.n_heads_kv,
        "max_position_embeddings": min(language.context_length, 32768),
        "rms_norm_eps": language.norm_eps,
        "rope_parameters": {"rope_type": "default", "rope_theta": language.rope_theta},
        "bos_token_id": 0,
        "eos_token_id": 1,
        "pad_token_id": 2,
        "tie_word_embeddings": language.ties_embeddings,
    }


def _llava_config(model: PublishedModel) -> Any:
    encoder, language = model.encoder, model.language
    vision = {
        "hidden_size": encoder.width,
        "intermediate_size": encoder.feed_forward,
        "num_attention_heads": encoder.n_heads,
        "image_size": encoder.image_px,
        "patch_size": encoder.patch_px,
    }
    text = _text_settings(language) | {"head_dim": language.head_dim}
    if model.family == "pixtral":
        return transformers.LlavaConfig(
            vision_config=transformers.PixtralVisionConfig(**vision, num_hidden_layers=encoder.n_layers),
            text_config=transformers.MistralConfig(**text, sliding_window=None),
            image_token_index=language.vocab_size - 1,
            vision_feature_layer=-1,
            vision_feature_select_strategy="full",
        )
    return transformers.LlavaConfig(  # the last layer, which nothing reads, is there and computed, as published
        vision_config=transformers.CLIPVisionConfig(**vision, num_hidden_layers=encoder.n_layers + 1),
        text_config=transformers.LlamaConfig(**text),
        image_token_index=language.vocab_size - 1,
    )


def _qwen_config(model: PublishedModel) -> Any:
    encoder, language = model.encoder, model.language
    text = _text_settings(language)
    text["rope_parameters"]["mrope_section"] = [part for part in language.rope_sections if part]
    vision = {
        "depth": encoder.n_layers,
        "hidden_size": encoder.width,
        "intermediate_size": encoder.feed_forward,
        "num_heads": encoder.n_heads,
        "patch_size": encoder.patch_px,
        "spatial_merge_size": encoder.merge,
        "out_hidden_size": language.width,
        "fullatt_block_indexes": list(range(encoder.n_window - 1, encoder.n_layers, encoder.n_window)),
    }
    return transformers.Qwen2_5_VLConfig(
        text_config=text,
        vision_config=vision,
        image_token_id=language.vocab_size - 1,
        video_token_id=language.vocab_size - 2,
        tie_word_embeddings=language.ties_embeddings,
    )


def main() -> None:
    """Make the model, say so with a line, and serve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=MODELS, required=True)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="bfloat16")
    parser.add_argument("--width", type=int, required=True)
    parser.add_argument("--height", type=int, required=True)
    args = parser.parse_args()
    answers, sys.stdout = sys.stdout, sys.stderr  # what libraries print must not look like an answer
    torch.set_num_threads(usable_cores())
    torch.manual_seed(0)
    peer = FamilyPeer(MODELS[args.model], args.device, args.dtype, (args.width, args.height))
    with torch.inference_mode():
        serve({name: getattr(peer, name) for name in ("encode", "first_token", "decode")}, sys.stdin, answers)


if __name__ == "__main__":
    main()
