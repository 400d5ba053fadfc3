"""From a name to a model in the library, and what is left when it does not get that far."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from desktop_vlm.acquire import pull_plan
from desktop_vlm.acquire.pull import pull
from desktop_vlm.acquire.pull_plan import key_of, prepare
from desktop_vlm.acquire.target import read_target
from desktop_vlm.acquire.verify import verify
from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.api.progress import JobProgress
from desktop_vlm.convert import ModelFiles
from desktop_vlm.hub.access import Access
from desktop_vlm.models.library import ModelsFolder
from desktop_vlm.models.partial import find_partial
from desktop_vlm.runtime.ggml.gguf_reader import read_gguf
from tests.acquire.conftest import CHECKPOINT, PAIR
from tests.hub.faults import answer_with, slow
from tests.hub.server import HubServer
from tests.ollama import write_old_form


def visible(folder: ModelsFolder) -> list[str]:
    return sorted(path.name for path in folder.path.glob("*") if not path.name.startswith("."))


def test_a_finished_pair_arrives_with_its_record(
    hub_with_pair: HubServer, pair: ModelFiles, folder: ModelsFolder, access: Access
) -> None:
    seen: list[JobProgress] = []
    model, was_here = pull(read_target(PAIR), folder, access, seen.append)
    assert not was_here
    assert (model.id, model.name, model.family) == ("tiny-gguf-q4_k_m", "Tiny-GGUF", "mllama")
    assert (model.text_type, model.vision_type) == ("Q4_K_M", "Q8_0")
    assert model.files.text.read_bytes() == pair.text.read_bytes()
    assert model.files.mmproj
    assert model.files.mmproj.read_bytes() == pair.mmproj.read_bytes()
    assert (model.text_bytes, model.mmproj_bytes) == (pair.text.stat().st_size, pair.mmproj.stat().st_size)
    assert (model.origin.kind, model.origin.source) == ("hub", PAIR)
    assert model.origin.commit == hub_with_pair.repositories[PAIR].commit
    assert model.is_owned
    assert model.problem == ""
    record = json.loads((folder.path / model.id / "model.json").read_text(encoding="utf-8"))
    assert record["text"]["sha256"] == hashlib.sha256(pair.text.read_bytes()).hexdigest()
    assert {path.name for path in (folder.path / model.id).iterdir()} == {
        "model.json",
        "tiny-Q4_K_M.gguf",
        "mmproj-tiny-Q8_0.gguf",
    }
    assert [one.stage for one in seen if one.stage == "ask"]
    assert seen[-1].done_bytes == seen[-1].total_bytes == model.n_bytes


@pytest.mark.usefixtures("hub_with_checkpoint")
def test_a_checkpoint_is_converted_into_the_library(folder: ModelsFolder, access: Access) -> None:
    model, _ = pull(read_target(f"{CHECKPOINT}:q8_0"), folder, access)
    assert (model.id, model.text_type, model.vision_type, model.family) == ("tiny-q8_0", "Q8_0", "Q8_0", "mllama")
    record = json.loads((folder.path / model.id / "model.json").read_text(encoding="utf-8"))
    assert record["text"]["sha256"] == hashlib.sha256(model.files.text.read_bytes()).hexdigest()
    assert visible(folder) == ["tiny-q8_0"]
    assert len(list((folder.path / model.id).iterdir())) == 3


def test_what_is_here_already_is_not_asked_for_again(
    hub_with_pair: HubServer, folder: ModelsFolder, access: Access
) -> None:
    first, _ = pull(read_target(PAIR), folder, access)
    n_asked = len(hub_with_pair.seen)
    second, was_here = pull(read_target(f"{PAIR}:q4_k_m"), folder, Access(access.endpoint, forbidden_by="--offline"))
    assert was_here
    assert second == first
    assert len(hub_with_pair.seen) == n_asked


@pytest.mark.usefixtures("hub_with_pair")
def test_another_type_is_another_model(folder: ModelsFolder, access: Access) -> None:
    pull(read_target(PAIR), folder, access)
    model, was_here = pull(read_target(f"{PAIR}:F16"), folder, access)
    assert not was_here
    assert visible(folder) == ["tiny-gguf-f16", "tiny-gguf-q4_k_m"]
    assert model.text_type == "F16"


@pytest.mark.usefixtures("hub_with_pair")
def test_a_damaged_model_is_replaced(folder: ModelsFolder, access: Access) -> None:
    first, _ = pull(read_target(PAIR), folder, access)
    first.files.text.write_bytes(b"GGUF and nothing else")
    second, was_here = pull(read_target(PAIR), folder, access)
    assert not was_here
    assert second.id == first.id == "tiny-gguf-q4_k_m"
    assert second.problem == ""
    assert visible(folder) == [first.id]


class Stopper:
    """A listener that stops a download after some bytes."""

    def __init__(self, after_bytes: int) -> None:
        self.after_bytes = after_bytes

    def __call__(self, progress: JobProgress) -> None:
        if progress.stage == "download" and progress.done_bytes >= self.after_bytes:
            raise Cancelled("stopped")


def test_a_stopped_download_is_listed_and_goes_on_where_it_was(
    hub_with_pair: HubServer, pair: ModelFiles, folder: ModelsFolder, access: Access
) -> None:
    hub_with_pair.misbehave("*.gguf", slow(4_000_000))
    with pytest.raises(Cancelled):
        pull(read_target(PAIR), folder, access, Stopper(2_000_000))
    assert visible(folder) == []
    (partial,) = find_partial(folder)
    assert (partial.name, partial.source, partial.id) == ("Tiny-GGUF Q4_K_M", PAIR, key_of(read_target(PAIR)))
    assert partial.total_bytes == pair.text.stat().st_size + pair.mmproj.stat().st_size
    assert 1_500_000 < partial.done_bytes < partial.total_bytes
    hub_with_pair.behave()
    before = sum(one.sent_bytes for one in hub_with_pair.seen)
    model, _ = pull(read_target(partial.source, partial.text_type, partial.vision_type), folder, access)
    assert model.files.text.read_bytes() == pair.text.read_bytes()
    sent = sum(one.sent_bytes for one in hub_with_pair.seen) - before
    assert sent < partial.total_bytes - 1_000_000
    assert find_partial(folder) == ()


def test_a_stopped_download_can_be_discarded(hub_with_pair: HubServer, folder: ModelsFolder, access: Access) -> None:
    hub_with_pair.misbehave("*.gguf", slow(400_000))
    with pytest.raises(Cancelled):
        pull(read_target(PAIR), folder, access, Stopper(1))
    (partial,) = find_partial(folder)
    folder.discard(partial.id)
    assert find_partial(folder) == ()
    with pytest.raises(UserError, match="no stopped download"):
        folder.discard(partial.id)
    with pytest.raises(UserError, match="no stopped download"):
        folder.discard("../models")


@pytest.mark.usefixtures("hub_with_pair")
def test_two_processes_do_not_get_one_model(folder: ModelsFolder, access: Access) -> None:
    with folder.working(key_of(read_target(PAIR))), pytest.raises(UserError, match="Another process is getting"):
        pull(read_target(PAIR), folder, access)


def test_no_room_is_said_before_the_first_byte(
    hub_with_pair: HubServer, folder: ModelsFolder, access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pull_plan, "free_bytes", lambda _: 1000)
    with pytest.raises(UserError, match=r"has 0\.0 GB free, but Tiny-GGUF in Q4_K_M needs 0\.0 GB"):
        pull(read_target(PAIR), folder, access)
    assert hub_with_pair.content_requests("*.gguf") == []
    assert not folder.path.exists()


def test_a_plan_says_sizes_and_fetches_no_weights(
    hub_with_pair: HubServer, pair: ModelFiles, folder: ModelsFolder, access: Access
) -> None:
    plan = prepare(read_target(PAIR), folder, access).plan
    n_bytes = pair.text.stat().st_size + pair.mmproj.stat().st_size
    assert (plan.download_bytes, plan.output_bytes, plan.peak_bytes) == (n_bytes, n_bytes, n_bytes)
    assert not plan.is_converted
    assert not plan.is_gated
    assert plan.has_room
    assert hub_with_pair.content_requests("*.gguf") == []
    assert not folder.path.exists()


@pytest.mark.usefixtures("hub_with_pair")
def test_types_that_are_not_there_are_named(folder: ModelsFolder, access: Access) -> None:
    with pytest.raises(UserError, match=r"has no language model in Q5_K_M; there are: F16, Q4_K_M\."):
        pull(read_target(f"{PAIR}:Q5_K_M"), folder, access)
    with pytest.raises(UserError, match=r"has no vision projector in F16; there are: Q8_0\."):
        pull(read_target(PAIR, vision_type="f16"), folder, access)


def test_a_pair_without_projector_says_that_it_sees_nothing(
    hub: HubServer, pair: ModelFiles, folder: ModelsFolder, access: Access
) -> None:
    hub.add(PAIR, {"model.Q8_0.gguf": pair.text})
    assert prepare(read_target(PAIR), folder, access).plan.notes == (
        "It has no vision projector: it chats, and sees no images.",
    )
    model, _ = pull(read_target(PAIR), folder, access)
    assert not model.sees_images


def test_files_that_are_no_models_are_not_kept(hub: HubServer, folder: ModelsFolder, access: Access) -> None:
    hub.add(PAIR, {"model.Q8_0.gguf": b"not a model at all"})
    with pytest.raises(UserError, match="GGUF"):
        pull(read_target(PAIR), folder, access)
    assert visible(folder) == []
    assert find_partial(folder) == ()


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"README.md": b"# Nothing"}, "holds no checkpoint .* and no GGUF"),
        ({"a-00001-of-00002.gguf": b"GGUF", "a-00002-of-00002.gguf": b"GGUF"}, "is split into parts"),
    ],
)
def test_what_cannot_be_got_is_said(
    files: dict[str, bytes | Path], sentence: str, hub: HubServer, folder: ModelsFolder, access: Access
) -> None:
    hub.add(PAIR, files)
    with pytest.raises(UserError, match=sentence):
        pull(read_target(PAIR), folder, access)
    assert not folder.path.exists()


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
def test_a_refusing_hub_leaves_nothing(
    status: int, hub_with_pair: HubServer, folder: ModelsFolder, access: Access
) -> None:
    hub_with_pair.misbehave("*", answer_with(status), where="api")
    with pytest.raises(UserError):
        pull(read_target(PAIR), folder, access)
    assert not folder.path.exists()


@pytest.mark.usefixtures("hub_with_pair")
def test_a_read_only_folder_is_said(tmp_path: Path, access: Access) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    folder = ModelsFolder(tmp_path / "file" / "models")
    with pytest.raises(UserError, match="choose another models folder"):
        pull(read_target(PAIR), folder, access)


def test_a_pair_in_ollamas_layout_is_taken_over(
    hub: HubServer, pair: ModelFiles, folder: ModelsFolder, access: Access, tmp_path: Path
) -> None:
    """GIVEN files as `leafspark` publishes them THEN the engine's own layout is installed, and no other file."""
    foreign = write_old_form(pair, tmp_path)
    assert foreign.projector
    hub.add(PAIR, {"Tiny.Q4_K_M.gguf": foreign.model, "Tiny-mmproj.f16.gguf": foreign.projector})
    stages: list[JobProgress] = []
    model, _ = pull(read_target(PAIR), folder, access, stages.append)
    assert {one.stage for one in stages} == {"ask", "download", "copy", "verify"}
    assert model.family == "mllama"
    assert model.files.mmproj
    assert read_gguf(model.files.text).architecture == "llama"
    assert verify(folder, model, lambda _: None).problems == ()
    assert {path.name for path in (folder.path / model.id).iterdir()} == {
        "model.json",
        model.files.text.name,
        model.files.mmproj.name,
    }


