"""Decoding token by token, and pictures for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.backend import Model

WIDE = Image.linear_gradient("L").resize((112, 56))
TALL = Image.radial_gradient("L").resize((40, 160))
IDS = list(range(20, 40))


def decode(model: Model, picture: Image.Image, n: int = len(IDS)) -> NDArray[np.float32]:
    """Logits after every token, each computed by itself."""
    ids = [model.n_vocab, *IDS]
    return np.stack([model.next_logits(ids[:end], picture) for end in range(2, n + 2)])
