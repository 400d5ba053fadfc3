"""Giving way to other programs on Windows, which Python has no function for."""

from __future__ import annotations

import sys

_BELOW_NORMAL = 0x4000


def give_way() -> None:
    """Leave the processor to programs of normal priority; does nothing elsewhere than on Windows."""
    if sys.platform == "win32":
        import ctypes

        kernel32 = ctypes.WinDLL("kernel32")
        kernel32.GetCurrentProcess.restype = ctypes.c_void_p
        kernel32.SetPriorityClass.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
        kernel32.SetPriorityClass(kernel32.GetCurrentProcess(), _BELOW_NORMAL)
