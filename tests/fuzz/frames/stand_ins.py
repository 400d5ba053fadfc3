"""Processes that are none: their output is what the fuzzer says, or what a good one would say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import QByteArray, QObject, QProcess, QTimer, Signal

from desktop_vlm.service import framing
from desktop_vlm.service.blocking_child import EndedError
from desktop_vlm.service.framing import Framed, FrameReader
from desktop_vlm.service.pulse import Pulse

Answer = Callable[[Any], bytes]
"""What a process writes when it gets a message."""


class StandInProcess(QObject):
    """Has of `QProcess` what `ui.child_process` uses. What it is sent is answered by `answer`, in the next turn."""

    readyReadStandardOutput = Signal()  # noqa: N815 - Qt's names
    readyReadStandardError = Signal()  # noqa: N815
    errorOccurred = Signal(object)  # noqa: N815
    finished = Signal(int, object)
    ProcessError = QProcess.ProcessError
    ExitStatus = QProcess.ExitStatus
    ProcessState = QProcess.ProcessState

    kinds: Any = None
    answer: Answer = staticmethod(lambda _message: b"")
    living: StandInProcess | None = None

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._reader = FrameReader[Any](type(self).kinds)
        self._output = b""
        self._is_over = False
        StandInProcess.living = self

    def setProgram(self, _program: str) -> None: ...
    def setArguments(self, _arguments: list[str]) -> None: ...
    def setWorkingDirectory(self, _folder: str) -> None: ...
    def setProcessEnvironment(self, _environment: object) -> None: ...
    def start(self) -> None: ...
    def closeWriteChannel(self) -> None: ...

    def processId(self) -> int:
        return 0 if self._is_over else 4711

    def isOpen(self) -> bool:
        return not self._is_over

    def state(self) -> QProcess.ProcessState:
        return QProcess.ProcessState.NotRunning if self._is_over else QProcess.ProcessState.Running

    def waitForFinished(self, _ms: int) -> bool:
        return True

    def readAllStandardError(self) -> QByteArray:
        return QByteArray(b"")

    def readAllStandardOutput(self) -> QByteArray:
        data, self._output = self._output, b""
        return QByteArray(data)

    def write(self, data: bytes) -> None:
        for message in self._reader.feed(bytes(data)):
            written = type(self).answer(message)
            if written:
                QTimer.singleShot(0, self, partial(self.say, written))

    def say(self, data: bytes) -> None:
        if not self._is_over:
            self._output += data
            self.readyReadStandardOutput.emit()

    def kill(self) -> None:
        if not self._is_over:
            self._is_over = True
            if StandInProcess.living is self:
                StandInProcess.living = None
            QTimer.singleShot(0, self, lambda: self.finished.emit(9, QProcess.ExitStatus.CrashExit))


class StandInChild:
    """Has of `BlockingChild` what its clients use: it says `data` in `pieces`, then nothing, until it is ended."""

    pieces: ClassVar[list[bytes]] = []
    living = 0

    def __init__(self, _command: Any, reader: FrameReader[Any], _hello: Framed, *_others: Any) -> None:
        self._reader = reader
        self.is_running = True
        self.pid = 4711
        StandInChild.living += 1

    def send(self, message: Framed) -> None:
        framing.encode(message)

    def messages(self) -> Iterator[Any]:
        left = type(self).pieces
        while left:
            try:
                yield from self._reader.feed(left.pop(0))
            except framing.ProtocolError:
                break
        raise EndedError("it gave no sign of life", "")

    def kill(self) -> None: ...

    def close(self) -> None:
        if self.is_running:
            StandInChild.living -= 1
        self.is_running = False


class Recorded:
    """In place of a child's own pipes: what it sends is kept, if the other side would take it."""

    def __init__(self, other_side: Callable[[], FrameReader[Any]]) -> None:
        self.sent: list[Any] = []
        self._other_side = other_side

    def send(self, message: Framed) -> None:
        (received,) = self._other_side().feed(b"".join(framing.encode(message)))
        if not isinstance(received, Pulse):
            self.sent.append(received)
