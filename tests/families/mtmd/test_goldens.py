"""Logits of all three families against transformers, which computed the golden files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm import backend
from tests.checkpoints import make_image
from tests.checkpoints.families import FAMILY_CHECKPOINTS
from tests.goldens import deviation

NAMES = ("llava", "llava-new", "pixtral", "qwen", "qwen-tied")
PROMPTS = ("text", "one", "first", "two", "two_together")
TOLERANCE = 1e-4
"""Of the logits' scale. What is asked for is 5e-3; the encoder's steps that ggml rounds are computed again in F32."""

Load = Callable[[str], backend.Model]
Arrays = dict[str, NDArray[Any]]

_FOLDER = Path(__file__).parents[2] / "golden" / "families"


def golden(name: str) -> Arrays:
    with np.load(_FOLDER / f"{name}_logits.npz") as file:
        return {key: file[key] for key in file.files}


def images(arrays: Arrays, prompt: str) -> list[Image.Image]:
    sizes = arrays["image_sizes"].tolist()
    return [make_image(f"golden{number}", tuple(sizes[number])) for number in arrays[f"{prompt}.images"].tolist()]


def ids(model: backend.Model, arrays: Arrays, prompt: str, name: str) -> list[int]:
    """A golden prompt's ids, with the model's own number for an image."""
    image = FAMILY_CHECKPOINTS[name].image_token
    return [model.n_vocab if token == image else token for token in arrays[f"{prompt}.ids"].tolist()]


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("name", NAMES)
def test_logits_of_every_token_are_those_of_transformers(load_family: Load, name: str, prompt: str) -> None:
    model, arrays = load_family(name), golden(name)
    found = model.logits(ids(model, arrays, prompt, name), images(arrays, prompt))
    assert deviation(found, arrays[f"{prompt}.logits"]) < TOLERANCE


@pytest.mark.parametrize("name", NAMES)
def test_one_by_one_decoding_gives_the_same_tokens(load_family: Load, name: str) -> None:
    model, arrays = load_family(name), golden(name)
    tokens, shown = ids(model, arrays, "one", name), images(arrays, "one")
    found = []
    for expected in arrays["greedy.ids"].tolist():
        logits = model.next_logits(tokens, shown)
        assert int(logits.argmax()) == expected
        tokens.append(expected)
        found.append(model.next_logits(tokens, shown))
    assert deviation(np.stack(found), arrays["greedy.logits"]) < TOLERANCE


@pytest.mark.parametrize("name", NAMES)
def test_whatever_was_computed_before_the_next_prompt_is_right(load_family: Load, name: str) -> None:
    """A shorter prompt after a longer one, the same ids with another image, and a prefix that ends in an image."""
    model, arrays = load_family(name), golden(name)
    for prompt in ("two", "one", "two_together", "first", "two", "text", "two"):
        found = model.next_logits(ids(model, arrays, prompt, name), images(arrays, prompt))
        assert deviation(found, arrays[f"{prompt}.logits"][-1]) < TOLERANCE
    tokens = ids(model, arrays, "two", name)
    first, second = images(arrays, "two")
    swapped = model.next_logits(tokens, [second, first])
    model.forget()
    assert deviation(swapped, model.next_logits(tokens, [second, first])) < 1e-5
    assert deviation(swapped, arrays["two.logits"][-1]) > 0.01
