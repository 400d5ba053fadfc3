"""Where checkpoints come from: folders, and a hub on this computer."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import huggingface_hub
import pytest

from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.cli.main import main
from desktop_vlm.conversion.source import Fetch, resolve
from desktop_vlm.conversion.weight_files import WeightFiles
from desktop_vlm.convert import Downloads, convert, plan
from desktop_vlm.hub.access import Access
from desktop_vlm.hub.cache import CachedRepository
from desktop_vlm.hub.listing import list_repository
from desktop_vlm.hub.progress import DownloadProgress
from tests.checkpoints import BETA, GAMMA, build
from tests.checkpoints.families import FAMILY_CHECKPOINTS, build_family
from tests.hub.faults import Fault, answer_with, ignore_range
from tests.hub.server import HubServer

ID = "some-org/Some-Vision-Model"
SETTINGS = [
    "chat_template.json",
    "config.json",
    "generation_config.json",
    "preprocessor_config.json",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
]


pytestmark = pytest.mark.usefixtures("hub_cache", "small_pieces")


@pytest.fixture
def downloads(access: Access) -> Downloads:
    return Downloads(lambda: access)


def fetched(hub: HubServer) -> list[str]:
    """The files whose content was sent, once for each time."""
    return sorted(one.file for one in hub.content_requests())


@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        (
            answer_with(401),
            rf"{ID} is no folder here, and there is no repository {ID} on the hub.*: check the spelling",
        ),
        (answer_with(404), rf"{ID} is no folder here, and there is no repository {ID} on the hub"),
        (answer_with(403), r"does not let you read .* \(HTTP 403\): put an access token into HF_TOKEN or run `hf auth"),
        (answer_with(503), r"The hub at 127\.0\.0\.1 answered HTTP 503 for some-org/.*: try again later\.$"),
        (
            answer_with(429, retry_after="900"),
            r"too many requests from here: try again in 15 minutes, or put an access",
        ),
    ],
)
def test_every_refusal_is_a_sentence(
    hub: HubServer, downloads: Downloads, tmp_path: Path, fault: Fault, pattern: str
) -> None:
    hub.add(ID, {"config.json": b"{}"})
    hub.misbehave(ID, fault, where="api")
    for work in (plan, convert):
        with pytest.raises(UserError, match=pattern) as caught:
            work(ID, tmp_path / "out", downloads=downloads)
        assert "\n" not in str(caught.value)


def test_a_gated_repository_says_where_its_licence_is(hub: HubServer, downloads: Downloads) -> None:
    hub.add(ID, {"config.json": b"{}"}, gated="manual")
    with pytest.raises(UserError, match=rf"{ID} is gated: accept its licence on .*/{ID}, then put .* into HF_TOKEN or"):
        resolve(ID, downloads)


def test_without_a_network(hub: HubServer, downloads: Downloads) -> None:
    hub.close()
    with pytest.raises(UserError, match=rf"{ID} is no folder here, and 127\.0\.0\.1 cannot be reached .connection ref"):
        resolve(ID, downloads)


def test_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(UserError, match="is not in the local cache and HF_HUB_OFFLINE forbids downloading: unset it"):
        resolve(ID)
    monkeypatch.delenv("HF_HUB_OFFLINE")
    assert main(["convert", "--offline", ID, str(tmp_path / "out")]) == 2
    assert "and --offline forbids downloading: leave it out" in capsys.readouterr().err


def test_the_weights_are_downloaded_only_to_convert(hub: HubServer, downloads: Downloads, tmp_path: Path) -> None:
    folder = build(BETA, tmp_path / "beta")
    hub.add_folder(ID, folder)
    # a plan needs the settings and a header, and its sizes are right nevertheless
    before = plan(ID, tmp_path / "out", downloads=downloads)
    assert set(fetched(hub)) == {*SETTINGS, "model.safetensors"}
    headers = hub.sent_bytes("model.safetensors")
    assert headers < 50_000
    files = convert(ID, tmp_path / "out", downloads=downloads)
    assert hub.sent_bytes("model.safetensors") == 2 * headers + (folder / "model.safetensors").stat().st_size
    assert files.text.name == "Some-Vision-Model-text-Q4_K_M.gguf"
    assert [f.n_bytes for f in before.files] == [p.stat().st_size for p in (files.text, files.mmproj)]
    # and although the weights are gone, it knows that the files are finished
    hub.seen.clear()
    assert all(file.is_finished for file in plan(ID, tmp_path / "out", downloads=downloads).files)
    assert (set(fetched(hub)), hub.sent_bytes()) == ({"model.safetensors"}, headers)


def test_a_repository_with_an_index_is_planned_without_its_weights(
    hub: HubServer, downloads: Downloads, tmp_path: Path
) -> None:
    """GIVEN a repository of several shards THEN their index is not taken for them, and their headers are read."""
    folder = build(GAMMA, tmp_path / "gamma")
    hub.add_folder(ID, folder)
    before = plan(ID, tmp_path / "out", downloads=downloads)
    shards = sorted(path.name for path in folder.glob("*.safetensors"))
    assert fetched(hub) == sorted([*SETTINGS, "model.safetensors.index.json", *shards])
    whole = plan(folder, tmp_path / "out")
    assert [file.n_bytes - len(file.layout.header) for file in before.files] == [
        file.n_bytes - len(file.layout.header) for file in whole.files
    ]
    # one shard of three is not all of them
    listing = list_repository(ID, downloads.access())
    CachedRepository(ID).fetch(listing, listing.select(["model-00001*"]))
    assert plan(ID, tmp_path / "out", downloads=downloads).remote is not None
    # what an index says counts less than what is there
    index = folder / "model.safetensors.index.json"
    index.write_text(index.read_text(encoding="utf-8").replace("layers.1.mlp.up_proj", "layers.1.mlp.up"), "utf-8")
    hub.add_folder(ID, folder)
    assert [one.n_bytes for one in plan(ID, tmp_path, downloads=downloads).files] == [f.n_bytes for f in before.files]


def test_of_two_layouts_only_one_is_downloaded(hub: HubServer, downloads: Downloads, tmp_path: Path) -> None:
    """GIVEN a repository with all weights in two layouts THEN those of the layout that is converted are fetched."""
    both = build_family(FAMILY_CHECKPOINTS["pixtral-mistral"], tmp_path / "both")
    for repo_id, weights in (("some-org/mistral", "consolidated.safetensors"), ("some-org/hf", "model.safetensors")):
        if repo_id == "some-org/hf":
            build_family(FAMILY_CHECKPOINTS["pixtral"], both)
        hub.add_folder(repo_id, both)
        hub.seen.clear()
        files = convert(repo_id, tmp_path / "out" / repo_id, text_type="F32", downloads=downloads)
        assert {name for name in fetched(hub) if name.endswith(".safetensors")} == {weights}
        assert files.text.is_file()


def test_weights_in_folders_are_left_where_they_are(hub: HubServer, downloads: Downloads, tmp_path: Path) -> None:
    folder = build(BETA, tmp_path / "beta")
    for name in ("original/params.json", "original/weights.safetensors", "onnx/config.json"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"{}")
    hub.add_folder(ID, folder)
    convert(ID, tmp_path / "out", text_type="F32", downloads=downloads)
    assert set(fetched(hub)) == {*SETTINGS, "model.safetensors"}


def test_another_kind_of_model_is_refused_before_its_weights_are_downloaded(
    hub: HubServer, downloads: Downloads, tmp_path: Path
) -> None:
    folder = build(BETA, tmp_path / "beta")
    (folder / "config.json").write_text('{"model_type": "gemma3"}', encoding="utf-8")
    hub.add_folder(ID, folder)
    with pytest.raises(UserError, match="describes a `gemma3` model"):
        convert(ID, tmp_path / "out", downloads=downloads)
    assert fetched(hub) == SETTINGS


def test_a_download_is_shown_and_can_be_stopped(hub: HubServer, access: Access, tmp_path: Path) -> None:
    hub.add_folder(ID, build(BETA, tmp_path / "beta"))

    def stop_at_the_settings(progress: DownloadProgress) -> None:
        if progress.file:
            raise Cancelled

    with pytest.raises(Cancelled):
        convert(ID, tmp_path / "out", downloads=Downloads(lambda: access, stop_at_the_settings))
    assert not (tmp_path / "out").exists()


# The folder that all programs share


def test_what_the_hubs_own_client_downloaded_is_used(
    hub: HubServer, downloads: Downloads, tmp_path: Path, hub_cache: Path
) -> None:
    hub.add_folder(ID, build(BETA, tmp_path / "beta"))
    theirs = Path(huggingface_hub.snapshot_download(ID, endpoint=hub.endpoint, cache_dir=hub_cache, token=False))
    assert (theirs / "model.safetensors").is_file()
    hub.seen.clear()
    convert(ID, tmp_path / "out", text_type="F32", downloads=downloads)
    assert fetched(hub) == []
    # also where the hub cannot be asked
    hub.close()
    found = resolve(ID, downloads)
    assert (found.folder, found.has_weights) == (theirs, True)
    offline = Downloads(lambda: Access(hub.endpoint, forbidden_by="--offline"))
    assert all(file.is_finished for file in plan(ID, tmp_path / "out", text_type="F32", downloads=offline).files)


def test_the_hubs_own_client_finds_what_was_downloaded(
    hub: HubServer, downloads: Downloads, tmp_path: Path, hub_cache: Path
) -> None:
    folder = build(BETA, tmp_path / "beta")
    hub.add_folder(ID, folder)
    hub.misbehave("*.safetensors", ignore_range)
    convert(ID, tmp_path / "out", text_type="F32", downloads=downloads)
    hub.seen.clear()
    theirs = Path(
        huggingface_hub.snapshot_download(
            ID, endpoint=hub.endpoint, cache_dir=hub_cache, token=False, allow_patterns=["*.json", "*.safetensors"]
        )
    )
    assert fetched(hub) == []
    assert (theirs / "model.safetensors").read_bytes() == (folder / "model.safetensors").read_bytes()


def test_a_new_commit_fetches_only_what_changed(hub: HubServer, downloads: Downloads, tmp_path: Path) -> None:
    folder = build(BETA, tmp_path / "beta")
    hub.add_folder(ID, folder)
    with ExitStack() as resources:
        resolve(ID, downloads).with_weights(WeightFiles(), Fetch.ALL, resources)
    hub.seen.clear()
    (folder / "config.json").write_text((folder / "config.json").read_text() + " ", encoding="utf-8")
    hub.add_folder(ID, folder, commit="b" * 40)
    with ExitStack() as resources:
        found = resolve(ID, downloads).with_weights(WeightFiles(), Fetch.ALL, resources)
    assert (found.folder.name, fetched(hub)) == ("b" * 40, ["config.json"])
    assert (found.folder / "model.safetensors").read_bytes() == (folder / "model.safetensors").read_bytes()


# Folders and files


def test_names_of_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = tmp_path / "models--some-org--Some-Model" / "snapshots" / "0123abc"
    snapshot.mkdir(parents=True)
    assert resolve(snapshot).name == "Some-Model"
    odd = build(BETA, tmp_path / "My model (copy)")
    assert plan(odd, tmp_path).files[0].path.name == "My-model-copy-text-Q4_K_M.gguf"
    monkeypatch.chdir(odd)
    assert resolve(".").name == "My model (copy)"


@pytest.mark.parametrize("source", ["nowhere", "./nowhere", "/no/where/at/all", "a/b/c", "org/", "org/a--b"])
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
