"""Where a checkpoint comes from: a folder on this computer or a repository on the Hugging Face hub."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.weight_files import has_weights
from desktop_vlm.system.border.arguments import as_text

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_SETTINGS = ["*.json", "*.jinja", "tokenizer.model"]
_NOT_NEEDED = ["original/*"]  # the same weights again in Meta's format
_ORIGINAL_STEM = "consolidated"  # of the weights in their maker's format, which some repositories hold as well
_TOKEN_HOW = "put an access token into HF_TOKEN or run `hf auth login`"
_HTTP_LIBRARIES = {"httpx", "httpx2", "httpcore", "httpcore2", "requests", "urllib3"}


@dataclass(frozen=True)
class Source:
    """A checkpoint whose settings are on disk.

    Attributes:
        folder: where its files are.
        name: the model's name, as a person would say it.
        hub_id: the repository that its weights can be fetched from, if it is one.
    """

    folder: Path
    name: str
    hub_id: str | None = None

    @property
    def has_weights(self) -> bool:
        """Whether the weights are on disk too."""
        return has_weights(self.folder)

    def fetch_weights(self, stem: str) -> Source:
        """The source with its weights on disk; what is missing is downloaded, with the hub's progress bars.

        Args:
            stem: what the files with the weights are called (`checkpoint.WeightFiles`); some repositories hold all
                weights twice, in two layouts.

        Raises:
            UserError: the hub refuses or cannot be reached.
        """
        if self.hub_id is None:
            return self
        is_original = stem == _ORIGINAL_STEM
        weights = f"{stem}*.safetensors" if is_original else "*.safetensors"
        left_out = [] if is_original else [f"{_ORIGINAL_STEM}*"]
        return Source(_download(self.hub_id, [*_SETTINGS, weights], left_out), self.name, self.hub_id)


def resolve(source: str | os.PathLike[str]) -> Source:
    """Find the checkpoint that `source` names; of a hub repository only the settings are downloaded.

    Raises:
        UserError: it is neither a folder nor a repository's name, or the hub refuses or cannot be reached.
    """
    text = os.fspath(source)
    path = Path(text).expanduser()
    if path.is_dir():
        return Source(path, _folder_name(path.resolve()))
    if path.exists():
        kind = "already a GGUF file" if path.suffix == ".gguf" else "a file"
        raise UserError(f"{text} is {kind}: give the checkpoint's folder (with config.json and *.safetensors).")
    if not _HUB_ID.fullmatch(text):
        raise UserError(f"{text} is no folder here, and no hub repository either (those look like `org/name`).")
    return Source(_download(text, _SETTINGS), text.split("/")[1], text)


def _folder_name(folder: Path) -> str:
    """The folder's name; in the hub's cache, where it is a commit, the repository's."""
    if folder.parent.name == "snapshots" and folder.parent.parent.name.startswith("models--"):
        return as_text(folder.parent.parent.name.split("--")[-1])
    return as_text(folder.name)


def _download(hub_id: str, patterns: list[str], left_out: Sequence[str] = ()) -> Path:
    # Loads an HTTP client, for which commands that work on files should not wait.
    import huggingface_hub

    try:
        ignored = [*_NOT_NEEDED, *left_out]
        return Path(huggingface_hub.snapshot_download(hub_id, allow_patterns=patterns, ignore_patterns=ignored))
    except Exception as error:
        refusal = _refusal(hub_id, error)
        if refusal is None:
            raise
        raise UserError(refusal) from error


def _refusal(hub_id: str, error: Exception) -> str | None:
    """What to tell the person about an error of the hub's client; `None` for a bug."""
    from huggingface_hub import errors

    nothing_here = f"{hub_id} is no folder here and"
    if isinstance(error, errors.GatedRepoError):
        return f"{hub_id} is gated: accept its licence on https://huggingface.co/{hub_id}, then {_TOKEN_HOW}."
    if isinstance(error, errors.RepositoryNotFoundError):
        return f"{nothing_here} no repository on the hub: check the spelling, or, if it is private, {_TOKEN_HOW}."
    if isinstance(error, errors.HFValidationError):
        return f"{nothing_here} no valid repository name: check the spelling."
    if isinstance(error, errors.HfHubHTTPError):
        status = error.response.status_code
        what = f"The hub answered HTTP {status} for {hub_id}"
        return f"{what}: {_TOKEN_HOW}." if status in {401, 403} else f"{what}: try again later."
    return _network_refusal(hub_id, error)


def _network_refusal(hub_id: str, error: Exception) -> str | None:
    from huggingface_hub import errors

    if any(isinstance(cause, errors.OfflineModeIsEnabled) for cause in (error, error.__cause__)):
        return (
            f"{hub_id} is not in the local cache and HF_HUB_OFFLINE forbids downloading: unset it, or give the "
            "folder of a downloaded checkpoint."
        )
    if isinstance(error, errors.LocalEntryNotFoundError) or _library(error) in _HTTP_LIBRARIES:
        return (
            f"{hub_id} is no folder here and the hub cannot be reached: check the network connection, or give the "
            "folder of a downloaded checkpoint."
        )
    return f"Downloading {hub_id} failed: {error}." if isinstance(error, OSError) else None


def _library(error: Exception) -> str:
    return type(error).__module__.split(".", maxsplit=1)[0]
