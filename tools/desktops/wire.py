"""Wayland's wire protocol, as far as sending input needs it.

https://wayland.freedesktop.org/docs/html/ch04.html
"""

from __future__ import annotations

import os
import socket
import struct
from pathlib import Path

_DISPLAY, _REGISTRY, _CALLBACK = 1, 2, 3
_LONGEST = 65536


def text(value: str) -> bytes:
    """A string as an argument."""
    data = value.encode() + b"\0"
    return struct.pack("=I", len(data)) + data + b"\0" * (-len(data) % 4)


def number(value: int) -> bytes:
    """An unsigned number as an argument."""
    return struct.pack("=I", value)


def fixed(value: float) -> bytes:
    """A number with 8 bits after the point as an argument."""
    return struct.pack("=i", round(value * 256))


class Wire:
    """A client's connection.

    Raises:
        OSError: the compositor is not there, or hung up on us.
    """

    def __init__(self, display: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(60)
        self._socket.connect(str(Path(os.environ["XDG_RUNTIME_DIR"]) / display))
        self._next = _CALLBACK
        self._globals: dict[str, tuple[int, int]] = {}
        self.send(_DISPLAY, 1, number(_REGISTRY))
        self.roundtrip()

    def send(self, target: int, opcode: int, *arguments: bytes) -> None:
        """Call the request with that number of an object."""
        body = b"".join(arguments)
        self._socket.sendall(struct.pack("=II", target, (8 + len(body)) << 16 | opcode) + body)

    def new_id(self) -> int:
        """The number of an object that is to be made."""
        self._next += 1
        return self._next - 1

    def bind(self, interface: str, version: int) -> int:
        """Our object for one of the compositor's globals.

        Raises:
            KeyError: it has none.
        """
        name, offered = self._globals[interface]
        made = self.new_id()
        self.send(_REGISTRY, 0, number(name), text(interface), number(min(version, offered)), number(made))
        return made

    def roundtrip(self) -> None:
        """Wait until the compositor has done all of the above."""
        callback = self.new_id()
        self.send(_DISPLAY, 0, number(callback))
        while True:
            target, opcode, body = self._event()
            if target == _DISPLAY and opcode == 0:
                raise OSError(f"the compositor: {body[12:].rstrip(bytes(1)).decode(errors='replace')}")
            if target == _REGISTRY and opcode == 0:
                name, length = struct.unpack_from("=II", body)
                interface = body[8 : 8 + length - 1].decode()
                self._globals[interface] = (name, struct.unpack_from("=I", body, len(body) - 4)[0])
            if target == callback:
                return

    def _event(self) -> tuple[int, int, bytes]:
        target, word = struct.unpack("=II", self._exactly(8))
        return target, word & 0xFFFF, self._exactly((word >> 16) - 8)

    def _exactly(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            more = self._socket.recv(min(length - len(data), _LONGEST))
            if not more:
                raise OSError("the compositor hung up")
            data += more
        return data
