"""Downloads from a hub that behaves."""

from __future__ import annotations

from pathlib import Path

from desktop_vlm.hub.access import Access
from desktop_vlm.hub.download import download
from desktop_vlm.hub.listing import list_repository
from tests.hub.conftest import CONTENT
from tests.hub.server import HubServer

FILES = {"config.json": b"{}", "empty.txt": b"", "sub/notes.txt": b"abc" * 1000, "model.safetensors": CONTENT}


def test_files_arrive_whole_in_several_parts(hub: HubServer, access: Access, tmp_path: Path) -> None:
    hub.add("org/name", FILES)
    listing = list_repository("org/name", access)
    paths = download(listing, listing.files, tmp_path, part_bytes=300_000)
    assert {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in paths} == FILES
    asked = sorted(one.range for one in hub.content_requests("model.safetensors"))
    assert asked == ["0-299999", "300000-599999", "600000-899999", "900000-999999"]
    assert hub.sent_bytes() == sum(map(len, FILES.values()))
    # and nothing is fetched a second time
    before = len(hub.seen)
    assert download(listing, listing.files, tmp_path) == paths
    assert len(hub.seen) == before
