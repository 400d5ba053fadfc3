"""What a GGUF file says before its weights, read in Python without trusting a number in it.

Files come from strangers, and ggml's own reader takes counts and lengths at their word. Here every one of them is
compared with what the file can hold before anything is allocated. It also needs no native library, so that listing
files is quick and safe. The format: ggml/docs/gguf.md.
"""

from __future__ import annotations

import io
import math
import os
import struct
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, BinaryIO

from gguf import GGML_QUANT_SIZES, GGUF_DEFAULT_ALIGNMENT
from gguf import GGMLQuantizationType as GgmlType
from gguf import GGUFValueType as ValueType

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.border.files import reason
from desktop_vlm.system.bounded.files import check_ordinary, open_regular

MAX_HEADER_BYTES = 128 << 20
"""Vocabularies and their merges take 20 MB at most so far."""

_VERSIONS = (2, 3)
_MAX_SETTINGS = 1 << 16
_MAX_TENSORS = 1 << 20
_MAX_KEY_BYTES = 1 << 10
_MAX_NAME_BYTES = 63
"""ggml's names have 64 bytes, the NUL at the end included."""
_MAX_DIMS = 4
_FIRST_BYTES = 1 << 18

_SCALARS: dict[ValueType, struct.Struct] = {
    ValueType.UINT8: struct.Struct("<B"),
    ValueType.INT8: struct.Struct("<b"),
    ValueType.UINT16: struct.Struct("<H"),
    ValueType.INT16: struct.Struct("<h"),
    ValueType.UINT32: struct.Struct("<I"),
    ValueType.INT32: struct.Struct("<i"),
    ValueType.FLOAT32: struct.Struct("<f"),
    ValueType.BOOL: struct.Struct("<?"),
    ValueType.UINT64: struct.Struct("<Q"),
    ValueType.INT64: struct.Struct("<q"),
    ValueType.FLOAT64: struct.Struct("<d"),
}
_U32, _U64 = _SCALARS[ValueType.UINT32], _SCALARS[ValueType.UINT64]
_LENGTH = _U64.unpack_from


@dataclass(frozen=True)
class Setting:
    """Where the value of a setting lies in the header; of an array, `count` items of `item_type` from `start` on.

    Of an array of texts, `lengths` are their bytes.
    """

    type: ValueType
    start: int
    item_type: ValueType | None = None
    count: int = 1
    lengths: array[int] | None = None


