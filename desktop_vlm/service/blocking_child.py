"""A child process whose messages are waited for, for commands and threads that have nothing else to do."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from typing import IO, Generic

from desktop_vlm.api.errors import EngineError
from desktop_vlm.service import framing
from desktop_vlm.service.child import SILENT, child_environment, child_folder, why_it_ended
from desktop_vlm.service.framing import Framed, MessageT

_READ_BYTES = 1 << 18
_PIPE_BYTES = 1 << 20
"""Asked for on Linux, whose pipes else hold 64 KiB: an image's pixels would take hundreds of turns."""
_LOG_BYTES = 20_000
_WAIT_S = 0.2
"""Python notices Ctrl-C between two of these."""


class EndedError(Exception):
    """The process ended, or was ended; says why.

    Attributes:
        log: the end of what it wrote to stderr.
    """

    def __init__(self, reason: str, log: str) -> None:
        super().__init__(reason)
        self.log = log


class BlockingChild(Generic[MessageT]):
    """One process; its messages come through a thread, so that waiting for them can be interrupted."""

    def __init__(
        self,
        command: Sequence[str],
        reader: framing.FrameReader[MessageT],
        hello: Framed,
        called: str,
        silence_s: float,
    ) -> None:
        """Start it.

        Args:
            command: program and arguments.
            reader: of the frames that it sends.
            hello: the first message to it.
            called: what sentences call it: "the text reader".
            silence_s: how long it may be silent while it is waited for.

        Raises:
            EngineError: it cannot be started.
        """
        self._reader = reader
        self._silence_s = silence_s
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                cwd=child_folder(),
                env=os.environ | child_environment(),
                pipesize=_PIPE_BYTES,
            )
        except OSError as error:
            self._errors.close()
            raise EngineError(f"{called.capitalize()} cannot be started ({error.strerror}); try again.") from error
        self._received: queue.SimpleQueue[MessageT | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._receive, daemon=True)
        self._thread.start()
        self.send(hello)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended by itself."""
        return self._process.poll() is None

    def send(self, message: Framed) -> None:
        """Hand over a message; waits until the process takes it."""
        assert self._process.stdin
        with contextlib.suppress(OSError):  # it has just ended, and `messages` says why
            for piece in framing.encode(message):
                self._process.stdin.write(piece)
            self._process.stdin.flush()

    def messages(self) -> Iterator[MessageT]:
        """What it says, waiting for it.

        Raises:
            EndedError: it ended, or says nothing for too long.
        """
        heard_s = time.monotonic()
        while True:
            try:
                message = self._received.get(timeout=_WAIT_S)
            except queue.Empty:
                if time.monotonic() - heard_s > self._silence_s:
                    raise self._ended(SILENT) from None
                continue
            if message is None:
                raise self._ended("")
            heard_s = time.monotonic()
            yield message

    def close(self) -> None:
        """End it."""
        assert self._process.stdin
        with contextlib.suppress(OSError):
            self._process.stdin.close()  # by which it ends itself: this process may have given up its right to kill
        self._kill()
        self._process.wait()
        self._thread.join()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()

    def _receive(self) -> None:
        assert self._process.stdout
        try:
            while data := os.read(self._process.stdout.fileno(), _READ_BYTES):
                for message in self._reader.feed(data):
                    self._received.put(message)
        except (OSError, framing.ProtocolError):
            self._kill()
        self._received.put(None)

    def _kill(self) -> None:
        with contextlib.suppress(PermissionError):
            self._process.kill()

    def _ended(self, reason: str) -> EndedError:
        if reason:
            self._kill()
        code = self._process.wait()
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - _LOG_BYTES))
        log = self._errors.read().decode("utf-8", "replace")
        return EndedError(reason or why_it_ended(abs(code), crashed=code < 0, log=log.splitlines()), log)
