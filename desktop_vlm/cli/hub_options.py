"""How commands reach the hub and the models folder: the options, the settings and the environment."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from desktop_vlm.hub.access import OFFLINE_SETTING, Access
from desktop_vlm.models.library import ModelsFolder
from desktop_vlm.settings import SettingsStore
from desktop_vlm.system.paths import Paths


def add_hub_options(parser: argparse.ArgumentParser) -> None:
    """Add what all commands that download have in common."""
    parser.add_argument("--offline", action="store_true", help="use only what is on this computer already")


def hub_access(args: argparse.Namespace) -> Access:
    """How the hub is reached.

    Raises:
        UserError: its address or the access token cannot be one.
    """
    settings = SettingsStore(Paths.of_user().settings_file).current.downloads
    if settings.offline and not args.offline:
        return replace(Access.of_user(endpoint=settings.endpoint, offline=True), forbidden_by=OFFLINE_SETTING)
    return Access.of_user(endpoint=settings.endpoint, offline=args.offline)


def models_folder() -> ModelsFolder:
    """Where models are kept."""
    paths = Paths.of_user()
    chosen = SettingsStore(paths.settings_file).current.downloads.folder
    return ModelsFolder(Path(chosen) if chosen else paths.models_folder)
