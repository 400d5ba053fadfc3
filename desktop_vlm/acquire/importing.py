"""Models that other programs left on this computer: what they are, and taking them over.

Files in a foreign layout (`families/importers.py`) are written anew, their quantised weights byte by byte; files that
the engine reads as they are stay where they are, or are linked or copied. The originals are only ever read.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from desktop_vlm.acquire.gguf_pairs import Pair, importer_of
from desktop_vlm.acquire.placing import PlacedFile, Placing
from desktop_vlm.acquire.sources import NamedPair, find_source
from desktop_vlm.acquire.usable import check_usable
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.options import ModelRef
from desktop_vlm.api.progress import JobListener, JobProgress
from desktop_vlm.conversion.gguf_copy import fingerprint, plan_copy
from desktop_vlm.conversion.importer import ImportedFile, Importer, ImportOptions
from desktop_vlm.conversion.metadata import Origin, general
from desktop_vlm.conversion.progress import Listener, Progress
from desktop_vlm.system.paths import Paths

IMPORTER_VERSION = 1
"""Raised when something else is written for the same files, so that old results are redone."""


class FileWork(Protocol):
    """A file to be written (`gguf_copy.CopyPlan`, `placing.PlacedFile`)."""

    @property
    def kind(self) -> str: ...
    @property
    def path(self) -> Path: ...
    @property
    def n_bytes(self) -> int: ...
    @property
    def is_finished(self) -> bool: ...
    def write(self, progress: Listener | None, done_bytes: int, total_bytes: int) -> None: ...


@dataclass(frozen=True)
class ImportPlan:
    """What importing a model would do.

    Attributes:
        name: of the model.
        title: what kind of files they are, for people.
        sources: the original files.
        files: that are written; none where the originals are used as they are.
        result: the model's files afterwards.
        notes: what was decided, and what to know, as sentences.
    """

    name: str
    title: str
    sources: tuple[Path, ...]
    files: tuple[FileWork, ...]
    result: ModelRef
    notes: tuple[str, ...] = ()

    @property
    def bytes_to_write(self) -> int:
        """Bytes of the files that are not finished."""
        return sum(file.n_bytes for file in self.files if not file.is_finished)


def plan_import(
    source: str | Path,
    out_dir: Path | None = None,
    *,
    name: str = "",
    mmproj: Path | None = None,
    placing: Placing | None = None,
    options: ImportOptions | None = None,
) -> ImportPlan:
    """What `import_model` would do with the same arguments. Nothing is written.

    Raises:
        UserError: as for `import_model`.
    """
    found = find_source(source, name=name, mmproj=mmproj)
    folder = out_dir.expanduser() if out_dir else Paths.of_user().models_folder / file_stem(found.name)
    importer = importer_of(found.pair.model)
    if importer:
        return _plan_recipe(found, importer, folder, options or ImportOptions())
    return _plan_as_they_are(found, folder, placing or ("copy" if out_dir else "keep"))


def import_model(
    source: str | Path,
    out_dir: Path | None = None,
    *,
    name: str = "",
    mmproj: Path | None = None,
    placing: Placing | None = None,
    options: ImportOptions | None = None,
    progress: JobListener | None = None,
) -> ImportPlan:
    """Take over a model, and return what was done.

    Args:
        source: a GGUF file, a folder with a model, Ollama's folder of models, or the name of a model of Ollama's.
        out_dir: for what is written; a folder of the model's own among the program's models without it.
        name: which of several models of Ollama's folder is meant.
        mmproj: the vision projector, where it is not beside the language model.
        placing: what is done with files that the engine reads as they are; with an `out_dir` they are copied there,
            else kept where they are, unless asked otherwise.
        options: what may be decided about files in a foreign layout.
        progress: told how far it is, in the stage `copy`; may raise `Cancelled`.

    A file appears under its name only when it is complete; stopping leaves nothing half-written behind. One that an
    earlier run finished from the same files is left as it is.

    Raises:
        UserError: nothing is there, it is not clear what is meant, a file is damaged, two do not belong together, the
            engine cannot run them, or there is no room.
        Cancelled: `progress` raised it.
    """
    plan = plan_import(source, out_dir, name=name, mmproj=mmproj, placing=placing, options=options)
    carry_out(plan, progress)
    return plan


def carry_out(plan: ImportPlan, progress: JobListener | None = None) -> None:
    """Write the files of a plan that are not finished.

    Raises:
        UserError: a file cannot be read or written, or there is no room.
        Cancelled: `progress` raised it.
    """

    def tell(at: Progress) -> None:
        if progress is not None:
            progress(JobProgress("copy", at.done_bytes, at.total_bytes, note=at.file))

    total_bytes, done_bytes = plan.bytes_to_write, 0
    _check_room(plan.files, total_bytes)
    for file in plan.files:
        if not file.is_finished:
            file.write(tell, done_bytes, total_bytes)
            done_bytes += file.n_bytes


def file_stem(name: str) -> str:
    """A model's name as a part of file names."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "model"


