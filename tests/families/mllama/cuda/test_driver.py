"""What the driver is given, and that everything which it hands out comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from ctypes import CDLL, c_float, c_int, c_uint64, c_void_p
from functools import partial
from typing import Any

import pytest

from desktop_vlm.api.errors import EngineError, OutOfMemoryError
from desktop_vlm.families.mllama.cuda import driver
from desktop_vlm.families.mllama.cuda.driver import CudaError, Gpu

ATTRIBUTES = {75: 8, 76: 9, 16: 128}  # CUdevice_attribute: capability, multiprocessors
MAKES = {"cuDevicePrimaryCtxRetain", "cuStreamCreate", "cuEventCreate", "cuModuleLoadData"}
FREES = {"cuStreamDestroy_v2", "cuEventDestroy_v2", "cuModuleUnload"}
CONTEXT = 101


class FakeDriver:
    """Numbers what it hands out from 101 on; `fails_at` is a function and which of its calls gets status 3."""

    def __init__(self, fails_at: tuple[str, int] = ("", 0)) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.held: set[int] = set()
        self._fails_at = fails_at
        self._n_made = 0
        self._n_calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Callable[..., int]:
        return partial(self._call, name)

    def names(self) -> list[str]:
        return [name for name, *_ in self.calls]

    def _call(self, name: str, *arguments: Any) -> int:
        values = [getattr(argument, "value", argument) for argument in arguments]
        self.calls.append((name, *values))
        self._n_calls[name] += 1
        if (name, self._n_calls[name]) == self._fails_at:
            return 3
        if name in MAKES:
            self._n_made += 1
            arguments[0]._obj.value = 100 + self._n_made
            self.held.add(100 + self._n_made)
        elif name == "cuDeviceGet":
            arguments[0]._obj.value = 40 + arguments[1]
        elif name == "cuDeviceGetAttribute":
            arguments[0]._obj.value = ATTRIBUTES[arguments[1]]
        elif name == "cuModuleGetFunction":
            arguments[0]._obj.value = len(arguments[2])
        elif name in FREES:
            self.held.remove(values[0])
        elif name == "cuDevicePrimaryCtxRelease_v2":
            assert values == [43]
            self.held.remove(CONTEXT)
        return 0


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeDriver]:
    """A driver, instead of the system's."""

    def made(*fails_at: Any) -> FakeDriver:
        fake = FakeDriver(fails_at or ("", 0))
        monkeypatch.setattr(driver, "_library", lambda: fake)
        return fake

    return made


def test_a_gpu_describes_itself(make: Callable[..., FakeDriver]) -> None:
    fake = make()
    gpu = Gpu(3)
    assert (gpu.capability, gpu.n_multiprocessors) == ((8, 9), 128)
    assert gpu.stream.value == 102
    assert fake.held == {CONTEXT, 102, 103, 104}
    gpu.enter()
    assert fake.calls[-1] == ("cuCtxSetCurrent", CONTEXT)


def test_closing_gives_everything_back_once(make: Callable[..., FakeDriver]) -> None:
    fake = make()
    gpu = Gpu(3)
    gpu.load(b".version 8.1", ["one"])
    gpu.load(b".version 8.1", ["two"])
    assert len(fake.held) == 6
    gpu.close()
    assert fake.held == set()
    assert fake.names()[-1] == "cuDevicePrimaryCtxRelease_v2"
    n_calls = len(fake.calls)
    gpu.close()
    assert len(fake.calls) == n_calls


@pytest.mark.parametrize(
    ("function", "call", "what"),
    [
        ("cuDeviceGet", 1, "find the GPU"),
        ("cuDeviceGetAttribute", 3, "describe the GPU"),
        ("cuDevicePrimaryCtxRetain", 1, "open the GPU"),
        ("cuStreamCreate", 1, "open a stream"),
        ("cuEventCreate", 1, "make an event"),
        ("cuEventCreate", 2, "make an event"),
    ],
)
def test_half_a_gpu_is_given_back(function: str, call: int, what: str, make: Callable[..., FakeDriver]) -> None:
    fake = make(function, call)
    with pytest.raises(CudaError) as caught:
        Gpu(3)
    assert str(caught.value) == f"The graphics driver could not {what} (CUDA status 3)."
    assert caught.value.status == 3
    assert fake.held == set()


