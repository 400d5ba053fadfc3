"""Wayland: no program sees the screen there, but the desktop takes a screenshot for one.

Where it takes one of all screens at once, the person chooses on our own overlay, as on other systems. Else the desktop
has them choose, with a dialog of its own.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication, QImage

from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.ui.desktop.capture.backend import Outcome
from desktop_vlm.ui.desktop.capture.backend_qt import OverlayBackend
from desktop_vlm.ui.desktop.capture.encoding import screenshot_name
from desktop_vlm.ui.desktop.capture.frozen import cut_apart
from desktop_vlm.ui.desktop.capture.mode import CaptureMode
from desktop_vlm.ui.desktop.capture.portal_screenshot import PortalScreenshot, UnaskedError
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.desktop.capture.sentences import paste_instead, tr
from desktop_vlm.ui.pictures.intake import NewPicture, read_source
from desktop_vlm.ui.pictures.sources import BytesSource
from desktop_vlm.ui.theme import Theme

_log = logging.getLogger(__name__)

_LOOK_EVERY_MS = 20


class _Answered:
    """The person was asked whether screenshots are allowed."""


_Result = NewPicture | QImage | Exception | _Answered
"""A picture of what was chosen, or one of all screens to choose from."""


class PortalBackend(QObject):
    """Asks the portal in a thread of its own: the answer takes as long as the person chooses.

    Attributes:
        overlay: what the person chooses on.
    """

    def __init__(self, theme: Theme, parent: QObject, *, portal: PortalScreenshot | None = None) -> None:
        super().__init__(parent)
        self.overlay = OverlayBackend(theme, self)
        self._mode = CaptureMode.REGION
        self._portal = portal or PortalScreenshot(QGuiApplication.desktopFileName())
        self._outcome: Outcome | None = None
        self._was_asked = False
        self._after_answer: Callable[[], None] | None = None
        self._given_up = threading.Event()
        self._results: queue.SimpleQueue[_Result] = queue.SimpleQueue()
        # The thread touches nothing of Qt, so that it never is the one that destroys it: the result is fetched.
        self._look = QTimer(self, interval=_LOOK_EVERY_MS)
        self._look.timeout.connect(self._fetch)

    def start(self, mode: CaptureMode, outcome: Outcome) -> None:
        self._ask(mode, outcome, has_overlay=mode in {CaptureMode.REGION, CaptureMode.LAST})

    def _ask(self, mode: CaptureMode, outcome: Outcome, *, has_overlay: bool) -> None:
        self._mode = mode
        self._begin(outcome)
        name = screenshot_name(datetime.now())
        self._run(_work(self._portal, mode, name, self._given_up, self._results, has_overlay=has_overlay))

    def _ask_person(self, outcome: Outcome, then: Callable[[], None]) -> None:
        """Have the desktop ask, with our window in front; the picture of that is not used."""
        self._was_asked, self._after_answer = True, then
        self._begin(outcome)
        self._run(_question(self._portal, self._given_up, self._results))

    def _begin(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._given_up = threading.Event()
        self._results = queue.SimpleQueue()

    def _run(self, work: Callable[[], None]) -> None:
        threading.Thread(target=work, name="screenshot portal", daemon=True).start()
        self._look.start()

    @property
    def last_region(self) -> Region | None:
        return None  # none can be taken again without asking

    def cancel(self) -> None:
        self._outcome = None
        self._look.stop()
        self._given_up.set()
        self.overlay.cancel()

    def _fetch(self) -> None:
        try:
            result = self._results.get_nowait()
        except queue.Empty:
            return
        self._look.stop()
        outcome, self._outcome = self._outcome, None
        if outcome is None:
            return
        if isinstance(result, QImage):
            self._choose(result, outcome)
        elif isinstance(result, NewPicture):
            outcome.captured(result)
        elif isinstance(result, Cancelled):
            outcome.cancelled()
        elif isinstance(result, UnaskedError):
            self._unasked(outcome)
        elif isinstance(result, _Answered) and self._after_answer is not None:
            self._after_answer()
        else:
            outcome.failed(str(result))

    def _unasked(self, outcome: Outcome) -> None:
        """One question is enough; where it could not be asked even so, the desktop has the person choose."""
        if outcome.unasked is None or self._was_asked:
            self._ask(self._mode, outcome, has_overlay=False)
        else:
            outcome.unasked(partial(self._ask_person, outcome))

    def _choose(self, desktop: QImage, outcome: Outcome) -> None:
        screens = cut_apart(desktop, QGuiApplication.screens())
        if screens:
            self.overlay.choose(self._mode, screens, outcome)
        else:
            self._ask(self._mode, outcome, has_overlay=False)


def _work(
    portal: PortalScreenshot,
    mode: CaptureMode,
    name: str,
    given_up: threading.Event,
    results: queue.SimpleQueue[_Result],
    *,
    has_overlay: bool,
) -> Callable[[], None]:
    """What the thread does; it holds none of the window's objects."""

    def work() -> None:
        whole = portal.take_whole(given_up) if has_overlay else None
        if whole is not None:
            results.put(_decoded(whole))
            return
        data = portal.take(mode, given_up)
        picture = next(iter(read_source(BytesSource(data, name))))
        results.put(picture if isinstance(picture, NewPicture) else UserError(str(picture)))

    return _reported(work, results)


def _question(
    portal: PortalScreenshot, given_up: threading.Event, results: queue.SimpleQueue[_Result]
) -> Callable[[], None]:
    """The same for the question whether screenshots are allowed."""

    def work() -> None:
        with suppress(UnaskedError):
            portal.take_whole(given_up)
        results.put(_Answered())

    return _reported(work, results)


def _reported(work: Callable[[], None], results: queue.SimpleQueue[_Result]) -> Callable[[], None]:
    """The work, with what it raises among the results."""

    def reported() -> None:
        try:
            work()
        except (Cancelled, UserError, UnaskedError) as error:
            results.put(error)
        except Exception:  # noqa: BLE001 - a bug here must not leave the window waiting
            _log.exception("A screenshot by the portal failed by a bug.")
            results.put(UserError(tr("Something went wrong with the screenshot; the log has the details.")))

    return reported


def _decoded(data: bytes) -> QImage:
    """The pixels of the desktop's own file.

    Raises:
        UserError: it has none.
    """
    image = QImage.fromData(data)
    if image.isNull():
        raise UserError(tr("The desktop took a screenshot that cannot be read.") + " " + paste_instead())
    return image
