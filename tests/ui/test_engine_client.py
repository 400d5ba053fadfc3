"""The client with a real engine: whatever happens to the process, the window lives and the next question works."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.convert import ModelFiles
from desktop_vlm.demo import demo_model
from desktop_vlm.ui.engine_client import (
    Answer,
    ChatRequest,
    EngineClient,
    EngineState,
    Limits,
    LoadedModel,
    ModelSpec,
    Progress,
)
from desktop_vlm.ui.engine_process import worker_command
from desktop_vlm.ui.engine_types import Pace

FAULTY_WORKER = Path(__file__).parent.parent / "faulty_worker.py"
GREEDY = {"temperature": 0}
LONG_MS = 30_000
SIGNALS = ("state_changed", "progressed", "loaded", "text_arrived", "answered", "failed", "died", "stats_changed")


class Recorder(QObject):
    """A client and all that it said, in order."""

    def __init__(self, client: EngineClient, qtbot_wait: Callable[[Callable[[], bool]], None]) -> None:
        super().__init__()
        self.client = client
        self.events: list[tuple[str, tuple[Any, ...]]] = []
        self._wait = qtbot_wait
        for name in SIGNALS:
            getattr(client, name).connect(self._note(name))

    def _note(self, name: str) -> Callable[..., None]:
        return lambda *arguments: self.events.append((name, arguments))

    def of(self, name: str) -> list[tuple[Any, ...]]:
        return [arguments for event, arguments in self.events if event == name]

    def wait(self, condition: Callable[[], bool]) -> None:
        self._wait(condition)

    def wait_for(self, name: str, *start: Any) -> tuple[Any, ...]:
        """The arguments of the first `name` that begins with `start`, once it came."""
        self.wait(lambda: any(found[: len(start)] == start for found in self.of(name)))
        return next(found for found in self.of(name) if found[: len(start)] == start)

    def text(self, question: int) -> str:
        return "".join(text for number, text in self.of("text_arrived") if number == question)

    def answer(self, request: ChatRequest) -> tuple[str, Answer]:
        question = self.client.ask(request)
        self.wait(lambda: any(a[0] == question for name in ("answered", "failed") for a in self.of(name)))
        assert not [found for found in self.of("failed") if found[0] == question]
        return self.text(question), self.wait_for("answered", question)[1]


def question(text: str = "What is this?", picture: bytes | None = None, max_tokens: int = 12) -> ChatRequest:
    parts: list[dict[str, Any]] = [{"type": "image", "image": picture}] if picture else []
    return ChatRequest(
        [{"role": "user", "content": [*parts, {"type": "text", "text": text}]}], max_tokens, sampling=GREEDY
    )


def picture(seed: int) -> bytes:
    image = Image.new("RGB", (60, 40), (seed * 37 % 256, seed * 91 % 256, 128))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2] not in "ZX"
    except OSError:
        return False


@pytest.fixture
def tiny(model_files: Callable[..., ModelFiles]) -> ModelSpec:
    files = model_files("alpha")
    return ModelSpec(files.text, files.mmproj, n_ctx=512, n_threads=1)


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Callable[..., Recorder]]:
    clients = []

    def made(*command: str, **limits: Any) -> Recorder:
        client = EngineClient(command=command or None, limits=Limits(**limits))
        clients.append(client)
        return Recorder(client, lambda condition: qtbot.waitUntil(condition, timeout=LONG_MS))

    yield made
    for client in clients:
        client.close()


# Deaths

REASONS = {
    "SIGSEGV": "it crashed (signal 11)",
    "SIGKILL": "it was killed (signal 9)",
    "abort": "it met a failed check and gave up (signal 6)",
    "exit0": "it ended by itself (exit code 0)",
    "exit3": "it ended by itself (exit code 3)",
    "hang": "it gave no sign of life for 2 seconds",
    "garbage": "it sent something unreadable",
    "memory": "memory ran out",
}


@pytest.fixture(scope="module")
def order(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults") / "order"


@pytest.fixture(scope="module")
def mortal(qapp: QApplication, order: Path) -> Iterator[EngineClient]:
    """One client for all deaths: each is followed by a new process."""
    assert qapp
    limits = Limits(silence_s=2, deaths=1000)
    client = EngineClient(command=(sys.executable, str(FAULTY_WORKER), str(order)), limits=limits)
    yield client
    client.close()


@pytest.mark.parametrize("stage", ["load", "encode", "decode"])
@pytest.mark.parametrize("fault", REASONS)
def test_a_death_is_told_and_the_next_question_is_answered(
    fault: str, stage: str, mortal: EngineClient, order: Path, tiny: ModelSpec, qtbot: QtBot
) -> None:
    recorder = Recorder(mortal, lambda condition: qtbot.waitUntil(condition, timeout=LONG_MS))
    unseen = picture(100 * list(REASONS).index(fault) + len(stage))
    if mortal.spec is None:
        mortal.load(tiny)
    expected, _ = recorder.answer(question())
    mortal._memory_share = 0.8  # the try with less memory was made before

    order.write_text(f"{fault} {stage}", encoding="ascii")
    if stage == "load":
        mortal.restart()
        asked = 0
    else:
        asked = mortal.ask(question(picture=unseen))
    recorder.wait_for("died")
    assert recorder.of("died") == [(f"the engine stopped: {REASONS[fault]}",)]
    ((failed, blame, sentence),) = recorder.of("failed")
    assert (failed, blame) == (asked, "engine")
    assert sentence.startswith(("The engine stopped: " + REASONS[fault], "The engine stopped because memory ran out"))
    names = [name for name, _ in recorder.events]
    assert names.index("failed") < names.index("died")
    assert mortal.state is EngineState.STOPPED
    assert mortal.model is None
    if stage == "decode":
        assert recorder.text(asked) or fault == "garbage"

    again, ending = recorder.answer(question(picture=unseen))
    assert again
    assert ending.finish_reason in ("stop", "length")
    assert recorder.answer(question())[0] == expected


@pytest.mark.parametrize("stage", ["load", "encode"])
def test_when_memory_runs_out_less_is_asked_for_once(
    stage: str, mortal: EngineClient, order: Path, tiny: ModelSpec, qtbot: QtBot
) -> None:
    recorder = Recorder(mortal, lambda condition: qtbot.waitUntil(condition, timeout=LONG_MS))
    mortal.load(tiny)
    if stage == "encode":
        recorder.wait_for("loaded")
    order.write_text(f"memory {stage}", encoding="ascii")
    text, ending = recorder.answer(question(picture=picture(7000 + len(stage))))
    assert text
    assert ending.finish_reason in ("stop", "length")
    assert not order.exists()
    assert [recorder.of("died"), recorder.of("failed")] == [[("the engine stopped: memory ran out",)], []]
    assert mortal._memory_share == 0.8
    order.write_text("memory encode", encoding="ascii")
    asked = mortal.ask(question(picture=picture(8000 + len(stage))))
    assert "memory ran out" in recorder.wait_for("failed", asked)[2]


def test_an_answer_that_has_begun_is_not_begun_again_without_a_word(
    mortal: EngineClient, order: Path, tiny: ModelSpec, qtbot: QtBot
) -> None:
    recorder = Recorder(mortal, lambda condition: qtbot.waitUntil(condition, timeout=LONG_MS))
    mortal.load(tiny)
    recorder.wait_for("loaded")
    order.write_text("memory decode", encoding="ascii")
    asked = mortal.ask(question())
    assert "memory ran out" in recorder.wait_for("failed", asked)[2]


def test_three_deaths_in_a_minute_end_the_restarts(make: Callable[..., Recorder], tiny: ModelSpec) -> None:
    recorder = make()
    recorder.client.load(tiny)
    recorder.wait_for("loaded")
    for deaths in (1, 2, 3):
        os.kill(recorder.client.pid, signal.SIGKILL)
        recorder.wait(lambda deaths=deaths: len(recorder.of("died")) == deaths)  # type: ignore[misc]
        if deaths < 3:
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
    make: Callable[..., Recorder], tiny: ModelSpec
) -> None:
    recorder = make()
    client = recorder.client
    client.load(tiny)
    expected, _ = recorder.answer(question())
    os.kill(client.pid, signal.SIGKILL)
    while is_running(client.pid):
        time.sleep(0.001)
    assert client.state is EngineState.READY  # the news has not come yet
    assert recorder.answer(question())[0] == expected
    assert len(recorder.of("died")) == 1
    assert not recorder.of("failed")


def test_a_program_that_cannot_start_is_a_failed_load(make: Callable[..., Recorder], tiny: ModelSpec) -> None:
    recorder = make("/nonexistent/python")
    recorder.client.load(tiny)
    asked = recorder.client.ask(question())
    assert "it could not be started" in recorder.wait_for("failed", 0)[2]
    assert "it could not be started" in recorder.wait_for("failed", asked)[2]
    assert recorder.client.state is EngineState.STOPPED


def test_a_program_that_says_nothing_is_given_up(make: Callable[..., Recorder], tiny: ModelSpec) -> None:
    recorder = make("/bin/sleep", "60", start_s=0.5)
    recorder.client.load(tiny)
    assert "it gave no sign of life for 0.5 seconds" in recorder.wait_for("failed", 0)[2]


def test_another_version_is_told(make: Callable[..., Recorder], tiny: ModelSpec) -> None:
    code = "import desktop_vlm; desktop_vlm.__version__ = '0.0.1'; from desktop_vlm import worker; worker.main()"
    recorder = make(sys.executable, "-c", code)
    recorder.client.load(tiny)
    _, blame, sentence = recorder.wait_for("failed", 0)
    assert blame == "engine"
    assert "its engine 0.0.1; close the program" in sentence
    assert recorder.client.state is EngineState.FAILED
    assert not recorder.of("died")


@pytest.mark.parametrize("stage", ["load", "prefill", "decode"])
def test_no_orphan_is_left_when_the_window_is_killed(stage: str, tmp_path: Path) -> None:
    text, mmproj = demo_model()
    program = tmp_path / "window.py"
    program.write_text(
        f"""
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop_vlm.ui.engine_client import ChatRequest, EngineClient, ModelSpec
app = QCoreApplication([])
client = EngineClient()
def tell(stage):
    if stage == {stage!r}:
        print(client.pid, flush=True)
