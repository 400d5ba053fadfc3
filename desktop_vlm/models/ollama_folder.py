"""Ollama's folder of models: where it is, what is in it, and which files each model consists of.

A manifest is input from strangers. Of its texts only digests of the one known form are used, and only as the names of
files in the one folder `blobs`; nothing outside the folder is ever opened, whatever a manifest or a link says. Reading
needs no native library.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.bounded.files import check_ordinary, read_bytes
from desktop_vlm.system.bounded.json_text import BadJsonError, parse_json

DEFAULT_HOST, DEFAULT_NAMESPACE, DEFAULT_TAG = "registry.ollama.ai", "library", "latest"

_PART = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}"
_IS_PART = re.compile(_PART)
_IS_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:%-]{0,349}")
_NAME = re.compile(rf"(?:(?:(?P<host>[\w.:-]+)/)?(?P<namespace>{_PART})/)?(?P<model>{_PART})(?::(?P<tag>{_PART}))?")
_DIGEST = re.compile(r"sha256[:-]([0-9a-fA-F]{64})")
_PARTIAL = re.compile(r"sha256[:-][0-9a-fA-F]{64}-partial")
_KIND = "application/vnd.ollama.image."
_SERVICE_FILES = ("/etc/systemd/system/ollama.service", "/etc/systemd/system/ollama.service.d")
_SERVICE_VARIABLE = re.compile(
    r"""^\s*Environment=(?:.*?(["'])OLLAMA_MODELS=(.+?)\1|(?:.*?\s)?OLLAMA_MODELS=([^"'\s]+))""", re.MULTILINE
)

_MAX_MANIFEST_BYTES = 4 << 20
_MAX_SERVICE_BYTES = 1 << 20
_MAX_LAYERS = 4096
_MAX_MODELS = 10_000


@dataclass(frozen=True)
class OllamaFolder:
    """A folder of models.

    Attributes:
        path: that holds `manifests` and `blobs`.
        problem: why it cannot be read, as a sentence with the way out; empty where it can.
    """

    path: Path
    problem: str = ""


@dataclass(frozen=True)
class OllamaModel:
    """A model in the folder.

    Attributes:
        name: as `ollama list` shows it, such as `llama3.2-vision:11b`.
        folder: that it is in.
        model: the file with the language model, or with everything; None where it cannot be used.
        projector: the file with the vision projector, where it is one of its own.
        n_bytes: of these files.
        problem: why it cannot be used, as a sentence; empty where the files are whole.
    """

    name: str
    folder: Path
    model: Path | None = None
    projector: Path | None = None
    n_bytes: int = 0
    problem: str = ""


# Where the folder is


def find_folders(environment: Mapping[str, str] = os.environ, home: Path | None = None) -> list[OllamaFolder]:
    """The folders of models on this computer, the one that Ollama's own variable names first."""
    found: list[OllamaFolder] = []
    seen: set[Path] = set()
    for path in _places(environment, home or Path.home()):
        folder = look_at(path)
        if folder is not None and folder.path not in seen:
            seen.add(folder.path)
            found.append(folder)
    return found


def look_at(path: Path) -> OllamaFolder | None:
    """The folder of models that `path` is, or holds as `models`; None where it is none."""
    for candidate in (path, path / "models"):
        try:
            if not stat.S_ISDIR((candidate / "manifests").stat().st_mode):
                continue
            with os.scandir(candidate / "manifests"), os.scandir(candidate / "blobs"):
                return OllamaFolder(candidate.resolve())
        except PermissionError:
            return OllamaFolder(candidate, _no_permission(candidate))
        except (OSError, ValueError):  # not there, or not a folder
            continue
    return None


def _places(environment: Mapping[str, str], home: Path) -> Iterator[Path]:
    named = environment.get("OLLAMA_MODELS", "").strip(" \"'")
    if named:
        yield Path(named).expanduser()
    yield home / ".ollama" / "models"
    if sys.platform == "win32":
        root = environment.get("SystemRoot", r"C:\Windows")
        yield Path(root) / "System32" / "config" / "systemprofile" / ".ollama" / "models"  # Ollama as a service
    elif sys.platform != "darwin":
        yield from _of_service()
        yield Path("/usr/share/ollama/.ollama/models")  # Ollama's own installer
        yield Path("/var/lib/ollama/.ollama/models")
        yield Path("/var/lib/ollama/models")
        yield Path("/var/lib/ollama")
        yield Path("/var/snap/ollama/common/models")
        yield home / ".var" / "app" / "com.jeffser.Alpaca" / "data" / ".ollama" / "models"


def _of_service() -> Iterator[Path]:
    """What the service's settings name, where somebody moved the models to another disk."""
    for name in _SERVICE_FILES:
        place = Path(name)
        for file in sorted(place.glob("*.conf")) if place.is_dir() else [place]:
            try:
                text = read_bytes(file, _MAX_SERVICE_BYTES).decode("utf-8", "replace")
            except UserError:
                continue
            yield from (Path(quoted or plain) for _, quoted, plain in _SERVICE_VARIABLE.findall(text))


def _no_permission(folder: Path) -> str:
    if sys.platform == "win32":
        return f"Ollama's folder {folder} may not be read by you; copy it to a folder of yours and import that."
    # The service's own user has it. Access to the files alone does not help without access to the folders above.
    top = next((one for one in reversed(folder.parents) if one.name == "ollama"), folder)
    return (
        f"Ollama's folder {folder} belongs to another user and may not be read by you; run "
        f'`sudo setfacl -R -m u:"$USER":rX {top}`, or copy it to a folder of yours and import that.'
    )


# What is in it


def list_models(folder: OllamaFolder) -> list[OllamaModel]:
    """Every model in the folder, in the order of their names; those that cannot be used, too.

    Raises:
        UserError: the folder cannot be read.
    """
    if folder.problem:
        raise UserError(folder.problem)
    found = []
    for name, manifest in _manifests(folder.path):
        found.append(_open_model(name, folder.path, manifest))
        if len(found) == _MAX_MODELS:
            break
    return sorted(found, key=lambda model: model.name)


def unfinished_downloads(folder: OllamaFolder) -> list[str]:
    """The names of files that Ollama has begun to download."""
    return sorted(entry.name for entry in _entries(folder.path / "blobs") if _PARTIAL.fullmatch(entry.name))


def find_models(name: str, folders: list[OllamaFolder]) -> list[OllamaModel]:
    """The models that a person means by `name`: `llama3.2-vision`, `llama3.2-vision:11b`, `hf.co/org/name:Q4_K_M`.

    A name without a tag means `latest`, as Ollama has it, or the only tag that there is.
    """
    parsed = _NAME.fullmatch(name)
    if parsed is None:
        return []
    models = [model for folder in folders if not folder.problem for model in list_models(folder)]
    tag = parsed["tag"]
    stem = name if tag is None else name[: -len(tag) - 1]
    stem = stem.removeprefix(f"{DEFAULT_HOST}/").removeprefix(f"{DEFAULT_NAMESPACE}/").lower()
    of_name = [model for model in models if model.name.rpartition(":")[0].lower() == stem]
    tag = tag or (DEFAULT_TAG if any(model.name.endswith(f":{DEFAULT_TAG}") for model in of_name) else None)
    return [model for model in of_name if tag is None or model.name.rpartition(":")[2].lower() == tag.lower()]


def model_of_blob(path: Path) -> list[OllamaModel]:
    """The models that a file in a folder's `blobs` is a part of; none for any other file."""
    folder = look_at(path.parent.parent) if is_blob(path) else None
    if folder is None or folder.problem:
        return []
    blob = path.resolve()
    return [model for model in list_models(folder) if blob in (model.model, model.projector)]


def digest_of(path: Path) -> str:
    """The SHA-256 that Ollama names a file of its by; empty for any other file."""
    found = _DIGEST.fullmatch(path.name)
    return found[1].lower() if found else ""


def is_blob(path: Path) -> bool:
    """Whether a file has the name of one of Ollama's."""
    return bool(digest_of(path))


def is_unfinished(path: Path) -> bool:
    """Whether a file has the name of a download that Ollama has not finished."""
    return path.name.startswith("sha256") and "-partial" in path.name


def _manifests(folder: Path) -> Iterator[tuple[str, Path]]:
    """Names of models and the files that describe them: `manifests/HOST/NAMESPACE/MODEL/TAG`."""
    for host in _folders(folder / "manifests", _IS_HOST):
        for namespace in _folders(host, _IS_PART):
            for model in _folders(namespace, _IS_PART):
                for entry in _entries(model):
                    if entry.is_file(follow_symlinks=False) and _IS_PART.fullmatch(entry.name):
                        yield _display_name(host.name, namespace.name, model.name, entry.name), Path(entry.path)


def _folders(parent: Path, valid: re.Pattern[str]) -> Iterator[Path]:
    for entry in _entries(parent):
        if entry.is_dir(follow_symlinks=False) and valid.fullmatch(entry.name):
            yield Path(entry.path)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:  # it went away, or belongs to somebody else
        return []


def _display_name(host: str, namespace: str, model: str, tag: str) -> str:
    if host != DEFAULT_HOST:
        return f"{host}/{namespace}/{model}:{tag}"
    return f"{model}:{tag}" if namespace == DEFAULT_NAMESPACE else f"{namespace}/{model}:{tag}"


# One model


def _open_model(name: str, folder: Path, manifest: Path) -> OllamaModel:
    try:
        layers = _read_layers(manifest)
        files = {kind: [_blob(name, folder, one) for one in layers.get(kind, [])] for kind in ("model", "projector")}
        _check_layers(name, layers)
    except UserError as error:
        return OllamaModel(name, folder, problem=str(error))
    models, projectors = files["model"], files["projector"]
    n_bytes = sum(path.stat().st_size for path in (*models, *projectors))
    return OllamaModel(name, folder, models[0], projectors[0] if projectors else None, n_bytes)


def _check_layers(name: str, layers: dict[str, list[dict[str, Any]]]) -> None:
    if layers.get("tensor"):
        raise UserError(f"{name} is stored as safetensors for Ollama's MLX engine, which cannot be imported.")
    if not layers.get("model"):
        raise UserError(f"{name} has no model file on this disk (it runs in Ollama's cloud, or is not whole).")
    if layers.get("adapter"):
        raise UserError(f"{name} has a LoRA adapter beside its model, which cannot be imported; import its base model.")
    if len(layers["model"]) > 1 or len(layers.get("projector", [])) > 1:
        raise UserError(f"{name} consists of several model files, which cannot be imported.")


def _read_layers(manifest: Path) -> dict[str, list[dict[str, Any]]]:
    """The layers of a manifest by kind (`model`, `projector`, ...)."""
    try:
        if check_ordinary(manifest).st_size > _MAX_MANIFEST_BYTES:
            raise _broken(manifest, f"with more than {_MAX_MANIFEST_BYTES >> 20} MiB it has no list of `layers`")
        content = parse_json(read_bytes(manifest, _MAX_MANIFEST_BYTES))
    except BadJsonError as error:
        raise _broken(manifest, f"it is not JSON: it {error}") from None
    layers = content.get("layers") or [] if isinstance(content, dict) else None  # of models in the cloud: null
    if not isinstance(layers, list) or len(layers) > _MAX_LAYERS:
        raise _broken(manifest, "it has no list of `layers`")
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for layer in layers:
        if not isinstance(layer, dict) or not isinstance(layer.get("mediaType"), str):
            raise _broken(manifest, "a layer has no `mediaType`")
        if layer["mediaType"].startswith(_KIND):
            by_kind.setdefault(layer["mediaType"].removeprefix(_KIND), []).append(layer)
    for kind in ("model", "projector"):
        for layer in by_kind.get(kind, []):
            _check_layer(manifest, kind, layer)
    return by_kind


def _check_layer(manifest: Path, kind: str, layer: dict[str, Any]) -> None:
    digest, size = layer.get("digest"), layer.get("size")
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise _broken(manifest, f"the `digest` of its {kind} is not sha256 and 64 hexadecimal digits")
    if type(size) is not int or not 0 < size < 1 << 50:
        raise _broken(manifest, f"the `size` of its {kind} is not a number of bytes")


def _blob(name: str, folder: Path, layer: dict[str, Any]) -> Path:
    """The file of a layer, which must be an ordinary one inside the folder and as large as the manifest says."""
    blobs = (folder / "blobs").resolve()
    if not blobs.is_relative_to(folder):
        raise UserError(
            f"{name}: {folder / 'blobs'} is a link that leads out of Ollama's folder; name its file itself."
        )
    matched = _DIGEST.fullmatch(layer["digest"])
    assert matched is not None
    digits = matched[1]
    spellings = [f"sha256{mark}{one}" for one in dict.fromkeys((digits, digits.lower())) for mark in "-:"]
    path = next((blobs / one for one in spellings if os.path.lexists(blobs / one)), None)
    if path is None:
        is_partial = any(os.path.lexists(blobs / f"{one}-partial") for one in spellings)
        what = "is not downloaded whole" if is_partial else f"lacks its file {spellings[0]}"
        raise UserError(f"{name} {what}: run `ollama pull {name}` first.")
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode) and not path.resolve().is_relative_to(blobs):
        raise UserError(f"{name}: {path} is a link that leads out of Ollama's folder; name its file itself.")
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise UserError(f"{name}: {path} is not an ordinary file.")
    if found.st_size != layer["size"]:
        raise UserError(
            f"{name} is not whole: {path.name} has {found.st_size:,} bytes of {layer['size']:,}: "
            f"run `ollama pull {name}` first."
        )
    if not os.access(path, os.R_OK):
        raise UserError(_no_permission(folder))
    return path.resolve()


def _broken(manifest: Path, how: str) -> UserError:
    return UserError(f"Ollama's manifest {manifest} is damaged ({how}).")
