"""What is being written belongs to its conversation, and survives the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_vlm.history.own_settings import NOTHING_OWN, OwnSettings
from desktop_vlm.history.replacing import NewFile
from desktop_vlm.ui.pictures import intake
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.window.conftest import ask

MakePicture = Callable[..., NewPicture]
MakeParts = Callable[..., Parts]


def go_to(qtbot: QtBot, parts: Parts, conversation_id: int | None) -> None:
    assert conversation_id is not None
    with qtbot.waitSignal(parts.assistant.opened):
        parts.assistant.open(conversation_id)


def written(window: MainWindow) -> tuple[str, list[str]]:
    """What is on the screen."""
    return window.composer.text.toPlainText(), [one.sha256 for one in window.composer.pictures]


def visible(parts: Parts) -> list[tuple[str, bool]]:
    """What the model would see."""
    return [(one.sha256, one.included) for one in parts.assistant.pictures.view.pictures]


def drop_file(window: MainWindow, folder: Path, data: bytes) -> None:
    (folder / "shot.png").write_bytes(data)
    window.draft.take_files([folder / "shot.png"])


@pytest.fixture
def two(qtbot: QtBot, window: MainWindow, parts: Parts) -> tuple[int, int]:
    """Two conversations; the second is open."""
    ids = []
    for text in ("one", "two"):
        window.new_conversation()
        ask(qtbot, window, parts, text, f"answer {text}")
        assert parts.assistant.conversation_id is not None
        ids.append(parts.assistant.conversation_id)
    return ids[0], ids[1]


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Files are read once it is set: on a busy machine others would be quicker now and then."""
    gate, read = Event(), intake._file_bytes

    def held(path: Path) -> bytes:
        assert gate.wait(20)
        return read(path)

    monkeypatch.setattr(intake, "_file_bytes", held)
    yield gate
    gate.set()


def test_a_picture_that_was_added_in_one_conversation_is_not_in_the_next(
    qtbot: QtBot, window: MainWindow, parts: Parts, two: tuple[int, int], picture: MakePicture
) -> None:
    red, green = picture("#ff0000"), picture("#00ff00")
    window.draft.add(red)
    window.draft.add(green)
    window.composer.picture_moved.emit(0, 1)
    parts.assistant.include(red.sha256, False)
    qtbot.keyClicks(window.composer.text, "Which?")

    go_to(qtbot, parts, two[0])
    assert written(window) == ("", [])
    assert visible(parts) == []
    qtbot.keyClicks(window.composer.text, "other")
    window.new_conversation()
    assert written(window) == ("", [])
    qtbot.keyClicks(window.composer.text, "new")
    go_to(qtbot, parts, two[1])
    assert written(window) == ("Which?", [green.sha256, red.sha256])
    assert visible(parts) == [(green.sha256, True), (red.sha256, False)]
    window.new_conversation()
    assert written(window) == ("new", [])
    go_to(qtbot, parts, two[0])
    assert written(window) == ("other", [])

    ask(qtbot, window, parts, " question")
    assert parts.engine.asked[-1].images == {}
    assert written(window) == ("", [])


def test_drafts_survive_the_program(qtbot: QtBot, make_parts: MakeParts, picture: MakePicture) -> None:
    before = make_parts()
    first = MainWindow(before.services(), None)
    qtbot.addWidget(first)
    ask(qtbot, first, before, "one", "1")
    first.draft.add(picture())
    before.assistant.include(picture().sha256, False)
    first.composer.text.setPlainText("kept")
    first.new_conversation()
    first.composer.text.setPlainText("a new one")
    qtbot.waitUntil(lambda: before.history.fetch(lambda history: history.drafts.load(None)).text == "a new one")
    before.history.close()  # and nothing else: as after a crash

    parts = make_parts()
    second = MainWindow(parts.services(), None)
    qtbot.addWidget(second)
    qtbot.waitUntil(lambda: written(second) == ("a new one", []))
    (row,) = parts.history.fetch(lambda history: history.conversations())
    go_to(qtbot, parts, row.id)
    assert written(second) == ("kept", [picture().sha256])
    assert visible(parts) == [(picture().sha256, False)]


