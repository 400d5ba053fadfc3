"""Runs in a terminal emulator: writes what comes through a socket, and says where the cursor is then.

    python feeder.py SOCKET

Each message is four bytes of length and as many to write; the answer is one line, "COLUMNS ROWS ROW COLUMN". It is
given once the emulator has answered where its cursor is, so it has read everything before that.
"""

from __future__ import annotations

import fcntl
import os
import re
import socket
import struct
import sys
import termios
import tty

_WHERE = b"\x1b[6n"
_PLACE = re.compile(rb"\x1b\[(\d+);(\d+)R")


def _all(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            sys.exit(0)
        data += part
    return data


def _place() -> tuple[int, int]:
    """Where the emulator says that the cursor is, from 1."""
    said = b""
    while not (found := _PLACE.search(said)):
        said += os.read(0, 64)
    return int(found[1]), int(found[2])


def main() -> None:
    """Serve until the other side hangs up."""
    tty.setraw(0)
    termios.tcflush(0, termios.TCIFLUSH)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(sys.argv[1])
    while True:
        (count,) = struct.unpack(">I", _all(connection, 4))
        data = _all(connection, count) + _WHERE
        while data:
            data = data[os.write(1, data) :]
        row, column = _place()
        rows, columns = struct.unpack("HHHH", fcntl.ioctl(1, termios.TIOCGWINSZ, b"\0" * 8))[:2]
        connection.sendall(f"{columns} {rows} {row} {column}\n".encode())


if __name__ == "__main__":
    main()