@dataclass(frozen=True)
class Identity:
    """What tells a file from another one under the same name, or from itself before it was written to."""

    device: int
    inode: int
    n_bytes: int
    changed_ns: int

    @staticmethod
    def of(found: os.stat_result) -> Identity:
        """Of an opened file."""
        return Identity(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


@dataclass(frozen=True)
class TensorPlace:
    """A tensor in a file.

    Attributes:
        type: ggml's.
        shape: as ggml counts, the innermost dimension first.
        offset: of its first byte in the file.
        n_bytes: it takes.
    """

    type: GgmlType
    shape: tuple[int, ...]
    offset: int
    n_bytes: int

    @property
    def n_per_row(self) -> int:
        """Values per row."""
        return self.shape[0]

    @property
    def n_rows(self) -> int:
        """Rows, over all outer dimensions."""
        return math.prod(self.shape[1:])


@dataclass(frozen=True)
class GgufFile:
    """A file whose header was read.

    Attributes:
        path: of the file.
        n_bytes: the whole file has.
        header: its first bytes, up to the tensors' data.
        settings: by key.
        tensors: by name, in the order in which the file lists them.
        identity: of the file that was read.
        alignment: every tensor begins at a multiple of it.
    """

    path: Path
    n_bytes: int
    header: bytes
    settings: dict[str, Setting]
    tensors: dict[str, TensorPlace]
    identity: Identity
    alignment: int

    @property
    def architecture(self) -> str:
        """`general.architecture`; empty where that is no name."""
        value = self.value("general.architecture")
        return value if isinstance(value, str) and value.isprintable() and len(value) <= _MAX_NAME_BYTES else ""

    def value(self, key: str) -> Any:
        """The value of a setting, an array's as a list; None where there is no such setting."""
        setting = self.settings.get(key)
        if setting is None:
            return None
        if setting.type is not ValueType.ARRAY:
            return next(self._items(setting.type, setting.start, 1))
        assert setting.item_type is not None
        return list(self._items(setting.item_type, setting.start, setting.count))

    def raw_texts(self, key: str) -> list[bytes]:
        """The texts of an array as the bytes that they are; empty where the setting is no array of texts."""
        setting = self.settings.get(key)
        if setting is None or setting.lengths is None:
            return []
        ends = list(accumulate((8 + length for length in setting.lengths), initial=setting.start))
        header = self.header
        return [header[start + 8 : end] for start, end in pairwise(ends)]

    @contextmanager
    def reopened(self) -> Iterator[BinaryIO]:
        """The same file again, to read its tensors.

        Raises:
            UserError: another file has its name now, or it was written to.
            OSError: it cannot be read.
        """
        with open_regular(self.path) as file:
            self.check_same(os.fstat(file.fileno()))
            yield file

    def check_same(self, found: os.stat_result | None = None) -> None:
        """Check that the name still stands for the file that was read.

        Raises:
            UserError: it does not.
        """
        if Identity.of(found or check_ordinary(self.path)) != self.identity:
            raise UserError(f"{self.path} was changed while it was read; wait until it is whole, and try again.")

    def _items(self, kind: ValueType, start: int, count: int) -> Iterator[Any]:
        if kind is not ValueType.STRING:
            size = _SCALARS[kind].size
            return (value for (value,) in _SCALARS[kind].iter_unpack(self.header[start : start + count * size]))
        return self._texts(start, count)

    def _texts(self, at: int, count: int) -> Iterator[str]:
        for _ in range(count):
            (length,) = _LENGTH(self.header, at)
            yield self.header[at + 8 : at + 8 + length].decode("utf-8", "replace")
            at += 8 + length

    def check_data(self) -> None:
        """Check that every tensor's bytes are in the file, and no others' in between.

        Raises:
            UserError: one is not, or two overlap.
        """
        places = sorted(self.tensors.items(), key=lambda item: item[1].offset)
        for name, place in places:
            if place.offset + place.n_bytes > self.n_bytes:
                raise damaged(self.path, f"it ends inside the tensor `{name}`")
        for (name, place), (next_name, following) in pairwise(places):
            if place.offset + place.n_bytes > following.offset:
                raise damaged(self.path, f"its tensors `{name}` and `{next_name}` overlap")


def damaged(path: Path, how: str) -> UserError:
    """The sentence for a file that contradicts itself."""
    return UserError(f"{path} is damaged or cut off ({how}): get the file again.")


def read_gguf(path: Path) -> GgufFile:
    """Read the header of a GGUF file.

    Raises:
        UserError: it is missing, unreadable, no GGUF, or damaged; the sentence names the file and the field.
    """
    try:
        with open_regular(path) as file:
            return _Reader(path, file, Identity.of(os.fstat(file.fileno()))).read()
    except OSError as error:
        raise UserError(f"{path} cannot be read ({reason(error)}); check its permissions.") from None


def gguf_of(header: bytes, path: Path, n_bytes: int) -> GgufFile:
    """What a file that begins with `header` and has `n_bytes` would say, before it is written to `path`.

    Raises:
        UserError: as for `read_gguf`.
    """
    return _Reader(path, io.BytesIO(header), Identity(0, 0, n_bytes, 0)).read()


class _Reader:
    """Walks through a header once; `_what` is the field that it is in, for the sentence."""

    def __init__(self, path: Path, file: BinaryIO, identity: Identity) -> None:
        self._path = path
        self._file = file
        self._identity = identity
        self._n_bytes = identity.n_bytes
        self._data = bytearray()
        self._at = 0
        self._what = "its first bytes"

    def read(self) -> GgufFile:
        if self._n_bytes < 4 or self._bytes(4) != b"GGUF":
            what = "is not a GGUF file" if self._n_bytes else "is empty"
            raise UserError(f"{self._path} {what}; check the path.")
        version = self._number(_U32)
        if version not in _VERSIONS:
            raise UserError(f"{self._path} is a GGUF of version {version}, but only versions 2 and 3 can be read.")
        n_tensors = self._count("the number of tensors", _MAX_TENSORS)
        n_settings = self._count("the number of settings", _MAX_SETTINGS)
        settings: dict[str, Setting] = {}
        for number in range(n_settings):
            key = self._name(f"the name of setting {number + 1}", _MAX_KEY_BYTES)
            if key in settings:
                raise damaged(self._path, f"it has the setting `{key}` twice")
            settings[key] = self._setting(key)
        relative = self._tensors(n_tensors)
        alignment = self._alignment(settings)
        start = -(-self._at // alignment) * alignment
        tensors = {}
        for name, place in relative.items():
            if place.offset % alignment:
                raise damaged(self._path, f"the tensor `{name}` is not at a multiple of {alignment} bytes")
            tensors[name] = TensorPlace(place.type, place.shape, start + place.offset, place.n_bytes)
        header = bytes(self._data[: self._at])
        return GgufFile(self._path, self._n_bytes, header, settings, tensors, self._identity, alignment)

    def _setting(self, key: str) -> Setting:
        self._what = f"the setting `{key}`"
        kind = self._value_type()
        if kind is not ValueType.ARRAY:
            start = self._at
            self._skip(kind, 1)
            return Setting(kind, start)
        item_type = self._value_type()
        if item_type is ValueType.ARRAY:
            raise damaged(self._path, f"{self._what} is a list of lists")
        count = self._number(_U64)
        start = self._at
        return Setting(kind, start, item_type, count, self._skip(item_type, count))

    def _tensors(self, count: int) -> dict[str, TensorPlace]:
        """The list of tensors, their offsets counted from the start of the data."""
        found: dict[str, TensorPlace] = {}
        for number in range(count):
            name = self._name(f"the name of tensor {number + 1}", _MAX_NAME_BYTES)
            if name in found:
                raise damaged(self._path, f"it has the tensor `{name}` twice")
            found[name] = self._tensor(name)
        return found

    def _tensor(self, name: str) -> TensorPlace:
        self._what = f"the tensor `{name}`"
        n_dims = self._number(_U32)
        if not 1 <= n_dims <= _MAX_DIMS:
            raise damaged(self._path, f"{self._what} has {n_dims} dimensions")
        shape = tuple(self._number(_U64) for _ in range(n_dims))
        number, offset = self._number(_U32), self._number(_U64)
        try:
            kind = GgmlType(number)
        except ValueError:
            raise damaged(self._path, f"{self._what} has the unknown type {number}") from None
        block, block_bytes = GGML_QUANT_SIZES[kind]
        n_values = math.prod(shape)
        if not 0 < n_values < 1 << 62 or offset >= 1 << 62:
            raise damaged(self._path, f"{self._what} has the size {list(shape)} at {offset}")
        if shape[0] % block:
            raise damaged(self._path, f"{self._what} has rows of {shape[0]} values, no whole blocks of {kind.name}")
        return TensorPlace(kind, shape, offset, n_values // block * block_bytes)

    def _alignment(self, settings: dict[str, Setting]) -> int:
        setting = settings.get("general.alignment")
        if setting is None:
            return int(GGUF_DEFAULT_ALIGNMENT)
        value = _U32.unpack_from(self._data, setting.start)[0] if setting.type is ValueType.UINT32 else 0
        if value & (value - 1) or not 0 < value <= 1 << 20:
            raise damaged(self._path, f"the setting `general.alignment` is {value}")
        return int(value)

    # Bytes

    def _count(self, what: str, most: int) -> int:
        self._what = what
        count = self._number(_U64)
        if count > most:
            raise damaged(self._path, f"{what} is {count}")
        return count

    def _name(self, what: str, most: int) -> str:
        self._what = what
        length = self._number(_U64)
        if not 0 < length <= most:
            raise damaged(self._path, f"{what} has {length} bytes")
        name = self._bytes(length).decode("utf-8", "replace")
        if not name.isprintable() or "\ufffd" in name:
            raise damaged(self._path, f"{what} is no text")
        return name

    def _value_type(self) -> ValueType:
        number = self._number(_U32)
        try:
            return ValueType(number)
        except ValueError:
            raise damaged(self._path, f"{self._what} has the unknown type {number}") from None

    def _number(self, kind: struct.Struct) -> int:
        return int(kind.unpack(self._bytes(kind.size))[0])

    def _bytes(self, count: int) -> bytes:
        self._need(self._at + count)
        self._at += count
        return bytes(self._data[self._at - count : self._at])

    def _skip(self, kind: ValueType, count: int) -> array[int] | None:
        """Pass over values, each of which must be in the file; the lengths of texts."""
        least = 8 if kind is ValueType.STRING else _SCALARS[kind].size
        if count > (self._n_bytes - self._at) // least:
            raise damaged(self._path, f"{self._what} claims {count} values")
        if kind is not ValueType.STRING:
            self._at += count * least
            self._need(self._at)
            return None
        lengths = array("Q")
        data, at, end = self._data, self._at, len(self._data) - 8  # of vocabularies: hundreds of thousands
        for _ in range(count):
            if at > end:
                self._need(at + 8)
                end = len(data) - 8
            (length,) = _LENGTH(data, at)
            lengths.append(length)
            at += 8 + length
        self._need(at)
        self._at = at
        return lengths

    def _need(self, end: int) -> None:
        """Have the file's first `end` bytes in memory, and some more."""
        if end <= len(self._data):
            return
        if end > self._n_bytes:
            raise damaged(self._path, f"it ends inside {self._what}")
        if end > MAX_HEADER_BYTES:
            raise damaged(self._path, f"{self._what} is larger than any that a model has")
        target = min(max(end, 2 * len(self._data), _FIRST_BYTES), MAX_HEADER_BYTES)
        self._data += self._file.read(target - len(self._data))
        if end > len(self._data):  # the file became shorter meanwhile
            raise damaged(self._path, f"it ends inside {self._what}")
