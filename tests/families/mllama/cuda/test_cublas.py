"""Products by a cuBLAS that NumPy stands in for, reading its arguments as NVIDIA documents them."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from desktop_vlm.api.errors import EngineError, OutOfMemoryError
from desktop_vlm.families.mllama.cuda.cublas import WORKSPACE_BYTES, Cublas, _environment, loaded_cublas

NAME = "CUBLAS_WORKSPACE_CONFIG"
TYPES: dict[int, type[Any]] = {0: np.float32, 2: np.float16}  # CUDA_R_32F, CUDA_R_16F
GPU: Any = SimpleNamespace(stream=ctypes.c_void_p(77))
RNG = np.random.RandomState(5)


def columns(address: int, kind: int, leading: int, n_rows: int, n_columns: int) -> NDArray[Any]:
    """A matrix on `address` whose columns are `leading` numbers apart."""
    dtype = np.dtype(TYPES[kind])
    count = (n_columns - 1) * leading + n_rows
    memory = (ctypes.c_uint8 * (count * dtype.itemsize)).from_address(address)
    numbers, step = np.ctypeslib.as_array(memory).view(dtype), dtype.itemsize
    return as_strided(numbers, (n_rows, n_columns), (step, leading * step))


class FakeLibrary:
    def __init__(self, status: int = 0) -> None:
        self.status = status
        self.calls: list[tuple[Any, ...]] = []
        self.setting: str | None = None

    def cublasCreate_v2(self, handle: Any) -> int:
        self.setting = os.environ.get(NAME)
        handle._obj.value = 5
        return self.status

    def __getattr__(self, name: str) -> Any:
        def called(*arguments: ctypes.c_void_p) -> int:
            self.calls.append((name, *(argument.value for argument in arguments)))
            return self.status

        return called

    def cublasGemmEx(self, handle: ctypes.c_void_p, *arguments: Any) -> int:
        """C (m, n) = alpha * op(A) (m, k) op(B) (k, n) + beta * C; see its entry in cuBLAS's documentation."""
        op_a, op_b, m, n, k, alpha, a, type_a, lda, b, type_b, ldb, beta, c, type_c, ldc, sums, algorithm = arguments
        assert (handle.value, op_a, op_b) == (5, 1, 0)  # CUBLAS_OP_T, CUBLAS_OP_N
        assert (sums, algorithm) == (68, -1)  # CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT
        product = columns(a.value, type_a, lda, k, m).T.astype(np.float32) @ columns(b.value, type_b, ldb, k, n)
        out = columns(c.value, type_c, ldc, m, n)
        out[:] = alpha._obj.value * product + (beta._obj.value * out if beta._obj.value else 0)
        return self.status


def f16(*shape: int) -> NDArray[np.float16]:
    return RNG.standard_normal(shape).astype(np.float16)


@pytest.mark.parametrize("before", [None, ":4096:2"])
def test_the_environment_is_afterwards_what_it_was(before: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if before is None:
        monkeypatch.delenv(NAME, raising=False)
    else:
        monkeypatch.setenv(NAME, before)
    with _environment(NAME, ":16:8"):
        assert os.environ[NAME] == ":16:8"
    assert os.environ.get(NAME) == before
    with pytest.raises(OutOfMemoryError):
        Cublas(failing := FakeLibrary(3), GPU)
    assert failing.setting == ":16:8"
    assert os.environ.get(NAME) == before


def test_what_ggml_has_not_loaded_is_not_there() -> None:
    code = "from desktop_vlm.families.mllama.cuda.cublas import loaded_cublas; print(loaded_cublas())"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "None"


@pytest.mark.skipif(sys.platform == "win32", reason="other names, and no such mode")
def test_the_newest_release_in_the_process_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    def only_some(name: str, mode: int) -> str:
        asked.append((name, mode & os.RTLD_NOLOAD))
        if name.endswith("13"):
            raise OSError(name)
        return name

    monkeypatch.setattr("ctypes.CDLL", only_some)
    assert loaded_cublas() == "libcublas.so.12"
    assert asked == [("libcublas.so.13", os.RTLD_NOLOAD), ("libcublas.so.12", os.RTLD_NOLOAD)]


def test_a_product_in_f16_with_room_between_its_rows() -> None:
    x, weight, out = f16(7, 16), f16(8, 16), f16(7, 24)
    before = out.copy()
    Cublas(FakeLibrary(), GPU).linear(
        weight.ctypes.data, x.ctypes.data, out.ctypes.data + 2 * 8, n_in=16, n_out=8, n_rows=7, out_stride=24
    )
    expected = x.astype(np.float32) @ weight.astype(np.float32).T
    np.testing.assert_allclose(out[:, 8:16], expected, rtol=2e-3, atol=2e-3)
    assert np.array_equal(np.delete(out, range(8, 16), 1), np.delete(before, range(8, 16), 1))


def test_a_product_is_added_to_float32() -> None:
    x, weight = f16(7, 16), f16(8, 16)
    out = RNG.standard_normal((7, 8)).astype(np.float32)
    expected = out - 0.25 * (x.astype(np.float32) @ weight.astype(np.float32).T)
    Cublas(FakeLibrary(), GPU).linear(
        weight.ctypes.data,
        x.ctypes.data,
        out.ctypes.data,
        n_in=16,
        n_out=8,
        n_rows=7,
        out_stride=8,
        factor=-0.25,
        add_to_f32=True,
    )
    np.testing.assert_allclose(out, expected, rtol=1e-5, atol=1e-5)


def test_what_was_in_f16_does_not_count() -> None:
    """Memory is as it was left: it may well hold no numbers at all."""
    x, weight, out = f16(1, 4), f16(2, 4), np.full((1, 2), np.nan, np.float16)
    Cublas(FakeLibrary(), GPU).linear(
        weight.ctypes.data, x.ctypes.data, out.ctypes.data, n_in=4, n_out=2, n_rows=1, out_stride=2
    )
    np.testing.assert_allclose(out, x.astype(np.float32) @ weight.astype(np.float32).T, rtol=2e-3, atol=2e-3)


def test_it_works_on_the_gpus_stream_in_borrowed_memory() -> None:
    library = FakeLibrary()
    handle = Cublas(library, GPU)
    handle.lend(1 << 40)
    assert library.calls == [
        ("cublasSetStream_v2", 5, 77),
        ("cublasSetWorkspace_v2", 5, 1 << 40, WORKSPACE_BYTES),
    ]
    handle.close()
    handle.close()
    assert library.calls[2:] == [("cublasDestroy_v2", 5)]


def test_failures_are_said_apart() -> None:
    with pytest.raises(OutOfMemoryError, match="no room for a matrix product"):
        Cublas(FakeLibrary(3), GPU)
    with pytest.raises(EngineError, match=r"cuBLAS status 1\)\.$") as caught:
        Cublas(FakeLibrary(1), GPU)
    assert caught.type is EngineError
    library = FakeLibrary()
    handle = Cublas(library, GPU)
    library.status = 13
    with pytest.raises(EngineError, match=r"cuBLAS status 13\)\.$"):
        handle.lend(0)
    x, out = f16(1, 1), f16(1, 1)
    with pytest.raises(EngineError, match=r"cuBLAS status 13\)\.$"):
        handle.linear(x.ctypes.data, x.ctypes.data, out.ctypes.data, n_in=1, n_out=1, n_rows=1, out_stride=1)
