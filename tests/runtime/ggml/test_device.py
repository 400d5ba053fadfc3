"""Which devices models are put on, and whose memory counts once."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import pytest

from desktop_vlm.api.errors import DeviceLostError
from desktop_vlm.runtime.ggml import device as device_module
from desktop_vlm.runtime.ggml import library
from desktop_vlm.runtime.ggml.device import (
    Backend,
    Device,
    cpu_device,
    free_bytes_of_all,
    gpu_devices,
    null_terminated,
    usable_gpus,
)
from desktop_vlm.runtime.ggml.library import DEVICE_ACCEL, DEVICE_CPU, DEVICE_GPU, DEVICE_IGPU

GIB = 1 << 30


@dataclass(frozen=True)
class Fake(Device):
    """A device as ggml describes it, with the PCI address and free memory that its driver would tell."""

    pci: str = ""
    free: int = 8 * GIB

    def unique_id(self) -> str:
        return self.pci

    def memory(self) -> tuple[int, int]:
        return self.free, self.free


def fake(name: str, kind: int = DEVICE_GPU, pci: str = "", free: int = 8 * GIB, description: str = "") -> Fake:
    return Fake(hash(name), name, description or name, kind, name.rstrip("0123456789"), pci, free)


PROCESSOR = fake("CPU", DEVICE_CPU, free=16 * GIB)
BLAS = fake("BLAS", DEVICE_ACCEL)
DISCRETE = fake("Vulkan0", pci="0000:03:00.0")
INSIDE = fake("Vulkan1", DEVICE_IGPU, "0000:00:02.0")


@pytest.mark.parametrize(
    ("found", "used"),
    [
        ([PROCESSOR], []),
        ([BLAS, DISCRETE, PROCESSOR], ["Vulkan0"]),
        ([DISCRETE, INSIDE, PROCESSOR], ["Vulkan0"]),
        ([INSIDE, DISCRETE, PROCESSOR], ["Vulkan0"]),
        ([INSIDE, PROCESSOR], ["Vulkan1"]),
        ([INSIDE, fake("Vulkan2", DEVICE_IGPU), PROCESSOR], ["Vulkan1", "Vulkan2"]),
        ([fake("SYCL0", DEVICE_IGPU), INSIDE, PROCESSOR], ["SYCL0"]),
        ([DISCRETE, fake("Vulkan1", pci="0000:04:00.0"), PROCESSOR], ["Vulkan0", "Vulkan1"]),
        ([fake("CUDA0", pci="0000:03:00.0"), DISCRETE, PROCESSOR], ["CUDA0"]),
        ([fake("CUDA0", pci="0000:03:00.0"), DISCRETE, INSIDE, PROCESSOR], ["CUDA0"]),
        ([fake("CUDA0"), fake("Vulkan0"), PROCESSOR], ["CUDA0", "Vulkan0"]),  # no driver tells that they are one
        ([DISCRETE, fake("RPC0"), PROCESSOR], ["RPC0", "Vulkan0"]),
        ([INSIDE, fake("RPC0"), PROCESSOR], ["RPC0", "Vulkan1"]),
    ],
)
def test_gpus_are_chosen_as_llama_cpp_does(found: list[Device], used: list[str]) -> None:
    assert [device.name for device in usable_gpus(found)] == used


@pytest.mark.parametrize(
    ("device", "shares"),
    [
        (INSIDE, True),
        (DISCRETE, False),
        (fake("CUDA0", DEVICE_IGPU), True),
        (fake("Vulkan0", description="llvmpipe (LLVM 19.1.7, 256 bits)"), True),
        (PROCESSOR, False),
    ],
)
def test_integrated_gpus_share_main_memory(device: Device, shares: bool) -> None:
    assert device.shares_main_memory == shares


@pytest.mark.parametrize(("machine", "shares"), [("arm64", True), ("x86_64", False)])
def test_so_do_those_of_apples_processors(machine: str, shares: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: machine)
    assert fake("MTL0").shares_main_memory == shares
    assert not fake("CUDA0").shares_main_memory


def test_what_lies_in_main_memory_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for found, gib in (([DISCRETE, INSIDE, PROCESSOR], 24), ([INSIDE, PROCESSOR], 16), ([PROCESSOR], 16)):
        monkeypatch.setattr(device_module, "devices", lambda found=found: found)
        assert free_bytes_of_all() == gib * GIB


def test_an_integrated_gpu_has_no_more_than_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN a driver that calls all of it free, as Vulkan's may."""

    def memory(_device: int, free: Any, total: Any) -> None:
        for pointer in (free, total):
            ctypes.cast(pointer, ctypes.POINTER(ctypes.c_size_t)).contents.value = 32 * GIB

    monkeypatch.setattr(device_module, "function", lambda _: memory)
    monkeypatch.setattr(device_module, "_available_bytes", lambda: 9 * GIB)
    assert Device(1, "Vulkan0", "An APU", DEVICE_IGPU, "Vulkan").memory() == (9 * GIB, 32 * GIB)
    assert Device(1, "Vulkan0", "A GPU", DEVICE_GPU, "Vulkan").memory() == (32 * GIB, 32 * GIB)


def test_c_gets_the_handles_and_an_end() -> None:
    assert list(null_terminated([replace_handle(7), replace_handle(9)])) == [7, 9, None]
    assert list(null_terminated([])) == [None]


def replace_handle(handle: int) -> Device:
    return Device(handle, "", "", DEVICE_GPU)


def test_properties_lie_where_they_are_looked_for() -> None:
    """GIVEN the processor THEN its properties are those that other functions say, and it has no address on a bus."""
    processor, props = cpu_device(), library.DeviceProps()
    library.function("ggml_backend_dev_get_props")(processor.handle, ctypes.byref(props))
    assert (props.name.decode(), props.description.decode()) == (processor.name, processor.description)
    assert (props.memory_total, props.type) == (processor.memory()[1], processor.kind)
    assert processor.unique_id() == ""
    assert processor.registry == "CPU"


def test_a_backend_without_its_driver_is_still_one_that_was_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN a library with Vulkan's code, which ggml does not list THEN it is among what was built."""
    there = set(library.backend_features())
    monkeypatch.setattr(library, "_ENTRIES", {"Vulkan": "ggml_init", "SYCL": "no_such_function", "CPU": "ggml_init"})
    assert set(library.backend_features()) == there | {"Vulkan"}
    assert library.backend_features()["Vulkan"] == {}
    assert library.backend_features()["CPU"] != {}


def test_devices_of_this_machine_are_among_those_that_ggml_knows() -> None:
    assert set(gpu_devices()) <= {device for device in device_module.devices() if device.is_gpu}


@pytest.mark.parametrize(
    ("kind", "status", "lost"), [(DEVICE_GPU, -1, True), (DEVICE_GPU, -2, False), (DEVICE_CPU, -1, False)]
)
def test_a_gpu_that_failed_to_compute_is_lost(kind: int, status: int, lost: bool) -> None:
    backend = Backend(cpu_device(), 1, lambda: False)
    backend.device = fake("Metal0", kind)
    error = backend._failed(status)
    backend.close()
    assert str(error) == f"Metal0 failed to compute (ggml status {status})."
    assert isinstance(error, DeviceLostError) == lost
