"""A region is looked at by its pixels; the model is asked when they changed, and when nobody else asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.api.errors import UserError
from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.assistant.side_questions import Outcome, SideQuestions
from desktop_vlm.ui.captures import watches as watches_module
from desktop_vlm.ui.captures.condition import Condition
from desktop_vlm.ui.captures.looking import fingerprint_of, is_same
from desktop_vlm.ui.captures.watch import Watch, WatchPlan, WatchState
from desktop_vlm.ui.captures.watch_dialog import WatchDialog
from desktop_vlm.ui.captures.watches import MOST, Watches, is_on_battery
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.desktop.screen_lock import ScreenLock
from desktop_vlm.ui.desktop.session import Session
from desktop_vlm.ui.engine.protocol import ChatRequest, EngineState
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.loading import to_pillow
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts

REGION = Region("screen", 0, 0, 160, 80)
PLAN = WatchPlan(REGION, "What does it say?", every_s=3600)


def shown(text: str, color: str = "#202020") -> QImage:
    """A region of the screen with a word in it."""
    image = QImage(160, 80, QImage.Format.Format_RGB32)
    image.fill(QColor("#f0f0f0"))
    painter = QPainter(image)
    painter.setPen(QColor(color))
    painter.drawText(QRect(10, 10, 140, 60), text)
    painter.end()
    return image


class Desk:
    """Surroundings as a test wants them: the screen, and a model that says what the test says."""

    def __init__(self) -> None:
        self.screen = shown("one")
        self.in_the_way: WatchState | None = None
        self.error = ""
        self.asked: list[tuple[NewPicture, Outcome]] = []
        self.is_free = True
        self.withdrawn = 0

    def grab(self, _region: Region) -> QImage:
        if self.error:
            raise UserError(self.error)
        return self.screen

    def obstacle(self, _region: Region) -> WatchState | None:
        return self.in_the_way

    def ask(self, _plan: WatchPlan, picture: NewPicture, outcome: Outcome) -> bool:
        if self.is_free:
            self.asked.append((picture, outcome))
        return self.is_free

    def withdraw(self) -> None:
        self.withdrawn += 1


@pytest.fixture
def desk() -> Desk:
    return Desk()


def look(qtbot: QtBot, watch: Watch) -> None:
    """Look, until what is seen is known."""
    watch.look()
    qtbot.waitUntil(lambda: watch.state is not WatchState.LOOKING)


def see(qtbot: QtBot, desk: Desk, watch: Watch, text: str, answer: str | None) -> None:
    """The screen shows something, and the model answers, if it is asked."""
    desk.screen = shown(text)
    asked = len(desk.asked)
    look(qtbot, watch)
    if answer is None:
        assert len(desk.asked) == asked
    else:
        assert len(desk.asked) == asked + 1
        desk.asked[-1][1].answered(answer)


def watch_of(qtbot: QtBot, desk: Desk, plan: WatchPlan = PLAN) -> tuple[Watch, list[str | None]]:
    """A watch that has looked once, and the answers that it reports."""
    watch = Watch(plan, desk)
    reported: list[str | None] = []
    watch.met.connect(lambda: reported.append(watch.answer))
    qtbot.waitUntil(lambda: len(desk.asked) == 1 or watch.state in {WatchState.FAILED, WatchState.BUSY})
    return watch, reported


def test_nothing_is_asked_while_the_pixels_are_the_same(qtbot: QtBot, desk: Desk) -> None:
    watch, reported = watch_of(qtbot, desk)
    picture, outcome = desk.asked[0]
    assert (picture.width, picture.height) == (160, 80)
    outcome.answered("One")
    for _ in range(3):
        see(qtbot, desk, watch, "one", None)
    see(qtbot, desk, watch, "two", "Two")
    see(qtbot, desk, watch, "one", None)  # as it was: the answer is known
    see(qtbot, desk, watch, "two", None)
    assert watch.answer == "Two"
    assert reported == ["Two", "One", "Two"]
    assert watch.questions == 2


def test_only_a_few_looks_are_remembered(qtbot: QtBot, desk: Desk) -> None:
    watch, _ = watch_of(qtbot, desk)
    desk.asked[0][1].answered("one")
    for number in range(10):
        see(qtbot, desk, watch, f"{number}{number}{number}", str(number))
    see(qtbot, desk, watch, "one", "one")  # forgotten meanwhile
    assert len(watch._known) == 8


def test_asking_always_asks_always(qtbot: QtBot, desk: Desk) -> None:
    watch, reported = watch_of(qtbot, desk, WatchPlan(REGION, "?", 3600, asks_always=True))
    desk.asked[0][1].answered("a")
    see(qtbot, desk, watch, "one", "a")
    see(qtbot, desk, watch, "one", "b")
    assert reported == ["b"]


@pytest.mark.parametrize("state", [WatchState.BUSY, WatchState.COVERED, WatchState.ON_BATTERY])
def test_it_waits_while_something_is_in_the_way(qtbot: QtBot, desk: Desk, state: WatchState) -> None:
    desk.in_the_way = state
    watch = Watch(PLAN, desk)
    qtbot.waitUntil(lambda: watch.state is state)
    assert desk.asked == []
    assert 0 < watch._next.remainingTime() <= 5500  # not an hour
    desk.in_the_way = None
    look(qtbot, watch)
    assert len(desk.asked) == 1


def test_a_question_that_was_withdrawn_is_asked_again(qtbot: QtBot, desk: Desk) -> None:
    watch, _ = watch_of(qtbot, desk)
    desk.asked[0][1].withdrawn()
    assert watch.state is WatchState.BUSY
    look(qtbot, watch)
    assert len(desk.asked) == 2
    desk.is_free = False  # somebody was quicker
    desk.asked[1][1].withdrawn()
    look(qtbot, watch)
    assert watch.state is WatchState.BUSY


def test_what_fails_says_so_and_is_tried_again(qtbot: QtBot, desk: Desk) -> None:
    desk.error = "The screen is gone."
    watch, _ = watch_of(qtbot, desk)
    assert (watch.state, watch.error) == (WatchState.FAILED, "The screen is gone.")
    desk.error = ""
    look(qtbot, watch)
    desk.asked[0][1].failed("The engine stopped.")
    assert watch.error == "The engine stopped."
    look(qtbot, watch)
    desk.asked[1][1].answered("One")
    assert (watch.state, watch.error, watch.answer) == (WatchState.WAITING, "", "One")


def test_whatever_comes_after_the_end_is_dropped(qtbot: QtBot, desk: Desk) -> None:
    watch, reported = watch_of(qtbot, desk)
    outcome = desk.asked[0][1]
    watch.stop()
    assert desk.withdrawn == 1
    for late in (lambda: outcome.answered("late"), lambda: outcome.failed("late"), outcome.withdrawn):
        late()
    watch.look()
    assert (watch.state, watch.answer, watch.picture, reported) == (WatchState.STOPPED, None, None, [])
    assert not watch._next.isActive()


def test_a_slow_model_gets_a_rest(qtbot: QtBot, desk: Desk) -> None:
    times = iter([0.0, 40.0])
    watch = Watch(WatchPlan(REGION, "?", 5), desk, clock=lambda: next(times))
    qtbot.waitUntil(lambda: len(desk.asked) == 1)
    desk.asked[0][1].answered("One")
    assert 30_000 < watch._next.remainingTime() <= 42_000


def test_pixels_are_compared_with_tolerance() -> None:
    plain = to_pillow(shown("41 %"))
    noisy = plain.point(lambda value: min(255, value + 2))
    assert is_same(fingerprint_of(plain), fingerprint_of(noisy))
    assert not is_same(fingerprint_of(plain), fingerprint_of(to_pillow(shown("42 %"))))
    stroke = plain.copy()
    for at in range(3):  # what makes an 8 of a 6 in the smallest text
        stroke.putpixel((130, 60 + at), (40, 40, 40))
    assert not is_same(fingerprint_of(plain), fingerprint_of(stroke))
    assert not is_same(fingerprint_of(plain), fingerprint_of(plain.resize((80, 40))))
    red, green = (shown("", "#000000") for _ in range(2))
    for image, color in ((red, "#ff0000"), (green, "#008200")):  # a light of the same brightness
        painter = QPainter(image)
        painter.fillRect(QRect(20, 20, 16, 16), QColor(color))
        painter.end()
    assert not is_same(fingerprint_of(to_pillow(red)), fingerprint_of(to_pillow(green)))
    large = QImage(3840, 2160, QImage.Format.Format_RGB32)
    large.fill(QColor("white"))
    assert fingerprint_of(to_pillow(large)).size == (960, 720)


@pytest.mark.parametrize("px", [9, 11, 12, 14])
def test_every_digit_that_changes_is_seen_wherever_it_stands(qapp: QApplication, px: int) -> None:
    font = QFont(qapp.font())
    font.setPixelSize(px)

    def digit(number: int, left: int) -> Image.Image:
        image = QImage(64, 32, QImage.Format.Format_RGB32)
        image.fill(QColor("#f0f0f0"))
        painter = QPainter(image)
        painter.setFont(font)
        painter.setPen(QColor("#202020"))
        painter.drawText(QRect(10 + left, 4, 40, 24), str(number))
        painter.end()
        return fingerprint_of(to_pillow(image))

    for left in range(8):
        prints = [digit(number, left) for number in range(10)]
        same = [(one, other) for one, other in combinations(range(10), 2) if is_same(prints[one], prints[other])]
        assert same == []


# With the assistant


@pytest.fixture
def side(parts: Parts) -> SideQuestions:
    return SideQuestions(parts.engine, parts.assistant)


class Ends:
    def __init__(self) -> None:
        self.heard: list[str] = []
        self.outcome = Outcome(self.heard.append, lambda s: self.heard.append(f"failed: {s}"), self.withdrawn)

    def withdrawn(self) -> None:
        self.heard.append("withdrawn")


def test_a_side_question_is_asked_only_when_nobody_else_asks(qtbot: QtBot, parts: Parts, side: SideQuestions) -> None:
    ends = Ends()
    assert side.ask(ChatRequest([]), ends.outcome)
    assert not side.is_free
    assert not side.ask(ChatRequest([]), ends.outcome)
    parts.engine.say("Half ")
    parts.engine.say("and half")
    parts.engine.end()
    assert ends.heard == ["Half and half"]
    assert parts.assistant.send("Mine", [])
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2)
    assert not side.ask(ChatRequest([]), ends.outcome)
    assert len(parts.history.fetch(lambda history: history.conversations())) == 1  # nothing of it is kept


def test_the_persons_question_ends_it_and_is_answered(qtbot: QtBot, parts: Parts, side: SideQuestions) -> None:
    ends = Ends()
    side.ask(ChatRequest([]), ends.outcome)
    parts.engine.say("Half")
    assert parts.assistant.send("Mine", [])
    assert parts.engine.stops == 1
    parts.engine.set_state(EngineState.STOPPING)
    qtbot.waitUntil(lambda: parts.engine._queued is not None)
    parts.engine.end("cancelled")
    assert ends.heard == ["withdrawn"]
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2)
    parts.engine.say("Yours.")
    with qtbot.waitSignal(parts.assistant.answered):
        parts.engine.end()
    assert parts.assistant.messages[-1].text == "Yours."


@pytest.mark.parametrize("state", [EngineState.STOPPED, EngineState.LOADING, EngineState.FAILED])
def test_none_loads_a_model(parts: Parts, side: SideQuestions, state: EngineState) -> None:
    parts.engine.set_state(state)
    assert not side.ask(ChatRequest([]), Ends().outcome)
    assert parts.engine.asked == []


@pytest.fixture
def window(qtbot: QtBot, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setattr(watches_module, "grab_region", lambda _region: shown("one"))
    monkeypatch.setattr(watches_module, "is_covered", lambda _region: False)
    monkeypatch.setattr(watches_module, "is_on_battery", lambda: False)
    monkeypatch.setattr("desktop_vlm.ui.window.watch_actions.can_grab", lambda: True)
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.watch_actions.watches.stop_all()
    made.close()


def labels(window: MainWindow) -> list[str]:
    return [one.text() for one in window.watch_actions.bar.findChildren(QLabel) if one.isVisible()]


def test_what_is_watched_is_listed_and_stopped_with_one_click(qtbot: QtBot, window: MainWindow, parts: Parts) -> None:
    bar, watches = window.watch_actions.bar, window.watch_actions.watches
    counts: list[int] = []
    window.watch_actions.count_changed.connect(counts.append)
    assert not bar.isVisible()
    watch = watches.begin(WatchPlan(REGION, "What does\nit say?", 3600, Condition("contains", "one")))
    assert watch is not None
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    request = parts.engine.asked[0]
    assert request.messages[-1].text == "What does\nit say?"
    assert len(request.images) == 1
    assert request.sampling["temperature"] == 0.0
    assert not bar.rows[0]._answer.isVisible()  # its room is the title's
    reported: list[object] = []
    window.watch_actions.reported.connect(reported.append)
    parts.engine.say("It says one.")
    parts.engine.end()
    assert reported == [watch]
    assert {"What does it say?", "It says one."} <= set(labels(window))
    (row,) = bar.rows
    assert row._answer.isVisible()
    row.show_here.click()
    assert [one.sha256 for one in window.composer.pictures] == list(request.images)
    row.stop.click()
    assert not bar.isVisible()
    assert watches.watches == ()
    assert counts == [1, 0]


def test_no_more_than_a_few_are_watched_and_all_end_at_once(window: MainWindow, parts: Parts) -> None:
    watches: Watches = window.watch_actions.watches
    for _ in range(MOST):
        assert watches.begin(PLAN) is not None
    assert watches.begin(PLAN) is None
    window._settings_actions.delete_everything()
    assert watches.watches == ()
    assert parts.engine.asked == []


def test_a_person_who_is_capturing_is_not_disturbed(window: MainWindow) -> None:
    window.watch_actions.watches.is_capturing = lambda: True
    assert window.watch_actions.watches.obstacle(REGION) is WatchState.BUSY


def test_battery(tmp_path: Path, window: MainWindow, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path = tmp_path / "power_supply"
    tmp_path.mkdir()
    for name, kind, online in (("AC", "Mains", "0"), ("BAT0", "Battery", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "type").write_text(f"{kind}\n")
        if online:
            (tmp_path / name / "online").write_text(f"{online}\n")
    assert is_on_battery(tmp_path)
    (tmp_path / "AC" / "online").write_text("1\n")
    assert not is_on_battery(tmp_path)
    assert not is_on_battery(tmp_path / "none")
    monkeypatch.setattr(watches_module, "is_on_battery", lambda: True)
    assert window.watch_actions.watches.obstacle(REGION) is WatchState.ON_BATTERY
    parts.settings.update("desktop", watch_on_battery=True)
    assert window.watch_actions.watches.obstacle(REGION) is None


def test_on_a_locked_screen_nothing_is_looked_at(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock is heard of for as long as something is watched."""
    monkeypatch.setattr(watches_module, "current_session", lambda: Session.X11)
    monkeypatch.setattr(ScreenLock, "begin", lambda self: self._take(0, "saver", True))
    monkeypatch.setattr(ScreenLock, "end", lambda self: self._take(0, "saver", False))
    watches = window.watch_actions.watches
    watch = watches.begin(WatchPlan(REGION, "What does it say?", 2))
    assert watch is not None
    qtbot.waitUntil(lambda: watch.state is WatchState.LOCKED)
    assert "waits: the screen is locked" in labels(window)
    watches.stop(watch)
    assert watches.obstacle(REGION) is None


