"""The backend of X11, Windows and macOS: freeze all screens, then choose on an overlay.

Written for all three, run on X11 only: on Windows and macOS it is untested, and knows no other program's windows.
macOS asks the person once for the permission to record the screen, and gives the wallpaper alone until then.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QGuiApplication

from desktop_vlm.api.errors import UserError
from desktop_vlm.ui.desktop.capture.backend import Outcome
from desktop_vlm.ui.desktop.capture.encoding import encode, encode_marked, screenshot_name
from desktop_vlm.ui.desktop.capture.frozen import FrozenScreen, Grabbed, freeze, grab, screen_under_pointer
from desktop_vlm.ui.desktop.capture.mode import CaptureMode, Purpose
from desktop_vlm.ui.desktop.capture.picker import LastRegions, Picker, Taken
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.theme import Theme


class OverlayBackend(QObject):
    """Freezes the screens and lets the person choose, or takes at once what the mode names.

    Attributes:
        regions: what was selected last, on which screen.
        picker: what the person chooses with, while they do.
    """

    def __init__(
        self,
        theme: Theme,
        parent: QObject,
        *,
        windows: Callable[[], list[QRect]] | None = None,
        read: Grabbed = grab,
    ) -> None:
        """`windows` gives the rectangles of all windows, topmost first, in real pixels; it is called in a thread."""
        super().__init__(parent)
        self.regions = LastRegions()
        self.picker: Picker | None = None
        self._theme = theme
        self._windows = windows
        self._read = read
        self._background = Background(self)
        self._outcome: Outcome | None = None

    def start(self, mode: CaptureMode, outcome: Outcome) -> None:
        self._outcome = outcome
        try:
            if mode is CaptureMode.SCREEN:
                frozen = freeze(screen_under_pointer(), self._read)
                self._take(frozen, frozen.bounds)
            else:
                # All screens first, then overlays: none of them is in the picture of another screen.
                self._choose(mode, [freeze(screen, self._read) for screen in QGuiApplication.screens()])
        except UserError as error:
            self._failed(str(error))

    def choose(self, mode: CaptureMode, screens: list[FrozenScreen], outcome: Outcome) -> None:
        """Let the person choose from screens that are frozen already."""
        self._outcome = outcome
        self._choose(mode, screens)

    @property
    def last_region(self) -> Region | None:
        return self.regions.newest

    def cancel(self) -> None:
        self._outcome = None
        self._end_picker()

    def _choose(self, mode: CaptureMode, screens: list[FrozenScreen]) -> None:
        last = self.regions.latest(screens) if mode is CaptureMode.LAST else None
        if last is not None:
            self._take(*last)
        elif mode is CaptureMode.WINDOW and self._windows is not None:
            self._background.run(self._windows, partial(self._window_or_pick, screens), self._failed)
        else:
            self._pick(screens)

    def _window_or_pick(self, screens: list[FrozenScreen], windows: list[QRect]) -> None:
        if self._outcome is None:
            return
        for frozen in screens:
            pixel = frozen.pointer()
            under = [part for window in windows if pixel and (part := frozen.own_part(window)).contains(pixel)]
            if under:
                self._take(frozen, under[0])
                return
        self._pick(screens).set_windows(windows)

    def _pick(self, screens: list[FrozenScreen]) -> Picker:
        self.picker = picker = self._make_picker(screens)
        picker.chosen.connect(self._take)
        picker.taken.connect(self._take_marked)
        picker.cancelled.connect(self._cancelled)
        picker.show()
        if self._windows is not None:
            self._background.run(self._windows, self._windows_came)
        return picker

    def _make_picker(self, screens: list[FrozenScreen]) -> Picker:
        outcome = self._outcome
        has_tools = outcome is not None and outcome.taken is not None
        shows_tools = outcome is not None and has_tools and outcome.shows_tools
        return Picker(screens, self.regions, self._theme, self, has_tools=has_tools, shows_tools=shows_tools)

    def _windows_came(self, windows: list[QRect]) -> None:
        if self.picker is not None:
            self.picker.set_windows(windows)

    def _take(self, frozen: FrozenScreen, part: QRect) -> None:
        self._end_picker()
        self.regions.remember(frozen, part)
        work = partial(encode, frozen.image, part, screenshot_name(datetime.now()))
        self._background.run(work, self._captured, self._failed)

    def _take_marked(self, taken: Taken) -> None:
        self._end_picker()
        self.regions.remember(taken.frozen, taken.part)
        name = screenshot_name(datetime.now())
        work = partial(encode_marked, taken.frozen.image, taken.part, name, taken.marks)
        self._background.run(work, partial(self._captured, purpose=taken.purpose), self._failed)

    def _captured(self, picture: NewPicture, purpose: Purpose = Purpose.ASK) -> None:
        outcome, self._outcome = self._outcome, None
        if outcome is None:
            return
        if purpose is not Purpose.ASK and outcome.taken is not None:
            outcome.taken(picture, purpose)
        else:
            outcome.captured(picture)

    def _failed(self, sentence: str) -> None:
        outcome, self._outcome = self._outcome, None
        if outcome is not None:
            outcome.failed(sentence)

    def _cancelled(self) -> None:
        self._end_picker()
        outcome, self._outcome = self._outcome, None
        if outcome is not None:
            outcome.cancelled()

    def _end_picker(self) -> None:
        picker, self.picker = self.picker, None
        if picker is not None:
            picker.end()
