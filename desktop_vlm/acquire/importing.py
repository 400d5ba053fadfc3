"""From files of another program to a model in the library."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

from desktop_vlm.acquire.checksums import file_record
from desktop_vlm.acquire.import_plan import ImportPlan, carry_out, plan_import
from desktop_vlm.acquire.pace import Pace
from desktop_vlm.acquire.placing import Placing
from desktop_vlm.acquire.sources import NamedPair, find_source
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import InstalledModel, Origin
from desktop_vlm.api.progress import JobListener, JobProgress
from desktop_vlm.conversion.importer import ImportOptions
from desktop_vlm.models.library import Entry, ModelsFolder, installed, now, slug
from desktop_vlm.models.ollama_folder import digest_of
from desktop_vlm.models.record import FileRecord, Record
from desktop_vlm.models.usage import read_usage
from desktop_vlm.system import steps
from desktop_vlm.system.border.files import reason


def import_model(
    source: str | Path,
    folder: ModelsFolder,
    *,
    name: str = "",
    mmproj: Path | None = None,
    placing: Placing = "keep",
    options: ImportOptions | None = None,
    progress: JobListener | None = None,
) -> InstalledModel:
    """Take a model over into the library; one that was imported from the same files before is left as it is.

    Args:
        source: a GGUF file, a folder with a model, Ollama's folder of models, or the name of a model of Ollama's.
        folder: the library.
        name: which of several models of Ollama's folder is meant.
        mmproj: the vision projector, where it is not beside the language model.
        placing: what is done with files that the engine reads as they are.
        options: what may be decided about files in a foreign layout.
        progress: hears how far it is, in the stages `scan`, `copy` and `verify`; may raise `Cancelled`.

    Raises:
        UserError: nothing is there, it is not clear what is meant, a file is damaged, two do not belong together, the
            engine cannot run them, or there is no room.
        Cancelled: `progress` raised it; nothing of it is left.
    """
    if progress:
        progress(JobProgress("scan", note=str(source)))
    found = find_source(source, name=name, mmproj=mmproj)
    return install(plan_for_library(found, folder, placing, options), folder, progress)


def plan_for_library(
    found: NamedPair, folder: ModelsFolder, placing: Placing = "keep", options: ImportOptions | None = None
) -> ImportPlan:
    """What taking a model over into the library would do.

    Raises:
        UserError: as for `import_model`.
    """
    sources = [[str(file.path), file.n_bytes] for file in found.pair.files]
    key = hashlib.sha256(json.dumps([found.name, placing, *sources]).encode()).hexdigest()[:8]
    return plan_import(found, folder.work_folder(f"import-{slug(found.name)}-{key}"), placing, options)


def install(plan: ImportPlan, folder: ModelsFolder, progress: JobListener | None = None) -> InstalledModel:
    """Carry a plan out and add the model to the library.

    Raises:
        UserError: a file cannot be read or written, there is no room, or another process imports the same.
        Cancelled: `progress` raised it; nothing of it is left.
    """
    entry = find_imported(plan, folder)
    if entry is None and not plan.files:
        entry = folder.add_reference(plan.result, _record(plan, _referenced))
    elif entry is None:
        entry = _write(plan, folder, progress)
    return installed(entry, read_usage(folder.path))


def find_imported(plan: ImportPlan, folder: ModelsFolder) -> Entry | None:
    """The model in the library that these very files were imported as before."""
    for entry in folder.entries():
        record = entry.record
        if plan.files and record and record.origin.kind == "import" and not entry.missing:
            there = [file.in_folder(entry.folder) for file in plan.files]
            if all(file.is_finished for file in there):
                return entry
    return None


def _write(plan: ImportPlan, folder: ModelsFolder, progress: JobListener | None) -> Entry:
    work = plan.files[0].path.parent
    with folder.working(work.name):
        try:
            digests = carry_out(plan, progress)
            tell = _telling(plan, digests, progress)
            record = _record(plan, lambda path: file_record(path, digests.get(path, ""), tell))
            return folder.install(work, slug(plan.name), record)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise


def _record(plan: ImportPlan, of: Callable[[Path], FileRecord]) -> Record:
    files = plan.result
    return Record(
        name=plan.name,
        family=plan.family,
        text=of(files.text),
        mmproj=of(files.mmproj) if files.mmproj else None,
        text_type=plan.text_type,
        vision_type=plan.vision_type,
        origin=Origin("import" if plan.files else "reference", str(plan.sources[0])),
        is_reference=not plan.files,
        added=now(),
    )


def _referenced(path: Path) -> FileRecord:
    """A file that stays where it is; Ollama's carry their checksum in their names."""
    try:
        return FileRecord.of(path.absolute(), is_reference=True, sha256=digest_of(path))
    except OSError as error:
        raise UserError(f"{path} cannot be read ({reason(error)}); check its permissions.") from None


def _telling(plan: ImportPlan, digests: dict[Path, str], progress: JobListener | None) -> Callable[[int], None]:
    """Reports the reading of files that were finished before, whose checksums are not known."""
    files = [path for path in (plan.result.text, plan.result.mmproj) if path and path not in digests]
    total_bytes, done_bytes, pace = sum(path.stat().st_size for path in files), 0, Pace()

    def tell(n_bytes: int) -> None:
        nonlocal done_bytes
        done_bytes += n_bytes
        steps.count()
        if progress:
            progress(JobProgress("verify", done_bytes, total_bytes, *pace.at(done_bytes, total_bytes)))

    return tell
