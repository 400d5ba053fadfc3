"""What macOS lets a process give up without an entitlement: starting others, large files, being looked into.

There is no sandbox in this: reading files and connecting stay possible, since `sandbox_init` is deprecated and its
profiles are private to Apple. Tested with fakes of the calls only: nobody has run it on macOS yet, and `doctor` says
so.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol

_PT_DENY_ATTACH = 31
_MOST_FILE_BYTES = 1 << 20
"""What a process says before it crashes goes to a temporary file of its parent."""


class Calls(Protocol):
    """What is used of the system; each raises OSError or ValueError where it refuses."""

    def set_limit(self, name: str, most: int) -> None:
        """A limit of the `resource` module, by its name."""

    def ptrace(self, request: int) -> None:
        """The call of that name, about this process."""


class Darwin:
    """The real calls."""

    def set_limit(self, name: str, most: int) -> None:
        if sys.platform != "win32":
            import resource  # not on Windows

            resource.setrlimit(getattr(resource, name), (most, most))

    def ptrace(self, request: int) -> None:
        from desktop_vlm.system.sandbox import kernel

        kernel.ptrace(request)


def give_up(*, starts_programs: bool, calls: Calls | None = None) -> dict[str, str]:
    """Give it up, for good; name of a protection -> why it does not hold.

    Args:
        starts_programs: whether this process goes on starting others.
        calls: of macOS.
    """
    calls = calls or Darwin()
    failed: dict[str, str] = {}
    steps: dict[str, Callable[[], None]] = {"memory": lambda: calls.ptrace(_PT_DENY_ATTACH)}
    if not starts_programs:  # what computes on GPUs keeps compiled programs for them
        steps["writing"] = lambda: calls.set_limit("RLIMIT_FSIZE", _MOST_FILE_BYTES)
        steps["processes"] = lambda: calls.set_limit("RLIMIT_NPROC", 0)
    for name, step in steps.items():
        try:
            step()
        except (OSError, ValueError) as error:
            failed[name] = str(error)
    return failed
