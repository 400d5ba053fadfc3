"""Settings and quick actions of a backup: added to those that are here, or in their place."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.backup.archive import ACTIONS, SETTINGS
from desktop_vlm.quick_actions import QuickActionStore
from desktop_vlm.system.border.files import reason
from desktop_vlm.system.paths import Paths

BEFORE = ".before-restore"
"""In the name of a file that is kept, in the place of which another was restored."""


@dataclass(frozen=True)
class Restored:
    """What became of the files.

    Attributes:
        actions: how many quick actions were added.
        kept: where files are that were here before.
        problems: a sentence for each thing that could not be used.
    """

    actions: int = 0
    kept: tuple[Path, ...] = ()
    problems: tuple[str, ...] = ()


def restore_files(folder: Path, paths: Paths, *, replace: bool) -> Restored:
    """Take over settings and quick actions that were unpacked into a folder.

    With `replace` they take the place of those here, which are kept beside them. Else the settings here stay, and own
    quick actions are added that are not here.

    Raises:
        UserError: a file cannot be written; each is whole, the old one or the new.
    """
    if not replace:
        added, problems = _add_actions(folder / ACTIONS, paths.actions_file)
        return Restored(actions=added, problems=tuple(problems))
    kept = [
        _replace(folder / name, file) for name, file in ((SETTINGS, paths.settings_file), (ACTIONS, paths.actions_file))
    ]
    return Restored(kept=tuple(one for one in kept if one is not None))


def kept_before(paths: Paths) -> list[Path]:
    """Files that were kept, in the place of which others were restored."""
    found = []
    for file in (paths.settings_file, paths.actions_file):
        with contextlib.suppress(OSError):
            found += sorted(file.parent.glob(f"{file.stem}{BEFORE}*{file.suffix}"))
    return found


def _add_actions(source: Path, target: Path) -> tuple[int, list[str]]:
    if not source.is_file():
        return 0, []
    theirs, ours = QuickActionStore(source), QuickActionStore(target)
    same = {(action.name, action.prompt) for action in ours.all}
    new = [one for one in theirs.all if not theirs.is_builtin(one.id) and (one.name, one.prompt) not in same]
    for action in new:
        ours.add(action)
    return len(new), [problem.replace(str(source), ACTIONS) for problem in theirs.problems]


def _replace(source: Path, target: Path) -> Path | None:
    """Where the old file is, if there was one."""
    kept = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_file():
            number, kept = 1, target.with_name(f"{target.stem}{BEFORE}{target.suffix}")
            while kept.exists():
                number += 1
                kept = target.with_name(f"{target.stem}{BEFORE}-{number}{target.suffix}")
            target.replace(kept)
        if source.is_file():
            new = target.with_name(f".{target.name}.restored")
            new.write_bytes(source.read_bytes())
            new.replace(target)
    except OSError as error:
        if kept is not None and kept.exists() and not target.exists():
            kept.replace(target)
        raise UserError(f"{target} cannot be written ({reason(error)}); check its permissions.") from error
    return kept
