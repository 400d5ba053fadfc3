"""The few calls of the Linux kernel that Python does not have."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import lru_cache

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38


@lru_cache(maxsize=1)
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def prctl(option: int, argument: int, pointer: object = 0) -> None:
    """Change something about this process or thread: the system call of that name, with one or two arguments.

    Raises:
        OSError: the kernel refuses.
    """
    _checked(_libc().prctl(option, ctypes.c_ulong(argument), pointer or ctypes.c_ulong(0), 0, 0))


def system_call(number: int, *arguments: object) -> int:
    """A system call by its number.

    Args:
        number: of the call.
        arguments: integers, or pointers of ctypes.

    Raises:
        OSError: the kernel refuses, or does not know the call.
    """
    given = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    return _checked(_libc().syscall(ctypes.c_long(number), *given))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def ptrace(request: int) -> None:
    """The call of that name, about this process.

    Raises:
        OSError: the kernel refuses.
    """
    _checked(_libc().ptrace(request, 0, 0, 0))


def is_linux() -> bool:
    """Whether any of this is there."""
    return sys.platform == "linux"
