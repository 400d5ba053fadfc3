"""The text reader's process as commands use it: each question waits for its answer.

A crash costs the file that was being read: the next one is read by another process.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType

from desktop_vlm import __version__
from desktop_vlm.api.errors import EngineError, UserError
from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.open import too_slow
from desktop_vlm.service import reader_frames as frames
from desktop_vlm.service.blocking_child import BlockingChild, EndedError
from desktop_vlm.service.child import TOO_SLOW, child_command, one_sentence
from desktop_vlm.service.framing import ProtocolError
from desktop_vlm.service.watchdog import Patience

_LOG = logging.getLogger(__name__)
_NOT_ASKED_FOR = "it sent what nobody asked for"
_MOST_PAGES = 100_000
SILENCE_S = 30.0
"""The process sends a sign of life each second; without one for so long, it is ended."""


@dataclass(frozen=True)
class Page:
    """One page that was read, or an image.

    Attributes:
        number: from 1.
        n_pages: of the file.
    """

    number: int
    n_pages: int
    layer: TextLayer


class ReaderClient:
    """Reads files over a process that it starts when the first one comes; `with` ends it."""

    def __init__(self, command: Sequence[str] | None = None) -> None:
        """`command`: program and arguments of the process."""
        self._command = tuple(command or child_command("desktop_vlm.service.reader"))
        self._ids = itertools.count(1)
        self._child: BlockingChild[frames.Message] | None = None

    def __enter__(self) -> ReaderClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """Of the process; 0 while there is none."""
        return self._child.pid if self._child else 0

    def prepare(self) -> None:
        """Start the process and have it load what reading images takes, without waiting for it."""
        self.start().send(frames.Prepare())

    def start(self) -> BlockingChild[frames.Message]:
        """Start the process, if it is not there; for callers that soon give up the right to start one."""
        if self._child is None:
            hello = frames.Hello(__version__, frames.PROTOCOL)
            self._child = BlockingChild(
                self._command, frames.FrameReader(frames.FromReader), hello, "the text reader", Patience(SILENCE_S)
            )
        return self._child

    def close(self) -> None:
        """End the process."""
        if self._child is not None:
            self._child.close()
            self._child = None

    def read(
        self, data: bytes, name: str, *, pages: Sequence[int] = (), region: Sequence[int] = ()
    ) -> Iterator[Page | str]:
        """The pages of a file as they are read, then a sentence for each thing that was left out.

        Args:
            data: the file.
            name: what sentences call it.
            pages: numbers from 1; without them, all.
            region: left, top, right, bottom, px: the part of each page to read.

        Raises:
            UserError: the file, its pages or the region are wrong, or the extra `desktop-vlm[text]` is missing.
            EngineError: the process crashed or hangs; the next file gets another one.
        """
        job = frames.Read(next(self._ids), name, (data,), tuple(pages), tuple(region))
        child = self.start()
        try:
            yield from _answers(child, job)
        except EndedError as error:
            self.close()
            _LOG.info("%s", error.log)
            reason = str(error)
            if reason == TOO_SLOW:
                raise UserError(too_slow(name)) from None
            reason = reason.replace("it ", "the text reader ", 1) if reason.startswith("it ") else reason
            raise EngineError(f"The text of {name} cannot be read: {reason}.") from None
        except BaseException as error:
            if not isinstance(error, UserError):  # Ctrl-C, or whoever iterates left: it may still be at this file
                self.close()
            raise


def _answers(child: BlockingChild[frames.Message], job: frames.Read) -> Iterator[Page | str]:
    child.send(job)
    pages = _Pages(job)
    for message in child.messages():
        if isinstance(message, frames.PageRead) and message.id == job.id:
            yield pages.take(message)
        elif isinstance(message, frames.Done) and message.id == job.id:
            yield from map(one_sentence, message.left_out)
            return
        elif isinstance(message, frames.Failed) and message.id in {0, job.id}:
            sentence = one_sentence(message.sentence)
            raise UserError(sentence) if message.blame in {"user", "missing"} else EngineError(sentence)
        elif not isinstance(message, frames.Pulse | frames.Hello):
            raise EndedError(_NOT_ASKED_FOR, "")


class _Pages:
    """Takes the pages of one file, of which the process may send no others than were asked for."""

    def __init__(self, job: frames.Read) -> None:
        self._left = len(job.pages) or _MOST_PAGES

    def take(self, message: frames.PageRead) -> Page:
        """A page as whoever asked knows it.

        Raises:
            EndedError: it is not one.
        """
        self._left -= 1
        if self._left < 0 or not 1 <= message.page <= message.n_pages or len(message.blobs) != 1:
            raise EndedError(_NOT_ASKED_FOR, "")
        try:
            return Page(message.page, message.n_pages, frames.decode_layer(message.blobs[0]))
        except ProtocolError:
            raise EndedError(_NOT_ASKED_FOR, "") from None
