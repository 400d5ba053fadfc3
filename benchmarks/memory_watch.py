"""The memory in use on a GPU, watched from outside the process that uses it."""

from __future__ import annotations

import ctypes
import threading
import time
from types import TracebackType

_SAMPLE_S = 0.002


class _MemoryInfo(ctypes.Structure):
    """nvmlMemory_t: bytes."""

    _fields_ = (("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong))


class Nvml:
    """NVIDIA's management library, which needs no context on the GPU and answers in well under a millisecond."""

    def __init__(self) -> None:
        try:
            self._library = ctypes.CDLL("libnvidia-ml.so.1")
        except OSError as error:
            raise SystemExit(f"NVIDIA's management library cannot be loaded: {error}") from error
        self._check(self._library.nvmlInit_v2())
        count = ctypes.c_uint()
        self._check(self._library.nvmlDeviceGetCount_v2(ctypes.byref(count)))
        self._devices = [self._device(index) for index in range(count.value)]

    def used_bytes(self) -> int:
        """Bytes in use on all GPUs together."""
        total = 0
        for device in self._devices:
            info = _MemoryInfo()
            self._check(self._library.nvmlDeviceGetMemoryInfo(device, ctypes.byref(info)))
            total += info.used
        return total

    def _device(self, index: int) -> ctypes.c_void_p:
        handle = ctypes.c_void_p()
        self._check(self._library.nvmlDeviceGetHandleByIndex_v2(ctypes.c_uint(index), ctypes.byref(handle)))
        return handle

    @staticmethod
    def _check(status: int) -> None:
        if status != 0:
            raise SystemExit(f"NVIDIA's management library failed (status {status}).")


class DeviceWatch:
    """Samples the GPUs in a thread while it is entered; what was in use before counts as nothing."""

    def __init__(self) -> None:
        self._nvml = Nvml()
        self._before = self._nvml.used_bytes()
        self._peak = 0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> DeviceWatch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def next_peak(self) -> int:
        """The peak in bytes since the last call."""
        with self._lock:
            peak, self._peak = self._peak, 0
        return peak

    def _sample(self) -> None:
        while not self._ended.is_set():
            used = self._nvml.used_bytes() - self._before
            with self._lock:
                self._peak = max(self._peak, used)
            time.sleep(_SAMPLE_S)
