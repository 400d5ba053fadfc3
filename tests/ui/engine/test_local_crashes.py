"""The engine's process crashes, cannot start or runs out of memory: the window lives and the next question works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.models.demo import demo_model
from desktop_vlm.service.child import DEVICE_LOST, NO_MEMORY
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.engine.process import Limits
from desktop_vlm.ui.engine.protocol import EngineState
from tests.quickest import best_s
from tests.ui.engine_recorder import FAULTY_WORKER, LONG_MS, MakeClient, Recorder, Source, picture, question
from tools.processes import is_running

REASONS = {
    "SIGSEGV": "it crashed (signal 11)",
    "SIGKILL": "it was killed (signal 9)",
    "abort": "it met a failed check and gave up (signal 6)",
    "exit0": "it ended by itself (exit code 0)",
    "exit3": "it ended by itself (exit code 3)",
    "hang": "it gave no sign of life for 2 seconds",
    "garbage": "it sent something unreadable",
    "memory": NO_MEMORY,
}


@pytest.fixture(scope="module")
def mortal(qapp: QApplication, fault_order: Path) -> Iterator[LocalEngine]:
    """One client for all crashes: each is followed by a new process."""
    assert qapp
    limits = Limits(silence_s=2, crashes=1000)
    client = LocalEngine(command=(sys.executable, str(FAULTY_WORKER), str(fault_order)), limits=limits)
    yield client
    client.close()


CRASHES = [
    *((fault, "decode") for fault in REASONS),
    # One of each way to notice it: another signal or exit code is another word.
    *((fault, "load") for fault in ("SIGSEGV", "hang", "memory")),
    *((fault, "encode") for fault in ("SIGSEGV", "hang")),
]


@pytest.mark.parametrize(("fault", "stage"), CRASHES, ids=[f"{fault}-{stage}" for fault, stage in CRASHES])
def test_a_crash_is_reported_and_the_next_question_is_answered(
    fault: str, stage: str, mortal: LocalEngine, fault_order: Path, tiny_model: Source, qtbot: QtBot
) -> None:
    recorder = Recorder(mortal, lambda condition: qtbot.waitUntil(condition, timeout=LONG_MS))
    unseen = picture(100 * list(REASONS).index(fault) + len(stage))
    if mortal.source is None:
        mortal.load(*tiny_model)
    expected, _ = recorder.answer(question())
    mortal._memory_share = 0.8  # the try with less memory was made before

    fault_order.write_text(f"{fault} {stage}", encoding="ascii")
    if stage == "load":
        mortal.restart()
        asked = 0
    else:
        asked = mortal.ask(question(picture=unseen))
    recorder.wait_for("crashed")
    assert recorder.of("crashed") == [(f"the engine stopped: {REASONS[fault]}",)]
    ((failed, blame, sentence),) = recorder.of("failed")
    assert (failed, blame) == (asked, "engine")
    assert sentence.startswith(tuple(f"The engine stopped{word} {REASONS[fault]}" for word in (":", " because")))
    names = [name for name, _ in recorder.events]
    assert names.index("failed") < names.index("crashed")
    assert mortal.state is EngineState.STOPPED
    assert mortal.model is None
    if stage == "decode":
        assert recorder.text(asked) or fault == "garbage"

    again, ending = recorder.answer(question(picture=unseen))
    assert again
    assert ending.finish_reason in ("stop", "length")
    assert recorder.answer(question())[0] == expected


LESS = {"memory": NO_MEMORY, "lingering": DEVICE_LOST}
"""Of what a second try with less may help."""


@pytest.mark.parametrize(
    ("fault", "stage"),
    [("memory", "load"), ("lingering", "encode")],  # `test_lost_twice` has one that is lost, and ends
)
def test_when_memory_runs_out_or_the_gpu_is_lost_less_is_asked_for_once(
    fault: str, stage: str, mortal: LocalEngine, fault_order: Path, tiny_model: Source, qtbot: QtBot
) -> None:
    recorder = Recorder(mortal, lambda condition: qtbot.waitUntil(condition, timeout=LONG_MS))
    mortal.load(*tiny_model)
    if stage == "encode":
        recorder.wait_for("loaded")
    fault_order.write_text(f"{fault} {stage}", encoding="ascii")
    text, ending = recorder.answer(question(picture=picture(7000 + len(fault + stage))))
    assert text
    assert ending.finish_reason in ("stop", "length")
    assert not fault_order.exists()
    assert [recorder.of("crashed"), recorder.of("failed")] == [[(f"the engine stopped: {LESS[fault]}",)], []]
    assert mortal._memory_share == 0.8
    fault_order.write_text(f"{fault} encode", encoding="ascii")
    asked = mortal.ask(question(picture=picture(8000 + len(fault + stage))))
    assert LESS[fault] in recorder.wait_for("failed", asked)[2]


@pytest.mark.parametrize("fault", ["memory", "lingering"])
def test_an_answer_that_has_begun_is_not_begun_again_without_a_word(
    fault: str, mortal: LocalEngine, fault_order: Path, tiny_model: Source, qtbot: QtBot
) -> None:
    """But the model is loaded again, with less, so that it is there when the question is asked again."""
    recorder = Recorder(mortal, lambda condition: qtbot.waitUntil(condition, timeout=LONG_MS))
    mortal.load(*tiny_model)
    recorder.wait_for("loaded")
    fault_order.write_text(f"{fault} decode", encoding="ascii")
    asked = mortal.ask(question())
    assert LESS[fault] in recorder.wait_for("failed", asked)[2]
    assert recorder.text(asked)
    recorder.wait(lambda: len(recorder.of("loaded")) == 2)
    assert [recorder.of("crashed"), mortal._memory_share] == [[(f"the engine stopped: {LESS[fault]}",)], 0.8]
    assert recorder.answer(question())[0].startswith(recorder.text(asked))


def test_three_crashes_in_a_minute_end_the_restarts(make_client: MakeClient, tiny_model: Source) -> None:
    recorder = make_client()
    recorder.client.load(*tiny_model)
    recorder.wait_for("loaded")
    for crashes in (1, 2, 3):
        os.kill(recorder.client.pid, signal.SIGKILL)
        recorder.wait(lambda crashes=crashes: len(recorder.of("crashed")) == crashes)  # type: ignore[misc]
        if crashes < 3:
            assert recorder.client.state is EngineState.STOPPED
            recorder.answer(question())
    assert recorder.client.state is EngineState.FAILED
    asked = recorder.client.ask(question())
    _, blame, sentence = recorder.wait_for("failed", asked)
    assert blame == "engine"
    assert sentence.startswith("The engine stopped 3 times within 60 seconds (the last time it was killed (signal 9));")
    assert recorder.client.pid == 0
    recorder.client.restart()
    assert recorder.answer(question())[0]


def test_a_question_to_a_process_that_is_already_dead_is_asked_again(
    make_client: MakeClient, tiny_model: Source
) -> None:
    recorder = make_client()
    client = recorder.client
    client.load(*tiny_model)
    expected, _ = recorder.answer(question())
    os.kill(client.pid, signal.SIGKILL)
    while is_running(client.pid):
        time.sleep(0.001)
    assert client.state is EngineState.READY  # the news has not come yet
    assert recorder.answer(question())[0] == expected
    assert len(recorder.of("crashed")) == 1
    assert not recorder.of("failed")


def test_a_program_that_cannot_start_is_a_failed_load(make_client: MakeClient, tiny_model: Source) -> None:
    recorder = make_client("/nonexistent/python")
    recorder.client.load(*tiny_model)
    asked = recorder.client.ask(question())
    assert "it could not be started" in recorder.wait_for("failed", 0)[2]
    assert "it could not be started" in recorder.wait_for("failed", asked)[2]
    assert recorder.client.state is EngineState.STOPPED


def test_a_program_that_says_nothing_is_given_up(make_client: MakeClient, tiny_model: Source) -> None:
    recorder = make_client("/bin/sleep", "60", start_s=0.5)
    recorder.client.load(*tiny_model)
    assert "it gave no sign of life for 0.5 seconds" in recorder.wait_for("failed", 0)[2]


@pytest.mark.parametrize("stage", ["load", "prefill", "decode"])
def test_no_orphan_is_left_when_the_window_is_killed(stage: str, tmp_path: Path) -> None:
    assert best_s(lambda: seconds_to_outlive_the_window(stage, tmp_path), 2) < 2


def seconds_to_outlive_the_window(stage: str, tmp_path: Path) -> float:
    """How long an engine that is at `stage` is there after its window was killed."""
    text, mmproj = demo_model()
    program = tmp_path / "window.py"
    program.write_text(
        f"""
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.engine.protocol import ChatRequest
app = QCoreApplication([])
client = LocalEngine()
def tell(stage):
    if stage == {stage!r}:
        print(client.pid, flush=True)
client.progressed.connect(lambda progress: tell(progress.stage))
client.text_arrived.connect(lambda *_: tell("decode"))
client.load(ModelRef(Path({str(text)!r}), Path({str(mmproj)!r})), LoadOptions(n_ctx=4096, n_threads=1))
text = "word " * 3000 if {stage!r} == "prefill" else "Count to 1000."
client.ask(ChatRequest([ChatMessage.of("user", text)], max_tokens=900))
app.exec()
""",
        encoding="utf-8",
    )
    window = subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE)
    assert window.stdout is not None
    pid = int(window.stdout.readline())
    assert is_running(pid)
    window.kill()
    killed = time.monotonic()
    window.wait()
    window.stdout.close()
    while is_running(pid):
        assert time.monotonic() - killed < 60
        time.sleep(0.01)
    return time.monotonic() - killed
