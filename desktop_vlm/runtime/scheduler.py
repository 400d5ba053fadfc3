"""llama.cpp's scheduler: which streams of work it has, and whether it stops between nodes.

A context that was made with an evaluation callback asks it about every node of every token and, on a graphics
GPU, cannot replay a recorded graph as cheaply as without. With the scheduler at hand the callback is taken out
whenever there is nothing to do between the layers. Its streams are worth having too: work put on the one that
computes the text is in order with it, without waiting.
"""

from __future__ import annotations

import ctypes
from typing import Any

from desktop_vlm.runtime import llama
from desktop_vlm.runtime.ggml.device import Device
from desktop_vlm.runtime.ggml.library import function


class Scheduler:
    """The `ggml_backend_sched` of one llama.cpp context."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def of(cls, context: Any) -> Scheduler | None:
        """The scheduler of a `llama_context *`; None where the library does not show it."""
        handle = llama.scheduler_of(context)
        return cls(handle) if handle else None

    def set_callback(self, callback: Any, user_data: Any) -> None:
        """Have `callback` asked about every node; None for no stops.

        llama.cpp sets its own again whenever it builds a graph again.
        """
        address = ctypes.cast(callback, ctypes.c_void_p) if callback is not None else None
        function("ggml_backend_sched_set_eval_callback")(self._handle, address, user_data)

    def stream_on(self, device: Device) -> int | None:
        """The `ggml_backend_t` with which llama.cpp computes on `device`; None if it does not use it."""
        for index in range(function("ggml_backend_sched_get_n_backends")(self._handle)):
            backend: int = function("ggml_backend_sched_get_backend")(self._handle, index)
            if function("ggml_backend_get_device")(backend) == device.handle:
                return backend
        return None
