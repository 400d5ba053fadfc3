"""The client with a real engine: it loads, answers and stops on request, and keeps to itself what it hears."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterator
from math import inf
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.api.capabilities import NO_VISION
from desktop_vlm.api.loaded_model import LoadedModel
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.models.demo import demo_model
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.engine.pace import Pace
from desktop_vlm.ui.engine.process import worker_command
from desktop_vlm.ui.engine.protocol import Answer, ChatRequest, EngineState, Progress
from tests.quickest import best_s
from tests.ui.engine_recorder import (
    FAULTY_WORKER,
    GREEDY,
    LONG_MS,
    ClientRecorder,
    MakeClient,
    Recorder,
    Source,
    picture,
    question,
    spin_until,
)
from tools.processes import is_running

unseen = itertools.count(1)
"""Numbers for what an engine did not meet before."""

# Stopping


@pytest.fixture(scope="module")
def demo() -> Source:
    return ModelRef(*demo_model()), LoadOptions(n_ctx=4096, n_threads=1)


class Lasting:
    """An engine whose process lasts for several tests.

    Attributes:
        fresh_answer: what the process, which had done nothing else, answered to `question()`.
    """

    def __init__(self, source: Source) -> None:
        self.client = LocalEngine()
        self.client.load(*source)
        self.fresh_answer, _ = Recorder(self.client, spin_until).answer(question())
        self.pid = self.client.pid


@pytest.fixture(scope="module")
def lasting(qapp: QApplication, demo: Source) -> Iterator[Lasting]:
    """With the demo."""
    assert qapp
    made = Lasting(demo)
    yield made
    made.client.close()


@pytest.mark.parametrize("stage", ["encode", "prefill", "decode"])
def test_a_stop_takes_effect_and_leaves_nothing_behind(stage: str, lasting: Lasting, qtbot: QtBot) -> None:
    assert best_s(lambda: seconds_to_stop_answer(stage, lasting, qtbot), 2) < 2


def seconds_to_stop_answer(stage: str, lasting: Lasting, qtbot: QtBot) -> float:
    """An answer is stopped when it is at `stage`, and the engine works on."""
    client = lasting.client
    recorder = ClientRecorder(client, lambda condition: qtbot.waitUntil(condition, timeout=LONG_MS))
    request = {
        "encode": question(picture=picture(next(unseen))),
        "prefill": question(f"{next(unseen)} " + "word " * 3000),
        "decode": question("Write a long story.", max_tokens=2000),
    }[stage]
    asked = client.ask(request)
    if stage == "decode":
        recorder.wait_for("text_arrived", asked)
    else:
        recorder.wait(lambda: any(p.stage == stage and p.fraction < 1 for (p,) in recorder.of("progressed")))
    took_s = seconds_to_stop(recorder, asked, lasting.fresh_answer)
    assert client.pid == lasting.pid  # as before: gently
    return took_s


def test_a_stop_of_a_load_takes_effect_and_leaves_nothing_behind(
    make_client: MakeClient, demo: Source, lasting: Lasting
) -> None:
    assert best_s(lambda: seconds_to_stop_load(make_client(), demo, lasting.fresh_answer), 2) < 2


def seconds_to_stop_load(recorder: ClientRecorder, demo: Source, fresh_answer: str) -> float:
    """The load of a new engine is stopped, and the engine works on."""
    recorder.client.load(*demo)
    recorder.wait_for("progressed")
    return seconds_to_stop(recorder, 0, fresh_answer)


def seconds_to_stop(recorder: ClientRecorder, asked: int, fresh_answer: str) -> float:
    """Endless if the stop itself was waited for."""
    client = recorder.client
    pid = client.pid
    stopped = time.monotonic()
    client.stop()
    assert client.state is EngineState.STOPPING
    is_waited_for = time.monotonic() - stopped >= 0.2
    said = recorder.text(asked)
    recorder.wait(lambda: client.state in (EngineState.READY, EngineState.STOPPED))
    took_s = time.monotonic() - stopped
    assert client.pid == pid  # gently
    if asked:
        assert recorder.wait_for("answered", asked)[1].finish_reason == "cancelled"
        assert recorder.text(asked) == said
    assert not recorder.of("failed")
    assert recorder.answer(question())[0] == fresh_answer
    return inf if is_waited_for else took_s


def test_a_stop_that_has_no_effect_is_enforced(make_client: MakeClient, fault_order: Path, tiny_model: Source) -> None:
    recorder = make_client(sys.executable, str(FAULTY_WORKER), str(fault_order), stop_s=0.3)
    client = recorder.client
    client.load(*tiny_model)
    fault_order.write_text("hang decode", encoding="ascii")
    asked = client.ask(question())
    recorder.wait_for("text_arrived", asked)
    pid = client.pid
    client.stop()
    client.stop()
    following = client.ask(question())
    assert recorder.wait_for("answered", asked)[1] == Answer("cancelled")
    recorder.wait_for("answered", following)
    assert client.pid not in (0, pid)
    assert not is_running(pid)
    assert not recorder.of("crashed")
    assert not recorder.of("failed")


def test_stopping_before_the_model_is_there_cancels_the_question(make_client: MakeClient, tiny_model: Source) -> None:
    recorder = make_client()
    recorder.client.load(*tiny_model)
    asked = recorder.client.ask(question())
    recorder.client.stop()
    assert recorder.client.state is EngineState.STOPPED
    assert recorder.of("answered") == [(asked, Answer("cancelled"))]
    assert recorder.answer(question())[0]


# Loading and asking


@pytest.fixture(scope="module")
def tiny_client(qapp: QApplication, tiny_model: Source) -> Iterator[LocalEngine]:
    assert qapp
    made = Lasting(tiny_model)
    yield made.client
    made.client.close()


@pytest.fixture
def tiny(tiny_client: LocalEngine, qtbot: QtBot) -> ClientRecorder:
    """An engine that has the tiny model, and has answered before."""
    return ClientRecorder(tiny_client, lambda condition: qtbot.waitUntil(condition, timeout=LONG_MS))


def test_a_load_tells_what_is_there(make_client: MakeClient, tiny_model: Source) -> None:
    recorder = make_client()
    client = recorder.client
    client.load(*tiny_model)
    (model,) = recorder.wait_for("loaded")
    assert isinstance(model, LoadedModel)
    assert client.model == model
    assert (model.quantization, model.n_ctx, model.capabilities.max_images) == ("F32", 512, 1)
    assert (model.n_gpu_layers, model.runs_on_cpu_despite_gpu) in ((0, False), (0, True), (model.n_layers, False))
    assert model.capabilities.sizing is not None
    assert model.capabilities.sizing.kind == "tiles"
    assert model.text_bytes == tiny_model[0].text.stat().st_size
    assert model.devices[-1].total_bytes >= model.devices[-1].free_bytes > 0
    assert recorder.of("state_changed") == [(EngineState.STARTING,), (EngineState.LOADING,), (EngineState.READY,)]
    fractions = [progress.fraction for (progress,) in recorder.of("progressed")]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    (stats,) = recorder.wait_for("stats_changed")
    assert stats.rss_bytes > 2**20


def test_a_bad_model_is_a_sentence_and_a_process_stays_with_its_files(
    make_client: MakeClient, tiny_model: Source, tmp_path: Path
) -> None:
    recorder = make_client()
    client = recorder.client
    client.load(ModelRef(tmp_path / "missing.gguf"), LoadOptions())
    asked = client.ask(question())
    _, blame, sentence = recorder.wait_for("failed", 0)
    assert blame == "user"
    assert "missing.gguf" in sentence
    assert recorder.wait_for("failed", asked)[1] == "user"
    assert client.state is EngineState.FAILED
    pid = client.pid
    client.load(*tiny_model)
    recorder.wait_for("loaded")
    assert client.pid not in {0, pid}  # it gave up the right to open others
    assert not recorder.of("crashed")
    pid = client.pid
    client.load(ModelRef(tiny_model[0].text), LoadOptions(n_ctx=256, n_threads=1))
    recorder.wait(lambda: client.model is not None and client.model.capabilities.max_images == 0)
    assert client.pid == pid
    asked = client.ask(question(picture=picture(3)))
    assert recorder.wait_for("failed", asked)[1:] == ("user", NO_VISION)
    assert recorder.answer(question())[0]


def test_another_version_is_reported(make_client: MakeClient, tiny_model: Source) -> None:
    code = (
        "import desktop_vlm; desktop_vlm.__version__ = '0.0.1'; from desktop_vlm.service import worker; worker.main()"
    )
    recorder = make_client(sys.executable, "-c", code)
    recorder.client.load(*tiny_model)
    _, blame, sentence = recorder.wait_for("failed", 0)
    assert blame == "engine"
    assert "its engine 0.0.1; close the program" in sentence
    assert recorder.client.state is EngineState.FAILED
    assert not recorder.of("crashed")


def test_questions_are_refused_while_one_waits_or_runs(make_client: MakeClient, tiny_model: Source) -> None:
    recorder = make_client()
    client = recorder.client
    asked = client.ask(question())
    assert recorder.wait_for("failed", asked)[2] == "No model is loaded; choose one first."
    client.load(*tiny_model)
    waiting, refused = client.ask(question()), client.ask(question())
    busy = ("user", "The model is still answering; stop it or wait for the end.")
    assert recorder.wait_for("failed", refused)[1:] == busy
    recorder.wait_for("answered", waiting)
    running, refused = client.ask(question()), client.ask(question())
    assert recorder.wait_for("failed", refused)[1:] == busy
    recorder.wait_for("answered", running)
    assert [number for number, *_ in recorder.of("answered")] == [waiting, running]


def test_loading_another_model_ends_the_running_answer(
    make_client: MakeClient, fault_order: Path, tiny_model: Source
) -> None:
    recorder = make_client(sys.executable, str(FAULTY_WORKER), str(fault_order))
    client = recorder.client
    client.load(*tiny_model)
    fault_order.write_text("hang decode", encoding="ascii")
    asked = client.ask(question())
    recorder.wait_for("text_arrived", asked)
    client.load(ModelRef(tiny_model[0].text), LoadOptions(n_ctx=256, n_threads=1))
    assert recorder.of("answered") == [(asked, Answer("cancelled"))]
    recorder.wait(lambda: len(recorder.of("loaded")) == 2)
    assert recorder.answer(question())[0]
    client.unload()
    assert (client.state, client.model) == (EngineState.STOPPED, None)
    assert recorder.answer(question())[0]
    assert not recorder.of("failed") + recorder.of("crashed")


def test_dropped_turns_are_reported(tiny: ClientRecorder) -> None:
    turns = [ChatMessage.of(role, "many words " * 8) for _ in range(12) for role in ("user", "assistant")]
    _, ending = tiny.answer(ChatRequest([*turns, ChatMessage.of("user", "So?")], max_tokens=12, sampling=GREEDY))
    assert ending.usage is not None
    assert ending.usage.dropped_messages > 0
    assert ending.usage.dropped_messages % 2 == 0
    assert ending.usage.prompt_tokens <= 512


def test_text_comes_in_few_pieces(tiny: ClientRecorder) -> None:
    started = time.monotonic()
    _, ending = tiny.answer(question("Go on", max_tokens=200))
    took_s = time.monotonic() - started
    assert ending.usage is not None
    assert ending.usage.generated_tokens > 40
    assert len(tiny.of("text_arrived")) <= took_s / 0.030 + 1


# Privacy


def test_nothing_is_loaded_from_the_current_folder_and_nothing_is_in_the_arguments(
    make_client: MakeClient, tiny_model: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("llama_cpp.py", "desktop_vlm.py", "json.py"):
        (tmp_path / name).write_text("raise SystemExit(77)", encoding="ascii")
    for name in ("libggml-cpu.so", "libggml-base.so", "libggml-planted.so"):
        (tmp_path / name).write_bytes(b"not a library")
    monkeypatch.chdir(tmp_path)
    recorder = make_client()
    recorder.client.load(*tiny_model)
    recorder.answer(question("a secret question", picture(5)))
    process = Path("/proc", str(recorder.client.pid))
    assert (process / "cwd").readlink() == Path("/")
    assert str(tmp_path) not in (process / "maps").read_text(encoding="utf-8")
    arguments = (process / "cmdline").read_bytes().rstrip(b"\0").decode().split("\0")
    assert arguments == list(worker_command())
    links = [str(link.readlink()) for link in (process / "fd").iterdir()]
    assert not [link for link in links if link.startswith("socket:")]


def test_the_log_holds_no_conversation(tiny: ClientRecorder) -> None:
    client = tiny.client
    request = ChatRequest([ChatMessage.of("user", "a secret question")], sampling={"temperature": "a secret"})
    asked = client.ask(request)
    _, blame, sentence = tiny.wait_for("failed", asked)
    assert blame == "bug"
    assert "secret" not in sentence
    tiny.wait(lambda: any("TypeError" in line for line in client.log))
    assert "secret" not in "".join(client.log)
    assert tiny.answer(question())[0]


# Small things


def test_seconds_left_follow_the_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = 100.0
    monkeypatch.setattr("desktop_vlm.ui.engine.pace.time.monotonic", lambda: now_s)
    pace = Pace()
    assert pace.seconds_left("load", 0.0) is None
    now_s = 100.4
    assert pace.seconds_left("load", 0.2) is None
    now_s = 102.0
    assert pace.seconds_left("load", 0.25) == pytest.approx(6.0)
    assert pace.seconds_left("prefill", 0.5) is None
    now_s = 104.0
    assert pace.seconds_left("prefill", 0.75) == pytest.approx(2.0)
    assert pace.seconds_left("prefill", 0.0) is None


def test_relative_paths_are_meant_from_here(
    make_client: MakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    recorder = make_client("/bin/sleep", "60")
    recorder.client.load(ModelRef(Path("a.gguf"), Path("b.gguf")), LoadOptions(n_ctx=77))
    assert recorder.client.source == (ModelRef(tmp_path / "a.gguf", tmp_path / "b.gguf"), LoadOptions(n_ctx=77))


def test_signals_do_not_wear_out_python() -> None:
    """PySide 6.12.0 loses a reference to True at every `emit` (before Python 3.12), which ends the process."""

    class Sender(QObject):
        sent = Signal(object)

    sender = Sender()
    before = sys.getrefcount(True)
    for _ in range(100):
        sender.sent.emit(Progress("load", 0.5, None))
    assert sys.getrefcount(True) - before > -50
