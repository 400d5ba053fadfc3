"""A download ends within a second, whatever a server does, and writes nothing afterwards."""

from __future__ import annotations

import _thread
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest

from desktop_vlm.api.errors import Cancelled
from desktop_vlm.hub.access import Access, Patience
from desktop_vlm.hub.download import download
from desktop_vlm.hub.listing import list_repository
from desktop_vlm.hub.progress import DownloadProgress
from desktop_vlm.hub.ranges import RemoteFiles
from tests.hub.conftest import CONTENT
from tests.hub.faults import Fault, answer_with, slow, stall
from tests.hub.server import HubServer
from tests.quickest import best_s

REPO, NAME = "org/name", "model.safetensors"
PATIENT = Patience(connect_s=20.0, read_s=20.0, waits_s=(20.0,) * 5, longest_s=100.0)

FAULTS = [
    ("stalls before an answer", stall(-1)),
    ("stalls in the middle", stall(100_000)),
    ("asks to wait", answer_with(429, retry_after="50")),
    ("is down", answer_with(503)),
    ("is slow", slow(1e5)),
]


class Stopper:
    """Stops a while after `is_begun`, and knows when."""

    def __init__(self, is_begun: Callable[[], object] = lambda: True, after_s: float = 0.3) -> None:
        self._is_begun = is_begun
        self._after_s = after_s
        self._until_s = inf
        self.asked_s = 0.0

    def __call__(self, *_: object) -> None:
        if self._until_s == inf and self._is_begun():
            self._until_s = time.monotonic() + self._after_s
        if time.monotonic() >= self._until_s:
            self.asked_s = self.asked_s or time.monotonic()
            raise Cancelled

    @property
    def took_s(self) -> float:
        return time.monotonic() - self._until_s


@pytest.fixture
def patient(access: Access) -> Access:
    return replace(access, patience=PATIENT)


@pytest.mark.parametrize("fault", [fault for _, fault in FAULTS], ids=[name for name, _ in FAULTS])
def test_a_download_stops(hub: HubServer, patient: Access, tmp_path: Path, fault: Fault) -> None:
    hub.add(REPO, {NAME: CONTENT})
    listing = list_repository(REPO, patient)
    hub.misbehave(NAME, fault)

    def seconds() -> float:
        stopper = Stopper(lambda: hub.content_requests(NAME))
        with pytest.raises(Cancelled):
            download(listing, listing.files, tmp_path, stopper)
        return stopper.took_s

    assert best_s(seconds, 0.6) < 0.6
    partial = tmp_path / ".download" / "parts" / f"{NAME}.partial"
    before = partial.stat().st_mtime_ns
    time.sleep(0.1)
    assert partial.stat().st_mtime_ns == before


@pytest.mark.parametrize("fault", [FAULTS[0][1], FAULTS[2][1]], ids=[FAULTS[0][0], FAULTS[2][0]])
def test_a_listing_stops(hub: HubServer, patient: Access, fault: Fault) -> None:
    hub.add(REPO, {NAME: CONTENT})
    hub.misbehave(REPO, fault, where="api")

    def seconds() -> float:
        stopper = Stopper()
        with pytest.raises(Cancelled):
            list_repository(REPO, patient, check=stopper)
        return stopper.took_s

    assert best_s(seconds, 0.6) < 0.6


@pytest.mark.parametrize("fault", [fault for _, fault in FAULTS], ids=[name for name, _ in FAULTS])
def test_a_stream_stops(hub: HubServer, patient: Access, fault: Fault) -> None:
    hub.add(REPO, {NAME: CONTENT})
    listing = list_repository(REPO, patient)
    hub.misbehave(NAME, fault)

    def seconds() -> float:
        stopper = Stopper()
        with RemoteFiles(listing, check=stopper) as remote, pytest.raises(Cancelled):
            remote.read(listing.files[0], 0, len(CONTENT))
        return stopper.took_s

    assert best_s(seconds, 0.6) < 0.6


def test_ctrl_c_stops_a_download_that_stalls(hub: HubServer, patient: Access, tmp_path: Path) -> None:
    hub.add(REPO, {NAME: CONTENT})
    listing = list_repository(REPO, patient)
    hub.misbehave(NAME, stall(100_000))

    pressed_s = 0.0

    def press_ctrl_c() -> None:
        nonlocal pressed_s
        pressed_s = time.monotonic()
        _thread.interrupt_main()

    def seconds() -> float:
        threading.Timer(0.3, press_ctrl_c).start()
        with pytest.raises(KeyboardInterrupt):
            download(listing, listing.files, tmp_path)
        return time.monotonic() - pressed_s

    assert best_s(seconds, 0.7) < 0.7
    # and it goes on there
    hub.behave()
    hub.seen.clear()
    download(listing, listing.files, tmp_path)
    assert (tmp_path / NAME).read_bytes() == CONTENT
    assert hub.sent_bytes(NAME) == len(CONTENT) - 100_000


def test_verifying_stops(hub: HubServer, access: Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN files that are there and were never verified THEN reading them ends as soon as the listener wants it."""
    hub.add(REPO, {NAME: CONTENT})
    (tmp_path / NAME).write_bytes(CONTENT)
    listing = list_repository(REPO, access)
    pieces: list[DownloadProgress] = []
    monkeypatch.setattr("desktop_vlm.hub.verified._PIECE_BYTES", 100_000)

    def listen(progress: DownloadProgress) -> None:
        pieces.append(progress)
        if len(pieces) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        download(listing, listing.files, tmp_path, listen)
    assert [one.stage for one in pieces] == ["verify"] * 3


def test_an_error_of_the_listener_ends_it_too(hub: HubServer, access: Access, tmp_path: Path) -> None:
    hub.add(REPO, {NAME: CONTENT})
    listing = list_repository(REPO, access)
    hub.misbehave(NAME, slow(1e6))

    def fail(_: DownloadProgress) -> None:
        raise ZeroDivisionError

    for work in (lambda: download(listing, listing.files, tmp_path, fail), lambda: _read(listing, fail)):
        with pytest.raises(ZeroDivisionError):
            work()


def _read(listing: object, check: Callable[..., None]) -> None:
    with RemoteFiles(listing, check=lambda: check(None)) as remote:  # type: ignore[arg-type]
        remote.read(listing.files[0], 0, 10)  # type: ignore[attr-defined]
