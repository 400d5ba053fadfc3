"""A repository's weight files, read as if they were here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path

from desktop_vlm.conversion.streaming.pieces import Pieces, merge
from desktop_vlm.conversion.streaming.spool import Spool
from desktop_vlm.conversion.streaming.tasks import Span
from desktop_vlm.hub.listing import HubFile, Listing
from desktop_vlm.hub.progress import Asking
from desktop_vlm.hub.ranges import RemoteFiles
from desktop_vlm.hub.waiting import POLL_S

BEGINNING_BYTES = 128 << 10
"""As much of a file as most headers take."""

_AHEAD_CONNECTIONS = 8


class RemoteWeights:
    """A `FileAccess`: bytes come from the pieces that are on this disk, or else over the network."""

    def __init__(self, listing: Listing, asking: Asking) -> None:
        """`asking` hears of waits for the network, and may raise to stop them."""
        self.listing = listing
        self._asking = asking
        self._remote = RemoteFiles(listing, asking.check, asking.notice)
        self._known: dict[str, dict[int, bytes]] = defaultdict(dict)
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

    def fetch_ahead(self, spans: Sequence[Span]) -> None:
        """Have a few bytes at many places, several at once: each takes as long as the way to the server.

        Raises:
            UserError: the hub refuses or cannot be reached.
        """
        merged = merge(spans, BEGINNING_BYTES // 2)
        if not merged:
            return
        with RemoteFiles(self.listing) as remote, ThreadPoolExecutor(_AHEAD_CONNECTIONS) as pool:
            found = [pool.submit(remote.read, self.file(one.file), one.start, one.n_bytes) for one in merged]
            try:
                while not all(one.done() for one in found):
                    self._asking.check()
                    wait(found, POLL_S, FIRST_EXCEPTION)
                for span, one in zip(merged, found, strict=True):
                    self._known[span.file][span.start] = one.result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _read(self, file: HubFile, first: int, count: int) -> bytes:
        """Over the network; what is at the beginning of a file, its header, with one request."""
        known = self._known[file.path]
        if first + count <= BEGINNING_BYTES and 0 not in known:
            known[0] = self._remote.read(file, 0, BEGINNING_BYTES)
        for start, data in known.items():
            if start <= first and first + count <= start + len(data):
                return data[first - start : first - start + count]
        return self._remote.read(file, first, count)

    def stamp(self, path: Path) -> list[str | int]:
        """See `FileAccess`."""
        return self.listing.stamp(path.name)
