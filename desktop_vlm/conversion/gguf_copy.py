"""GGUF files made of tensors of other GGUF files: their packed bytes as they are, whole rows moved where needed.

A quantised block never crosses a row, so rows can be left out and put into another order without unpacking them.
Memory stays within a few megabytes whatever the files' sizes; only small tensors are ever turned into numbers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from io import FileIO
from pathlib import Path
from typing import Self

import numpy as np
from gguf import GGML_QUANT_SIZES
from gguf import GGMLQuantizationType as Type
from gguf.quants import dequantize
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.gguf_file import FileLayout, lay_out, padded, replacing
from desktop_vlm.conversion.metadata import KeyValue
from desktop_vlm.conversion.progress import Listener, Progress
from desktop_vlm.conversion.steady_output import SteadyOutput
from desktop_vlm.conversion.tensor_map import GgufTensor
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile, TensorPlace, damaged
from desktop_vlm.runtime.ggml.quantize import row_bytes as type_row_bytes
from desktop_vlm.system import steps
from desktop_vlm.system.bounded.files import open_regular

CHUNK_BYTES = 4 << 20
"""Copied at a time; rows that change places within a group may be more."""

_MAX_VALUES = 1 << 26
"""Of what is turned into numbers at a time."""

Change = Callable[[NDArray[np.float32]], NDArray[np.float32]]


@dataclass(frozen=True)
class TensorSource:
    """Where the rows of a tensor come from.

    Attributes:
        file: that holds them.
        name: of the tensor there.
        first_row: the first that is taken.
        order: row i of every group of so many rows is row `order[i]` of that group in the source; None leaves them.
        change: what is done with the numbers of a tensor in F32.
    """

    file: GgufFile
    name: str
    first_row: int = 0
    order: tuple[int, ...] | None = None
    change: Change | None = None

    @property
    def place(self) -> TensorPlace:
        """Where the tensor lies."""
        return self.file.tensors[self.name]


@dataclass(frozen=True)
class CopiedTensor:
    """A tensor of the new file. Where its type is not its source's it is F32, and the source is unpacked."""

    tensor: GgufTensor
    type: Type
    source: TensorSource


@dataclass(frozen=True)
class CopyPlan:
    """One file to be written.

    Attributes:
        kind: `text` or `mmproj`.
        path: where.
        tensors: of the file, in order.
        layout: its content but for the tensors' bytes.
    """

    kind: str
    path: Path
    tensors: list[CopiedTensor] = field(repr=False)
    layout: FileLayout = field(repr=False)

    @property
    def n_bytes(self) -> int:
        """The file's exact size."""
        return self.layout.n_bytes

    @property
    def is_finished(self) -> bool:
        """Whether `path` is this very file already."""
        return self.layout.is_written_to(self.path)

    def in_folder(self, folder: Path) -> Self:
        """The same file in another folder."""
        return replace(self, path=folder / self.path.name)

    def write(self, progress: Listener | None, done_bytes: int, total_bytes: int) -> str:
        """Write the file and return its SHA-256; `done_bytes` of `total_bytes` were written before.

        It has its name only when it is complete.

        Raises:
            UserError: a source cannot be read or ends early, or the file cannot be written.
            Cancelled: `progress` raised it.
        """

        def tell(current: str) -> None:
            steps.count()
            if progress is not None:
                progress(Progress(done_bytes, total_bytes, current, self.path.name))

        with replacing(self.path) as file:
            output = SteadyOutput(file)
            done_bytes += output.write(self.layout.header)
            for copied, placed in zip(self.tensors, self.layout.tensors, strict=True):
                tell(copied.tensor.name)
                for chunk in chunks(copied):
                    done_bytes += output.write(chunk)
                    tell(copied.tensor.name)
                done_bytes += output.write(bytes(padded(placed.n_bytes) - placed.n_bytes))
        tell("")
        return output.sha256


def plan_copy(kind: str, path: Path, metadata: list[KeyValue], tensors: list[CopiedTensor]) -> CopyPlan:
    """Lay out a file."""
    layout = lay_out(metadata, [(copied.tensor, copied.type) for copied in tensors])
    return CopyPlan(kind, path, tensors, layout)


