"""Capturing from the window: its buttons, the key beside them and its introduction, and recent captures."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop_vlm.api.errors import UserError
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.captures.popup import CapturesPopup
from desktop_vlm.ui.captures.strip import CaptureStrip
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.desktop.hotkey import HotkeyAction
from desktop_vlm.ui.desktop.hotkey.keys import shown
from desktop_vlm.ui.window.draft import Draft
from desktop_vlm.ui.window.picture_actions import PictureActions
from desktop_vlm.ui.window.welcome import Welcome

_MOST_SHOWN = 12


class CaptureActions(QObject):
    """Passes on what the person wants to have captured, and shows the key that is really bound.

    Signals:
        capture_requested: a part of the screen, for the question that is being written.
        trial_requested: the same as the key does, to see what that is.
        again_requested: a Region that is to be captured again, for the question; None for the last one.
        watch_requested: a Region that is to be watched; None for one that the person chooses.
        settings_requested: the page on which the key is chosen.
    """

    capture_requested = Signal()
    trial_requested = Signal()
    again_requested = Signal(object)
    watch_requested = Signal(object)
    settings_requested = Signal(str)

    def __init__(
        self, window: QWidget, services: Services, welcome: Welcome, draft: Draft, pictures: PictureActions
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._welcome = welcome
        self._draft = draft
        self._pictures = pictures
        self._popup: CapturesPopup | None = None
        self._composer = composer = draft.composer
        composer.captures.clicked.connect(self.open_captures)
        composer.capture_requested.connect(self.capture_requested)
        welcome.capture_requested.connect(self.capture_requested)
        introduction = welcome.introduction
        introduction.tried.connect(self.trial_requested)
        introduction.change_requested.connect(lambda: self.settings_requested.emit("desktop"))
        introduction.dismissed.connect(self.end_introduction)
        services.hotkeys.state_changed.connect(self._show_key)
        if app := QCoreApplication.instance():
            app.aboutToQuit.connect(self.end_session)
        welcome.set_introducing(not services.settings.current.recent.knows_capture_key)
        self._show_key()

    def end_session(self) -> None:
        """Who has seen the introduction does not see it at the next start."""
        if self._welcome.introduction.was_seen:
            self.end_introduction()

    def end_introduction(self) -> None:
        """The person knows the key now: it is never introduced again."""
        self._welcome.set_introducing(False)
        if not self._services.settings.current.recent.knows_capture_key:
            try:
                self._services.settings.update("recent", knows_capture_key=True)
            except UserError:
                return  # the file cannot be written, which other settings will say

    # Recent captures

    def open_captures(self) -> CapturesPopup:
        """Show the recent captures above their button."""
        popup = self._popup = self._popup or self._make_popup()
        for one in self._services.captures.captures[:_MOST_SHOWN]:  # so that private text in them is pointed out
            self._services.text_layers.read_ahead(one.picture.sha256, one.picture.data)
        has_region = self._services.captures.last_region is not None
        popup.open_above(self._composer.captures, self._kept_for(), can_repeat=has_region)
        return popup

    def _make_popup(self) -> CapturesPopup:
        services = self._services
        strip = CaptureStrip(
            services.theme, services.captures, services.library, services.private_texts, _MOST_SHOWN, self._window
        )
        strip.asked.connect(self._ask_about)
        strip.again_asked.connect(lambda sha256: self.again_requested.emit(self._region(sha256)))
        strip.watch_asked.connect(lambda sha256: self.watch_requested.emit(self._region(sha256)))
        strip.viewed.connect(self._pictures.view_capture)
        strip.picture_entry_chosen.connect(self._pictures.run)
        popup = CapturesPopup(services.theme, strip, self._window)
        popup.again_requested.connect(lambda: self.again_requested.emit(None))
        popup.watch_requested.connect(lambda: self.watch_requested.emit(None))
        return popup

    def _ask_about(self, sha256: str) -> None:
        if capture := self._services.captures.get(sha256):
            self._draft.add(capture.picture)
            self._composer.text.setFocus()

    def _region(self, sha256: str) -> Region | None:
        capture = self._services.captures.get(sha256)
        return capture.region if capture else None

    def _kept_for(self) -> str:
        """How long captures are kept, in a sentence."""
        sentences = {
            "off": self.tr("Captures are not kept; the settings can change that."),
            "session": self.tr("Kept until you quit, in memory only."),
            "hour": self.tr("Kept for an hour, then deleted for good."),
            "day": self.tr("Kept for a day, then deleted for good."),
            "week": self.tr("Kept for a week, then deleted for good."),
            "month": self.tr("Kept for 30 days, then deleted for good."),
        }
        return sentences[self._services.settings.current.desktop.keep_captures]

    def _show_key(self) -> None:
        state = self._services.hotkeys.states.get(HotkeyAction.CAPTURE)
        self._welcome.show_key(state)
        self._composer.show_capture_key(shown(state.active_keys) if state else "")
