"""A checkpoint's folder on this computer, converted into the library."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from desktop_vlm import convert
from desktop_vlm.acquire.checksums import file_record
from desktop_vlm.acquire.finishing import clean, telling
from desktop_vlm.acquire.pace import Pace
from desktop_vlm.api.library import InstalledModel, Origin
from desktop_vlm.api.options import ModelRef
from desktop_vlm.api.progress import JobListener, JobProgress
from desktop_vlm.conversion.progress import Progress
from desktop_vlm.families.gate import admit
from desktop_vlm.models.library import ModelsFolder, installed, now, slug
from desktop_vlm.models.record import Record
from desktop_vlm.models.usage import read_usage


def convert_folder(
    source: Path, folder: ModelsFolder, text_type: str, vision_type: str, progress: JobListener
) -> InstalledModel:
    """Convert a checkpoint's folder; "" are the usual types.

    Raises:
        UserError: the checkpoint, a type or the free space is wrong, or another process converts the same.
        Cancelled: `progress` raised it; nothing of it is left.
    """
    types = text_type.upper() or convert.TEXT_TYPE, vision_type.upper() or convert.VISION_TYPE
    name, pace = source.resolve().name, Pace()
    identity = json.dumps([str(source.resolve()), *types])
    key = f"{slug(name)}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}"

    def tell(at: Progress) -> None:
        rate_and_left = pace.at(at.done_bytes, at.total_bytes)
        progress(JobProgress("convert", at.done_bytes, at.total_bytes, *rate_and_left, note=at.file))

    with folder.working(key) as work:
        files = convert.convert(source, work, text_type=types[0], vision_type=types[1], progress=tell)
        count = telling(files.text.stat().st_size + files.mmproj.stat().st_size, progress)
        record = Record(
            name=name,
            family=admit(ModelRef(files.text, files.mmproj)).family.name,
            text=file_record(files.text, "", count),
            mmproj=file_record(files.mmproj, "", count),
            text_type=types[0],
            vision_type=types[1],
            origin=Origin("convert", str(source.resolve())),
            is_reference=False,
            added=now(),
        )
        clean(work, record)
        entry = folder.install(work, slug(f"{name}-{types[0]}"), record)
    return installed(entry, read_usage(folder.path))
