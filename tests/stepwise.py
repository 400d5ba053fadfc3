"""Decoding token by token, images for it, and what they are encoded to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.backend import Model
from desktop_vlm.families.mllama.encoded_image import TileStates

WIDE = Image.linear_gradient("L").resize((112, 56))
TALL = Image.radial_gradient("L").resize((40, 160))
IDS = list(range(20, 40))


def decode(model: Model, image: Image.Image, n: int = len(IDS)) -> NDArray[np.float32]:
    """Logits after every token, each computed by itself."""
    ids = [model.n_vocab, *IDS]
    return np.stack([model.next_logits(ids[:end], image) for end in range(2, n + 2)])


def in_passes(model: Model, image: Image.Image, n_rows: int) -> NDArray[np.float32]:
    """Logits after every `n_rows` tokens, which are computed together."""
    ids = [model.n_vocab, *IDS]
    return np.stack([model.next_logits(ids[:end], image) for end in range(1 + n_rows, len(ids) + 1, n_rows)])


def tile_states(model: Model, image: Image.Image) -> TileStates:
    """An image as a model of the mllama family encodes it."""
    encoded = model.encode(image)
    assert isinstance(encoded, TileStates)
    return encoded
