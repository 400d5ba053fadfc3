"""One region of the screen that is looked at again and again, with the same question."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from desktop_vlm.api.errors import UserError
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.assistant.side_questions import Outcome
from desktop_vlm.ui.captures.condition import Condition
from desktop_vlm.ui.captures.looking import Fingerprint, Look, look
from desktop_vlm.ui.desktop.capture.encoding import screenshot_name
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.intake import NewPicture

_KNOWN = 8
"""Looks whose answers are remembered: what blinks between two of them is asked about twice, not forever."""
_BUSY_S = 5.0
"""After which it is tried again, at most, while the person asks something."""

EVERY_S = (2, 3600)
"""How often a region can be looked at."""


@dataclass(frozen=True)
class WatchPlan:
    """What is watched, and what for.

    Attributes:
        region: of the screen.
        question: what is asked, each time the same.
        every_s: seconds between two looks.
        condition: when to tell.
        asks_always: also where nothing changed.
        action: the quick action that the question is of; None for one of the person's own.
    """

    region: Region
    question: str
    every_s: int = 5
    condition: Condition = field(default_factory=Condition)
    asks_always: bool = False
    action: QuickAction | None = None

    @property
    def title(self) -> str:
        """What it is called."""
        return self.action.name if self.action else " ".join(self.question.split())


class WatchState(Enum):
    """What a watch is doing."""

    WAITING = "waiting"
    LOOKING = "looking"
    ASKING = "asking"
    BUSY = "busy"
    COVERED = "covered"
    ON_BATTERY = "on-battery"
    LOCKED = "locked"
    FAILED = "failed"
    STOPPED = "stopped"


class Surroundings(Protocol):
    """What a watch needs of the program; the tests have one of their own."""

    def grab(self, region: Region) -> QImage:
        """The pixels of a region now. Raises UserError."""

    def obstacle(self, region: Region) -> WatchState | None:
        """Why not to look now: BUSY, COVERED, ON_BATTERY or LOCKED."""

    def ask(self, plan: WatchPlan, picture: NewPicture, outcome: Outcome) -> bool:
        """Have the question answered; whether it was asked."""

    def withdraw(self) -> None:
        """The question that was asked is not needed any more."""


class Watch(QObject):
    """Looks, asks where something changed, and tells what is worth it. It keeps one picture and a few fingerprints.

    Attributes:
        plan: what it does.
        state: what it is doing.
        answer: the last one; None before the first.
        answered_at: when that came, seconds since 1970.
        picture: what the last answer is about.
        error: why it failed the last time, a sentence; "" where it did not.
        questions: how many were asked.

    Signals:
        changed: of any of these.
        met: the condition is met.
    """

    changed = Signal()
    met = Signal()

    def __init__(
        self,
        plan: WatchPlan,
        surroundings: Surroundings,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self.plan = plan
        self.state = WatchState.WAITING
        self.answer: str | None = None
        self.answered_at = 0.0
        self.picture: NewPicture | None = None
        self.error = ""
        self.questions = 0
        self._surroundings = surroundings
        self._clock = clock
        self._asked_at = 0.0
        self._known: OrderedDict[int, tuple[Fingerprint, str | None]] = OrderedDict()
        self._looks = 0
        self._background = Background(self)
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self.look)
        self._next.start(0)

    @property
    def is_stopped(self) -> bool:
        return self.state is WatchState.STOPPED

    def stop(self) -> None:
        """Never look again; what is under way is dropped."""
        if self.state is WatchState.ASKING:
            self._surroundings.withdraw()
        self._next.stop()
        self._known.clear()
        self.picture = None
        self._set(WatchState.STOPPED)

    def look(self) -> None:
        """Look now, unless something is under way."""
        if self.state in {WatchState.LOOKING, WatchState.ASKING, WatchState.STOPPED}:
            return
        obstacle = self._surroundings.obstacle(self.plan.region)
        if obstacle is not None:
            self._wait(obstacle, min(self.plan.every_s, _BUSY_S))
            return
        try:
            image = self._surroundings.grab(self.plan.region)
        except UserError as error:
            self._fail(str(error))
            return
        self._set(WatchState.LOOKING)
        known = [] if self.plan.asks_always else [one for one, _ in self._known.values()]
        work = partial(look, image, known, screenshot_name(datetime.now()))
        self._background.run(work, self._looked, self._fail)

    def _looked(self, seen: Look) -> None:
        if self.is_stopped:
            return
        if seen.same_as is None and seen.picture is not None:
            self._ask(seen.fingerprint, seen.picture)
            return
        key = list(self._known)[seen.same_as or 0]
        _, answer = self._known[key]
        self._known.move_to_end(key)
        if answer is not None:
            self._take(answer)
        self._wait(WatchState.WAITING, self.plan.every_s)

    def _ask(self, fingerprint: Fingerprint, picture: NewPicture) -> None:
        self._asked_at = self._clock()
        outcome = Outcome(partial(self._answered, fingerprint, picture), self._fail, self._withdrawn)
        self._set(WatchState.ASKING)
        if self._surroundings.ask(self.plan, picture, outcome):
            self.questions += 1
        else:
            self._withdrawn()

    def _answered(self, fingerprint: Fingerprint, picture: NewPicture, answer: str) -> None:
        if self.is_stopped:
            return
        self._looks += 1
        self._known[self._looks] = fingerprint, answer
        while len(self._known) > _KNOWN:
            self._known.popitem(last=False)
        self.picture = picture
        self.answered_at = time.time()
        self.error = ""
        self._take(answer)
        # A model that takes long gets as long a rest: the computer is there for the person.
        self._wait(WatchState.WAITING, max(self.plan.every_s, self._clock() - self._asked_at))

    def _take(self, answer: str) -> None:
        before, self.answer = self.answer, answer
        if self.plan.condition.is_met(answer, before):
            self.met.emit()

    def _withdrawn(self) -> None:
        if not self.is_stopped:
            self._wait(WatchState.BUSY, min(self.plan.every_s, _BUSY_S))

    def _fail(self, sentence: str) -> None:
        if not self.is_stopped:
            self.error = sentence
            self._wait(WatchState.FAILED, max(self.plan.every_s, _BUSY_S))

    def _wait(self, state: WatchState, seconds: float) -> None:
        self._set(state)
        self._next.start(round(1000 * seconds))

    def _set(self, state: WatchState) -> None:
        self.state = state
        self.changed.emit()
