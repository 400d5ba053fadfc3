"""A repository's weight files, read as if they were here."""

from __future__ import annotations

from pathlib import Path

from desktop_vlm.conversion.streaming.pieces import Pieces
from desktop_vlm.conversion.streaming.spool import Spool
from desktop_vlm.conversion.streaming.tasks import Span
from desktop_vlm.hub.listing import HubFile, Listing
from desktop_vlm.hub.progress import Asking
from desktop_vlm.hub.ranges import RemoteFiles

BEGINNING_BYTES = 128 << 10
"""As much of a file as most headers take."""


class RemoteWeights:
    """A `FileAccess`: bytes come from the pieces that are on this disk, or else over the network."""

    def __init__(self, listing: Listing, asking: Asking) -> None:
        """`asking` hears of waits for the network, and may raise to stop them."""
        self.listing = listing
        self._remote = RemoteFiles(listing, asking.check, asking.notice)
        self._beginnings: dict[str, bytes] = {}
        self._spool: tuple[Pieces, Spool] | None = None

    def use(self, pieces: Pieces, spool: Spool) -> None:
        """Read from these pieces first."""
        self._spool = pieces, spool

    def close(self) -> None:
        """End the connections."""
        self._remote.close()

    def file(self, name: str) -> HubFile:
        """The file as the hub lists it."""
        found = self.listing.file(name)
        assert found is not None, name
        return found

    def names(self, folder: Path) -> list[str]:
        """See `FileAccess`."""
        del folder
        return [file.path for file in self.listing.files if "/" not in file.path]

    def size(self, path: Path) -> int:
        """See `FileAccess`."""
        return self.file(path.name).size

    def read_into(self, path: Path, offset: int, buffer: memoryview) -> int:
        """See `FileAccess`."""
        done = 0
        if self._spool is not None:
            pieces, spool = self._spool
            for piece in pieces.under([Span(path.name, offset, offset + len(buffer))]):
                view = buffer[done : piece.span.end - offset]
                got = spool.read_into(piece, offset + done - piece.span.start, view)
                done += got
                if got < len(view):
                    break
        if done < len(buffer):
            rest = self._read(self.file(path.name), offset + done, len(buffer) - done)
            buffer[done : done + len(rest)] = rest
            done += len(rest)
        return done

    def _read(self, file: HubFile, first: int, count: int) -> bytes:
        """Over the network; what is at the beginning of a file, its header, with one request."""
        if first + count > BEGINNING_BYTES:
            return self._remote.read(file, first, count)
        if file.path not in self._beginnings:
            self._beginnings[file.path] = self._remote.read(file, 0, BEGINNING_BYTES)
        return self._beginnings[file.path][first : first + count]

    def stamp(self, path: Path) -> list[str | int]:
        """See `FileAccess`."""
        return self.listing.stamp(path.name)
