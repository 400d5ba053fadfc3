"""The folder that all programs share for what they download."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from desktop_vlm.hub.access import Access
from desktop_vlm.hub.cache import CachedRepository
from desktop_vlm.hub.listing import list_repository
from desktop_vlm.hub.refusals import Kind, Refusal
from tests.hub.conftest import CONTENT
from tests.hub.server import HubServer

FILES = {"config.json": b"{}", "model.safetensors": CONTENT, "sub/same.json": b"{}"}


def refuse(*_: object) -> NoReturn:
    raise OSError(1, "Operation not permitted")


@pytest.mark.parametrize(
    "without", [[], ["symlink_to"], ["symlink_to", "hardlink_to"]], ids=["links", "names", "copies"]
)
def test_contents_are_kept_once_and_have_their_names(
    hub: HubServer, access: Access, hub_cache: Path, monkeypatch: pytest.MonkeyPatch, without: list[str]
) -> None:
    for method in without:
        monkeypatch.setattr(Path, method, refuse)
    hub.add("org/name", FILES)
    listing = list_repository("org/name", access)
    repository = CachedRepository("org/name")
    assert repository.latest() is None
    snapshot = repository.fetch(listing, listing.files)
    assert snapshot == hub_cache / "models--org--name" / "snapshots" / listing.commit == repository.latest()
    assert {path: (snapshot / path).read_bytes() for path in FILES} == FILES
    blobs = sorted(path.name for path in (repository.folder / "blobs").iterdir())
    assert blobs == sorted({file.digest for file in listing.files})
    assert len(blobs) == 2
    assert (snapshot / "sub/same.json").is_symlink() == (not without)
    hub.seen.clear()
    assert repository.fetch(listing, listing.files) == snapshot
    assert hub.seen == []


def test_a_link_that_leads_nowhere_is_made_again(hub: HubServer, access: Access, hub_cache: Path) -> None:
    del hub_cache
    hub.add("org/name", FILES)
    listing = list_repository("org/name", access)
    repository = CachedRepository("org/name")
    snapshot = repository.fetch(listing, listing.files)
    (repository.folder / "blobs" / listing.files[1].digest).unlink()
    hub.seen.clear()
    repository.fetch(listing, listing.files)
    assert [one.file for one in hub.content_requests()] == ["model.safetensors"]
    assert (snapshot / "model.safetensors").read_bytes() == CONTENT


def test_a_reference_that_is_nonsense_is_none(hub_cache: Path) -> None:
    references = hub_cache / "models--org--name" / "refs"
    references.mkdir(parents=True)
    (references.parent / "snapshots").mkdir()
    for content in (b"", b"\xff", b"0123", b"../../../.."):
        (references / "main").write_bytes(content)
        assert CachedRepository("org/name").latest() is None


def test_a_folder_that_cannot_be_written(hub: HubServer, access: Access, hub_cache: Path) -> None:
    hub_cache.write_bytes(b"a file")
    hub.add("org/name", FILES)
    listing = list_repository("org/name", access)
    with pytest.raises(Refusal, match="cannot be written") as caught:
        CachedRepository("org/name").fetch(listing, listing.files)
    assert caught.value.kind is Kind.DISK
