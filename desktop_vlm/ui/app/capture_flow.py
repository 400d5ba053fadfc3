"""A capture from the key to the question or the clipboard: the picture goes where it shall."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer

from desktop_vlm.ui.app.capture_exports import CaptureExports
from desktop_vlm.ui.app.quick_questions import QuickQuestions
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.app.text_captures import TextCaptures
from desktop_vlm.ui.app.window_access import WindowAccess
from desktop_vlm.ui.desktop.capture import CaptureMode, CaptureService
from desktop_vlm.ui.desktop.capture.region import Region, can_grab
from desktop_vlm.ui.desktop.session import Session, current_session
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.quick_window import QuickWindow

_HIDDEN_AFTER_MS = 180
"""Until the window manager has taken our own window off the screen."""
_FADED_AFTER_MS = 400
"""The same on Wayland, whose desktops have it fade from their next frame on, GNOME for 150 ms; frames may be slow."""
_LOOK_EVERY_MS, _FRONT_WITHIN_MS = 50, 5000
"""For a window that is to come to the front; some desktops leave it behind."""


class CaptureFlow(QObject):
    """Captures for the hotkey, the tray and the command line."""

    def __init__(
        self,
        services: Services,
        access: WindowAccess,
        service: CaptureService,
        quick: QuickWindow,
        questions: QuickQuestions,
        texts: TextCaptures,
        exports: CaptureExports,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._access = access
        self._service = service
        self._quick = quick
        self._questions = questions
        self._texts = texts
        self._exports = exports
        exports.finished.connect(access.bring_back)
        self._is_for_text = self._is_hiding = False
        self._into = self._problem = ""
        quick.hidden.connect(lambda: QTimer.singleShot(0, self, self._quick_gone))
        service.captured.connect(self._captured)
        service.taken.connect(exports.take)
        service.cancelled.connect(self._cancelled)
        service.failed.connect(self._failed)
        service.question_due.connect(self._show_for_question)
        service.question_over.connect(self._leave_after_question)

    def start(self, *, into: str = "", delay_s: float = 0.0) -> None:
        """Have a part of the screen selected, to ask about; our own windows leave it first.

        Args:
            into: "question" for the one that is being written, "watch" for what is to be watched, whatever the settings
                say.
            delay_s: before the screen is taken.
        """
        if not self.is_busy:
            self._into = into
            self._leave_screen(partial(self._begin, delay_s))

    def again(self, *, region: Region | None = None, into: str = "", delay_s: float = 0.0) -> None:
        """Capture a region once more without choosing: the last one if none is given; where none is known, choose.

        Args:
            region: of a capture before.
            into: as in `start`.
            delay_s: before the screen is taken.
        """
        region = region or self._service.last_region or self._services.captures.last_region
        if region is None or not can_grab():
            self.start(into=into, delay_s=delay_s)
        elif not self.is_busy:
            self._into = into
            self._leave_screen(partial(self._grab, region, delay_s))

    def _leave_screen(self, then: Callable[[], None]) -> None:
        """Our own windows go; `then` is called once they are gone."""
        self._is_for_text = False
        self._access.window.toast.withdraw(self._problem)  # else it comes back with the window, after this capture
        was_quick = self._quick.isVisible()
        was_shown = self._access.put_away()
        self._quick.hide()
        if was_shown or was_quick:
            self._is_hiding = True
            QTimer.singleShot(_gone_after_ms(), self, then)
        else:
            then()

    def _grab(self, region: Region, delay_s: float) -> None:
        self._is_hiding = delay_s > 0
        if delay_s > 0:
            QTimer.singleShot(round(delay_s * 1000), self, partial(self._grab, region, 0.0))
        else:
            self._service.grab(region)

    def copy_text(self, *, delay_s: float = 0.0) -> None:
        """Have a part of the screen selected, and its text copied. Our own windows stay: they hold text, too."""
        if self.is_busy or not self._texts.prepare(is_in_window=self._access.window.isActiveWindow()):
            return
        self._is_for_text = True
        self._begin(delay_s)

    @property
    def is_busy(self) -> bool:
        """Whether a capture is under way."""
        return self._is_hiding or self._service.busy

    def _begin(self, delay_s: float) -> None:
        self._is_hiding = False
        shows_tools = self._services.settings.current.desktop.after_selecting == "tools"
        has_tools = not self._is_for_text
        self._service.capture(CaptureMode.REGION, delay_s, has_tools=has_tools, shows_tools=has_tools and shows_tools)

    def _show_for_question(self) -> None:
        """The desktop asks, once, whether screenshots are allowed, and only for the program in front."""
        self._access.show_meanwhile()
        self._access.window.toast.say(
            self.tr("Your desktop asks once whether this app may take screenshots. Then you select what to capture.")
        )
        self._wait_for_front(round(_FRONT_WITHIN_MS / _LOOK_EVERY_MS))

    def _wait_for_front(self, n_looks: int) -> None:
        if self._access.window.isActiveWindow() or not n_looks:
            self._service.ask()
        else:
            QTimer.singleShot(_LOOK_EVERY_MS, self, partial(self._wait_for_front, n_looks - 1))

    def _leave_after_question(self) -> None:
        self._access.window.toast.hide()
        self._access.put_away()
        if self._is_for_text:
            self._access.bring_back()
        QTimer.singleShot(_gone_after_ms(), self, self._service.go_on)

    def _captured(self, picture: NewPicture) -> None:
        if self._is_for_text:
            self._texts.take(picture)
        else:
            self._services.captures.add(picture, self._service.last_region)
            self._open(picture)

    def _open(self, picture: NewPicture) -> None:
        desktop = self._services.settings.current.desktop
        action = next((one for one in self._services.offered_actions if one.id == desktop.capture_action), None)
        if self._into == "watch":
            self._access.show()
            self._access.window.watch_actions.begin(self._service.last_region)
            return
        if self._into == "question":
            self._access.show()
            self._access.window.draft.add(picture)
            return
        if desktop.capture_into == "quick":
            self._questions.open_with(picture)  # our window stays away as long: it would cover what was captured
            if action:
                self._questions.ask("", action)
            return
        self._access.show()
        if desktop.capture_into == "new":
            self._services.assistant.new_conversation(is_fresh=True)
        draft = self._access.window.draft
        draft.add(picture)
        if action:
            draft.run_action(action)

    def _cancelled(self) -> None:
        if not self._is_for_text:
            self._access.bring_back()

    def _quick_gone(self) -> None:
        """The question is over; not if another capture has begun, for which our windows stay away."""
        if not (self.is_busy or self._quick.isVisible()):
            self._access.bring_back()

    def _failed(self, sentence: str) -> None:
        if self._is_for_text:
            self._texts.fail(sentence)
        else:
            self._problem = sentence
            self._access.show()
            self._access.window.toast.say(sentence)


def _gone_after_ms() -> int:
    return _FADED_AFTER_MS if current_session() is Session.WAYLAND else _HIDDEN_AFTER_MS
