"""What the mmproj file of a libmtmd model says before its weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType as GgmlType
from gguf import dequantize
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile, read_gguf

_LONGEST_LIST = 1 << 12


@dataclass(frozen=True)
class TensorInfo:
    """A tensor's shape, outermost dimension first, its type and its bytes in the file."""

    shape: tuple[int, ...]
    kind: GgmlType
    n_bytes: int


@dataclass(frozen=True)
class VisionFile:
    """An mmproj file's header.

    Attributes:
        path: the file.
        settings: metadata; numbers, booleans, texts and lists of them.
        tensors: by name.
    """

    path: Path
    settings: Mapping[str, Any]
    tensors: Mapping[str, TensorInfo]

    @property
    def projector_type(self) -> str:
        """`clip.projector_type`; files for images and sound name one for each."""
        return str(self.settings.get("clip.vision.projector_type") or self.settings.get("clip.projector_type", ""))

    @property
    def has_vision(self) -> bool:
        return bool(self.settings.get("clip.has_vision_encoder", False))

    @cached_property
    def n_bytes(self) -> int:
        """Of all tensors."""
        return sum(tensor.n_bytes for tensor in self.tensors.values())

    @property
    def is_f32(self) -> bool:
        """Whether no weight is rounded."""
        return all(tensor.kind == GgmlType.F32 for tensor in self.tensors.values())

    def number(self, key: str, default: int = 0) -> int:
        """A whole number among the encoder's settings, such as `patch_size`."""
        value = self.settings.get(f"clip.vision.{key}", default)
        return int(value) if isinstance(value, (int, float)) else default

    @property
    def patch_size(self) -> int:
        return max(1, self.number("patch_size", 1))

    @property
    def n_layers(self) -> int:
        """Blocks of the encoder that the file has."""
        found = {name.split(".")[2] for name in self.tensors if name.startswith("v.blk.")}
        return len(found)

    def rows(self, name: str) -> NDArray[np.float32]:
        """A tensor's numbers, read from the file.

        Raises:
            UserError: the file ends early or was replaced.
        """
        file = read_gguf(self.path)
        place = file.tensors.get(name)
        if place is None:
            raise UserError(f"{self.path.name} has no tensor {name}; convert or download it again.")
        with file.reopened() as opened:
            opened.seek(place.offset)
            data = np.frombuffer(opened.read(place.n_bytes), np.uint8)
        if data.size != place.n_bytes:
            raise UserError(f"{self.path.name} ends inside the tensor {name}; convert or download it again.")
        values: NDArray[np.float32] = dequantize(data.reshape(place.n_rows, -1), place.type).astype(np.float32)
        return values.reshape(self.tensors[name].shape)


def open_vision_file(path: Path) -> VisionFile:
    """Read a header.

    Raises:
        UserError: it cannot be read.
    """
    return vision_file_of(read_gguf(path))


def vision_file_of(file: GgufFile) -> VisionFile:
    """What a header says; lists that are longer than any of a vision encoder's are left out."""
    settings = {key: file.value(key) for key, setting in file.settings.items() if setting.count <= _LONGEST_LIST}
    tensors = {
        name: TensorInfo(tuple(reversed(place.shape)), place.type, place.n_bytes)
        for name, place in file.tensors.items()
    }
    return VisionFile(file.path, settings, tensors)
