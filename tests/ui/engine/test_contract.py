"""What every engine keeps to, whatever is behind it: the child process with a real model, and the tests' fake."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.api.capabilities import NO_VISION
from desktop_vlm.api.options import ModelRef
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.engine.protocol import Answer, Engine, EngineState
from tests.ui.engine_recorder import LONG_MS, Recorder, Source, picture, question
from tests.ui.fake_engine import COMPOSING, MANY, FakeEngine

_NATIVE_WORKER = Path(__file__).parents[2] / "native_worker.py"
_LONG = 2000


class Subject:
    """An engine under test, and how its process is made to crash."""

    def __init__(self, engine: Engine, crash: Callable[[], None], recorder: Recorder, source: Source) -> None:
        self.engine = engine
        self.crash = crash
        self.recorder = recorder
        self.model, self.options = source

    def load(self, *, with_projector: bool = True) -> None:
        """Load the model and wait for it."""
        loads = len(self.recorder.of("loaded"))
        model = self.model if with_projector else replace(self.model, mmproj=None)
        self.engine.load(model, self.options)
        self.recorder.wait(lambda: len(self.recorder.of("loaded")) > loads)

    def ended(self, asked: int) -> list[str]:
        """Which signals ended a question; there must be one in the end."""
        return [name for name in ("answered", "failed") for found in self.recorder.of(name) if found[0] == asked]


@pytest.fixture(scope="module")
def lasting(qapp: QApplication) -> Iterator[LocalEngine]:
    """One client for most tests: each loads the model again, in the process that the test before left."""
    assert qapp
    engine = LocalEngine()
    yield engine
    engine.close()


@pytest.fixture(params=["local", "fake"])
def make(
    request: pytest.FixtureRequest, qtbot: QtBot, tiny_model: Source, lasting: LocalEngine
) -> Iterator[Callable[..., Subject]]:
    """Makes engines that take one image or many; `new` ones were never used."""
    engines: list[Engine] = []

    def subject(*, many: bool = False, new: bool = False) -> Subject:
        engine: Engine
        if request.param == "local":
            worker = (sys.executable, str(_NATIVE_WORKER)) if many else None
            local = LocalEngine(command=worker) if many or new else lasting
            engine, crash = local, lambda: os.kill(local.pid, signal.SIGKILL)
        else:
            fake = FakeEngine(is_loaded=False, by_itself=True, capabilities=MANY if many else COMPOSING)
            engine, crash = fake, fake.crash
        if engine is not lasting:
            engines.append(engine)
        recorder = Recorder(engine, lambda condition: qtbot.waitUntil(condition, timeout=LONG_MS))
        return Subject(engine, crash, recorder, tiny_model)

    yield subject
    for engine in engines:
        engine.close()


def test_load(make: Callable[..., Subject], tmp_path: Path) -> None:
    subject = make(new=True)
    engine, recorder = subject.engine, subject.recorder
    assert (engine.state, engine.model, engine.source) == (EngineState.STOPPED, None, None)
    subject.load()
    assert engine.state is EngineState.READY
    assert recorder.of("loaded") == [(engine.model,)]
    assert engine.source == (subject.model, subject.options)
    states = [state for (state,) in recorder.of("state_changed")]
    assert states[-2:] == [EngineState.LOADING, EngineState.READY]
    assert recorder.of("progressed")[-1][0].stage == "load"

    engine.load(ModelRef(tmp_path / "missing.gguf"), subject.options)
    _, blame, sentence = recorder.wait_for("failed", 0)
    assert blame == "user"
    assert "missing.gguf" in sentence
    assert (engine.state, engine.model) == (EngineState.FAILED, None)


def test_without_a_model_everything_is_refused_in_a_sentence(make: Callable[..., Subject]) -> None:
    subject = make(new=True)
    asked = subject.engine.ask(question())
    assert subject.ended(asked) == []  # nothing is said before `ask` returned
    assert subject.recorder.wait_for("failed", asked)[1:] == ("user", "No model is loaded; choose one first.")
    subject.engine.restart()
    assert subject.recorder.wait_for("failed", 0)[1:] == ("user", "No model is loaded; choose one first.")


def test_chat(make: Callable[..., Subject]) -> None:
    subject = make()
    subject.engine.load(subject.model, subject.options)
    waiting = subject.engine.ask(question())  # one question can wait for the model
    refused = subject.engine.ask(question())
    assert subject.recorder.wait_for("failed", refused)[1] == "user"
    _, answer = subject.recorder.wait_for("answered", waiting)
    assert subject.recorder.text(waiting)
    assert answer.finish_reason in {"stop", "length"}
    assert answer.usage is not None
    assert answer.usage.generated_tokens > 0
    assert (subject.ended(waiting), subject.ended(refused)) == (["answered"], ["failed"])
    assert subject.engine.state is EngineState.READY


def test_stop(make: Callable[..., Subject]) -> None:
    subject = make()
    engine, recorder = subject.engine, subject.recorder
    subject.load()
    asked = engine.ask(question("Count to a million.", max_tokens=_LONG))
    recorder.wait_for("text_arrived", asked)
    engine.stop()
    said = recorder.text(asked)
    assert recorder.wait_for("answered", asked)[1].finish_reason == "cancelled"
    assert recorder.text(asked) == said
    assert recorder.answer(question())[0]
    engine.load(subject.model, subject.options)
    engine.stop()
    recorder.wait(lambda: engine.state is EngineState.STOPPED)
    assert engine.model is None
    assert recorder.answer(question())[0]  # which loads the model first
    assert recorder.of("failed") == []


def test_another_load_ends_the_answer(make: Callable[..., Subject]) -> None:
    subject = make()
    subject.load()
    asked = subject.engine.ask(question("Count to a million.", max_tokens=_LONG))
    subject.recorder.wait_for("text_arrived", asked)
    subject.load()
    assert subject.recorder.of("answered") == [(asked, Answer("cancelled"))]
    subject.engine.unload()
    assert (subject.engine.state, subject.engine.model) == (EngineState.STOPPED, None)


def test_crash(make: Callable[..., Subject]) -> None:
    subject = make()
    engine, recorder = subject.engine, subject.recorder
    subject.load()
    asked = engine.ask(question("Count to a million.", max_tokens=_LONG))
    recorder.wait_for("text_arrived", asked)
    subject.crash()
    _, blame, sentence = recorder.wait_for("failed", asked)
    recorder.wait_for("crashed")
    assert blame == "engine"
    assert sentence.startswith("The engine stopped: it ")
    assert [name for name, _ in recorder.events if name in {"failed", "crashed"}] == ["failed", "crashed"]
    assert (engine.state, engine.model) == (EngineState.STOPPED, None)
    assert recorder.answer(question())[0]
    engine.restart()
    recorder.wait(lambda: engine.state is EngineState.READY)
    assert subject.ended(asked) == ["failed"]


def test_text_only(make: Callable[..., Subject]) -> None:
    subject = make()
    subject.load(with_projector=False)
    assert subject.engine.model is not None
    assert subject.engine.model.capabilities.max_images == 0
    asked = subject.engine.ask(question(picture=picture(1)))
    assert subject.recorder.wait_for("failed", asked)[1:] == ("user", NO_VISION)
    assert subject.engine.state is EngineState.READY
    assert subject.recorder.answer(question())[0]


def test_images_for_a_text_only_model_that_still_loads(make: Callable[..., Subject]) -> None:
    subject = make()
    subject.engine.load(replace(subject.model, mmproj=None), subject.options)
    asked = subject.engine.ask(question(picture=picture(1)))
    assert subject.recorder.wait_for("failed", asked)[1:] == ("user", NO_VISION)
    assert subject.engine.state is EngineState.READY


def test_one_image(make: Callable[..., Subject]) -> None:
    subject = make()
    subject.load()
    assert subject.engine.model is not None
    assert subject.engine.model.capabilities.composes_images
    for _ in range(2):
        text, answer = subject.recorder.answer(question(picture=picture(2)))
        assert text
        assert answer.usage is not None


def test_many_images(make: Callable[..., Subject]) -> None:
    subject = make(many=True)
    subject.load()
    assert subject.engine.model is not None
    assert subject.engine.model.capabilities.max_images > 1
    earlier = [picture(3), picture(4)]
    for target in (question(picture=picture(5), earlier=earlier), question(earlier=[*earlier, picture(5)])):
        text, answer = subject.recorder.answer(target)
        assert text
        assert answer.finish_reason in {"stop", "length"}
