"""All regions that are watched. Nothing of them is written anywhere: they end with the program."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop_vlm.api.capabilities import NO_VISION
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.settings import SettingsStore
from desktop_vlm.ui.assistant.assistant import Assistant
from desktop_vlm.ui.assistant.side_questions import Outcome, SideQuestions
from desktop_vlm.ui.captures.watch import Watch, WatchPlan, WatchState
from desktop_vlm.ui.desktop.capture.region import Region, grab_region, is_covered
from desktop_vlm.ui.desktop.session import Session, current_session
from desktop_vlm.ui.engine.protocol import ChatRequest, Engine
from desktop_vlm.ui.pictures.intake import NewPicture

if TYPE_CHECKING:
    from desktop_vlm.ui.desktop.screen_lock import ScreenLock

MOST = 8
"""Watched at once."""
_MOST_TOKENS = 512
_POWER = Path("/sys/class/power_supply")


class Watches(QObject):
    """Begins and ends watches, and has their questions answered when the person asks none.

    Attributes:
        watches: those that run, the oldest first.
        is_capturing: asked whether the person is choosing a part of the screen just now.

    Signals:
        changed: watches came or went.
        met: what a Watch waited for is there; carries it.
    """

    changed = Signal()
    met = Signal(object)

    def __init__(
        self, engine: Engine, assistant: Assistant, settings: SettingsStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._settings = settings
        self._questions = SideQuestions(engine, assistant, self)
        self._lock: ScreenLock | None = None
        self.watches: tuple[Watch, ...] = ()
        self.is_capturing: Callable[[], bool] = lambda: False

    def begin(self, plan: WatchPlan) -> Watch | None:
        """Watch a region; None where enough are watched already."""
        if len(self.watches) >= MOST:
            return None
        watch = Watch(plan, self, self)
        watch.met.connect(partial(self.met.emit, watch))
        self.watches = (*self.watches, watch)
        self._listen_for_lock()
        self.changed.emit()
        return watch

    def stop(self, watch: Watch) -> None:
        """End one."""
        if watch in self.watches:
            self.watches = tuple(one for one in self.watches if one is not watch)
            watch.stop()
            watch.deleteLater()
            self._listen_for_lock()
            self.changed.emit()

    def stop_all(self) -> None:
        """End all of them."""
        for watch in self.watches:
            self.stop(watch)

    def _listen_for_lock(self) -> None:
        """Hear of a locked screen for as long as something is watched."""
        says_so = sys.platform.startswith("linux") and current_session() is Session.X11
        if self._lock is None and says_so:
            from desktop_vlm.ui.desktop.screen_lock import ScreenLock  # D-Bus, which no start has to wait for

            self._lock = ScreenLock(self)
        if self._lock is not None and self.watches:
            self._lock.begin()
        elif self._lock is not None:
            self._lock.end()

    # What a watch needs

    def grab(self, region: Region) -> QImage:
        return grab_region(region)

    def obstacle(self, region: Region) -> WatchState | None:
        if self.is_capturing() or not self._questions.is_free:
            return WatchState.BUSY
        if not self._settings.current.desktop.watch_on_battery and is_on_battery():
            return WatchState.ON_BATTERY
        if self._lock is not None and self._lock.is_locked:
            return WatchState.LOCKED
        return WatchState.COVERED if is_covered(region) else None

    def ask(self, plan: WatchPlan, picture: NewPicture, outcome: Outcome) -> bool:
        model = self._engine.model
        if model is not None and not model.capabilities.max_images:
            outcome.failed(NO_VISION)
            return True
        settings, action = self._settings.current, plan.action
        system = [ChatMessage.of("system", settings.system_prompt)] if settings.system_prompt.strip() else []
        request = ChatRequest(
            messages=[*system, ChatMessage.of("user", plan.question, picture.sha256)],
            images={picture.sha256: picture.data},
            max_tokens=min(settings.answers.max_tokens, _MOST_TOKENS),
            # The likeliest answer, so that the same pixels have the same one.
            sampling={**settings.sampling_options, **(action.sampling if action else {}), "temperature": 0.0},
            json_schema=action.json_schema if action else None,
            grammar=action.grammar if action else None,
        )
        return self._questions.ask(request, outcome)

    def withdraw(self) -> None:
        self._questions.withdraw()


def is_on_battery(folder: Path = _POWER) -> bool:
    """Whether a laptop runs without its mains; False where that is not known."""
    try:
        supplies = list(folder.iterdir()) if folder.is_dir() else []
        mains = [
            (supply / "online").read_text().strip() == "1"
            for supply in supplies
            if (supply / "type").read_text().strip() == "Mains"
        ]
    except OSError:
        return False
    return bool(mains) and not any(mains)
