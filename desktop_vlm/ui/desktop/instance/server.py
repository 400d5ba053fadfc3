"""The running program's side: holds the lock, listens, and lets only this person's well-formed commands through."""

from __future__ import annotations

import logging
import os
import socket
import struct
import sys
from pathlib import Path

from PySide6.QtCore import QLockFile, QMetaMethod, QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from desktop_vlm.ui.desktop.instance.address import instance_name
from desktop_vlm.ui.desktop.instance.command import ACCEPTED, LENGTH, MAX_BYTES, decode

if sys.platform != "win32":
    import fcntl

_log = logging.getLogger(__name__)

_PATIENCE_MS = 5000
"""For a visitor that does not finish its message."""


class SingleInstance(QObject):
    """The claim to be the one program of this person.

    Later starts wait until somebody listens to `received`, so that no command is taken and then lost while the
    window is being made.

    Signals:
        received: a `Command` of a later start.
    """

    received = Signal(object)

    def __init__(self, name: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name or instance_name()
        self._lock = _Lock(self._name)
        self._server: QLocalServer | None = None
        self._messages: dict[QLocalSocket, bytearray] = {}

    def claim(self) -> bool:
        """Become the one program and listen; False if another one runs.

        The lock decides, not the socket: the system gives it to exactly one of several that start at once and takes
        it back from one that crashes, so whoever holds it may remove a socket that is left over. Where there can be
        no lock, as on a full disk, the program runs all the same.
        """
        try:
            if not self._lock.take():
                return False
        except OSError as error:
            _log.warning("Later starts will open a window of their own: %s", error)
            return True
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._welcome)
        QLocalServer.removeServer(self._name)
        if not server.listen(self._name):
            _log.warning("Later starts cannot reach this window: %s", server.errorString())
        self._server = server
        return True

    def close(self) -> None:
        """Listen no longer; the next start is the first again."""
        if self._server:
            self._server.close()
            self._server = None
        self._lock.give_back()

    def connectNotify(self, signal: QMetaMethod) -> None:
        if signal == QMetaMethod.fromSignal(self.received):
            QTimer.singleShot(0, self, self._welcome)  # it is connected once this method has returned

    def _welcome(self) -> None:
        if not self.isSignalConnected(QMetaMethod.fromSignal(self.received)):
            return
        while self._server and (visitor := self._server.nextPendingConnection()):
            if not is_same_user(visitor.socketDescriptor()):
                _refuse(visitor, "it came from another user")
                continue
            self._messages[visitor] = bytearray()
            # Methods, as these do not keep this object alive: a visitor's end must never be ours.
            visitor.readyRead.connect(self._more_came)
            visitor.disconnected.connect(self._left)
            QTimer.singleShot(_PATIENCE_MS, visitor, visitor.abort)
            self._read(visitor)

    def _more_came(self) -> None:
        visitor = self.sender()
        assert isinstance(visitor, QLocalSocket)
        self._read(visitor)

    def _left(self) -> None:
        visitor = self.sender()
        assert isinstance(visitor, QLocalSocket)
        self._messages.pop(visitor, None)
        visitor.deleteLater()

    def _read(self, visitor: QLocalSocket) -> None:
        message = self._messages.get(visitor)
        if message is None:
            return
        # Never more than one message, whatever is sent.
        message += visitor.read(LENGTH.size + MAX_BYTES - len(message)).data()
        if len(message) < LENGTH.size:
            return
        length = LENGTH.unpack_from(message)[0]
        if length <= MAX_BYTES and len(message) < LENGTH.size + length:
            return
        del self._messages[visitor]
        try:
            if length > MAX_BYTES:
                raise ValueError("it is too long")
            command = decode(bytes(message[LENGTH.size : LENGTH.size + length]))
        except ValueError as error:
            _refuse(visitor, str(error))
            return
        visitor.write(ACCEPTED)
        # Before we begin, so that the other process ends. Where it has gone already it heard nothing, and may have
        # sent the same again: what cannot be acknowledged is not done.
        is_acknowledged = visitor.flush() and visitor.state() == QLocalSocket.LocalSocketState.ConnectedState
        visitor.disconnectFromServer()
        if is_acknowledged:
            self.received.emit(command)


def is_same_user(descriptor: int) -> bool:
    """Whether the process at the other end of a connection is this person's.

    The folder and the socket are closed to others already. Linux and macOS can tell who is there all the same; on
    Windows the pipe's own list of who may open it has to do.
    """
    if sys.platform == "win32":
        return True
    level, option, form = (
        (0, 1, "II")  # SOL_LOCAL, LOCAL_PEERCRED: version and user of `struct xucred`
        if sys.platform == "darwin"
        else (socket.SOL_SOCKET, socket.SO_PEERCRED, "iI")  # process and user of `struct ucred`
    )
    with socket.socket(fileno=os.dup(descriptor)) as connection:
        found = connection.getsockopt(level, option, 76)
    return bool(struct.unpack_from(form, found)[1] == os.getuid())


def _refuse(visitor: QLocalSocket, reason: str) -> None:
    _log.warning("A message of another process was ignored: %s.", reason)
    visitor.abort()
    visitor.deleteLater()


class _Lock:
    """A lock that the system takes back when this process ends, however it ends.

    Its file stays: were it removed, two programs could hold locks on two files of one name.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._descriptor = -1
        self._of_windows: QLockFile | None = None

    def take(self) -> bool:
        """False if another process has it.

        Raises:
            OSError: it cannot be made.
        """
        if sys.platform == "win32":
            self._of_windows = QLockFile(str(Path(os.environ["TEMP"]) / f"{self._name}.lock"))
            self._of_windows.setStaleLockTime(0)
            return self._of_windows.tryLock()
        descriptor = os.open(f"{self._name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def give_back(self) -> None:
        if self._of_windows:
            self._of_windows.unlock()
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
