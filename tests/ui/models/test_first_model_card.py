from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.models.first_model_card import FirstModelCard
from desktop_vlm.ui.models.protocol import Fit
from desktop_vlm.ui.theme import Theme
from tests.ui.models.fake_models import OLLAMA, QWEN, SURVEY, types

DEMO = "The small demo that came along reads simple windows and knows little else."


@pytest.fixture
def card(qtbot: QtBot, theme: Theme) -> FirstModelCard:
    made = FirstModelCard(theme)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize(
    ("fit", "sentence"),
    [
        (Fit.GPU, "Qwen2.5-VL 3B fits your GPU; it takes 3.0 GB to download."),
        (Fit.PARTLY, "Qwen2.5-VL 3B runs partly on your GPU; it takes 3.0 GB to download."),
        (Fit.CPU, "Qwen2.5-VL 3B is quick enough for this computer's processor; it takes 3.0 GB to download."),
        (None, ""),
    ],
)
def test_what_suits_this_computer(card: FirstModelCard, fit: Fit | None, sentence: str) -> None:
    fitted = tuple(replace(one, fit=fit) for one in types(1, 2, 3))
    card.show_models(replace(SURVEY, available=(replace(QWEN, types=fitted),)), None)
    assert card.about.text() == f"{DEMO} {sentence}".strip()
    assert card.get.text().strip() == "Get Qwen2.5-VL 3B…"


def test_before_the_machine_is_known_it_leads_to_all_models(card: FirstModelCard) -> None:
    asked: list[str] = []
    card.models_requested.connect(asked.append)
    card.show_models(replace(SURVEY, available=(replace(QWEN, is_recommended=False),)), None)
    assert (card.about.text(), card.get.text().strip()) == (DEMO, "See the models")
    card.get.click()
    assert asked == [""]


def test_ollama_is_offered_only_where_something_can_be_imported(card: FirstModelCard) -> None:
    card.show_models(SURVEY, None)
    assert not card.ollama.isHidden()
    card.show_models(replace(SURVEY, found=(replace(OLLAMA, problem="It is not whole."),)), None)
    assert card.ollama.isHidden()