def fingerprint(files: list[GgufFile], *choices: object) -> str:
    """What a file is made from, as 64 hexadecimal digits: headers, sizes and times of the sources, and `choices`.

    Weights are not read for it: of 55 GB that would take longer than a person waits to hear that nothing is to be done.
    """
    digest = hashlib.sha256(json.dumps(choices).encode())
    for file in files:
        digest.update(hashlib.sha256(file.header).digest())
        digest.update(json.dumps([file.n_bytes, file.path.stat().st_mtime_ns]).encode())
    return digest.hexdigest()


def chunks(copied: CopiedTensor) -> Iterator[bytes | bytearray | memoryview]:
    """The tensor's bytes in order, a few megabytes at a time.

    Raises:
        UserError: the source cannot be read, or ends early.
    """
    source = copied.source
    if source.change or copied.type is not source.place.type:
        n_values = copied.tensor.n_rows * copied.tensor.n_per_row
        values = read_values(source, n_values // source.place.n_per_row)
        yield (source.change(values) if source.change else values).astype("<f4").tobytes()
        return
    row_bytes = type_row_bytes(copied.type, copied.tensor.n_per_row)
    group = len(source.order) if source.order else 1
    step = max(group, CHUNK_BYTES // row_bytes // group * group)
    with _open(source) as file:
        for first in range(0, copied.tensor.n_rows, step):
            count = min(step, copied.tensor.n_rows - first)
            raw = _read(file, source, (source.first_row + first) * row_bytes, count * row_bytes)
            yield _in_order(raw, source.order, row_bytes) if source.order else raw


def read_values(source: TensorSource, n_rows: int, n_columns: int = 0) -> NDArray[np.float32]:
    """The first `n_rows` rows from `first_row` on as numbers, float32 (n_rows, columns).

    Args:
        source: the tensor; a vector is one row.
        n_rows: so many.
        n_columns: about so many of each row are enough, rounded up to whole blocks; 0 for all.

    Raises:
        UserError: the file cannot be read, ends early, or packs its numbers in a way that cannot be read.
    """
    place = source.place
    row_bytes = type_row_bytes(place.type, place.n_per_row)
    if n_rows * place.n_per_row > _MAX_VALUES:
        raise damaged(source.file.path, f"the tensor `{source.name}` is larger than any of its kind")
    with _open(source) as file:
        raw = _read(file, source, source.first_row * row_bytes, n_rows * row_bytes)
    packed = np.frombuffer(raw, np.uint8).reshape(n_rows, row_bytes)
    block, block_bytes = GGML_QUANT_SIZES[place.type]
    kept_bytes = -(-n_columns // block) * block_bytes if n_columns else row_bytes
    try:
        values: NDArray[np.float32] = dequantize(np.ascontiguousarray(packed[:, :kept_bytes]), place.type)
    except NotImplementedError:
        name = f"{source.file.path}: the tensor `{source.name}`"
        raise UserError(f"{name} is stored as {place.type.name}, which cannot be unpacked here.") from None
    return values.astype(np.float32, copy=False)


def _in_order(raw: bytearray, order: tuple[int, ...], row_bytes: int) -> memoryview:
    groups = np.frombuffer(raw, np.uint8).reshape(-1, len(order), row_bytes)
    return np.ascontiguousarray(groups[:, list(order)]).data.cast("B")


def _open(source: TensorSource) -> FileIO:
    opened = open_regular(source.file.path, buffering=0)
    assert isinstance(opened, FileIO)
    return opened


def _read(file: FileIO, source: TensorSource, start: int, count: int) -> bytearray:
    raw = bytearray(count)
    view, done = memoryview(raw), 0
    try:
        file.seek(source.place.offset + start)
        while done < count and (got := file.readinto(view[done:])):
            done += got
    except OSError as error:
        raise UserError(f"{source.file.path} cannot be read ({error.strerror}).") from None
    if done < count:
        raise damaged(source.file.path, f"it ends inside the tensor `{source.name}`")
    return raw
