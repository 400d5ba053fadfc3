"""What is asked of Windows and macOS, by fakes of their calls: nobody has run it there (docs/promises.md)."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator

import pytest

from desktop_vlm.system.sandbox import Needs, job_windows, lacking, macos
from desktop_vlm.system.sandbox.confine import _confine_elsewhere
from desktop_vlm.system.sandbox.job_windows import BasicLimits, ExtendedLimits

_64_BIT = struct.calcsize("P") == 8


class FakeJobs:
    """kernel32.dll: jobs, their limits as bytes, and those that this process is in."""

    def __init__(self, refuses: str = "") -> None:
        self.limits: dict[int, dict[int, bytes]] = {}
        self.entered: list[int] = []
        self._refuses = refuses

    def _check(self, name: str) -> None:
        if name == self._refuses:
            raise OSError(5, "Windows refuses (error 5)")

    def create(self) -> int:
        self._check("create")
        self.limits[len(self.limits) + 1] = {}
        return len(self.limits)

    def limit(self, job: int, kind: int, limits: ctypes.Structure | ctypes.c_uint32) -> None:
        self._check("limit")
        assert job not in self.entered  # else there is a moment without limits
        self.limits[job][kind] = bytes(limits)

    def assign_self(self, job: int) -> None:
        self._check("assign")
        self.entered.append(job)


@pytest.fixture(autouse=True)
def _no_handles_left() -> Iterator[None]:
    yield
    job_windows._held.clear()


@pytest.mark.skipif(not _64_BIT, reason="sizes of 64 bits")
def test_the_structures_are_those_of_windows() -> None:
    """Sizes and places on x64, as winnt.h has them."""
    assert (ctypes.sizeof(BasicLimits), ctypes.sizeof(ExtendedLimits)) == (64, 144)
    assert (BasicLimits.LimitFlags.offset, BasicLimits.ActiveProcessLimit.offset) == (16, 40)
    assert ExtendedLimits.ProcessMemoryLimit.offset == 112


def read(limits: bytes) -> tuple[int, int, int]:
    """Flags, processes, bytes."""
    found = ExtendedLimits.from_buffer_copy(limits)
    return found.Basic.LimitFlags, found.Basic.ActiveProcessLimit, found.ProcessMemoryLimit


def test_children_end_with_the_window() -> None:
    calls = FakeJobs()
    job_windows.end_children_with_this_process(calls)
    assert read(calls.limits[1][9]) == (0x2000 | 0x0400, 0, 0)  # kill on close, end on an exception
    assert calls.entered == job_windows._held == [1]


def test_a_child_has_a_bound_of_memory() -> None:
    calls = FakeJobs()
    job_windows.limit_this_process(4 << 30, calls=calls)
    assert read(calls.limits[1][9]) == (0x0100 | 0x0400, 0, 4 << 30)
    assert set(calls.limits[1]) == {9}


def test_a_child_that_only_computes_starts_nothing_and_leaves_the_desktop_alone() -> None:
    calls = FakeJobs()
    job_windows.limit_this_process(starts_programs=False, calls=calls)
    assert read(calls.limits[1][9]) == (0x0008 | 0x0400, 1, 0)
    assert int.from_bytes(calls.limits[1][4], "little") == 0xEF  # all but the display's settings
    assert calls.entered == [1]


@pytest.mark.parametrize("call", ["create", "limit", "assign"])
def test_what_windows_refuses_is_an_error_of_the_system(call: str) -> None:
    calls = FakeJobs(refuses=call)
    with pytest.raises(OSError, match="Windows refuses"):
        job_windows.end_children_with_this_process(calls)
    assert calls.entered == []


def test_confining_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = FakeJobs()
    monkeypatch.setattr(job_windows, "Kernel32", lambda: calls)
    done = _confine_elsewhere(Needs(), "win32")
    assert done.holds == ("processes",)
    assert set(done.failed) == {"privileges", "memory", "files", "calls"}
    assert _confine_elsewhere(Needs(gpus=True), "win32").holds == ()  # it starts what renders templates
    monkeypatch.setattr(job_windows, "Kernel32", lambda: FakeJobs(refuses="create"))
    assert _confine_elsewhere(Needs(), "win32").failed["processes"] == "Windows refuses (error 5)"


class FakeDarwin:
    def __init__(self, refuses: str = "") -> None:
        self.done: list[tuple[str, int]] = []
        self._refuses = refuses

    def set_limit(self, name: str, most: int) -> None:
        if name == self._refuses:
            raise ValueError("current limit exceeds maximum limit")
        self.done.append((name, most))

    def ptrace(self, request: int) -> None:
        self.done.append(("ptrace", request))


def test_what_macos_has() -> None:
    calls = FakeDarwin()
    assert macos.give_up(starts_programs=False, calls=calls) == {}
    assert calls.done == [("ptrace", 31), ("RLIMIT_FSIZE", 1 << 20), ("RLIMIT_NPROC", 0)]
    calls = FakeDarwin()
    assert macos.give_up(starts_programs=True, calls=calls) == {}
    assert calls.done == [("ptrace", 31)]
    refused = macos.give_up(starts_programs=False, calls=FakeDarwin("RLIMIT_NPROC"))
    assert refused == {"processes": "current limit exceeds maximum limit"}


def test_confining_on_macos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(macos, "Darwin", FakeDarwin)
    assert _confine_elsewhere(Needs(), "darwin").holds == ("memory", "writing", "processes")
    assert _confine_elsewhere(Needs(gpus=True), "darwin").holds == ("memory",)


@pytest.mark.parametrize(("system", "word"), [("win32", "Windows"), ("darwin", "macOS"), ("freebsd14", "Linux")])
def test_doctor_says_that_it_was_never_run(system: str, word: str) -> None:
    missing = lacking(system)
    assert set(missing) == {"privileges", "memory", "files", "calls"}
    assert missing["files"] == missing["calls"] == "only on Linux"
    assert word in missing["memory"]
    assert ("never run there" in missing["memory"]) is (word != "Linux")
