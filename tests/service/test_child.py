"""Why a child ended, from what its libraries wrote at the end."""

from __future__ import annotations

import signal

import pytest

from desktop_vlm.service.child import DEVICE_LOST, NO_MEMORY, why_it_ended, why_it_was_ending

CPP = "terminate called after throwing an instance of '{}'"

MEMORY = [
    ["ggml_backend_cuda: cudaMalloc failed: out of memory"],
    [CPP.format("vk::OutOfDeviceMemoryError"), "  what():  vk::Device::allocateMemory: ErrorOutOfDeviceMemory"],
    [CPP.format("vk::OutOfHostMemoryError"), "  what():  vk::Queue::submit: ErrorOutOfHostMemory"],
    ["  what():  vk::Device::allocateDescriptorSets: ErrorOutOfPoolMemory"],
    ["level_zero backend failed with error: 39 (UR_RESULT_ERROR_OUT_OF_DEVICE_MEMORY)"],
    ["error: Insufficient Memory (00000008:kIOGPUCommandBufferCallbackErrorOutOfMemory)"],
    [CPP.format("std::bad_alloc")],
]
LOST = [
    [CPP.format("vk::DeviceLostError"), "  what():  vk::Queue::submit: ErrorDeviceLost"],
    [CPP.format("vk::SystemError"), "  what():  ggml_vulkan: getFenceStatus: ErrorDeviceLost"],
    ["level_zero backend failed with error: 20 (UR_RESULT_ERROR_DEVICE_LOST)"],
]


@pytest.mark.parametrize(("log", "reason"), [(log, NO_MEMORY) for log in MEMORY] + [(log, DEVICE_LOST) for log in LOST])
def test_an_exception_of_a_gpus_backend_says_what_was_missing(log: list[str], reason: str) -> None:
    stack = ['  File "worker.py", line 7 in answer']
    assert why_it_ended(signal.SIGABRT, crashed=True, log=[*log, *stack]) == reason
    assert why_it_ended(3, crashed=False, log=log) == "it ended by itself (exit code 3)"


@pytest.mark.parametrize("line", ["a memory of a device", "lost", "GGML_ASSERT(a->ne[0] > 0) failed"])
def test_other_words_are_none_of_these(line: str) -> None:
    reason = why_it_ended(signal.SIGABRT, crashed=True, log=[line])
    assert reason == "it met a failed check and gave up (signal 6)"
    assert why_it_ended(signal.SIGSEGV, crashed=True, log=['  File "device_lost.py"']) == "it crashed (signal 11)"


def test_what_was_written_long_before_the_end_is_no_reason() -> None:
    log = ["ErrorDeviceLost", *(f"line {n}" for n in range(30))]
    assert why_it_ended(signal.SIGSEGV, crashed=True, log=log) == "it crashed (signal 11)"


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ([CPP.format("vk::DeviceLostError"), "  what():  vk::Queue::submit: ErrorDeviceLost"], DEVICE_LOST),
        (["libc++abi: terminating due to uncaught exception of type std::bad_alloc: std::bad_alloc"], NO_MEMORY),
        (["device lost", "Fatal Python error: Aborted", '  File "worker.py", line 7 in answer'], DEVICE_LOST),
        ([CPP.format("std::runtime_error"), "  what():  no kernel image"], ""),
        (["cudaMalloc failed: out of memory", "llama_model_load: once more"], ""),  # it got over that
        ([CPP.format("vk::DeviceLostError"), *(f"line {n}" for n in range(30))], ""),
        ([], ""),
    ],
)
def test_what_a_process_that_was_ended_was_ending_of(log: list[str], reason: str) -> None:
    assert why_it_was_ending(log) == reason
