"""Downloads that ended early, and go on: after a kill at any point, a full disk, another version on the hub."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from desktop_vlm.api.errors import Cancelled
from desktop_vlm.hub.access import Access
from desktop_vlm.hub.download import bytes_left, download, forget
from desktop_vlm.hub.listing import Listing, list_repository
from desktop_vlm.hub.progress import DownloadProgress
from desktop_vlm.hub.refusals import Kind, Refusal
from tests.hub.conftest import CONTENT
from tests.hub.faults import flip, ignore_range, slow
from tests.hub.server import HubServer

REPO, NAME = "org/name", "model.safetensors"
FILES = {"config.json": b"{}", NAME: CONTENT}
PART_BYTES = 250_000

KILLED = """
import os, signal, sys
from pathlib import Path
from desktop_vlm.hub import workers
from desktop_vlm.hub.access import Access, Patience
from desktop_vlm.hub.download import download
from desktop_vlm.hub.listing import list_repository
from desktop_vlm.hub.partial import Partial

endpoint, folder, point = sys.argv[1:]
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
write, keep = Partial.write, Partial.keep

def write_and_die(self, *args):
    write(self, *args)
    if self.done_bytes > 600_000:
        die()

def keep_and_die(self, *args):
    kept = keep(self, *args)
    if "model" in str(args[0]):
        die()
    return kept

if point == "in the middle":
    Partial.write = write_and_die
elif point == "while it is verified":
    workers.digest_matches = lambda path, file, check: die() if "model" in file.path else True
elif point == "when it got its name":
    Partial.keep = keep_and_die
listing = list_repository("org/name", Access(endpoint))
download(listing, listing.files, Path(folder), part_bytes=250_000)
"""


def listed(hub: HubServer, access: Access) -> Listing:
    hub.add(REPO, FILES)
    return list_repository(REPO, access)


def files_of(folder: Path) -> dict[str, bytes]:
    """What is there under its own name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".download" not in path.parts
    }


def stop_at(n_bytes: int) -> object:
    def listen(progress: DownloadProgress) -> None:
        if progress.done_bytes >= n_bytes:
            raise Cancelled

    return listen


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
@pytest.mark.parametrize("point", ["in the middle", "while it is verified", "when it got its name"])
def test_killed_at_any_point_it_goes_on_there(hub: HubServer, access: Access, tmp_path: Path, point: str) -> None:
    listing = listed(hub, access)
    hub.misbehave(NAME, slow(2e6))
    killed = subprocess.run([sys.executable, "-c", KILLED, hub.endpoint, str(tmp_path), point], check=False)
    assert killed.returncode == -signal.SIGKILL
    # nothing half-written has a name, and the dead writer's lock holds nobody off
    assert all(content == FILES[name] for name, content in files_of(tmp_path).items())
    assert (NAME in files_of(tmp_path)) == (point == "when it got its name")
    there = len(CONTENT) - bytes_left(listing, [one for one in listing.files if one.path == NAME], tmp_path)
    assert there > 600_000
    hub.behave()
    hub.seen.clear()
    download(listing, listing.files, tmp_path, part_bytes=PART_BYTES)
    assert files_of(tmp_path) == FILES
    assert hub.sent_bytes(NAME) == len(CONTENT) - there


def test_a_stopped_download_goes_on_where_each_part_was(hub: HubServer, access: Access, tmp_path: Path) -> None:
    listing = listed(hub, access)
    hub.misbehave(NAME, slow(1e6))
    with pytest.raises(Cancelled):
        download(listing, listing.files, tmp_path, stop_at(400_000), part_bytes=PART_BYTES)  # type: ignore[arg-type]
    assert files_of(tmp_path).keys() <= {"config.json"}
    left = bytes_left(listing, listing.files, tmp_path)
    assert left <= len(CONTENT) - 400_000
    hub.behave()
    hub.seen.clear()
    seen: list[DownloadProgress] = []
    download(listing, listing.files, tmp_path, seen.append, part_bytes=PART_BYTES)
    assert files_of(tmp_path) == FILES
    assert hub.sent_bytes() == left
    assert all("-" in one.range for one in hub.content_requests(NAME))
    # what was there counts as done from the start
    total = sum(map(len, FILES.values()))
    assert (seen[0].done_bytes, seen[-1].done_bytes, seen[-1].total_bytes) == (total - left, total, total)
    assert bytes_left(listing, listing.files, tmp_path) == 0


