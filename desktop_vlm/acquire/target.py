"""What a person means by NAME[:TYPE]: a model of the catalogue, a repository of the hub, or its address."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.quant_types import FILE_TYPES
from desktop_vlm.hub.listing import is_repo_id
from desktop_vlm.models import catalogue
from desktop_vlm.models.catalogue import CatalogueModel
from desktop_vlm.system.border.arguments import as_text

_HUB_HOSTS = {"huggingface.co", "www.huggingface.co", "hf.co", "hf-mirror.com"}
_TYPE = re.compile(r"[A-Za-z0-9_]{1,20}")


@dataclass(frozen=True)
class Target:
    """A model to get.

    Attributes:
        repo: hub id.
        revision: branch or commit; None for the newest.
        text_type, vision_type: asked for, in capitals; empty for the usual ones.
        known: what the catalogue says of it.
    """

    repo: str
    revision: str | None = None
    text_type: str = ""
    vision_type: str = ""
    known: CatalogueModel | None = None

    @property
    def base(self) -> CatalogueModel | None:
        """The model of the catalogue that it is, or that its name says it was made from: its licence goes with it."""
        return self.known or catalogue.made_from(self.repo)

    @property
    def name(self) -> str:
        """As people know it."""
        return self.known.title if self.known else self.repo.split("/")[1]


def read_target(source: str, text_type: str = "", vision_type: str = "", endpoint: str = "") -> Target:
    """Find out what `source` names; `endpoint` is an address of a hub beside the usual ones.

    Raises:
        UserError: it is no such name, or the model cannot be had in this type.
    """
    text = as_text(source).strip()
    name, kind = _split_type(text)
    if kind and text_type and kind.upper() != text_type.upper():
        raise UserError(f"{text} names the type {kind}, but {text_type} was asked for as well; give one of them.")
    repo, revision = _repository(name, endpoint)
    known = catalogue.find(repo or name)
    if known is None and repo is None:
        raise UserError(_unknown(name))
    types = (kind or text_type).upper(), vision_type.upper()
    target = Target(known.repo if known else str(repo), revision, *types, known)
    return _with_known_type(target, known) if known else target


def _split_type(text: str) -> tuple[str, str]:
    """A name and the type behind its last colon."""
    name, colon, kind = text.rpartition(":")
    is_type = bool(colon) and "/" not in kind and bool(_TYPE.fullmatch(kind)) and name not in {"http", "https"}
    return (name, kind) if is_type else (text, "")


def _repository(name: str, endpoint: str) -> tuple[str | None, str | None]:
    """The hub id and the revision that a name or an address is; None where it is neither."""
    if "://" not in name and not name.lower().startswith(("huggingface.co/", "hf.co/")):
        repo, _, after = name.partition("@")
        return (repo, after or None) if is_repo_id(repo) else (None, None)
    parts = urlsplit(name if "://" in name else f"https://{name}")
    hosts = _HUB_HOSTS | {urlsplit(endpoint).hostname or ""}
    path = [unquote(part) for part in parts.path.split("/") if part]
    found = "/".join(path[:2])
    if parts.scheme not in {"http", "https"} or parts.hostname not in hosts or not is_repo_id(found):
        raise UserError(f"{name} is no address of a model on the hub; those look like https://huggingface.co/org/name.")
    revision = path[3] if len(path) > 3 and path[2] in {"tree", "blob", "resolve"} else None
    return found, None if revision == "main" else revision


def _unknown(name: str) -> str:
    names = [one.name for one in catalogue.catalogue()]
    close = difflib.get_close_matches(name.casefold(), names, n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(close)}?" if close else "`desktop-vlm pull --list` shows all."
    return f"{name or 'An empty name'} is no model of the catalogue and no hub id such as org/name; {hint}"


def _with_known_type(target: Target, known: CatalogueModel) -> Target:
    """The target in types that the model can be had in: any where it is converted, else those of finished files.

    Raises:
        UserError: it cannot be had in this type.
    """
    found = known.type_named(target.text_type)
    if found:
        return Target(target.repo, target.revision, found.text, target.vision_type or found.vision, known)
    possible = FILE_TYPES if known.is_converted else [one.text for one in known.types]
    if target.text_type not in possible:
        raise UserError(f"{known.title} cannot be had in {target.text_type}; choose {', '.join(possible)}.")
    vision = target.vision_type or known.types[0].vision
    return Target(target.repo, target.revision, target.text_type, vision, known)
