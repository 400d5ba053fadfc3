"""Where the program keeps what is the person's: one folder per purpose, as the platform wants it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP_NAME = "desktop-vlm"
HOME_VARIABLE = "DESKTOP_VLM_HOME"
"""Environment variable that names one folder for everything: tests, and use from a memory stick."""


@dataclass(frozen=True)
class Paths:
    """The four folders; none of them need exist yet.

    Attributes:
        config: what the person decided; worth a backup.
        data: what the person made or fetched: conversations, models.
        cache: what can be made again.
        state: logs and the like.
    """

    config: Path
    data: Path
    cache: Path
    state: Path

    @classmethod
    def of_user(cls, environment: Mapping[str, str] = os.environ) -> Paths:
        """The folders of whoever runs the program."""
        home = environment.get(HOME_VARIABLE)
        if home:
            return cls.under(Path(home).expanduser().absolute())
        dirs = platformdirs.PlatformDirs(APP_NAME, appauthor=False)
        return cls(dirs.user_config_path, dirs.user_data_path, dirs.user_cache_path, dirs.user_state_path)

    @classmethod
    def under(cls, folder: Path) -> Paths:
        """All four in one folder."""
        return cls(folder / "config", folder / "data", folder / "cache", folder / "state")

    @property
    def settings_file(self) -> Path:
        return self.config / "settings.toml"

    @property
    def actions_file(self) -> Path:
        return self.config / "quick-actions.toml"

    @property
    def history_file(self) -> Path:
        return self.data / "history.db"

    @property
    def captures_folder(self) -> Path:
        """Captures of the screen that are kept for a time."""
        return self.data / "captures"

    @property
    def models_folder(self) -> Path:
        return self.data / "models"

    @property
    def shaders_folder(self) -> Path:
        """What the engine's Vulkan driver compiled; see `sandbox.confine`."""
        return self.cache / "shaders"

    @property
    def log_folder(self) -> Path:
        return self.state / "log"
