"""Convert a checkpoint of the hub while it is downloaded.

Tensors are made in the order in which their bytes lie in the repository's files, and written to their places in the
result. Bytes of the repository are kept until every tensor that needs them is on the disk, and their file's hash has
got past them: a few hundred MB at a time. The ledger says what is done; whatever it does not say is done again.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

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
from desktop_vlm.conversion.streaming.status import Status
from desktop_vlm.conversion.streaming.work import Work
from desktop_vlm.conversion.streaming.work_folder import WorkFolder
from desktop_vlm.conversion.tensor_stream import TensorPacker
from desktop_vlm.hub import refusals
from desktop_vlm.hub.refusals import About


def stream(
    files: Sequence[FilePlan],
    checkpoint: Checkpoint,
    remote: RemoteWeights,
    work_folder: Path,
    progress: Listener | None = None,
) -> None:
    """Make `files` from a checkpoint that `remote` reads; go on where an earlier run ended.

    What is not complete lies in `work_folder`, on the same file system (`WorkFolder.discard`). `progress` is called
    several times a second and may raise: the work ends within a second, and the next run continues it.

    Raises:
        UserError: the hub refuses, a file arrives damaged twice, there is no room, or another run is at work.
        NoRangesError: the server sends whole files only.
        Cancelled: `progress` raised it.
    """
    folder = WorkFolder(work_folder)
    with folder.locked(), ExitStack() as stack:
        work = Work([file.layout for file in files], [file.is_finished for file in files], checkpoint, remote, LIMITS)
        outputs = _open_outputs(files, folder, stack)
        is_new = any(output.is_new for output in outputs.values())
        work.ledger = (None if is_new else folder.load_ledger(work)) or Ledger(work.identity)
        folder.drop_other_pieces(work)
        _check_room(work, outputs, folder)
        status = Status(files, work, progress)
        while damaged := _round(work, checkpoint, remote, outputs, folder, status):
            _take_again(damaged, work, remote, folder)
            status.say(f"{damaged} arrived with another content than the hub lists: it is fetched again.")
        for index, output in outputs.items():
            output.finish(files[index].path)


def _open_outputs(files: Sequence[FilePlan], folder: WorkFolder, stack: ExitStack) -> dict[int, PartialFile]:
    """The files of the result that are not finished, by their numbers."""
    outputs = {}
    for index, file in enumerate(files):
        if not file.is_finished:
            outputs[index] = PartialFile(folder.path / file.path.name, file.layout)
            stack.callback(outputs[index].close)
    return outputs


def _check_room(work: Work, outputs: Mapping[int, PartialFile], folder: WorkFolder) -> None:
    """Refuse before the first byte what would not fit."""
    there = sum(folder.spool(work).prepare().values())
    needed = sum(output.bytes_to_allocate for output in outputs.values()) + max(0, work.spool_bytes - there)
    free = shutil.disk_usage(folder.path).free
    if free < needed:
        raise UserError(
            f"{folder.path.parent} has {free / 1e9:.1f} GB free, but the result and what is kept of the download "
            f"meanwhile need {needed / 1e9:.1f} GB: make room or choose another folder."
        )


def _round(
    work: Work,
    checkpoint: Checkpoint,
    remote: RemoteWeights,
    outputs: Mapping[int, PartialFile],
    folder: WorkFolder,
    status: Status,
) -> str:
    """Do all that is left, and return "", or the name of a file that turned out to be damaged."""
    spool = folder.spool(work)
    have = spool.prepare()
    if work.settle(have):
        folder.save_ledger(work.ledger)
    with (
        TensorPacker(checkpoint) as packer,
        remote.reading(work.pieces, spool),
        Fetcher(remote.listing, work.pieces, spool, work.hashes(), status.meter, work.window_bytes) as fetcher,
    ):
        fetcher.start(work.needed_pieces(), have, work.limits.connections)
        status.follow(fetcher)
        try:
            Round(work, outputs, packer, fetcher, folder, status).run()
        except DamagedError as error:
            return error.file
    return ""


def _take_again(file: str, work: Work, remote: RemoteWeights, folder: WorkFolder) -> None:
    """Drop what was made from a damaged file.

    Raises:
        UserError: it was damaged before; the next run tries it again.
    """
    spool = folder.spool(work)
    for piece in work.pieces.of_file[file]:
        spool.drop(piece)
    work.begin_again(file)
    is_second = file in work.ledger.damaged
    work.ledger.damaged = work.ledger.damaged - {file} if is_second else work.ledger.damaged | {file}
    folder.save_ledger(work.ledger)
    if is_second:
        raise refusals.damaged(About(remote.listing.access, remote.listing.repo_id, file))
