"""The images of a folder that was dropped."""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.border.files import reason
from desktop_vlm.ui.pictures.sources import SUFFIXES
from desktop_vlm.ui.pictures.wording import tr

_MOST_ENTRIES = 10_000


def images_in(folder: Path) -> list[Path]:
    """Files in the folder itself that look like images, in the order in which people count: 2 before 10.

    Raises:
        UserError: it cannot be read, or holds none.
    """
    try:
        with os.scandir(folder) as entries:
            found = [Path(entry.path) for entry in itertools.islice(entries, _MOST_ENTRIES) if _is_meant(entry)]
    except OSError as error:
        raise UserError(tr("{name} cannot be read ({why}).").format(name=folder.name, why=reason(error))) from None
    if not found:
        raise UserError(tr("There is no picture in the folder {name}.").format(name=folder.name))
    return sorted(found, key=_counted)


def _is_meant(entry: os.DirEntry[str]) -> bool:
    is_image = Path(entry.name).suffix.lower() in SUFFIXES and not entry.name.lower().endswith(".pdf")
    return is_image and not entry.name.startswith(".") and entry.is_file()


def _counted(path: Path) -> list[tuple[int, str]]:
    parts = re.findall(r"[0-9]+|[^0-9]+", path.name.lower())
    return [(int(part), "") if part.isascii() and part.isdigit() else (0, part) for part in parts]
