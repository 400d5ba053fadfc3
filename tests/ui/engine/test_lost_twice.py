"""A GPU that is lost, and lost again by the next process: a sentence, and the next question is answered.

On Vulkan as part of `make test-vulkan`.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from desktop_vlm.service.child import DEVICE_LOST
from desktop_vlm.ui.engine.crashes import Crashes
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.engine.protocol import EngineState
from tests.ui.engine_recorder import Recorder, Source, picture, question, spin_until
from tests.ui.faulty_gpu import TwiceLost

IMAGE = picture(3)
SENTENCE = Crashes(3, 60.0).count(DEVICE_LOST)
CRASH = f"the engine stopped: {DEVICE_LOST}"


@pytest.fixture(scope="module")
def expected(qapp: QApplication, tiny_model: Source) -> str:
    """What is answered about the image on the processor, where nothing fails."""
    assert qapp
    with closing(LocalEngine()) as client:
        client.load(tiny_model[0], replace(tiny_model[1], n_gpu_layers=0))
        return Recorder(client, spin_until).answer(question(picture=IMAGE))[0]


def test_a_second_loss_in_the_same_answer_is_a_sentence(lost: TwiceLost, tiny_model: Source, expected: str) -> None:
    """GIVEN losses before the answer begins THEN it is not tried a third time by itself."""
    lost.lose_before_each_answer()
    lost.client.load(*tiny_model)
    lost.heard.wait_for("loaded")
    asked = lost.client.ask(question(picture=IMAGE))
    assert lost.heard.wait_for("failed", asked)[2] == SENTENCE
    assert [lost.heard.of("crashed"), len(lost.heard.of("failed"))] == [[(CRASH,)] * 2, 1]
    assert [lost.client.state, lost.client._memory_share] == [EngineState.STOPPED, 0.8]
    assert lost.heard.answer(question(picture=IMAGE))[0] == expected


def test_a_loss_while_what_was_lost_is_loaded_again_is_a_sentence(
    lost: TwiceLost, tiny_model: Source, expected: str
) -> None:
    """GIVEN a loss in mid-answer, after which the model is loaded again by itself."""
    lost.client.load(*tiny_model)
    lost.heard.wait_for("loaded")
    lost.lose_in_mid_answer()
    asked = lost.client.ask(question("Go on.", picture=IMAGE, max_tokens=400))
    assert lost.heard.wait_for("failed", 0)[2] == SENTENCE
    assert lost.heard.wait_for("failed", asked)[2] == SENTENCE
    assert lost.heard.text(asked)
    lost.heard.wait(lambda: lost.heard.of("crashed") == [(CRASH,)] * 2)
    assert [lost.client.state, lost.client._memory_share] == [EngineState.STOPPED, 0.8]
    assert lost.heard.answer(question(picture=IMAGE))[0] == expected
