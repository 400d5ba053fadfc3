"""The engine's process by itself, spoken to as the window does."""

from __future__ import annotations

import dataclasses
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest

from desktop_vlm import __version__, backend
from desktop_vlm.api.capabilities import NO_VISION
from desktop_vlm.api.loaded_model import DeviceMemory
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.convert import ModelFiles
from desktop_vlm.service import frames, pipes, worker
from desktop_vlm.service.child import DEVICE_LOST, why_it_ended
from desktop_vlm.system.gpus import InstalledGpu
from tests.checkpoints import CHECKPOINTS, model_images
from tests.quickest import best_s

One = TypeVar("One", bound=frames.Message)
HELLO = frames.Hello(__version__, frames.PROTOCOL, files=(Path(tempfile.gettempdir()),))
"""Its files are those that tests make."""


class Child:
    """A running worker; every message it sends is kept."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(
            command or (sys.executable, "-m", "desktop_vlm.service.worker"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.messages: list[frames.Message] = []
        self._reader = frames.FrameReader()
        self._next_id = 0

    def send(self, message: frames.Message) -> None:
        self.write(b"".join(frames.encode(message)))

    def write(self, data: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def wait_for(self, kind: type[One], job: int | None = None) -> One:
        """The first message of a kind (about `job`), sent already or yet to come."""
        assert self.process.stdout
        seen = 0
        while True:
            for message in self.messages[seen:]:
                if isinstance(message, kind) and (job is None or getattr(message, "id", None) == job):
                    return message
            seen = len(self.messages)
            data = os.read(self.process.stdout.fileno(), 1 << 16)
            assert data, f"ended with {self.process.wait()}: {self.errors()}"
            self.messages += self._reader.feed(data)

    def load(self, text: Path, mmproj: Path | None = None, **options: Any) -> int:
        self._next_id += 1
        settings = LoadOptions(**{"n_ctx": 512, "n_gpu_layers": 0, "n_threads": 1, **options})
        self.send(frames.Load(self._next_id, ModelRef(text, mmproj), settings))
        return self._next_id

    def chat(self, *messages: ChatMessage, images: Mapping[str, bytes] | None = None, **options: Any) -> int:
        self._next_id += 1
        settings: dict[str, Any] = {"max_tokens": 12, "drop_oldest": False, "sampling": {"temperature": 0}}
        settings |= {"json_schema": None, "stop": (), **options}
        sent = images or {}
        self.send(frames.Chat(self._next_id, messages, images=tuple(sent), blobs=tuple(sent.values()), **settings))
        return self._next_id

    def text(self, job: int) -> str:
        return "".join(m.text for m in self.messages if isinstance(m, frames.Chunk) and m.id == job)

    def errors(self) -> str:
        assert self.process.stderr
        return self.process.stderr.read().decode()

    def end_input(self) -> tuple[int, float]:
        """Close the pipe; the exit code and the seconds until then."""
        assert self.process.stdin
        started = time.monotonic()
        self.process.stdin.close()
        return self.process.wait(60), time.monotonic() - started


@pytest.fixture
def start() -> Iterator[Callable[..., Child]]:
    children = []

    def started(*command: str, greets: bool = True) -> Child:
        child = Child(*command)
        children.append(child)
        if greets:
            child.send(HELLO)
        return child

    yield started
    for child in children:
        child.process.kill()
        child.process.wait()
        for pipe in (child.process.stdin, child.process.stdout, child.process.stderr):
            if pipe:
                pipe.close()


@pytest.fixture(scope="module")
def files(model_files: Callable[..., ModelFiles]) -> ModelFiles:
    return model_files("alpha")


@pytest.fixture(scope="module")
def png(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("image") / "wide.png"
    model_images(CHECKPOINTS["alpha"])["wide"].image().save(path)
    return path.read_bytes()


def user(text: str, *images: str) -> ChatMessage:
    return ChatMessage.of("user", text, *images)


def test_its_answers_are_those_of_the_backend(start: Callable[..., Child], files: ModelFiles, png: bytes) -> None:
    child = start()
    assert child.wait_for(frames.Hello) == frames.Hello(__version__, frames.PROTOCOL)
    loaded = child.wait_for(frames.Loaded, child.load(files.text, files.mmproj)).model
    job = child.chat(user("What is this?", "wide"), images={"wide": png})
    done = child.wait_for(frames.Done, job)
    stats = child.wait_for(frames.Stats)

    with backend.load(files.text, files.mmproj, n_ctx=512, n_gpu_layers=0, n_threads=1) as model:
        parts = [{"type": "image", "image": png}, {"type": "text", "text": "What is this?"}]
        chunks = list(model.chat([{"role": "user", "content": parts}], max_tokens=12, temperature=0))
        assert loaded.capabilities == model.capabilities
        assert (loaded.name, loaded.n_layers) == (model.name, model.n_layers)
    assert child.text(job) == "".join(chunk.text for chunk in chunks)
    usage = chunks[-1].usage
    assert usage is not None
    assert done.usage is not None
    assert (done.finish_reason, done.usage.dropped_messages) == (chunks[-1].finish_reason, 0)
    assert done.usage.prompt_tokens == usage.prompt_tokens
    assert done.usage.generated_tokens == usage.generated_tokens
    assert stats.rss_bytes is not None
    assert stats.rss_bytes > 20 * 2**20
    stages = [message.stage for message in child.messages if isinstance(message, frames.Progress)]
    assert set(stages) == {"load", "encode", "prefill"}
    assert any(isinstance(message, frames.Pulse) for message in child.messages)


def test_an_image_travels_once_and_what_is_gone_is_asked_for(
    start: Callable[..., Child], files: ModelFiles, png: bytes
) -> None:
    child = start()
    child.wait_for(frames.Loaded, child.load(files.text, files.mmproj))
    lacking = child.chat(user("What is this?", "wide", "tall"))
    assert child.wait_for(frames.Missing, lacking).images == ("tall", "wide")
    first = child.chat(user("What is this?", "wide"), images={"wide": png})
    assert child.wait_for(frames.Done, first).usage is not None
    again = child.chat(user("What is this?", "wide"))
    usage = child.wait_for(frames.Done, again).usage
    assert usage is not None
    assert (usage.encode_s, usage.cached_tokens) == (0.0, usage.prompt_tokens - 1)
    assert child.text(again) == child.text(first)
    broken = child.chat(user("What is this?", "bad"), images={"bad": b"rubbish"})
    assert child.wait_for(frames.Error, broken).blame == "user"
    child.wait_for(frames.Loaded, child.load(files.text, files.mmproj, n_ctx=256))  # it keeps what it decoded
    assert child.wait_for(frames.Done, child.chat(user("What is this?", "wide"))).usage is not None
    child.send(frames.Forget())
    assert child.wait_for(frames.Missing, child.chat(user("What is this?", "wide"))).images == ("wide",)


def test_every_load_option_reaches_the_loader(start: Callable[..., Child], files: ModelFiles) -> None:
    """Whatever options there are: a new one needs no line anywhere between its declaration and its use."""
    changed = {one.name: another_value(getattr(LoadOptions(), one.name)) for one in dataclasses.fields(LoadOptions)}
    telling = (
        "import json, sys; from desktop_vlm import backend; from desktop_vlm.service import worker\n"
        "from desktop_vlm.api.errors import EngineError\n"
        "def load(text, mmproj, *, progress, **options):\n"
        "    raise EngineError(json.dumps([str(text), str(mmproj), options]))\n"
        "backend.load = load; worker.main()"
    )
    child = start(sys.executable, "-c", telling)
    error = child.wait_for(frames.Error, child.load(files.text, files.mmproj, **changed))
    assert json.loads(error.message) == [str(files.text), str(files.mmproj), changed]
    assert not [name for name, value in changed.items() if value == getattr(LoadOptions(), name)]


def another_value(value: Any) -> Any:
    """A value of the same type that is not this one."""
    if value is None:
        return 1
    return f"not {value}" if isinstance(value, str) else value / 2 if isinstance(value, float) else value + 1


def test_errors_are_sentences_with_a_blame(start: Callable[..., Child], files: ModelFiles, tmp_path: Path) -> None:
    child = start()
    error = child.wait_for(frames.Error, child.chat(user("Hello?")))
    assert (error.blame, error.message) == ("user", "No model is loaded; choose one first.")
    error = child.wait_for(frames.Error, child.load(tmp_path / "none.gguf"))
    assert error.blame == "user"
    assert "none.gguf" in error.message
    error = child.wait_for(frames.Error, child.load(files.text, n_ctx=2_000_000_000))
    assert error.blame == "engine"
    assert "A context of 2,000,000,000 tokens takes" in error.message
    child.wait_for(frames.Loaded, child.load(files.text))
    error = child.wait_for(frames.Error, child.chat(user("a secret"), sampling={"heat": 1}))
    assert (error.blame, error.message[:35]) == ("user", "There is no sampling setting heat; ")
    error = child.wait_for(frames.Error, child.chat(user("a secret"), sampling={"temperature": "a secret"}))
    assert error.blame == "bug"
    error = child.wait_for(frames.Error, child.chat(user("a secret", "a"), images={"a": b"x"}))
    assert (error.blame, error.message) == ("user", NO_VISION)
    assert child.wait_for(frames.Done, child.chat(user("Hello?"))).finish_reason in ("stop", "length")
    assert child.end_input()[0] == pipes.EXIT_END_OF_INPUT
    log = child.errors()
    assert "in _chat" in log
    assert "TypeError" in log
    assert "secret" not in log


def test_it_ends_with_its_gpu_and_says_why(start: Callable[..., Child], files: ModelFiles) -> None:
    """GIVEN a loss that llama.cpp caught: nothing more would come from that GPU in this process."""
    losing = (
        "from desktop_vlm import backend; from desktop_vlm.service import worker\n"
        "from desktop_vlm.api.errors import DeviceLostError\n"
        "def load(*args, **options): raise DeviceLostError('gone')\n"
        "backend.load = load; worker.main()"
    )
    child = start(sys.executable, "-c", losing)
    child.load(files.text)
    assert child.process.wait(300) == -signal.SIGABRT
    assert why_it_ended(signal.SIGABRT, crashed=True, log=child.errors().splitlines()) == DEVICE_LOST


def test_a_stop_before_the_work_began_counts(start: Callable[..., Child], files: ModelFiles) -> None:
    child = start()
    child.send(frames.Stop(1))
    load = child.load(files.text)
    assert child.wait_for(frames.Unloaded, load) == frames.Unloaded(1)
    child.wait_for(frames.Loaded, child.load(files.text))
    child.send(frames.Stop(load))  # over long ago
    child.send(frames.Stop(3))
    assert child.wait_for(frames.Done, child.chat(user("Hello?"))) == frames.Done(3, "cancelled", None)
    assert child.wait_for(frames.Done, child.chat(user("Hello?"))).finish_reason in ("stop", "length")


def test_noise_on_stdout_does_not_reach_the_frames(start: Callable[..., Child], files: ModelFiles) -> None:
    noisy = (
        "import os; from desktop_vlm import backend; from desktop_vlm.service import worker\n"
        "load = backend.load\n"
        "def noisy(*args, **options):\n"
        "    print('noise from Python', flush=True); os.write(1, b'noise from C')\n"
        "    assert not os.read(0, 1)\n"
        "    return load(*args, **options)\n"
        "backend.load = noisy; worker.main()"
    )
    child = start(sys.executable, "-c", noisy)
    child.wait_for(frames.Loaded, child.load(files.text))
    child.end_input()
    log = child.errors()
    assert "noise from Python" in log
    assert "noise from C" in log


@pytest.mark.parametrize("when", ["start", "load", "idle", "answer"])
def test_the_end_of_input_ends_it_at_once(when: str, start: Callable[..., Child], files: ModelFiles) -> None:
    slow = (
        "import time; from desktop_vlm import backend; from desktop_vlm.service import worker; load = backend.load\n"
        "def slow(*args, progress, **options):\n"
        "    return load(*args, progress=lambda *done: (progress(*done), time.sleep(60)), **options)\n"
        "backend.load = slow; worker.main()"
    )

    def seconds() -> float:
        child = start(sys.executable, "-c", slow) if when == "load" else start()
        if when != "start":
            job = child.load(files.text)
            if when == "load":
                child.wait_for(frames.Progress, job)
            else:
                child.wait_for(frames.Loaded, job)
        if when == "answer":
            child.wait_for(frames.Chunk, child.chat(user("Go on"), max_tokens=400))
        code, took_s = child.end_input()
        assert code == pipes.EXIT_END_OF_INPUT
        return took_s

    assert best_s(seconds, 2) < 2


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\n\r\n", b"".join(frames.encode(frames.Pulse()))])
def test_input_that_is_not_for_it_ends_it(data: bytes, start: Callable[..., Child]) -> None:
    child = start(greets=False)
    child.write(data)
    assert child.process.wait(60) == pipes.EXIT_PROTOCOL
    assert "desktop_vlm.service: unreadable input: " in child.errors()


def test_another_version_is_reported(start: Callable[..., Child]) -> None:
    child = start(greets=False)
    child.send(frames.Hello("0.0.1", frames.PROTOCOL))
    error = child.wait_for(frames.Error, 0)
    assert error.message == f"The window is desktop-vlm 0.0.1 and its engine {__version__}; start the program again."


def test_a_missing_engine_is_reported(start: Callable[..., Child]) -> None:
    child = start(
        sys.executable,
        "-c",
        "import sys; sys.modules['llama_cpp'] = None; from desktop_vlm.service import worker; sys.exit(worker.main())",
    )
    error = child.wait_for(frames.Error, 0)
    assert error.blame == "engine"
    assert error.message.startswith("The engine's library cannot be loaded (")
    assert child.process.wait(60) == worker.EXIT_ENGINE_MISSING


def test_it_crashes_privately_and_first(start: Callable[..., Child], files: ModelFiles) -> None:
    child = start()
    child.wait_for(frames.Loaded, child.load(files.text))
    process = Path("/proc", str(child.process.pid))
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    limits = (process / "limits").read_text(encoding="ascii")
    core = next(line for line in limits.splitlines() if line.startswith("Max core file size")).split()
    assert core[4:6] == (["0", "0"] if hard == 0 else ["1", "1"])
    assert int((process / "oom_score_adj").read_text(encoding="ascii")) >= 500
    assert str(files.text).encode() not in (process / "cmdline").read_bytes()


def test_only_one_that_was_asked_for_a_gpu_reports_its_absence(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu = DeviceMemory("CPU", "", is_gpu=False, free_bytes=1, total_bytes=1)
    gpu = DeviceMemory("CUDA0", "", is_gpu=True, free_bytes=1, total_bytes=1)
    assert worker._has_gpu((gpu, cpu))
    idle = InstalledGpu("NVIDIA", "NVIDIA H200", could_help=True)
    integrated = InstalledGpu("Intel", "Intel graphics 8086:a7a0", could_help=False)
    monkeypatch.setattr(worker, "installed_gpus", lambda: [integrated, idle])
    assert worker._has_gpu((cpu,))
    monkeypatch.setattr(worker, "installed_gpus", lambda: [integrated])
    assert not worker._has_gpu((cpu,))
