"""The program's icon: its sizes, and which drawing is meant for which."""

from __future__ import annotations

from pathlib import Path

from desktop_vlm.system.assets import find_asset

SIZES_PX = (16, 22, 24, 32, 48, 64, 128, 256, 512)

_LARGEST_SMALL_PX = 24


def icon_folder() -> Path | None:
    """The folder with the icon's SVG and PNG files; None where they are not bundled."""
    icon = find_asset("icon/icon.svg")
    return icon.parent if icon else None


def drawing_for(folder: Path, size_px: int) -> Path:
    """The SVG that is meant for a size."""
    return folder / ("icon-small.svg" if size_px <= _LARGEST_SMALL_PX else "icon.svg")
