"""What everybody knows who runs one of our modules as a child process: how it is started, and why it ended."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop_vlm.system.own_modules import child_command, child_folder

__all__ = [
    "DEVICE_LOST",
    "NO_MEMORY",
    "SILENT",
    "TOO_SLOW",
    "child_command",
    "child_environment",
    "child_folder",
    "one_sentence",
    "why_it_ended",
    "why_it_was_ending",
]

_MOST_SENTENCE = 1000

NO_MEMORY = "memory ran out"
"""The reason of an end that people can do something about."""

DEVICE_LOST = "the GPU's driver gave the GPU up"
"""The reason of one that GPUs' drivers brought about, where the GPU failed or was busy for too long."""

SILENT = "it gave no sign of life"
"""The reason of one that its parent ended, since it said nothing for too long."""

TOO_SLOW = "it took too much processor time"
"""The reason of one that a limit of its own brought about; see `sandbox.limit_processor_time`."""

_SIGNALS = {
    4: "this processor lacks an instruction that it was built for (signal 4)",
    6: "it met a failed check and gave up (signal 6)",
    7: "its model file changed or went away under it (signal 7)",
    8: "it made an arithmetic error (signal 8)",
    9: "it was killed (signal 9)",
    10: "its model file changed or went away under it (signal 10)",
    11: "it crashed (signal 11)",
    15: "it was asked to end (signal 15)",
    27: TOO_SLOW,
}
_NO_MEMORY = re.compile(
    r"out[ _]?of[ _]?(?:(?:device|host|pool)[ _]?)?memory|failed to allocate|unable to allocate|cudaMalloc failed|"
    r"std::bad_alloc",
    re.IGNORECASE,
)
_DEVICE_LOST = re.compile(r"device[ _]?lost", re.IGNORECASE)
"""Vulkan's `ErrorDeviceLost` and SYCL's `DEVICE_LOST`, which reach nobody but the process's stderr: they are exceptions
of C++ that end it, as `ErrorOutOfDeviceMemory` is."""

_ENDING = re.compile(r"terminate called|libc\+\+abi: terminating|^Fatal Python error|^Windows fatal exception")
"""What the runtimes of C++ and Python write when a process is about to end by a signal."""


def child_environment() -> dict[str, str]:
    """What is added to the environment of a child: what it writes before it crashes should arrive."""
    return {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}


def one_sentence(text: str) -> str:
    """What a child says to a person, as one line that fits a window; it may be anything."""
    shown = " ".join("".join(char if char.isprintable() else " " for char in text[: 2 * _MOST_SENTENCE]).split())
    return shown if len(shown) <= _MOST_SENTENCE else f"{shown[: _MOST_SENTENCE - 1]}…"


def why_it_ended(code: int, *, crashed: bool, log: Sequence[str]) -> str:
    """Why a process ended by itself. Where memory was short, its last lines say so, and no code does.

    Args:
        code: its exit code, or the number of the signal that ended it.
        crashed: whether a signal ended it.
        log: what it wrote to stderr.
    """
    if crashed and (cause := _cause(log)):
        return cause
    if crashed:
        return _SIGNALS.get(code, f"it crashed (code {code & 0xFFFFFFFF:#x})" if code > 64 else f"signal {code}")
    return f"it ended by itself (exit code {code})"


def why_it_was_ending(log: Sequence[str]) -> str:
    """Why a process that did not get on was about to end anyway, or "".

    On a busy machine a process that crashes may need longer for it than it may be silent; whoever ended it for that
    should know what of.
    """
    return _cause(log) if any(_ENDING.search(line) for line in _own_words(log)) else ""


def _cause(log: Sequence[str]) -> str:
    """What the last lines of a process that crashed say it lacked, or ""."""
    last = _own_words(log)
    if any(_NO_MEMORY.search(line) for line in last):
        return NO_MEMORY
    return DEVICE_LOST if any(_DEVICE_LOST.search(line) for line in last) else ""


def _own_words(log: Sequence[str]) -> list[str]:
    """The last lines, without Python's stack, which may be long."""
    return [line for line in log if not line.startswith("  File ")][-30:]