@pytest.mark.parametrize("change", ["content", "size"])
def test_another_version_on_the_hub_starts_the_file_again(
    hub: HubServer, access: Access, tmp_path: Path, change: str
) -> None:
    listing = listed(hub, access)
    hub.misbehave(NAME, slow(1e6))
    with pytest.raises(Cancelled):
        download(listing, listing.files, tmp_path, stop_at(400_000), part_bytes=PART_BYTES)  # type: ignore[arg-type]
    hub.behave()
    other = CONTENT[::-1] if change == "content" else CONTENT[:-7]
    hub.add(REPO, {**FILES, NAME: other})
    hub.seen.clear()
    fresh = list_repository(REPO, access)
    download(fresh, fresh.files, tmp_path, part_bytes=PART_BYTES)
    assert files_of(tmp_path)[NAME] == other
    assert hub.sent_bytes(NAME) == len(other)


def test_another_commit_with_the_same_file_does_not(hub: HubServer, access: Access, tmp_path: Path) -> None:
    listing = listed(hub, access)
    hub.misbehave(NAME, slow(1e6))
    with pytest.raises(Cancelled):
        download(listing, listing.files, tmp_path, stop_at(400_000), part_bytes=PART_BYTES)  # type: ignore[arg-type]
    hub.behave()
    hub.add(REPO, {**FILES, "README.md": b"new"}, commit="c" * 40)
    hub.seen.clear()
    fresh = list_repository(REPO, access)
    assert fresh.commit == "c" * 40
    download(fresh, fresh.files, tmp_path, part_bytes=PART_BYTES)
    assert hub.sent_bytes(NAME) <= len(CONTENT) - 400_000
    assert files_of(tmp_path)[NAME] == CONTENT


def test_a_server_that_cannot_go_on_starts_over_and_it_is_said(hub: HubServer, access: Access, tmp_path: Path) -> None:
    listing = listed(hub, access)
    hub.misbehave(NAME, slow(1e6))
    with pytest.raises(Cancelled):
        download(listing, listing.files, tmp_path, stop_at(400_000), part_bytes=PART_BYTES)  # type: ignore[arg-type]
    hub.behave()
    hub.misbehave(NAME, ignore_range)
    seen: list[DownloadProgress] = []
    download(listing, listing.files, tmp_path, seen.append, part_bytes=PART_BYTES)
    assert files_of(tmp_path) == FILES
    assert f"The server cannot go on with {NAME} where it stopped: it starts over." in {one.note for one in seen}


@pytest.mark.parametrize("damage", ["record", "content", "lengths", "counts"])
def test_a_damaged_partial_file_is_not_believed(hub: HubServer, access: Access, tmp_path: Path, damage: str) -> None:
    listing = listed(hub, access)
    hub.misbehave(NAME, slow(1e6))
    with pytest.raises(Cancelled):
        download(listing, listing.files, tmp_path, stop_at(400_000), part_bytes=PART_BYTES)  # type: ignore[arg-type]
    data = tmp_path / ".download" / "parts" / f"{NAME}.partial"
    state = data.with_name(f"{data.name}.state")
    if damage == "record":
        state.write_bytes(b"nonsense")
    elif damage == "content":  # as after a power failure: the record is ahead
        data.write_bytes(bytes(len(CONTENT)))
    elif damage == "lengths":
        data.write_bytes(data.read_bytes()[:1000])
    else:
        state.write_bytes(state.read_bytes()[:-8] + (10**9).to_bytes(8, "little"))
    hub.behave()
    download(listing, listing.files, tmp_path, part_bytes=PART_BYTES)
    assert files_of(tmp_path) == FILES


def test_a_file_that_was_changed_here_is_fetched_again(hub: HubServer, access: Access, tmp_path: Path) -> None:
    listing = listed(hub, access)
    download(listing, listing.files, tmp_path)
    damaged = bytearray(CONTENT)
    damaged[5] ^= 1
    (tmp_path / NAME).write_bytes(damaged)
    hub.seen.clear()
    seen: list[DownloadProgress] = []
    download(listing, listing.files, tmp_path, seen.append)
    assert files_of(tmp_path) == FILES
    assert [one.file for one in hub.content_requests()] == [NAME]
    assert "another content than the hub lists: it is fetched again" in " ".join(one.note for one in seen)


