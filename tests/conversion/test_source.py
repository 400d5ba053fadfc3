"""Where checkpoints come from; the hub is replaced by its client's real exceptions."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub import errors

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.source import resolve
from desktop_vlm.convert import convert, plan
from tests.checkpoints import BETA, GAMMA, build
from tests.checkpoints.families import FAMILY_CHECKPOINTS, build_family

ID = "some-org/Some-Vision-Model"


class _Answer:
    """As much of an HTTP response as the exceptions look at."""

    def __init__(self, status_code: int) -> None:
        self.status_code = status_code
        self.headers: dict[str, str] = {}
        self.request = None


def http_error(kind: type[errors.HfHubHTTPError], status: int) -> errors.HfHubHTTPError:
    answer: Any = _Answer(status)
    return kind("a long\nmessage of several lines", response=answer)


def offline() -> errors.LocalEntryNotFoundError:
    error = errors.LocalEntryNotFoundError("Cannot find an appropriate cached snapshot folder")
    error.__cause__ = errors.OfflineModeIsEnabled("HF_HUB_OFFLINE=1")
    return error


def no_network() -> Exception:
    """What the installed client's HTTP library raises without a network."""
    library = __import__(errors.HfHubHTTPError.__mro__[1].__module__.split(".")[0])
    error: Exception = library.ConnectError("[Errno -3] Temporary failure in name resolution")
    return error


@pytest.mark.parametrize(
    ("error", "pattern"),
    [
        (
            http_error(errors.GatedRepoError, 403),
            rf"{ID} is gated: accept its licence on https://huggingface\.co/{ID}, then put .* into HF_TOKEN or run `hf",
        ),
        (http_error(errors.RepositoryNotFoundError, 401), r"no repository on the hub: check the spelling, or, if"),
        (http_error(errors.HfHubHTTPError, 401), r"The hub answered HTTP 401 for .*: put an access token into"),
        (http_error(errors.HfHubHTTPError, 503), r"The hub answered HTTP 503 for .*: try again later\.$"),
        (errors.HFValidationError("bad"), r"no valid repository name: check the spelling"),
        (errors.LocalEntryNotFoundError("no"), r"the hub cannot be reached: check the network connection"),
        (offline(), r"is not in the local cache and HF_HUB_OFFLINE forbids downloading: unset it"),
        (errors.OfflineModeIsEnabled("no"), r"is not in the local cache and HF_HUB_OFFLINE forbids"),
        (no_network(), r"the hub cannot be reached: check the network connection"),
        (OSError(28, "No space left on device"), r"Downloading .* failed: .*No space left on device"),
    ],
)
def test_every_refusal_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception, pattern: str
) -> None:
    def refuse(*args: object, **options: object) -> str:
        del args, options
        raise error

    monkeypatch.setattr(huggingface_hub, "snapshot_download", refuse)
    for work in (plan, convert):
        with pytest.raises(UserError, match=pattern) as caught:
            work(ID, tmp_path / "out")
        assert "\n" not in str(caught.value)


def test_a_bug_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> str:
        del args, options
        raise KeyError("bug")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fail)
    with pytest.raises(KeyError):
        resolve(ID)


