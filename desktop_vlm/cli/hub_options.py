"""How commands reach the hub: the options, the settings and the environment."""

from __future__ import annotations

import argparse

from desktop_vlm.hub.access import Access
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
    settings = SettingsStore(Paths.of_user().settings_file).current
    return Access.of_user(endpoint=settings.hub.endpoint, offline=args.offline)
