"""Matrix products by the cuBLAS that ggml has loaded into this process."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from desktop_vlm.api.errors import EngineError, OutOfMemoryError
from desktop_vlm.families.mllama.cuda.driver import Gpu

_RELEASES = (13, 12, 11)
_TRANSPOSED, _AS_IT_IS = 1, 0
_F32, _F16 = 0, 2  # cudaDataType_t
_SUMS_IN_F32 = 68  # CUBLAS_COMPUTE_32F
_DEFAULT_ALGORITHM = -1
_NO_MEMORY = 3

WORKSPACE_BYTES = 8 << 20
"""What cuBLAS is lent for intermediate sums."""

_OWN_WORKSPACE = "CUBLAS_WORKSPACE_CONFIG"
_LEAST = ":16:8"  # eight times 16 KiB, instead of up to 32 MiB


def loaded_cublas() -> Any:
    """The library, if it is in this process already; else None."""
    for release in _RELEASES:
        name = f"cublas64_{release}.dll" if sys.platform == "win32" else f"libcublas.so.{release}"
        if sys.platform == "win32" and not ctypes.windll.kernel32.GetModuleHandleW(name):
            continue
        try:
            return ctypes.CDLL(name, mode=getattr(os, "RTLD_NOLOAD", 0) | getattr(os, "RTLD_NOW", 0))
        except OSError:
            continue
    return None


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


class Cublas:
    """A handle on one GPU's stream."""

    def __init__(self, library: Any, gpu: Gpu) -> None:
        """Open it.

        Raises:
            OutOfMemoryError: the GPU has no room for what cuBLAS itself needs.
        """
        self._library = library
        self._stream = gpu.stream
        self._handle = ctypes.c_void_p()
        with _environment(_OWN_WORKSPACE, _LEAST):
            self._check(library.cublasCreate_v2(ctypes.byref(self._handle)))

    def close(self) -> None:
        """Free the handle; calling it again does nothing."""
        if self._handle:
            self._library.cublasDestroy_v2(self._handle)
            self._handle = ctypes.c_void_p()

    def lend(self, workspace: int) -> None:
        """Give it `WORKSPACE_BYTES` at an address of the GPU's memory, until the next call."""
        self._check(self._library.cublasSetStream_v2(self._handle, self._stream))
        address, size = ctypes.c_void_p(workspace), ctypes.c_size_t(WORKSPACE_BYTES)
        self._check(self._library.cublasSetWorkspace_v2(self._handle, address, size))

    def linear(
        self,
        weight: int,
        x: int,
        out: int,
        *,
        n_in: int,
        n_out: int,
        n_rows: int,
        out_stride: int,
        factor: float = 1.0,
        add_to_f32: bool = False,
    ) -> None:
        """`out` (n_rows, n_out) = `factor` * `x` (n_rows, n_in) `weight`' (n_out, n_in), added up in float32.

        Args:
            weight: address of f16, like `x`.
            x: rows without gaps.
            out: address of f16, or with `add_to_f32` of float32 that the product is added to.
            n_in: width of `x`.
            n_out: width of `out`.
            n_rows: of both.
            out_stride: numbers from one row of `out` to the next.
            factor: on the product.
            add_to_f32: add to what is there.
        """
        status = self._library.cublasGemmEx(
            self._handle,
            _TRANSPOSED,
            _AS_IT_IS,
            n_out,
            n_rows,
            n_in,
            ctypes.byref(ctypes.c_float(factor)),
            ctypes.c_void_p(weight),
            _F16,
            n_in,
            ctypes.c_void_p(x),
            _F16,
            n_in,
            ctypes.byref(ctypes.c_float(1.0 if add_to_f32 else 0.0)),
            ctypes.c_void_p(out),
            _F32 if add_to_f32 else _F16,
            out_stride,
            _SUMS_IN_F32,
            _DEFAULT_ALGORITHM,
        )
        self._check(status)

    @staticmethod
    def _check(status: int) -> None:
        if status == _NO_MEMORY:
            raise OutOfMemoryError("The GPU has no room for a matrix product.")
        if status != 0:
            raise EngineError(f"A matrix product failed on the GPU (cuBLAS status {status}).")
