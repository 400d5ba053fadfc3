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
from collections.abc import Callable
from pathlib import Path
from typing import Generic

from desktop_vlm.service import framing
from desktop_vlm.service.framing import Framed, MessageT

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

    def receive(self, handle: Callable[[MessageT], None]) -> None:
        """Hand over every message that comes; ends the process at the end of input, so it never returns."""
        try:
            while data := os.read(self._input_fd, _READ_BYTES):
                for message in self._reader.feed(data):
                    handle(message)
        except framing.ProtocolError as error:
            os.write(2, f"desktop_vlm.service: unreadable input: {error}\n".encode())
            os._exit(EXIT_PROTOCOL)
        except OSError:
            pass
        os._exit(EXIT_END_OF_INPUT)


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
    """Let this process die quickly, privately and before any other."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the parent, which then ends us
    os.environ["GGML_NO_BACKTRACE"] = "1"  # a failed check would otherwise start a debugger, if there is one
    faulthandler.enable(all_threads=False)
    if sys.platform != "win32":
        import resource  # not on Windows

        # A core file would hold images and prompts. Linux takes 1 as "never", also where dumps go to a program.
        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        least = 0 if hard == 0 else 1
        resource.setrlimit(resource.RLIMIT_CORE, (least, least))
    with contextlib.suppress(OSError):  # out of memory, the system should end us and not the window
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
