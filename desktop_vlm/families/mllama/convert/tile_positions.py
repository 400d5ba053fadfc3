"""Tile positions that are the same for all tokens of a tile: one vector of each tile stands for them in the file.

Meta's table has a vector for every token. Where a model was trained with one for each tile, the table of its checkpoint
repeats that vector for all tokens, which can be most of a small model's file.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.conversion.checkpoint import Checkpoint
from desktop_vlm.conversion.file_access import LOCAL
from desktop_vlm.conversion.stored_tensor import SourceTensor
from desktop_vlm.conversion.tensor_map import GgufTensor, Role
from desktop_vlm.families.mllama.convert.config import VisionConfig
from desktop_vlm.families.mllama.convert.tensor_map import TILE_POSITIONS, TILE_POSITIONS_SOURCE


def compact_positions(checkpoint: Checkpoint, vision: VisionConfig) -> dict[str, GgufTensor]:
    """The table with a vector for each tile, (ratios + 1, tiles, width), by its name; empty where tokens differ.

    A table that is still to be downloaded is written as it is: its values are not known before the file is laid out.

    Raises:
        UserError: the checkpoint cannot be read.
    """
    stored = checkpoint.tensors[TILE_POSITIONS_SOURCE]
    if any(part.access is not LOCAL for part in stored.parts):
        return {}
    shape = (len(vision.aspect_ratios) + 1, vision.max_tiles, vision.width)
    values = np.empty(shape, dtype=np.float32)
    for number, out in enumerate(values.reshape(-1, vision.width)):
        vector = _shared_vector(stored, number, vision)
        if vector is None:
            return {}
        out[:] = vector
    source = (TILE_POSITIONS_SOURCE, stored.shape)
    return {TILE_POSITIONS: GgufTensor(TILE_POSITIONS, shape, Role.EXACT, *source, values=values)}


def _shared_vector(stored: SourceTensor, tile: int, vision: VisionConfig) -> NDArray[np.float32] | None:
    """The vector of all tokens of a tile, (width,), counted through all aspect ratios; `None` if they differ."""
    n_values = vision.tokens_per_tile * vision.width
    tokens = stored.read(tile * n_values, n_values).reshape(-1, vision.width)
    first: NDArray[np.float32] = tokens[0]
    is_shared = np.isfinite(first).all() and (tokens == first).all()  # what is no number is refused where it is packed
    return first if is_shared else None