def test_a_file_that_is_there_is_read_once_only(
    hub: HubServer, access: Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = listed(hub, access)
    (tmp_path / NAME).write_bytes(CONTENT)
    for _ in range(2):
        download(listing, listing.files, tmp_path)
    assert [one.file for one in hub.content_requests()] == ["config.json"]
    monkeypatch.setattr("desktop_vlm.hub.download.digest_matches", lambda *_: pytest.fail("read again"))
    download(listing, listing.files, tmp_path)


def test_what_is_damaged_twice_leaves_nothing(hub: HubServer, access: Access, tmp_path: Path) -> None:
    listing = listed(hub, access)
    hub.misbehave(NAME, flip(700_000))
    with pytest.raises(Refusal) as caught:
        download(listing, listing.files, tmp_path)
    assert caught.value.kind is Kind.DAMAGED
    assert not list((tmp_path / ".download").rglob(f"{NAME}.partial*"))


def test_forget_removes_what_is_not_whole(hub: HubServer, access: Access, tmp_path: Path) -> None:
    listing = listed(hub, access)
    hub.misbehave(NAME, slow(1e6))
    with pytest.raises(Cancelled):
        download(listing, listing.files, tmp_path, stop_at(400_000), part_bytes=PART_BYTES)  # type: ignore[arg-type]
    forget(tmp_path)
    assert not list((tmp_path / ".download").rglob("*.partial*"))
    forget(tmp_path / "nowhere")


# One writer


def test_two_writers_do_not_meet(hub: HubServer, access: Access, tmp_path: Path) -> None:
    listing = listed(hub, access)
    refusals: list[Refusal] = []

    def listen(_: DownloadProgress) -> None:
        for work in (lambda: download(listing, listing.files, tmp_path), lambda: forget(tmp_path)):
            with pytest.raises(Refusal, match=r"Another download into .* is running: wait for it") as caught:
                work()
            refusals.append(caught.value)

    hub.misbehave(NAME, slow(4e6))
    download(listing, listing.files, tmp_path, listen)
    assert {one.kind for one in refusals} == {Kind.TAKEN}
    assert files_of(tmp_path) == FILES
    assert hub.sent_bytes(NAME) == len(CONTENT)


# Disks


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1.5 MB, where we may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1500k", "none", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no right to mount a file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_what_does_not_fit_is_refused_before_the_first_byte(hub: HubServer, access: Access, small_disk: Path) -> None:
    listing = listed(hub, access)
    (small_disk / "other").write_bytes(bytes(600_000))
    with pytest.raises(
        Refusal, match=r"disk has ([\d,]+) bytes free, but the download needs ([\d,]+): make room"
    ) as no:
        download(listing, listing.files, small_disk)
    assert no.value.kind is Kind.DISK
    assert hub.content_requests() == []
    found = re.search(r"has ([\d,]+) bytes free, .* needs ([\d,]+)", str(no.value))
    assert found
    free, needed = (int(text.replace(",", "")) for text in found.groups())
    assert (needed, free < needed) == (1_003_520 + 4096, True)  # in blocks of 4096
    # what is there already needs no more room
    (small_disk / "other").unlink()
    download(listing, listing.files, small_disk)
    assert files_of(small_disk) == FILES


def test_a_disk_that_fills_up_meanwhile(hub: HubServer, access: Access, small_disk: Path) -> None:
    listing = listed(hub, access)
    hub.misbehave(NAME, slow(2e6))

    def fill(progress: DownloadProgress) -> None:
        if progress.done_bytes > 300_000 and not (small_disk / "other").exists():
            with suppress(OSError), (small_disk / "other").open("wb", buffering=0) as other:
                while other.write(bytes(4096)):
                    pass

    with pytest.raises(Refusal, match=r"is full: make room and start again; the download goes on where it stopped"):
        download(listing, listing.files, small_disk, fill, part_bytes=PART_BYTES)
    assert NAME not in files_of(small_disk)
    (small_disk / "other").unlink()
    hub.behave()
    hub.seen.clear()
    left = bytes_left(listing, listing.files, small_disk)
    assert left < 700_000
    download(listing, listing.files, small_disk, part_bytes=PART_BYTES)
    assert files_of(small_disk) == FILES
    assert hub.sent_bytes() == left


def test_a_folder_that_cannot_be_written(hub: HubServer, access: Access, tmp_path: Path) -> None:
    listing = listed(hub, access)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Refusal, match=r"file.* cannot be written \(Not a directory\): choose another folder"):
        download(listing, listing.files, tmp_path / "file" / "folder")
    assert hub.content_requests() == []


# Names


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "a//b", "C:/evil", "..\\evil", ".", "a\0b"])
def test_names_that_lead_elsewhere_are_refused(hub: HubServer, access: Access, name: str) -> None:
    hub.add(REPO, {name: b"evil"})
    with pytest.raises(Refusal, match=r"org/name lists a file .* which would lie outside its folder: do not use it"):
        list_repository(REPO, access)


def test_names_of_our_own_records_are_refused(hub: HubServer, access: Access, tmp_path: Path) -> None:
    hub.add(REPO, {".download/verified.json": b"{}"})
    listing = list_repository(REPO, access)
    with pytest.raises(Refusal, match="which would lie outside its folder"):
        download(listing, listing.files, tmp_path)


def test_a_record_of_what_was_verified_that_is_nonsense(hub: HubServer, access: Access, tmp_path: Path) -> None:
    listing = listed(hub, access)
    download(listing, listing.files, tmp_path)
    record = tmp_path / ".download" / "verified.json"
    assert set(json.loads(record.read_bytes())) == set(FILES)
    for nonsense in (b"[]", b"\xff", b'{"model.safetensors": 1}'):
        record.write_bytes(nonsense)
        hub.seen.clear()
        download(listing, listing.files, tmp_path)
        assert hub.seen == []
