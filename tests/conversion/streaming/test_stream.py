"""Conversion while downloading against conversion of the downloaded folder, from a hub that misbehaves."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.conversion.streaming.output import PartialFile
from desktop_vlm.convert import Downloads, ModelFiles, Progress, convert, convert_vision, discard, plan
from desktop_vlm.hub.access import Access, Patience
from desktop_vlm.runtime.resumable_sha256 import ResumableSha256
from tests.checkpoints import BETA, build
from tests.checkpoints.adapters import write_adapter
from tests.checkpoints.families import FAMILY_CHECKPOINTS, build_family
from tests.checkpoints.quantised import quantise_folder
from tests.checkpoints.seeded import read_stored, write_json, write_stored
from tests.conversion.conftest import BEGINNING_BYTES
from tests.conversion.streaming.usage import disk_bytes, header_bytes, values_of
from tests.hub.faults import answer_with, flip, ignore_range, reset, stall
from tests.hub.server import HubServer
from tests.quickest import best_s

ID = "org/vision"
pytestmark = pytest.mark.usefixtures("small_pieces", "hub_cache")


@pytest.fixture
def downloads(access: Access) -> Downloads:
    return Downloads(lambda: access)


@pytest.fixture
def folder(hub: HubServer, checkpoint_folder: Callable[[str], Path]) -> Path:
    """The checkpoint beta, which the hub has as well."""
    made = checkpoint_folder("beta")
    publish(hub, made)
    return made


@pytest.fixture(scope="module")
def expected(checkpoint_folder: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    """What becomes of beta's folder."""
    return convert(checkpoint_folder("beta"), tmp_path_factory.mktemp("expected"))


def publish(hub: HubServer, folder: Path) -> None:
    """Have a checkpoint on the hub, its digests computed: a test waits for no answer as long as that takes."""
    repository = hub.add_folder(ID, folder)
    for name in repository.files:
        repository.digests(name)


def assert_same(found: ModelFiles, expected: ModelFiles) -> None:
    for one, other in ((found.text, expected.text), (found.mmproj, expected.mmproj)):
        assert values_of(one) == values_of(other)


def header_requests(path: Path) -> int:
    """What is sent before the work, to read a header."""
    return BEGINNING_BYTES + (header_bytes(path) if header_bytes(path) > BEGINNING_BYTES else 0)


def assert_sent_once(hub: HubServer, *, again: int = 0) -> None:
    """All bytes of weights went out once, besides headers, which are read before, and `again` bytes."""
    for name, content in hub.repositories[ID].files.items():
        if name.endswith(".safetensors"):
            assert isinstance(content, Path)
            assert hub.sent_bytes(name) - content.stat().st_size <= header_requests(content) + again


@pytest.mark.parametrize("name", ["gamma", "llava-new", "pixtral", "pixtral-mistral", "qwen-tied"])
def test_every_family_becomes_the_same_as_from_its_folder(
    name: str,
    hub: HubServer,
    downloads: Downloads,
    tmp_path: Path,
    checkpoint_folder: Callable[[str], Path],
    small_pieces: Callable[[int, int], None],
) -> None:
    """Whole files are equal, but for what they say of where they come from."""
    small_pieces(300_000, 1_500_000)
    family = FAMILY_CHECKPOINTS.get(name)
    folder = build_family(family, tmp_path / name) if family else checkpoint_folder(name)
    publish(hub, folder)
    assert_same(convert(ID, tmp_path / "streamed", downloads=downloads), convert(folder, tmp_path / "local"))
    assert_sent_once(hub)
    assert list((tmp_path / "streamed").glob("*.partial")) == []


def swap_parts(folder: Path) -> None:
    """Have the small tensors of two shards in each other's file."""
    first, second = sorted(folder.glob("*.safetensors"))
    left, right = read_stored(first), read_stored(second)
    for here, there in ((left, right), (right, left)):
        for name in [name for name in here if ".absmax" in name and name not in there]:
            there[name] = here.pop(name)
    write_stored(first, left)
    write_stored(second, right)
    weight_map = dict.fromkeys(left, first.name) | dict.fromkeys(right, second.name)
    write_json(folder / "model.safetensors.index.json", {"weight_map": weight_map})


@pytest.mark.parametrize("way", ["twice", "once", "eight", "scattered"])
def test_what_bitsandbytes_quantised(way: str, hub: HubServer, downloads: Downloads, tmp_path: Path) -> None:
    """A tensor needs several of the file, which lie far apart, or in different files."""
    if way == "scattered":
        folder = build_family(FAMILY_CHECKPOINTS["qwen-tied"], tmp_path / "vision")
    else:
        folder = build(BETA, tmp_path / "vision")
    quantise_folder(folder, eight=way == "eight", twice=way != "once")
    if way == "scattered":
        swap_parts(folder)
    publish(hub, folder)
    assert_same(convert(ID, tmp_path / "streamed", downloads=downloads), convert(folder, tmp_path / "local"))
    assert hub.sent_bytes("*.safetensors") < 1.5 * sum(path.stat().st_size for path in folder.glob("*.safetensors"))


