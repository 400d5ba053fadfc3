"""Where a checkpoint comes from: a folder on this computer or a repository on the Hugging Face hub."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.weight_files import has_weights
from desktop_vlm.hub.cache import CachedRepository, Downloads
from desktop_vlm.hub.listing import HubFile, Listing, is_repo_id, list_repository
from desktop_vlm.hub.progress import Asking, Listener, silent
from desktop_vlm.hub.refusals import Kind, Refusal
from desktop_vlm.system.border.arguments import as_text

_SETTINGS = ("*.json", "*.jinja", "tokenizer.model")
_ORIGINAL_STEM = "consolidated"  # of the weights in their maker's format, which some repositories hold as well


@dataclass(frozen=True)
class Source:
    """A checkpoint whose settings are on disk.

    Attributes:
        folder: where its files are.
        name: the model's name, as a person would say it.
        hub_id: the repository that its weights can be fetched from, if it is one.
        listing: what is in that repository; `None` where the hub could not be asked.
        refusal: why it could not; the folder is then what an earlier download left.
        listener: gets the progress of downloads.
    """

    folder: Path
    name: str
    hub_id: str | None = None
    listing: Listing | None = None
    refusal: Refusal | None = None
    listener: Listener = silent

    @property
    def has_weights(self) -> bool:
        """Whether the weights are on disk too."""
        return has_weights(self.folder)

    def fetch_weights(self, stem: str) -> Source:
        """The source with its weights on disk; what is missing is downloaded.

        Args:
            stem: what the files with the weights are called (`checkpoint.WeightFiles`); some repositories hold all
                weights twice, in two layouts.

        Raises:
            UserError: the hub refuses or cannot be reached.
            Cancelled: the listener raised it.
        """
        if self.listing is None:
            if self.refusal is not None and not self.has_weights:
                raise self.refusal
            return self
        is_original = stem == _ORIGINAL_STEM
        weights = f"{stem}*.safetensors" if is_original else "*.safetensors"
        left_out = () if is_original else (f"{_ORIGINAL_STEM}*",)
        files = _at_the_top(self.listing, (*_SETTINGS, weights), left_out)
        folder = CachedRepository(self.listing.repo_id).fetch(self.listing, files, self.listener)
        return replace(self, folder=folder)


def resolve(source: str | os.PathLike[str], downloads: Downloads | None = None) -> Source:
    """Find the checkpoint that `source` names; of a hub repository only the settings are downloaded.

    What an earlier download left is taken where the hub cannot be asked.

    Raises:
        UserError: it is neither a folder nor a repository's name, or the hub refuses or cannot be reached.
        Cancelled: the listener of `downloads` raised it.
    """
    text = os.fspath(source)
    path = Path(text).expanduser()
    if path.is_dir():
        return Source(path, _folder_name(path.resolve()))
    if path.exists():
        kind = "already a GGUF file" if path.suffix == ".gguf" else "a file"
        raise UserError(f"{text} is {kind}: give the checkpoint's folder (with config.json and *.safetensors).")
    if not is_repo_id(text):
        raise UserError(f"{text} is no folder here, and no hub repository either (those look like `org/name`).")
    return _on_the_hub(text, downloads or Downloads())


def _on_the_hub(repo_id: str, downloads: Downloads) -> Source:
    name = repo_id.split("/")[1]
    asking = Asking(downloads.listener)
    try:
        listing = list_repository(repo_id, downloads.access(), check=asking.check, notice=asking.notice)
    except Refusal as refusal:
        earlier = CachedRepository(repo_id).latest()
        if earlier is not None and any(earlier.glob("*.json")):
            return Source(earlier, name, repo_id, refusal=refusal)
        raise _said_of_a_folder(refusal, repo_id) from refusal
    folder = CachedRepository(listing.repo_id).fetch(listing, _at_the_top(listing, _SETTINGS), downloads.listener)
    return Source(folder, name, repo_id, listing, listener=downloads.listener)


def _said_of_a_folder(refusal: Refusal, text: str) -> Refusal:
    """Whoever names a folder that is not there is not helped by hearing of the hub alone."""
    if refusal.kind not in {Kind.NOT_FOUND, Kind.NETWORK}:
        return refusal
    sentence = str(refusal)
    return Refusal(refusal.kind, f"{text} is no folder here, and {sentence[:1].lower()}{sentence[1:]}")


def _at_the_top(listing: Listing, patterns: Sequence[str], left_out: Sequence[str] = ()) -> list[HubFile]:
    """Of the files that match, those in no folder: there lie the same weights again, in other formats."""
    return [file for file in listing.select(patterns, left_out) if "/" not in file.path]


def _folder_name(folder: Path) -> str:
    """The folder's name; in the hub's cache, where it is a commit, the repository's."""
    if folder.parent.name == "snapshots" and folder.parent.parent.name.startswith("models--"):
        return as_text(folder.parent.parent.name.split("--")[-1])
    return as_text(folder.name)
