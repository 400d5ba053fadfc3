"""Watching regions of the screen from the window: beginning, the list of them, and telling what came."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.captures.watch import Watch, WatchPlan
from desktop_vlm.ui.captures.watch_bar import WatchBar
from desktop_vlm.ui.captures.watch_dialog import WatchDialog
from desktop_vlm.ui.captures.watches import MOST, Watches
from desktop_vlm.ui.desktop.capture.region import Region, can_grab
from desktop_vlm.ui.widgets.toast import Toast
from desktop_vlm.ui.window.draft import Draft

_SIDE_PX = 400


class WatchActions(QObject):
    """Knows what is watched.

    Attributes:
        watches: what runs.
        bar: the list of it, for the window.
        dialog: the one that is open.

    Signals:
        reported: a Watch whose condition is met; where the window is in front, it has said so already.
        region_requested: the person is to choose a region, for `begin`.
        count_changed: how many regions are watched.
    """

    reported = Signal(object)
    region_requested = Signal()
    count_changed = Signal(int)

    def __init__(self, window: QWidget, services: Services) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._draft: Draft | None = None
        self._toast: Toast | None = None
        self.dialog: WatchDialog | None = None
        self._shown = ""
        services.library.loaded.connect(self._show_image)
        self.watches = Watches(services.engine, services.assistant, services.settings, self)
        self.bar = WatchBar(services.theme, self.watches)
        self.bar.shown.connect(self._ask_here)
        self.watches.met.connect(self._met)
        self.watches.changed.connect(lambda: self.count_changed.emit(len(self.watches.watches)))

    def connect_to(self, draft: Draft, toast: Toast) -> None:
        """Where pictures go, and where something is said."""
        self._draft = draft
        self._toast = toast

    def begin(self, region: Region | None) -> None:
        """Ask what is to be watched for in a region; None: the person is to choose one first."""
        services = self._services
        if not can_grab():
            self._say(self.tr("This desktop lets no program look at the screen by itself, so nothing can be watched."))
        elif len(self.watches.watches) >= MOST:
            self._say(self.tr("{0} regions are watched already; stop one first.").format(MOST))
        elif region is None:
            self.region_requested.emit()
        elif self.dialog is None:
            self._open(services, region)

    def _open(self, services: Services, region: Region) -> None:
        question = self._last_question()
        self.dialog = WatchDialog(services.theme, region, services.offered_actions, question, self._window)
        capture = next((one for one in services.captures.captures if one.region == region), None)
        self._shown = capture.picture.sha256 if capture else ""
        self._show_image(self._shown)
        self.dialog.planned.connect(self._begin)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _show_image(self, sha256: str) -> None:
        if self.dialog is not None and sha256 and sha256 == self._shown:
            image = self._services.library.thumbnail(sha256, _SIDE_PX)
            if image is not None:
                self.dialog.show_image(image)

    def _begin(self, plan: WatchPlan) -> None:
        self.watches.begin(plan)

    def _closed(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _last_question(self) -> str:
        """What was asked last in the open conversation in the person's own words."""
        messages = self._services.assistant.messages
        asked = (one.text for one in reversed(messages) if one.role == "user" and not one.action)
        return next((text for text in asked if text.strip()), "")

    def _met(self, watch: Watch) -> None:
        if self._window.isActiveWindow() and self._window.isVisible():
            title, answer = watch.plan.title, " ".join((watch.answer or "").split())[:120]
            self._say(f"{title} {answer}" if title.endswith(("?", "!", ".", ":")) else f"{title}: {answer}")
        else:
            QApplication.alert(self._window)
        self.reported.emit(watch)

    def _ask_here(self, watch: Watch) -> None:
        if self._draft is not None and watch.picture is not None:
            self._draft.add(watch.picture)
            self._draft.composer.text.setFocus()

    def _say(self, sentence: str) -> None:
        if self._toast is not None:
            self._toast.say(sentence)