client.progressed.connect(lambda progress: tell(progress.stage))
client.text_arrived.connect(lambda *_: tell("decode"))
client.load(ModelSpec(Path({str(text)!r}), Path({str(mmproj)!r}), n_ctx=4096, n_threads=1))
text = "word " * 3000 if {stage!r} == "prefill" else "Count to 1000."
client.ask(ChatRequest([{{"role": "user", "content": text}}], 900))
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
    while is_running(pid) and time.monotonic() - killed < 5:
        time.sleep(0.01)
    assert time.monotonic() - killed < 2


# Stopping


@pytest.fixture(scope="module")
def demo() -> ModelSpec:
    text, mmproj = demo_model()
    return ModelSpec(text, mmproj, n_ctx=4096, n_threads=1)


@pytest.fixture(scope="module")
def fresh_answer(qapp: QApplication, demo: ModelSpec) -> str:
    """What a process that has done nothing else answers to `question()`."""
    client = EngineClient()
    text: list[str] = []
    done: list[Answer] = []
    client.text_arrived.connect(lambda _, more: text.append(more))
    client.answered.connect(lambda _, answer: done.append(answer))
    client.load(demo)
    client.ask(question())
    while not done:
        qapp.processEvents()
    client.close()
    return "".join(text)


@pytest.mark.parametrize("stage", ["load", "encode", "prefill", "decode"])
def test_a_stop_takes_effect_and_leaves_nothing_behind(
    stage: str, make: Callable[..., Recorder], demo: ModelSpec, fresh_answer: str
) -> None:
    recorder = make()
    client = recorder.client
    client.load(demo)
    asked = 0
    if stage == "load":
        recorder.wait_for("progressed")
    else:
        request = {
            "encode": question(picture=picture(1)),
            "prefill": question("word " * 3000),
            "decode": question("Write a long story.", max_tokens=2000),
        }[stage]
        asked = client.ask(request)
        if stage == "decode":
            recorder.wait_for("text_arrived", asked)
        else:
            recorder.wait(lambda: any(p.stage == stage and p.fraction < 1 for (p,) in recorder.of("progressed")))
    pid = client.pid
    stopped = time.monotonic()
    client.stop()
    assert client.state is EngineState.STOPPING
    assert time.monotonic() - stopped < 0.2
    said = recorder.text(asked)
    recorder.wait(lambda: client.state in (EngineState.READY, EngineState.STOPPED))
    took_s = time.monotonic() - stopped
    assert took_s < 2
    assert client.pid == pid  # gently
    if asked:
        assert recorder.wait_for("answered", asked)[1].finish_reason == "cancelled"
        assert recorder.text(asked) == said
    assert not recorder.of("failed")
    assert recorder.answer(question())[0] == fresh_answer