def _within(window: MainWindow, part: QWidget) -> QRect:
    return QRect(part.mapTo(window, part.rect().topLeft()), part.size())


def test_where_every_look_would_ask_that_is_said(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_vlm.ui.window.watch_actions.can_grab", lambda: False)
    window.capture_actions.open_captures().watch.click()
    assert window.watch_actions.dialog is None
    said = [one.text() for one in window.toast.findChildren(QLabel)]
    assert "lets no program look at the screen by itself" in said[0]


def test_a_notice_covers_neither_what_is_watched_nor_the_question(window: MainWindow, qtbot: QtBot) -> None:
    watches = window.watch_actions.watches
    assert watches.begin(WatchPlan(REGION, "What does it say?", 3600)) is not None
    window._model_actions.open_page()
    window.toast.say("Something to read")  # at the window's end, where the page of models is
    assert window.toast.geometry().bottom() > window.composer.mapTo(window, window.composer.rect().center()).y()
    window._model_actions.close_page()
    qtbot.waitUntil(lambda: not window.toast.geometry().intersects(_within(window, window.composer)))
    assert not window.toast.geometry().intersects(_within(window, window.watch_actions.bar))


def test_a_capture_is_watched_from_its_menu(
    qtbot: QtBot, window: MainWindow, picture: Callable[..., NewPicture], parts: Parts
) -> None:
    window._services.captures.add(picture(), REGION)
    popup = window.capture_actions.open_captures()
    next(a for a in popup.strip.make_menu(0).actions() if a.text().startswith("Watch this region")).trigger()
    dialog = window.watch_actions.dialog
    assert dialog is not None
    dialog.watch.click()
    assert dialog.problem.text() == "Write the question that is asked each time."
    dialog.question.setPlainText("How far is it?")
    dialog.kind.setCurrentIndex(dialog.kind.findData("matches"))
    dialog.text.setText("100 %")
    dialog.every.setValue(30)
    dialog.watch.click()
    (watch,) = window.watch_actions.watches.watches
    assert watch.plan == WatchPlan(REGION, "How far is it?", 30, Condition("matches", "100 %"))
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    requested: list[bool] = []
    window.watch_actions.region_requested.connect(lambda: requested.append(True))
    popup.open_above(window.composer.captures, "", can_repeat=True)
    popup.watch.click()
    assert requested == [True]


def test_a_quick_action_brings_its_schema_into_the_plan(qtbot: QtBot, theme: Theme) -> None:
    action = QuickAction("t", name="Totals", prompt="As JSON.", json_schema='{"type": "object"}')
    dialog = WatchDialog(theme, REGION, [action], "")
    qtbot.addWidget(dialog)
    dialog.action.setCurrentIndex(1)
    dialog.question.setPlainText("in euros")
    dialog.kind.setCurrentIndex(dialog.kind.findData("field"))
    dialog.test.setCurrentIndex(dialog.test.findData(">"))
    dialog.field.setText("total")
    dialog.text.setText("40")
    plan = dialog.plan()
    assert plan == WatchPlan(REGION, "As JSON.\n\nin euros", 5, Condition("field", "40", "total", ">"), False, action)
    assert plan.title == "Totals"
