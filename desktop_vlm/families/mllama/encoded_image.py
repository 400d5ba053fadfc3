"""An encoded image: what the text attends to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.runtime.ggml.device import Device
from desktop_vlm.runtime.ggml.graph import Tensor, TensorStore, get_tensor


class TileStates:
    """The states of one image, in main memory or still on the device that made them.

    Attributes:
        num_tiles: tiles in use; they come first.
        aspect_ratio_id: 1-based id of the tile arrangement.
    """

    def __init__(
        self, made: NDArray[Any] | TensorStore, shape: tuple[int, int, int], *, num_tiles: int, aspect_ratio_id: int
    ) -> None:
        """Take the states over.

        Args:
            made: the states of all tiles, float32 (n, width), or a store whose `states` are float16 [width, n].
            shape: (max_tiles, tokens_per_tile, text width).
            num_tiles: tiles in use.
            aspect_ratio_id: of the tile arrangement.
        """
        self.num_tiles = num_tiles
        self.aspect_ratio_id = aspect_ratio_id
        self._shape = shape
        self._store: TensorStore | None = made if isinstance(made, TensorStore) else None
        self._host: NDArray[Any] | None = made if isinstance(made, np.ndarray) else None

    @property
    def states(self) -> NDArray[np.float32]:
        """Float32 (max_tiles, tokens_per_tile, text width); tiles not in use are encoded too, but never seen."""
        return self._on_host().reshape(self._shape).astype(np.float32, copy=False)

    @property
    def visible(self) -> NDArray[Any]:
        """The states that the text sees: float32 or float16 (num_tiles * tokens_per_tile, text width)."""
        return self._on_host()[: self.n_visible]

    @property
    def n_visible(self) -> int:
        """How many they are."""
        return self.num_tiles * self._shape[1]

    def visible_on(self, device: Device) -> Tensor | None:
        """A float16 tensor on `device` whose first rows are the visible states; None where they are not there."""
        return self._store["states"] if self._store and self._store.device == device else None

    @property
    def n_bytes(self) -> int:
        """Main memory that the states take, or will."""
        return self._host.nbytes if self._host is not None else int(np.prod(self._shape)) * 2

    def leave_device(self) -> None:
        """Have the states in main memory only."""
        if self._store:
            self._host = get_tensor(self._store["states"])
            self.close()

    def close(self) -> None:
        """Give the device's memory back; states that are only there are lost."""
        if self._store:
            self._store.close()
            self._store = None

    def _on_host(self) -> NDArray[Any]:
        self.leave_device()
        assert self._host is not None
        return self._host
