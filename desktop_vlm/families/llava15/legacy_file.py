"""LLaVA files from before `clip.vision.feature_layer` (ggml-org/llama.cpp#25817).

LLaVA takes the features of the last layer but one. The old converter dropped the last layer (`block_count` 23 of 24)
and meant all that is left to run; without the key, libmtmd drops one more. The person's file is never touched: a copy
with the key is made for the time of loading.
"""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from gguf import GGUFReader, GGUFValueType

from desktop_vlm.families.mtmd.better_copy import better_copy
from desktop_vlm.families.mtmd.mmproj import VisionFile

FEATURE_LAYER = "clip.vision.feature_layer"
_COUNTS_AT = 8
"""Behind the magic number and the version: numbers of tensors and of settings, 8 bytes each."""


def missing_feature_layer(file: VisionFile) -> int | None:
    """The number of layers to run, where the file does not say it and the library would run one less.

    CLIP's encoders have an even number of layers, so an odd number means that the last one was dropped. With all of
    them there, the library's own rule, one less, is right.
    """
    if FEATURE_LAYER in file.settings or "v.class_embd" not in file.tensors or file.n_layers % 2 == 0:
        return None
    return file.n_layers


def n_layers_run(file: VisionFile) -> int:
    """Layers that are computed, with the key or without."""
    given = file.settings.get(FEATURE_LAYER)
    if given:
        return max(given) if isinstance(given, list) else int(given)
    return missing_feature_layer(file) or max(1, file.n_layers - 1)


@contextmanager
def with_feature_layer(file: VisionFile, folder: Path) -> Iterator[Path]:
    """The file, or where it lacks the key, a copy in `folder` that has it and is deleted afterwards.

    Without room for the copy the file is used as it is, as all programs of llama.cpp do, and the log says so.
    """
    layer = missing_feature_layer(file)
    if layer is None:
        yield file.path
        return
    write = partial(write_with_feature_layer, layer=layer)
    with better_copy(file.path, folder, write, "runs one layer short") as path:
        yield path


def write_with_feature_layer(source: Path, copy: Path, layer: int) -> None:
    """Write a GGUF with `FEATURE_LAYER` = [layer] as its last setting; all else is copied byte by byte.

    Raises:
        OSError: no room, or the source cannot be read.
    """
    reader = GGUFReader(source)
    settings_end = min(tensor.field.offset for tensor in reader.tensors)
    data_start, alignment = reader.data_offset, reader.alignment
    with source.open("rb") as old, copy.open("wb") as new:
        head = bytearray(old.read(settings_end))
        tensors, settings = struct.unpack_from("<QQ", head, _COUNTS_AT)
        struct.pack_into("<QQ", head, _COUNTS_AT, tensors, settings + 1)
        new.write(head)
        new.write(_setting(layer))
        new.write(old.read(_infos_end(reader) - settings_end))
        new.write(bytes(-new.tell() % alignment))
        old.seek(data_start)
        shutil.copyfileobj(old, new, 8 << 20)


def _infos_end(reader: GGUFReader) -> int:
    """Where the list of tensors ends; what follows is padding, then their data."""
    last = max(reader.tensors, key=lambda tensor: tensor.field.offset).field
    return int(last.offset + sum(part.nbytes for part in last.parts))


def _setting(layer: int) -> bytes:
    key = FEATURE_LAYER.encode()
    kinds = struct.pack("<II", GGUFValueType.ARRAY, GGUFValueType.INT32)
    return struct.pack("<Q", len(key)) + key + kinds + struct.pack("<Qi", 1, layer)
