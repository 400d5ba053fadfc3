"""Captures for whoever asks: the hotkey, the tray, a button, a second start with `--capture`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from desktop_vlm.api.errors import UserError
from desktop_vlm.ui.desktop.capture.backend import Ask, CaptureBackend, Outcome
from desktop_vlm.ui.desktop.capture.backends import preferred_backend
from desktop_vlm.ui.desktop.capture.countdown import Countdown, Trace
from desktop_vlm.ui.desktop.capture.encoding import encode, screenshot_name
from desktop_vlm.ui.desktop.capture.mode import CaptureMode, Purpose
from desktop_vlm.ui.desktop.capture.region import Region, grab_region
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.theme import Theme

_SETTLE_MS = 300
"""The countdown is gone for so long before the capture: what was under it has to be drawn again by its program."""
_LOOK_AGAIN_MS = 50
"""While it is not."""
_UNSEEN_MS = 2000
"""A countdown that nothing shows until then runs all the same."""
_PREPARE_AFTER_MS = 1000
"""What a capture needs is loaded in spare time after the start, so that the first one is as quick as any."""
_COUNTED_MS = 1000
"""A shorter delay is not counted down: it is there for our own window to disappear."""


class CaptureService(QObject):
    """One capture at a time.

    Hide what must not be in the picture before `capture`; after hiding a window, other programs need some
    milliseconds to draw what was under it (a `delay_s` of 0.1 will do).

    Attributes:
        busy: a capture is under way, its delay and the person's choosing included.

    Signals:
        captured: the NewPicture, a PNG of exactly the selected pixels.
        taken: a NewPicture that is not to be asked about, and the Purpose of it.
        cancelled: the person gave up.
        failed: one plain sentence with the way out.
        question_due: the desktop has to ask whether screenshots are allowed, and does so only for a program in front.
            Bring a window there, say what will happen, and call `ask`.
        question_over: it was answered. Hide what must not be in the picture, and call `go_on`.
    """

    captured = Signal(object)
    taken = Signal(object, Purpose)
    cancelled = Signal()
    failed = Signal(str)
    question_due = Signal()
    question_over = Signal()

    def __init__(
        self,
        theme: Theme,
        parent: QObject | None = None,
        *,
        make_backend: Callable[[Theme, QObject], CaptureBackend] = preferred_backend,
    ) -> None:
        """`make_backend` gives how pictures come about; it is called once, soon or with the first capture."""
        super().__init__(parent)
        self._theme = theme
        self._make_backend = make_backend
        self._backend: CaptureBackend | None = None
        self._background = Background(self)
        self._grabbed: Region | None = None
        self._ask: Ask | None = None
        self._mode = CaptureMode.REGION
        self._has_tools = self._shows_tools = False
        self._countdown: Countdown | None = None
        self._trace: Trace | None = None
        self._delay = QTimer(self, singleShot=True)
        self._delay.timeout.connect(self._start)
        self._is_busy = False
        QTimer.singleShot(_PREPARE_AFTER_MS, self, self._prepared_backend)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.cancel)

    @property
    def busy(self) -> bool:
        return self._is_busy

    def capture(
        self,
        mode: CaptureMode = CaptureMode.REGION,
        delay_s: float = 0.0,
        *,
        has_tools: bool = False,
        shows_tools: bool = False,
    ) -> None:
        """Begin, and return at once; ignored while another capture is under way.

        Args:
            mode: what to capture.
            delay_s: before the screen is taken.
            has_tools: whether the picture can be drawn on, copied and saved while it is chosen.
            shows_tools: whether these wait beside every selection.
        """
        if self._is_busy:
            return
        self._has_tools, self._shows_tools = has_tools, shows_tools
        self._is_busy = True
        self._grabbed = None
        self._mode = mode
        delay_ms = round(max(0.0, delay_s) * 1000)
        if delay_ms >= _COUNTED_MS:
            self._count_down(delay_ms)
        else:
            self._delay.start(delay_ms)

    def ask(self) -> None:
        """Have the desktop ask what is due; nothing where the capture was given up meanwhile."""
        ask, self._ask = self._ask, None
        if self._is_busy and ask is not None:
            ask(self.question_over.emit)

    def go_on(self) -> None:
        """Capture after the question."""
        if self._is_busy:
            self._start()

    def _count_down(self, delay_ms: int) -> None:
        """The time runs from the moment in which it can be seen; on a busy machine that is later than now."""
        counted_ms = delay_ms - _SETTLE_MS
        countdown = self._countdown = Countdown(self._theme, counted_ms)
        countdown.cancelled.connect(self._cancelled)
        countdown.ended.connect(self._counted)
        countdown.show()
        QTimer.singleShot(_UNSEEN_MS, countdown, countdown.begin)

    def _counted(self) -> None:
        countdown = self._countdown
        self._trace = Trace(countdown) if countdown is not None else None
        self._end_countdown()
        self._delay.start(_SETTLE_MS)

    @property
    def last_region(self) -> Region | None:
        """Where the capture was taken that came last; None where that is not known."""
        if self._grabbed is not None:
            return self._grabbed
        return self._backend.last_region if self._backend is not None else None

    def grab(self, region: Region) -> None:
        """Take a region as it is now, at once and without asking; ignored while another capture is under way."""
        if self._is_busy:
            return
        self._is_busy = True
        self._grabbed = region
        try:
            image = grab_region(region)
        except UserError as error:
            self._failed(str(error))
            return
        work = partial(encode, image, image.rect(), screenshot_name(datetime.now()))
        self._background.run(work, self._captured, self._failed)

    def cancel(self) -> None:
        """Give up what is under way, if anything; tells nobody."""
        self._delay.stop()
        self._trace = None
        self._end_countdown()
        if self._is_busy and self._backend is not None:
            self._backend.cancel()
        self._is_busy = False

    def _start(self) -> None:
        if self._trace is not None and self._trace.is_there():
            self._delay.start(_LOOK_AGAIN_MS)
            return
        self._trace = None
        taken = self._taken if self._has_tools else None
        outcome = Outcome(self._captured, self._cancelled, self._failed, taken, self._shows_tools, self._unasked)
        self._prepared_backend().start(self._mode, outcome)

    def _unasked(self, ask: Ask) -> None:
        self._ask = ask
        self.question_due.emit()

    def _prepared_backend(self) -> CaptureBackend:
        if self._backend is None:
            self._backend = self._make_backend(self._theme, self)
        return self._backend

    def _end_countdown(self) -> None:
        countdown, self._countdown = self._countdown, None
        if countdown is not None:
            countdown.hide()
            countdown.deleteLater()

    def _captured(self, picture: NewPicture) -> None:
        if not self._is_busy:  # it was given up meanwhile
            return
        self._is_busy = False
        self.captured.emit(picture)

    def _taken(self, picture: NewPicture, purpose: Purpose) -> None:
        self._is_busy = False
        self.taken.emit(picture, purpose)

    def _cancelled(self) -> None:
        self._delay.stop()
        self._end_countdown()
        self._is_busy = False
        self.cancelled.emit()

    def _failed(self, sentence: str) -> None:
        self._is_busy = False
        self.failed.emit(sentence)
