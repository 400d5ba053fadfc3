"""Models that are on their way: a folder for each in `.partial`, and what was asked for when it was begun."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import PartialModel
from desktop_vlm.models.library import PARTIAL, ModelsFolder
from desktop_vlm.system.border.files import reason
from desktop_vlm.system.bounded.json_text import read_json_object
from desktop_vlm.system.bounded.section import Section

_REQUEST = "request.json"
_MOST_BYTES = 1 << 16


def note_partial(work: Path, partial: PartialModel) -> None:
    """Write down what is made in `work`, and how far it is.

    Raises:
        UserError: the folder cannot be written.
    """
    temporary = work / f"{_REQUEST}.{os.getpid()}"
    try:
        temporary.write_text(json.dumps(asdict(partial)), encoding="ascii")
        temporary.replace(work / _REQUEST)
    except OSError as error:
        raise UserError(f"{work} cannot be written ({reason(error)}); choose another models folder.") from None


def find_partial(folder: ModelsFolder) -> tuple[PartialModel, ...]:
    """The downloads that were stopped and can go on."""
    found = []
    with suppress(OSError):
        for work in sorted((folder.path / PARTIAL).iterdir()):
            with suppress(UserError, KeyError):
                found.append(_read(work))
    return tuple(found)


def _read(work: Path) -> PartialModel:
    path = work / _REQUEST
    section = Section(read_json_object(path, "", most_bytes=_MOST_BYTES, file_names=True), str(path))
    texts = {key: str(section.values[key]) for key in ("name", "source", "text_type", "vision_type")}
    done, total = (section.integer(key, least=0, most=1 << 60) for key in ("done_bytes", "total_bytes"))
    return PartialModel(work.name, **texts, done_bytes=done, total_bytes=total)


def disk_bytes(folder: Path) -> int:
    """What is in a folder, as far as it is really written: files of the final size may have holes."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                found = Path(parent, name).lstat()
                total += min(found.st_size, getattr(found, "st_blocks", 1 << 60) * 512)
    return total
