"""Bytes of files that are not kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from desktop_vlm.hub.access import Access
from desktop_vlm.hub.listing import Listing, list_repository
from desktop_vlm.hub.ranges import RemoteFiles
from desktop_vlm.hub.refusals import Kind, Refusal
from tests.hub.conftest import CONTENT
from tests.hub.faults import answer_with, cut, header, ignore_range, reset, stall
from tests.hub.server import HubServer

NAME = "model.safetensors"


@pytest.fixture
def listing(hub: HubServer, access: Access) -> Listing:
    hub.add("org/name", {NAME: CONTENT, "config.json": b"{}", "empty.bin": b""})
    return list_repository("org/name", access)


@pytest.fixture
def remote(listing: Listing) -> Iterator[RemoteFiles]:
    with RemoteFiles(listing) as files:
        yield files


def test_a_few_bytes_anywhere(hub: HubServer, listing: Listing, remote: RemoteFiles) -> None:
    file = listing.files[-1]
    assert file.path == NAME
    assert remote.read(file, 0, 8) == CONTENT[:8]
    assert remote.read(file, 123_456, 7) == CONTENT[123_456:123_463]
    assert remote.read(file, len(CONTENT) - 3, 100) == CONTENT[-3:]
    assert remote.read(file, len(CONTENT), 5) == b""
    assert [one.range for one in hub.content_requests(NAME)] == ["0-7", "123456-123462", "999997-999999"]
    assert remote.read(listing.files[0], 0, 2) == b"{}"
    assert remote.read(listing.files[1], 0, 2) == b""


@pytest.mark.parametrize("first", [0, 250_001])
def test_a_stream_is_taken_up_where_it_broke_off(
    hub: HubServer, listing: Listing, remote: RemoteFiles, first: int
) -> None:
    for fault in (cut(100_000), reset(100_000)):
        hub.behave()
        hub.misbehave(NAME, fault)
        hub.seen.clear()
        assert b"".join(remote.stream(listing.files[-1], first)) == CONTENT[first:]
        assert hub.sent_bytes(NAME) == len(CONTENT) - first


def test_a_server_without_ranges_is_read_past(hub: HubServer, listing: Listing) -> None:
    hub.misbehave(NAME, ignore_range)
    notes: list[str] = []
    with RemoteFiles(listing, notice=notes.append) as remote:
        assert remote.read(listing.files[-1], 500_000, 1000) == CONTENT[500_000:501_000]
    assert notes == [f"The server sends {NAME} from its start only: reading up to where it stopped."]


def test_waits_are_said(hub: HubServer, listing: Listing) -> None:
    hub.misbehave(NAME, answer_with(503), times=2)
    notes: list[str] = []
    with RemoteFiles(listing, notice=notes.append) as remote:
        assert remote.read(listing.files[-1], 0, 10) == CONTENT[:10]
    assert notes == ["The server answered HTTP 503; trying again in 1 s."] * 2


def test_a_server_that_stays_away_is_given_up(hub: HubServer, listing: Listing, access: Access) -> None:
    hub.misbehave(NAME, stall(-1))
    hasty = replace(listing, access=replace(access, patience=replace(access.patience, read_s=0.1)))
    with (
        RemoteFiles(hasty) as remote,
        pytest.raises(Refusal, match=r"cannot be reached \(no answer in time\)") as caught,
    ):
        remote.read(listing.files[-1], 0, 10)
    assert caught.value.kind is Kind.NETWORK


def test_a_file_that_changes_meanwhile_is_refused(hub: HubServer, listing: Listing, remote: RemoteFiles) -> None:
    assert remote.read(listing.files[-1], 0, 10) == CONTENT[:10]
    hub.misbehave(NAME, header("X-Linked-ETag", '"other"'), where="hub")
    with pytest.raises(Refusal, match=rf"{NAME} of org/name changes while it is downloaded: try again later"):
        remote.read(listing.files[-1], 10, 10)


def test_a_reader_that_stops_early_leaves_nothing_waiting(
    hub: HubServer, listing: Listing, remote: RemoteFiles
) -> None:
    stream = remote.stream(listing.files[-1])
    assert next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert remote.read(listing.files[-1], 0, 4) == CONTENT[:4]
    del hub
