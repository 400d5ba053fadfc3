"""Limits of a process that every POSIX system has, and three that only Linux has."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator

from desktop_vlm.system.sandbox import job_windows, kernel


def forbid_core_files() -> None:
    """Let no core file be written when this process crashes: it would hold images and prompts."""
    if sys.platform != "win32":
        import resource  # not on Windows

        # Linux takes 1 as "never", also where cores go to a program.
        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        least = 0 if hard == 0 else 1
        resource.setrlimit(resource.RLIMIT_CORE, (least, least))


def limit_memory(most_bytes: int) -> None:
    """Bound this process's address space; what goes beyond raises MemoryError. Nothing for a process that uses CUDA.

    On Windows it is what the process may commit. macOS takes the limit and does not look after it, or refuses it.
    """
    if sys.platform == "win32":
        with contextlib.suppress(OSError):
            job_windows.limit_this_process(most_bytes)
        return
    import resource  # not on Windows

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
    with contextlib.suppress(*() if kernel.is_linux() else (OSError, ValueError)):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


@contextlib.contextmanager
def less_memory(most_bytes: int) -> Iterator[None]:
    """Bound this process's address space for a while, below what `limit_memory` said."""
    if sys.platform == "win32":
        yield
        return
    import resource  # not on Windows

    refusals = () if kernel.is_linux() else (OSError, ValueError)
    before, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = most_bytes if before == resource.RLIM_INFINITY else min(most_bytes, before)
    with contextlib.suppress(*refusals):
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        with contextlib.suppress(*refusals):
            resource.setrlimit(resource.RLIMIT_AS, (before, hard))


@contextlib.contextmanager
def limit_processor_time(most_s: float) -> Iterator[None]:
    """End this process by SIGPROF, whatever library it is in, where work takes more processor time than this.

    By processor time and not by the clock, so that a machine with other work refuses nothing. Nothing on Windows.
    """
    if sys.platform == "win32":
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, most_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


@contextlib.contextmanager
def unlimited_processor_time() -> Iterator[None]:
    """Within `limit_processor_time`: what is done now does not count."""
    if sys.platform == "win32":
        yield
        return
    left_s, _ = signal.setitimer(signal.ITIMER_PROF, 0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, left_s)


def give_up_privileges() -> None:
    """Nothing that this process starts gets more rights than it has.

    Raises:
        OSError: the kernel refuses.
    """
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)


def hide_memory() -> None:
    """Other processes of the same person cannot read this one's memory, and it leaves no core file.

    Raises:
        OSError: the kernel refuses.
    """
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)


def end_children_with_this_process() -> None:
    """Whatever ends this process, its children end with it. On Windows; elsewhere each child sees to it itself."""
    if sys.platform == "win32":
        with contextlib.suppress(OSError):
            job_windows.end_children_with_this_process()


def die_with_parent() -> None:
    """Have this process killed when the thread that started it ends; nothing where there is no such thing.

    Raises:
        OSError: the kernel refuses.
    """
    if kernel.is_linux():
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
