"""Devices, and the backends that run graphs on them."""

from __future__ import annotations

import contextlib
import ctypes
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import Cancelled, DeviceLostError, EngineError
from desktop_vlm.runtime.ggml import library
from desktop_vlm.runtime.ggml.library import function
from desktop_vlm.runtime.interrupts import deferred_interrupts, interrupted

_REMOTE = "RPC"
_METAL = ("Metal", "MTL")


@dataclass(frozen=True)
class Device:
    """One device that ggml knows, such as `CPU` or `CUDA0`.

    Attributes:
        handle: the `ggml_backend_dev_t`.
        name: ggml's short name.
        description: the hardware's name.
        kind: one of `library.DEVICE_*`.
        registry: the backend that it belongs to, such as `CPU`, `CUDA` or `Vulkan`.
    """

    handle: int
    name: str
    description: str
    kind: int
    registry: str = ""

    @property
    def is_cpu(self) -> bool:
        return self.kind == library.DEVICE_CPU

    @property
    def is_gpu(self) -> bool:
        return self.kind in (library.DEVICE_GPU, library.DEVICE_IGPU)

    @property
    def shares_main_memory(self) -> bool:
        """Whether what is free on it is the main memory that is free, so that it must not be counted twice.

        ggml calls a Mac's GPU a GPU with memory of its own, which only Macs without Apple's processors have, and
        Mesa's Vulkan on the processor as well.
        """
        on_apple = self.registry in _METAL and platform.machine() == "arm64"
        return self.kind == library.DEVICE_IGPU or on_apple or "llvmpipe" in self.description

    def unique_id(self) -> str:
        """What is the same for one GPU that two backends know, such as CUDA and Vulkan; empty where it has none."""
        props = library.DeviceProps()
        function("ggml_backend_dev_get_props")(self.handle, ctypes.byref(props))
        return (props.device_id or b"").decode("ascii", "replace")

    def memory(self) -> tuple[int, int]:
        """Free and total memory, in bytes."""
        free_bytes, total_bytes = ctypes.c_size_t(), ctypes.c_size_t()
        function("ggml_backend_dev_memory")(self.handle, ctypes.byref(free_bytes), ctypes.byref(total_bytes))
        if self.is_cpu or self.shares_main_memory:  # drivers call all of it free
            return min(_available_bytes() or free_bytes.value, free_bytes.value), total_bytes.value
        return free_bytes.value, total_bytes.value


def devices() -> list[Device]:
    """Every device, in ggml's order (accelerators first, the CPU last)."""
    count = function("ggml_backend_dev_count")()
    return [_describe(function("ggml_backend_dev_get")(index)) for index in range(count)]


def cpu_device() -> Device:
    """The processor itself."""
    return next(device for device in devices() if device.is_cpu)


def gpu_devices() -> list[Device]:
    """The GPUs that models are put on; empty where the library was built without any or no driver is there."""
    return usable_gpus(devices())


def usable_gpus(found: Sequence[Device]) -> list[Device]:
    """Those of `found` that llama.cpp would use by itself, in its order (`llama_prepare_model_devices`).

    Other machines' come first. Of one GPU that two backends know, the first. Integrated ones only where there is no
    other, and only of one backend.
    """
    remote = [device for device in found if device.kind == library.DEVICE_GPU and device.registry == _REMOTE]
    own = [device for device in found if device.kind == library.DEVICE_GPU and device.registry != _REMOTE]
    integrated = [device for device in found if device.kind == library.DEVICE_IGPU]
    if own:
        return remote + (_without_doubles(own) if len(own) > 1 else own)
    return remote + [device for device in integrated if device.registry == integrated[0].registry]


def _without_doubles(gpus: Sequence[Device]) -> list[Device]:
    kept, seen = [], set()
    for gpu in gpus:
        unique_id = gpu.unique_id()
        if not unique_id or unique_id not in seen:
            kept.append(gpu)
            seen.add(unique_id)
    return kept


def null_terminated(found: Sequence[Device]) -> Any:
    """A C array of devices, as `llama_model_params.devices` points to; keep it for as long as C may read it."""
    return (ctypes.c_void_p * (len(found) + 1))(*(device.handle for device in found))


def free_bytes_of_all() -> int:
    """Free memory of the processor and of the GPUs that are used, where one lies in the other only once."""
    own = [gpu for gpu in gpu_devices() if not gpu.shares_main_memory]
    return sum(device.memory()[0] for device in (cpu_device(), *own))


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
        registry=function("ggml_backend_reg_name")(function("ggml_backend_dev_backend_reg")(handle)).decode(),
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
            DeviceLostError: the GPU failed; Metal's, for one, computes nothing more in this process.
            EngineError: it failed otherwise.
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
            DeviceLostError, EngineError: as for `compute`.
        """
        status = function("ggml_backend_graph_compute_async")(self.handle, graph)
        if status != library.STATUS_SUCCESS:
            raise self._failed(status)

    def wait(self) -> None:
        """Until everything that was started is done."""
        function("ggml_backend_synchronize")(self.handle)

    def _failed(self, status: int) -> EngineError:
        kind = DeviceLostError if self.device.is_gpu and status == library.STATUS_FAILED else EngineError
        return kind(f"{self.device.name} failed to compute (ggml status {status}).")

    def supports(self, tensor: Any) -> bool:
        """Whether the device has an implementation of the operation that makes `tensor`."""
        return bool(function("ggml_backend_dev_supports_op")(self.device.handle, tensor))

    def close(self) -> None:
        if self.handle and self._is_own:
            function("ggml_backend_free")(self.handle)
        self.handle = 0
