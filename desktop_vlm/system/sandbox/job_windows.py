"""Job objects of Windows: processes that end together, and limits that one of them cannot lift.

Written from Microsoft's documentation of `JOBOBJECT_EXTENDED_LIMIT_INFORMATION` and tested with fakes of the calls
only: nobody has run it on Windows yet, and `doctor` says so.
"""

from __future__ import annotations

import ctypes
from typing import Any, Protocol

_EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation
_UI_RESTRICTIONS = 4  # JobObjectBasicUIRestrictions

_ACTIVE_PROCESS, _PROCESS_MEMORY = 0x0008, 0x0100
_END_ON_EXCEPTION = 0x0400  # without a dialog, and without a dump of memory
_KILL_ON_CLOSE = 0x2000

_UI_HANDLES, _UI_READ_CLIPBOARD, _UI_WRITE_CLIPBOARD, _UI_SYSTEM = 0x01, 0x02, 0x04, 0x08
_UI_GLOBAL_ATOMS, _UI_DESKTOP, _UI_EXIT = 0x20, 0x40, 0x80
_ALL_UI = (
    _UI_HANDLES | _UI_READ_CLIPBOARD | _UI_WRITE_CLIPBOARD | _UI_SYSTEM | _UI_GLOBAL_ATOMS | _UI_DESKTOP | _UI_EXIT
)


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION; the six numbers between are IO_COUNTERS."""

    _fields_ = (
        ("Basic", BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class Calls(Protocol):
    """What is used of kernel32.dll; each raises OSError where Windows refuses."""

    def create(self) -> int:
        """A new job without a name; its handle."""

    def limit(self, job: int, kind: int, limits: ctypes.Structure | ctypes.c_uint32) -> None:
        """Set limits of a kind."""

    def assign_self(self, job: int) -> None:
        """Put this process, and all that it starts from now on, into the job."""


class Kernel32:
    """The real calls."""

    def __init__(self) -> None:
        self._dll: Any = getattr(ctypes, "WinDLL")("kernel32", use_last_error=True)  # noqa: B009 - on Windows only
        self._dll.CreateJobObjectW.restype = ctypes.c_void_p
        self._dll.CreateJobObjectW.argtypes = (ctypes.c_void_p, ctypes.c_wchar_p)
        self._dll.SetInformationJobObject.argtypes = (
            *(ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32),
        )
        self._dll.AssignProcessToJobObject.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
        self._dll.GetCurrentProcess.restype = ctypes.c_void_p

    def create(self) -> int:
        return int(self._checked(self._dll.CreateJobObjectW(None, None)))

    def limit(self, job: int, kind: int, limits: ctypes.Structure | ctypes.c_uint32) -> None:
        self._checked(self._dll.SetInformationJobObject(job, kind, ctypes.byref(limits), ctypes.sizeof(limits)))

    def assign_self(self, job: int) -> None:
        self._checked(self._dll.AssignProcessToJobObject(job, self._dll.GetCurrentProcess()))

    def _checked(self, result: int | None) -> int:
        if not result:
            number = getattr(ctypes, "get_last_error")()  # noqa: B009 - on Windows only
            raise OSError(number, f"Windows refuses (error {number})")
        return result


_held: list[int] = []
"""Handles that are never closed: a job's last one is closed by the end of the process that holds it."""


def end_children_with_this_process(calls: Calls | None = None) -> None:
    """Whatever ends this process, its children and theirs end with it.

    Raises:
        OSError: Windows refuses.
    """
    calls = calls or Kernel32()
    limits = ExtendedLimits()
    limits.Basic.LimitFlags = _KILL_ON_CLOSE | _END_ON_EXCEPTION
    _enter(calls, limits)


def limit_this_process(most_bytes: int = 0, *, starts_programs: bool = True, calls: Calls | None = None) -> None:
    """Bound the memory that this process may commit, and what it may start and touch of the desktop.

    Args:
        most_bytes: 0 for no bound.
        starts_programs: whether it may start processes, and use the clipboard and other programs' windows.
        calls: of Windows.

    Raises:
        OSError: Windows refuses.
    """
    calls = calls or Kernel32()
    limits = ExtendedLimits()
    limits.Basic.LimitFlags = _END_ON_EXCEPTION
    if most_bytes:
        limits.Basic.LimitFlags |= _PROCESS_MEMORY
        limits.ProcessMemoryLimit = most_bytes
    if not starts_programs:
        limits.Basic.LimitFlags |= _ACTIVE_PROCESS
        limits.Basic.ActiveProcessLimit = 1
    job = calls.create()
    calls.limit(job, _EXTENDED_LIMITS, limits)
    if not starts_programs:
        calls.limit(job, _UI_RESTRICTIONS, ctypes.c_uint32(_ALL_UI))
    calls.assign_self(job)
    _held.append(job)


def _enter(calls: Calls, limits: ExtendedLimits) -> None:
    job = calls.create()
    calls.limit(job, _EXTENDED_LIMITS, limits)
    calls.assign_self(job)
    _held.append(job)
