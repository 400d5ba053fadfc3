"""The window's real engine on lavapipe whose driver fails: the GPU is lost, or its memory runs out.

Part of `make test-vulkan`; `tests/vulkan/faulty_driver.c` stands between ggml and the driver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.service.child import DEVICE_LOST, NO_MEMORY
from desktop_vlm.ui.engine.crashes import Crashes
from desktop_vlm.ui.engine.protocol import EngineState
from tests.ui.engine_recorder import MakeClient, Source, picture, question
from tests.ui.faulty_gpu import FaultyGpu
from tests.vulkan.driver import compile_driver, why_missing

pytestmark = pytest.mark.skipif(bool(why_missing()), reason=why_missing())

IMAGE = picture(3)


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compile_driver(tmp_path_factory.mktemp("driver"))


@pytest.fixture
def faulty(driver: Path, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[..., FaultyGpu]]:
    assert qapp
    made: list[FaultyGpu] = []

    def make(**faults: object) -> FaultyGpu:
        made.append(FaultyGpu(driver, tmp_path, qtbot, faults))
        return made[-1]

    yield make
    for one in made:
        one.client.close()


@pytest.fixture
def expected(make_client: MakeClient, tiny_model: Source) -> str:
    """What is answered about the image on the processor, where nothing fails."""
    heard = make_client()
    heard.client.load(tiny_model[0], replace(tiny_model[1], n_gpu_layers=0))
    return heard.answer(question(picture=IMAGE))[0]


@pytest.mark.parametrize("submission", [1, 5])
def test_a_gpu_that_is_lost_before_the_answer_begins_is_tried_once_more(
    submission: int, faulty: Callable[..., FaultyGpu], tiny_model: Source, expected: str
) -> None:
    found = faulty(LOST_AT=submission)
    found.client.load(*tiny_model)
    found.heard.wait_for("loaded")
    found.arm()
    text, ending = found.heard.answer(question(picture=IMAGE))
    assert [text, ending.finish_reason] == [expected, "length"]
    assert [found.faults, found.complaints] == [["device lost"], [f"the engine stopped: {DEVICE_LOST}"]]
    assert found.client._memory_share == 0.8
    assert found.client.model
    assert found.client.model.n_gpu_layers > 0


@pytest.mark.parametrize(
    ("fault", "reason"), [("LOST_AT", DEVICE_LOST), ("REFUSE_AT", NO_MEMORY)], ids=["lost", "no memory"]
)
def test_a_fault_in_mid_answer_is_a_sentence_and_the_model_is_there_again(
    fault: str, reason: str, faulty: Callable[..., FaultyGpu], tiny_model: Source
) -> None:
    """GIVEN the beginning of a long answer; of the memory, a buffer that a computation asks for is refused."""
    found = faulty(**{fault: 1})
    found.client.load(*tiny_model)
    found.heard.wait_for("loaded")
    found.client.text_arrived.connect(lambda *_: found.arm())
    asked = found.client.ask(question("Go on.", picture=IMAGE, max_tokens=400))
    sentence = found.heard.wait_for("failed", asked)[2]
    assert sentence == Crashes(3, 60.0).count(reason)
    begun = found.heard.text(asked)
    assert begun
    found.heard.wait(lambda: len(found.heard.of("loaded")) == 2)
    again, _ = found.heard.answer(question("Go on.", picture=IMAGE))
    assert again.startswith(begun) or begun.startswith(again)
    assert found.complaints == [f"the engine stopped: {reason}", sentence]
    assert found.client._memory_share == 0.8


@pytest.mark.parametrize(
    ("fault", "reason"), [({"LOST_AT": 1}, DEVICE_LOST), ({"REFUSE_AT": 5}, NO_MEMORY)], ids=["lost", "no memory"]
)
def test_a_fault_while_a_model_is_loaded_costs_one_process(
    fault: dict[str, object], reason: str, faulty: Callable[..., FaultyGpu], tiny_model: Source, expected: str
) -> None:
    """GIVEN a loss that llama.cpp notices, and a buffer that a computation asks for, whose exception nobody catches."""
    found = faulty(**fault)
    found.arm()
    found.client.load(*tiny_model)
    assert found.heard.answer(question(picture=IMAGE))[0] == expected
    assert found.complaints == [f"the engine stopped: {reason}"]
    assert found.client._memory_share == 0.8


def test_a_model_that_has_no_room_is_a_sentence(faulty: Callable[..., FaultyGpu], tiny_model: Source) -> None:
    """GIVEN a GPU without memory, which says that it has plenty THEN the process lives on."""
    found = faulty(MEMORY_MIB=20, SHOWN_MIB=8000)
    found.client.load(*tiny_model)
    sentence = found.heard.wait_for("failed", 0)[2]
    assert sentence.startswith(
        "There is not enough memory for a context of 512 tokens: failed to allocate Vulkan0 buffer"
    )
    assert sentence.endswith("; choose a shorter context or fewer layers on the GPU.")
    assert [found.faults, found.complaints] == [["out of memory"], [sentence]]


def test_an_image_that_has_no_room_is_a_sentence(faulty: Callable[..., FaultyGpu], tiny_model: Source) -> None:
    """GIVEN a GPU that has no more memory once the model is there THEN the process lives on, and so does the model."""
    found = faulty(REFUSE_AT=1)
    found.client.load(*tiny_model)
    found.heard.wait_for("loaded")
    found.arm()
    sentence = found.heard.wait_for("failed", found.client.ask(question(picture=IMAGE)))[2]
    assert sentence == "Vulkan0 has no room for 1 MiB more; choose a shorter context or fewer layers on the GPU."
    assert found.client.state is EngineState.READY
    assert found.complaints == [sentence]
