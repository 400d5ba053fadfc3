"""Where the vision encoder's weights are: all on the device, or one block at a time brought from the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from desktop_vlm.families.mllama.mmproj import Mmproj, load_weights
from desktop_vlm.runtime.ggml.device import Backend
from desktop_vlm.runtime.ggml.graph import Tensor, TensorStore

_BLOCK = re.compile(r"(v\.(?:global\.)?blk\.\d+|mm\.0|v)\.(.+)")

ALWAYS_RESIDENT = "v"
"""The block of what belongs to no layer: a few megabytes that stay on the device in any case."""


class VisionWeights(Protocol):
    """Weights by block: `v.blk.N`, `v.global.blk.N`, `mm.0` (the projector) and `v` (everything else).

    Attributes:
        change_place: whether the memory of one block becomes the next one's.
    """

    change_place: bool

    @property
    def n_bytes(self) -> int:
        """Device memory taken."""

    def block(self, name: str) -> Mapping[str, Tensor]:
        """The tensors of one block, by their names in it; good until the next block is asked for."""

    def rest(self) -> None:
        """No block is needed for a while."""

    def close(self) -> None: ...


class Resident:
    """All weights on the device."""

    change_place = False

    def __init__(
        self, mmproj: Mmproj, names: Iterable[str], backend: Backend, on_bytes: Callable[[int], None] | None
    ) -> None:
        by_block = split_by_block(names)
        self._store = load_weights(
            mmproj, [n for parts in by_block.values() for n in parts.values()], backend, on_bytes
        )
        self._blocks = {
            block: {part: self._store[name] for part, name in parts.items()} for block, parts in by_block.items()
        }
        self.n_bytes = self._store.n_bytes

    def block(self, name: str) -> Mapping[str, Tensor]:
        return self._blocks[name]

    def rest(self) -> None:
        pass

    def close(self) -> None:
        self._store.close()


class Streamed:
    """One block on the device, the others in the file (and, as a rule, in the system's cache of it)."""

    change_place = True

    def __init__(
        self, mmproj: Mmproj, names: Iterable[str], backend: Backend, on_bytes: Callable[[int], None] | None
    ) -> None:
        self._mmproj = mmproj
        self._backend = backend
        self._blocks = split_by_block(names)
        outside = self._blocks[ALWAYS_RESIDENT]
        self._outside = load_weights(mmproj, outside.values(), backend, on_bytes)
        self._slot: TensorStore | None = None
        self._slot_of = ""
        self._slot_shapes: dict[str, object] = {}
        if on_bytes:  # reported as loaded, because it will not be waited for now
            for block, parts in self._blocks.items():
                on_bytes(0 if block == ALWAYS_RESIDENT else sum(mmproj.info(name).n_bytes for name in parts.values()))

    @property
    def n_bytes(self) -> int:
        return self._outside.n_bytes + (self._slot.n_bytes if self._slot else 0)

    def block(self, name: str) -> Mapping[str, Tensor]:
        """The tensors of one block.

        Raises:
            EngineError: the device has no room.
            UserError: the file ends early.
        """
        parts = self._blocks[name]
        if name == ALWAYS_RESIDENT:
            return {part: self._outside[full] for part, full in parts.items()}
        if name != self._slot_of:
            self._bring(name, parts)
        assert self._slot is not None
        return self._slot.tensors

    def _bring(self, name: str, parts: Mapping[str, str]) -> None:
        infos = {part: self._mmproj.info(full) for part, full in parts.items()}
        shapes = {part: (info.ggml_type, info.shape) for part, info in infos.items()}
        self._slot_of = ""
        if self._slot is None or shapes != self._slot_shapes:
            self.rest()
            self._slot = TensorStore(self._backend, shapes, weights=True)
            self._slot_shapes = dict(shapes)
        for part, full in parts.items():
            self._mmproj.load(full, self._slot[part])
        self._slot_of = name

    def rest(self) -> None:
        if self._slot:
            self._slot.close()
        self._slot, self._slot_of = None, ""

    def close(self) -> None:
        self.rest()
        self._outside.close()


def split_by_block(names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Names of tensors -> block -> name in the block -> whole name."""
    blocks: dict[str, dict[str, str]] = {}
    for name in names:
        found = _BLOCK.fullmatch(name)
        assert found is not None
        blocks.setdefault(found[1], {})[found[2]] = name
    return blocks
