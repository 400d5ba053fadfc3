"""SHA-256 that can be continued after the program was killed; hashlib cannot save its state (`_sha256.c`)."""

from __future__ import annotations

import ctypes
import hashlib
import struct
import sys
from functools import cache
from pathlib import Path
from typing import Any

_LIBRARY_NAME = "_sha256.dll" if sys.platform == "win32" else "_sha256.so"
"""A plain library, no module of one Python version: see `setup.py`."""

_STATE = struct.Struct("=Q8I64s")  # struct sha256 in C
_START = _STATE.pack(
    0,
    *(0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19),
    bytes(64),
)


class ResumableSha256:
    """The hash of bytes that come in order, perhaps over several runs of the program.

    Where the C part was not compiled it is hashlib's, and `state` is empty.
    """

    def __init__(self, state: bytes = b"") -> None:
        """`state`: of an earlier hash that this one continues.

        Raises:
            ValueError: it is no such state, or cannot be continued here.
        """
        self._update = _update_function()
        if state and (self._update is None or len(state) != _STATE.size):
            raise ValueError("not a state that can be continued here")
        self._state = bytearray(state or _START)
        self._hashlib = hashlib.sha256() if self._update is None else None

    @property
    def state(self) -> bytes:
        """What to keep in order to continue later; empty where that is not possible."""
        return b"" if self._hashlib else bytes(self._state)

    def update(self, data: bytes | memoryview) -> None:
        """Add bytes; other threads run meanwhile."""
        if self._hashlib:
            self._hashlib.update(data)
        else:
            _add(self._update, self._state, data)

    def hexdigest(self) -> str:
        """The hash of what came so far, as 64 hexadecimal digits."""
        if self._hashlib:
            return self._hashlib.hexdigest()
        state = bytearray(self._state)
        n_bytes = _STATE.unpack(state)[0]
        _add(self._update, state, b"\x80" + bytes((55 - n_bytes) % 64) + struct.pack(">Q", 8 * n_bytes))
        return struct.pack(">8I", *_STATE.unpack(state)[1:9]).hex()


def _add(update: Any, state: bytearray, data: bytes | memoryview) -> None:
    struct_address = (ctypes.c_char * len(state)).from_buffer(state)
    if isinstance(data, bytes):
        update(struct_address, data, len(data))
    else:
        update(struct_address, (ctypes.c_char * data.nbytes).from_buffer(data), data.nbytes)


@cache
def _update_function() -> Any:
    """The C function, or None where it was not compiled or does not load."""
    path = Path(__file__).with_name(_LIBRARY_NAME)
    try:
        update = ctypes.CDLL(str(path)).desktop_vlm_sha256_update
    except (OSError, AttributeError):
        return None
    update.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
    update.restype = None
    return update
