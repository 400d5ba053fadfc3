"""The text reader in a process of its own (`desktop_vlm.service.reader`), which there is only while it is needed.

What images nobody vouches for do to that process costs at most the image's own text: one that ended it twice is given
up, and those behind it are read. Nothing here waits, and no image is decoded or fetched on this thread.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from desktop_vlm import __version__
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.reading import MAX_FILE_BYTES
from desktop_vlm.service import reader_frames as frames
from desktop_vlm.service.child import child_command, one_sentence
from desktop_vlm.service.watchdog import Patience
from desktop_vlm.system.text_extra import missing_packages
from desktop_vlm.ui.child_process import ChildProcess
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.loading import PictureData, read_data
from desktop_vlm.ui.pictures.pdf import PdfPage
from desktop_vlm.ui.text_layer.no_reader import missing_sentence
from desktop_vlm.ui.text_layer.protocol import Availability
from desktop_vlm.ui.text_layer.waiting import Request, Waiting

_LOG = logging.getLogger(__name__)


def reader_command() -> tuple[str, ...]:
    """The program and arguments that run `desktop_vlm.service.reader`."""
    return child_command("desktop_vlm.service.reader")


@dataclass(frozen=True)
class Limits:
    """How patient to be, in seconds.

    Attributes:
        start_s: until the process has said hello.
        silence_s: without any sign of life while it works; it sends one each second.
        image_s: for one image; long, since beside a busy engine it gets a tenth of the processor.
        cancel_s: until a cancel has taken effect.
        idle_s: so long after its last image the process is ended, which gives its memory back.
        crashes: so many ends of the process give up the image that it was reading.
        starts: so many starts in a row that came to nothing give up all that wait.
    """

    start_s: float = 60.0
    silence_s: float = 20.0
    image_s: float = 600.0
    cancel_s: float = 1.5
    idle_s: float = 60.0
    crashes: int = 2
    starts: int = 2


class LocalReader(QObject):
    """Keeps to `protocol.TextReader`."""

    read = Signal(str, object)
    failed = Signal(str, str)
    availability_changed = Signal(object)

    def __init__(
        self, parent: QObject | None = None, *, command: Sequence[str] | None = None, limits: Limits | None = None
    ) -> None:
        """Make one; no process starts before the first image, or `prepare`.

        Args:
            parent: owner.
            command: program and arguments of the process.
            limits: how patient to be.
        """
        super().__init__(parent)
        self._command = tuple(command or reader_command())
        self._limits = limits or Limits()
        self._availability = Availability.MISSING if missing_packages() else Availability.READY
        self._background = Background(self)
        self._waiting = Waiting()
        self._ids = itertools.count(1)
        self._current: Request | None = None  # whose text is awaited
        self._busy_id = 0  # what the process reads, which may be one that nobody wants any more; 0 for nothing
        self._has_layer = False  # of that one, which has one page
        self._process: ChildProcess | None = None
        self._has_greeted = False
        self._vain_starts = 0
        self._is_closed = False
        self._image_timer = self._timer(self._limits.image_s, self._image_took_too_long)
        self._cancel_timer = self._timer(self._limits.cancel_s, self._cancel_took_too_long)
        self._idle_timer = self._timer(self._limits.idle_s, self._end_idle_process)

    @property
    def availability(self) -> Availability:
        return self._availability

    @property
    def pid(self) -> int:
        """Of the process; 0 while there is none."""
        return self._process.pid if self._process else 0

    def request(self, sha256: str, data: PictureData | PdfPage, *, urgent: bool = False) -> None:
        if self._availability == Availability.MISSING and not isinstance(data, PdfPage):
            QTimer.singleShot(0, self, lambda: self.failed.emit(sha256, missing_sentence()))
            return
        current = self._current
        if current is not None and current.sha256 == sha256:
            current.urgent = current.urgent or urgent
            return
        self._waiting.add(Request(sha256, data, urgent))
        if urgent and current is not None and not current.urgent:
            self._waiting.put_back(current)
            self._drop_current()
        QTimer.singleShot(0, self, self._next)

    def cancel(self, sha256: str) -> None:
        self._waiting.remove(sha256)
        if self._current is not None and self._current.sha256 == sha256:
            self._drop_current()
            self._next()

    def prepare(self) -> None:
        if self._availability == Availability.READY and not self._is_closed:
            self._start_process()
            if self._current is None:
                self._idle_timer.start()

    def close(self) -> None:
        self._is_closed = True
        self._waiting.clear()
        self._current = None
        for timer in (self._image_timer, self._cancel_timer, self._idle_timer):
            timer.stop()
        if self._process:
            self._process.close()
            self._process = None

    # One image

    def _next(self) -> None:
        if self._current is not None or self._busy_id or self._is_closed:
            return
        self._current = request = self._waiting.take()
        if request is None:
            self._idle_timer.start()
            return
        request.id = next(self._ids)
        self._idle_timer.stop()
        self._start_process()  # while the file is fetched
        work = partial(_fetch, request.data)
        self._background.run(work, partial(self._send, request.id), partial(self._finish, request.id, None))

    def _send(self, request_id: int, data: bytes) -> None:
        request = self._current
        if request is None or request.id != request_id or self._is_closed:
            return
        process = self._start_process()
        message = frames.Read(request_id, self.tr("The picture"), (data,))
        if isinstance(request.data, PdfPage):
            message = replace(message, pages=(request.data.number,), password=request.data.password)
        process.send(message)
        if self._has_greeted:
            process.watch(working=True)
        self._busy_id, self._has_layer = request_id, False
        self._image_timer.start()

    def _finish(self, request_id: int, layer: TextLayer | None, sentence: str = "") -> None:
        """An image was read, or could not be."""
        request = self._current
        if request is None or request.id != request_id:
            return
        self._current = None
        if layer is not None:
            self.read.emit(request.sha256, layer)
        else:
            self.failed.emit(request.sha256, sentence)
        self._next()

    def _drop_current(self) -> None:
        """Nobody waits for the current image now; if the process is at it, it gets a cancel."""
        self._current = None
        if self._busy_id and self._process:
            self._process.send(frames.Cancel(self._busy_id))
            if self._has_greeted:  # one that starts has not even heard what it was to read
                self._cancel_timer.start()

    def _is_current(self, request_id: int) -> bool:
        return self._current is not None and self._current.id == request_id

    # What the process says

    def _receive(self, message: frames.Message) -> None:
        if isinstance(message, frames.Hello):
            self._has_greeted = True
            self._vain_starts = 0
            if self._busy_id and not self._is_current(self._busy_id):
                self._cancel_timer.start()
            if self._process:
                self._process.watch(working=bool(self._busy_id))
        elif isinstance(message, frames.Failed) and not message.id:
            self._give_up_all(one_sentence(message.sentence))
        elif isinstance(message, frames.PageRead):
            if message.id != self._busy_id or self._has_layer or len(message.blobs) != 1:
                self._refuse()
                return
            self._has_layer = True
            work = partial(frames.decode_layer, *message.blobs)
            done = partial(self._finish, message.id)
            self._background.run(work, done, partial(self._finish, message.id, None))
        elif isinstance(message, frames.Done | frames.Cancelled | frames.Failed):
            self._take_end(message)

    def _take_end(self, message: frames.Done | frames.Cancelled | frames.Failed) -> None:
        """After `Done`, the layer may still be being decoded."""
        if message.id != self._busy_id:
            return
        has_layer = self._has_layer
        self._rest()
        if isinstance(message, frames.Failed):
            if message.blame in {"engine", "bug"}:
                _LOG.error("The text reader: %s%s", message.sentence, self._log())
            sentence = missing_sentence() if message.blame == "missing" else one_sentence(message.sentence)
            self._finish(message.id, None, sentence)
        elif not has_layer:  # a cancel that nobody sent, or no page at all
            self._finish(message.id, None, self.tr("The text of this picture cannot be read."))
        self._next()

    def _rest(self) -> None:
        """The process does nothing now."""
        self._busy_id = 0
        self._image_timer.stop()
        self._cancel_timer.stop()
        if self._process:
            self._process.watch(working=False)

    # The process

    def _start_process(self) -> ChildProcess:
        if self._process is not None:
            return self._process
        limits = self._limits
        process = ChildProcess(
            self._command,
            frames.FrameReader(frames.FromReader),
            start_s=limits.start_s,
            patience=Patience(limits.silence_s),
            parent=self,
        )
        self._process, self._has_greeted = process, False
        process.received.connect(self._receive)
        process.ended.connect(partial(self._on_ended, process))
        process.start()
        process.send(frames.Hello(__version__, frames.PROTOCOL, is_background=True))
        process.send(frames.Prepare())
        return process

    def _on_ended(self, process: ChildProcess, reason: str) -> None:
        if process is not self._process:
            return
        log, had_greeted, was_busy = self._log(), self._has_greeted, self._busy_id
        self._process = None
        self._rest()
        interrupted = self._current if self._is_current(was_busy) else None
        if not had_greeted:
            _LOG.error("The text reader did not start: %s%s", reason, log)
            self._vain_starts += 1
            if self._vain_starts >= self._limits.starts:
                self._give_up_all(self.tr("The text reader cannot be started: {reason}.").format(reason=reason))
                return
        elif interrupted is not None:
            _LOG.error("The text reader's process ended: %s%s", reason, log)
            interrupted.crashes += 1
            if interrupted.crashes >= self._limits.crashes:
                sentence = self.tr("The text of this picture cannot be read: {reason}.").format(reason=reason)
                self._finish(interrupted.id, None, sentence)
                return
        if interrupted is not None:
            self._current = None
            self._waiting.put_back(interrupted)
        self._next()

    def _give_up_all(self, sentence: str) -> None:
        """It is not the images' fault; whoever asks again later gets another try."""
        requests = self._waiting.clear()
        if self._current is not None:
            requests.insert(0, self._current)
        self._current = None
        self._vain_starts = 0
        for request in requests:
            self.failed.emit(request.sha256, sentence)

    def _image_took_too_long(self) -> None:
        request, process = self._current, self._process
        if request is not None and process is not None:
            process.kill("it took too long")
            self._finish(request.id, None, self.tr("The text of this picture takes too long to read."))

    def _refuse(self) -> None:
        if self._process is not None:
            self._process.kill("it sent what nobody asked for")

    def _cancel_took_too_long(self) -> None:
        if self._process is not None:
            self._process.kill("it did not notice a cancel")

    def _end_idle_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill("nobody needs it now")

    def _log(self) -> str:
        """The last lines that the process wrote."""
        lines = self._process.log if self._process else ()
        return "".join(f"\n  {line}" for line in lines[-20:])

    def _timer(self, seconds: float, timeout: Callable[[], None]) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=round(1000 * seconds))
        timer.timeout.connect(timeout)
        return timer


def _fetch(data: PictureData | PdfPage) -> bytes:
    """A file that a frame can hold.

    Raises:
        UserError: it is larger.
    """
    found = data.data if isinstance(data, PdfPage) else read_data(data)
    if len(found) > MAX_FILE_BYTES:
        raise UserError(
            QCoreApplication.translate("TextLayer", "This picture's file is too large for its text to be read.")
        )
    return found
