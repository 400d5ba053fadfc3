"""The process of one long job: `python -m desktop_vlm.service.job`, spoken to over stdin and stdout in `job_frames`.

Downloads, conversions and headers of files that nobody vouches for stay out of the window's process. Three threads:
the main one works; one reads stdin, so that a stop, and the end of input, are noticed meanwhile; one says each second
how far the work is. A stop raises `Cancelled` at the job's next report, and ends the process if there is none for a
while: what is on disk stays whole, as everything is written beside its place first. Nothing secret is in its arguments,
and no token in what it writes.
"""

from __future__ import annotations

import logging
import os
import queue
import sys
import threading
import time
import traceback

from desktop_vlm import __version__
from desktop_vlm.api.errors import Cancelled, EngineError, UserError
from desktop_vlm.api.progress import JobProgress
from desktop_vlm.service import job_frames as frames
from desktop_vlm.service.framing import ProtocolError
from desktop_vlm.service.job_work import failure, work
from desktop_vlm.service.pipes import Pipes, prepare_process, take_stdio
from desktop_vlm.service.pulse import pulse

EXIT_STOPPED = 5

PULSE_S = 1.0
STOP_S = 0.8
"""A job that has not ended so long after its stop is ended with its process."""
_PROGRESS_S = 0.05
_BUG = "Something went wrong in this job: this is a bug in Desktop VLM; see the log."


class JobProcess:
    """One job, from its message to its result."""

    def __init__(self, pipes: Pipes[frames.Message]) -> None:
        self._pipes = pipes
        self._jobs: queue.SimpleQueue[frames.Job] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._ended = threading.Event()
        self._last = ("", 0.0)

    def run(self) -> int:
        """Greet, do the job, answer; the exit code is 0 also where the answer is that it failed."""
        threading.Thread(target=self._pipes.receive, args=(self._receive,), daemon=True).start()
        self._pipes.send(frames.Hello(__version__, frames.PROTOCOL))
        job = self._jobs.get()
        threading.Thread(target=self._pulse, daemon=True).start()
        answer = self._do(job)
        self._ended.set()
        self._pipes.send(answer)
        return 0

    def _do(self, job: frames.Job) -> frames.Result | frames.Stopped | frames.Failed:
        try:
            self._check_stop()
            return work(job, self._report)
        except (Cancelled, KeyboardInterrupt):
            return frames.Stopped()
        except UserError as error:
            return failure(error, job)
        except EngineError as error:
            return frames.Failed(str(error))
        except MemoryError:
            return frames.Failed("There is not enough memory for this; close other programs and try again.")
        except Exception:  # noqa: BLE001 - reported as a bug
            traceback.print_exc()
            return frames.Failed(_BUG, "bug")

    # What the other threads do

    def _receive(self, message: frames.Message) -> None:
        if isinstance(message, frames.Hello):
            if (message.version, message.protocol) != (__version__, frames.PROTOCOL):
                sentence = f"The window is desktop-vlm {message.version} and this job {__version__}; start it again."
                self._pipes.send(frames.Failed(sentence))
                os._exit(0)
        elif isinstance(message, frames.Stop):
            self._stopped.set()
            threading.Thread(target=self._end_if_stuck, daemon=True).start()
        elif isinstance(message, frames.Job):
            self._jobs.put(message)
        else:
            raise ProtocolError(f"a {message.kind} message to a job")

    def _end_if_stuck(self) -> None:
        if not self._ended.wait(STOP_S):
            self._pipes.send(frames.Stopped())
            os._exit(EXIT_STOPPED)

    def _pulse(self) -> None:
        while not self._ended.wait(PULSE_S):
            self._pipes.send(pulse())

    # What the job reports

    def _check_stop(self) -> None:
        if self._stopped.is_set():
            raise Cancelled("stopped")

    def _report(self, progress: JobProgress) -> None:
        """Tell how far the job is, at most every 50 ms, and end it if it was stopped."""
        self._check_stop()
        stage, said_s = self._last
        now_s = time.monotonic()
        is_last = 0 < progress.total_bytes <= progress.done_bytes
        if progress.stage == stage and now_s - said_s < _PROGRESS_S and not is_last:
            return
        self._last = (progress.stage, now_s)
        self._pipes.send(frames.Progress(progress))


def main() -> int:
    """Do the job that comes on this process's stdin."""
    pipes = Pipes(*take_stdio(), frames.FrameReader(frames.ToJob))
    prepare_process()
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    return JobProcess(pipes).run()


if __name__ == "__main__":
    sys.exit(main())
