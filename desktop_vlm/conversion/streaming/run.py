"""Convert a checkpoint of the hub while it is downloaded.

Tensors are made in the order in which their bytes lie in the repository's files, and written to their places in the
result. Bytes of the repository are kept until every tensor that needs them is on the disk, and their file's hash has
got past them: a few hundred MB at a time. The ledger says what is done; whatever it does not say is done again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import filelock

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.checkpoint import Checkpoint
from desktop_vlm.conversion.plan import FilePlan
from desktop_vlm.conversion.progress import Listener
from desktop_vlm.conversion.streaming.fetcher import DamagedError, Fetcher
from desktop_vlm.conversion.streaming.ledger import Ledger
from desktop_vlm.conversion.streaming.limits import LIMITS
from desktop_vlm.conversion.streaming.output import PartialFile
from desktop_vlm.conversion.streaming.remote_weights import RemoteWeights
from desktop_vlm.conversion.streaming.round import Round
from desktop_vlm.conversion.streaming.spool import Spool
from desktop_vlm.conversion.streaming.status import Status
from desktop_vlm.conversion.streaming.work import Work
from desktop_vlm.conversion.tensor_stream import TensorPacker
from desktop_vlm.hub import refusals
from desktop_vlm.hub.refusals import About

_LOCK = "lock"


def stream(
    files: Sequence[FilePlan],
    checkpoint: Checkpoint,
    remote: RemoteWeights,
    work_folder: Path,
    progress: Listener | None = None,
) -> None:
    """Make `files` from a checkpoint that `remote` reads; go on where an earlier run ended.

    What is not complete lies in `work_folder`, on the same file system (`discard_unfinished`). `progress` is called
    several times a second and may raise: the work ends within a second, and the next run continues it.

    Raises:
        UserError: the hub refuses, a file arrives damaged twice, there is no room, or another run is at work.
        NoRangesError: the server sends whole files only.
        Cancelled: `progress` raised it.
    """
    with _one_run(work_folder):
        work = Work([file.layout for file in files], [file.is_finished for file in files], checkpoint, remote, LIMITS)
        with ExitStack() as stack:
            outputs = _open_outputs(files, work_folder, stack)
            is_new = any(output.is_new for output in outputs.values())
            work.ledger = (None if is_new else Ledger.load(_ledger_path(work_folder), work.identity)) or work.ledger
            _drop_other_pieces(work, work_folder)
            _check_room(work, outputs, work_folder)
            status = Status(files, work, progress)
            while damaged := _round(work, checkpoint, remote, outputs, work_folder, status):
                _take_again(damaged, work, remote, work_folder)
                status.say(f"{damaged} arrived with another content than the hub lists: it is fetched again.")
            for index, output in outputs.items():
                output.finish(files[index].path)


def discard_unfinished(work_folder: Path) -> None:
    """Remove what `stream` left in its folder; another folder of that name is left alone.

    Raises:
        UserError: a run is at work there.
    """
    if (work_folder / _LOCK).is_file():
        with _one_run(work_folder):
            _ledger_path(work_folder).unlink(missing_ok=True)
        shutil.rmtree(work_folder, ignore_errors=True)


def _open_outputs(files: Sequence[FilePlan], folder: Path, stack: ExitStack) -> dict[int, PartialFile]:
    """The files of the result that are not finished, by their numbers."""
    outputs = {}
    for index, file in enumerate(files):
        if not file.is_finished:
            outputs[index] = PartialFile(folder / file.path.name, file.layout)
            stack.callback(outputs[index].close)
    return outputs


def _round(
    work: Work,
    checkpoint: Checkpoint,
    remote: RemoteWeights,
    outputs: dict[int, PartialFile],
    folder: Path,
    status: Status,
) -> str:
    """Do all that is left, and return "", or the name of a file that turned out to be damaged."""
    spool = _spool(work, folder)
    have = spool.prepare()
    work.settle(have)
    remote.use(work.pieces, spool)
    with (
        TensorPacker(checkpoint) as packer,
        Fetcher(remote.listing, work.pieces, spool, work.hashes(), status.meter, work.window_bytes) as fetcher,
    ):
        fetcher.start(work.needed_pieces(), have, work.limits.connections)
        status.follow(fetcher)
        try:
            Round(work, outputs, packer, fetcher, _ledger_path(folder), status).run()
        except DamagedError as error:
            return error.file
    return ""


def _take_again(file: str, work: Work, remote: RemoteWeights, folder: Path) -> None:
    """Drop what was made from a damaged file.

    Raises:
        UserError: it was damaged before.
    """
    spool = _spool(work, folder)
    for piece in work.pieces.of_file[file]:
        spool.drop(piece)
    is_second = file in work.ledger.damaged
    work.begin_again(file)
    work.ledger.damaged ^= {file}  # after a second time, the next run tries it twice again
    try:
        work.ledger.save(_ledger_path(folder))
    except OSError as error:
        raise refusals.of_disk(error, _ledger_path(folder)) from None
    if is_second:
        raise refusals.damaged(About(remote.listing.access, remote.listing.repo_id, file))


def _check_room(work: Work, outputs: dict[int, PartialFile], folder: Path) -> None:
    """Refuse before the first byte what would not fit."""
    there = sum(_spool(work, folder).prepare().values())
    needed = sum(output.bytes_to_allocate for output in outputs.values()) + max(0, work.spool_bytes - there)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise UserError(
            f"{folder.parent} has {free / 1e9:.1f} GB free, but the result and what is kept of the download meanwhile "
            f"need {needed / 1e9:.1f} GB: make room or choose another folder."
        )


def _spool(work: Work, folder: Path) -> Spool:
    """The pieces of this very work: another version of a file has pieces of the same names."""
    return Spool(folder / f"pieces-{work.identity[:16]}", work.pieces)


def _drop_other_pieces(work: Work, folder: Path) -> None:
    for path in folder.glob("pieces-*"):
        if path.name != f"pieces-{work.identity[:16]}":
            shutil.rmtree(path, ignore_errors=True)


def _ledger_path(folder: Path) -> Path:
    return folder / "ledger.json"


@contextmanager
def _one_run(folder: Path) -> Iterator[None]:
    """The folder, with a lock that ends with the process that holds it."""
    lock = filelock.FileLock(folder / _LOCK)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise refusals.taken(folder.parent) from None
    except NotImplementedError:  # some network file systems have no locks
        pass
    except OSError as error:
        raise refusals.of_disk(error, folder) from None
    try:
        yield
    finally:
        lock.release()
