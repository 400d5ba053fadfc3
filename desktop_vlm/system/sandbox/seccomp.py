"""seccomp: system calls that a process which computes has no use for are refused with EPERM.

The filter is a program for the kernel's own little machine (linux/filter.h): it looks at the number of each system
call, and at the first argument of `clone` and `socket`. Everything that is not listed is let through, so that a new
libc or driver goes on working.

NVIDIA's driver does not start without a local socket that it listens at; such a one may be made where GPUs are used,
but nobody can be connected to.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from dataclasses import dataclass

from desktop_vlm.system.sandbox import kernel

_MODE_FILTER = 2
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000  # with an errno in the lower half
_LOAD_WORD, _JUMP_IF_EQUAL, _JUMP_IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16  # in struct seccomp_data, little-endian
_THREAD = 0x00010000  # of clone's flags
_X32_BIT = 0x40000000
_AF_UNIX = 1
_OF_DRIVERS = ("bind", "listen")
"""Calls of NVIDIA's driver beside `socket`."""


@dataclass(frozen=True)
class _Machine:
    """The numbers of an architecture.

    Attributes:
        audit: how the kernel names it in a filter.
        calls: those that are refused, each with its number.
        clone, clone3: the ways to a new thread or process.
    """

    audit: int
    calls: str
    clone: int
    clone3: int = 435

    @property
    def numbers(self) -> dict[str, int]:
        """The calls by name."""
        pairs = (call.partition("=") for call in (self.calls + _ON_EVERY_MACHINE).split())
        return {name: int(number) for name, _, number in pairs}


_ON_EVERY_MACHINE = "pidfd_getfd=438 io_uring_setup=425 open_tree=428 move_mount=429 fsopen=430"
_X86_64 = """
    socket=41 connect=42 accept=43 bind=49 listen=50 accept4=288
    fork=57 vfork=58 execve=59 execveat=322
    ptrace=101 process_vm_readv=310 process_vm_writev=311 kcmp=312
    mount=165 umount2=166 pivot_root=155 chroot=161 unshare=272 setns=308
    keyctl=250 add_key=248 request_key=249 bpf=321 perf_event_open=298 userfaultfd=323
    init_module=175 finit_module=313 delete_module=176 kexec_load=246 kexec_file_load=320
    open_by_handle_at=304 reboot=169 swapon=167 swapoff=168 acct=163 personality=135
"""
_AARCH64 = """
    socket=198 connect=203 accept=202 bind=200 listen=201 accept4=242
    execve=221 execveat=281
    ptrace=117 process_vm_readv=270 process_vm_writev=271 kcmp=272
    mount=40 umount2=39 pivot_root=41 chroot=51 unshare=97 setns=268
    keyctl=219 add_key=217 request_key=218 bpf=280 perf_event_open=241 userfaultfd=282
    init_module=105 finit_module=273 delete_module=106 kexec_load=104 kexec_file_load=294
    open_by_handle_at=265 reboot=142 swapon=224 swapoff=225 acct=89 personality=92
"""
_MACHINES = {
    "x86_64": _Machine(0xC000003E, _X86_64, clone=56),
    "aarch64": _Machine(0xC00000B7, _AARCH64, clone=220),
}


def is_known() -> bool:
    """Whether there is a filter for this machine."""
    return kernel.is_linux() and platform.machine() in _MACHINES


def refuse_calls(*, gpus: bool) -> None:
    """Refuse those calls to this process, from now on and for good; `limits.give_up_privileges` comes first.

    Args:
        gpus: whether what a GPU's driver takes is let through.

    Raises:
        OSError: the kernel refuses, or has no filters.
    """
    program = _program(_MACHINES[platform.machine()], gpus)
    code = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    kernel.prctl(kernel.PR_SET_SECCOMP, _MODE_FILTER, ctypes.create_string_buffer(head, len(head)))


def _program(machine: _Machine, gpus: bool) -> bytes:
    """Instructions of 8 bytes: what it does, how far to jump if so and if not, and a number."""
    refuse, unknown_call = _REFUSE | errno.EPERM, _REFUSE | errno.ENOSYS
    steps = [
        (_LOAD_WORD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_IF_EQUAL, 1, 0, machine.audit),
        (_RETURN, 0, 0, refuse),  # calls of another architecture have other numbers
        (_LOAD_WORD, 0, 0, _NUMBER_AT),
        (_JUMP_IF_ANY_BIT, 0, 1, _X32_BIT),
        (_RETURN, 0, 0, refuse),
    ]
    refused = machine.numbers
    if gpus:
        for name in _OF_DRIVERS:
            del refused[name]
        steps += [
            (_JUMP_IF_EQUAL, 0, 4, refused.pop("socket")),
            (_LOAD_WORD, 0, 0, _FIRST_ARGUMENT_AT),
            (_JUMP_IF_EQUAL, 0, 1, _AF_UNIX),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, refuse),
        ]
    for number in sorted(refused.values()):
        steps += [(_JUMP_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, refuse)]
    steps += [
        (_JUMP_IF_EQUAL, 0, 1, machine.clone3),
        (_RETURN, 0, 0, unknown_call),  # its flags cannot be seen from here; libc then takes clone
        (_JUMP_IF_EQUAL, 0, 3, machine.clone),
        (_LOAD_WORD, 0, 0, _FIRST_ARGUMENT_AT),
        (_JUMP_IF_ANY_BIT, 1, 0, _THREAD),
        (_RETURN, 0, 0, refuse),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("<HBBI", *step) for step in steps)
