"""From a name to a model in the library: a finished GGUF pair is downloaded, a checkpoint converted while it comes.

All work is done in one folder for each model and type, which stays when it is stopped or killed, and with which the
next try goes on. The model appears in one step at the end. Nothing here asks the hub before it is called.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from desktop_vlm import convert
from desktop_vlm.acquire.checksums import file_record
from desktop_vlm.acquire.finishing import clean, telling
from desktop_vlm.acquire.gguf_pairs import importer_of, open_pair
from desktop_vlm.acquire.import_plan import carry_out, plan_import
from desktop_vlm.acquire.pace import Pace
from desktop_vlm.acquire.pull_plan import Prepared, key_of, of_download, prepare, short_name, silent
from desktop_vlm.acquire.sources import NamedPair
from desktop_vlm.acquire.target import Target
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import GetPlan, InstalledModel, Origin, PartialModel
from desktop_vlm.api.options import ModelRef
from desktop_vlm.api.progress import JobListener, JobProgress
from desktop_vlm.conversion.progress import Progress
from desktop_vlm.families.gate import admit
from desktop_vlm.hub.access import Access
from desktop_vlm.hub.cache import Downloads
from desktop_vlm.hub.download import WORK_FOLDER, Request, fetch
from desktop_vlm.hub.listing import HubFile
from desktop_vlm.models.library import Entry, ModelsFolder, installed, now, slug
from desktop_vlm.models.partial import note_partial
from desktop_vlm.models.record import Record
from desktop_vlm.models.usage import read_usage

_NOTE_S = 1.0
"""How often it is written down how far a download is."""


def pull(
    target: Target, folder: ModelsFolder, access: Access, progress: JobListener = silent
) -> tuple[InstalledModel, bool]:
    """Get a model, going on where an earlier try stopped; one that is here already is left as it is.

    Returns:
        The model, and whether it was here already.

    Raises:
        UserError: the hub refuses or cannot be reached, there is no such model, no room, or another process gets it.
        Cancelled: `progress` raised it; what arrived stays for the next try.
    """
    there = find_same(target, folder)
    if there:
        return there, True
    prepared = prepare(target, folder, access, progress)
    there = find_same(target, folder, prepared.plan.commit)
    if there:
        return there, True
    _check_room(prepared.plan, folder)
    with folder.working(key_of(target)) as work, _noting(prepared, work, progress) as tell:
        ref = _download(prepared, work, tell) if prepared.pair else _convert(prepared, work, tell)
        record = _record(prepared, ref, _family_or_nothing(ref, work), tell)
        clean(work, record)
        same_type = replace(target, text_type=record.text_type, vision_type=record.vision_type)
        for damaged in _entries(same_type, folder, record.origin.commit if target.revision else None):
            folder.remove(damaged.id)
        entry = folder.install(work, slug(f"{short_name(target)}-{record.text_type}"), record)
    return installed(entry, read_usage(folder.path)), False


def find_same(target: Target, folder: ModelsFolder, commit: str | None = None) -> InstalledModel | None:
    """The model where it is here already, in this type and as it was recorded; of this commit, where one is named."""
    for entry in _entries(target, folder, commit or target.revision):
        record = entry.record
        if record and not entry.missing and all(one.is_unchanged(entry.folder) for one in record.files):
            return installed(entry, read_usage(folder.path))
    return None


def _entries(target: Target, folder: ModelsFolder, commit: str | None) -> Iterator[Entry]:
    """The program's own models from this repository, in this type, perhaps damaged."""
    for entry in folder.entries():
        record = entry.record
        if record and entry.is_owned and (record.origin.kind, record.origin.source) == ("hub", target.repo):
            is_type = target.text_type in {"", record.text_type} and target.vision_type in {"", record.vision_type}
            if is_type and record.origin.commit.startswith(commit or ""):
                yield entry


def _check_room(plan: GetPlan, folder: ModelsFolder) -> None:
    if not plan.has_room:
        raise NoRoomError(
            f"{folder.path} has {plan.free_bytes / 1e9:.1f} GB free, but {plan.name} in {plan.text_type} needs "
            f"{plan.peak_bytes / 1e9:.1f} GB: make room, or choose another type or folder."
        )


class NoRoomError(UserError):
    """The disk cannot take the model."""

    way_out = "room"


# The work


