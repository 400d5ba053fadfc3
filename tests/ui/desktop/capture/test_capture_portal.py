"""Screenshots by the portal of a Wayland desktop, against a mocked one on a bus of its own."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.ui.desktop.capture import CaptureMode, CaptureService, portal_screenshot
from desktop_vlm.ui.desktop.capture.backend_portal import PortalBackend
from desktop_vlm.ui.desktop.capture.portal_screenshot import PortalScreenshot, UnaskedError
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.theme import Theme
from tests.quickest import best_s
from tests.ui.desktop.capture.mock_portal import Behaviour, MockPortal, session_bus, uri_of

PASTE = " Take the screenshot with the desktop's own key and paste it here."


@pytest.fixture(scope="module")
def bus() -> Iterator[str]:
    with session_bus() as address:
        yield address


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """What the desktop made of the screen; its name needs escapes in a URI."""
    path = tmp_path / "Bildschirmfoto ü 100%.png"
    Image.effect_noise((60, 40), 80).convert("RGB").save(path)
    return path


def take(bus: str, mode: CaptureMode = CaptureMode.REGION, **timeouts: float) -> bytes:
    return PortalScreenshot("org.example.App", bus, **timeouts).take(mode, threading.Event())


def test_the_picture_is_read_and_its_file_deleted(bus: str, file: Path) -> None:
    content = file.read_bytes()
    with MockPortal(bus, Behaviour(uri=uri_of(file))) as portal:
        assert take(bus) == content
    assert list(file.parent.iterdir()) == []
    assert portal.apps == ["org.example.App"]


@pytest.mark.parametrize(
    ("mode", "target"),
    [(CaptureMode.REGION, 4), (CaptureMode.LAST, 4), (CaptureMode.SCREEN, 1), (CaptureMode.WINDOW, 2)],
)
def test_an_advertised_target_is_asked_for(bus: str, file: Path, mode: CaptureMode, target: int) -> None:
    with MockPortal(bus, Behaviour(uri=uri_of(file))) as portal:
        take(bus, mode)
    assert portal.asked == [{"modal": True, "interactive": False, "target": target}]


def test_without_that_target_the_desktop_asks_what_to_take(bus: str, file: Path) -> None:
    properties: dict[str, tuple[str, object]] = {"version": ("u", 3), "AvailableTargets": ("u", 1)}
    with MockPortal(bus, Behaviour(properties, uri=uri_of(file))) as portal:
        take(bus)
    assert portal.asked == [{"modal": True, "interactive": True}]


@pytest.mark.parametrize(
    ("version", "mode", "options"),
    [
        (2, CaptureMode.REGION, {"modal": True, "interactive": True}),
        (2, CaptureMode.SCREEN, {"modal": True, "interactive": False}),
        (1, CaptureMode.REGION, {"modal": True}),
    ],
)
def test_an_old_version_is_asked_for_what_it_knows(
    bus: str, file: Path, version: int, mode: CaptureMode, options: dict[str, object]
) -> None:
    content = file.read_bytes()
    with MockPortal(bus, Behaviour({"version": ("u", version)}, uri=uri_of(file), own_path=True)) as portal:
        assert take(bus, mode) == content
    assert portal.asked == [options]
    assert not file.exists()


VERSION_2: dict[str, tuple[str, object]] = {"version": ("u", 2)}
ASKED: dict[str, object] = {"modal": True, "interactive": False}


@pytest.mark.parametrize(
    ("behaviour", "asked"),
    [
        (Behaviour(VERSION_2), [ASKED]),
        (Behaviour(VERSION_2, code=2), [ASKED]),
        (
            Behaviour(VERSION_2, error="org.freedesktop.portal.Error.NotAllowed"),
            [{"modal": True, "interactive": False}],
        ),
        (Behaviour({"version": ("u", 1)}), []),
        (Behaviour(), []),  # the desktop has a region chosen itself
    ],
    ids=["given", "refused", "not allowed", "unknown", "own"],
)
def test_a_picture_of_all_screens_is_asked_for_where_it_comes_at_once(
    bus: str, file: Path, behaviour: Behaviour, asked: list[dict[str, object]]
) -> None:
    content = file.read_bytes()
    is_given = behaviour.properties == VERSION_2 and not behaviour.error and behaviour.code == 0
    with MockPortal(bus, replace(behaviour, uri=uri_of(file))) as portal:
        found = PortalScreenshot("", bus).take_whole(threading.Event())
    assert found == (content if is_given else None)
    assert file.exists() == (not is_given)
    assert portal.asked == asked


@pytest.mark.parametrize(
    ("answers", "is_unasked"),
    [({}, True), ({"org.example.Other": ["yes"]}, True), ({"org.example.App": ["no"]}, False), (None, False)],
    ids=["nobody", "another app", "denied", "unknown"],
)
def test_a_question_that_the_desktop_could_not_ask_is_no_refusal(
    bus: str, answers: dict[str, list[str]] | None, is_unasked: bool
) -> None:
    screenshots = PortalScreenshot("org.example.App", bus)
    with MockPortal(bus, Behaviour(VERSION_2, code=2, answers=answers)):
        if is_unasked:
            with pytest.raises(UnaskedError):
                screenshots.take_whole(threading.Event())
        else:
            assert screenshots.take_whole(threading.Event()) is None


def test_cancelling_the_desktops_dialog_is_no_error(bus: str) -> None:
    with MockPortal(bus, Behaviour(code=1)), pytest.raises(Cancelled):
        take(bus)


@pytest.mark.parametrize("properties", [VERSION_2, {"version": ("u", 3), "AvailableTargets": ("u", 4)}])
def test_a_dialog_that_ends_otherwise_once_a_person_saw_it_was_cancelled(
    monkeypatch: pytest.MonkeyPatch, bus: str, properties: dict[str, tuple[str, object]]
) -> None:
    """GNOME 48 says so of Esc."""
    monkeypatch.setattr(portal_screenshot, "_QUICKEST_PERSON_S", 0.0)
    with MockPortal(bus, Behaviour(properties, code=2)):
        with pytest.raises(Cancelled):
            take(bus)
        if properties is VERSION_2:  # that one has no dialog
            with pytest.raises(UserError, match="not allowed"):
                take(bus, CaptureMode.SCREEN)


REFUSED = "No screenshot was made: it was cancelled, or is not allowed." + PASTE
NOT_ALLOWED = "The desktop does not allow this app to take screenshots; allow it in its settings for apps." + PASTE
NO_BACKEND = "This desktop offers apps no screenshots." + PASTE
ENDED = "The desktop's screenshot service ended while it was asked; try again."


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        (Behaviour(code=2), REFUSED),
        (Behaviour(error="org.freedesktop.portal.Error.NotAllowed"), NOT_ALLOWED),
        (Behaviour(error="org.freedesktop.DBus.Error.AccessDenied"), NOT_ALLOWED),
        (Behaviour(properties=None), NO_BACKEND),
        (Behaviour(error="org.freedesktop.DBus.Error.UnknownMethod"), NO_BACKEND),
        (Behaviour(error="org.freedesktop.portal.Error.Failed"), "The desktop could not take a screenshot." + PASTE),
        (Behaviour(ends_after_call=True), ENDED),
        (Behaviour(uri=""), "The desktop took a screenshot that cannot be read." + PASTE),
        (Behaviour(uri="file:///nowhere/at/all.png"), "The desktop took a screenshot that cannot be read." + PASTE),
        (Behaviour(uri="https://example.org/a.png"), "The desktop took a screenshot that cannot be read." + PASTE),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)
def test_every_refusal_has_its_sentence(bus: str, behaviour: Behaviour, sentence: str) -> None:
    with MockPortal(bus, behaviour), pytest.raises(UserError) as caught:
        take(bus)
    assert str(caught.value) == sentence


def test_without_any_portal_there_is_a_way_out(bus: str) -> None:
    with pytest.raises(UserError) as caught:
        take(bus)
    assert str(caught.value) == NO_BACKEND


def test_without_a_bus_there_is_a_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    for address in ("SESSION", f"unix:path={tmp_path}/nothing", "tcp:host=localhost,port=1"):
        with pytest.raises(UserError) as caught:
            take(address)
        sentence = "The desktop's message bus is not there, so it cannot be asked for a screenshot." + PASTE
        assert str(caught.value) == sentence


def test_a_portal_that_does_not_answer_is_given_up(bus: str) -> None:
    with MockPortal(bus, Behaviour(is_mute=True)), pytest.raises(UserError) as caught:
        take(bus, reply_timeout_s=0.2)
    assert str(caught.value) == "The desktop's screenshot service does not answer; try again." + PASTE


def test_a_dialog_that_nobody_answers_is_closed(bus: str) -> None:
    with MockPortal(bus, Behaviour(code=None)) as portal, pytest.raises(UserError) as caught:
        take(bus, answer_timeout_s=0.3)
    sentence = "Nothing was selected for a long time, so the screenshot was given up; try again."
    assert str(caught.value) == sentence
    assert len(portal.closed) == 1
    assert portal.closed[0].startswith("/org/freedesktop/portal/desktop/request/1_")


def test_a_question_whether_it_is_allowed_is_given_up_sooner_than_a_selection(bus: str) -> None:
    """Our windows are away meanwhile, and portals lose such a question."""
    version_2 = Behaviour(properties={"version": ("u", 2)}, code=None)
    with MockPortal(bus, version_2) as portal, pytest.raises(UserError) as caught:
        PortalScreenshot("", bus, allow_timeout_s=0.3).take_whole(threading.Event())
    sentence = "The desktop asks whether this app may take screenshots, and got no answer in time; try again."
    assert str(caught.value) == sentence
    assert len(portal.closed) == 1


def test_the_next_screenshot_works_after_the_portal_was_restarted(bus: str, file: Path) -> None:
    content = file.read_bytes()
    screenshots = PortalScreenshot("", bus)
    with MockPortal(bus, Behaviour(ends_after_call=True)), pytest.raises(UserError) as caught:
        screenshots.take(CaptureMode.REGION, threading.Event())
    assert str(caught.value) == ENDED
    with MockPortal(bus, Behaviour(uri=uri_of(file))):
        assert screenshots.take(CaptureMode.REGION, threading.Event()) == content


class Outcomes:
    """A service with the portal's way, and what it signalled."""

    def __init__(self, theme: Theme, bus: str) -> None:
        portal = PortalScreenshot("", bus)

        def make_backend(theme: Theme, parent: QObject) -> PortalBackend:
            self.backends.append(PortalBackend(theme, parent, portal=portal))
            return self.backends[-1]

        self.backends: list[PortalBackend] = []
        self.service = CaptureService(theme, make_backend=make_backend)
        self.pictures: list[NewPicture] = []
        self.cancelled = 0
        self.sentences: list[str] = []
        self.service.captured.connect(self.pictures.append)
        self.service.cancelled.connect(self._count)
        self.service.failed.connect(self.sentences.append)
        self.questions: list[str] = []
        self.service.question_due.connect(lambda: self.questions.append("due"))
        self.service.question_over.connect(lambda: self.questions.append("over"))

    def _count(self) -> None:
        self.cancelled += 1