def test_a_stop_that_has_no_effect_is_enforced(make: Callable[..., Recorder], order: Path, tiny: ModelSpec) -> None:
    recorder = make(sys.executable, str(FAULTY_WORKER), str(order), stop_s=0.3)
    client = recorder.client
    client.load(tiny)
    order.write_text("hang decode", encoding="ascii")
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
    assert not recorder.of("died")
    assert not recorder.of("failed")


def test_stopping_before_the_model_is_there_cancels_the_question(
    make: Callable[..., Recorder], tiny: ModelSpec
) -> None:
    recorder = make()
    recorder.client.load(tiny)
    asked = recorder.client.ask(question())
    recorder.client.stop()
    assert recorder.client.state is EngineState.STOPPED
    assert recorder.of("answered") == [(asked, Answer("cancelled"))]
    assert recorder.answer(question())[0]


# Loading and asking


def test_a_load_tells_what_is_there(make: Callable[..., Recorder], tiny: ModelSpec) -> None:
    recorder = make()
    client = recorder.client
    client.load(tiny)
    (model,) = recorder.wait_for("loaded")
    assert isinstance(model, LoadedModel)
    assert client.model == model
    assert (model.quantization, model.n_ctx, model.sees_pictures) == ("F32", 512, True)
    assert (model.n_gpu_layers, model.runs_on_cpu_despite_gpu) in ((0, False), (0, True), (model.n_layers, False))
    assert model.tile_size is not None
    assert model.text_bytes == tiny.text.stat().st_size
    assert model.devices[-1].total_bytes >= model.devices[-1].free_bytes > 0
    assert recorder.of("state_changed") == [(EngineState.STARTING,), (EngineState.LOADING,), (EngineState.READY,)]
    fractions = [progress.fraction for (progress,) in recorder.of("progressed")]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    (stats,) = recorder.wait_for("stats_changed")
    assert stats.rss_bytes > 2**20


