"""Pictures that come are read behind the window, and what was read comes back with its conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.text_layer.layers import LayerState
from desktop_vlm.ui.text_layer.protocol import Availability
from desktop_vlm.ui.widgets.banner import Banner
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.engine_recorder import LONG_MS
from tests.ui.text_layer.fake_reader import layer_of

MakePicture = Callable[..., NewPicture]


@pytest.fixture
def window(qtbot: QtBot, parts: Parts) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    yield made
    made.close()


def kept(parts: Parts, sha256: str) -> TextLayer | None:
    return parts.history.fetch(lambda history: history.text_layers([sha256])).get(sha256)


def send(qtbot: QtBot, window: MainWindow, parts: Parts, text: str) -> None:
    asked = len(parts.engine.asked)
    window.composer.text.setPlainText(text)
    window.draft.send()
    qtbot.waitUntil(lambda: len(parts.engine.asked) == asked + 1, timeout=LONG_MS)


def test_a_picture_that_comes_is_read_once_and_its_text_is_kept_with_it(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    one = picture()
    parts.reader.layers[one.sha256] = layer_of(["Total 12.50"])
    window.draft.add(one)
    qtbot.waitUntil(lambda: parts.text_layers.state(one.sha256) == LayerState.READ)
    assert parts.reader.requested == [one.sha256]
    window.composer.picture_removed.emit(0)
    assert kept(parts, one.sha256) is None  # nor is the picture
    window.draft.add(one)
    send(qtbot, window, parts, "How much?")
    qtbot.waitUntil(lambda: kept(parts, one.sha256) == layer_of(["Total 12.50"]))
    assert parts.reader.requested == [one.sha256]


def test_a_picture_that_leaves_the_question_is_not_read(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    one, other = picture("#111111"), picture("#222222")
    for added in (one, other):
        window.draft.add(added)
    qtbot.waitUntil(lambda: len(parts.reader.requested) == 2)
    window.composer.picture_removed.emit(0)
    assert parts.reader.cancelled == [one.sha256]
    assert parts.text_layers.state(other.sha256) == LayerState.READING


def test_reading_gives_way_to_an_answer_and_goes_on_after_it(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    one = picture()
    window.draft.add(one)
    qtbot.waitUntil(lambda: parts.reader.requested == [one.sha256])
    send(qtbot, window, parts, "What is it?")
    assert parts.reader.cancelled == [one.sha256]
    parts.reader.cancelled.clear()
    parts.reader.layers[one.sha256] = layer_of(["words"])
    with qtbot.waitSignal(parts.assistant.answered):
        parts.engine.end()
    qtbot.waitUntil(lambda: kept(parts, one.sha256) == layer_of(["words"]))


def test_a_conversation_that_is_opened_brings_its_text(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    old = picture()

    def fill(history: object) -> int:
        assert history.add_picture(old.data, name="p", width=1, height=1) == old.sha256  # type: ignore[attr-defined]
        conversation: int = history.create_conversation("old")  # type: ignore[attr-defined]
        history.add_message(conversation, None, "user", "?", pictures=[old.sha256])  # type: ignore[attr-defined]
        history.keep_text_layer(old.sha256, layer_of(["known"]))  # type: ignore[attr-defined]
        return conversation

    parts.assistant.open(parts.history.fetch(fill))
    qtbot.waitUntil(lambda: parts.text_layers.layer(old.sha256) == layer_of(["known"]))
    assert parts.reader.requested == []
    assert window.isHidden()


def test_switched_on_the_pictures_at_hand_are_read(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    parts.text_layers.set_on(False)
    one = picture()
    window.draft.add(one)
    assert parts.text_layers.state(one.sha256) == LayerState.NONE
    parts.text_layers.set_on(True)
    qtbot.waitUntil(lambda: parts.reader.requested == [one.sha256])


def test_nobody_is_bothered_where_text_cannot_be_read(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    window.show()
    parts.reader.set_availability(Availability.MISSING)
    said: list[str] = []
    window.draft.noticed.connect(said.append)
    one = picture()
    window.draft.add(one)
    send(qtbot, window, parts, "What is it?")
    assert (parts.reader.requested, said, window.toast.isVisible()) == ([], [], False)
    assert [one for one in window.findChildren(Banner) if one.isVisible()] == []
    assert parts.text_layers.state(one.sha256) == LayerState.NONE


def test_deleting_everything_leaves_no_text(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    one = picture()
    parts.reader.layers[one.sha256] = layer_of(["secret"])
    window.draft.add(one)
    send(qtbot, window, parts, "What is it?")
    with qtbot.waitSignal(parts.assistant.answered):
        parts.engine.end()
    qtbot.waitUntil(lambda: kept(parts, one.sha256) is not None)
    window._settings_actions.delete_everything()
    assert parts.text_layers.layer(one.sha256) is None
    assert kept(parts, one.sha256) is None
