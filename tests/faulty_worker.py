"""A worker that fails on request: `python faulty_worker.py FILE`.

FILE holds the fault and the stage at which it strikes, such as "SIGSEGV decode"; it is removed when that happened.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from desktop_vlm.service import frames, worker
from desktop_vlm.service.framing import Framed
from desktop_vlm.service.pipes import Pipes
from desktop_vlm.system.sandbox import OFF_VARIABLE

ORDER = Path(sys.argv[1])


def abort() -> None:
    """A failed GGML_ASSERT, which only a wrong call can bring about."""
    from desktop_vlm.runtime.ggml.library import InitParams, function  # as late as the worker itself

    context = function("ggml_init")(InitParams(4 * function("ggml_tensor_overhead")(), None, True))
    function("ggml_reshape_4d")(context, function("ggml_new_tensor_4d")(context, 0, 2, 2, 1, 1), 5, 1, 1, 1)


def run_out_of_memory() -> None:
    os.write(2, b"ggml_backend_cuda: cudaMalloc failed: out of memory\n")
    abort()


def lose_the_gpu(*, lingers: bool = False) -> None:
    """What ggml's Vulkan leaves behind: an exception of C++ that nobody catches; the process may get no turn to end."""
    os.write(2, b"terminate called after throwing an instance of 'vk::DeviceLostError'\n")
    os.write(2, b"  what():  vk::Queue::submit: ErrorDeviceLost\n")
    if lingers:
        os.kill(os.getpid(), signal.SIGSTOP)
    abort()


def garbage(pipes: Pipes[frames.Message]) -> None:
    os.write(pipes._output_fd, b"llama_model_load: error\n")


FAULTS: dict[str, Callable[[Pipes[frames.Message]], None]] = {
    "SIGSEGV": lambda _: os.kill(os.getpid(), signal.SIGSEGV),
    "SIGKILL": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "abort": lambda _: abort(),
    "exit0": lambda _: os._exit(0),
    "exit3": lambda _: os._exit(3),
    "hang": lambda _: os.kill(os.getpid(), signal.SIGSTOP),
    "memory": lambda _: run_out_of_memory(),
    "lost": lambda _: lose_the_gpu(),
    "lingering": lambda _: lose_the_gpu(lingers=True),
    "garbage": garbage,
}


def stage_of(message: Framed) -> str:
    if isinstance(message, frames.Progress):
        return message.stage
    return "decode" if isinstance(message, frames.Chunk) else ""


class FaultyPipes(Pipes[frames.Message]):
    def send(self, message: Framed) -> None:
        super().send(message)
        stage = stage_of(message)
        if stage and ORDER.exists():
            fault, target = ORDER.read_text(encoding="ascii").split()
            if stage == target:
                ORDER.unlink()
                FAULTS[fault](self)


if __name__ == "__main__":
    os.environ[OFF_VARIABLE] = "off"  # it reads and removes its order
    worker.PULSE_S = 0.2
    worker.Pipes = FaultyPipes  # type: ignore[attr-defined, assignment]
    sys.exit(worker.main())