def test_what_is_typed_before_the_history_is_open_goes_on_behind_what_was_kept(
    qtbot: QtBot, make_parts: MakeParts
) -> None:
    before = make_parts()
    qtbot.waitUntil(lambda: before.assistant.drafts._is_loaded)
    before.assistant.drafts.change(text="from before")
    before.assistant.drafts.save()
    before.history.close()

    parts = make_parts()
    window = MainWindow(parts.services(), None)
    qtbot.addWidget(window)
    window.composer.text.setPlainText("typed")
    qtbot.waitUntil(lambda: written(window) == ("from before\n\ntyped", []))


def test_a_file_that_is_still_read_comes_into_the_conversation_that_it_was_dropped_in(
    qtbot: QtBot,
    window: MainWindow,
    parts: Parts,
    two: tuple[int, int],
    picture: MakePicture,
    tmp_path: Path,
    gate: Event,
) -> None:
    drop_file(window, tmp_path, picture().data)
    assert window.draft._intake.busy
    first = window.draft._intake
    go_to(qtbot, parts, two[0])
    gate.set()
    qtbot.waitUntil(lambda: not first.busy)
    assert written(window) == ("", [])
    go_to(qtbot, parts, two[1])
    assert written(window) == ("", [picture().sha256])


def test_a_question_that_waits_for_its_pictures_is_asked_where_it_was_written(
    qtbot: QtBot,
    window: MainWindow,
    parts: Parts,
    two: tuple[int, int],
    picture: MakePicture,
    tmp_path: Path,
    gate: Event,
) -> None:
    drop_file(window, tmp_path, picture().data)
    window.composer.text.setPlainText("What is it?")
    window.draft.send()
    assert window.draft._intake.waiting == (None, True)
    go_to(qtbot, parts, two[0])
    with qtbot.waitSignal(parts.assistant.asked) as signal:
        gate.set()
    assert signal.args is not None
    assert signal.args[1].conversation_id == two[1]
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 3)
    assert parts.engine.asked[-1].messages[-1].text == "What is it?"
    assert list(parts.engine.asked[-1].images) == [picture().sha256]
    assert written(window) == ("", [])
    go_to(qtbot, parts, two[1])
    assert written(window) == ("", [])


def test_a_new_conversation_that_waits_for_its_pictures_keeps_its_settings_and_its_folder(
    qtbot: QtBot,
    window: MainWindow,
    parts: Parts,
    two: tuple[int, int],
    picture: MakePicture,
    tmp_path: Path,
    gate: Event,
) -> None:
    folder = parts.history.fetch(lambda history: history.folders.create("Letters"))
    own = OwnSettings("Answer in Welsh.")
    window.new_conversation()
    parts.assistant.folder_id = folder
    parts.assistant.set_own(own)
    drop_file(window, tmp_path, picture().data)
    window.composer.text.setPlainText("What is it?")
    window.draft.send()
    assert window.draft._intake.waiting == (None, True)
    parts.assistant.folder_id = None
    go_to(qtbot, parts, two[0])
    with qtbot.waitSignal(parts.assistant.asked) as signal:
        gate.set()
    assert signal.args is not None
    made = parts.history.fetch(lambda history: history.conversation(signal.args[1].conversation_id))
    assert (made.own, made.folder_id) == (own, folder)
    window.new_conversation()
    assert (parts.assistant.own, parts.assistant.drafts.ref.own) == (NOTHING_OWN, NOTHING_OWN)