@pytest.fixture
def outcomes(theme: Theme, bus: str) -> Callable[[], Outcomes]:
    return lambda: Outcomes(theme, bus)


def test_the_service_gives_a_picture(outcomes: Callable[[], Outcomes], bus: str, file: Path, qtbot: QtBot) -> None:
    with Image.open(file) as image:
        pixels = image.tobytes()
    made = outcomes()
    with MockPortal(bus, Behaviour(uri=uri_of(file))):
        made.service.capture()
        assert made.service.busy
        qtbot.waitUntil(lambda: not made.service.busy, timeout=20_000)
    [picture] = made.pictures
    assert (picture.width, picture.height) == (60, 40)
    assert picture.name.startswith("Screenshot 20")
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.tobytes() == pixels
    assert (made.cancelled, made.sentences) == (0, [])


def test_the_service_tells_what_went_wrong(
    outcomes: Callable[[], Outcomes], bus: str, tmp_path: Path, qtbot: QtBot
) -> None:
    made = outcomes()
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nnot quite")
    for behaviour in (Behaviour(code=1), Behaviour(code=2), Behaviour(uri=uri_of(broken))):
        with MockPortal(bus, behaviour):
            made.service.capture()
            qtbot.waitUntil(lambda: not made.service.busy, timeout=20_000)
    assert made.cancelled == 1
    assert made.sentences[0] == REFUSED
    assert "Screenshot" in made.sentences[1]  # the intake's own sentence, with the picture's name
    assert len(made.sentences) == 2
    assert not broken.exists()


