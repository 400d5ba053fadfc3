"""What is said of a crash, and when the next process is to use less memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.service.child import DEVICE_LOST, NO_MEMORY
from desktop_vlm.ui.engine.crashes import Crashes
from desktop_vlm.ui.engine.local import LocalEngine

SENTENCES = {
    NO_MEMORY: "The engine stopped because memory ran out; choose a shorter context, fewer layers on the GPU or a "
    "smaller quantisation, and ask again.",
    DEVICE_LOST: "The engine stopped because the GPU's driver gave the GPU up; ask again, and if it stays so, choose "
    "fewer layers on the GPU or update its driver.",
    "it crashed (signal 11)": "The engine stopped: it crashed (signal 11); your conversation is safe, so ask again.",
}


@pytest.mark.parametrize("reason", SENTENCES)
def test_a_reason_has_its_way_out(reason: str) -> None:
    assert Crashes(3, 60.0).count(reason) == SENTENCES[reason]


@pytest.mark.parametrize(
    ("reason", "log", "less"),
    [
        (DEVICE_LOST, ["  what():  vk::Queue::submit: ErrorDeviceLost"], True),
        (NO_MEMORY, ["  what():  vk::Device::allocateMemory: ErrorOutOfDeviceMemory"], True),
        ("it was killed (signal 9)", ["cudaMalloc failed: out of memory"], True),
        ("it crashed (signal 11)", ["llama_model_load: done"], False),
    ],
)
def test_less_is_asked_for_once(reason: str, log: list[str], less: bool, qapp: QApplication) -> None:
    assert qapp
    engine = LocalEngine(command=("never started",))
    engine._source = ModelRef(Path("model.gguf"), None), LoadOptions()
    assert engine._ask_for_less(reason, log) == less
    assert (engine._memory_share < 1.0) == less
    share = engine._memory_share
    assert not engine._ask_for_less(reason, log)
    assert engine._memory_share == share
    engine.close()
