"""From a name to a model in the library: a finished GGUF pair is downloaded, a checkpoint converted while it comes.

All work is done in one folder for each model and type, which stays when it is stopped or killed, and with which the
next try goes on. The model appears in one step at the end. Nothing here asks the hub before it is called.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_vlm import convert
from desktop_vlm.acquire.checksums import file_record
from desktop_vlm.acquire.finishing import clean, telling
from desktop_vlm.acquire.gguf_pairs import importer_of, open_pair
from desktop_vlm.acquire.import_plan import carry_out, plan_import
from desktop_vlm.acquire.pace import Pace
from desktop_vlm.acquire.repository import ReadyPair, checkpoint_bytes, choose_pair, type_of
from desktop_vlm.acquire.sources import NamedPair
from desktop_vlm.acquire.target import Target
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import GetPlan, InstalledModel, Origin, PartialModel
from desktop_vlm.api.options import ModelRef
from desktop_vlm.api.progress import JobListener, JobProgress
from desktop_vlm.conversion.progress import Progress
from desktop_vlm.families.registry import family_of, read_headers
from desktop_vlm.hub.access import Access
from desktop_vlm.hub.cache import Downloads
from desktop_vlm.hub.download import download
from desktop_vlm.hub.listing import HubFile, Listing, list_repository
from desktop_vlm.hub.progress import DownloadProgress
from desktop_vlm.models.catalogue import STREAMING_BYTES
from desktop_vlm.models.library import ModelsFolder, free_bytes, installed, now, slug
from desktop_vlm.models.partial import disk_bytes, note_partial
from desktop_vlm.models.record import Record
from desktop_vlm.models.usage import read_usage

_NOTE_S = 1.0
"""How often it is written down how far a download is."""


@dataclass(frozen=True)
class Prepared:
    """A model that can be got.

    Attributes:
        target: what was asked for.
        listing: of its repository.
        pair: the files to download; None for a checkpoint to convert.
        plan: sizes, licence, and what it will be.
    """

    target: Target
    listing: Listing
    pair: ReadyPair | None
    plan: GetPlan


def silent(_progress: JobProgress) -> None:
    """A listener that shows nothing."""


def prepare(target: Target, folder: ModelsFolder, access: Access, progress: JobListener = silent) -> Prepared:
    """Ask the hub what getting a model would take; of its files only the settings are downloaded, if any.

    Raises:
        UserError: the hub refuses or cannot be reached, or there is no such model or type.
        Cancelled: `progress` raised it.
    """
    note = f"asking {access.host}"
    progress(JobProgress("ask", note=note))
    listing = list_repository(
        target.repo,
        access,
        target.revision,
        check=lambda: progress(JobProgress("ask", note=note)),
        notice=lambda sentence: progress(JobProgress("ask", note=sentence)),
    )
    pair = choose_pair(listing, target)
    if pair is None and target.revision:
        raise UserError(f"{target.repo} is a checkpoint, of which only the newest version can be had; leave out the @.")
    text_type, vision_type = _types(target, pair)
    downloads = Downloads(lambda: access, lambda at: progress(_of_download(at)))
    output_bytes = pair.n_bytes if pair else _converted_bytes(target, folder, text_type, vision_type, downloads)
    there = disk_bytes(folder.work_folder(key_of(target)))
    known = target.known
    plan = GetPlan(
        name=target.name,
        repo=listing.repo_id,
        commit=listing.commit,
        text_type=text_type,
        vision_type=vision_type,
        is_converted=pair is None,
        download_bytes=pair.n_bytes if pair else checkpoint_bytes(listing),
        output_bytes=output_bytes,
        peak_bytes=max(0, output_bytes + (0 if pair else STREAMING_BYTES) - there),
        free_bytes=free_bytes(folder.path),
        licence=known.licence if known else "",
        licence_url=known.licence_url if known else f"{access.endpoint}/{listing.repo_id}",
        is_gated=listing.is_gated,
        notes=_notes(target, pair),
    )
    return Prepared(target, listing, pair, plan)


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
    _check_room(prepared.plan, folder)
    with folder.working(key_of(target)) as work, _noting(prepared, work, progress) as tell:
        ref = _download(prepared, work, tell) if prepared.pair else _convert(prepared, work, tell)
        record = _record(prepared, ref, _family_or_nothing(ref, work), tell)
        clean(work, record)
        entry = folder.install(work, slug(f"{_short_name(target)}-{record.text_type}"), record)
    return installed(entry, read_usage(folder.path)), False


def find_same(target: Target, folder: ModelsFolder) -> InstalledModel | None:
    """The model where it is here already, in this type and whole by the size of its files."""
    for entry in folder.entries():
        record = entry.record
        if record is None or record.origin.kind != "hub" or record.origin.source != target.repo or entry.missing:
            continue
        is_type = target.text_type in {"", record.text_type} and target.vision_type in {"", record.vision_type}
        is_version = target.revision is None or record.origin.commit.startswith(target.revision)
        if is_type and is_version and all(one.is_unchanged(entry.folder) for one in record.files):
            return installed(entry, read_usage(folder.path))
    return None


def key_of(target: Target) -> str:
    """The name of the folder in which a model is made: one for each repository, revision and type."""
    identity = json.dumps([target.repo, target.revision, target.text_type, target.vision_type])
    return f"{slug(_short_name(target))}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}"


# Sizes and sentences


def _short_name(target: Target) -> str:
    return target.known.name if target.known else target.repo.split("/")[1]


def _types(target: Target, pair: ReadyPair | None) -> tuple[str, str]:
    if pair:
        return type_of(pair.text.path), type_of(pair.mmproj.path) if pair.mmproj else ""
    return target.text_type or convert.TEXT_TYPE, target.vision_type or convert.VISION_TYPE


def _converted_bytes(
    target: Target, folder: ModelsFolder, text_type: str, vision_type: str, downloads: Downloads
) -> int:
    """The result's size: from the catalogue, or else from the checkpoint's settings, which are downloaded for it."""
    kind = target.known.type_named(text_type) if target.known else None
    if kind and kind.vision == vision_type:
        return kind.output_bytes
    work = folder.work_folder(key_of(target))
    files = convert.plan(target.repo, work, text_type=text_type, vision_type=vision_type, downloads=downloads).files
    return sum(file.n_bytes for file in files)


def _notes(target: Target, pair: ReadyPair | None) -> tuple[str, ...]:
    notes = [target.known.licence_note] if target.known and target.known.licence_note else []
    if pair and pair.mmproj is None:
        notes.append("It has no vision projector: it chats, and sees no images.")
    return tuple(notes)


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
    download(
        prepared.listing,
        prepared.pair.files,
        work,
        lambda at: progress(_of_download(at)),
    )
    placed = []
    for file in prepared.pair.files:
        target = work / file.path.rsplit("/", maxsplit=1)[-1]
        if target != work / file.path:
            (work / file.path).replace(target)
        placed.append(target)
    return _taken_over(ModelRef(*placed), prepared.plan.name, work, progress)


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


def _of_download(at: DownloadProgress) -> JobProgress:
    return JobProgress(at.stage, at.done_bytes, at.total_bytes, at.rate, at.seconds_left, at.note or at.file)


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
        downloads=Downloads(lambda: prepared.listing.access, lambda at: progress(_of_download(at))),
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
        headers = read_headers(ref.text, ref.mmproj)
        return family_of(headers, ref.mmproj.name if ref.mmproj else "").name
    except UserError:
        shutil.rmtree(work, ignore_errors=True)
        raise