@pytest.mark.parametrize(
    ("function", "do", "what"),
    [
        ("cuModuleLoadData", lambda gpu: gpu.load(b"", ["one"]), "translate the kernels"),
        ("cuModuleGetFunction", lambda gpu: gpu.load(b"", ["one"]), "find one"),
        ("cuLaunchKernel", lambda gpu: gpu.start(c_void_p(1), (1, 1), 32), "start a kernel"),
        ("cuEventRecord", Gpu.wait_for_the_mark_before, "mark its stream"),
        ("cuEventSynchronize", Gpu.wait_for_the_mark_before, "finish a kernel"),
        ("cuStreamSynchronize", Gpu.wait, "finish a kernel"),
    ],
)
def test_what_the_driver_refuses_is_said(
    function: str, do: Callable[[Gpu], None], what: str, make: Callable[..., FakeDriver]
) -> None:
    fake = make(function, 1)
    gpu = Gpu(3)
    with pytest.raises(EngineError, match=rf"could not {what} \(CUDA status 3\)\.$"):
        do(gpu)
    gpu.close()
    assert fake.held == set()


def test_a_driver_that_does_not_start_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _name: FakeDriver(("cuInit", 1)))
    with pytest.raises(CudaError, match=r"could not start \(CUDA status 3\)\.$"):
        driver._library.__wrapped__()


def test_no_driver_is_an_os_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _name: CDLL("libof-nobody.so.1"))
    with pytest.raises(OSError, match="libof-nobody"):
        driver._library.__wrapped__()


def test_kernels_come_by_their_names(make: Callable[..., FakeDriver]) -> None:
    fake = make()
    kernels = Gpu(3).load(b".version 8.1", ["attention", "norm"])
    assert {name: kernel.value for name, kernel in kernels.items()} == {"attention": 9, "norm": 4}
    loaded = [call[2:] for call in fake.calls if call[0] in {"cuModuleLoadData", "cuModuleGetFunction"}]
    assert loaded == [(b".version 8.1",), (105, b"attention"), (105, b"norm")]


def test_a_kernel_starts_on_the_gpus_stream_with_its_arguments(make: Callable[..., FakeDriver]) -> None:
    fake = make()
    arguments = c_void_p(1 << 40), c_float(0.5), c_int(-7), c_uint64(1 << 33)
    Gpu(3).start(c_void_p(9), (20, 4), 128, *arguments)
    name, *sizes, addresses, extra = fake.calls[-1]
    assert (name, *sizes) == ("cuLaunchKernel", 9, 20, 4, 1, 128, 1, 1, 0, 102)
    kinds: tuple[Any, ...] = (c_void_p, c_float, c_int, c_uint64)
    found = [kind.from_address(at).value for kind, at in zip(kinds, addresses, strict=True)]
    assert found == [1 << 40, 0.5, -7, 1 << 33]
    assert extra is None


def test_one_mark_is_made_and_the_other_waited_for(make: Callable[..., FakeDriver]) -> None:
    fake = make()
    gpu = Gpu(3)
    before = len(fake.calls)
    for _ in range(3):
        gpu.wait_for_the_mark_before()
    assert fake.calls[before:] == [
        ("cuEventRecord", 103, 102),
        ("cuEventSynchronize", 104),
        ("cuEventRecord", 104, 102),
        ("cuEventSynchronize", 103),
        ("cuEventRecord", 103, 102),
        ("cuEventSynchronize", 104),
    ]


def test_a_full_gpu_is_a_matter_of_memory() -> None:
    with pytest.raises(OutOfMemoryError, match=r"^The GPU has no room to start a kernel\.$"):
        driver._check(2, "start a kernel")
