"""Files of a repository into a folder: several parts at once, taken up where they stopped, and verified.

A file appears under its name only when it is whole and its digest is the one that the hub lists. Until then it lies in
the folder `.download` beside the others (`work_folder`, `partial`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.hub import refusals
from desktop_vlm.hub.file_task import FileTask
from desktop_vlm.hub.listing import HubFile, Listing
from desktop_vlm.hub.progress import Listener, Meter, silent
from desktop_vlm.hub.refusals import About
from desktop_vlm.hub.verified import Verified, digest_matches
from desktop_vlm.hub.work_folder import WorkFolder

WORK_FOLDER = ".download"
PART_BYTES = 64 * 2**20
CONNECTIONS = 4


@dataclass(frozen=True)
class Request:
    """A file of the hub, and where it belongs."""

    file: HubFile
    target: Path


def download(
    listing: Listing,
    files: Sequence[HubFile],
    folder: Path,
    listener: Listener = silent,
    *,
    connections: int = CONNECTIONS,
    part_bytes: int = PART_BYTES,
) -> list[Path]:
    """Have `files` in `folder`, under their paths in the repository; where they are now.

    What is there already, whole, is not fetched again. `listener` is called several times a second in the caller's
    thread and may raise (`Cancelled`): everything ends within a second, and what arrived is kept for the next call.

    Raises:
        Refusal: the network is forbidden, the hub refuses or cannot be reached, a file is damaged, the folder cannot
            be written or has no room, or another process downloads into it.
        Cancelled: `listener` raised it.
    """
    for file in files:
        if file.path.split("/")[0] == WORK_FOLDER:
            raise refusals.unsafe_name(About(listing.access, listing.repo_id), file.path)
    requests = [Request(file, folder / file.path) for file in files]
    fetch(listing, requests, folder / WORK_FOLDER, listener, connections=connections, part_bytes=part_bytes)
    return [one.target for one in requests]


def fetch(
    listing: Listing,
    requests: Sequence[Request],
    work: Path,
    listener: Listener = silent,
    *,
    connections: int = CONNECTIONS,
    part_bytes: int = PART_BYTES,
    trust_sizes: bool = False,
) -> None:
    """As `download`, with a place for each file, and `work` for what is not whole; both on one file system.

    With `trust_sizes`, a file that is there in the right size is whole; otherwise its digest is compared once.
    """
    folder = WorkFolder(work)
    with folder.one_writer():
        meter = Meter(sum(one.file.size for one in requests), listener)
        verified = Verified(folder.verified)
        missing = [one for one in requests if not _is_whole(one, verified, meter, trust_sizes=trust_sizes)]
        tasks = [_task(listing, one, folder, part_bytes) for one in missing]
        there = sum(one.file.size for one in requests) - sum(one.file.size for one in missing)
        meter.done_bytes = lambda: there + sum(task.partial.done_bytes for task in tasks)
        if tasks:
            if listing.access.forbidden_by:
                raise refusals.offline(About(listing.access, listing.repo_id))
            folder.check_room([task.partial for task in tasks])
            _run(listing, tasks, meter, verified, connections)
            folder.remove_empty()
        meter.tick()


def forget(folder: Path) -> None:
    """Remove what downloads into `folder` left that is not whole.

    Raises:
        Refusal: one is running.
    """
    WorkFolder(folder / WORK_FOLDER).remove_partials()


def bytes_left(listing: Listing, files: Sequence[HubFile], folder: Path) -> int:
    """How many bytes of `files` are still to be fetched into `folder`; what is there is taken by its size."""
    requests = [Request(file, folder / file.path) for file in files]
    work = WorkFolder(folder / WORK_FOLDER)
    tasks = [_task(listing, one, work, PART_BYTES) for one in requests if not _has_size(one.target, one.file.size)]
    return sum(task.file.size - task.partial.done_bytes for task in tasks)


def _run(listing: Listing, tasks: list[FileTask], meter: Meter, verified: Verified, connections: int) -> None:
    # Loads an HTTP client, for which commands that work on files should not wait.
    from desktop_vlm.hub.workers import Workers

    Workers(listing.access, tasks, meter, verified, connections).run()


def _task(listing: Listing, one: Request, folder: WorkFolder, part_bytes: int) -> FileTask:
    about = About(listing.access, listing.repo_id, one.file.path)
    partial = folder.partial(one.file, one.file.digest or listing.commit, part_bytes)
    return FileTask(one.file, one.target, listing.url(one.file), about, partial)


def _is_whole(one: Request, verified: Verified, meter: Meter, *, trust_sizes: bool) -> bool:
    if not _has_size(one.target, one.file.size):
        return False
    if trust_sizes or verified.knows(one.target, one.file):
        return True
    meter.verifies(one.file.path)
    if not digest_matches(one.target, one.file, meter.tick):
        meter.say(f"{one.file.path} is there with another content than the hub lists: it is fetched again.")
        return False
    verified.note(one.target, one.file)
    return True


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.is_file() and path.stat().st_size == size
    except OSError:
        return False
