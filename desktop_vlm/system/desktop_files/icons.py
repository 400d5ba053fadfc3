"""Where the program's icon is, in a checkout and in an installed package."""

from __future__ import annotations

from pathlib import Path

SIZES_PX = (16, 22, 24, 32, 48, 64, 128, 256, 512)

_LARGEST_SMALL_PX = 24
_PACKAGE = Path(__file__).parents[2]
_FOLDERS = (_PACKAGE / "assets" / "icon", _PACKAGE.parent / "assets" / "icon")


def icon_folder() -> Path | None:
    """The folder with the drawings and pictures; None where they are not bundled."""
    return next((folder for folder in _FOLDERS if (folder / "icon.svg").exists()), None)


def drawing_for(folder: Path, size_px: int) -> Path:
    """The SVG that is meant for a size."""
    return folder / ("icon-small.svg" if size_px <= _LARGEST_SMALL_PX else "icon.svg")
