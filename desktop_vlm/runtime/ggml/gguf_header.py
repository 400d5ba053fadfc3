"""What models are recognised and planned by: a GGUF's settings, and the size of every tensor."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from gguf import GGUFValueType as ValueType

from desktop_vlm.api.errors import UserError
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile, read_gguf
from desktop_vlm.system.bounded.files import open_regular


@dataclass(frozen=True)
class GgufHeader:
    """Settings and tensors of a GGUF.

    Attributes:
        integers: the settings that are unsigned 32-bit numbers, which all counts are.
        numbers: the settings that are 32-bit floating-point numbers.
        texts: the settings that are text.
        tensors: name -> bytes of its weights.
    """

    integers: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    tensors: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)

    @property
    def architecture(self) -> str:
        """What kind of model the file holds: `llama`, `qwen2vl`, ..., or `clip` for a vision projector."""
        return self.texts.get("general.architecture", "")

    @property
    def projector_type(self) -> str:
        """Which kind of vision projector the file holds; empty for a language model."""
        vision = self.texts.get("clip.vision.projector_type", "")  # of a file for images and sound
        return vision or self.texts.get("clip.projector_type", "")

    def count(self, key: str, default: int = 0) -> int:
        """A number among the settings of the file's architecture, such as `block_count`."""
        return self.integers.get(f"{self.architecture}.{key}", default)


def check_is_gguf(path: Path) -> None:
    """Tell early and plainly that a path is missing, a folder, empty, or no GGUF.

    Raises:
        UserError: with that sentence.
    """
    if path.is_dir():
        raise UserError(f"{path} is a folder; give the GGUF file inside it.")
    try:
        with open_regular(path) as file:
            magic = file.read(4)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({os.strerror(error.errno or 0)}); check its permissions.") from None
    if magic != b"GGUF":
        what = "is empty" if not magic else "is not a GGUF file"
        raise UserError(f"{path.name} {what}; convert or download it again.")


def read_header(path: Path) -> GgufHeader | None:
    """The header of a file; None where it cannot be read as a GGUF (`gguf_reader.read_gguf` says why)."""
    try:
        return header_of(read_gguf(path))
    except UserError:
        return None


def header_of(file: GgufFile) -> GgufHeader:
    """The parts of a header that models are recognised by."""
    kept = (ValueType.UINT32, ValueType.FLOAT32, ValueType.STRING)
    values = {key: (one.type, file.value(key)) for key, one in file.settings.items() if one.type in kept}
    integers, numbers, texts = ({key: value for key, (of, value) in values.items() if of is kind} for kind in kept)
    return GgufHeader(integers, texts, {name: place.n_bytes for name, place in file.tensors.items()}, numbers)
