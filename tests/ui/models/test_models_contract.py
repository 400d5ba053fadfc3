"""What all `Models` keep to: those over processes, and the tests' fake."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop_vlm.settings import SettingsStore
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.models.local import LocalModels
from desktop_vlm.ui.models.protocol import AvailableModel, Job, JobKind, JobState, Models, Remedy
from tests.ui.models.fake_models import OLLAMA, SURVEY, FakeModels

_SCRIPT = Path(__file__).with_name("scripted_job.py")
_LONG_MS = 30_000


class Subject:
    """Models under test, and what they said."""

    def __init__(self, models: Models, qtbot: QtBot, hold: Callable[[bool], None]) -> None:
        self.models = models
        self.hold = hold
        self.events: list[tuple[str, Any]] = []
        self._qtbot = qtbot
        models.changed.connect(lambda survey: self.events.append(("changed", survey)))
        models.job_changed.connect(lambda job: self.events.append(("job", job)))
        models.job_removed.connect(lambda job: self.events.append(("removed", job)))
        models.failed.connect(lambda sentence: self.events.append(("failed", sentence)))

    def wait(self, condition: Callable[[], Any]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=_LONG_MS)

    def refreshed(self) -> list[AvailableModel]:
        """What can be had, once everything was looked at."""
        self.models.refresh()
        self.wait(lambda: self.models.survey.machine and self.events)
        return list(self.models.survey.available)

    def states(self, job: int) -> list[JobState]:
        """Those that a job went through."""
        found: list[JobState] = []
        for name, one in self.events:
            if name == "job" and one.id == job and one.state not in found[-1:]:
                found.append(one.state)
        return found

    def job(self, job: int) -> Job:
        return next(one for one in self.models.jobs if one.id == job)


@pytest.fixture(params=["local", "fake"])
def subject(request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path) -> Iterator[Subject]:
    models: Models
    if request.param == "local":
        paths = Paths.under(tmp_path)
        models = LocalModels(paths, SettingsStore(paths.settings_file), (sys.executable, str(_SCRIPT)))
        file = paths.models_folder / "hold"

        def hold(yes: bool) -> None:
            file.parent.mkdir(parents=True, exist_ok=True)
            if yes:
                file.touch()
            else:
                file.unlink()

    else:
        found = replace(OLLAMA, source=Path("/ollama"))
        fake = FakeModels(replace(SURVEY, found=(found,)), by_itself=True)
        models = fake

        def hold(yes: bool) -> None:
            fake.is_held = yes

    yield Subject(models, qtbot, hold)
    models.close()


def test_refresh_shows_what_is_there(subject: Subject) -> None:
    available = subject.refreshed()
    survey = subject.models.survey
    assert [one.id for one in survey.installed] == ["demo"]
    assert [one.name for one in survey.found] == ["llama3.2-vision:11b"]
    assert len(available) >= 4
    assert survey.has_ollama
    assert not survey.has_token
    assert subject.events[-1] == ("changed", survey)
    assert [name for name, _ in subject.events if name != "changed"] == []


def test_what_is_installed_and_advice_are_looked_for_by_themselves(subject: Subject) -> None:
    subject.models.refresh_installed()
    subject.wait(lambda: subject.events)
    assert [one.id for one in subject.models.survey.installed] == ["demo"]
    subject.events.clear()
    subject.models.refresh_advice()
    subject.wait(lambda: subject.models.survey.machine and subject.events)
    assert [one.name for one in subject.models.survey.found] == ["llama3.2-vision:11b"]
    assert [name for name, _ in subject.events if name != "changed"] == []


def test_a_start_asks_for_less_than_the_page(qtbot: QtBot, tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    models = LocalModels(paths, SettingsStore(paths.settings_file), (sys.executable, str(_SCRIPT)))
    subject = Subject(models, qtbot, lambda _yes: None)
    asked = paths.models_folder / "asked"
    models.refresh_installed()
    subject.wait(lambda: subject.events)
    assert asked.read_text(encoding="utf-8").split() == ["list"]
    models.refresh_advice()
    subject.wait(lambda: models.survey.machine)
    assert asked.read_text(encoding="utf-8").split() == ["list", "find", "fit"]
    asked.unlink()
    models.survey = replace(models.survey, machine="")
    subject.refreshed()
    assert asked.read_text(encoding="utf-8").split() == ["list", "token", "find", "fit"]
    models.close()


def test_get(subject: Subject) -> None:
    first, *_ = subject.refreshed()
    job = subject.models.get(first.id, "Q8_0")
    assert subject.job(job).state in {JobState.WAITING, JobState.RUNNING}
    subject.wait(lambda: subject.states(job)[-1:] == [JobState.DONE])
    assert subject.states(job) == [JobState.WAITING, JobState.RUNNING, JobState.DONE]
    reports = [one for name, one in subject.events if name == "job" and one.id == job]
    fractions = [one.fraction for one in reports]
    assert fractions == sorted(fractions)
    assert (reports[-2].stage, reports[-2].kind, reports[-2].subject) == ("download", JobKind.GET, first.id)
    assert reports[-1].result in {one.id for one in subject.models.survey.installed}
    assert subject.models.jobs == []


def test_pause_and_resume(subject: Subject) -> None:
    first, *_ = subject.refreshed()
    subject.hold(True)
    job = subject.models.get(first.id, "Q8_0")
    subject.wait(lambda: subject.job(job).done_bytes)
    subject.models.pause(job)
    paused = subject.job(job)
    assert paused.state is JobState.PAUSED
    assert 0 < paused.fraction < 1
    subject.hold(False)
    subject.models.resume(job)
    subject.wait(lambda: subject.states(job)[-1:] == [JobState.DONE])
    assert subject.states(job) == [
        *(JobState.WAITING, JobState.RUNNING, JobState.PAUSED),
        *(JobState.WAITING, JobState.RUNNING, JobState.DONE),
    ]


def test_cancel(subject: Subject) -> None:
    first, *_ = subject.refreshed()
    subject.hold(True)
    job = subject.models.get(first.id, "Q8_0")
    subject.wait(lambda: subject.job(job).done_bytes)
    subject.models.cancel(job)
    assert subject.models.jobs == []
    assert ("removed", job) in subject.events
    subject.events.clear()
    subject.models.refresh()
    subject.wait(lambda: len([name for name, _ in subject.events if name == "changed"]) >= 1)
    assert subject.models.jobs == []
    assert [one.id for one in subject.models.survey.installed] == ["demo"]


def test_work_waits_for_the_work_before_it(subject: Subject) -> None:
    first, second, *_ = subject.refreshed()
    subject.hold(True)
    one, two = subject.models.get(first.id, "Q8_0"), subject.models.get(second.id, "Q4_K_M")
    subject.wait(lambda: subject.job(one).done_bytes)
    assert (subject.job(one).state, subject.job(two).state) == (JobState.RUNNING, JobState.WAITING)
    subject.models.pause(one)
    subject.wait(lambda: subject.job(two).state is JobState.RUNNING)
    subject.models.resume(one)
    assert subject.job(one).state is JobState.WAITING
    subject.hold(False)
    subject.wait(lambda: not subject.models.jobs)
    assert {subject.states(job)[-1] for job in (one, two)} == {JobState.DONE}


def test_a_failure_says_why_and_what_would_help(subject: Subject) -> None:
    first, *_ = subject.refreshed()
    job = subject.models.get(first.id, "F16")
    subject.wait(lambda: subject.job(job).state is JobState.FAILED)
    failed = subject.job(job)
    assert failed.problem == "The hub wants a token for this model; enter one."
    assert failed.remedy is Remedy.TOKEN
    again = subject.models.get(first.id, "Q8_0")  # another type, in place of what failed
    assert again == job
    subject.wait(lambda: subject.states(job)[-1:] == [JobState.DONE])


def test_what_is_tried_again_goes_by_the_settings_of_now(qtbot: QtBot, tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    settings = SettingsStore(paths.settings_file)
    models = LocalModels(paths, settings, (sys.executable, str(_SCRIPT)))
    subject = Subject(models, qtbot, lambda _yes: None)
    first, *_ = subject.refreshed()
    job = models.get(first.id, "F16")
    subject.wait(lambda: subject.job(job).state is JobState.FAILED)
    settings.update("downloads", folder=str(tmp_path / "other"))
    models.get(first.id, "Q8_0")
    subject.wait(lambda: not models.jobs)
    assert (tmp_path / "other" / "state.json").exists()
    models.close()


def test_import_and_remove(subject: Subject) -> None:
    subject.refreshed()
    (found,) = subject.models.survey.found
    job = subject.models.import_(found.id)
    subject.wait(lambda: subject.states(job)[-1:] == [JobState.DONE])
    (made,) = [one for one in subject.models.survey.installed if one.name == found.name]
    checked = subject.models.verify(made.id)
    subject.wait(lambda: subject.states(checked)[-1:] == [JobState.DONE])
    subject.models.remove(made.id)
    subject.wait(lambda: [one.id for one in subject.models.survey.installed] == ["demo"])


def test_what_was_dropped_is_looked_into(subject: Subject) -> None:
    subject.models.look_in([Path("/drop/my-model")])
    subject.wait(lambda: [one for one in subject.models.survey.found if one.name == "my-model"])
    subject.models.look_in([Path("/drop/holiday")])
    subject.wait(lambda: ("failed", "There is no model in this.") in subject.events)
    assert [one.name for one in subject.models.survey.found][:1] == ["my-model"]


def test_a_token_is_kept_and_removed(subject: Subject) -> None:
    subject.models.set_token("hf_secret")
    subject.wait(lambda: subject.models.survey.has_token)
    subject.models.set_token("")
    subject.wait(lambda: not subject.models.survey.has_token)
    assert "hf_secret" not in repr(subject.events)


def test_what_was_stopped_with_the_program_is_paused_at_the_next_start(qtbot: QtBot, tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    (paths.models_folder).mkdir(parents=True)
    (paths.models_folder / "hold").touch()

    def start() -> Subject:
        made = LocalModels(paths, SettingsStore(paths.settings_file), (sys.executable, str(_SCRIPT)))
        return Subject(made, qtbot, lambda _yes: None)

    before = start()
    first, *_ = before.refreshed()
    job = before.models.get(first.id, "Q8_0")
    before.wait(lambda: before.job(job).done_bytes)
    pid = before.models._work._process.pid  # type: ignore[attr-defined]
    before.models.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)

    after = start()
    after.refreshed()
    (paused,) = after.models.jobs
    assert (paused.state, paused.kind, paused.subject) == (JobState.PAUSED, JobKind.GET, first.id)
    assert (paused.done_bytes, paused.total_bytes) == (400, 1000)
    (paths.models_folder / "hold").unlink()
    after.models.resume(paused.id)
    after.wait(lambda: not after.models.jobs)
    assert [one.id for one in after.models.survey.installed] == ["demo", first.id]
    after.models.close()


def test_a_job_that_crashes_can_be_tried_again(qtbot: QtBot, tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    command = (sys.executable, "-c", "import os, time; time.sleep(0.1); os.abort()")
    subject = Subject(LocalModels(paths, SettingsStore(paths.settings_file), command), qtbot, lambda _yes: None)
    subject.models.look_in([Path("/x")])
    subject.wait(lambda: [name for name, _ in subject.events if name == "failed"])
    (sentence,) = [what for name, what in subject.events if name == "failed"]
    assert sentence == (
        "This work stopped: it met a failed check and gave up (signal 6); what it has is kept, so try again."
    )
    subject.models.close()


def test_models_of_the_folder_before_are_still_named_to_jobs(qtbot: QtBot, tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    settings = SettingsStore(paths.settings_file)
    settings.remember_model("/lately.gguf")
    models = LocalModels(paths, settings, (sys.executable, str(_SCRIPT)))
    subject = Subject(models, qtbot, lambda _yes: None)
    subject.refreshed()
    (found,) = models.survey.found
    job = models.import_(found.id)
    subject.wait(lambda: subject.states(job)[-1:] == [JobState.DONE])
    settings.update("downloads", folder=str(tmp_path / "large disk"))
    models.refresh()
    made = Path(f"/models/{found.name}/text.gguf")
    assert settings.current.downloads.elsewhere == (str(made),)
    order = models._job_settings()
    assert order.models_folder == tmp_path / "large disk"
    assert [one.text for one in order.references] == [made, Path("/lately.gguf")]
    models.close()
