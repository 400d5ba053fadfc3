"""A picture that is too large for the model: the part that the question is about is one click away."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from desktop_vlm.api.text_layer import Box, TextLayer, TextLine, Word
from desktop_vlm.quick_actions.builtin import BUILTIN_ACTIONS
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts
from tests.ui.engine_recorder import LONG_MS
from tests.ui.window.test_main_window import type_and_send

SIZE = (1000, 620)  # on 560 px
PLACE = (700, 400)


@pytest.fixture
def shot(parts: Parts) -> NewPicture:
    """A large screenshot with a red total in one corner."""
    image = Image.new("RGB", SIZE, "white")
    image.paste("red", (*PLACE, PLACE[0] + 60, PLACE[1] + 14))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    made = NewPicture(buffer.getvalue(), "screen.png", *SIZE)
    lines = []
    for text, left, top in (("File Edit View", 10, 10), ("Total 12,50", *PLACE), ("Bank 0815", 300, 500)):
        box = Box(left, top, left + 6.6 * len(text), top + 14)
        lines.append(TextLine(text, box, (Word(text.split()[0], box),), 1.0))
    parts.reader.layers[made.sha256] = TextLayer(*SIZE, tuple(lines), (0,))
    parts.text_layers.request(made.sha256, made.data)
    return made


@pytest.fixture
def window(qtbot: QtBot, parts: Parts) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


@pytest.fixture
def offers(window: MainWindow) -> list[tuple[str, str, Callable[[], None]]]:
    made: list[tuple[str, str, Callable[[], None]]] = []
    window._part_offer.offered.connect(lambda *offer: made.append(offer))
    return made


def is_red(picture: bytes) -> bool:
    return (255, 0, 0) in {
        color for _, color in Image.open(io.BytesIO(picture)).convert("RGB").getcolors(1 << 20) or []
    }


def test_one_click_asks_about_the_part_and_the_whole_picture_stays(
    qtbot: QtBot, window: MainWindow, parts: Parts, shot: NewPicture, offers: list[tuple[str, str, Callable[[], None]]]
) -> None:
    window.draft.add(shot)
    type_and_send(qtbot, window, parts, "What is the total?")
    qtbot.waitUntil(lambda: bool(offers))
    assert [offer[:2] for offer in offers] == [
        ("The picture is too large for this model. The part with “Total” can be read.", "Ask about it")
    ]
    offers[0][2]()
    qtbot.waitUntil(lambda: parts.engine.stops == 1)  # the answer about the whole one is not worth waiting for
    parts.engine.end("cancelled")
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 2, timeout=LONG_MS)
    first, _, second, _ = parts.assistant.messages
    assert second.text == first.text == "What is the total?"
    assert [held.name for held in second.pictures] == ["Part of screen.png"]
    assert [(held.sha256, held.included) for held in first.pictures] == [(shot.sha256, False)]
    (given,) = parts.engine.asked[1].images.values()
    assert is_red(given)
    width, height = Image.open(io.BytesIO(given)).size
    assert 200 < width <= 560
    assert 60 < height <= 140
    parts.engine.say("12,50")
    parts.engine.end()
    assert len(offers) == 1


@pytest.mark.parametrize(
    "question", ["Describe it.", "What is the weather?"], ids=["names nothing", "names what is not there"]
)
def test_nothing_is_offered_where_the_question_names_nothing(
    qtbot: QtBot, window: MainWindow, parts: Parts, shot: NewPicture, offers: list[object], question: str
) -> None:
    window.draft.add(shot)
    type_and_send(qtbot, window, parts, question)
    qtbot.wait(20)
    assert offers == []


def test_nothing_is_offered_where_the_text_is_read_out(
    qtbot: QtBot, window: MainWindow, parts: Parts, shot: NewPicture, offers: list[object]
) -> None:
    window.draft.add(shot)
    with qtbot.waitSignal(parts.assistant.answered):
        window.draft.run_action(next(action for action in BUILTIN_ACTIONS if action.reads))
    assert offers == []


def test_the_panel_names_the_part_and_adds_it_beside(
    qtbot: QtBot, window: MainWindow, parts: Parts, shot: NewPicture
) -> None:
    window.toggle_panel()
    window.draft.add(shot)
    qtbot.waitUntil(lambda: window.panel.texts[2] == "Small text gets lost: crop this picture to what matters.")
    assert window.panel.add_part.text() == "Crop…"
    window.composer.text.setPlainText("Which bank?")
    named = "Small text gets lost: crop to the part with “Bank”."
    qtbot.waitUntil(lambda: window.panel.texts[2] == named)
    assert window.panel.add_part.text() == "Add it"
    window.panel.add_part.click()
    qtbot.waitUntil(lambda: len(window.composer.pictures) == 2)
    view = parts.assistant.pictures.view
    assert [(one.name, one.included) for one in view.pictures] == [("screen.png", False), ("Part of screen.png", True)]
    assert window.composer.text.toPlainText() == "Which bank?"
    qtbot.waitUntil(lambda: window.panel.texts[2] == "")
    assert not window.panel.add_part.isVisible()
