"""Landlock: of the file system, only what is listed can be opened; of the network, nothing.

Numbers are those of the kernel's own header, linux/landlock.h; a newer kernel knows more of them (its "ABI").
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from contextlib import suppress
from enum import IntFlag
from pathlib import Path

from desktop_vlm.system.sandbox import kernel

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_ASK_FOR_VERSION = 1
_PATH_BENEATH = 1


class Right(IntFlag):
    """What a process may do with files."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REMOVE_DIR = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_CHAR = 1 << 6
    MAKE_DIR = 1 << 7
    MAKE_REG = 1 << 8
    MAKE_SOCK = 1 << 9
    MAKE_FIFO = 1 << 10
    MAKE_BLOCK = 1 << 11
    MAKE_SYM = 1 << 12
    REFER = 1 << 13  # since ABI 2
    TRUNCATE = 1 << 14  # since ABI 3
    IOCTL_DEV = 1 << 15  # since ABI 5


_READ = Right.READ_FILE | Right.READ_DIR
_DEVICE = Right.READ_FILE | Right.WRITE_FILE | Right.READ_DIR | Right.IOCTL_DEV | Right.TRUNCATE
_WRITE = (
    _READ | Right.WRITE_FILE | Right.REMOVE_FILE | Right.REMOVE_DIR | Right.MAKE_DIR | Right.MAKE_REG | Right.TRUNCATE
)
_OF_FILES = Right.EXECUTE | Right.READ_FILE | Right.WRITE_FILE | Right.TRUNCATE | Right.IOCTL_DEV
"""Rights that mean something for a file; a rule about one may name no other."""
_ALL_NETWORK = 0b11  # to bind and to connect TCP, since ABI 4
_ALL_SCOPES = 0b11  # abstract Unix sockets and signals to processes outside, since ABI 6


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def abi() -> int:
    """The kernel's version of Landlock; 0 where it has none or it is switched off."""
    if not kernel.is_linux():
        return 0
    with suppress(OSError):
        return kernel.system_call(_CREATE_RULESET, ctypes.c_void_p(None), 0, _ASK_FOR_VERSION)
    return 0


def restrict(reading: Iterable[Path], devices: Iterable[Path] = (), writing: Iterable[Path] = ()) -> None:
    """Let this process, from now on and for good, open nothing else. Paths that are not there are passed over.

    Args:
        reading: files, and folders with all in them, to read.
        devices: devices to use.
        writing: folders to change as well.

    Raises:
        OSError: the kernel refuses.
    """
    version = abi()
    handled = _known(version)
    ruleset = _Ruleset(handled, _ALL_NETWORK if version >= 4 else 0, _ALL_SCOPES if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset_fd = kernel.system_call(_CREATE_RULESET, ctypes.byref(ruleset), size, 0)
    try:
        for paths, rights in ((reading, _READ), (devices, _DEVICE), (writing, _WRITE)):
            for path in paths:
                _allow(ruleset_fd, path, rights & handled)
        kernel.system_call(_RESTRICT_SELF, ruleset_fd, 0)
    finally:
        os.close(ruleset_fd)


def _known(version: int) -> int:
    last = {1: Right.MAKE_SYM, 2: Right.REFER, 3: Right.TRUNCATE, 4: Right.TRUNCATE}.get(version, Right.IOCTL_DEV)
    return (int(last) << 1) - 1


def _allow(ruleset_fd: int, path: Path, rights: int) -> None:
    try:
        path_fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (OSError, ValueError):
        return
    try:
        allowed = rights if path.is_dir() else rights & _OF_FILES
        rule = _PathBeneath(allowed, path_fd)
        kernel.system_call(_ADD_RULE, ruleset_fd, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(path_fd)
