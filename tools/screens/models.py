"""Scenes of the model page: what is installed, found and to be had, and the work on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from desktop_vlm.api.library import FoundModel
from desktop_vlm.ui.models.local import LocalModels
from desktop_vlm.ui.models.protocol import Job, JobKind, JobState, Remedy
from tools.event_loop import spin
from tools.screens.scenes import scene
from tools.screens.stage import Stage, spin_until

_GB = 10**9


def _models(stage: Stage) -> LocalModels:
    models = stage.app.services.models
    assert isinstance(models, LocalModels)
    return models


def wait_for_machine(stage: Stage) -> None:
    """Until it is known which models suit this computer."""
    stage.app.services.models.refresh()
    spin_until(lambda: bool(stage.app.services.models.survey.machine))


def open_page(stage: Stage, model: str = "") -> None:
    """The page, with a model's details open."""
    stage.window._model_actions.open_page(model)  # noqa: SLF001
    spin(900)


def _work(stage: Stage, *jobs: Job) -> None:
    """Work as it would be: none is begun, since that takes a network and hours."""
    models = _models(stage)
    queue = models._work  # noqa: SLF001
    for number, job in enumerate(jobs, 1):
        queue._jobs[number] = replace(job, id=number)  # noqa: SLF001
        models.job_changed.emit(queue._jobs[number])  # noqa: SLF001
    spin(500)


def _offered(stage: Stage, *, gated: bool = False) -> list[tuple[str, str]]:
    return [(one.id, one.name) for one in stage.app.services.models.survey.available if one.is_gated is gated]


def _jobs(stage: Stage) -> list[Job]:
    running, paused, failed = (Job(0, JobKind.GET, id_, name, "Q4_K_M") for id_, name in _offered(stage)[:3])
    return [
        replace(
            running,
            state=JobState.RUNNING,
            stage="download",
            done_bytes=2 * _GB,
            total_bytes=5 * _GB,
            bytes_per_s=2.4e7,
            seconds_left=125.0,
        ),
        replace(paused, state=JobState.PAUSED, stage="download", done_bytes=3 * _GB, total_bytes=8 * _GB),
        replace(
            failed,
            state=JobState.FAILED,
            done_bytes=_GB,
            total_bytes=4 * _GB,
            problem="The disk is full: 0.4 GB are free, and 3.1 GB are needed. Choose another folder for models.",
            remedy=Remedy.FOLDER,
        ),
    ]


@scene("models", loads=False)
def models(stage: Stage) -> None:
    """What there is, and what can be had."""
    wait_for_machine(stage)
    open_page(stage)


@scene("models-details", loads=False)
def models_details(stage: Stage) -> None:
    """The details of the model that suits this computer."""
    wait_for_machine(stage)
    best = next((one.id for one in stage.app.services.models.survey.available if one.is_recommended), "")
    open_page(stage, best or _offered(stage)[0][0])


@scene("models-gated", loads=False)
def models_gated(stage: Stage) -> None:
    """A model whose licence is to be accepted, and that wants a token."""
    wait_for_machine(stage)
    open_page(stage, _offered(stage, gated=True)[0][0])


@scene("models-work")
def models_work(stage: Stage) -> None:
    """A download that runs, one that is paused, and one that failed."""
    wait_for_machine(stage)
    _work(stage, *_jobs(stage))
    open_page(stage, _offered(stage)[0][0])


@scene("models-work-elsewhere")
def models_work_elsewhere(stage: Stage) -> None:
    """What the window says of a download while a conversation is open."""
    stage.ask("Say yes.")
    wait_for_machine(stage)
    _work(stage, _jobs(stage)[0])


@scene("models-found", loads=False)
def models_found(stage: Stage) -> None:
    """What other programs left here, and a model that cannot be loaded."""
    wait_for_machine(stage)
    open_page(stage)
    models = _models(stage)
    models._found = (  # noqa: SLF001
        FoundModel("llama3.2-vision:11b", "Ollama", Path("/ollama"), round(7.8 * _GB), "Ollama's files stay."),
        FoundModel("codellama:7b", "Ollama", Path("/ollama"), problem="This is a language model without a projector."),
    )
    broken = replace(
        models.survey.installed[0],
        id="broken",
        name="Pixtral 12B",
        family="Pixtral",
        is_owned=True,
        problem="The vision projector ends after 1.2 of 3.4 GB. Download the model again.",
    )
    models._library = replace(models._library, models=(broken,))  # noqa: SLF001
    models._show(machine="NVIDIA RTX 4070, 12 GB", free_bytes=210 * _GB)  # noqa: SLF001
    spin(300)


@scene("model-failed", loads=False)
def model_failed(stage: Stage) -> None:
    """The model that was chosen cannot be loaded."""
    file = stage.folder / "junk.gguf"
    file.write_bytes(b"GGUF junk")
    stage.app.services.settings.update("model", text=str(file))
    stage.window.load_model(stage.app.services.settings.current.model)
    spin(4000)
