"""What a hub says there is, in all ways that hubs and mirrors say it."""

from __future__ import annotations

import gzip
import hashlib
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.hub import bounded_answers
from desktop_vlm.hub.access import Access
from desktop_vlm.hub.listing import HubFile, is_repo_id, list_repository
from desktop_vlm.hub.refusals import Kind, Refusal
from tests.hub.answers import Answer
from tests.hub.faults import answer_with, stall
from tests.hub.server import HubServer

FILES = {"config.json": b"{}", "model.safetensors": b"abc", "sub/deep/tokenizer.json": b"[]", "sub/x.txt": b""}


def test_files_come_with_their_sizes_and_digests(hub: HubServer, access: Access) -> None:
    hub.add("org/name", FILES, gated="auto")
    listing = list_repository("org/name", access)
    assert (listing.repo_id, listing.is_gated) == ("org/name", True)
    assert listing.commit == hub.repositories["org/name"].commit
    assert [file.path for file in listing.files] == sorted(FILES)
    config, model = listing.files[:2]
    assert (config.size, config.sha256) == (2, None)
    assert config.git_sha1 == hashlib.sha1(b"blob 2\0{}", usedforsecurity=False).hexdigest()
    assert (model.sha256, model.git_sha1) == (hashlib.sha256(b"abc").hexdigest(), None)
    assert listing.url(model) == f"{hub.endpoint}/org/name/resolve/{listing.commit}/model.safetensors"
    assert listing.file("sub/x.txt") == HubFile("sub/x.txt", 0, git_sha1="e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
    assert listing.file("sub") is None


def test_names_with_odd_letters_have_an_address(hub: HubServer, access: Access, tmp_path: Path) -> None:
    del tmp_path
    hub.add("org/name", {"a b#c?d%20ü.json": b"{}"})
    listing = list_repository("org/name", access)
    assert listing.url(listing.files[0]).endswith("/a%20b%23c%3Fd%2520%C3%BC.json")


def test_a_mirror_that_lists_names_only(hub: HubServer, access: Access) -> None:
    hub.add("org/name", FILES)
    whole = list_repository("org/name", access)
    hub.repositories["org/name"].says_sizes = False
    assert list_repository("org/name", access) == whole


def test_a_mirror_that_describes_large_files_in_its_own_way(hub: HubServer, access: Access) -> None:
    def change(answer: Answer) -> None:
        assert isinstance(answer.content, bytes)
        answer.content = answer.content.replace(b'"sha256"', b'"oid"')
        answer.end = len(answer.content)

    hub.add("org/name", FILES)
    whole = list_repository("org/name", access)
    hub.misbehave("org/name", change, where="api", times=1)
    found = list_repository("org/name", access)
    assert found == whole


def test_a_tree_that_does_not_come(hub: HubServer, access: Access, capfd: pytest.CaptureFixture[str]) -> None:
    hub.add("org/name", FILES, says_sizes=False)
    hub.misbehave("org/name", stall(-1, 2.5), where="tree", times=1)
    hasty = replace(access, patience=replace(access.patience, read_s=0.25))
    with pytest.raises(Refusal, match=r"127\.0\.0\.1 cannot be reached \(no answer in time\)"):
        list_repository("org/name", hasty)
    # the hub's client goes on in its own way, and nobody hears of it
    for thread in threading.enumerate():
        if thread.name == "hub request":
            thread.join(60)
    assert [one.status for one in hub.seen if "/tree/" in one.path] == [0, 200]
    assert capfd.readouterr() == ("", "")


def test_a_main_branch_of_another_name(hub: HubServer, access: Access) -> None:
    hub.add("org/name", FILES, branch="trunk")
    assert [file.path for file in list_repository("org/name", access).files] == sorted(FILES)


def test_files_are_selected_by_patterns(hub: HubServer, access: Access) -> None:
    hub.add("org/name", FILES)
    listing = list_repository("org/name", access)
    assert [file.path for file in listing.select(["*.json"])] == ["config.json", "sub/deep/tokenizer.json"]
    assert [file.path for file in listing.select(["*"], ["sub/*"])] == ["config.json", "model.safetensors"]


def test_a_revision_and_one_that_is_not_there(hub: HubServer, access: Access) -> None:
    commit = hub.add("org/name", FILES).commit
    assert list_repository("org/name", access, commit).commit == commit
    with pytest.raises(Refusal, match=r"org/name has no such revision on the hub at 127\.0\.0\.1: check its name"):
        list_repository("org/name", access, "v9")


def test_a_renamed_repository_is_listed_under_its_new_name(hub: HubServer, access: Access) -> None:
    hub.add("new/name", FILES)
    hub.renamed["old/name"] = "new/name"
    assert list_repository("old/name", access).repo_id == "new/name"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"id": 5}',
        b'{"id": "org/name", "siblings": 3}',
        b"null",
        b"\xff",
        b'{"id": "org/name", "sha": "../../x", "siblings": []}',
    ],
)
def test_what_does_not_answer_like_a_hub(hub: HubServer, access: Access, content: bytes) -> None:
    def change(answer: Answer) -> None:
        answer.content, answer.first, answer.end = content, 0, len(content)

    hub.add("org/name", FILES)
    hub.misbehave("org/name", change, where="api")
    with pytest.raises(Refusal, match=r"127\.0\.0\.1 does not answer like a Hugging Face hub: check the hub's address"):
        list_repository("org/name", access)


