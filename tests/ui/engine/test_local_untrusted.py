"""A process of the engine that does not get on, or sends without end, ends itself; and the next question works."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import pytest

from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.ui.engine.protocol import EngineState
from tests.ui.engine_recorder import MakeClient, question

SCRIPTED = Path(__file__).parents[2] / "scripted_worker.py"
NOTHING = ModelRef(Path("/nowhere.gguf")), LoadOptions()
ONCE = "import pathlib; flag = pathlib.Path({flag!r}); first = not flag.exists(); flag.touch()\n"
THEN_ANSWER = "\nif not first: send(frames.Chunk(id, 'good')); send(frames.Done(id, 'stop', None))"
PULSES = """
while first:
    send(frames.Pulse({pulse}))
    {between}
    time.sleep(0.05)
"""
KILOBYTE = "x" * 1000


def ended(make_client: MakeClient, tmp_path: Path, script: str, **limits: float) -> str:
    """The sentence in which an engine that follows a script ends; the question after it is answered."""
    script = ONCE.format(flag=str(tmp_path / "flag")) + script + THEN_ANSWER
    recorder = make_client(sys.executable, str(SCRIPTED), script, **limits)
    recorder.client.load(*NOTHING)
    asked = recorder.client.ask(question())
    _, blame, sentence = recorder.wait_for("failed", asked)
    assert blame == "engine"
    assert recorder.client.state is EngineState.STOPPED
    assert recorder.answer(question())[0] == "good"
    assert len(recorder.of("crashed")) == 1
    return str(sentence)


@pytest.mark.parametrize(
    ("pulse", "between", "why"),
    [
        ("", "", "it got no further for 0.8 seconds"),
        ("busy_s=time.monotonic()", "", "it computed for 0.9 seconds and got no further"),
        ("", "send(frames.Progress(id, 'encode', 0.5))", "it got no further for 0.8 seconds"),
        ("", "send(frames.Progress(id, 'encode', time.monotonic() * 100 // 1 % 2))", "it got no further for 0.8"),
    ],
    ids=["idle", "computing", "same report", "reports to and fro"],
)
def test_one_that_only_pulses_is_ended(
    pulse: str, between: str, why: str, make_client: MakeClient, tmp_path: Path
) -> None:
    script = PULSES.format(pulse=pulse, between=between)
    sentence = ended(make_client, tmp_path, script, silence_s=30, idle_s=0.8, computing_s=0.9)
    assert sentence.startswith(f"The engine stopped: {why}")


def test_one_that_gets_on_slowly_is_left_alone(make_client: MakeClient) -> None:
    script = """
for step in range(1, 12):
    for _ in range(3):
        send(frames.Pulse(steps=step))
        time.sleep(0.1)
send(frames.Chunk(id, 'late')); send(frames.Done(id, 'stop', None))
"""
    recorder = make_client(sys.executable, str(SCRIPTED), script, silence_s=30, idle_s=3, computing_s=3)
    recorder.client.load(*NOTHING)
    began_s = time.monotonic()
    assert recorder.answer(question())[0] == "late"
    assert time.monotonic() - began_s > 3  # longer than it may go without a step


@pytest.mark.parametrize(
    ("flood", "why"),
    [
        (f"send(frames.Chunk(id, {KILOBYTE!r}))", "it sent more text than was asked for"),
        ("send(frames.Chunk(id, ''))", "it sent more text than was asked for"),
        ("send(frames.Chunk(id + 1, 'stray'))", "it sent more text than was asked for"),
        ("send(frames.Progress(id, 'prefill', 0.5))", "it sent more than anybody asked for"),
        ("send(frames.Missing(id - 1, ()))", "it sent more than anybody asked for"),
        ("send(frames.Hello('', 0))", "it sent more than anybody asked for"),
        ("send(frames.Stop(id))", "it sent something unreadable"),
        ("os.write(4, b'\\x00\\x1f\\xff\\xff{')", "it sent something unreadable"),
    ],
    ids=["text", "empty text", "text of no answer", "reports", "requests", "greetings", "no answer", "a huge header"],
)
def test_a_flood_ends_who_sends_it(flood: str, why: str, make_client: MakeClient, tmp_path: Path) -> None:
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sentence = ended(make_client, tmp_path, f"while first: {flood}", silence_s=20)
    assert sentence == f"The engine stopped: {why}; your conversation is safe, so ask again."
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib < 60 * 1024
