"""`desktop-vlm install-desktop`: the program in the desktop's menu, for "Open with", and at login."""

from __future__ import annotations

import argparse
import sys

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.desktop_files.folders import DesktopFolders
from desktop_vlm.system.desktop_files.install import install, remove


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `install-desktop` command to the program's commands."""
    parser = subparsers.add_parser(
        "install-desktop",
        help="add the program to the desktop's menu (Linux)",
        description="Write a menu entry, icons and a description for this person's desktop (Linux). Do it again after "
        "the program was moved.",
    )
    parser.add_argument("--autostart", action="store_true", help="also start at login, without showing the window")
    parser.add_argument("--remove", action="store_true", help="delete everything that was written")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; 0 is the exit code of success.

    Raises:
        UserError: this is no Linux desktop, or a file cannot be written or deleted.
    """
    if not sys.platform.startswith("linux"):
        raise UserError("Menu entries are written on Linux only; start at login is in the window's settings.")
    folders = DesktopFolders.of_user()
    if args.remove:
        removed = remove(folders)
        print("\n".join(f"Deleted {file}" for file in removed) or "There was nothing to delete.")
    else:
        print("\n".join(f"Wrote {file}" for file in install(folders, at_login=args.autostart)))
    return 0