class _Hub:
    """A repository on disk, handed out by the patterns asked for."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder, self.cache = folder, cache
        self.asked: list[list[str]] = []

    def snapshot_download(self, repo_id: str, *, allow_patterns: list[str], ignore_patterns: list[str]) -> str:
        assert (repo_id, ignore_patterns[0]) == (ID, "original/*")
        self.asked.append(allow_patterns)
        self.ignored = ignore_patterns[1:]
        snapshot = self.cache / "models--some-org--Some-Vision-Model" / "snapshots" / "0123abc"
        snapshot.mkdir(parents=True, exist_ok=True)
        for pattern in allow_patterns:
            for path in self.folder.glob(pattern):
                if not any(path.match(ignored) for ignored in ignore_patterns):
                    shutil.copy2(path, snapshot)
        return str(snapshot)


def test_the_weights_are_downloaded_only_to_convert(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hub = _Hub(build(BETA, tmp_path / "beta"), tmp_path / "cache")
    monkeypatch.setattr(huggingface_hub, "snapshot_download", hub.snapshot_download)
    # a plan needs the settings only, and its sizes are right nevertheless
    before = plan(ID, tmp_path / "out")
    assert before.checkpoint is None
    assert hub.asked == [["*.json", "*.jinja", "tokenizer.model"]]
    files = convert(ID, tmp_path / "out")
    assert hub.asked[-1] == ["*.json", "*.jinja", "tokenizer.model", "*.safetensors"]
    assert files.text.name == "Some-Vision-Model-text-Q4_K_M.gguf"
    assert [f.n_bytes for f in before.files] == [p.stat().st_size for p in (files.text, files.mmproj)]
    # and once the weights are in the cache, it knows that the files are finished
    assert all(file.is_finished for file in plan(ID, tmp_path / "out").files)


def test_a_repository_with_an_index_is_planned_without_its_weights(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """GIVEN a repository of several shards THEN their index is not taken for them, but its names are checked."""
    hub = _Hub(build(GAMMA, tmp_path / "gamma"), tmp_path / "cache")
    monkeypatch.setattr(huggingface_hub, "snapshot_download", hub.snapshot_download)
    before = plan(ID, tmp_path / "out")
    assert before.checkpoint is None
    whole = plan(hub.folder, tmp_path / "out")
    assert [file.n_bytes - len(file.layout.header) for file in before.files] == [
        file.n_bytes - len(file.layout.header) for file in whole.files
    ]
    # one shard of three is not all of them
    hub.snapshot_download(ID, allow_patterns=["model-00001*"], ignore_patterns=["original/*"])
    assert plan(ID, tmp_path / "out").checkpoint is None
    index = hub.folder / "model.safetensors.index.json"
    index.write_text(
        index.read_text(encoding="utf-8").replace("layers.1.mlp.up_proj", "layers.1.mlp.up"), encoding="utf-8"
    )
    with pytest.raises(
        UserError, match=r"tensor `.*layers\.1\.mlp\.up_proj\.weight` is missing .* download the checkpoint"
    ):
        plan(ID, tmp_path / "out")


def test_of_two_layouts_only_one_is_downloaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """GIVEN a repository with all weights in two layouts THEN those of the layout that is converted are fetched."""
    both = build_family(FAMILY_CHECKPOINTS["pixtral-mistral"], tmp_path / "both")
    for folder, weights, ignored in (
        ("both", "consolidated*.safetensors", []),
        ("hf", "*.safetensors", ["consolidated*"]),
    ):
        if folder == "hf":
            build_family(FAMILY_CHECKPOINTS["pixtral"], both)
        hub = _Hub(both, tmp_path / folder)
        monkeypatch.setattr(huggingface_hub, "snapshot_download", hub.snapshot_download)
        files = convert(ID, tmp_path / "out" / folder, text_type="F32")
        assert (hub.asked[-1][-1], hub.ignored) == (weights, ignored)
        assert files.text.is_file()


def test_another_kind_of_model_is_refused_before_its_weights_are_downloaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hub = _Hub(build(BETA, tmp_path / "beta"), tmp_path / "cache")
    (hub.folder / "config.json").write_text('{"model_type": "gemma3"}', encoding="utf-8")
    monkeypatch.setattr(huggingface_hub, "snapshot_download", hub.snapshot_download)
    with pytest.raises(UserError, match="describes a `gemma3` model"):
        convert(ID, tmp_path / "out")
    assert hub.asked == [["*.json", "*.jinja", "tokenizer.model"]]


def test_names_of_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = tmp_path / "models--some-org--Some-Model" / "snapshots" / "0123abc"
    snapshot.mkdir(parents=True)
    assert resolve(snapshot).name == "Some-Model"
    odd = build(BETA, tmp_path / "My model (copy)")
    assert plan(odd, tmp_path).files[0].path.name == "My-model-copy-text-Q4_K_M.gguf"
    monkeypatch.chdir(odd)
    assert resolve(".").name == "My model (copy)"


@pytest.mark.parametrize("source", ["nowhere", "./nowhere", "/no/where/at/all", "a/b/c", "org/"])
def test_neither_a_folder_nor_an_id(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=f"^{source} is no folder here, and no hub repository either"):
        resolve(source)


def test_a_file_is_no_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    with pytest.raises(UserError, match=r"model\.gguf is already a GGUF file: give the checkpoint's folder"):
        resolve(tmp_path / "model.gguf")
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(UserError, match=r"model\.safetensors is a file: give the checkpoint's folder"):
        resolve(tmp_path / "model.safetensors")
