"""A child process's two ends of its pipes, and what every child of this program prepares before it works.

End of input means that the parent is gone: the process ends at once, whatever it is doing.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Generic, NoReturn

from desktop_vlm.service import framing
from desktop_vlm.service.framing import Framed, MessageT
from desktop_vlm.system.sandbox import die_with_parent, forbid_core_files

EXIT_END_OF_INPUT = 0
EXIT_PROTOCOL = 4

_READ_BYTES = 1 << 20


class Pipes(Generic[MessageT]):
    """Frames in and out over two file descriptors; `send` may be called from any thread."""

    def __init__(self, input_fd: int, output_fd: int, reader: framing.FrameReader[MessageT]) -> None:
        self._input_fd = input_fd
        self._output_fd = output_fd
        self._reader = reader
        self._writing = threading.Lock()
        self._early: list[MessageT] = []  # what came with the first message

    def send(self, message: Framed) -> None:
        """Write a message; when nobody reads any more, the process ends."""
        with self._writing:
            try:
                for piece in framing.encode(message):
                    left = memoryview(piece)
                    while left:
                        left = left[os.write(self._output_fd, left) :]
            except OSError:
                os._exit(EXIT_END_OF_INPUT)

    def receive_first(self) -> MessageT:
        """Wait for one message, before there are threads; ends the process where there is none."""
        with _ending():
            while data := os.read(self._input_fd, _READ_BYTES):
                self._early.extend(self._reader.feed(data))
                if self._early:
                    return self._early.pop(0)
        os._exit(EXIT_END_OF_INPUT)

    def receive(self, handle: Callable[[MessageT], None]) -> None:
        """Hand over every message that comes; ends the process at the end of input, so it never returns."""
        with _ending():
            for message in self._early:
                handle(message)
            while data := os.read(self._input_fd, _READ_BYTES):
                for message in self._reader.feed(data):
                    handle(message)
        os._exit(EXIT_END_OF_INPUT)


@contextlib.contextmanager
def _ending() -> Iterator[None]:
    """End the process where its input is unreadable or gone."""
    try:
        yield
    except framing.ProtocolError as error:
        refuse_input(str(error))
    except OSError:
        os._exit(EXIT_END_OF_INPUT)


def refuse_input(reason: str) -> NoReturn:
    """End the process over what came in."""
    os.write(2, f"desktop_vlm.service: unreadable input: {reason}\n".encode())
    os._exit(EXIT_PROTOCOL)


def take_stdio() -> tuple[int, int]:
    """Keep stdin and stdout for frames alone: whatever reads or prints from here on meets nothing, or stderr.

    Returns:
        The file descriptors to read frames from and to write them to.
    """
    input_fd, output_fd = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt  # Windows only

        for fd in (input_fd, output_fd):
            msvcrt.setmode(fd, os.O_BINARY)
    return input_fd, output_fd


def prepare_process() -> None:
    """Let this process die quickly, privately and before any other, and with its parent, even while it is stopped."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the parent, which then ends us
    os.environ["GGML_NO_BACKTRACE"] = "1"  # a failed check would otherwise start a debugger, if there is one
    faulthandler.enable(all_threads=False)
    forbid_core_files()
    with contextlib.suppress(OSError):
        die_with_parent()
    with contextlib.suppress(OSError):  # out of memory, the system should end us and not the window
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
