"""The folder that all programs share for what they download from the hub: found, and filled as the hub's client does.

A repository there has its contents by digest (`blobs`), and a folder of links to them for every commit (`snapshots`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.hub import refusals
from desktop_vlm.hub.access import Access
from desktop_vlm.hub.download import Request, fetch
from desktop_vlm.hub.listing import HubFile, Listing, is_commit
from desktop_vlm.hub.progress import Listener, silent
from desktop_vlm.system.bounded.files import read_bytes

_WORK_FOLDER = ".desktop-vlm"
_MOST_REF_BYTES = 1 << 12


@dataclass(frozen=True)
class Downloads:
    """How a checkpoint that is on the hub is had.

    Attributes:
        access: says whom to ask, when something is to be asked: the token is looked up no earlier.
        listener: gets the progress, and may raise to stop.
    """

    access: Callable[[], Access] = Access.of_user
    listener: Listener = silent


class CachedRepository:
    """A repository in the shared folder; it need not be there yet.

    Attributes:
        folder: of the repository.
    """

    def __init__(self, repo_id: str) -> None:
        # Loads an HTTP client, for which commands that work on files should not wait.
        from huggingface_hub import constants

        self.folder = Path(constants.HF_HUB_CACHE) / f"models--{repo_id.replace('/', '--')}"

    def snapshot(self, commit: str) -> Path:
        """Where the files of a commit are."""
        return self.folder / "snapshots" / commit

    def latest(self) -> Path | None:
        """The files that were had last, all or some of them; `None` where there are none."""
        try:
            commit = read_bytes(self.folder / "refs" / "main", _MOST_REF_BYTES).decode("ascii").strip()
        except (UserError, UnicodeError):
            return None
        snapshot = self.snapshot(commit)
        return snapshot if is_commit(commit) and snapshot.is_dir() else None

    def holds(self, listing: Listing, files: Sequence[HubFile]) -> bool:
        """Whether all of `files` are there, by their sizes; none at all are not."""
        snapshot = self.snapshot(listing.commit)
        return bool(files) and all(_is_there(snapshot / file.path, file.size) for file in files)

    def fetch(self, listing: Listing, files: Sequence[HubFile], listener: Listener = silent) -> Path:
        """The folder with `files`; what is missing is downloaded.

        Raises:
            Refusal: as for `download`.
        """
        snapshot = self.snapshot(listing.commit)
        missing = [file for file in files if not _is_there(snapshot / file.path, file.size)]
        if missing:
            contents = {self._content(listing, file): file for file in missing}
            requests = [Request(file, content) for content, file in contents.items()]
            fetch(listing, requests, self.folder / _WORK_FOLDER, listener, trust_sizes=True)
            try:
                for file in missing:
                    _link(snapshot / file.path, self._content(listing, file))
                self._note_latest(listing.commit)
            except OSError as error:
                raise refusals.of_disk(error, snapshot) from None
        return snapshot

    def _content(self, listing: Listing, file: HubFile) -> Path:
        """Where a file's content belongs; two files with the same one share it."""
        if not file.digest:
            return self.snapshot(listing.commit) / file.path
        return self.folder / "blobs" / file.digest

    def _note_latest(self, commit: str) -> None:
        path = self.folder / "refs" / "main"
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name("main.new")
        fresh.write_text(commit, encoding="ascii")
        fresh.replace(path)


def _is_there(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def _link(path: Path, content: Path) -> None:
    """Have `content` at `path`: a link, or, where the system has none for us, a second name or a copy."""
    if path == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    try:
        path.symlink_to(os.path.relpath(content, path.parent))
    except OSError:
        try:
            path.hardlink_to(content)
        except OSError:
            shutil.copyfile(content, path)