def test_giving_up_closes_the_desktops_dialog(outcomes: Callable[[], Outcomes], bus: str, qtbot: QtBot) -> None:
    def seconds() -> float:
        made = outcomes()
        with MockPortal(bus, Behaviour(code=None)) as portal:
            made.service.capture()
            qtbot.waitUntil(portal.was_asked.is_set)
            before_s = time.monotonic()
            made.service.cancel()
            took_s = time.monotonic() - before_s
            assert portal.was_closed.wait(60)
            assert not made.service.busy
        assert (made.pictures, made.cancelled, made.sentences) == ([], 0, [])
        return took_s

    assert best_s(seconds, 0.1) < 0.1


def test_the_person_chooses_on_our_own_overlay(
    outcomes: Callable[[], Outcomes], bus: str, tmp_path: Path, qtbot: QtBot
) -> None:
    made = outcomes()
    size = QGuiApplication.primaryScreen().geometry().size()
    path = tmp_path / "whole.png"
    Image.linear_gradient("L").resize((size.width(), size.height())).convert("RGB").save(path)
    with Image.open(path) as image:
        expected = image.crop((10, 20, 110, 80)).tobytes()
    with MockPortal(bus, Behaviour(VERSION_2, uri=uri_of(path))):
        made.service.capture()
        qtbot.waitUntil(lambda: bool(made.backends) and made.backends[0].overlay.picker is not None, timeout=20_000)
    picker = made.backends[0].overlay.picker
    assert picker is not None
    picker.overlays[0].chosen.emit(QRect(10, 20, 100, 60))
    qtbot.waitUntil(lambda: not made.service.busy, timeout=20_000)
    [picture] = made.pictures
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.convert("RGB").tobytes() == expected
    assert not path.exists()
    assert made.service.last_region is None


