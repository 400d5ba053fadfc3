"""Which files of a hub repository make the model that is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_vlm.acquire.target import Target
from desktop_vlm.api.errors import UserError
from desktop_vlm.hub.listing import HubFile, Listing

_TYPE = re.compile(r"(?<![A-Za-z0-9])(?:IQ|TQ|BF|F|Q)\d[A-Za-z0-9_]*(?![A-Za-z0-9])", re.IGNORECASE)
_PART = re.compile(r"-\d{5}-of-\d{5}\.gguf$", re.IGNORECASE)
_TEXT_ORDER = ("Q4_K_M", "Q8_0", "Q5_K_M", "Q6_K", "Q4_K_S", "Q4_0", "F16", "BF16", "F32")
_VISION_ORDER = ("Q8_0", "F16", "BF16", "F32")


@dataclass(frozen=True)
class ReadyPair:
    """Finished files: a language model and its vision projector, which a text-only model lacks."""

    text: HubFile
    mmproj: HubFile | None

    @property
    def files(self) -> list[HubFile]:
        """Both, or one."""
        return [self.text, self.mmproj] if self.mmproj else [self.text]

    @property
    def n_bytes(self) -> int:
        """Of both."""
        return sum(file.size for file in self.files)


def choose_pair(listing: Listing, target: Target) -> ReadyPair | None:
    """The GGUF files to download; None where the repository holds a checkpoint to convert.

    Raises:
        UserError: it holds neither, or not in this type.
    """
    ggufs = [file for file in listing.files if file.path.lower().endswith(".gguf")]
    if _holds_checkpoint(listing) and not (target.known and not target.known.is_converted):
        return None
    texts = [file for file in ggufs if not _is_mmproj(file) and "imatrix" not in file.path.lower()]
    if not texts:
        raise UserError(
            f"{listing.repo_id} holds no checkpoint (*.safetensors) and no GGUF language model: choose another."
        )
    whole = [file for file in texts if not _PART.search(file.path)]
    return _named_pair(listing, target) or _pair_by_type(listing.repo_id, whole or texts, ggufs, target)


def checkpoint_bytes(listing: Listing) -> int:
    """What is downloaded of a checkpoint, about: its weights, once where they are there in two layouts."""
    weights = [file for file in listing.files if file.path.endswith(".safetensors") and "/" not in file.path]
    usual = [file for file in weights if not file.path.startswith("consolidated")]
    return sum(file.size for file in usual or weights)


def type_of(path: str) -> str:
    """The type that a file's name tells; empty where it tells none."""
    found = _TYPE.findall(path.rsplit("/", maxsplit=1)[-1])
    return found[-1].upper() if found else ""


def _holds_checkpoint(listing: Listing) -> bool:
    names = {file.path for file in listing.files}
    has_settings = bool({"config.json", "params.json", "adapter_config.json"} & names)
    return has_settings and any(name.endswith(".safetensors") and "/" not in name for name in names)


def _named_pair(listing: Listing, target: Target) -> ReadyPair | None:
    """The files that the catalogue names, where they are there."""
    kind = target.known.type_named(target.text_type) if target.known else None
    if kind is None or not kind.files or target.vision_type not in {"", kind.vision}:
        return None
    text, mmproj = (listing.file(name) for name in kind.files)
    return ReadyPair(text, mmproj) if text and mmproj else None


def _pair_by_type(repo: str, texts: Sequence[HubFile], ggufs: Sequence[HubFile], target: Target) -> ReadyPair:
    text = _of_type(texts, target.text_type, _TEXT_ORDER, f"{repo} has no language model in")
    if _PART.search(text.path):
        raise UserError(f"{text.path} of {repo} is split into parts, which cannot be fetched; choose another type.")
    folder = text.path.rpartition("/")[0]
    mmprojs = [file for file in ggufs if _is_mmproj(file)]
    near = [file for file in mmprojs if file.path.rpartition("/")[0] == folder] or mmprojs
    if not near:
        return ReadyPair(text, None)
    return ReadyPair(text, _of_type(near, target.vision_type, _VISION_ORDER, f"{repo} has no vision projector in"))


def _of_type(files: Sequence[HubFile], kind: str, order: Sequence[str], complaint: str) -> HubFile:
    """The file of a type, or of the first type in `order`, or else the smallest."""
    by_type: dict[str, HubFile] = {}
    for file in sorted(files, key=lambda file: (len(file.path), file.path)):
        by_type.setdefault(type_of(file.path), file)
    if kind:
        if kind.upper() not in by_type:
            names = ", ".join(sorted(name for name in by_type if name)) or "none that its names tell"
            raise UserError(f"{complaint} {kind}; there are: {names}.")
        return by_type[kind.upper()]
    return next((by_type[one] for one in order if one in by_type), min(files, key=lambda file: file.size))


def _is_mmproj(file: HubFile) -> bool:
    return "mmproj" in file.path.lower()
