"""The process of a long job: what it answers, and how it ends."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_vlm import __version__
from desktop_vlm.api.errors import Cancelled, EngineError, UserError
from desktop_vlm.api.options import LoadOptions
from desktop_vlm.api.progress import JobListener, JobProgress
from desktop_vlm.convert import ModelFiles
from desktop_vlm.models.library import ModelsFolder
from desktop_vlm.models.partial import find_partial
from desktop_vlm.service import framing, job, job_work, pipes
from desktop_vlm.service import job_frames as frames
from tests.hub.conftest import access, hub, hub_cache
from tests.hub.faults import slow
from tests.hub.server import HubServer
from tests.quickest import best_s

__all__ = ["access", "hub", "hub_cache"]

REPO = "org/tiny"
STUCK = str(Path(__file__).parents[1] / "stuck_job.py")


class Child:
    """A job's process and what it said."""

    def __init__(self, *command: str, token: str = "") -> None:
        environment = os.environ | ({"HF_TOKEN": token} if token else {})
        self.process = subprocess.Popen(
            [sys.executable, *(command or ("-m", "desktop_vlm.service.job"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        self._reader = frames.FrameReader()

    def send(self, *messages: frames.Message) -> None:
        assert self.process.stdin
        self.process.stdin.write(b"".join(piece for one in messages for piece in frames.encode(one)))
        self.process.stdin.flush()

    def receive(self) -> Iterator[frames.Message]:
        assert self.process.stdout
        while data := os.read(self.process.stdout.fileno(), 1 << 16):
            yield from self._reader.feed(data)

    def answer(self) -> frames.Message:
        """The last message but signs of life."""
        return [one for one in self.receive() if not isinstance(one, frames.Pulse)][-1]

    def close(self) -> None:
        self.process.kill()
        self.process.wait(60)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream
            with contextlib.suppress(BrokenPipeError):
                stream.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Child]]:
    children: list[Child] = []

    def make(*command: str, token: str = "") -> Child:
        children.append(Child(*command, token=token))
        children[-1].send(frames.Hello(__version__, frames.PROTOCOL))
        return children[-1]

    yield make
    for child in children:
        child.close()


@pytest.fixture
def settings(tmp_path: Path, hub: HubServer) -> frames.JobSettings:
    return frames.JobSettings(tmp_path / "models", endpoint=hub.endpoint)


@pytest.fixture
def pair(hub: HubServer, model_files: Callable[..., ModelFiles]) -> ModelFiles:
    files = model_files("alpha")
    hub.add(REPO, {"tiny-Q8_0.gguf": files.text, "mmproj-tiny-Q8_0.gguf": files.mmproj})
    return files


def ignore(_: JobProgress) -> None:
    pass


def test_a_model_is_got_and_nothing_of_a_token_is_seen(
    start: Callable[..., Child], settings: frames.JobSettings, pair: ModelFiles, hub: HubServer
) -> None:
    child = start(token="hf_secret123")
    child.send(frames.GetModel(settings, REPO))
    seen = list(child.receive())
    command_line = Path(f"/proc/{child.process.pid}/cmdline")
    assert not command_line.exists() or b"secret" not in command_line.read_bytes()
    answer = seen[-1]
    assert isinstance(answer, frames.Finished)
    assert answer.model.files.text.read_bytes() == pair.text.read_bytes()
    progress = [one.progress for one in seen if isinstance(one, frames.Progress)]
    assert progress[-1].done_bytes == progress[-1].total_bytes == answer.model.n_bytes
    assert child.process.wait(60) == 0
    assert any("hf_secret123" in one.token for one in hub.seen)  # it was needed, and used
    assert child.process.stderr
    assert b"secret" not in child.process.stderr.read() + repr(seen).encode()
    for path in settings.models_folder.rglob("*.json"):
        assert "secret" not in path.read_text(encoding="utf-8")


@pytest.mark.usefixtures("pair")
def test_a_stop_takes_effect_within_a_second_and_the_next_try_goes_on(
    start: Callable[..., Child], settings: frames.JobSettings, hub: HubServer
) -> None:
    hub.misbehave("*.gguf", slow(300_000))

    def seconds() -> float:
        child = start()
        child.send(frames.GetModel(settings, REPO))
        for message in child.receive():
            if isinstance(message, frames.Progress) and message.progress.done_bytes > 100_000:
                break
        child.send(frames.Stop())
        stopped_s = time.monotonic()
        assert child.answer() == frames.Stopped()
        child.process.wait(60)
        return time.monotonic() - stopped_s

    assert best_s(seconds, 1.5) < 1.5  # alone it takes 0.2 s
    folder = ModelsFolder(settings.models_folder)
    (partial,) = find_partial(folder)
    assert partial.done_bytes > 50_000
    hub.behave()
    assert isinstance(
        job_work.work(frames.GetModel(settings, partial.source, partial.text_type), ignore), frames.Finished
    )
    assert find_partial(folder) == ()


def test_a_job_that_does_not_notice_its_stop_is_ended(
    start: Callable[..., Child], settings: frames.JobSettings
) -> None:
    child = start(STUCK)
    child.send(frames.ListModels(settings))
    assert any(isinstance(message, frames.Progress) for message in child.receive())
    child.send(frames.Stop())
    assert child.answer() == frames.Stopped()
    assert child.process.wait(60) == job.EXIT_STOPPED


def test_the_parents_end_is_the_jobs_end(start: Callable[..., Child], settings: frames.JobSettings) -> None:
    child = start(STUCK)
    child.send(frames.ListModels(settings))
    assert isinstance(next(child.receive()), frames.Hello)
    assert child.process.stdin
    child.process.stdin.close()
    assert child.process.wait(60) == pipes.EXIT_END_OF_INPUT


def test_another_version_and_garbage_are_refused(start: Callable[..., Child]) -> None:
    child = start(STUCK)
    child.send(frames.Hello("0.0.0", frames.PROTOCOL))
    answer = child.answer()
    assert isinstance(answer, frames.Failed)
    assert "start it again" in answer.sentence
    child = start(STUCK)
    assert child.process.stdin
    child.process.stdin.write(b"GET / HTTP/1.1\r\n\r\n")
    child.process.stdin.flush()
    assert child.process.wait(60) == pipes.EXIT_PROTOCOL


# What it answers, without a process


class Recorded(pipes.Pipes[frames.Message]):
    """Pipes that lead nowhere: the message of the job comes at once, and what is sent is kept."""

    def __init__(self, *messages: frames.Message) -> None:
        super().__init__(-1, -1, frames.FrameReader())
        self.sent: list[framing.Framed] = []
        self._messages = messages

    def send(self, message: framing.Framed) -> None:
        self.sent.append(message)

    def receive(self, handle: Callable[[frames.Message], None]) -> None:
        for message in self._messages:
            handle(message)


def answer_to(asked: frames.Job, work: Callable[[frames.Job, JobListener], frames.Result]) -> framing.Framed:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(job, "work", work)
        recorded = Recorded(asked)
        job.JobProcess(recorded).run()
    return recorded.sent[-1]


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (UserError("No."), frames.Failed("No.")),
        (EngineError("Broken."), frames.Failed("Broken.")),
        (Cancelled("stopped"), frames.Stopped()),
        (MemoryError(), frames.Failed("There is not enough memory for this; close other programs and try again.")),
        (
            ZeroDivisionError("secret"),
            frames.Failed("Something went wrong in this job: this is a bug in Desktop VLM; see the log.", "bug"),
        ),
    ],
)
def test_what_goes_wrong_becomes_a_sentence(
    error: Exception, answer: framing.Framed, settings: frames.JobSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_job: frames.Job, _progress: JobListener) -> frames.Result:
        raise error

    assert answer_to(frames.ListModels(settings), fail) == answer
    assert ("Traceback" in capsys.readouterr().err) == isinstance(error, ZeroDivisionError)