@contextmanager
def _noting(prepared: Prepared, work: Path, progress: JobListener) -> Iterator[JobListener]:
    """Passes progress on, and writes down now and then how far it is, for the list of stopped downloads."""
    target, plan = prepared.target, prepared.plan
    source = target.repo if target.revision is None else f"{target.repo}@{target.revision}"
    request = PartialModel(
        id=work.name,
        name=f"{plan.name} {plan.text_type}".strip(),
        source=target.known.name if target.known and target.revision is None else source,
        text_type=target.text_type,
        vision_type=target.vision_type,
        done_bytes=0,
        total_bytes=plan.download_bytes,
    )
    note_partial(work, request)
    noted_s = time.monotonic()

    def tell(at: JobProgress) -> None:
        nonlocal noted_s, request
        if at.stage in {"download", "convert"} and at.total_bytes:
            request = replace(request, done_bytes=at.done_bytes, total_bytes=at.total_bytes)
            if time.monotonic() - noted_s > _NOTE_S:
                noted_s = time.monotonic()
                with suppress(UserError):  # a full disk is said better by whoever writes the model
                    note_partial(work, request)
        progress(at)

    try:
        yield tell
    finally:
        if work.is_dir():  # not so where the model is installed, or was none
            with suppress(UserError):
                note_partial(work, request)


def _download(prepared: Prepared, work: Path, progress: JobListener) -> ModelRef:
    """The finished files, in the work folder itself."""
    assert prepared.pair
    requests = [Request(file, work / file.path.rsplit("/", maxsplit=1)[-1]) for file in prepared.pair.files]
    fetch(prepared.listing, requests, work / WORK_FOLDER, lambda at: progress(of_download(at)))
    return _taken_over(ModelRef(*(one.target for one in requests)), prepared.plan.name, work, progress)


def _taken_over(ref: ModelRef, name: str, work: Path, progress: JobListener) -> ModelRef:
    """The files as the engine reads them: as they are, or rewritten where they are in another program's layout."""
    try:
        pair = open_pair(ref.text, ref.mmproj)
    except UserError:  # `_family_or_nothing` says what is wrong
        return ref
    if importer_of(pair.model) is None:
        return ref
    plan = plan_import(NamedPair(name, pair), work / "taken over")
    carry_out(plan, progress)
    moved = [path.rename(work / path.name) for path in (plan.result.text, plan.result.mmproj) if path]
    return ModelRef(*moved)


def _convert(prepared: Prepared, work: Path, progress: JobListener) -> ModelRef:
    plan, pace = prepared.plan, Pace()

    def tell(at: Progress) -> None:
        if (download := at.download) is not None:  # it takes longer
            of_both = download.done_bytes, download.total_bytes, download.rate, download.seconds_left
            progress(JobProgress("convert", *of_both, note=download.note or at.file))
            return
        pace_now = pace.at(at.done_bytes, at.total_bytes)
        progress(JobProgress("convert", at.done_bytes, at.total_bytes, *pace_now, note=at.file))

    files = convert.convert(
        prepared.target.repo,
        work,
        text_type=plan.text_type,
        vision_type=plan.vision_type,
        progress=tell,
        downloads=Downloads(lambda: prepared.listing.access, lambda at: progress(of_download(at))),
    )
    return ModelRef(files.text, files.mmproj)


def _record(prepared: Prepared, ref: ModelRef, family: str, progress: JobListener) -> Record:
    """What is known of the files, which are read once for their checksums where the hub did not say them."""
    plan = prepared.plan
    known = {file.path.rsplit("/", maxsplit=1)[-1]: file.sha256 or "" for file in _files(prepared)}
    unknown = [path for path in (ref.text, ref.mmproj) if path and not known.get(path.name)]
    tell = telling(sum(path.stat().st_size for path in unknown), progress)
    return Record(
        name=plan.name,
        family=family,
        text=file_record(ref.text, known.get(ref.text.name, ""), tell),
        mmproj=file_record(ref.mmproj, known.get(ref.mmproj.name, ""), tell) if ref.mmproj else None,
        text_type=plan.text_type,
        vision_type=plan.vision_type,
        origin=Origin("hub", prepared.target.repo, plan.commit),
        is_reference=False,
        added=now(),
        licence=plan.licence,
        licence_url=plan.licence_url,
    )


def _files(prepared: Prepared) -> list[HubFile]:
    return prepared.pair.files if prepared.pair else []


def _family_or_nothing(ref: ModelRef, work: Path) -> str:
    """The family that runs the files; where there is none, they are removed, as another try would bring the same.

    Raises:
        UserError: there is none.
    """
    try:
        return admit(ref).family.name
    except UserError:
        shutil.rmtree(work, ignore_errors=True)
        raise
