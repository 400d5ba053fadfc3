"""The part of CUDA's driver interface that starting our own kernels takes.

ggml keeps its stream to itself, so ours is another one: each side waits before the other goes on. Addresses are
shared, because both work in the GPU's primary context.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence
from functools import cache
from typing import Any

from desktop_vlm.api.errors import EngineError, OutOfMemoryError

_LIBRARY = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
_CAPABILITY_MAJOR, _CAPABILITY_MINOR, _MULTIPROCESSORS = 75, 76, 16
_NO_MEMORY = 2
_EVENT_BLOCKS, _EVENT_HAS_NO_TIME = 1, 2
_STREAM_IGNORES_DEFAULT = 1

Argument = ctypes.c_void_p | ctypes.c_float | ctypes.c_int | ctypes.c_uint64
"""Of a kernel: an address, a float, an int, or an unsigned number of 64 bits."""


class CudaError(EngineError):
    """The driver refused something.

    Attributes:
        status: its `CUresult`.
    """

    def __init__(self, what: str, status: int) -> None:
        super().__init__(f"The graphics driver could not {what} (CUDA status {status}).")
        self.status = status


@cache
def _library() -> Any:
    library = ctypes.CDLL(_LIBRARY)
    _check(library.cuInit(0), "start")
    return library


def _check(status: int, what: str) -> None:
    if status == _NO_MEMORY:
        raise OutOfMemoryError(f"The GPU has no room to {what}.")
    if status != 0:
        raise CudaError(what, status)


class Gpu:
    """One NVIDIA GPU and a stream of work on it.

    Attributes:
        capability: its compute capability, such as (8, 9).
        n_multiprocessors: what runs blocks of threads side by side.
        stream: the `CUstream`.
    """

    def __init__(self, ordinal: int) -> None:
        """Open the GPU with CUDA's number `ordinal`.

        Raises:
            OSError: there is no driver.
            CudaError: it refused.
        """
        self._driver = driver = _library()
        self._device = ctypes.c_int()
        _check(driver.cuDeviceGet(ctypes.byref(self._device), ordinal), "find the GPU")
        self.capability = (self._attribute(_CAPABILITY_MAJOR), self._attribute(_CAPABILITY_MINOR))
        self.n_multiprocessors = self._attribute(_MULTIPROCESSORS)
        self._context, self.stream = ctypes.c_void_p(), ctypes.c_void_p()
        self._modules: list[ctypes.c_void_p] = []
        self._marks = (ctypes.c_void_p(), ctypes.c_void_p())
        self._n_marks = 0
        _check(driver.cuDevicePrimaryCtxRetain(ctypes.byref(self._context), self._device), "open the GPU")
        try:
            self.enter()
            _check(driver.cuStreamCreate(ctypes.byref(self.stream), _STREAM_IGNORES_DEFAULT), "open a stream")
            for mark in self._marks:
                _check(driver.cuEventCreate(ctypes.byref(mark), _EVENT_BLOCKS | _EVENT_HAS_NO_TIME), "make an event")
        except BaseException:
            self.close()
            raise

    def _attribute(self, which: int) -> int:
        value = ctypes.c_int()
        _check(self._driver.cuDeviceGetAttribute(ctypes.byref(value), which, self._device), "describe the GPU")
        return value.value

    def enter(self) -> None:
        """Make this the GPU that calls of this thread mean."""
        _check(self._driver.cuCtxSetCurrent(self._context), "switch to the GPU")

    def load(self, ptx: bytes, names: Sequence[str]) -> dict[str, ctypes.c_void_p]:
        """Translate PTX for this GPU: name -> kernel.

        Raises:
            CudaError: the driver is older than the PTX, or the GPU is.
        """
        module = ctypes.c_void_p()
        _check(self._driver.cuModuleLoadData(ctypes.byref(module), ptx), "translate the kernels")
        self._modules.append(module)
        kernels = {name: ctypes.c_void_p() for name in names}
        for name, kernel in kernels.items():
            _check(self._driver.cuModuleGetFunction(ctypes.byref(kernel), module, name.encode()), f"find {name}")
        return kernels

    def start(self, kernel: ctypes.c_void_p, grid: tuple[int, int], n_threads: int, *arguments: Argument) -> None:
        """Put a kernel behind what the stream has to do."""
        addresses = (ctypes.c_void_p * len(arguments))(*[ctypes.addressof(argument) for argument in arguments])
        status = self._driver.cuLaunchKernel(kernel, *grid, 1, n_threads, 1, 1, 0, self.stream, addresses, None)
        _check(status, "start a kernel")

    def wait_for_the_mark_before(self) -> None:
        """Mark this point of the stream, and wait until it has passed the mark before: so much ahead is enough."""
        now, before = self._marks[self._n_marks % 2], self._marks[(self._n_marks + 1) % 2]
        self._n_marks += 1
        _check(self._driver.cuEventRecord(now, self.stream), "mark its stream")
        _check(self._driver.cuEventSynchronize(before), "finish a kernel")

    def wait(self) -> None:
        """Until everything that was started is done."""
        _check(self._driver.cuStreamSynchronize(self.stream), "finish a kernel")

    def close(self) -> None:
        """Give everything back; calling it again does nothing."""
        if not self._context:
            return
        self._driver.cuCtxSetCurrent(self._context)
        for mark in self._marks:
            if mark:
                self._driver.cuEventDestroy_v2(mark)
        if self.stream:
            self._driver.cuStreamDestroy_v2(self.stream)
        for module in self._modules:
            self._driver.cuModuleUnload(module)
        self._driver.cuDevicePrimaryCtxRelease_v2(self._device)
        self._context = ctypes.c_void_p()
