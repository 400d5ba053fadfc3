"""The formulas' process: `python -m desktop_vlm.service.formulas`, spoken to over its pipes in `formula_frames`.

Formulas that a model wrote are laid out here, in a process that can open no file and no connection, and whose memory
and time are bounded: the library takes twice as long for each level of some formulas. Beside that it is Python that
takes its 20 ms for each, for which the window's thread would have to wait. It lays out one after the other, and ends
with its input.
"""

from __future__ import annotations

from desktop_vlm import __version__
from desktop_vlm.markdown.formula import lay_out_uncached
from desktop_vlm.service import formula_frames as frames
from desktop_vlm.service.framing import ProtocolError
from desktop_vlm.service.pipes import Pipes, prepare_process, take_stdio
from desktop_vlm.system.sandbox import Needs, confine, limit_memory, limit_processor_time

MAX_MEMORY_BYTES = 2**30
"""Of the address space; usual formulas take a tenth of it."""

PROCESSOR_S = 3.0
"""For one formula; usual ones take 5 to 50 ms."""


class Formulas:
    """Lays out formulas, one after the other."""

    def __init__(self, pipes: Pipes[frames.Message]) -> None:
        self._pipes = pipes

    def run(self) -> None:
        """Load what it takes, and work until the input ends, which ends the process."""
        lay_out_uncached("x", 14.0, display=False)
        self._pipes.send(frames.Hello(__version__, frames.PROTOCOL))
        self._pipes.receive(self._receive)

    def _receive(self, message: frames.Message) -> None:
        if isinstance(message, frames.Hello):
            self._meet(message)
        elif isinstance(message, frames.LayOut):
            self._lay_out(message)
        else:
            raise ProtocolError(f"a {message.kind} message to the formulas' process")

    def _meet(self, hello: frames.Hello) -> None:
        if (hello.version, hello.protocol) != (__version__, frames.PROTOCOL):
            raise ProtocolError(f"a window of version {hello.version}; this is {__version__}")

    def _lay_out(self, job: frames.LayOut) -> None:
        with limit_processor_time(PROCESSOR_S):
            drawing = lay_out_uncached(job.latex, job.size_px, display=job.display)
        self._pipes.send(frames.LaidOut(job.id, drawing))


def main() -> None:
    """Lay out what comes on this process's stdin."""
    pipes = Pipes(*take_stdio(), frames.FrameReader(frames.ToFormulas))
    prepare_process()
    limit_memory(MAX_MEMORY_BYTES)
    confine(Needs())
    Formulas(pipes).run()


if __name__ == "__main__":
    main()
