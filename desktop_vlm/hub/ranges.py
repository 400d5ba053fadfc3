"""Reading files on the hub without keeping them: a few bytes somewhere, or all in order."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING

from desktop_vlm.hub import refusals
from desktop_vlm.hub.listing import HubFile, Listing
from desktop_vlm.hub.refusals import About
from desktop_vlm.hub.waiting import POLL_S, Check, Notice, Transient, Tries, never, pause, wait_notice

if TYPE_CHECKING:
    from desktop_vlm.hub.client import Client

_AHEAD = 16  # chunks that may wait to be taken

_Item = bytes | str | BaseException | None
"""Content, a notice, what ended it, or the end."""


class RemoteFiles:
    """The files of a repository, over one set of connections; to be closed, as by `with`.

    `check` is called several times a second while something is waited for, and may raise to stop it; `notice` gets
    sentences about waits and new starts. Both are called in the caller's thread.
    """

    def __init__(self, listing: Listing, check: Check = never, notice: Notice = never) -> None:
        if listing.access.forbidden_by:
            raise refusals.offline(About(listing.access, listing.repo_id))
        self._listing = listing
        self._check = check
        self._notice = notice
        # Loads an HTTP client, for which commands that work on files should not wait.
        from desktop_vlm.hub.client import Client

        self._client = Client(listing.access)
        self._etags: dict[str, str] = {}

    def __enter__(self) -> RemoteFiles:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def read(self, file: HubFile, first: int, count: int) -> bytes:
        """The `count` bytes of `file` from `first` on; fewer where it ends before.

        Raises:
            Refusal: the hub refuses, or the file cannot be had after several tries.
        """
        return b"".join(self.stream(file, first, min(first + count, file.size)))

    def stream(self, file: HubFile, first: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes of `file` from `first` to `end` (the file's end), in pieces and in order.

        A connection that breaks off is taken up where it was. Nobody has compared the bytes with the hub's digest:
        feed them to `HubFile.hasher`.

        Raises:
            Refusal: as `read`; also if the file changes on the hub meanwhile.
        """
        end = file.size if end is None else end
        if first >= end:
            return
        items: queue.Queue[_Item] = queue.Queue(_AHEAD)
        stop = threading.Event()
        source = _Source(self._client, self._listing, file, self._etags, items, stop)
        threading.Thread(target=source.run, args=(first, end), daemon=True, name="hub stream").start()
        try:
            while (item := self._next(items)) is not None:
                if isinstance(item, BaseException):
                    raise item
                if isinstance(item, str):
                    self._notice(item)
                else:
                    yield item
        finally:
            stop.set()

    def _next(self, items: queue.Queue[_Item]) -> _Item:
        while True:
            self._check()
            try:
                return items.get(timeout=POLL_S)
            except queue.Empty:
                continue


class _StoppedError(Exception):
    """Nobody takes the bytes any more."""


class _Source:
    """Fetches bytes of one file in a thread of its own, for a queue."""

    def __init__(
        self,
        client: Client,
        listing: Listing,
        file: HubFile,
        etags: dict[str, str],
        items: queue.Queue[_Item],
        stop: threading.Event,
    ) -> None:
        self._client = client
        self._about = About(listing.access, listing.repo_id, file.path)
        self._url = listing.url(file)
        self._file = file
        self._etags = etags
        self._items = items
        self._stop = stop

    def run(self, first: int, end: int) -> None:
        try:
            self._fetch(first, end)
            self._put(None)
        except _StoppedError:
            return
        except BaseException as error:  # noqa: BLE001 - raised where the bytes are taken
            if not self._stop.is_set():
                self._put(error)

    def _fetch(self, position: int, end: int) -> None:
        tries = Tries(self._client.access.patience)
        while position < end:
            try:
                for chunk in self._one_reply(position, end):
                    position += len(chunk)
                    tries.gained(len(chunk))
                    self._put(chunk)
            except Transient as failure:
                wait_s = tries.wait_s(failure)
                self._put(wait_notice(failure, wait_s))
                pause(wait_s, self._check_stop)

    def _one_reply(self, first: int, end: int) -> Iterator[bytes]:
        with self._client.get(self._url, self._about, self._file.size, first, end) as reply:
            if reply.etag and self._etags.setdefault(self._file.path, reply.etag) != reply.etag:
                raise refusals.keeps_changing(self._about)
            position = reply.first
            if position < first:
                self._put(f"The server sends {self._file.path} from its start only: reading up to where it stopped.")
            for chunk in reply.chunks():
                kept = chunk[max(0, first - position) : max(0, end - position)]
                position += len(chunk)
                if kept:
                    yield kept
                if position >= end:
                    return

    def _put(self, item: _Item) -> None:
        while True:
            self._check_stop()
            try:
                return self._items.put(item, timeout=POLL_S)
            except queue.Full:
                continue

    def _check_stop(self) -> None:
        if self._stop.is_set():
            raise _StoppedError
