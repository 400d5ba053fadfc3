"""A checkpoint to two GGUF files: the language model, and the mmproj with everything about images."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.gguf_file import padded, prepare_folder, replacing
from desktop_vlm.conversion.plan import ConversionPlan, FilePlan, make_plan
from desktop_vlm.conversion.progress import Listener, Progress
from desktop_vlm.conversion.quant_types import FILE_TYPES
from desktop_vlm.conversion.source import Fetch
from desktop_vlm.conversion.streaming.fetcher import NoRangesError
from desktop_vlm.conversion.streaming.run import stream
from desktop_vlm.conversion.streaming.work_folder import WorkFolder
from desktop_vlm.conversion.tensor_stream import TensorPacker
from desktop_vlm.families.converters import CONVERTERS
from desktop_vlm.hub.cache import Downloads
from desktop_vlm.hub.progress import Asking, silent
from desktop_vlm.runtime.ggml.gguf_reader import gguf_of
from desktop_vlm.system import steps

__all__ = [
    "FILE_TYPES",
    "ConversionPlan",
    "Downloads",
    "FilePlan",
    "ModelFiles",
    "Progress",
    "convert",
    "convert_vision",
    "discard",
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
    base: str | os.PathLike[str] | None = None,
) -> ConversionPlan:
    """What `convert` would write: exact sizes, types, and which files are finished already.

    Nothing is written; of a hub repository only the settings and the headers of the weights are downloaded. Without a
    `text_type`, the plan is that of `convert_vision`.

    Raises:
        UserError: as for `convert`.
    """
    with ExitStack() as resources:
        return _plan(source, Path(out_dir), text_type, vision_type, Fetch.HEADERS, resources, downloads, base)


def convert(
    source: str | os.PathLike[str],
    out_dir: str | os.PathLike[str],
    *,
    text_type: str = TEXT_TYPE,
    vision_type: str = VISION_TYPE,
    progress: Listener | None = None,
    downloads: Downloads | None = None,
    base: str | os.PathLike[str] | None = None,
    note: Callable[[str], None] | None = None,
) -> ModelFiles:
    """Convert the checkpoint `source` (a folder or a hub id such as `org/name`) into `out_dir`.

    `text_type` is the type of the language model, with those of its layers that lie in the mmproj (Llama 3.2 Vision's
    cross-attention layers); `vision_type` that of the rest. A file that an earlier run finished from the same
    checkpoint is left as it is, and a file appears under its name only when it is complete. Memory stays within a few
    hundred MB whatever the model's size, as tensors pass through in pieces.

    From a folder, stopping, by an exception from `progress` or Ctrl-C, leaves nothing behind. A repository's files are
    converted while they are downloaded, as `downloads` says (docs/downloads.md): they are never on the disk as a whole,
    and a run that was stopped, or killed, is continued by the next one; `discard` removes what it left instead.

    A LoRA adapter (a folder or hub id with adapter_config.json) is merged into `base`, or into the model that it names.
    `note` gets the sentences that a person should read before the work begins.

    Raises:
        UserError: the source, the checkpoint, a type, the output folder or the free space is wrong.
        Cancelled: `progress`, or the listener of `downloads`, raised it.
    """
    text, mmproj = _convert(source, out_dir, text_type, vision_type, progress, downloads, base, note)
    return ModelFiles(text, mmproj)


def convert_vision(
    source: str | os.PathLike[str],
    out_dir: str | os.PathLike[str],
    *,
    vision_type: str = VISION_TYPE,
    progress: Listener | None = None,
    downloads: Downloads | None = None,
    base: str | os.PathLike[str] | None = None,
    note: Callable[[str], None] | None = None,
) -> Path:
    """As `convert`, but only the mmproj: for a checkpoint whose language model is there as a GGUF already.

    The checkpoint may hold an adapter alone: the weights that go into the mmproj, and no tokenizer.
    """
    (mmproj,) = _convert(source, out_dir, None, vision_type, progress, downloads, base, note)
    return mmproj


def _convert(
    source: str | os.PathLike[str],
    out_dir: str | os.PathLike[str],
    text_type: str | None,
    vision_type: str,
    progress: Listener | None,
    downloads: Downloads | None,
    base: str | os.PathLike[str] | None,
    note: Callable[[str], None] | None,
) -> list[Path]:
    folder = Path(out_dir)
    with ExitStack() as resources:
        prepared = _plan(source, folder, text_type, vision_type, Fetch.UNREADABLE, resources, downloads, base)
        if note is not None:
            for sentence in prepared.notes:
                note(sentence)
        try:
            _make(prepared, progress)
        except NoRangesError:
            asking = Asking(downloads.listener if downloads else silent)
            asking.notice("The server sends whole files only: they are downloaded first, and stay in the hub's cache.")
            asking.check()
            prepared = _plan(source, folder, text_type, vision_type, Fetch.ALL, resources, downloads, base)
            _make(prepared, progress)
    WorkFolder(prepared.work_folder).discard()
    return [file.path for file in prepared.files]


def _check(prepared: ConversionPlan) -> None:
    """Check that what is about to be written can be loaded: after hours of work it would be late to say so.

    Raises:
        UserError: it cannot: the checkpoint's settings make no model.
    """
    from desktop_vlm.families.gate import check_output  # every family's runner, which planning needs no time for

    try:
        files = [gguf_of(file.layout.header, file.path, file.n_bytes) for file in prepared.files]
        check_output(files[0] if len(files) > 1 else None, files[-1])
    except UserError as error:
        where = prepared.checkpoint.folder if prepared.checkpoint else prepared.name
        what = str(error).rpartition("; ")[0] or str(error).rstrip(".")
        raise UserError(
            f"{where}: what its settings say makes no model that can be run: {what}; correct them, or get the "
            "checkpoint's files again."
        ) from None


def _plan(
    source: str | os.PathLike[str],
    folder: Path,
    text_type: str | None,
    vision_type: str,
    fetch: Fetch,
    resources: ExitStack,
    downloads: Downloads | None,
    base: str | os.PathLike[str] | None,
) -> ConversionPlan:
    return make_plan(
        source,
        folder.expanduser(),
        text_type,
        vision_type,
        converters=CONVERTERS,
        fetch=fetch,
        resources=resources,
        downloads=downloads,
        base=base,
    )


def discard(out_dir: str | os.PathLike[str]) -> None:
    """Remove what conversions of repositories into `out_dir` left that were stopped or killed.

    Raises:
        UserError: one is running.
    """
    for work_folder in sorted(Path(out_dir).expanduser().glob("*.partial/")):
        WorkFolder(work_folder).discard()


def _make(prepared: ConversionPlan, progress: Listener | None) -> None:
    """Make the files that are not finished, out of what is on disk or while it is downloaded.

    Raises:
        NoRangesError: the server sends whole files only.
    """
    if prepared.checkpoint is None:
        raise UserError(f"{prepared.name} has no weights (*.safetensors): it cannot be converted.")
    _check(prepared)
    if all(file.is_finished for file in prepared.files):
        return
    if (remote := prepared.remote) is not None:
        stream(prepared.files, prepared.checkpoint, remote, prepared.work_folder, progress)
        return
    prepare_folder(prepared.files[0].path.parent, prepared.bytes_to_write)
    done_bytes = 0
    written: list[Path] = []
    with TensorPacker(prepared.checkpoint) as packer:
        try:
            for file in prepared.files:
                if not file.is_finished:
                    _write(file, packer, progress, done_bytes, prepared.bytes_to_write)
                    written.append(file.path)
                    done_bytes += file.n_bytes
        except UserError:  # half of a pair of a damaged checkpoint is nothing to keep
            for path in written:
                path.unlink(missing_ok=True)
            raise


def _write(file: FilePlan, packer: TensorPacker, progress: Listener | None, done_bytes: int, total_bytes: int) -> None:
    def tell(current: str) -> None:
        steps.count()
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
