"""What a conversion will do: the two files, tensor by tensor and to the byte, before anything is written."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gguf import GGMLQuantizationType as Type

from desktop_vlm.conversion.checkpoint import Checkpoint, open_checkpoint
from desktop_vlm.conversion.config import ModelConfig, read_config
from desktop_vlm.conversion.gguf_file import Layout, lay_out
from desktop_vlm.conversion.metadata import Origin, mmproj_metadata, text_metadata
from desktop_vlm.conversion.quant_types import FileType, file_type, mmproj_type, text_type
from desktop_vlm.conversion.source import resolve
from desktop_vlm.conversion.tensor_map import GgufTensor, mmproj_tensors, text_tensors
from desktop_vlm.conversion.tokenizer import Tokenizer, read_tokenizer

CONVERTER_VERSION = 2
"""Raised when the converter writes something else for the same checkpoint, so that old files are redone."""

_SETTINGS_FILES = (
    "config.json",
    "preprocessor_config.json",
    "processor_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.json",
    "chat_template.jinja",
)


@dataclass(frozen=True)
class FilePlan:
    """One file to be written.

    Attributes:
        kind: `text` or `mmproj`.
        path: where.
        type_name: the file's type, or types.
        layout: its content but for the tensors' bytes.
        is_finished: `path` is this very file already.
    """

    kind: str
    path: Path
    type_name: str
    layout: Layout
    is_finished: bool

    @property
    def n_bytes(self) -> int:
        """The file's exact size."""
        return self.layout.n_bytes

    def totals(self) -> list[tuple[Type, int, int]]:
        """For every ggml type in the file: how many tensors have it and their bytes; the largest first."""
        counts: Counter[Type] = Counter()
        sizes: Counter[Type] = Counter()
        for placed in self.layout.tensors:
            counts[placed.type] += 1
            sizes[placed.type] += placed.n_bytes
        return [(kind, counts[kind], n_bytes) for kind, n_bytes in sizes.most_common()]


@dataclass(frozen=True)
class ConversionPlan:
    """The files, `mmproj` last; `checkpoint` is `None` while the weights are not on this computer."""

    name: str
    files: tuple[FilePlan, ...]
    checkpoint: Checkpoint | None

    @property
    def bytes_to_write(self) -> int:
        """Bytes of the files that are not finished."""
        return sum(file.n_bytes for file in self.files if not file.is_finished)


def make_plan(
    source: str | os.PathLike[str], out_dir: Path, text_name: str | None, vision_name: str, *, fetch: bool
) -> ConversionPlan:
    """Read the checkpoint's settings (and its tensors' places) and lay out the files.

    The cross-attention layers lie in the mmproj but belong to the language model: they get the text's type.
    Without `text_name`, only the mmproj is planned, all in `vision_name`, and the checkpoint may hold an adapter
    alone: no text weights and no tokenizer.

    With `fetch`, a hub repository's weights are downloaded. Without, they are left out of the check where they
    are not on disk, and sizes come from the settings alone (they are the same).

    Raises:
        UserError: whatever is wrong with the source, the checkpoint or the types.
    """
    text_kind = file_type(text_name) if text_name else None
    vision_kind = file_type(vision_name)
    cross_kind = text_kind or vision_kind
    mixed = vision_kind.name if cross_kind == vision_kind else f"{vision_kind.name}-cross-{cross_kind.name}"
    found = resolve(source)
    config = read_config(found.folder)  # before the weights: another kind of model is not worth the download
    tokenizer = read_tokenizer(found.folder, config.text) if text_kind else None
    if fetch:
        found = found.fetch_weights()
    checkpoint = open_checkpoint(found.folder) if found.has_weights or found.hub_id is None else None
    if checkpoint is not None:
        of_text, of_mmproj = _sources(text_tensors(config.text)), _sources(mmproj_tensors(config))
        wanted = {**of_text, **of_mmproj} if text_kind else of_mmproj
        checkpoint.account(wanted, also_allowed=of_text.keys())

    def file_plan(kind: str, type_name: str, lay_out_file: Callable[[Origin], Layout]) -> FilePlan:
        origin = Origin(found.name, found.hub_id, fingerprint(found.folder, checkpoint, kind, type_name))
        path = out_dir / f"{_file_stem(found.name)}-{kind}-{type_name}.gguf"
        layout = lay_out_file(origin)
        return FilePlan(kind, path, type_name, layout, layout.is_written_to(path))

    files = [file_plan("mmproj", mixed, lambda origin: _mmproj(config, vision_kind, cross_kind, origin))]
    if text_kind and tokenizer:
        files.insert(0, file_plan("text", text_kind.name, lambda origin: _text(config, tokenizer, text_kind, origin)))
    return ConversionPlan(found.name, tuple(files), checkpoint)


def _sources(tensors: list[GgufTensor]) -> dict[str, tuple[int, ...]]:
    """The checkpoint's tensors behind those of a file, with their shapes."""
    return {tensor.source: tensor.source_shape for tensor in tensors if tensor.source}


def _text(config: ModelConfig, tokenizer: Tokenizer, kind: FileType, origin: Origin) -> Layout:
    tensors = [(tensor, text_type(tensor, kind, config.text)) for tensor in text_tensors(config.text)]
    return lay_out(text_metadata(config, tokenizer, kind, origin), tensors)


def _mmproj(config: ModelConfig, vision: FileType, cross: FileType, origin: Origin) -> Layout:
    tensors = [(tensor, mmproj_type(tensor, vision, cross, config.text)) for tensor in mmproj_tensors(config)]
    return lay_out(mmproj_metadata(config, vision, origin), tensors)


def _file_stem(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "model"


def fingerprint(folder: Path, checkpoint: Checkpoint | None, kind: str, type_name: str) -> str:
    """What a file was made from, as 64 hexadecimal digits; any change of the checkpoint's files changes it.

    Weights go in by their tensors' places and their files' sizes and times: reading 177 GB would take longer
    than a person waits to hear that nothing is to be done.
    """
    digest = hashlib.sha256(json.dumps([CONVERTER_VERSION, kind, type_name]).encode())
    for name in _SETTINGS_FILES:
        path = folder / name
        if path.is_file():
            digest.update(json.dumps([name, hashlib.sha256(path.read_bytes()).hexdigest()]).encode())
    if checkpoint is not None:
        places = [(s.name, s.dtype, s.shape, s.path.name, s.offset) for s in checkpoint.tensors.values()]
        files = sorted({stored.path for stored in checkpoint.tensors.values()})
        stats = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
        digest.update(json.dumps([sorted(places), stats]).encode())
    return digest.hexdigest()