def test_what_is_written_while_a_question_is_kept_stays(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    window.composer.text.setPlainText("one")
    window.draft.send()
    window.draft.add(picture())
    window.composer.text.setPlainText("two")
    assert parts.assistant.conversation_id is None
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    assert parts.engine.asked[0].images == {}
    assert written(window) == ("two", [picture().sha256])
    assert visible(parts) == [(picture().sha256, True)]
    first = parts.assistant.conversation_id
    window.new_conversation()
    assert written(window) == ("", [])
    go_to(qtbot, parts, first)
    assert written(window) == ("two", [picture().sha256])


def test_a_new_question_from_outside_leaves_what_was_written_alone(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    window.draft.add(picture())
    window.composer.text.setPlainText("half a question")

    parts.assistant.new_conversation(is_fresh=True)
    assert written(window) == ("", [])
    window.draft.ask_about("What time is it?", [])
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)

    assert parts.engine.asked[0].images == {}
    rows = parts.history.fetch(lambda history: history.conversations())
    (row,) = [one for one in rows if one.title == "half a question"]
    go_to(qtbot, parts, row.id)
    assert written(window) == ("half a question", [picture().sha256])


def test_the_example_leaves_what_is_written_alone(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    window.draft.add(picture())
    window.composer.text.setPlainText("mine")
    window.draft.try_example("What is this?")
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    assert list(parts.engine.asked[0].images) != [picture().sha256]
    assert written(window) == ("mine", [picture().sha256])


def test_deleting_everything_takes_what_is_written_along(
    qtbot: QtBot, window: MainWindow, parts: Parts, two: tuple[int, int], picture: MakePicture
) -> None:
    window.draft.add(picture())
    window.composer.text.setPlainText("secret")
    go_to(qtbot, parts, two[0])
    window.composer.text.setPlainText("secret")
    window.new_conversation()
    window.composer.text.setPlainText("secret")

    window._settings_actions.delete_everything()

    assert written(window) == ("", [])
    window.composer.text.setPlainText("free")
    parts.assistant.drafts.save()
    assert parts.history.fetch(lambda history: history.drafts.load(None)).text == "free"
    assert all(
        b"secret" not in file.read_bytes() and picture().data not in file.read_bytes()
        for file in parts.paths.data.iterdir()
    )


def test_a_hidden_picture_is_replaced_in_every_draft(
    qtbot: QtBot, window: MainWindow, parts: Parts, two: tuple[int, int], picture: MakePicture
) -> None:
    private, covered = picture("#ff0000"), picture("#000000")
    window.draft.add(private)
    go_to(qtbot, parts, two[0])
    window.draft.add(private)
    window.new_conversation()
    window.draft.add(private)

    new = NewFile(covered.data, covered.width, covered.height)
    done: list[object] = []
    parts.assistant.replace_picture(private.sha256, new, done.append)
    qtbot.waitUntil(lambda: bool(done))
    replaced = ("", [covered.sha256])
    qtbot.waitUntil(lambda: written(window) == replaced)
    for conversation in two:
        go_to(qtbot, parts, conversation)
        qtbot.waitUntil(lambda: written(window) == replaced)
    window.new_conversation()
    qtbot.waitUntil(lambda: written(window) == replaced)
    parts.history.close()
    assert all(private.data not in file.read_bytes() for file in parts.paths.data.iterdir())


def test_a_question_that_came_back_can_be_asked_without_its_action(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    ask(qtbot, window, parts, "one")
    window.draft.add(picture())
    action = next(one for one in parts.services().offered_actions if one.id == "describe")
    window.draft.run_action(action)
    qtbot.waitUntil(lambda: len(parts.assistant.messages) == 4)
    parts.assistant.withdraw(parts.assistant.messages[-1].id)
    named = window.composer._asked_with
    qtbot.waitUntil(named.isVisible)
    assert named.text().strip() == "Describe"
    assert written(window) == (action.prompt, [picture().sha256])

    qtbot.mouseClick(named, Qt.MouseButton.LeftButton)
    assert not named.isVisible()
    window.draft.send()
    qtbot.waitUntil(lambda: len(parts.assistant.messages) == 4)
    assert parts.assistant.messages[2].action == ""
