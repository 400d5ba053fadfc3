"""A repository's weight files, read as if they were here."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

from desktop_vlm.api.errors import Cancelled
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


@contextmanager
def _stoppable(listing: Listing) -> Iterator[RemoteFiles]:
    """Files that several threads read; once the block is left, every read ends at once."""
    is_left = threading.Event()

    def check() -> None:
        if is_left.is_set():
            raise Cancelled

    with RemoteFiles(listing, check) as files:
        try:
            yield files
        finally:
            is_left.set()


class RemoteWeights:
    """A `FileAccess`: bytes come from the pieces that are on this disk, or else over the network."""

    def __init__(self, listing: Listing, asking: Asking) -> None:
        """`asking` hears of waits for the network, and may raise to stop them."""
        self.listing = listing
        self._asking = asking
        self._first_files = self._files = RemoteFiles(listing, asking.check, asking.notice)
        self._known: dict[str, dict[int, bytes]] = defaultdict(dict)
        self._spool: tuple[Pieces, Spool] | None = None

    @contextmanager
    def reading(self, pieces: Pieces, spool: Spool) -> Iterator[None]:
        """Have these pieces read first, by any thread; nothing is waited for once the block is left."""
        with _stoppable(self.listing) as self._files:
            self._spool = pieces, spool
            yield

    def close(self) -> None:
        """End the connections."""
        self._first_files.close()

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
        if self._spool is not None and path.name in self._spool[0].of_file:
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
        with ThreadPoolExecutor(_AHEAD_CONNECTIONS) as pool, _stoppable(self.listing) as files:
            found = [pool.submit(files.read, self.file(one.file), one.start, one.n_bytes) for one in merged]
            for span, one in zip(merged, found, strict=True):
                while not wait([one], POLL_S).done:
                    self._asking.check()
                self._known[span.file][span.start] = one.result()

    def _read(self, file: HubFile, first: int, count: int) -> bytes:
        """Over the network; what is at the beginning of a file, its header, with one request."""
        known = self._known[file.path]
        if first + count <= BEGINNING_BYTES and 0 not in known:
            known[0] = self._files.read(file, 0, BEGINNING_BYTES)
        for start, data in known.items():
            if start <= first and first + count <= start + len(data):
                return data[first - start : first - start + count]
        return self._files.read(file, first, count)

    def stamp(self, path: Path) -> list[str | int]:
        """See `FileAccess`."""
        return self.listing.stamp(path.name)