def test_a_bad_model_is_a_sentence_and_the_process_stays(
    make: Callable[..., Recorder], tiny: ModelSpec, tmp_path: Path
) -> None:
    recorder = make()
    client = recorder.client
    client.load(ModelSpec(tmp_path / "missing.gguf", None))
    asked = client.ask(question())
    _, blame, sentence = recorder.wait_for("failed", 0)
    assert blame == "user"
    assert "missing.gguf" in sentence
    assert recorder.wait_for("failed", asked)[1] == "user"
    assert client.state is EngineState.FAILED
    pid = client.pid
    client.load(tiny)
    recorder.wait_for("loaded")
    assert client.pid == pid
    client.load(ModelSpec(tiny.text, None, n_ctx=256, n_threads=1))
    recorder.wait(lambda: client.model is not None and not client.model.sees_pictures)
    assert client.pid == pid
    asked = client.ask(question(picture=picture(3)))
    assert recorder.wait_for("failed", asked)[1:] == (
        "user",
        "This model was loaded without its vision half; load the mmproj file with it to ask about pictures.",
    )
    assert recorder.answer(question())[0]


def test_questions_are_refused_while_one_waits_or_runs(make: Callable[..., Recorder], tiny: ModelSpec) -> None:
    recorder = make()
    client = recorder.client
    asked = client.ask(question())
    assert recorder.wait_for("failed", asked)[2] == "No model is loaded; choose one first."
    client.load(tiny)
    waiting, refused = client.ask(question()), client.ask(question())
    busy = ("user", "The model is still answering; stop it or wait for the end.")
    assert recorder.wait_for("failed", refused)[1:] == busy
    recorder.wait_for("answered", waiting)
    running, refused = client.ask(question()), client.ask(question())
    assert recorder.wait_for("failed", refused)[1:] == busy
    recorder.wait_for("answered", running)
    assert [number for number, *_ in recorder.of("answered")] == [waiting, running]


