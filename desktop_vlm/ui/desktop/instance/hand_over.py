"""The second start's side: without Qt, because a key of the desktop waits for it."""

from __future__ import annotations

import socket
import sys
import time
from dataclasses import replace

from desktop_vlm.ui.desktop.instance.command import ACCEPTED, Command, activation_token, encode

_RETRY_S = 0.02


def hand_over(name: str, command: Command, timeout_s: float = 2.0, *, is_running: bool = False) -> bool:
    """Give a command to the running program; whether it took it.

    Args:
        name: `instance_name()`.
        command: without a token it gets the one of this process.
        timeout_s: until the running program must have taken it.
        is_running: `claim` found another program; it may not listen yet, so it is tried until `timeout_s` is over.
            Else nobody there means False at once.

    Raises:
        UserError: the command is too long.
    """
    end = time.monotonic() + timeout_s
    message = encode(command if command.activation_token else replace(command, activation_token=activation_token()))
    send = _send_through_qt if sys.platform == "win32" else _send
    while True:
        try:
            return send(name, message, end)
        except ConnectionError:
            if not is_running or time.monotonic() + _RETRY_S >= end:
                return False
            time.sleep(_RETRY_S)


def _send(name: str, message: bytes, end: float) -> bool:
    """Whether the message was taken; no second try once there was a connection, lest it is done twice.

    Raises:
        ConnectionError: nobody listens.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.settimeout(_left_s(end))
            connection.connect(name)
        except OSError as error:  # no such file, refused by what a crash left behind, path too long
            raise ConnectionError from error
        try:
            connection.sendall(message)
            connection.settimeout(_left_s(end))
            return connection.recv(len(ACCEPTED)) == ACCEPTED
        except OSError:
            return False


def _send_through_qt(name: str, message: bytes, end: float) -> bool:
    """The same for the pipes of Windows. Untested on a real one; here it runs over Qt's Unix sockets."""
    from PySide6.QtNetwork import QLocalSocket  # a second start elsewhere does without

    connection = QLocalSocket()
    connection.connectToServer(name)
    if not connection.waitForConnected(_left_ms(end)):
        raise ConnectionError
    connection.write(message)
    connection.waitForBytesWritten(_left_ms(end))
    connection.waitForReadyRead(_left_ms(end))
    return connection.read(len(ACCEPTED)).data() == ACCEPTED


def _left_s(end: float) -> float:
    return max(0.001, end - time.monotonic())


def _left_ms(end: float) -> int:
    return round(_left_s(end) * 1000)
