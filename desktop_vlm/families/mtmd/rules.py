"""What the families that libmtmd runs differ in: how large an image becomes, and what has to be put right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.families.mtmd.encode_hook import Correction
from desktop_vlm.families.mtmd.mmproj import VisionFile
from desktop_vlm.families.mtmd.pixels import Color
from desktop_vlm.families.mtmd.runner import CorrectRows


class VisionRules:
    """A family's rules for one file; inherit and change what is different.

    Attributes:
        family: its name.
        rows_see_each_other: whether all rows of an image must be computed at once, and so fit one batch.
        before_activations: names of the tensors that are added last before a GELU (see `exact_activation`); empty where
            the library prepares the image itself.
        file: the vision projector.
    """

    family = ""
    rows_see_each_other = False
    before_activations: tuple[str, ...] = ()

    def __init__(self, file: VisionFile) -> None:
        self.file = file

    @property
    def sizing(self) -> ImageSizing:
        """How large an image reaches the encoder, before context and memory limit it."""
        return ImageSizing("library")

    @property
    def merge(self) -> int:
        """Patches that become one token, in each direction."""
        return 1

    @property
    def n_layers(self) -> int:
        """Blocks of the encoder that are computed."""
        return self.file.n_layers

    @property
    def pad_color(self) -> Color:
        """Around images that are padded to a square."""
        return (0, 0, 0)

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """What repairs the encoder's graph."""
        return ()

    @property
    def row_correction(self) -> CorrectRows | None:
        """What repairs the encoder's output."""
        return None

    @contextmanager
    def loadable(self) -> Iterator[Path]:
        """The file to load: the person's own, or a better copy for the time of loading."""
        yield self.file.path