def test_a_revision_is_got_once(hub_with_pair: HubServer, folder: ModelsFolder, access: Access) -> None:
    commit = hub_with_pair.repositories[PAIR].commit
    first, _ = pull(read_target(f"{PAIR}@{commit}"), folder, access)
    for name in (f"{PAIR}@{commit[:8]}", f"{PAIR}@main", PAIR):
        again, was_here = pull(read_target(name), folder, access)
        assert was_here, name
        assert again == first


def test_files_in_folders_of_the_repository_lie_beside_each_other_here(
    hub: HubServer, pair: ModelFiles, folder: ModelsFolder, access: Access
) -> None:
    hub.add(PAIR, {"Q4_K_M/a-Q4_K_M.gguf": pair.text, "vision/mmproj-a-F16.gguf": pair.mmproj})
    model, _ = pull(read_target(PAIR), folder, access)
    assert {path.name for path in (folder.path / model.id).iterdir()} == {
        "model.json",
        "a-Q4_K_M.gguf",
        "mmproj-a-F16.gguf",
    }


@pytest.mark.usefixtures("hub_with_checkpoint")
def test_an_older_version_of_a_checkpoint_is_not_taken_for_the_newest(folder: ModelsFolder, access: Access) -> None:
    with pytest.raises(UserError, match="only the newest version can be had"):
        pull(read_target(f"{CHECKPOINT}@main"), folder, access)
