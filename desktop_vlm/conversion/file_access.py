"""How the bytes of weight files are reached: they are on this disk, or elsewhere and come as they are needed."""

from __future__ import annotations

from io import FileIO
from pathlib import Path
from typing import Protocol

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.border.files import reason
from desktop_vlm.system.bounded.files import check_ordinary, open_regular


class FileAccess(Protocol):
    """The weight files of a checkpoint; all that is read of one goes through here.

    Paths are those of the checkpoint's folder. Where the files are elsewhere, they name what does not exist.
    """

    def names(self, folder: Path) -> list[str]:
        """The names of the files in `folder`, sorted."""
        ...

    def size(self, path: Path) -> int:
        """The file's bytes.

        Raises:
            UserError: it is not there, or no ordinary file.
        """
        ...

    def read_into(self, path: Path, offset: int, buffer: memoryview) -> int:
        """Fill `buffer` with the file's bytes from `offset` on; returns how many there were.

        Raises:
            UserError: the file cannot be read.
        """
        ...

    def stamp(self, path: Path) -> list[str | int]:
        """What changes when the file's content does."""
        ...


class LocalFiles:
    """Files on this disk, read with plain reads.

    Mapping the files would be shorter, but mapped pages count as this process's memory, and the larger checkpoint is
    177 GB.
    """

    def names(self, folder: Path) -> list[str]:
        return sorted(path.name for path in folder.glob("*") if path.is_file())

    def size(self, path: Path) -> int:
        return check_ordinary(path).st_size

    def read_into(self, path: Path, offset: int, buffer: memoryview) -> int:
        done = 0
        try:
            with open_regular(path, buffering=0) as file:
                assert isinstance(file, FileIO)
                file.seek(offset)
                while done < len(buffer) and (got := file.readinto(buffer[done:])):
                    done += got
        except OSError as error:
            raise UserError(f"{path} cannot be read: {reason(error)}.") from error
        return done

    def stamp(self, path: Path) -> list[str | int]:
        found = path.stat()
        return [path.name, found.st_size, found.st_mtime_ns]


class SnapshotFiles(LocalFiles):
    """Files in the folder that all programs share for the hub: links to files that are called by their digests."""

    def stamp(self, path: Path) -> list[str | int]:
        if path.is_symlink():
            return [path.name, path.stat().st_size, path.resolve().name]
        return super().stamp(path)


LOCAL = LocalFiles()
SNAPSHOT = SnapshotFiles()
