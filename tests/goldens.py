"""Reading the golden files, and comparing with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.checkpoints import CHECKPOINTS, model_images

_FOLDER = Path(__file__).parent / "golden"

PROMPTS = ("text", "long", "picture", "picture_first", "chat", "two_turns", "two_together")


def golden(name: str, kind: str) -> dict[str, NDArray[Any]]:
    """All arrays of one golden file."""
    with np.load(_FOLDER / f"{name}_{kind}.npz") as file:
        return {key: file[key] for key in file.files}


def golden_tokens(name: str) -> dict[str, Any]:
    """The tokenizer's golden values."""
    content: dict[str, Any] = json.loads((_FOLDER / f"{name}_tokens.json").read_text(encoding="utf-8"))
    return content


def prompt(name: str, which: str) -> tuple[list[int], list[Image.Image], NDArray[np.float32]]:
    """Token ids, images and golden logits of one prompt."""
    arrays = golden(name, "logits")
    cases = model_images(CHECKPOINTS[name])
    images = [cases[str(image)].image() for image in arrays.get(f"{which}.pictures", ())]
    return arrays[f"{which}.ids"].tolist(), images, arrays[f"{which}.logits"]


def deviation(found: NDArray[np.float32], expected: NDArray[np.float32]) -> float:
    """Largest difference, in units of the largest expected value."""
    assert found.shape == expected.shape
    return float(np.abs(found - expected).max() / np.abs(expected).max())
