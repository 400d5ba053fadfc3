"""`desktop-vlm backup` and `desktop-vlm restore`: conversations, images, settings and quick actions in one file."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.backup import restore_files, unpack, write_archive
from desktop_vlm.backup.archive import ACTIONS, HISTORY, SETTINGS
from desktop_vlm.history import History, Scope
from desktop_vlm.system.paths import Paths

_MOST = 10_000_000


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands `backup` and `restore` to the program's commands."""
    parser = subparsers.add_parser(
        "backup",
        help="write conversations, images, settings and quick actions into one file",
        description="Write all conversations with their images, the settings and the quick actions into one file "
        "(ZIP). Models are not part of it. Close the window first.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to write; it must not be there yet")
    parser.add_argument("--force", action="store_true", help="replace the file if it is there")
    parser.set_defaults(run=run_backup)
    parser = subparsers.add_parser(
        "restore",
        help="bring back what a backup holds",
        description="Add the conversations and quick actions of a backup that are not here; what is here stays, the "
        "settings too. Close the window first.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a file that `desktop-vlm backup` or the window wrote")
    parser.add_argument(
        "--replace",
        action="store_true",
        help="have it in the place of everything here, settings included; what was here is kept beside it for 30 days",
    )
    parser.set_defaults(run=run_restore)


def run_backup(args: argparse.Namespace) -> int:
    """Run `backup`; 0 is the exit code of success.

    Raises:
        UserError: a window is open, or something cannot be read or written.
    """
    paths, target = Paths.of_user(), args.file
    if target.exists() and not args.force:
        raise UserError(f"{target} is there already; choose another name, or replace it with --force.")
    if not target.absolute().parent.is_dir():
        raise UserError(f"There is no folder {target.absolute().parent}; make it first.")
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".backup-") as folder:
        copy = Path(folder) / HISTORY
        with History(paths.history_file) as history:
            count = len(history.conversations(limit=_MOST, scope=Scope.EVERYWHERE))
            history.transfer.copy_to(copy)
        files = {HISTORY: copy, SETTINGS: paths.settings_file, ACTIONS: paths.actions_file}
        write_archive(target, files, conversations=count, created_at=time.time())
    print(f"{target}: {count} conversations, settings and quick actions, {target.stat().st_size / 2**20:.1f} MiB")
    return 0


def run_restore(args: argparse.Namespace) -> int:
    """Run `restore`; 0 is the exit code of success.

    Raises:
        UserError: a window is open, the file is no backup, or something cannot be written.
    """
    paths = Paths.of_user()
    paths.history_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=paths.history_file.parent, prefix=".restore-") as name:
        folder = Path(name)
        contents = unpack(args.file, folder)
        with History(paths.history_file) as history:
            if args.replace:
                aside = history.adopt(folder / HISTORY)
                print(f"{contents.conversations} conversations restored; those before are in {aside}")
            else:
                print(f"{history.transfer.merge(folder / HISTORY)} conversations added")
        restored = restore_files(folder, paths, replace=args.replace)
    if restored.actions:
        print(f"{restored.actions} quick actions added")
    for line in (*(f"{file} holds what was there before" for file in restored.kept), *restored.problems):
        print(line)
    return 0
