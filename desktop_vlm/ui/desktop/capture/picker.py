"""Choosing: one overlay per screen, and what they share: the keyboard, the windows, the last region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent

from desktop_vlm.images.annotations.marks import Mark
from desktop_vlm.ui.desktop.capture.frozen import FrozenScreen
from desktop_vlm.ui.desktop.capture.mode import Purpose
from desktop_vlm.ui.desktop.capture.overlay import Overlay
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.theme import Theme

_GRAB_AGAIN_MS = 20


@dataclass(frozen=True)
class Taken:
    """What was chosen with the tools.

    Attributes:
        frozen, part: the screen, and which of its pixels.
        marks: on the screen's picture, px of it.
        purpose: what for.
    """

    frozen: FrozenScreen
    part: QRect
    marks: tuple[Mark, ...]
    purpose: Purpose


class LastRegions:
    """What was selected last on each screen, as long as the program runs.

    Attributes:
        newest: the last of all.
    """

    def __init__(self) -> None:
        self.newest: Region | None = None
        self._regions: dict[str, QRect] = {}

    def remember(self, frozen: FrozenScreen, part: QRect) -> None:
        self._regions.pop(frozen.name, None)  # the latest is the last one
        self._regions[frozen.name] = QRect(part)
        self.newest = Region.of(frozen.name, part)

    def of(self, frozen: FrozenScreen) -> QRect | None:
        """The region of this screen, if it still fits on it."""
        part = self._regions.get(frozen.name)
        return part if part is not None and frozen.bounds.contains(part) else None

    def latest(self, screens: Sequence[FrozenScreen]) -> tuple[FrozenScreen, QRect] | None:
        """The last region of all whose screen is still there."""
        by_name = {frozen.name: frozen for frozen in screens}
        for name in reversed(self._regions):
            if name in by_name and (part := self.of(by_name[name])) is not None:
                return by_name[name], part
        return None


class Picker(QObject):
    """Shows the overlays and answers with what was chosen.

    Attributes:
        overlays: one per screen.

    Signals:
        chosen: the FrozenScreen and the QRect of its pixels.
        taken: a Taken.
        cancelled: the person gave up, or a screen went away.
    """

    chosen = Signal(object, QRect)
    taken = Signal(object)
    cancelled = Signal()

    def __init__(
        self,
        screens: Sequence[FrozenScreen],
        regions: LastRegions,
        theme: Theme,
        parent: QObject,
        *,
        has_tools: bool = False,
        shows_tools: bool = False,
    ) -> None:
        """`has_tools` and `shows_tools`: see `Overlay`."""
        super().__init__(parent)
        self._regions = regions
        has_last = regions.latest(screens) is not None
        self.overlays = [
            Overlay(frozen, theme, has_last=has_last, has_tools=has_tools, shows_tools=shows_tools)
            for frozen in screens
        ]
        under = [overlay for overlay in self.overlays if overlay.frozen.pointer() is not None]
        self._active = (under or self.overlays)[0]
        for overlay in self.overlays:
            overlay.chosen.connect(lambda part, of=overlay: self._chosen(of, part))
            overlay.taken.connect(lambda part, purpose, of=overlay: self._taken(of, part, purpose))
            overlay.seized.connect(lambda of=overlay: self._switch(of))
            overlay.cancelled.connect(self.cancelled)
            overlay.pointed.connect(lambda of=overlay: self._point(of))
            overlay.key_pressed.connect(self._key)
        QGuiApplication.instance().screenRemoved.connect(self.cancelled)  # type: ignore[union-attr]
        self._grabbing = QTimer(self, interval=_GRAB_AGAIN_MS)
        self._grabbing.timeout.connect(self._grab_keyboard)

    def show(self) -> None:
        for overlay in self.overlays:
            overlay.cover_screen()
        self._active.show_hints()
        if QGuiApplication.platformName() == "xcb":
            self._grab_keyboard()
        else:
            self._active.activateWindow()

    def set_windows(self, windows: Sequence[QRect]) -> None:
        """The windows that can be pointed at: real pixels of the whole desktop, topmost first."""
        for overlay in self.overlays:
            parts = [overlay.frozen.own_part(window) for window in windows]
            overlay.set_windows([part for part in parts if not part.isEmpty()])

    def end(self) -> None:
        """Take the overlays away."""
        self._grabbing.stop()
        QGuiApplication.instance().screenRemoved.disconnect(self.cancelled)  # type: ignore[union-attr]
        for overlay in self.overlays:
            overlay.hide()  # X11 ends the keyboard's grab with it
            overlay.deleteLater()
        self.deleteLater()

    def _grab_keyboard(self) -> None:
        """Without the window manager's help nobody gives us the keyboard: X11's grab does, once it is free.

        It is not while the hotkey that called us is still down, or another program's menu is open.
        """
        handle = self._active.windowHandle()
        if handle is None or handle.setKeyboardGrabEnabled(True):
            self._grabbing.stop()
        else:
            self._grabbing.start()

    def _chosen(self, overlay: Overlay, part: QRect) -> None:
        if overlay.marks:
            self._taken(overlay, part, Purpose.ASK)
        else:
            self.chosen.emit(overlay.frozen, part)

    def _taken(self, overlay: Overlay, part: QRect, purpose: Purpose) -> None:
        if overlay.tools is not None:
            overlay.tools.session.finish_typing()
        self.taken.emit(Taken(overlay.frozen, part, overlay.marks, purpose))

    def _point(self, overlay: Overlay) -> None:
        """The pointer is here now: keys are about this screen, unless a selection waits on another."""
        if not self._active.is_adjusting:
            self._switch(overlay)

    def _switch(self, overlay: Overlay) -> None:
        """Only one screen has a selection."""
        if overlay is not self._active:
            self._active.leave()
            self._active = overlay

    def _key(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self._active.take_key(event):
            return
        if key == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif key in {Qt.Key.Key_Space, Qt.Key.Key_W, Qt.Key.Key_R}:
            # The hotkey that called us may still be down: Ctrl+Shift+Space repeating is not a request for the screen.
            if event.modifiers() == Qt.KeyboardModifier.NoModifier and not event.isAutoRepeat():
                target = self._target(key)
                if target is not None:
                    self.chosen.emit(*target)
        else:
            self._active.press_key(key, event.modifiers())

    def _target(self, key: Qt.Key) -> tuple[FrozenScreen, QRect] | None:
        """What Space, W and R mean now."""
        frozen = self._active.frozen
        if key == Qt.Key.Key_Space:
            return frozen, frozen.bounds
        if key == Qt.Key.Key_W:
            window = self._active.window_under_pointer()
            return (frozen, window) if window is not None else None
        own = self._regions.of(frozen)
        return (frozen, own) if own is not None else self._regions.latest([o.frozen for o in self.overlays])
