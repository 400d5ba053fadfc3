"""Figures and states of models and jobs, as a person reads them."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from desktop_vlm.api.library import InstalledModel
from desktop_vlm.ui.models.protocol import Fit, Job, JobKind, JobState
from desktop_vlm.ui.plural import plural

FIT_TONES = {Fit.GPU: "success", Fit.PARTLY: "warning", Fit.CPU: "faint", Fit.TOO_LARGE: "danger"}
"""The colour of each, as a field of `Colors`."""


def tr(text: str) -> str:
    """A text of this module in the person's language."""
    return QCoreApplication.translate("models", text)


def size_text(n_bytes: int) -> str:
    """12345678 -> "12 MB"; three digits at the most."""
    if n_bytes >= 1e9:
        return f"{n_bytes / 1e9:.{0 if n_bytes >= 1e11 else 1}f} GB"
    return f"{max(n_bytes / 1e6, 0.1):.{0 if n_bytes >= 1e7 else 1}f} MB"


_LONGEST_FIGURE = 32


def in_one_line(*parts: str) -> str:
    """The parts that are not empty, with dots between them; where they wrap, figures stay whole."""
    return "  ·  ".join(part.replace(" ", "\u00a0") if len(part) <= _LONGEST_FIGURE else part for part in parts if part)


def breakable(text: str) -> str:
    """A text in which long paths and addresses may wrap, after a slash."""
    return text.replace("/", "/\u200b")


def first_large(text: str) -> str:
    """A sentence that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def time_left(seconds: float) -> str:
    """75.0 -> "1 min left"; what is hours away is rounded to five minutes."""
    if seconds < 60:
        return tr("{0} s left").format(max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 60:
        return tr("{0} min left").format(minutes)
    hours, rest = divmod(round(minutes / 5) * 5, 60)
    return tr("{0} h {1} min left").format(hours, rest)


def fit_text(fit: Fit) -> str:
    """How it would run here."""
    return {
        Fit.GPU: tr("Fits your GPU"),
        Fit.PARTLY: tr("Partly on your GPU"),
        Fit.CPU: tr("Runs on the CPU"),
        Fit.TOO_LARGE: tr("Too large for this computer"),
    }[fit]


def last_used_text(when: str, now: datetime | None = None) -> str:
    """When a model was last used, in days; `when` as in `InstalledModel.last_used`."""
    if not when:
        return tr("not used yet")
    used = datetime.fromisoformat(when).astimezone()
    days = ((now or datetime.now()).astimezone().date() - used.date()).days
    if days <= 0:
        return tr("used today")
    if days >= 60:
        return tr("used on {0}").format(used.date().isoformat())
    return plural("models", days, "used yesterday", "used {n} days ago")


def about_installed(model: InstalledModel) -> str:
    """Family, types, size, speed and last use in one line."""
    types = " + ".join(filter(None, (model.text_type, model.vision_type)))
    speed = model.speed.decode_tokens_per_s
    measured = tr("{0} tokens/s here").format(f"{speed:.{0 if speed >= 10 else 1}f}") if speed else ""
    return in_one_line(model.family, types, size_text(model.n_bytes), measured, last_used_text(model.last_used))


def job_title(job: Job) -> str:
    """What a job does, in two words and a name."""
    titles = {
        JobKind.GET: tr("Getting {0}"),
        JobKind.IMPORT: tr("Importing {0}"),
        JobKind.VERIFY: tr("Checking {0}"),
    }
    return titles[job.kind].format(job.name)


def job_text(job: Job) -> str:
    """How far a job is: stage, bytes, rate and time left."""
    if job.state is JobState.WAITING:
        return tr("Waits for the work before it")
    amount = amount_text(job)
    if job.state is JobState.PAUSED:
        return tr("Paused at {0}").format(amount) if amount else tr("Paused")
    stages = {
        "": tr("Starting"),
        "ask": tr("Asking the hub"),
        "download": tr("Downloading"),
        "convert": tr("Downloading and converting") if job.kind is JobKind.GET else tr("Converting"),
        "copy": tr("Copying"),
        "scan": tr("Looking"),
        "verify": tr("Checking"),
    }
    parts = [stages.get(job.stage, tr("Working")), amount]
    if job.bytes_per_s:
        parts.append(tr("{0}/s").format(size_text(round(job.bytes_per_s))))
    if job.seconds_left is not None:
        parts.append(time_left(job.seconds_left))
    return in_one_line(*parts)


def amount_text(job: Job) -> str:
    """How much of it is done: "3.2 of 21.3 GB"; empty while the total is not known."""
    if not job.total_bytes:
        return ""
    total = size_text(job.total_bytes)
    done = size_text(job.done_bytes)
    if done[-2:] == total[-2:]:
        done = done[:-3]
    return tr("{0} of {1}").format(done, total)


def percent_text(job: Job) -> str:
    """How much of it is done: "42 %", which never breaks; empty while the total is not known."""
    return f"{int(job.fraction * 100)}\u00a0%" if job.total_bytes else ""
