"""The decoder's process as threads use it: each asks and waits.

A file that crashes it, or takes too long, costs a sentence about that file; the next one is decoded by another process.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import count

from PIL import Image

from desktop_vlm import __version__
from desktop_vlm.api.errors import UserError
from desktop_vlm.images.open import DEADLINE_S, MAX_PAGES, too_slow
from desktop_vlm.service import decoder_frames as frames
from desktop_vlm.service.blocking_child import BlockingChild, EndedError
from desktop_vlm.service.child import NO_MEMORY, SILENT, TOO_SLOW, child_command, one_sentence
from desktop_vlm.service.decoded import Assembly
from desktop_vlm.service.framing import ProtocolError
from desktop_vlm.service.watchdog import Patience

_LOG = logging.getLogger(__name__)

SILENCE_S = DEADLINE_S + 3
"""Decoding ends by itself at its deadline; a process that does not notice it is ended."""
IDLE_S = 60.0
"""A process with nothing to do for so long is ended, and its memory returned."""
_MOST_PAGES = 10_000_000
MOST_PROCESSES = 2
"""One image that takes long does not hold up the others."""


class DecoderClient:
    """Decodes files over processes that it starts when they are needed; `close` ends them. Safe to use from threads."""

    def __init__(self, command: Sequence[str] | None = None) -> None:
        """`command`: program and arguments of a process."""
        self._command = tuple(command or child_command("desktop_vlm.service.decoder"))
        self._ids = count(1)
        self._idle: list[tuple[BlockingChild[frames.Message], float]] = []
        self._lock = threading.Lock()
        self._places = threading.Semaphore(MOST_PROCESSES)
        self._timer: threading.Timer | None = None

    def images(
        self,
        data: bytes,
        name: str,
        *,
        what: str,
        pages: Sequence[int] | None = None,
        password: str = "",
        side: int = 0,
        check: Callable[[], None] | None = None,
    ) -> Iterator[tuple[int, Image.Image] | frames.Opened]:
        """The images of a file as they are decoded, each with its page's number, then what there is to say about it.

        Args:
            data: the file.
            name: what sentences call it.
            what: "image" or "pages"; see `decoder_frames.Open`.
            pages: numbers from 1; None for those that the kind of file suggests.
            password: of a PDF.
            side: 0 for all pixels, else the longer side of small versions, px.
            check: called for each piece that comes; what it raises ends the work, and the process.

        Raises:
            UserError: it cannot be decoded; the images before stay good.
        """
        asked = None if pages is None else tuple(pages)
        job = frames.Open(next(self._ids), name, what, asked, password, side, (data,))
        is_one = what == "image"
        assembly = Assembly(1 if is_one else MAX_PAGES if asked is None else len(asked), int(is_one))
        with closing(self._answers(job, name)) as answers:
            for message in answers:
                if check:
                    check()
                try:
                    yield from assembly.take(message)
                except ProtocolError as error:
                    _LOG.warning("the decoder sent %s", error)
                    raise _undecodable(name) from None

    def count(self, data: bytes, name: str, password: str = "") -> int:
        """How many pages a document has; 0 where the password is not the right one.

        Raises:
            UserError: it cannot be decoded.
        """
        for message in self._answers(frames.Count(next(self._ids), name, password, (data,)), name):
            if isinstance(message, frames.Counted) and 0 <= message.count <= _MOST_PAGES:
                return message.count
            raise _undecodable(name)
        raise AssertionError("unreachable: the last message is the answer")

    def close(self) -> None:
        """End the processes that have nothing to do."""
        with self._lock:
            idle, self._idle = self._idle, []
            if self._timer:
                self._timer.cancel()
                self._timer = None  # who comes back starts another one
        for child, _ in idle:
            child.close()

    def _answers(self, job: frames.Open | frames.Count, name: str) -> Generator[frames.Message]:
        """What comes for a job, up to its last message.

        Raises:
            UserError: it failed, or the process did.
        """
        last: frames.Message | None = None
        was_greeted = False
        with self._child() as child:
            child.send(job)
            try:
                for message in child.messages():
                    if isinstance(message, frames.Hello) and not was_greeted:
                        was_greeted = True
                        continue
                    if getattr(message, "id", None) != job.id:
                        raise EndedError("it sent what nobody asked for", "")
                    if isinstance(message, frames.Failed):
                        raise UserError(one_sentence(message.sentence))
                    if isinstance(message, frames.Opened | frames.Counted):
                        last = message
                        break
                    yield message
            except EndedError as error:
                _LOG.warning("the decoder stopped: %s\n%s", error, error.log)
                raise UserError(_sentence(name, str(error))) from None
        if last is not None:  # given when the process is free again: nobody has to read on to its end
            yield last

    @contextmanager
    def _child(self) -> Iterator[BlockingChild[frames.Message]]:
        """A process for one job; it is used again only where the job came to its end."""
        with self._places:
            child = self._take()
            is_good = False
            try:
                yield child
                is_good = True
            except UserError as error:
                is_good = not isinstance(error.__context__, EndedError)
                raise
            finally:
                if is_good:
                    self._give_back(child)
                else:
                    child.close()

    def _take(self) -> BlockingChild[frames.Message]:
        with self._lock:
            while self._idle:
                child, _ = self._idle.pop()
                if child.is_running:
                    return child
                child.close()
        hello = frames.Hello(__version__, frames.PROTOCOL)
        return BlockingChild(
            self._command, frames.FrameReader(frames.FromDecoder), hello, "the decoder of images", Patience(SILENCE_S)
        )

    def _give_back(self, child: BlockingChild[frames.Message]) -> None:
        with self._lock:
            self._idle.append((child, time.monotonic()))
            if self._timer is None:
                self._start_timer()

    def _start_timer(self) -> None:
        self._timer = threading.Timer(IDLE_S, self._end_idle)
        self._timer.daemon = True
        self._timer.start()

    def _end_idle(self) -> None:
        with self._lock:
            late_s = time.monotonic() - IDLE_S + 0.1
            ending = [child for child, since_s in self._idle if since_s <= late_s]
            self._idle = [(child, since_s) for child, since_s in self._idle if since_s > late_s]
            self._timer = None
            if self._idle:
                self._start_timer()
        for child in ending:
            with suppress(OSError):
                child.close()


def _sentence(name: str, reason: str) -> str:
    """About a file that ended the process."""
    if reason == TOO_SLOW:
        return too_slow(name)
    if reason.startswith(SILENT):
        return too_slow(name, SILENCE_S)
    if reason == NO_MEMORY:
        return f"{name} does not fit into memory; save a smaller copy and use that."
    return str(_undecodable(name))


def _undecodable(name: str) -> UserError:
    return UserError(f"{name} cannot be decoded; save or download the image again.")
