"""What getting a model would take, asked of the hub before the first byte of its weights."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from desktop_vlm import convert
from desktop_vlm.acquire.repository import ReadyPair, checkpoint_bytes, choose_pair, type_of
from desktop_vlm.acquire.target import Target
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import GetPlan
from desktop_vlm.api.progress import JobListener, JobProgress
from desktop_vlm.hub.access import Access
from desktop_vlm.hub.cache import Downloads
from desktop_vlm.hub.listing import Listing, list_repository
from desktop_vlm.hub.progress import DownloadProgress
from desktop_vlm.models.catalogue import STREAMING_BYTES
from desktop_vlm.models.library import ModelsFolder, free_bytes, slug
from desktop_vlm.models.partial import disk_bytes


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
    downloads = Downloads(lambda: access, lambda at: progress(of_download(at)))
    output_bytes = pair.n_bytes if pair else _converted_bytes(target, folder, text_type, vision_type, downloads)
    there = disk_bytes(folder.work_folder(key_of(target)))
    base = target.base
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
        licence=base.licence if base else "",
        licence_url=base.licence_url if base else f"{access.endpoint}/{listing.repo_id}",
        is_gated=listing.is_gated,
        notes=_notes(target, pair),
    )
    return Prepared(target, listing, pair, plan)


def key_of(target: Target) -> str:
    """The name of the folder in which a model is made: one for each repository, revision and type."""
    identity = json.dumps([target.repo, target.revision, target.text_type, target.vision_type])
    return f"{slug(short_name(target))}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}"


def short_name(target: Target) -> str:
    """As ids of its models begin."""
    return target.known.name if target.known else target.repo.split("/")[1]


def of_download(at: DownloadProgress) -> JobProgress:
    """A download's progress as that of a job."""
    return JobProgress(at.stage, at.done_bytes, at.total_bytes, at.rate, at.seconds_left, at.note or at.file)


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
    notes = [target.base.licence_note] if target.base and target.base.licence_note else []
    if pair and pair.mmproj is None:
        notes.append("It has no vision projector: it chats, and sees no images.")
    return tuple(notes)