def test_an_adapter_of_a_base_on_the_hub(
    folder: Path, downloads: Downloads, tmp_path: Path, small_pieces: Callable[[int, int], None]
) -> None:
    small_pieces(300_000, 1_500_000)
    modules = ["model.language_model.layers.1.mlp.up_proj", "model.vision_model.transformer.layers.2.mlp.fc1"]
    write_adapter(tmp_path / "tuned", folder, modules)
    streamed = convert(tmp_path / "tuned", tmp_path / "streamed", base=ID, downloads=downloads)
    assert_same(streamed, convert(tmp_path / "tuned", tmp_path / "local", base=folder))


@pytest.mark.parametrize("types", [("F32", "F16"), ("Q6_K", "Q8_0")])
def test_every_kind_of_type(
    types: tuple[str, str], folder: Path, downloads: Downloads, tmp_path: Path, small_pieces: Callable[[int, int], None]
) -> None:
    small_pieces(1 << 20, 4 << 20)
    text, vision = types
    streamed = convert(ID, tmp_path / "streamed", text_type=text, vision_type=vision, downloads=downloads)
    assert_same(streamed, convert(folder, tmp_path / "local", text_type=text, vision_type=vision))


def test_the_mmproj_alone(hub: HubServer, folder: Path, downloads: Downloads, tmp_path: Path) -> None:
    found = convert_vision(ID, tmp_path / "streamed", downloads=downloads)
    assert values_of(found) == values_of(convert_vision(folder, tmp_path / "local"))
    assert_sent_once(hub)


@pytest.mark.parametrize("fault", [reset(after=70_000), answer_with(503)])
def test_connections_that_break_off(
    fault: Callable[..., None], hub: HubServer, folder: Path, downloads: Downloads, tmp_path: Path, expected: ModelFiles
) -> None:
    del folder
    hub.misbehave("*.safetensors", fault, times=4, skip=6)
    assert_same(convert(ID, tmp_path, downloads=downloads), expected)
    assert_sent_once(hub, again=300_000)  # what was on its way when the cable was cut


def test_a_server_that_forgets_parts_now_and_then(
    hub: HubServer, folder: Path, downloads: Downloads, tmp_path: Path, expected: ModelFiles
) -> None:
    """It sent parts before: that is no reason to download everything as a whole."""
    del folder
    hub.misbehave("*.safetensors", ignore_range, times=2, skip=8)
    notes: set[str] = set()
    listening = replace(downloads, listener=lambda progress: notes.add(progress.note))
    assert_same(convert(ID, tmp_path / "out", downloads=listening), expected)
    assert not any("whole files only" in note for note in notes)