def test_progress_is_reported_now_and_then_and_at_the_end(settings: frames.JobSettings) -> None:
    def count(asked: frames.Job, progress: JobListener) -> frames.Result:
        for done in range(1001):
            progress(JobProgress("verify", done, 1000))
        return job_work.work(asked, progress)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(job, "work", count)
        recorded = Recorded(frames.ListModels(settings))
        job.JobProcess(recorded).run()
    seen = [one.progress.done_bytes for one in recorded.sent if isinstance(one, frames.Progress)]
    assert seen[0] == 0
    assert seen[-1] == 1000
    assert len(seen) < 100


def test_a_gated_model_offers_its_page(settings: frames.JobSettings, hub: HubServer, pair: ModelFiles) -> None:
    hub.add("org/gated", {"tiny-Q8_0.gguf": pair.text}, gated="manual", members=("hf_member",))
    asked = frames.GetModel(settings, "org/gated")
    with pytest.raises(UserError) as caught:
        job_work.work(asked, ignore)
    found = job_work.failure(caught.value, asked)
    assert (found.way_out, found.url) == ("licence", f"{hub.endpoint}/org/gated")


def test_ways_out_of_other_refusals(settings: frames.JobSettings) -> None:
    offline = frames.JobSettings(settings.models_folder, endpoint=settings.endpoint, is_offline=True)
    for asked, way_out, words in (
        (frames.GetModel(offline, REPO), "offline", "the setting Stay offline forbids"),
        (frames.GetModel(settings, REPO), "other", "There is no repository org/tiny"),
        (frames.GetModel(settings, "nothing"), "other", "no model of the catalogue"),
        (frames.RemoveModel(settings, "nothing"), "other", "There is no model nothing any more"),
    ):
        with pytest.raises(UserError, match=words) as caught:
            job_work.work(asked, ignore)
        assert job_work.failure(caught.value, asked).way_out == way_out


