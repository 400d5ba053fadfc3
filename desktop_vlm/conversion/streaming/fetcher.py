"""The threads that fetch pieces, several at once and not too far ahead, and the one that hashes files in order."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from enum import Enum, auto
from types import TracebackType

from desktop_vlm.conversion.streaming.hashing import FileHash
from desktop_vlm.conversion.streaming.pieces import Piece, Pieces
from desktop_vlm.conversion.streaming.spool import Spool
from desktop_vlm.conversion.streaming.tasks import Span
from desktop_vlm.hub import refusals
from desktop_vlm.hub.listing import Listing
from desktop_vlm.hub.progress import Meter
from desktop_vlm.hub.refusals import About
from desktop_vlm.hub.waiting import POLL_S, Transient, Tries, pause, wait_notice

_BLOCK_BYTES = 1 << 20


class NoRangesError(Exception):
    """The server sends whole files only."""


class DamagedError(Exception):
    """A file arrived with another content than the hub lists.

    Attributes:
        file: its name.
    """

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file


class _StoppedError(Exception):
    """The threads are to end."""


class _State(Enum):
    DROPPED = auto()  # or not needed in this run
    MISSING = auto()
    COMING = auto()
    THERE = auto()


class Fetcher:
    """Brings pieces to the spool in their order. Use it as a context manager: on leaving, its threads do no more."""

    def __init__(
        self,
        listing: Listing,
        pieces: Pieces,
        spool: Spool,
        hashes: Mapping[str, FileHash],
        meter: Meter,
        window_bytes: int,
    ) -> None:
        """`hashes`: of the files that are not verified yet; `window_bytes`: how much of plain pieces may be there."""
        self._listing = listing
        self._files = {file: listing_file for file in pieces.of_file if (listing_file := listing.file(file))}
        self._pieces = pieces
        self._spool = spool
        self._hashes = hashes
        self._meter = meter
        self._window_bytes = window_bytes
        # Loads an HTTP client, for which commands that work on files should not wait.
        from desktop_vlm.hub.client import Client

        self._client = Client(listing.access)
        self._turn = threading.Condition()
        self._states = dict.fromkeys(range(len(pieces.all)), _State.DROPPED)
        self._have: dict[int, int] = {}
        self._waiting: deque[Piece] = deque()
        self._points = {file: (one.n_bytes, one.state) for file, one in hashes.items()}
        self._etags: dict[str, str] = {}
        self._knows_ranges = any(n_bytes for n_bytes, _ in self._points.values())
        self._asked_number = -1
        self._not_before_s = 0.0
        self._error: BaseException | None = None
        self._is_stopped = False

    def start(self, needed: Iterable[Piece], have: Mapping[int, int], connections: int) -> None:
        """Begin to fetch the pieces `needed`, of which the spool holds `have` bytes, by number."""
        for piece in sorted(needed, key=lambda piece: (not piece.is_part, piece.number)):
            self._have[piece.number] = have.get(piece.number, 0)
            is_there = self._have[piece.number] == piece.n_bytes
            self._states[piece.number] = _State.THERE if is_there else _State.MISSING
            if not is_there:
                self._waiting.append(piece)
        for work in (self._hash, *[self._fetch_all] * connections):
            threading.Thread(target=self._run, args=(work,), daemon=True, name="fetch pieces").start()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Threads that wait for a server are left to themselves."""
        with self._turn:
            self._is_stopped = True
            self._turn.notify_all()
        self._spool.close()
        self._client.close()

    # For whoever uses the pieces

    @property
    def missing_bytes(self) -> int:
        """What is still to arrive."""
        with self._turn:
            return sum(
                self._pieces.all[number].n_bytes - have
                for number, have in self._have.items()
                if self._states[number] in {_State.MISSING, _State.COMING}
            )

    @property
    def is_held_up(self) -> bool:
        """Whether pieces have to be dropped before more are fetched."""
        with self._turn:
            return bool(self._waiting) and not self._has_room(self._waiting[0])

    @property
    def is_finished(self) -> bool:
        """Whether everything arrived, and is what the hub lists."""
        with self._turn:
            return not self._waiting and all(n == self._files[file].size for file, (n, _) in self._points.items())

    def hash_points(self) -> dict[str, tuple[int, bytes]]:
        """How far each file is hashed, and the state of its hash there."""
        with self._turn:
            return dict(self._points)

    def are_there(self, spans: Iterable[Span]) -> bool:
        """Whether `spans` can be read; if not, they are fetched even if there is no room for more."""
        pieces = self._pieces.under(spans)
        with self._turn:
            missing = [piece.number for piece in pieces if not self._can_be_used(piece)]
            if missing and max(missing) > self._asked_number:
                self._asked_number = max(missing)
                self._turn.notify_all()
        return not missing

    def wait(self) -> None:
        """Wait until something arrives, a moment at most.

        Raises:
            UserError: something cannot be had, or the disk is full.
            DamagedError: a file is not what the hub lists.
            NoRangesError: pieces of files cannot be had here.
        """
        with self._turn:
            if self._error is None:
                self._turn.wait(POLL_S)
            if self._error is not None:
                raise self._error

    def drop(self, pieces: Iterable[Piece]) -> None:
        """Remove pieces that nobody needs any more."""
        for piece in pieces:
            self._spool.drop(piece)
            with self._turn:
                self._states[piece.number] = _State.DROPPED
                self._turn.notify_all()

    def held(self) -> list[Piece]:
        """The pieces that are there."""
        with self._turn:
            return [self._pieces.all[number] for number, state in self._states.items() if state is _State.THERE]

    def _can_be_used(self, piece: Piece) -> bool:
        """A plain piece is used when it is hashed, so that no run hashes other bytes than it used."""
        is_hashed = piece.span.end <= self._points.get(piece.span.file, (piece.span.end, b""))[0]
        return self._states[piece.number] is _State.THERE and (is_hashed or piece.is_part)

    # The threads

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except _StoppedError:
            return
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            with self._turn:
                self._error = self._error or error
                self._turn.notify_all()

    def _fetch_all(self) -> None:
        while (piece := self._take()) is not None:
            self._fetch(piece)
            with self._turn:
                self._states[piece.number] = _State.THERE
                self._turn.notify_all()

    def _take(self) -> Piece | None:
        """The next piece to fetch, as soon as there is room for it; `None` at the end."""
        with self._turn:
            while self._waiting:
                self._check()
                if self._has_room(self._waiting[0]):
                    piece = self._waiting.popleft()
                    self._states[piece.number] = _State.COMING
                    return piece
                self._turn.wait()
        return None

    def _has_room(self, piece: Piece) -> bool:
        """The first of all pieces may always come, and those that somebody waits for, or nothing would go on."""
        held = [
            self._pieces.all[number]
            for number in self._have
            if self._states[number] in {_State.COMING, _State.THERE} and not self._pieces.all[number].is_part
        ]
        is_first = all(piece.number < one.number for one in held)
        if piece.is_part or is_first or piece.number <= self._asked_number:
            return True
        return sum(one.n_bytes for one in held) + piece.n_bytes <= self._window_bytes

    def _fetch(self, piece: Piece) -> None:
        """Bring a piece, however often the connection breaks off."""
        tries = Tries(self._client.access.patience)
        while self._have[piece.number] < piece.n_bytes:
            pause(self._not_before_s - time.monotonic(), self._check)
            try:
                self._fetch_once(piece, tries)
            except Transient as failure:
                wait_s = tries.wait_s(failure)
                self._meter.say(wait_notice(failure, wait_s))
                if failure.wait_s is not None:  # asked of all of us
                    self._not_before_s = time.monotonic() + wait_s
                pause(wait_s, self._check)

    def _fetch_once(self, piece: Piece, tries: Tries) -> None:
        file = self._files[piece.span.file]
        about = About(self._listing.access, self._listing.repo_id, file.path)
        first = piece.span.start + self._have[piece.number]
        with self._client.get(self._listing.url(file), about, file.size, first, piece.span.end) as reply:
            if reply.first != first or reply.end > piece.span.end:
                raise self._without_ranges(about)
            self._knows_ranges = True
            if reply.etag and self._etags.setdefault(file.path, reply.etag) != reply.etag:
                raise refusals.keeps_changing(about)
            for chunk in reply.chunks():
                if not self._spool.append(piece, chunk):
                    raise _StoppedError
                self._have[piece.number] += len(chunk)
                tries.gained(len(chunk))
                self._meter.arrived(file.path, len(chunk))

    def _without_ranges(self, about: About) -> Exception:
        """What to do about a server that sent another part than was asked for: perhaps it does so this once only."""
        if not self._knows_ranges:
            return NoRangesError()
        reason = "the server cannot go on where it stopped"
        return Transient(refusals.gave_up(about, reason), reason, weight=2)

    def _hash(self) -> None:
        """Hash every file as far as its pieces are there without a gap."""
        buffer = bytearray(_BLOCK_BYTES)
        while (piece := self._next_to_hash()) is not None:
            file_hash = self._hashes[piece.span.file]
            while file_hash.n_bytes < piece.span.end:
                self._check()
                offset = file_hash.n_bytes - piece.span.start
                view = memoryview(buffer)[: piece.n_bytes - offset]
                if not (count := self._spool.read_into(piece, offset, view)):
                    raise OSError(f"{piece} was removed by somebody else")
                file_hash.update(view[:count])
            if file_hash.is_complete and not file_hash.matches:
                raise DamagedError(piece.span.file)
            with self._turn:
                self._points[piece.span.file] = (file_hash.n_bytes, file_hash.state)
                self._turn.notify_all()

    def _next_to_hash(self) -> Piece | None:
        """The next piece of a file that is there up to it; `None` when all files are hashed."""
        with self._turn:
            while True:
                self._check()
                open_files = [file for file, (n_bytes, _) in self._points.items() if n_bytes < self._files[file].size]
                if not open_files:
                    return None
                for file in open_files:
                    (piece,) = self._pieces.under([Span(file, self._points[file][0], self._points[file][0] + 1)])
                    if self._states[piece.number] is _State.THERE:
                        return piece
                self._turn.wait()

    def _check(self) -> None:
        if self._is_stopped:
            raise _StoppedError
