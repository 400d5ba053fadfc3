"""Devices, and the backends that run graphs on them."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import Cancelled, EngineError
from desktop_vlm.runtime.ggml import library
from desktop_vlm.runtime.ggml.library import function
from desktop_vlm.runtime.interrupts import deferred_interrupts, interrupted


@dataclass(frozen=True)
class Device:
    """One device that ggml knows, such as `CPU` or `CUDA0`.

    Attributes:
        handle: the `ggml_backend_dev_t`.
        name: ggml's short name.
        description: the hardware's name.
        kind: one of `library.DEVICE_*`.
    """

    handle: int
    name: str
    description: str
    kind: int

    @property
    def is_cpu(self) -> bool:
        return self.kind == library.DEVICE_CPU

    @property
    def is_gpu(self) -> bool:
        return self.kind in (library.DEVICE_GPU, library.DEVICE_IGPU)

    def memory(self) -> tuple[int, int]:
        """Free and total memory, in bytes."""
        free_bytes, total_bytes = ctypes.c_size_t(), ctypes.c_size_t()
        function("ggml_backend_dev_memory")(self.handle, ctypes.byref(free_bytes), ctypes.byref(total_bytes))
        if self.is_cpu:  # ggml calls all of it free
            return min(_available_bytes() or free_bytes.value, total_bytes.value), total_bytes.value
        return free_bytes.value, total_bytes.value


def devices() -> list[Device]:
    """Every device, in ggml's order (accelerators first, the CPU last)."""
    count = function("ggml_backend_dev_count")()
    return [_describe(function("ggml_backend_dev_get")(index)) for index in range(count)]


def cpu_device() -> Device:
    """The processor itself."""
    return next(device for device in devices() if device.is_cpu)


def gpu_devices() -> list[Device]:
    """GPUs; empty where the library was built without any or no driver is there."""
    return [device for device in devices() if device.is_gpu]


def has_amx() -> bool:
    """Whether the CPU backend computes with AMX here: it was built for it, and the processor has it."""
    return library.backend_features().get("CPU", {}).get("AMX_INT8") == "1"


def device_of_buffer(buffer: int) -> Device:
    """Where the memory of a `ggml_backend_buffer_t` can be computed on.

    Memory that the processor can read (pinned host memory too) counts as the processor's.
    """
    buffer_type = function("ggml_backend_buffer_get_type")(buffer)
    if function("ggml_backend_buft_is_host")(buffer_type):
        return cpu_device()
    return _describe(function("ggml_backend_buft_get_device")(buffer_type))


def _describe(handle: int) -> Device:
    return Device(
        handle=handle,
        name=function("ggml_backend_dev_name")(handle).decode(),
        description=function("ggml_backend_dev_description")(handle).decode(),
        kind=function("ggml_backend_dev_type")(handle),
    )


def _available_bytes() -> int | None:
    """Main memory that programs can still get; None where the system has no such figure."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


class Backend:
    """A stream of work on one device (`ggml_backend_t`).

    Attributes:
        device: where it computes.
        handle: the `ggml_backend_t`.
        buffer_type: the memory that its tensors live in (`ggml_backend_buffer_type_t`).
        in_order: whether what is started here is in order with llama.cpp's work on the device, without waiting.
    """

    def __init__(
        self, device: Device, n_threads: int, should_stop: Callable[[], bool], *, borrowed: int | None = None
    ) -> None:
        """Open the device.

        Args:
            device: where to compute.
            n_threads: threads for a processor; other devices ignore it.
            should_stop: asked while a processor computes (other devices finish their graph first).
            borrowed: somebody else's `ggml_backend_t` on the device, to put our work in order with theirs.

        Raises:
            EngineError: the device could not be opened.
        """
        handle = borrowed or function("ggml_backend_dev_init")(device.handle, None)
        if not handle:
            raise EngineError(f"The device {device.name} ({device.description}) could not be opened.")
        self.device = device
        self.handle: int = handle
        self.buffer_type: int = function("ggml_backend_dev_buffer_type")(device.handle)
        self._is_own = borrowed is None
        self.in_order = not self._is_own or device.is_cpu  # a processor has done it when `start` returns
        self._should_stop = should_stop
        self._abort_callback = library.ABORT_CALLBACK(
            lambda _: should_stop() or interrupted()
        )  # kept alive: C holds it
        if self._is_own:
            library.set_n_threads(handle, device.handle, n_threads)

    def compute(self, graph: int) -> None:
        """Run a `ggml_cgraph` to its end.

        Raises:
            Cancelled: `should_stop` said so; the graph's results are not to be used.
            EngineError: the device failed.
        """
        if self._is_own:
            library.set_abort_callback(self.handle, self.device.handle, self._abort_callback)
        with deferred_interrupts():
            status = function("ggml_backend_graph_compute")(self.handle, graph)
        if self._is_own:
            library.set_abort_callback(self.handle, self.device.handle, library.ABORT_CALLBACK())
        if status != library.STATUS_SUCCESS:
            if self._should_stop():
                raise Cancelled("stopped")
            raise self._failed(status)

    def start(self, graph: int) -> None:
        """Put a `ggml_cgraph` behind what the stream has to do; a processor runs it at once.

        Nothing asks for a stop meanwhile, which for one layer of one token would cost more than the layer.

        Raises:
            EngineError: the device failed.
        """
        status = function("ggml_backend_graph_compute_async")(self.handle, graph)
        if status != library.STATUS_SUCCESS:
            raise self._failed(status)

    def wait(self) -> None:
        """Until everything that was started is done."""
        function("ggml_backend_synchronize")(self.handle)

    def _failed(self, status: int) -> EngineError:
        return EngineError(f"{self.device.name} failed to compute (ggml status {status}).")

    def supports(self, tensor: Any) -> bool:
        """Whether the device has an implementation of the operation that makes `tensor`."""
        return bool(function("ggml_backend_dev_supports_op")(self.device.handle, tensor))

    def close(self) -> None:
        if self.handle and self._is_own:
            function("ggml_backend_free")(self.handle)
        self.handle = 0
