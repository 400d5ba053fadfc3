"""Files as `torch.save` writes them, made without PyTorch."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.checkpoints.configs import Dtype
from tests.checkpoints.seeded import encode

_STORAGE = {"f32": "FloatStorage", "f16": "HalfStorage", "bf16": "BFloat16Storage"}
EMPTY = b"ccollections\nOrderedDict\n)R"


def text(value: str) -> bytes:
    raw = value.encode()
    return b"X" + struct.pack("<I", len(raw)) + raw


def integer(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def sides(values: tuple[int, ...]) -> bytes:
    return b"(" + b"".join(integer(value) for value in values) + b"t"


def tensor(key: int, shape: tuple[int, ...], dtype: Dtype, strides: tuple[int, ...] | None = None) -> bytes:
    """The instructions that make a tensor of the whole storage `key`."""
    n_values = int(np.prod(shape))
    if strides is None:
        strides = tuple(int(np.prod(shape[i + 1 :])) for i in range(len(shape)))
    storage = b"(" + text("storage") + f"ctorch\n{_STORAGE[dtype]}\n".encode() + text(str(key)) + text("cpu")
    return (
        b"ctorch._utils\n_rebuild_tensor_v2\n((" + storage[1:] + integer(n_values) + b"tQ" + integer(0) + sides(shape)
        + sides(strides) + b"\x89" + EMPTY + b"tR"
    )  # fmt: skip


def write_archive(path: Path, pickle: bytes, storages: list[bytes], *, method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("archive/data.pkl", pickle)
        archive.writestr("archive/byteorder", b"little")
        for key, data in enumerate(storages):
            archive.writestr(f"archive/data/{key}", data)
        archive.writestr("archive/version", b"3\n")
    return path


def write_pytorch(path: Path, tensors: dict[str, NDArray[np.float32]], dtype: Dtype) -> Path:
    """Write a dictionary of tensors, each with a storage of its own."""
    items = [text(name) + tensor(key, values.shape, dtype) for key, (name, values) in enumerate(tensors.items())]
    return write_archive(
        path, b"\x80\x02}(" + b"".join(items) + b"u.", [encode(values, dtype) for values in tensors.values()]
    )
