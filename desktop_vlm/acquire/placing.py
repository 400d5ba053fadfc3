"""Whole files that the engine reads as they are: kept where they are, linked, or copied."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal, Self

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.gguf_file import replacing
from desktop_vlm.conversion.progress import Listener, Progress
from desktop_vlm.conversion.steady_output import SteadyOutput
from desktop_vlm.system.border.files import reason
from desktop_vlm.system.bounded.files import open_regular

Placing = Literal["keep", "link", "copy"]

_CHUNK_BYTES = 4 << 20


@dataclass(frozen=True)
class PlacedFile:
    """A file that gets a second place (`gguf_copy.CopyPlan` has the same attributes).

    Attributes:
        kind: `text` or `mmproj`.
        source: the original.
        path: the new place.
        is_link: it becomes another name of the same file, which takes no room.
    """

    kind: str
    source: Path
    path: Path
    is_link: bool

    @property
    def n_bytes(self) -> int:
        """Bytes that it takes."""
        return 0 if self.is_link else self.source.stat().st_size

    @property
    def is_finished(self) -> bool:
        """Whether the new place has this file already."""
        try:
            old, new = self.source.stat(), self.path.stat()
        except OSError:
            return False
        is_same = old.st_ino == new.st_ino and old.st_dev == new.st_dev
        return is_same or (not self.is_link and (old.st_size, old.st_mtime_ns) == (new.st_size, new.st_mtime_ns))

    def in_folder(self, folder: Path) -> Self:
        """The same file in another folder."""
        return replace(self, path=folder / self.path.name)

    def write(self, progress: Listener | None, done_bytes: int, total_bytes: int) -> str:
        """Put the file there and return its SHA-256, empty for a link. It has its name only when it is complete.

        Raises:
            UserError: it cannot be read, linked or written.
            Cancelled: `progress` raised it.
        """
        if self.is_link:
            self._link()
            return ""
        with replacing(self.path) as target, _reading(self.source) as file:
            output = SteadyOutput(target)
            while chunk := file.read(_CHUNK_BYTES):
                done_bytes += output.write(chunk)
                if progress is not None:
                    progress(Progress(done_bytes, total_bytes, self.path.name, self.path.name))
        os.utime(self.path, ns=(self.source.stat().st_atime_ns, self.source.stat().st_mtime_ns))
        return output.sha256

    def _link(self) -> None:
        partial = self.path.with_name(f"{self.path.name}.partial")
        try:
            partial.unlink(missing_ok=True)
            os.link(self.source, partial)
            partial.replace(self.path)
        except OSError as error:
            raise UserError(
                f"{self.path} cannot be made another name of {self.source} ({reason(error)}): copy it, or choose a "
                "folder on the same disk."
            ) from None


def _reading(path: Path) -> BinaryIO:
    return open_regular(path, buffering=0)
