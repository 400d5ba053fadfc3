"""The text reader's process as commands use it: each question waits for its answer.

A crash costs the file that was being read: the next one is read by another process.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import queue
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import IO

from desktop_vlm import __version__
from desktop_vlm.api.errors import EngineError, UserError
from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.service import framing
from desktop_vlm.service import reader_frames as frames
from desktop_vlm.service.child import child_command, child_environment, child_folder, why_it_ended

_LOG = logging.getLogger(__name__)
_READ_BYTES = 1 << 16
_LOG_BYTES = 20_000
_WAIT_S = 0.2
"""Python notices Ctrl-C between two of these."""

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
        self._child: _Child | None = None

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
        self._child = self._child or _Child(self._command)
        self._child.send(frames.Prepare())

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
        self._child = self._child or _Child(self._command)
        try:
            yield from _answers(self._child, job)
        except _EndedError as error:
            self.close()
            _LOG.info("%s", error.log)
            reason = str(error)
            reason = reason.replace("it ", "the text reader ", 1) if reason.startswith("it ") else reason
            raise EngineError(f"The text of {name} cannot be read: {reason}.") from None
        except BaseException as error:
            if not isinstance(error, UserError):  # Ctrl-C, or whoever iterates left: it may still be at this file
                self.close()
            raise


def _answers(child: _Child, job: frames.Read) -> Iterator[Page | str]:
    child.send(job)
    for message in child.messages():
        if isinstance(message, frames.PageRead) and message.id == job.id:
            yield Page(message.page, message.n_pages, frames.decode_layer(*message.blobs))
        elif isinstance(message, frames.Done) and message.id == job.id:
            yield from message.left_out
            return
        elif isinstance(message, frames.Failed) and message.id in {0, job.id}:
            raise UserError(message.sentence) if message.blame in {"user", "missing"} else EngineError(message.sentence)


class _EndedError(Exception):
    """The process ended, or was ended; says why."""

    def __init__(self, reason: str, log: str) -> None:
        super().__init__(reason)
        self.log = log


class _Child:
    """One process; its messages come through a thread, so that waiting for them can be interrupted."""

    def __init__(self, command: Sequence[str]) -> None:
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                cwd=child_folder(),
                env=os.environ | child_environment(),
            )
        except OSError as error:
            self._errors.close()
            raise EngineError(f"The text reader cannot be started ({error.strerror}); try again.") from error
        self._received: queue.SimpleQueue[frames.Message | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._receive, daemon=True)
        self._thread.start()
        self.send(frames.Hello(__version__, frames.PROTOCOL))

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, message: frames.Message) -> None:
        assert self._process.stdin
        with contextlib.suppress(OSError):  # it has just ended, and `messages` says why
            for piece in framing.encode(message):
                self._process.stdin.write(piece)
            self._process.stdin.flush()

    def messages(self) -> Iterator[frames.Message]:
        """What it says, waiting for it.

        Raises:
            _EndedError: it ended, or says nothing for too long.
        """
        heard_s = time.monotonic()
        while True:
            try:
                message = self._received.get(timeout=_WAIT_S)
            except queue.Empty:
                if time.monotonic() - heard_s > SILENCE_S:
                    raise self._ended("it gave no sign of life") from None
                continue
            if message is None:
                raise self._ended("")
            heard_s = time.monotonic()
            yield message

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._thread.join()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()

    def _receive(self) -> None:
        assert self._process.stdout
        reader = frames.FrameReader()
        try:
            while data := os.read(self._process.stdout.fileno(), _READ_BYTES):
                for message in reader.feed(data):
                    self._received.put(message)
        except (OSError, framing.ProtocolError):
            self._process.kill()
        self._received.put(None)

    def _ended(self, reason: str) -> _EndedError:
        if reason:
            self._process.kill()
        code = self._process.wait()
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - _LOG_BYTES))
        log = self._errors.read().decode("utf-8", "replace")
        return _EndedError(reason or why_it_ended(abs(code), crashed=code < 0, log=log.splitlines()), log)
