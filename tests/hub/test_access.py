"""Whom we ask, as whom, and that nobody else hears of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import huggingface_hub
import keyring
import keyring.backend
import keyring.errors
import pytest
from huggingface_hub import constants

from desktop_vlm.api.errors import UserError
from desktop_vlm.cli.main import main
from desktop_vlm.hub import tokens
from desktop_vlm.hub.access import DEFAULT_ENDPOINT, Access, Patience, origin
from desktop_vlm.hub.download import download
from desktop_vlm.hub.listing import list_repository
from desktop_vlm.hub.ranges import RemoteFiles
from tests.hub.conftest import PATIENCE
from tests.hub.faults import header
from tests.hub.server import HubServer

TOKEN = "hf_" + "x" * 34


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring that forgets."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError


class LockedKeyring(MemoryKeyring):
    """A keyring that the person does not unlock."""

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.KeyringLocked(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        raise keyring.errors.KeyringLocked(service, username)


@pytest.fixture
def memory_keyring() -> Iterator[MemoryKeyring]:
    before, made = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture(autouse=True)
def no_token_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which `hf auth login` leaves a token, for this test alone; there is none."""
    path = tmp_path / "token"
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(path))
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    return path


# The endpoint


def test_the_endpoint_is_the_setting_else_the_variable_else_the_hub(memory_keyring: MemoryKeyring) -> None:
    del memory_keyring
    environment = {"HF_ENDPOINT": "https://mirror.example/hub/"}
    assert (
        Access.of_user(endpoint="http://own.example:8080/", environment=environment).endpoint
        == "http://own.example:8080"
    )
    assert Access.of_user(environment=environment).endpoint == "https://mirror.example/hub"
    assert Access.of_user(environment={}).endpoint == DEFAULT_ENDPOINT
    assert Access.of_user(environment={"HF_ENDPOINT": " "}).endpoint == DEFAULT_ENDPOINT


@pytest.mark.parametrize("text", ["mirror.example", "ftp://x", "https://", "https://a b", "https://x?y", "http://x:y"])
def test_what_is_no_address_is_refused(text: str) -> None:
    for endpoint, environment in ((text, {}), ("", {"HF_ENDPOINT": text})):
        with pytest.raises(UserError, match=r"The hub's address in (the setting|HF_ENDPOINT) is no web address: write"):
            Access.of_user(endpoint=endpoint, environment=environment)


def test_servers_differ_as_the_web_says() -> None:
    assert origin("https://Example.com/a") == origin("https://example.com:443/b?c")
    assert len({origin(one) for one in ("http://x", "https://x", "http://x:8080", "http://y", "http://x:443")}) == 5


def test_a_path_before_the_hubs_own(hub: HubServer) -> None:
    assert Access("https://x.example/api/hub").may_have_token("https://x.example/other")
    assert not Access("https://x.example").may_have_token("http://x.example/a")
    del hub


# Offline and patience


@pytest.mark.parametrize(
    ("options", "environment", "by"),
    [
        ({"offline": True}, {"HF_HUB_OFFLINE": "1"}, "--offline"),
        ({}, {"HF_HUB_OFFLINE": "yes"}, "HF_HUB_OFFLINE"),
        ({}, {"TRANSFORMERS_OFFLINE": "1"}, "TRANSFORMERS_OFFLINE"),
        ({}, {"HF_HUB_OFFLINE": "0"}, ""),
    ],
)
def test_what_forbids_the_network(
    options: dict[str, bool], environment: dict[str, str], by: str, memory_keyring: MemoryKeyring
) -> None:
    del memory_keyring
    assert Access.of_user(environment={**environment, "HF_TOKEN": TOKEN}, **options).forbidden_by == by  # type: ignore[arg-type]


def test_offline_nothing_is_asked_of_anybody(hub: HubServer, tmp_path: Path) -> None:
    hub.add("org/name", {"config.json": b"{}"})
    listing = list_repository("org/name", Access(hub.endpoint, patience=PATIENCE))
    hub.seen.clear()
    offline = Access(hub.endpoint, forbidden_by="HF_HUB_OFFLINE")
    listing = replace(listing, access=offline)
    for work in (
        lambda: list_repository("org/name", offline),
        lambda: download(listing, listing.files, tmp_path),
        lambda: RemoteFiles(listing),
    ):
        with pytest.raises(UserError, match="HF_HUB_OFFLINE forbids downloading: unset it"):
            work()
    # but what is there is used
    (tmp_path / "config.json").write_bytes(b"{}")
    assert download(listing, listing.files, tmp_path) == [tmp_path / "config.json"]
    assert hub.seen == []


def test_the_hubs_own_variable_says_how_long_to_wait() -> None:
    def read_s(text: str) -> float:
        return Access.of_user(environment={"HF_HUB_DOWNLOAD_TIMEOUT": text, "HF_TOKEN": TOKEN}).patience.read_s

    assert (read_s("33"), read_s("x"), read_s("-1")) == (33.0, Patience().read_s, Patience().read_s)


# The token


def test_where_the_token_comes_from(memory_keyring: MemoryKeyring, no_token_file: Path) -> None:
    def token(**environment: str) -> str | None:
        return Access.of_user(environment=environment).token

    assert token() is None
    no_token_file.write_text("hf_of_the_file\n", encoding="utf-8")
    assert token() == "hf_of_the_file"
    tokens.store_token(" hf_of_the_keyring\n", DEFAULT_ENDPOINT)
    assert token() == "hf_of_the_keyring"
    assert token(HF_TOKEN="hf_of_the_variable") == "hf_of_the_variable"
    # a token in the keyring is for the hub that it was entered for
    assert token(HF_ENDPOINT="https://mirror.example") == "hf_of_the_file"
    assert memory_keyring.kept == {("desktop-vlm", DEFAULT_ENDPOINT): "hf_of_the_keyring"}
    tokens.forget_token(DEFAULT_ENDPOINT)
    tokens.forget_token(DEFAULT_ENDPOINT)
    assert (memory_keyring.kept, token()) == ({}, "hf_of_the_file")


