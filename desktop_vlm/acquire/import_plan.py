"""Models that other programs left on this computer: what importing them does, and doing it.

Files in a foreign layout (`families/importers.py`) are written again, their quantised weights byte by byte; files that
the engine reads as they are stay where they are, or are linked or copied. The originals are only ever read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from desktop_vlm.acquire.gguf_pairs import Pair, importer_of
from desktop_vlm.acquire.pace import Pace
from desktop_vlm.acquire.placing import PlacedFile, Placing
from desktop_vlm.acquire.sources import NamedPair
from desktop_vlm.acquire.usable import check_usable
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.options import ModelRef
from desktop_vlm.api.progress import JobListener, JobProgress
from desktop_vlm.conversion.gguf_copy import fingerprint, plan_copy
from desktop_vlm.conversion.gguf_file import prepare_folder
from desktop_vlm.conversion.importer import ImportedFile, Importer, ImportOptions
from desktop_vlm.conversion.metadata import Origin, general
from desktop_vlm.conversion.plan import file_stem
from desktop_vlm.conversion.progress import Listener, Progress
from desktop_vlm.conversion.quant_types import FILE_TYPES
from desktop_vlm.runtime.gate.contents import check_contents
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

IMPORTER_VERSION = 1
"""Raised when something else is written for the same files, so that old results are made again."""


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
    def in_folder(self, folder: Path) -> FileWork: ...
    def write(self, progress: Listener | None, done_bytes: int, total_bytes: int) -> str: ...


@dataclass(frozen=True)
class ImportPlan:
    """What importing a model would do.

    Attributes:
        name: of the model.
        title: what kind of files they are, for people.
        family: of `families/`.
        sources: the original files.
        files: that are written; none where the originals are used where they are.
        result: the model's files afterwards.
        text_type, vision_type: of most weights; empty where the files do not say.
        notes: what was decided, and what to know, as sentences.
    """

    name: str
    title: str
    family: str
    sources: tuple[Path, ...]
    files: tuple[FileWork, ...]
    result: ModelRef
    text_type: str
    vision_type: str
    notes: tuple[str, ...] = ()

    @property
    def bytes_to_write(self) -> int:
        """Bytes of the files that are not finished."""
        return sum(file.n_bytes for file in self.files if not file.is_finished)


def plan_import(
    found: NamedPair, folder: Path, placing: Placing = "keep", options: ImportOptions | None = None
) -> ImportPlan:
    """What importing a model into `folder` would do. Nothing is written.

    Args:
        found: the model.
        folder: for the files.
        placing: what is done with files that the engine reads as they are.
        options: what may be decided about files in a foreign layout.

    Raises:
        UserError: a file is damaged, two do not belong together, or the engine cannot run them.
    """
    importer = importer_of(found.pair.model)
    if importer:
        return _plan_recipe(found, importer, folder, options or ImportOptions())
    return _plan_as_they_are(found, folder, placing)


def carry_out(plan: ImportPlan, progress: JobListener | None = None) -> dict[Path, str]:
    """Write the files of a plan that are not finished; `progress` hears of it in the stage `copy`.

    A file appears under its name only when it is complete; stopping leaves nothing half-written behind.

    Returns:
        The SHA-256 of the files that were written.

    Raises:
        UserError: a file cannot be read or written, or there is no room.
        Cancelled: `progress` raised it.
    """
    pace = Pace()

    def tell(at: Progress) -> None:
        if progress is not None:
            rate, seconds_left = pace.at(at.done_bytes, at.total_bytes)
            progress(JobProgress("copy", at.done_bytes, at.total_bytes, rate, seconds_left, at.file))

    total_bytes, done_bytes = plan.bytes_to_write, 0
    for folder in {file.path.parent for file in plan.files}:
        prepare_folder(folder, total_bytes)
    digests = {}
    for file in plan.files:
        if not file.is_finished:
            digests[file.path] = file.write(tell, done_bytes, total_bytes)
            done_bytes += file.n_bytes
    return digests


# Foreign layouts


def _plan_recipe(found: NamedPair, importer: Importer, folder: Path, options: ImportOptions) -> ImportPlan:
    pair = found.pair
    recipe = importer.recipe(pair.model, pair.projector, options)
    origin = Origin(found.name, None, fingerprint(pair.files, IMPORTER_VERSION, *recipe.notes))
    stem = folder / file_stem(found.name)

    def plan_file(kind: str, general_kind: str, file: ImportedFile, type_name: str) -> FileWork:
        metadata = [*general(file.arch, general_kind, file.type, origin), *file.metadata]
        return plan_copy(kind, stem.with_name(f"{stem.name}-{kind}-{type_name}.gguf"), metadata, file.tensors)

    text_type, vision_type = recipe.text.type.name, recipe.mmproj.type.name
    mixed = vision_type if vision_type == text_type else f"{vision_type}-cross-{text_type}"
    text = plan_file("text", "model", recipe.text, text_type)
    mmproj = plan_file("mmproj", "mmproj", recipe.mmproj, mixed)
    return ImportPlan(
        name=found.name,
        title=importer.title,
        family=importer.family,
        sources=tuple(file.path for file in pair.files),
        files=(text, mmproj),
        result=ModelRef(text.path, mmproj.path),
        text_type=text_type,
        vision_type=vision_type,
        notes=recipe.notes,
    )


# Files that are used as they are


def _plan_as_they_are(found: NamedPair, folder: Path, placing: Placing) -> ImportPlan:
    pair = found.pair
    family = check_usable(pair)
    for file in pair.files:
        check_contents(file)
    plan = ImportPlan(
        name=found.name,
        title=f"{family}, ready to use" if pair.projector else f"{pair.model.architecture}, a language model alone",
        family=family,
        sources=tuple(file.path for file in pair.files),
        files=(),
        result=ModelRef(*(file.path for file in pair.files)),
        text_type=_type_of(pair.model),
        vision_type=_type_of(pair.projector) if pair.projector else "",
        notes=() if pair.projector else ("It chats, and sees no images without a vision projector.",),
    )
    if placing == "keep":
        stays = f"Its files stay {found.place}'s: it is gone when {found.place} removes it."
        return replace(plan, notes=(*plan.notes, stays)) if found.place else plan
    places = _places(pair, folder, found.name)
    files = [
        PlacedFile(kind, file.path, path, is_link=placing == "link")
        for kind, file, path in zip(("text", "mmproj"), pair.files, places, strict=False)
        if path.resolve() != file.path.resolve()
    ]
    return replace(plan, files=tuple(files), result=ModelRef(*places))


def _places(pair: Pair, folder: Path, name: str) -> list[Path]:
    """Where the files go: under their own names where they have some; those of Ollama's are numbers."""
    if pair.model.value("split.count") not in (None, 0, 1):
        raise UserError(f"{pair.model.path.name} is the first of several parts; it can only be used where it is.")
    own = [
        file.path.name if file.path.suffix.lower() == ".gguf" else f"{file_stem(name)}-{kind}.gguf"
        for kind, file in zip(("text", "mmproj"), pair.files, strict=False)
    ]
    return [folder / one for one in own]


def _type_of(file: GgufFile) -> str:
    number = file.value("general.file_type")
    return next((one.name for one in FILE_TYPES.values() if int(one.number) == number), "")