def test_a_picture_that_is_not_of_these_screens_has_the_desktop_choose(
    outcomes: Callable[[], Outcomes], bus: str, file: Path, qtbot: QtBot
) -> None:
    made = outcomes()
    Image.new("RGB", (60, 400)).save(file)
    with MockPortal(bus, Behaviour(VERSION_2, uri=uri_of(file))) as portal:
        made.service.capture()
        qtbot.waitUntil(lambda: len(portal.asked) == 2, timeout=20_000)
        qtbot.waitUntil(lambda: not made.service.busy, timeout=20_000)
    assert [one["interactive"] for one in portal.asked] == [False, True]
    assert made.sentences == ["The desktop took a screenshot that cannot be read." + PASTE]  # the mock has one file


def whole_screen(folder: Path) -> Path:
    """A picture of all screens, as the desktop gives it."""
    size = QGuiApplication.primaryScreen().geometry().size()
    path = folder / "whole.png"
    Image.new("RGB", (size.width(), size.height())).save(path)
    return path


@pytest.mark.parametrize("is_allowed", [True, False])
def test_the_desktop_asks_while_a_window_is_there_and_the_screen_is_taken_after_it(
    outcomes: Callable[[], Outcomes], bus: str, tmp_path: Path, qtbot: QtBot, is_allowed: bool
) -> None:
    made = outcomes()
    with MockPortal(bus, Behaviour(VERSION_2, code=2, answers={})) as portal:
        made.service.capture()
        qtbot.waitUntil(lambda: made.questions == ["due"])
        assert (made.service.busy, portal.asked) == (True, [ASKED])

        path = whole_screen(tmp_path)
        answered = Behaviour(VERSION_2, uri=uri_of(path)) if is_allowed else portal.behaviour
        portal.behaviour = replace(answered, answers={"": ["yes" if is_allowed else "no"]})
        made.service.ask()
        qtbot.waitUntil(lambda: made.questions == ["due", "over"])
        assert portal.asked == [ASKED, ASKED]
        assert path.exists() != is_allowed  # the picture with our window in it is nowhere

        whole_screen(tmp_path)
        made.service.go_on()
        if is_allowed:
            qtbot.waitUntil(lambda: made.backends[0].overlay.picker is not None)
            made.service.cancel()
        else:
            qtbot.waitUntil(lambda: not made.service.busy)
            assert portal.asked[2:] == [ASKED, {"modal": True, "interactive": True}]
    assert made.questions == ["due", "over"]


def test_a_question_is_asked_once_only(outcomes: Callable[[], Outcomes], bus: str, qtbot: QtBot) -> None:
    """Where our window does not get to the front it cannot be asked; then the desktop has the person choose."""
    made = outcomes()
    with MockPortal(bus, Behaviour(VERSION_2, code=2, answers={})) as portal:
        for count in (1, 2):
            made.service.capture()
            if count == 1:
                qtbot.waitUntil(lambda: made.questions == ["due"])
                made.service.ask()
                qtbot.waitUntil(lambda: made.questions == ["due", "over"])
                made.service.go_on()
            qtbot.waitUntil(lambda: not made.service.busy)
            assert portal.asked[-1] == {"modal": True, "interactive": True}
    assert made.questions == ["due", "over"]
    assert made.sentences == [REFUSED, REFUSED]  # the mock is quicker than a person


def test_giving_up_before_the_question_is_the_end(outcomes: Callable[[], Outcomes], bus: str, qtbot: QtBot) -> None:
    made = outcomes()
    with MockPortal(bus, Behaviour(VERSION_2, code=2, answers={})) as portal:
        made.service.capture()
        qtbot.waitUntil(lambda: made.questions == ["due"])
        made.service.cancel()
        made.service.ask()
        made.service.go_on()
        assert (portal.asked, made.questions, made.service.busy) == ([ASKED], ["due"], False)


def test_giving_up_takes_the_overlay_away(
    outcomes: Callable[[], Outcomes], bus: str, tmp_path: Path, qtbot: QtBot
) -> None:
    made = outcomes()
    path = whole_screen(tmp_path)
    with MockPortal(bus, Behaviour(VERSION_2, uri=uri_of(path))):
        made.service.capture()
        qtbot.waitUntil(lambda: bool(made.backends) and made.backends[0].overlay.picker is not None, timeout=20_000)
    made.service.cancel()
    assert made.backends[0].overlay.picker is None
    assert not made.service.busy
    assert (made.pictures, made.cancelled, made.sentences) == ([], 0, [])
