"""Wayland: no program sees the screen there, but the desktop takes a screenshot for one, with a dialog of its own."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.ui.desktop.capture.backend import Outcome
from desktop_vlm.ui.desktop.capture.encoding import screenshot_name
from desktop_vlm.ui.desktop.capture.mode import CaptureMode
from desktop_vlm.ui.desktop.capture.portal_screenshot import PortalScreenshot
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.desktop.capture.sentences import tr
from desktop_vlm.ui.pictures.intake import NewPicture, read_source
from desktop_vlm.ui.pictures.sources import BytesSource

_log = logging.getLogger(__name__)

_LOOK_EVERY_MS = 20

_Result = NewPicture | Exception


class PortalBackend(QObject):
    """Asks the portal in a thread of its own: the answer takes as long as the person chooses."""

    def __init__(self, parent: QObject, *, portal: PortalScreenshot | None = None) -> None:
        super().__init__(parent)
        self._portal = portal or PortalScreenshot(QGuiApplication.desktopFileName())
        self._outcome: Outcome | None = None
        self._given_up = threading.Event()
        self._results: queue.SimpleQueue[_Result] = queue.SimpleQueue()
        # The thread touches nothing of Qt, so that it never is the one that destroys it: the result is fetched.
        self._look = QTimer(self, interval=_LOOK_EVERY_MS)
        self._look.timeout.connect(self._fetch)

    def start(self, mode: CaptureMode, outcome: Outcome) -> None:
        self._outcome = outcome
        self._given_up = threading.Event()
        self._results = queue.SimpleQueue()
        work = _work(self._portal, mode, screenshot_name(datetime.now()), self._given_up, self._results)
        threading.Thread(target=work, name="screenshot portal", daemon=True).start()
        self._look.start()

    @property
    def last_region(self) -> Region | None:
        return None  # the desktop does not say

    def cancel(self) -> None:
        self._outcome = None
        self._look.stop()
        self._given_up.set()

    def _fetch(self) -> None:
        try:
            result = self._results.get_nowait()
        except queue.Empty:
            return
        self._look.stop()
        outcome, self._outcome = self._outcome, None
        if outcome is None:
            return
        if isinstance(result, NewPicture):
            outcome.captured(result)
        elif isinstance(result, Cancelled):
            outcome.cancelled()
        else:
            outcome.failed(str(result))


def _work(
    portal: PortalScreenshot,
    mode: CaptureMode,
    name: str,
    given_up: threading.Event,
    results: queue.SimpleQueue[_Result],
) -> Callable[[], None]:
    """What the thread does; it holds none of the window's objects."""

    def work() -> None:
        try:
            data = portal.take(mode, given_up)
            picture = next(iter(read_source(BytesSource(data, name))))
            results.put(picture if isinstance(picture, NewPicture) else UserError(str(picture)))
        except (Cancelled, UserError) as error:
            results.put(error)
        except Exception:  # noqa: BLE001 - a bug here must not leave the window waiting
            _log.exception("A screenshot by the portal failed by a bug.")
            results.put(UserError(tr("Something went wrong with the screenshot; the log has the details.")))

    return work