def test_a_damaged_file_is_fetched_again_once(
    hub: HubServer,
    folder: Path,
    downloads: Downloads,
    tmp_path: Path,
    expected: ModelFiles,
    small_pieces: Callable[[int, int], None],
) -> None:
    small_pieces(500_000, 3_000_000)
    size = (folder / "model.safetensors").stat().st_size
    hub.misbehave("model.safetensors", flip(size // 2), times=3 + size // 500_000)
    notes: list[str] = []

    def listen(progress: Progress) -> None:
        notes.append(progress.download.note if progress.download else "")

    assert_same(convert(ID, tmp_path, progress=listen, downloads=downloads), expected)
    assert any("another content than the hub lists: it is fetched again" in note for note in notes)
    assert 1.9 * size < hub.sent_bytes("model.safetensors") < 2.2 * size


def test_a_file_that_is_damaged_twice_is_refused(
    hub: HubServer,
    folder: Path,
    downloads: Downloads,
    tmp_path: Path,
    expected: ModelFiles,
    small_pieces: Callable[[int, int], None],
) -> None:
    small_pieces(500_000, 3_000_000)
    hub.misbehave("model.safetensors", flip((folder / "model.safetensors").stat().st_size - 5))
    with pytest.raises(UserError, match=r"model\.safetensors of org/vision arrived twice with another content"):
        convert(ID, tmp_path, downloads=downloads)
    assert list(tmp_path.glob("*.gguf")) == []
    hub.behave()
    assert_same(convert(ID, tmp_path, downloads=downloads), expected)


def test_a_server_without_parts(
    hub: HubServer, folder: Path, downloads: Downloads, tmp_path: Path, expected: ModelFiles
) -> None:
    """Whole files are downloaded, which is said."""
    del folder
    hub.misbehave("*.safetensors", ignore_range)
    notes: set[str] = set()
    listening = replace(downloads, listener=lambda progress: notes.add(progress.note))
    assert_same(convert(ID, tmp_path / "out", downloads=listening), expected)
    assert any("sends whole files only: they are downloaded first" in note for note in notes)
    assert all(path.suffix == ".gguf" for path in (tmp_path / "out").iterdir())


class _StopAfter:
    """Stops a run after a number of reports."""

    def __init__(self, count: int) -> None:
        self.left = count

    def __call__(self, progress: Progress) -> None:
        del progress
        self.left -= 1
        if self.left < 0:
            raise Cancelled


@pytest.mark.skipif(not ResumableSha256().state, reason="the C part was not compiled: the test below is about that")
@pytest.mark.parametrize("every", [67])
def test_a_run_that_is_stopped_is_continued(
    every: int, hub: HubServer, folder: Path, downloads: Downloads, tmp_path: Path, expected: ModelFiles
) -> None:
    del folder
    for n_stops in range(200):
        assert n_stops == 0 or list(tmp_path.glob("*.partial/ledger.json"))
        try:
            found = convert(ID, tmp_path, progress=_StopAfter(every), downloads=downloads)
        except Cancelled:
            assert list(tmp_path.glob("*.gguf")) == []
        else:
            break
    assert n_stops >= 2
    assert_same(found, expected)
    assert_sent_once(hub, again=n_stops * (header_bytes_of(hub) + 4 * 64 * 1024))


def header_bytes_of(hub: HubServer) -> int:
    files = hub.repositories[ID].files.items()
    return sum(
        header_requests(path) for name, path in files if name.endswith(".safetensors") and isinstance(path, Path)
    )


def test_without_a_hash_that_can_be_saved_files_begin_again(
    monkeypatch: pytest.MonkeyPatch, folder: Path, downloads: Downloads, tmp_path: Path, expected: ModelFiles
) -> None:
    """As where the C part was not compiled: what was made of a file that is not verified is made again."""
    del folder
    monkeypatch.setattr("desktop_vlm.runtime.resumable_sha256._update_function", lambda: None)
    with pytest.raises(Cancelled):
        convert(ID, tmp_path, progress=_StopAfter(60), downloads=downloads)
    assert_same(convert(ID, tmp_path, downloads=downloads), expected)


def test_other_types_or_another_commit_begin_again(
    hub: HubServer, folder: Path, downloads: Downloads, tmp_path: Path, expected: ModelFiles
) -> None:
    del folder
    with pytest.raises(Cancelled):
        convert(ID, tmp_path, text_type="Q8_0", progress=_StopAfter(60), downloads=downloads)
    with pytest.raises(Cancelled):
        convert(ID, tmp_path, progress=_StopAfter(60), downloads=downloads)
    assert len(list(tmp_path.glob("*.partial"))) == 2
    hub.repositories.clear()
    other = tmp_path / "other"
    build(BETA, other, zero_gates=True)
    publish(hub, other)
    hub.seen.clear()
    found = convert(ID, tmp_path, downloads=downloads)
    assert_sent_once(hub)  # no piece of the former was taken for one of this
    assert values_of(found.mmproj) != values_of(expected.mmproj)
    assert_same(found, convert(other, tmp_path / "local"))


def test_what_is_left_can_be_discarded(folder: Path, downloads: Downloads, tmp_path: Path) -> None:
    del folder
    with pytest.raises(Cancelled):
        convert(ID, tmp_path, progress=_StopAfter(60), downloads=downloads)
    (tmp_path / "mine.partial").mkdir()
    (tmp_path / "mine.partial" / "notes.txt").write_text("mine", encoding="utf-8")
    discard(tmp_path)
    assert [path.name for path in tmp_path.glob("*.partial")] == ["mine.partial"]
    assert (tmp_path / "mine.partial" / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_file_that_is_finished_is_not_made_again(
    folder: Path, downloads: Downloads, tmp_path: Path, expected: ModelFiles
) -> None:
    del folder
    found = convert(ID, tmp_path, downloads=downloads)
    found.mmproj.unlink()
    written_ns = found.text.stat().st_mtime_ns
    assert_same(convert(ID, tmp_path, downloads=downloads), expected)
    assert found.text.stat().st_mtime_ns == written_ns


def test_a_server_that_says_nothing_can_be_left(
    monkeypatch: pytest.MonkeyPatch, hub: HubServer, folder: Path, access: Access, tmp_path: Path
) -> None:
    """Within a second, and what arrived is kept."""
    del folder
    monkeypatch.setattr("desktop_vlm.hub.progress._WINDOW_S", 1.0)  # after which it is seen that nothing comes
    out = tmp_path / "out"
    patient = Downloads(lambda: replace(access, patience=Patience()))
    stopped_s = 0.0

    def stop(progress: Progress) -> None:
        nonlocal stopped_s
        download = progress.download
        if progress.total_bytes and download and download.done_bytes > 100_000 and not download.rate:
            stopped_s = time.monotonic()
            raise Cancelled

    def seconds() -> float:
        hub.behave()
        hub.misbehave("*.safetensors", stall(after=50_000), skip=4)
        shutil.rmtree(out, ignore_errors=True)
        with pytest.raises(Cancelled):
            convert(ID, out, progress=stop, downloads=patient)
        return time.monotonic() - stopped_s

    assert best_s(seconds, 1.0) < 1.0
    assert list(out.glob("*.partial/pieces-*/*")) != []


def test_two_runs_do_not_write_the_same_files(folder: Path, downloads: Downloads, tmp_path: Path) -> None:
    del folder
    refusals: list[str] = []

    def convert_too(progress: Progress) -> None:
        if progress.total_bytes and not refusals:
            for work in (lambda: convert(ID, tmp_path, downloads=downloads), lambda: discard(tmp_path)):
                with pytest.raises(UserError) as caught:
                    work()
                refusals.append(str(caught.value))

    convert(ID, tmp_path, progress=convert_too, downloads=downloads)
    assert all("is running: wait for it to end" in sentence for sentence in refusals)
    assert len(refusals) == 2


def test_a_full_disk_is_a_sentence_and_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch, folder: Path, downloads: Downloads, tmp_path: Path, expected: ModelFiles
) -> None:
    del folder
    with monkeypatch.context() as full:
        writes = count()

        def write(self: PartialFile, *args: Any) -> None:
            if next(writes) == 30:
                self.close()
                self._file = open("/dev/full", "r+b", buffering=0)  # noqa: PTH123, SIM115 - closed by its owner
            original(self, *args)

        original = PartialFile.write
        full.setattr(PartialFile, "write", write)
        with pytest.raises(UserError, match="is full: make room"):
            convert(ID, tmp_path, downloads=downloads)
    assert_same(convert(ID, tmp_path, downloads=downloads), expected)


def test_room_is_checked_before_the_first_byte(
    monkeypatch: pytest.MonkeyPatch, hub: HubServer, folder: Path, downloads: Downloads, tmp_path: Path
) -> None:
    del folder
    usage = type("usage", (), {"free": 100_000})
    monkeypatch.setattr("desktop_vlm.conversion.streaming.run.shutil.disk_usage", lambda _: usage)
    with pytest.raises(UserError, match=r"has 0\.0 GB free, but the result and what is kept .* need 0\.0 GB"):
        convert(ID, tmp_path, downloads=downloads)
    assert hub.sent_bytes("*.safetensors") <= header_bytes_of(hub)


def test_the_disk_holds_the_result_and_a_window(
    folder: Path, downloads: Downloads, tmp_path: Path, small_pieces: Callable[[int, int], None]
) -> None:
    """And the settings, which are small in the real world. The larger the file, the less the window counts."""
    small_pieces(50_000, 300_000)
    result = sum(file.n_bytes for file in plan(folder, tmp_path).files)
    most = 0

    def measure(_progress: Progress) -> None:
        nonlocal most
        most = max(most, disk_bytes(tmp_path / "out"))

    convert(ID, tmp_path / "out", progress=measure, downloads=downloads)
    weights = (folder / "model.safetensors").stat().st_size
    assert 300_000 < most < result + 300_000 + 250_000 + 50_000 < weights


def test_the_listener_hears_of_both(folder: Path, downloads: Downloads, tmp_path: Path) -> None:
    seen: list[Progress] = []
    convert(ID, tmp_path, progress=seen.append, downloads=downloads)
    made = [one for one in seen if one.total_bytes]
    weights = (folder / "model.safetensors").stat().st_size
    assert {one.download.total_bytes for one in made if one.download} == {weights}
    written = [one.done_bytes for one in made]
    assert written == sorted(written)
    assert (made[-1].done_bytes, made[-1].download and made[-1].download.done_bytes) == (made[-1].total_bytes, weights)


def test_a_ledger_that_lies_is_not_believed(
    folder: Path, downloads: Downloads, tmp_path: Path, expected: ModelFiles
) -> None:
    """GIVEN pieces that a power failure took, and a ledger that counts on them THEN they are fetched again."""
    del folder
    with pytest.raises(Cancelled):
        convert(ID, tmp_path, progress=_StopAfter(100), downloads=downloads)
    (ledger,) = tmp_path.glob("*.partial/ledger.json")
    assert json.loads(ledger.read_text(encoding="utf-8"))["done"]
    for piece in ledger.parent.glob("pieces-*/*"):
        piece.unlink()
    assert_same(convert(ID, tmp_path, downloads=downloads), expected)
