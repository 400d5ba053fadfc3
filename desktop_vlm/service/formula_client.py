"""The formulas' process as a thread uses it, which asks and waits. Not for the window's thread."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from itertools import count

from desktop_vlm import __version__
from desktop_vlm.api.errors import EngineError
from desktop_vlm.markdown.formula import FormulaDrawing, FormulaKey, is_drawable, lay_out_uncached
from desktop_vlm.service import formula_frames as frames
from desktop_vlm.service.blocking_child import BlockingChild, EndedError
from desktop_vlm.service.child import SILENT, TOO_SLOW, child_command
from desktop_vlm.service.framing import ProtocolError
from desktop_vlm.service.watchdog import Patience

_LOG = logging.getLogger(__name__)

SILENCE_S = 20.0
"""A formula ends by itself at `formulas.PROCESSOR_S`; where there is no such limit, the process is ended after this."""
IDLE_S = 300.0
"""A process with nothing to do for so long is ended, and its memory returned; another one takes half a second."""
_ATTEMPTS = 2
"""For a formula whose process was ended by something else than its limit of time."""


class ClosedError(Exception):
    """There are to be no more formulas."""


class FormulaClient:
    """Lays out formulas over a process that it starts when one is needed; `close` ends it for good.

    `lay_out` is for one thread at a time; `close` may be called from another one meanwhile.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        """`command`: program and arguments of a process."""
        self._command = tuple(command or child_command("desktop_vlm.service.formulas"))
        self._ids = count(1)
        self._child: BlockingChild[frames.Message] | None = None
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._is_working = False
        self._used_s = 0.0  # when the last formula was asked for
        self._is_closed = False

    @property
    def pid(self) -> int:
        """Of the process; 0 while there is none."""
        child = self._child
        return child.pid if child else 0

    def lay_out(self, latex: str, size_px: float, *, display: bool) -> FormulaDrawing | None:
        """See `markdown.formula.lay_out`; None as well for a formula that takes too long, or ends its process.

        Raises:
            ClosedError: it was closed, now or before.
        """
        for _ in range(_ATTEMPTS):
            try:
                return self._ask((latex, size_px, display))
            except EndedError as error:
                self._end()
                if self._is_closed:
                    raise ClosedError from None
                _LOG.warning("the formulas' process stopped: %s\n%s", error, error.log)
                if str(error) == TOO_SLOW or str(error).startswith(SILENT):
                    break
            except EngineError as error:  # no process can be started: the window has to do it itself
                _LOG.warning("%s", error)
                return lay_out_uncached(latex, size_px, display=display)
        return None

    def close(self) -> None:
        """End the process, whatever it is doing, and start no other one."""
        with self._lock:
            self._is_closed = True
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._is_working:  # and whoever waits for it closes it
                if self._child is not None:
                    self._child.kill()
                return
        self._end()

    def _ask(self, key: FormulaKey) -> FormulaDrawing | None:
        job = frames.LayOut(next(self._ids), *key)
        with self._lock:
            self._is_working = True
        try:
            child = self._running_child()
            child.send(job)
            return self._answer(child, job)
        except ProtocolError:  # too long to be sent, and to be drawn
            return None
        finally:
            with self._lock:
                self._is_working, self._used_s = False, time.monotonic()
            if self._is_closed:
                self._end()

    def _answer(self, child: BlockingChild[frames.Message], job: frames.LayOut) -> FormulaDrawing | None:
        was_greeted = False
        for message in child.messages():
            if isinstance(message, frames.LaidOut) and message.id == job.id:
                drawing = message.drawing
                return drawing if drawing is not None and is_drawable(drawing, job.size_px) else None
            if was_greeted or not isinstance(message, frames.Hello):
                break
            was_greeted = True
        raise EndedError("it sent what nobody asked for", "")

    def _running_child(self) -> BlockingChild[frames.Message]:
        """The process, which is started where there is none.

        Raises:
            EngineError: it cannot be started.
            ClosedError: there is to be none.
        """
        child = self._child
        if child is not None and not child.is_running:  # it ended while nobody used it
            self._end()
            child = None
        if child is None:
            child = self._started()
        with self._lock:
            if not self._is_closed:
                self._child = child
                return child
        child.close()
        raise ClosedError

    def _started(self) -> BlockingChild[frames.Message]:
        if self._is_closed:
            raise ClosedError
        hello = frames.Hello(__version__, frames.PROTOCOL)
        reader = frames.FrameReader(frames.FromFormulas)
        child = BlockingChild(self._command, reader, hello, "the process for formulas", Patience(SILENCE_S))
        with self._lock:
            if self._timer is None:
                self._start_timer(IDLE_S)
        return child

    def _end(self) -> None:
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.close()

    def _start_timer(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end_if_idle)
        self._timer.daemon = True
        self._timer.start()

    def _end_if_idle(self) -> None:
        with self._lock:
            left_s = IDLE_S if self._is_working else self._used_s + IDLE_S - time.monotonic()
            if left_s > 0 and not self._is_closed:
                self._start_timer(left_s)
                return
            self._timer = None
            child, self._child = self._child, None
        if child is not None:
            child.close()
