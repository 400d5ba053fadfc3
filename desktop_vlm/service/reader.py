"""The text reader's process: `python -m desktop_vlm.service.reader`, spoken to over its pipes in `reader_frames`.

Files that nobody vouches for are decoded here, and OCR and PDF libraries run here and nowhere else. Three threads: the
main one reads one file after the other; one receives messages, so that a cancel, and the end of input, are noticed
meanwhile; one says each second how far the work is, while it gets on. A file that does not notice its cancel ends
the process, as does the end of input, which means that the parent is gone. It greets before anything large is loaded.
Nothing of a file goes to stderr.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import sys
import threading
import time
import traceback
from typing import NoReturn

from desktop_vlm import __version__
from desktop_vlm.api.errors import Cancelled, EngineError, UserError
from desktop_vlm.service import reader_frames as frames
from desktop_vlm.service import reading
from desktop_vlm.service.framing import ProtocolError
from desktop_vlm.service.pipes import Pipes, prepare_process, take_stdio
from desktop_vlm.service.pulse import pulse
from desktop_vlm.system import priority_windows, steps
from desktop_vlm.system.sandbox import Needs, confine, limit_memory
from desktop_vlm.system.text_extra import missing_packages

EXIT_CANCELLED = 5

PULSE_S = 1.0
CANCEL_S = 0.8
"""A file that is still being read so long after its cancel is ended with its process."""

STUCK_S = 90.0
"""Work is done in parts of a fraction of a second, which take longer beside an engine that computes. One that takes so
long never ends: there is no sign of life any more, and the parent ends the process."""

MAX_MEMORY_BYTES = 6 * 2**30
"""Of the address space: a screen takes 1.7, and an image of the most pixels that are allowed 4."""

BACKGROUND_NICENESS = 10
"""Beside an engine that computes on all cores, a tenth of each is left for reading."""

_BUG = "Something went wrong while text was read: this is a bug in Desktop VLM; see the log."

_Job = frames.Hello | frames.Prepare | frames.Read


class Reader:
    """Reads files, one after the other."""

    def __init__(self, pipes: Pipes[frames.Message]) -> None:
        self._pipes = pipes
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._working = threading.Event()
        self._current_id = 0
        self._cancelled_id = 0
        self._got_on_s = 0.0  # when the last part of the work began

    def run(self) -> NoReturn:
        """Greet and read until the input ends."""
        threading.Thread(target=self._pipes.receive, args=(self._receive,), daemon=True).start()
        threading.Thread(target=self._pulse, daemon=True).start()
        self._pipes.send(frames.Hello(__version__, frames.PROTOCOL, missing=missing_packages()))
        while True:
            self._do(self._jobs.get())

    # What the other threads do

    def _receive(self, message: frames.Message) -> None:
        if isinstance(message, frames.Hello | frames.Prepare | frames.Read):
            self._jobs.put(message)
        elif isinstance(message, frames.Cancel):
            self._cancelled_id = message.id  # noted first: the file may be about to begin
            threading.Thread(target=self._end_if_stuck, args=(message.id,), daemon=True).start()
        else:
            raise ProtocolError(f"a {message.kind} message to the text reader")

    def _end_if_stuck(self, job_id: int) -> None:
        time.sleep(CANCEL_S)
        if self._current_id == job_id:
            os._exit(EXIT_CANCELLED)  # without a word: to one, the parent would answer with the next file

    def _pulse(self) -> None:
        while self._working.wait():
            if time.monotonic() - self._got_on_s < STUCK_S:
                self._pipes.send(pulse())
            time.sleep(PULSE_S)

    # Jobs

    def _do(self, job: _Job) -> None:
        if isinstance(job, frames.Hello):
            self._meet(job)
            return
        self._current_id = job_id = job.id if isinstance(job, frames.Read) else 0
        self._got_on_s = time.monotonic()
        self._working.set()
        answer = self._answer(job)
        self._working.clear()
        self._current_id = 0
        if job_id:
            self._pipes.send(answer)

    def _meet(self, hello: frames.Hello) -> None:
        if (hello.version, hello.protocol) != (__version__, frames.PROTOCOL):
            sentence = f"The program is desktop-vlm {hello.version} and its text reader {__version__}; start it again."
            self._pipes.send(frames.Failed(0, sentence, "engine"))
            os._exit(0)
        if hello.is_background:
            _give_way()

    def _answer(self, job: frames.Prepare | frames.Read) -> frames.Done | frames.Cancelled | frames.Failed:
        """Do it; all but its last message are sent on the way."""
        try:
            return self._read(job) if isinstance(job, frames.Read) else _prepare()
        except Cancelled:
            return frames.Cancelled(self._current_id)
        except Exception as error:  # noqa: BLE001 - what nobody expected is reported as a bug
            return frames.Failed(self._current_id, *_sentence_and_blame(error))

    def _read(self, job: frames.Read) -> frames.Done:
        if len(job.blobs) != 1 or len(job.region) not in {0, 4}:
            raise UserError("This is not a file to read.")

        def should_stop() -> bool:
            self._got_on_s = time.monotonic()
            steps.count()
            return self._cancelled_id == job.id

        if should_stop():  # it was cancelled while it waited
            raise Cancelled("stopped")
        for message in reading.read_file(job, should_stop):
            if isinstance(message, frames.Done):
                return message
            self._pipes.send(message)
        return frames.Done(job.id)


def _give_way() -> None:
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(BACKGROUND_NICENESS)  # of this thread, and of all that it starts from now on
    else:
        priority_windows.give_way()


def _prepare() -> frames.Done:
    reading.check_extra()
    reading.prepare()
    return frames.Done(0)


def _sentence_and_blame(error: Exception) -> tuple[str, str]:
    if isinstance(error, UserError):
        return str(error), "missing" if isinstance(error, reading.MissingExtra) else "user"
    if isinstance(error, EngineError):
        return str(error), "engine"
    if isinstance(error, MemoryError):
        return "There is not enough memory to read text; close other programs and try again.", "engine"
    _log_bug(error)
    return _BUG, "bug"


def _log_bug(error: Exception) -> None:
    """Where it happened, without the error's own words, in which a file's content may stand."""
    stack = "".join(traceback.format_tb(error.__traceback__))
    os.write(2, f"{stack}{type(error).__name__}\n".encode("utf-8", "replace"))


def main() -> NoReturn:
    """Read what comes on this process's stdin."""
    pipes = Pipes(*take_stdio(), frames.FrameReader(frames.ToReader))
    prepare_process()
    limit_memory(MAX_MEMORY_BYTES)
    confine(Needs())  # files come over the pipe, so it needs none
    logging.basicConfig(level=logging.ERROR, format="%(name)s: %(message)s")
    Reader(pipes).run()


if __name__ == "__main__":
    sys.exit(main())
