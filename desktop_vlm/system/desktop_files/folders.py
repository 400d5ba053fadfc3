"""Where the desktop looks for what is one person's, by the XDG Base Directory Specification."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.system.desktop_files import APPLICATION_ID
from desktop_vlm.system.desktop_files.icons import SIZES_PX
from desktop_vlm.system.paths import Paths


@dataclass(frozen=True)
class DesktopFolders:
    """The desktop's folders, not the program's own.

    Attributes:
        data: menu entries, icons and descriptions are below it.
        config: what starts at login is below it.
        record: our own file with what was installed, so that just that can be removed.
    """

    data: Path
    config: Path
    record: Path

    @classmethod
    def of_user(cls, environment: Mapping[str, str] = os.environ) -> DesktopFolders:
        """The folders of whoever runs the program."""
        home = Path.home()
        return cls(
            _folder(environment, "XDG_DATA_HOME", home / ".local" / "share"),
            _folder(environment, "XDG_CONFIG_HOME", home / ".config"),
            Paths.of_user(environment).data / "desktop-files.json",
        )

    @property
    def menu_entry(self) -> Path:
        return self.data / "applications" / f"{APPLICATION_ID}.desktop"

    @property
    def metainfo(self) -> Path:
        return self.data / "metainfo" / f"{APPLICATION_ID}.metainfo.xml"

    @property
    def login_entry(self) -> Path:
        return self.config / "autostart" / f"{APPLICATION_ID}.desktop"

    @property
    def icon_theme(self) -> Path:
        return self.data / "icons" / "hicolor"

    def icons(self, sources: Path) -> dict[Path, Path]:
        """Where each of our icons goes -> the file that it is."""
        places = {
            self.icon_theme / f"{px}x{px}" / "apps" / f"{APPLICATION_ID}.png": sources / f"icon-{px}.png"
            for px in SIZES_PX
        }
        return {**places, self.icon_theme / "scalable" / "apps" / f"{APPLICATION_ID}.svg": sources / "icon.svg"}


def _folder(environment: Mapping[str, str], name: str, usual: Path) -> Path:
    """Relative paths are invalid there and passed over, as the specification wants it."""
    value = environment.get(name, "")
    return Path(value) if Path(value).is_absolute() else usual
