"""Position, tile and class embeddings of the vision encoder, with their gates applied: made on the host."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.families.mllama.mmproj import TILE_POSITIONS, Mmproj, compact_shape


class ImageEmbeddings:
    """What is added to the tokens of an image, by the arrangement of its tiles."""

    def __init__(self, mmproj: Mmproj) -> None:
        self._config = mmproj.vision
        self._mmproj = mmproj
        self._gates: dict[str, float] = {}

    def gate(self, name: str) -> float:
        """The tanh of a scalar gate."""
        if name not in self._gates:
            self._gates[name] = float(np.tanh(self._mmproj.read(name).reshape(-1)[0]))
        return self._gates[name]

    def tiles(self, side: str, aspect_ratio_id: int) -> NDArray[np.float32]:
        """The gated embedding of every tile before ("pre") or after ("post") the local layers: (tiles, width)."""
        row = self._mmproj.read_row(f"v.{side}_tile_position_embd.weight", aspect_ratio_id)
        gated = row * np.float32(self.gate(f"v.{side}_tile_position_embd.gate"))
        return gated.reshape(self._config.max_num_tiles, self._config.hidden_size)

    def write_positions(self, aspect_ratio_id: int, out: NDArray[np.float32]) -> None:
        """All that is added to the patches' convolution: float32 (tiles * tokens_per_tile, width)."""
        config, mmproj = self._config, self._mmproj
        gate = np.float32(self.gate("v.position_embd.gate"))
        total = out.reshape(config.max_num_tiles, config.tokens_per_tile, config.hidden_size)
        np.multiply(self._tile_positions(aspect_ratio_id), gate, out=total)
        of_all_tiles = (np.float32(1) - gate) * mmproj.read("v.position_embd.weight")  # (tokens_per_tile, width)
        of_all_tiles[0] += mmproj.read("v.class_embd")
        for tile, pre in enumerate(self.tiles("pre", aspect_ratio_id)):
            total[tile] += of_all_tiles
            total[tile, 1:] += pre

    def _tile_positions(self, aspect_ratio_id: int) -> NDArray[np.float32]:
        """Of all tokens, (tiles, tokens_per_tile, width); or of all tokens of a tile at once, (tiles, 1, width)."""
        config = self._config
        n_tiles, width = config.max_num_tiles, config.hidden_size
        if self._mmproj.info(TILE_POSITIONS).shape == compact_shape(config):
            rows = self._mmproj.read_row(TILE_POSITIONS, aspect_ratio_id * n_tiles, count=n_tiles)  # (tiles, width)
            return rows[:, None]
        row = self._mmproj.read_row(TILE_POSITIONS, aspect_ratio_id)
        return row.reshape(n_tiles, config.tokens_per_tile, width)
