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
from desktop_vlm.service.child import child_environment, child_folder, why_it_ended
from desktop_vlm.service.framing import Framed, MessageT
from desktop_vlm.service.starter import start_process
from desktop_vlm.service.watchdog import Patience, Watchdog
from desktop_vlm.system.effort import effort_of

_READ_BYTES = 1 << 18
_PIPE_BYTES = 1 << 20
"""Asked for on Linux, whose pipes else hold 64 KiB: an image's pixels would take hundreds of turns."""
_LOG_BYTES = 20_000
_WAIT_S = 0.2
"""Python notices Ctrl-C between two of these."""
_TICK_S = 1.0
"""No more than this passes between two looks, or this process, or the machine, was stopped meanwhile."""
_MOST_WAITING = 16
"""Messages that came and were not taken; then the process has to wait."""
_END_S = 1.0


class EndedError(Exception):
    """The process ended, or was ended; says why.

    Attributes:
        log: the end of what it wrote to stderr.
    """

    def __init__(self, reason: str, log: str) -> None:
        super().__init__(reason)
        self.log = log


class BlockingChild(Generic[MessageT]):
    """One process. Its messages come through a thread, and go through another, so that waiting can be interrupted."""

    def __init__(
        self,
        command: Sequence[str],
        reader: framing.FrameReader[MessageT],
        hello: Framed,
        called: str,
        patience: Patience,
    ) -> None:
        """Start it.

        Args:
            command: program and arguments.
            reader: of the frames that it sends.
            hello: the first message to it.
            called: what sentences call it: "the text reader".
            patience: how long it may go without getting on while it is waited for.

        Raises:
            EngineError: it cannot be started.
        """
        self._reader = reader
        self._watchdog = Watchdog(patience)
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        try:
            self._process = start_process(
                command,
                bufsize=0,
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
        self._received: queue.Queue[MessageT | None] = queue.Queue(_MOST_WAITING)
        self._sending: queue.SimpleQueue[list[bytes] | None] = queue.SimpleQueue()
        self._is_closed = threading.Event()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._receive, self._write)]
        for thread in self._threads:
            thread.start()
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
        """Hand over a message; it is written in the background.

        Raises:
            ProtocolError: it is too large.
        """
        self._sending.put(framing.encode(message))

    def messages(self) -> Iterator[MessageT]:
        """What it says, waiting for it.

        Raises:
            EndedError: it ended, or does not get on.
        """
        self._watchdog.begin()
        while True:
            message = self._next()
            if message is None:
                raise self._ended("")
            yield message

    def kill(self) -> None:
        """End the process; a thread that waits for its messages hears of it, and closes this."""
        with contextlib.suppress(PermissionError):
            self._process.kill()

    def close(self) -> None:
        """End it. Not while another thread waits for its messages."""
        self._is_closed.set()
        self._sending.put(None)
        self.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            # This process may have given up its right to kill; then that one ends with its input, or with this one.
            self._process.wait(_END_S)
        for thread in self._threads:
            thread.join(_END_S)
        is_over = not any(thread.is_alive() for thread in self._threads)
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream and is_over:
                with contextlib.suppress(OSError):
                    stream.close()

    def _next(self) -> MessageT | None:
        """The next message, None at the end.

        Raises:
            EndedError: it does not get on.
        """
        looked_s = time.monotonic()
        while True:
            message: MessageT | None = None
            with contextlib.suppress(queue.Empty):
                message = self._received.get(timeout=_WAIT_S)
                if message is None:
                    return None
                self._watchdog.hear(message)
            now_s = time.monotonic()
            seconds, looked_s = min(_TICK_S, now_s - looked_s), now_s
            if self._watchdog.is_silent:
                self._watchdog.look(effort_of(self.pid), seconds)
            if reason := self._watchdog.tick(seconds):
                raise self._ended(reason)
            if message is not None:
                return message

    # What its threads do

    def _receive(self) -> None:
        assert self._process.stdout
        try:
            while data := os.read(self._process.stdout.fileno(), _READ_BYTES):
                for message in self._reader.feed(data):
                    self._hand_over(message)
        except (OSError, framing.ProtocolError):
            self.kill()
        self._hand_over(None)

    def _hand_over(self, message: MessageT | None) -> None:
        while not self._is_closed.is_set():
            with contextlib.suppress(queue.Full):
                self._received.put(message, timeout=_WAIT_S)
                return

    def _write(self) -> None:
        assert self._process.stdin
        with contextlib.suppress(OSError, ValueError):  # it has just ended, and `messages` says why
            while pieces := self._sending.get():
                for piece in pieces:
                    left = memoryview(piece)
                    while left:
                        left = left[self._process.stdin.write(left) :]
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def _ended(self, reason: str) -> EndedError:
        if reason:
            self.kill()
        try:
            code = self._process.wait(_END_S)
        except subprocess.TimeoutExpired:  # it closed its output, and goes on
            self.kill()
            code = self._process.wait()
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - _LOG_BYTES))
        log = self._errors.read().decode("utf-8", "replace")
        return EndedError(reason or why_it_ended(abs(code), crashed=code < 0, log=log.splitlines()), log)
