"""Reading a model's files whole: whether they are the bytes that were recorded, and every number in them is finite."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.acquire.checksums import CHUNK_BYTES
from desktop_vlm.acquire.pace import Pace
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import InstalledModel, Verification
from desktop_vlm.api.progress import JobListener, JobProgress
from desktop_vlm.families.gate import check_headers
from desktop_vlm.models.library import ModelsFolder
from desktop_vlm.models.record import FileRecord
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile, read_gguf
from desktop_vlm.runtime.ggml.row_data import is_finite, unit_bytes
from desktop_vlm.system import steps
from desktop_vlm.system.border.files import reason
from desktop_vlm.system.bounded.files import open_regular

_REMEDY = "remove the model and get it again"
_MOST_PROBLEMS = 10
"""Of one file; a file that is wrong everywhere needs no longer list."""


def verify(folder: ModelsFolder, model: InstalledModel, progress: JobListener) -> Verification:
    """Read the files of a model.

    Raises:
        UserError: a file cannot be read from the disk.
        Cancelled: `progress` raised it.
    """
    recorded = _recorded(folder, model)
    paths = [path for path in (model.files.text, model.files.mmproj) if path]
    total_bytes, pace = sum(_size(path) for path in paths), Pace()
    done_bytes, n_tensors = 0, 0
    problems: list[str] = []

    def tell(n_bytes: int) -> None:
        nonlocal done_bytes
        done_bytes += n_bytes
        steps.count()
        progress(JobProgress("verify", done_bytes, total_bytes, *pace.at(done_bytes, total_bytes), note=path.name))

    for path in paths:
        found, count = _verify_file(path, recorded.get(path), tell)
        problems += found
        n_tensors += count
    problems = problems or _refusals(model)
    is_compared = all(path in recorded and recorded[path].sha256 for path in paths)
    return Verification(model.id, tuple(problems), is_compared, n_tensors)


def _refusals(model: InstalledModel) -> list[str]:
    """What the gate says that every load of the model passes."""
    try:
        check_headers(read_gguf(model.files.text), read_gguf(model.files.mmproj) if model.files.mmproj else None)
    except UserError as error:
        return [str(error)]
    return []


def _recorded(folder: ModelsFolder, model: InstalledModel) -> dict[Path, FileRecord]:
    """What was recorded of the files, by their paths."""
    for entry in folder.entries():
        if entry.id == model.id and entry.record:
            return {entry.folder / one.path: one for one in entry.record.files}
    return {}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _verify_file(path: Path, recorded: FileRecord | None, tell: Callable[[int], None]) -> tuple[list[str], int]:
    """What is wrong with a file, and how many tensors were looked at."""
    try:
        header = read_gguf(path)
        header.check_data()
    except UserError as error:
        return [str(error)], 0
    digest = hashlib.sha256()
    bad: dict[str, None] = {}
    try:
        with open_regular(path) as file:
            for stretch in _stretches(header):
                for data in _read(file, stretch):
                    digest.update(data)
                    tell(len(data))
                    if stretch.type is not None and stretch.name not in bad and not is_finite(stretch.type, data):
                        bad[stretch.name] = None
    except EOFError:
        return [f"{path.name} became shorter while it was read; get it again."], len(header.tensors)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({reason(error)}); the disk may be failing.") from None
    problems = [f"{path.name} has numbers in {name} that are not finite; {_REMEDY}." for name in bad]
    if recorded and recorded.sha256 and recorded.sha256 != digest.hexdigest():
        problems.insert(0, f"{path.name} has another content than when it was made; {_REMEDY}.")
    return problems[:_MOST_PROBLEMS], len(header.tensors)


@dataclass(frozen=True)
class _Stretch:
    """Bytes of a file that lie together: a tensor, or what is between two, which has no type."""

    offset: int
    n_bytes: int
    type: GgmlType | None = None
    name: str = ""


def _stretches(header: GgufFile) -> Iterator[_Stretch]:
    """The whole file in order."""
    at = 0
    for name, place in sorted(header.tensors.items(), key=lambda item: item[1].offset):
        if place.offset > at:
            yield _Stretch(at, place.offset - at)
        yield _Stretch(place.offset, place.n_bytes, place.type, name)
        at = place.offset + place.n_bytes
    yield _Stretch(at, header.n_bytes - at)


def _read(file: BinaryIO, stretch: _Stretch) -> Iterator[bytes]:
    """Its bytes, in whole blocks of its type."""
    unit = 1 if stretch.type is None else unit_bytes(stretch.type)
    step, left = max(1, CHUNK_BYTES // unit) * unit, stretch.n_bytes
    while left > 0:
        data = file.read(min(step, left))
        if len(data) < min(step, left):
            raise EOFError
        left -= len(data)
        yield data
