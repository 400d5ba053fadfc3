"""Files of a repository into a folder: several parts at once, taken up where they stopped, and verified.

A file appears under its name only when it is whole and its digest is the one that the hub lists. Until then it lies in
the folder `.download` beside the others (`partial`), where one process at a time writes, held off by a lock of the
system that ends with its process.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import filelock

from desktop_vlm.hub import refusals
from desktop_vlm.hub.listing import HubFile, Listing
from desktop_vlm.hub.partial import Partial
from desktop_vlm.hub.progress import Listener, Meter, silent
from desktop_vlm.hub.refusals import About
from desktop_vlm.hub.verified import Verified, digest_matches
from desktop_vlm.hub.workers import FileTask, Workers

WORK_FOLDER = ".download"
PART_BYTES = 64 * 2**20
CONNECTIONS = 4
_BLOCK_BYTES = 4096


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
    about = About(listing.access, listing.repo_id)
    _make_folder(work)
    with _one_writer(work):
        meter = Meter(sum(one.file.size for one in requests), listener)
        verified = Verified(work / "verified.json")
        missing = [one for one in requests if not _is_whole(one, verified, meter, trust_sizes=trust_sizes)]
        if missing and listing.access.forbidden_by:
            raise refusals.offline(about)
        tasks = [_task(listing, one, work, part_bytes) for one in missing]
        there = sum(one.file.size for one in requests) - sum(one.file.size for one in missing)
        meter.done_bytes = lambda: there + sum(task.partial.done_bytes for task in tasks)
        _check_room(work, [task.partial for task in tasks])
        try:
            if tasks:
                Workers(listing.access, tasks, meter, verified, connections).run()
        finally:
            verified.save()
        meter.tick()
        _remove_empty(work / "parts")


def forget(folder: Path) -> None:
    """Remove what downloads into `folder` left that is not whole.

    Raises:
        Refusal: one is running.
    """
    work = folder / WORK_FOLDER
    if work.is_dir():
        with _one_writer(work):
            shutil.rmtree(work / "parts", ignore_errors=True)


def bytes_left(files: Sequence[HubFile], folder: Path) -> int:
    """How many bytes of `files` are still to be fetched into `folder`; files are taken by their sizes."""
    left = 0
    for file in files:
        if not _has_size(folder / file.path, file.size):
            left += file.size - Partial(_partial_path(folder / WORK_FOLDER, file), file.size, file.digest, 1).done_bytes
    return left


def _task(listing: Listing, one: Request, work: Path, part_bytes: int) -> FileTask:
    about = About(listing.access, listing.repo_id, one.file.path)
    identity = one.file.digest or listing.commit
    partial = Partial(_partial_path(work, one.file), one.file.size, identity, part_bytes)
    return FileTask(one.file, one.target, listing.url(one.file), about, partial)


def _partial_path(work: Path, file: HubFile) -> Path:
    return work / "parts" / f"{file.path}.partial"


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


def _remove_empty(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        with suppress(OSError):  # something is in it still
            path.rmdir()
    with suppress(OSError):
        folder.rmdir()


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.is_file() and path.stat().st_size == size
    except OSError:
        return False


def _make_folder(work: Path) -> None:
    try:
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusals.of_disk(error, work.parent) from None
    if not os.access(work, os.W_OK):
        raise refusals.of_disk(PermissionError(13, "Permission denied"), work.parent)


def _check_room(work: Path, partials: Sequence[Partial]) -> None:
    """Refuse before the first byte what would not fit."""
    needed = sum(_blocks(one.size) - one.allocated_bytes for one in partials)
    try:
        free = shutil.disk_usage(work).free
    except OSError as error:
        raise refusals.of_disk(error, work) from None
    if needed > free:
        raise refusals.no_room(work.parent, needed, free)


def _blocks(n_bytes: int) -> int:
    return -(-n_bytes // _BLOCK_BYTES) * _BLOCK_BYTES


@contextmanager
def _one_writer(work: Path) -> Iterator[None]:
    lock = filelock.FileLock(work / "lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise refusals.taken(work.parent) from None
    except NotImplementedError:  # some network file systems have no locks
        yield
        return
    except OSError as error:
        raise refusals.of_disk(error, work / "lock") from None
    try:
        yield
    finally:
        lock.release()
