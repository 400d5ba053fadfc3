"""Where a checkpoint comes from: a folder on this computer or a repository on the Hugging Face hub."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.file_access import LOCAL, SNAPSHOT, FileAccess
from desktop_vlm.conversion.streaming.remote_weights import RemoteWeights
from desktop_vlm.conversion.weight_files import WeightFiles, find_weight_files, has_weights
from desktop_vlm.hub.cache import CachedRepository, Downloads
from desktop_vlm.hub.listing import HubFile, Listing, is_repo_id, list_repository
from desktop_vlm.hub.progress import Asking, Listener, silent
from desktop_vlm.hub.refusals import Kind, Refusal
from desktop_vlm.system.border.arguments import as_text

_SETTINGS = ("*.json", "*.jinja", "tokenizer.model")


class Fetch(Enum):
    """How much of a repository's weights may be downloaded before it is known what becomes of them."""

    HEADERS = auto()
    UNREADABLE = auto()  # also files of which no single tensor can be read from afar
    ALL = auto()


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
        access: how the weights are read.
    """

    folder: Path
    name: str
    hub_id: str | None = None
    listing: Listing | None = None
    refusal: Refusal | None = None
    listener: Listener = silent
    access: FileAccess = LOCAL

    @property
    def has_weights(self) -> bool:
        """Whether the weights can be read."""
        return isinstance(self.access, RemoteWeights) or has_weights(self.folder)

    def can_read(self, sought: WeightFiles) -> bool:
        """Whether weights can be read without downloading them."""
        if self.has_weights or self.listing is None:
            return self.has_weights
        return _can_be_read_from_afar(self._weights(self.listing, sought))

    def with_weights(self, sought: WeightFiles, fetch: Fetch, resources: ExitStack) -> Source:
        """The source with weights that can be read: where they are on disk, or else over the network.

        They are left out where more would have to be downloaded than `fetch` allows.

        Args:
            sought: what the files are called; some repositories hold all weights twice, in two layouts.
            fetch: how much may be downloaded.
            resources: end the connections.

        Raises:
            UserError: the hub refuses or cannot be reached.
            Cancelled: the listener raised it.
        """
        if self.listing is None:
            if self.refusal is not None and not self.has_weights:
                raise self.refusal
            return self
        weights, cached = self._weights(self.listing, sought), CachedRepository(self.listing.repo_id)
        if cached.holds(self.listing, weights):
            return self
        if fetch is not Fetch.ALL and _can_be_read_from_afar(weights):
            remote = RemoteWeights(self.listing, Asking(self.listener))
            resources.callback(remote.close)
            return replace(self, access=remote)
        if fetch is Fetch.HEADERS:
            return self
        return replace(self, folder=cached.fetch(self.listing, weights, self.listener))

    def fetch_adapter(self) -> Source:
        """The source with an adapter's weights on disk; they are small.

        Raises:
            UserError: the hub refuses or cannot be reached.
            Cancelled: the listener raised it.
        """
        if self.listing is None:
            if self.refusal is not None and not any(self.folder.glob("adapter_model.*")):
                raise self.refusal
            return self
        files = _at_the_top(self.listing, (*_SETTINGS, "adapter_model.*"))
        return replace(self, folder=CachedRepository(self.listing.repo_id).fetch(self.listing, files, self.listener))

    def _weights(self, listing: Listing, sought: WeightFiles) -> list[HubFile]:
        present = _at_the_top(listing, ["*"])
        names = find_weight_files(self.folder, sought, [file.path for file in present]).files
        return [file for file in present if file.path in names]


def _can_be_read_from_afar(weights: Sequence[HubFile]) -> bool:
    """Where in a safetensors file a tensor is, is said at its beginning."""
    return bool(weights) and all(file.path.endswith(".safetensors") for file in weights)


def named_path(text: str) -> Path:
    """The path that `text` names; `~` is a home, unless its owner is unknown."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def resolve(source: str | os.PathLike[str], downloads: Downloads | None = None) -> Source:
    """Find the checkpoint that `source` names; of a hub repository only the settings are downloaded.

    What an earlier download left is taken where the hub cannot be asked.

    Raises:
        UserError: it is neither a folder nor a repository's name, or the hub refuses or cannot be reached.
        Cancelled: the listener of `downloads` raised it.
    """
    text = os.fspath(source)
    path = named_path(text)
    if path.is_dir():
        is_snapshot = path.resolve().parent.name == "snapshots"
        return Source(path, _folder_name(path.resolve()), access=SNAPSHOT if is_snapshot else LOCAL)
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
            return Source(earlier, name, repo_id, refusal=refusal, access=SNAPSHOT)
        raise _said_of_a_folder(refusal, repo_id) from refusal
    folder = CachedRepository(listing.repo_id).fetch(listing, _at_the_top(listing, _SETTINGS), downloads.listener)
    return Source(folder, name, repo_id, listing, listener=downloads.listener, access=SNAPSHOT)


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