# Foreign layouts


def _plan_recipe(found: NamedPair, importer: Importer, folder: Path, options: ImportOptions) -> ImportPlan:
    pair = found.pair
    recipe = importer.recipe(pair.model, pair.projector, options)
    choices = (IMPORTER_VERSION, *(str(note) for note in recipe.notes))
    made_from = fingerprint(pair.files, *choices)
    stem = file_stem(found.name)

    def plan_file(kind: str, general_kind: str, file: ImportedFile, type_name: str) -> FileWork:
        origin = Origin(found.name, None, made_from)
        metadata = [*general(file.arch, general_kind, file.type, origin), *file.metadata]
        return plan_copy(kind, folder / f"{stem}-{kind}-{type_name}.gguf", metadata, file.tensors)

    text_type, vision_type = recipe.text.type.name, recipe.mmproj.type.name
    mixed = vision_type if vision_type == text_type else f"{vision_type}-cross-{text_type}"
    text = plan_file("text", "model", recipe.text, text_type)
    mmproj = plan_file("mmproj", "mmproj", recipe.mmproj, mixed)
    sources = tuple(file.path for file in pair.files)
    result = ModelRef(text.path, mmproj.path)
    return ImportPlan(found.name, importer.title, sources, (text, mmproj), result, recipe.notes)


# Files that are used as they are


def _plan_as_they_are(found: NamedPair, folder: Path, placing: Placing) -> ImportPlan:
    pair = found.pair
    family = check_usable(pair)
    sources = tuple(file.path for file in pair.files)
    files = () if placing == "keep" else tuple(_placed(pair, folder, found.name, is_link=placing == "link"))
    result = ModelRef(*(file.path for file in files)) if files else ModelRef(*sources)
    notes = []
    if pair.projector is None:
        notes.append("It is a language model alone: it chats, and sees no images without a vision projector.")
    if not files and found.place:
        notes.append(f"Its files stay {found.place}'s: it is gone when {found.place} removes it.")
    title = f"{family}, ready to use" if pair.projector else f"language model ({pair.model.architecture}), ready to use"
    return ImportPlan(found.name, title, sources, files, result, tuple(notes))


def _placed(pair: Pair, folder: Path, name: str, *, is_link: bool) -> Sequence[FileWork]:
    if pair.model.value("split.count") not in (None, 1):
        raise UserError(f"{pair.model.path.name} is the first of several parts; use it where it is (--files keep).")
    kinds = ("text", "mmproj")
    files = []
    for kind, file in zip(kinds, pair.files, strict=False):
        # A file's own name where it has one; Ollama's are numbers.
        own_name = file.path.name if file.path.suffix.lower() == ".gguf" else f"{file_stem(name)}-{kind}.gguf"
        path = folder / own_name
        if path.resolve() != file.path.resolve():
            files.append(PlacedFile(kind, file.path, path, is_link))
    return files


def _check_room(files: Sequence[FileWork], total_bytes: int) -> None:
    for folder in {file.path.parent for file in files}:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            free_bytes = shutil.disk_usage(folder).free
        except OSError as error:
            raise UserError(f"{folder} cannot be used for the result: {error.strerror or error}.") from error
        if free_bytes < total_bytes:
            raise UserError(
                f"{folder} has {free_bytes / 1e9:.1f} GB free, but the result needs {total_bytes / 1e9:.1f} GB: make "
                "room or choose another folder."
            )