@pytest.mark.usefixtures("pair")
def test_too_little_room_is_said_as_such(settings: frames.JobSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_vlm.acquire.pull_plan.free_bytes", lambda _: 0)
    asked = frames.GetModel(settings, REPO)
    with pytest.raises(UserError, match=r"has 0\.0 GB free") as caught:
        job_work.work(asked, ignore)
    assert job_work.failure(caught.value, asked).way_out == "room"
    planned = job_work.work(frames.PlanGet(settings, REPO), ignore)
    assert isinstance(planned, frames.Planned)
    assert not planned.plan.has_room


def test_models_are_listed_renamed_verified_and_removed(settings: frames.JobSettings, pair: ModelFiles) -> None:
    got = job_work.work(frames.GetModel(settings, REPO), ignore)
    assert isinstance(got, frames.Finished)
    model_id = got.model.id
    renamed = job_work.work(frames.RenameModel(settings, model_id, "Mine"), ignore)
    assert isinstance(renamed, frames.Finished)
    listed = job_work.work(frames.ListModels(settings), ignore)
    assert isinstance(listed, frames.Listed)
    assert [model.name for model in listed.library.models] == ["Mine"]
    verified = job_work.work(frames.VerifyModel(settings, model_id), ignore)
    assert isinstance(verified, frames.Verified)
    assert verified.result.problems == ()
    assert verified.result.is_compared
    removed = job_work.work(frames.RemoveModel(settings, model_id), ignore)
    assert isinstance(removed, frames.Listed)
    assert removed.library.models == ()
    assert pair.text.exists()


def test_every_model_of_the_catalogue_is_planned_for(settings: frames.JobSettings) -> None:
    fitted = job_work.work(frames.FitModels(settings, LoadOptions(), ("smolvlm2-500m", "llama-3.2-90b-vision")), ignore)
    assert isinstance(fitted, frames.Fitted)
    assert [(one.name, one.text_type) for one in fitted.fits] == [
        ("smolvlm2-500m", "Q8_0"),
        ("smolvlm2-500m", "F16"),
        ("llama-3.2-90b-vision", "Q4_K_M"),
        ("llama-3.2-90b-vision", "Q5_K_M"),
        ("llama-3.2-90b-vision", "Q8_0"),
    ]
    for fit in fitted.fits:
        assert fit.kind in {"gpu", "partly", "cpu", "no"}
        assert fit.sentence.endswith(".")
    assert fitted.fits[0].needed_bytes < 2e9
    assert 50e9 < fitted.fits[2].needed_bytes < 60e9
    assert fitted.machine
    assert fitted.free_bytes > 0


def test_a_token_is_kept_and_never_answered(settings: frames.JobSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, str] = {}
    monkeypatch.setattr(job_work, "store_token", lambda token, endpoint: kept.update({endpoint: token}))
    monkeypatch.setattr(job_work, "forget_token", lambda endpoint: kept.pop(endpoint, None))
    monkeypatch.setattr(job_work, "find_token", lambda endpoint, _: kept.get(endpoint))
    assert job_work.work(frames.KeepToken(settings), ignore) == frames.TokenState(is_kept=False)
    asked = frames.KeepToken(settings, "hf_secret")
    assert "secret" not in repr(asked)
    assert job_work.work(asked, ignore) == frames.TokenState(is_kept=True)
    assert kept == {settings.endpoint: "hf_secret"}
    assert job_work.work(frames.KeepToken(settings, ""), ignore) == frames.TokenState(is_kept=False)


def test_without_an_engine_a_job_says_so(settings: frames.JobSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "desktop_vlm.acquire.fit", None)
    assert isinstance(job_work.work(frames.ListModels(settings), ignore), frames.Listed)
    with pytest.raises(EngineError, match=r"The engine cannot be loaded .* `desktop-vlm doctor` says more"):
        job_work.work(frames.FitModels(settings, LoadOptions()), ignore)


def test_listing_and_finding_nothing_load_no_engine_and_no_http_client(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from desktop_vlm.service import job, job_frames as frames, job_work
settings = frames.JobSettings(Path(sys.argv[1]), (), "", False)
listed, found = (job_work.work(one, print) for one in (frames.ListModels(settings), frames.FindModels(settings)))
print(listed.library.models, found)
print(sorted({"llama_cpp", "numpy", "httpx2", "huggingface_hub", "keyring"} & set(sys.modules)))
"""
    environment = {**os.environ, "HOME": str(tmp_path), "OLLAMA_MODELS": str(tmp_path / "none")}
    command = [sys.executable, "-c", code, str(tmp_path)]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.splitlines() == ["() Found(models=(), has_ollama=False)", "[]"]