def test_loading_another_model_ends_the_running_answer(
    make: Callable[..., Recorder], order: Path, tiny: ModelSpec
) -> None:
    recorder = make(sys.executable, str(FAULTY_WORKER), str(order))
    client = recorder.client
    client.load(tiny)
    order.write_text("hang decode", encoding="ascii")
    asked = client.ask(question())
    recorder.wait_for("text_arrived", asked)
    client.load(ModelSpec(tiny.text, None, n_ctx=256, n_threads=1))
    assert recorder.of("answered") == [(asked, Answer("cancelled"))]
    recorder.wait(lambda: len(recorder.of("loaded")) == 2)
    assert recorder.answer(question())[0]
    client.unload()
    assert (client.state, client.model) == (EngineState.STOPPED, None)
    assert recorder.answer(question())[0]
    assert not recorder.of("failed") + recorder.of("died")


def test_dropped_turns_are_told(make: Callable[..., Recorder], tiny: ModelSpec) -> None:
    recorder = make()
    recorder.client.load(tiny)
    turns = [{"role": role, "content": "many words " * 8} for _ in range(12) for role in ("user", "assistant")]
    _, ending = recorder.answer(ChatRequest([*turns, {"role": "user", "content": "So?"}], 12, sampling=GREEDY))
    assert ending.dropped_messages > 0
    assert ending.dropped_messages % 2 == 0
    assert ending.usage is not None
    assert ending.usage.prompt_tokens <= 512


def test_text_comes_in_few_pieces(make: Callable[..., Recorder], tiny: ModelSpec) -> None:
    recorder = make()
    recorder.client.load(tiny)
    recorder.wait_for("loaded")
    started = time.monotonic()
    _, ending = recorder.answer(question("Go on", max_tokens=200))
    took_s = time.monotonic() - started
    assert ending.usage is not None
    assert ending.usage.generated_tokens > 40
    assert len(recorder.of("text_arrived")) <= took_s / 0.030 + 1


# Privacy


def test_nothing_is_loaded_from_the_current_folder_and_nothing_is_in_the_arguments(
    make: Callable[..., Recorder], tiny: ModelSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("llama_cpp.py", "desktop_vlm.py", "json.py"):
        (tmp_path / name).write_text("raise SystemExit(77)", encoding="ascii")
    for name in ("libggml-cpu.so", "libggml-base.so", "libggml-planted.so"):
        (tmp_path / name).write_bytes(b"not a library")
    monkeypatch.chdir(tmp_path)
    recorder = make()
    recorder.client.load(tiny)
    recorder.answer(question("a secret question", picture(5)))
    process = Path("/proc", str(recorder.client.pid))
    assert (process / "cwd").readlink() == Path("/")
    assert str(tmp_path) not in (process / "maps").read_text(encoding="utf-8")
    arguments = (process / "cmdline").read_bytes().rstrip(b"\0").decode().split("\0")
    assert arguments == list(worker_command())
    links = [str(link.readlink()) for link in (process / "fd").iterdir()]
    assert not [link for link in links if link.startswith("socket:")]


def test_the_log_holds_no_conversation(make: Callable[..., Recorder], tiny: ModelSpec) -> None:
    recorder = make()
    client = recorder.client
    client.load(tiny)
    request = ChatRequest([{"role": "user", "content": "a secret question"}], sampling={"temperature": "a secret"})
    asked = client.ask(request)
    _, blame, sentence = recorder.wait_for("failed", asked)
    assert blame == "bug"
    assert "secret" not in sentence
    recorder.wait(lambda: any("TypeError" in line for line in client.log))
    assert "secret" not in "".join(client.log)
    assert recorder.answer(question())[0]


# Small things


def test_seconds_left_follow_the_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = 100.0
    monkeypatch.setattr("desktop_vlm.ui.engine_types.time.monotonic", lambda: now_s)
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
    make: Callable[..., Recorder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    recorder = make("/bin/sleep", "60")
    recorder.client.load(ModelSpec(Path("a.gguf"), Path("b.gguf")))
    assert recorder.client.spec == ModelSpec(tmp_path / "a.gguf", tmp_path / "b.gguf")


def test_signals_do_not_wear_out_python() -> None:
    """PySide 6.12.0 loses a reference to True at every `emit` (before Python 3.12), which ends the process."""

    class Sender(QObject):
        sent = Signal(object)

    sender = Sender()
    before = sys.getrefcount(True)
    for _ in range(100):
        sender.sent.emit(Progress("load", 0.5, None))
    assert sys.getrefcount(True) - before > -50
