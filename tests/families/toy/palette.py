"""The mmproj file: names and values of colours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from gguf import GGUFReader, GGUFWriter
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm.api.errors import UserError

COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}
MAX_IMAGES = 8
SIDE = 4


@dataclass(frozen=True)
class Palette:
    """Colours.

    Attributes:
        names: of the colours.
        values: float32 (n_colours, 3), from 0 to 255.
        side: of the square that images are scaled to, in pixels.
    """

    names: tuple[str, ...]
    values: NDArray[np.float32]
    side: int

    @property
    def n_bytes(self) -> int:
        return self.values.nbytes

    def nearest(self, image: Image.Image) -> str:
        """The name of the colour that an image has on the whole."""
        pixels = np.asarray(image.convert("RGB").resize((self.side, self.side)), dtype=np.float32)  # (side, side, 3)
        distances = np.square(self.values - pixels.mean(axis=(0, 1))).sum(axis=1)
        return self.names[int(distances.argmin())]


def write_palette(path: Path) -> Path:
    """Write `COLOURS` as an mmproj file."""
    writer = GGUFWriter(path, "clip")
    writer.add_string("clip.projector_type", "toy")
    writer.add_uint32("clip.vision.image_size", SIDE)
    writer.add_array("toy.colours", list(COLOURS))
    writer.add_tensor("palette", np.array(list(COLOURS.values()), dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def read_palette(path: Path) -> Palette:
    """Read it back.

    Raises:
        UserError: the file is damaged.
    """
    try:
        reader = GGUFReader(path)
        names = tuple(reader.fields["toy.colours"].contents())
        side = int(reader.fields["clip.vision.image_size"].contents())
        values = np.array(reader.tensors[0].data, dtype=np.float32)
    except (ValueError, KeyError, IndexError) as error:
        raise UserError(f"{path.name} is no palette; write it again.") from error
    return Palette(names, values.reshape(len(names), 3), side)
