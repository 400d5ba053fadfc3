"""A checkpoint to two GGUF files: the language model, and the mmproj with everything about images."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.gguf_file import padded, replacing
from desktop_vlm.conversion.plan import ConversionPlan, FilePlan, make_plan
from desktop_vlm.conversion.progress import Listener, Progress
from desktop_vlm.conversion.quant_types import FILE_TYPES
from desktop_vlm.conversion.tensor_stream import TensorPacker
from desktop_vlm.families.converters import CONVERTERS
from desktop_vlm.hub.cache import Downloads

__all__ = [
    "FILE_TYPES",
    "ConversionPlan",
    "Downloads",
    "FilePlan",
    "ModelFiles",
    "Progress",
    "convert",
    "convert_vision",
    "plan",
]

TEXT_TYPE = "Q4_K_M"
VISION_TYPE = "Q8_0"


@dataclass(frozen=True)
class ModelFiles:
    """The two files that make a model."""

    text: Path
    mmproj: Path


def plan(
    source: str | os.PathLike[str],
    out_dir: str | os.PathLike[str],
    *,
    text_type: str | None = TEXT_TYPE,
    vision_type: str = VISION_TYPE,
    downloads: Downloads | None = None,
) -> ConversionPlan:
    """What `convert` would write: exact sizes, types, and which files are finished already.

    Nothing is written; of a hub repository only the settings are downloaded. Without a `text_type`, the plan
    is that of `convert_vision`.

    Raises:
        UserError: as for `convert`.
    """
    out = Path(out_dir).expanduser()
    return make_plan(source, out, text_type, vision_type, converters=CONVERTERS, fetch=False, downloads=downloads)


def convert(
    source: str | os.PathLike[str],
    out_dir: str | os.PathLike[str],
    *,
    text_type: str = TEXT_TYPE,
    vision_type: str = VISION_TYPE,
    progress: Listener | None = None,
    downloads: Downloads | None = None,
) -> ModelFiles:
    """Convert the checkpoint `source` (a folder or a hub id such as `org/name`) into `out_dir`.

    `text_type` is the type of the language model, with those of its layers that lie in the mmproj (Llama 3.2 Vision's
    cross-attention layers); `vision_type` that of the rest. A file that an earlier run finished from the same
    checkpoint is left as it is. What is on the hub is downloaded as `downloads` says. A file appears under its name
    only when it is complete: stopping, by an exception from a listener or Ctrl-C, leaves nothing behind but what was
    downloaded. Memory stays within a few hundred MB whatever the model's size, as tensors pass through in pieces.

    Raises:
        UserError: the source, the checkpoint, a type, the output folder or the free space is wrong.
        Cancelled: `progress`, or the listener of `downloads`, raised it.
    """
    text, mmproj = _convert(source, out_dir, text_type, vision_type, progress, downloads)
    return ModelFiles(text, mmproj)


def convert_vision(
    source: str | os.PathLike[str],
    out_dir: str | os.PathLike[str],
    *,
    vision_type: str = VISION_TYPE,
    progress: Listener | None = None,
    downloads: Downloads | None = None,
) -> Path:
    """As `convert`, but only the mmproj: for a checkpoint whose language model is there as a GGUF already.

    The checkpoint may hold an adapter alone: the weights that go into the mmproj, and no tokenizer.
    """
    (mmproj,) = _convert(source, out_dir, None, vision_type, progress, downloads)
    return mmproj


def _convert(
    source: str | os.PathLike[str],
    out_dir: str | os.PathLike[str],
    text_type: str | None,
    vision_type: str,
    progress: Listener | None,
    downloads: Downloads | None,
) -> list[Path]:
    folder = Path(out_dir).expanduser()
    prepared = make_plan(source, folder, text_type, vision_type, converters=CONVERTERS, fetch=True, downloads=downloads)
    if prepared.checkpoint is None:
        raise UserError(f"{os.fspath(source)} has no weights (*.safetensors): it cannot be converted.")
    _prepare_folder(folder, prepared)
    done_bytes = 0
    with TensorPacker(prepared.checkpoint) as packer:
        for file in prepared.files:
            if not file.is_finished:
                _write(file, packer, progress, done_bytes, prepared.bytes_to_write)
                done_bytes += file.n_bytes
    return [file.path for file in prepared.files]


def _prepare_folder(folder: Path, prepared: ConversionPlan) -> None:
    """Make the output folder and check that the files will fit."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free_bytes = shutil.disk_usage(folder).free
    except OSError as error:
        raise UserError(f"{folder} cannot be used for the result: {error.strerror or error}.") from error
    if free_bytes < prepared.bytes_to_write:
        raise UserError(
            f"{folder} has {free_bytes / 1e9:.1f} GB free, but the result needs "
            f"{prepared.bytes_to_write / 1e9:.1f} GB: make room or choose another folder."
        )


def _write(file: FilePlan, packer: TensorPacker, progress: Listener | None, done_bytes: int, total_bytes: int) -> None:
    def tell(current: str) -> None:
        if progress is not None:
            progress(Progress(done_bytes, total_bytes, current, file.path.name))

    with replacing(file.path) as output:
        output.write(file.layout.header)
        done_bytes += len(file.layout.header)
        for placed in file.layout.tensors:
            tell(placed.tensor.name)
            for chunk in packer.chunks(placed):
                output.write(chunk.data)
                done_bytes += chunk.nbytes
                tell(placed.tensor.name)
            done_bytes += output.write(bytes(padded(placed.n_bytes) - placed.n_bytes))
    tell("")