@pytest.mark.parametrize("text", ["two words", "ünïcode", "tab\there", "line\nbreak"])
def test_what_is_no_token_is_refused_and_not_shown(text: str, memory_keyring: MemoryKeyring) -> None:
    del memory_keyring
    for work in (
        lambda: Access.of_user(environment={"HF_TOKEN": text}),
        lambda: tokens.store_token(text, DEFAULT_ENDPOINT),
    ):
        with pytest.raises(
            UserError, match=r"^In (the variable HF_TOKEN|what was entered) is no access token"
        ) as caught:
            work()
        assert text not in str(caught.value)


def test_a_keyring_that_stays_locked_is_none(memory_keyring: MemoryKeyring) -> None:
    del memory_keyring
    keyring.set_keyring(LockedKeyring())
    assert tokens.stored_token(DEFAULT_ENDPOINT) is None
    tokens.forget_token(DEFAULT_ENDPOINT)
    with pytest.raises(
        UserError, match=r"This system has no keyring that keeps the token: put it into HF_TOKEN, or run"
    ):
        tokens.store_token(TOKEN, DEFAULT_ENDPOINT)


def test_a_token_file_that_cannot_be_read(memory_keyring: MemoryKeyring, no_token_file: Path) -> None:
    del memory_keyring
    no_token_file.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(UserError, match=r"The access token that `hf auth login` left cannot be read: run it again, or"):
        Access.of_user(environment={})
    no_token_file.unlink()
    no_token_file.mkdir()
    with pytest.raises(UserError, match=r"The access token that `hf auth login` left cannot be read"):
        Access.of_user(environment={})


def test_tokens_can_be_left_out(memory_keyring: MemoryKeyring, no_token_file: Path) -> None:
    del memory_keyring
    no_token_file.write_text("hf_of_the_file", encoding="utf-8")
    assert Access.of_user(environment={"HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"}).token is None


def test_nobody_but_the_hub_gets_the_token(hub: HubServer, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not after a redirect of a file, nor of a listing; and neither it nor a signed address is in a log."""
    caplog.set_level(logging.DEBUG)
    hub.add("org/name", {"config.json": b"{}", "model.safetensors": b"abc"}, gated="auto", members=(TOKEN,))
    access = Access(hub.endpoint, TOKEN, patience=PATIENCE)
    listing = list_repository("org/name", access)
    download(listing, listing.files, tmp_path)
    with RemoteFiles(listing) as remote:
        assert remote.read(listing.files[1], 0, 3) == b"abc"
    with HubServer() as other:
        other.add("org/name", {"config.json": b"{}"})
        hub.renamed["org/moved"] = "org/name"
        hub.misbehave(
            "config.json", header("Location", f"{other.endpoint}/org/name/resolve/main/config.json"), where="hub"
        )
        with RemoteFiles(listing) as remote:
            assert remote.read(listing.files[0], 0, 2) == b"{}"
        assert len(other.seen) == 2
        assert not any(one.token for one in other.seen)
    by_host = {where: {one.token for one in hub.seen if one.where == where} for where in ("hub", "storage")}
    assert by_host == {"hub": {TOKEN}, "storage": {""}}
    assert TOKEN not in caplog.text
    assert "Signature" not in caplog.text
    assert TOKEN not in repr(access) + repr(listing)


def test_a_listing_that_moves_to_another_host_loses_the_token(hub: HubServer) -> None:
    with HubServer() as other:
        other.add("org/name", {"config.json": b"{}"})
        hub.renamed["org/name"] = "org/name"  # answered with a redirect, whose target is then changed
        hub.redirect_api_to = other.endpoint
        listing = list_repository("org/name", Access(hub.endpoint, TOKEN, patience=PATIENCE))
        assert [file.path for file in listing.files] == ["config.json"]
        assert {one.token for one in other.seen} == {""}


def test_a_verbose_command_shows_no_token(
    hub: HubServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    hub_cache: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """With everything that libraries log; and nothing of it is left on the disk."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setenv("DESKTOP_VLM_HOME", str(tmp_path / "home"))
    hub.add("org/name", {"config.json": b'{"model_type": "x"}', "model.safetensors": b"abc"})
    assert main(["--verbose", "convert", "org/name", str(tmp_path / "out")]) == 2
    shown = capsys.readouterr()
    assert "`x` model" in shown.err
    assert {one.token for one in hub.seen} == {TOKEN}
    files = [path for folder in (tmp_path, hub_cache) for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 2
    everything = shown.out + shown.err + caplog.text + "".join(path.read_text("utf-8", "replace") for path in files)
    assert TOKEN not in everything
    assert "Bearer" not in everything


def test_the_setting_is_the_endpoint_of_a_command(
    hub: HubServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], hub_cache: Path
) -> None:
    del hub_cache
    monkeypatch.setenv("DESKTOP_VLM_HOME", str(tmp_path))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text(f'[downloads]\nendpoint = "{hub.endpoint}"\n', encoding="utf-8")
    assert main(["convert", "org/name", str(tmp_path / "out")]) == 2
    assert "there is no repository org/name on the hub at 127.0.0.1" in capsys.readouterr().err
    assert len(hub.seen) == 1


def test_the_hubs_own_client_would_take_the_same_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert huggingface_hub.get_token() == Access.of_user().token == TOKEN