def test_a_hub_that_is_busy_says_how_long(hub: HubServer, access: Access) -> None:
    hub.add("org/name", FILES)
    hub.misbehave("org/name", answer_with(429, ratelimit='"api";r=0;t=2'), where="api", times=1)
    waited: list[str] = []
    impatient = replace(access, patience=replace(access.patience, longest_s=2.0))
    with pytest.raises(
        Refusal, match=r"too many requests from here: try again in a minute, or put an access"
    ) as caught:
        list_repository("org/name", impatient, notice=waited.append)
    assert (caught.value.kind, waited) == (Kind.BUSY, [])


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("org/name", True), ("Org-1/Na.me_2", True), ("name", False), ("a/b/c", False), ("org/na--me", False),
        ("org/na..me", False), ("/name", False), ("org/", False), ("or g/name", False), ("-x/name", False),
    ],
)  # fmt: skip
def test_what_could_be_a_repository(text: str, is_one: bool) -> None:
    assert is_repo_id(text) is is_one


def test_a_name_that_is_none_is_refused(hub: HubServer, access: Access) -> None:
    del hub
    with pytest.raises(UserError, match=r"a/b/c is no valid repository name: check the spelling"):
        list_repository("a/b/c", access)


def test_a_hasher_knows_the_file_it_is_for() -> None:
    large = HubFile("x", 3, sha256=hashlib.sha256(b"abc").hexdigest())
    small = HubFile("x", 3, git_sha1=hashlib.sha1(b"blob 3\0abc", usedforsecurity=False).hexdigest())
    unknown = HubFile("x", 3)
    for file in (large, small, unknown):
        hasher = file.hasher()
        hasher.update(b"ab")
        assert not hasher.matches
        hasher.update(memoryview(b"c"))
        assert hasher.matches
    for file in (large, small):
        hasher = file.hasher()
        hasher.update(b"abd")
        assert not hasher.matches


@pytest.mark.parametrize("packed", [False, True], ids=["as it is", "packed"])
def test_an_answer_without_end_is_not_read_to_its_end(
    hub: HubServer, access: Access, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    monkeypatch.setattr(bounded_answers, "MOST_BYTES", 1 << 20)
    monkeypatch.setattr(bounded_answers, "MOST_PACKED_BYTES", 1 << 10)
    content = gzip.compress(b"[]" * (1 << 20)) if packed else b"[" + b"[]," * (1 << 20)

    def change(answer: Answer) -> None:
        answer.content, answer.end = content, len(content)
        if packed:
            answer.headers["Content-Encoding"] = "gzip"

    hub.add("org/name", FILES)
    hub.misbehave("org/name", change, where="api")
    with pytest.raises(Refusal, match="does not answer like a Hugging Face hub"):
        list_repository("org/name", access)
